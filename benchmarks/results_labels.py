"""Sections of the page of results on labels; none without results."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from page_parts import deviation, spread, stored, table

PICTURES = Path(__file__).parent.parent / "docs" / "pictures" / "conditional"
Rows = Sequence[Mapping[str, Any]]


def conditional() -> str:
    """Whether images show the class asked for, how varied they are, and what they teach."""
    found = stored("conditional")
    if found is None:
        return ""
    groups = grouped(found["rows"], 2)
    lines = [[data, f"[`{method}`](methods/{method}.md)", *_numbers(rows)]
             for (data, method), rows in groups.items()]  # fmt: skip
    head = ["data", "method", "seeds", "steps", "class asked for, %", "its lowest class, %"]
    head += ["variety within a class", "least varied class", "transfer, %", "Fréchet distance"]
    names = sorted({f"{data}-{method}" for data, method in groups})
    return (
        "Mean over seeds (lowest to highest), 5,000 samples. *Class asked for* is by a classifier "
        f"that learned from real training images alone, which is right of {_classifiers(groups)}; "
        "its mistakes count against the method. *Variety* is the mean distance of two images of a "
        "class in its penultimate features, over that of two held-out images. *Transfer* is the "
        "accuracy on held-out images of a small classifier that learned from samples, with that of "
        "one that learned from as many real images after the stroke. Distances are of the "
        "features of this benchmark's classifiers.\n\n"
        f"{table(head, lines)}\n\n{_targets(groups)}{_pictures(names)}"
        "Command: `python benchmarks/conditional.py budget`, then `run`."
    )


def sprites_by_kind() -> str:
    """A set of pictures by kind."""
    found = stored("sprites_by_kind")
    if found is None:
        return ""
    lines = []
    for (method,), rows in grouped(found["rows"], 1).items():
        one = rows[0]
        kinds = [f"{name} {100 * told['accuracy']:.0f}" for name, told in one["by_class"].items()]
        lines.append([f"[`{method}`](methods/{method}.md)", f"{one['steps']:,}",
                      _percent(rows, "class_accuracy"), ", ".join(kinds),
                      spread(_values(rows, "class_diversity")),
                      f"{100 * one['classifier']['held_out_accuracy']:.1f}"])  # fmt: skip
    head = ["method", "steps", "kind asked for, %", "by kind, %", "variety within a kind"]
    names = [f"sprites-by-kind-{key.partition(':')[0]}" for key in found["rows"]]
    return (
        "`sprites`, eight kinds of unit, 48 pixels. Variety is measured against training "
        "pictures; the classifier's own accuracy is of frames that it did not learn from, which "
        "are much like those that it did.\n\n"
        f"{table([*head, 'classifier, %'], lines)}\n\n{_pictures(names)}"
        f"Command: `{found['command']}`."
    )


def semi_supervised() -> str:
    """Test errors with few labels, mean and standard deviation over seeds."""
    found = stored("semi_supervised")
    if found is None:
        return ""
    groups = grouped({_seed_last(key): row for key, row in found["rows"].items()}, 3)
    lines = []
    for (data, labels, method), rows in sorted(groups.items(), key=_by_labels):
        errors = [_error(row) for row in rows]
        lines.append([data, labels, f"`{method}`", str(len(rows)), deviation(errors)])
    head = ["data", "labels a class", "method", "seeds", "test error, % (mean ± sd)"]
    return (
        "Errors on all held-out images; each seed has other labels and other weights.\n\n"
        f"{table(head, lines)}\n\nCommand: `{found['command']}`."
    )


def grouped(rows: Mapping[str, Mapping[str, Any]], parts: int) -> dict[tuple[str, ...], Rows]:
    """Rows by so many parts of their keys, such as DATA:METHOD of DATA:METHOD:SEED."""
    found: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for key, row in rows.items():
        found.setdefault(tuple(key.split(":")[:parts]), []).append(row)
    return dict(found)


def _seed_last(key: str) -> str:
    """DATA:LABELS:METHOD:SEED, also of DATA:LABELS:SEED:METHOD."""
    data, labels, one, other = key.split(":")
    return f"{data}:{labels}:{other}:{one}" if one.isdigit() else key


def _error(row: Mapping[str, Any]) -> float:
    """In percent: of the count of wrong images where that is kept, else as it stands."""
    return 100 * row["wrong"] / row["n"] if "wrong" in row else row["error"]


def _by_labels(group: tuple[tuple[str, ...], Rows]) -> tuple[str, float, str]:
    """Few labels first; what is no number, such as "all", last."""
    data, labels, method = group[0]
    return data, float(labels) if labels.isdigit() else float("inf"), method


def _values(rows: Rows, measure: str) -> list[float]:
    return [row["measures"][measure][0] for row in rows if measure in row["measures"]]


def _percent(rows: Rows, measure: str) -> str:
    return spread([100 * value for value in _values(rows, measure)], 1)


def _numbers(rows: Rows) -> list[str]:
    lowest = [min(100 * one["accuracy"] for one in row["by_class"].values()) for row in rows]
    real = [
        100 * (row["measures"]["transfer"][0] + row["measures"]["transfer_gap"][0]) for row in rows
    ]
    return [
        str(len(rows)),
        f"{rows[0]['steps']:,}",
        _percent(rows, "class_accuracy"),
        spread(lowest, 1),
        spread(_values(rows, "class_diversity")),
        spread(_values(rows, "class_diversity_smallest")),
        f"{_percent(rows, 'transfer')} / {statistics.fmean(real):.1f}",
        spread(_values(rows, "frechet")),
    ]


def _classifiers(groups: Mapping[tuple[str, ...], Rows]) -> str:
    """Accuracy of the classifier of each set."""
    known = {key[0]: rows[0]["classifier"]["held_out_accuracy"] for key, rows in groups.items()}
    return " and ".join(f"{accuracy:.1%} of `{data}`" for data, accuracy in sorted(known.items()))


def _targets(groups: Mapping[tuple[str, ...], Rows]) -> str:
    """What was hoped for on MNIST, and in how many runs it came."""
    said = []
    for (data, method), rows in groups.items():
        if data == "mnist":
            met = {name: sum(row["reached"][name] for row in rows) for name in rows[0]["reached"]}
            said.append(f"`{method}` {met['accuracy']} and {met['diversity']} of {len(rows)} seeds")
    if not said:
        return ""
    return (
        "On MNIST at least 95 % of the class asked for, and at least 0.8 of the variety, were "
        f"hoped for; reached by {', '.join(said)}.\n\n"
    )


def _pictures(names: list[str]) -> str:
    """Those that lie there."""
    there = [name for name in names if (PICTURES / f"{name}.png").exists()]
    shown = (f"![{name}: a row for each class](pictures/conditional/{name}.png)" for name in there)
    return "".join(f"{one}\n\n" for one in shown)
