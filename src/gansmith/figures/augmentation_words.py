"""What the figure of augmentation says of its numbers."""

from __future__ import annotations

from typing import Any

from gansmith.figures.few_images import WAYS

COMPARED = {
    "generated ones added": ("generated", "real"),
    "shifted": ("shifted", "real"),
    "generated added to shifted": ("both", "shifted"),
    "generated instead of shifted": ("generated", "shifted"),
}
"""Differences of accuracies, the first way less the second."""


def verdict(one: dict[str, Any]) -> str:
    """What an interval of a difference allows to say, with the number."""
    low, high = one["interval"]
    size = f"{100 * abs(one['mean']):.1f} points" if low > 0 or high < 0 else "no difference seen"
    ends = f"{100 * low:+.1f} to {100 * high:+.1f}"
    word = "rises by " if low > 0 else "falls by " if high < 0 else ""
    return f"{word}{size} ({ends})"


def see(facts: dict[str, Any]) -> list[str]:
    """What to see, a sentence for each number of labels, then what follows."""
    found = facts["labels_a_class"]
    rows = [_row(count, one) for count, one in found.items()]
    return [
        f"Accuracy on {facts['test_images']:,} held-out images of {facts['data']} after "
        f"{facts['updates']:,} updates, mean of {facts['seeds']} seeds; the generator "
        f"({facts['method']}, {facts['generator_steps']:,} steps) learned from the same few "
        "images. In brackets the 95 % interval of the difference in points, over seeds and images.",
        *rows,
        _gain(found),
        _beside_shifts(found),
    ]


def _row(count: int, one: dict[str, Any]) -> str:
    accuracy, apart = one["accuracy"], one["differences"]
    said = "; ".join(f"{words} {100 * accuracy[way]['mean']:.1f} %" for way, words in WAYS.items())
    gains = f"Generated images added: {verdict(apart['generated ones added'])}"
    shifts = f"shifts: {verdict(apart['shifted'])}"
    top = f"generated ones on top of shifts: {verdict(apart['generated added to shifted'])}"
    return f"{count} labels of each class: {said}. {gains}; {shifts}; {top}."


def _counts(found: dict[int, Any], name: str, way: int) -> str:
    """The numbers of labels at which a difference is clearly above (1) or below (-1) zero."""
    clear = []
    for count, one in found.items():
        low, high = one["differences"][name]["interval"]
        if (low > 0 and way > 0) or (high < 0 and way < 0):
            clear.append(str(count))
    return " and ".join(clear)


def _gain(found: dict[int, Any]) -> str:
    """Whether accuracy rises when generated images are added."""
    name = "generated ones added"
    rises, falls = _counts(found, name, 1), _counts(found, name, -1)
    said = []
    if rises:
        said.append(f"With {rises} labels of each class accuracy rises by generated images")
    if falls:
        said.append(f"with {falls} it falls" if said else f"With {falls} labels it falls")
    if not said:
        return "No difference by generated images is seen: what there is may be chance."
    other = len(found) - sum(len(one.split(" and ")) for one in (rises, falls) if one)
    rest = "; elsewhere no difference is seen" if other else ""
    return f"{'; '.join(said)}{rest}."


def _beside_shifts(found: dict[int, Any]) -> str:
    """Generated images beside what costs nothing."""
    name = "generated instead of shifted"
    better, worse = _counts(found, name, 1), _counts(found, name, -1)
    if worse and not better:
        return f"Shifting the same images does more than generated ones (with {worse} labels)."
    if better and not worse:
        return f"Generated images do more than shifting the same images (with {better} labels)."
    if better and worse:
        return f"Generated images do more than shifts with {better} labels, less with {worse}."
    return "Between generated images and shifts of the real ones no difference is seen."
