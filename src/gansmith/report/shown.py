"""The pictures of samples in a report: not chosen, chosen by a rule, beside their neighbours."""

from __future__ import annotations

from typing import NamedTuple

from gansmith.evaluation import pairs
from gansmith.evaluation.choosing import DRAWN, choose
from gansmith.metrics.given import Samples
from gansmith.plots.image_grid import image_grid, in_rows
from gansmith.plots.points import points_picture
from gansmith.report.measures import split
from gansmith.report.neighbours import SHOWN, K, neighbours_picture
from gansmith.report.pictures import Picture, embedded
from gansmith.report.subject import SEED, Subject
from gansmith.report.words import Words
from gansmith.training.conditions import conditions_of
from gansmith.training.sampling import all_samples

UNCURATED = 64
VERDICTS = {
    "memorising": "memorising",
    "no sign of memorising": "no_sign",
    "cannot tell": "cannot_tell",
}
"""Keys of the words."""


class Shown(NamedTuple):
    """A picture with its words."""

    picture: Picture
    caption: str
    alt: str


def plain(subject: Subject, w: Words) -> Shown:
    """The first samples of the seed, as they come; classes that are asked for have a row each."""
    drawn, s = subject.samples.numpy(), w["samples"]
    by_class = conditions_of(subject.method, subject.run.config.spec)
    caption, alt, said = s["uncurated"], s["uncurated_alt"], []
    if subject.flat:
        real = subject.judge.held_out if subject.judge else None
        picture = points_picture(drawn, None if real is None else real.x.numpy()[: len(drawn)])
        caption, alt, number = s["points"], s["points_alt"], len(drawn)
    elif by_class:
        number = by_class.number
        picture = image_grid(*in_rows(drawn[:number], len(by_class.names)))
        said.append(s["by_class"].format(classes=", ".join(by_class.names)))
    else:
        number = UNCURATED
        picture = image_grid(drawn[:number])
    said.insert(0, caption.format(shown=f"{number:,}", seed=SEED))
    said.append(s["weights"].format(step=f"{subject.evaluation.step:,}"))
    return Shown(embedded(picture, subject.metadata), " ".join(said), alt)


def best(subject: Subject, w: Words) -> Shown | None:
    """The best by a rule that the caption states; None for points and where no real ones are."""
    judge, s = subject.judge, w["samples"]
    if subject.flat or judge is None or judge.features is None:
        return None
    x = subject.samples
    reference = judge.held_out or judge.train
    chosen = choose(Samples(x, None, *judge.features(x)), reference)
    picture = embedded(image_grid(x[chosen.rows].numpy(), columns=4), subject.metadata)
    caption = s[chosen.rule].format(
        count=chosen.number,
        drawn=DRAWN,
        seed=SEED,
        features=judge.features.seen,
        split=split("held-out" if judge.held_out else "training", w),
    )
    if chosen.absent:
        names = subject.run.config.spec.class_names
        absent = ", ".join(names[label] for label in chosen.absent)
        caption += " " + s["absent"].format(classes=absent)
    return Shown(picture, caption, s["best_alt"])


def nearest(subject: Subject, w: Words) -> Shown | None:
    """Samples beside training images; None for points and where these are not there."""
    if subject.flat or subject.judge is None:
        return None
    train = subject.learned
    picture = neighbours_picture(subject.samples[:SHOWN], train)
    caption = w["neighbours"]["caption"].format(
        shown=SHOWN, seed=SEED, k=min(K, len(train)), searched=f"{len(train):,}"
    )
    return Shown(embedded(picture, subject.metadata), caption, w["neighbours"]["alt"])


def copies(subject: Subject, w: Words) -> Shown | None:
    """The measured samples closest to training images; None where that cannot be shown."""
    one, evaluation, judge = pairs.memorised(subject.evaluation), subject.evaluation, subject.judge
    if one is None or judge is None:
        return None
    spec = subject.run.config.spec
    x = all_samples(subject.method, subject.nets, spec, pairs.needed(one), evaluation.seed)
    picture = embedded(pairs.picture(one, x, subject.learned), pairs.metadata(evaluation))
    caption = w["copies"]["caption"].format(
        shown=min(pairs.SHOWN, len(one.details["pairs"])), n=f"{one.n:,}", seed=evaluation.seed
    )
    return Shown(picture, caption, w["copies"]["alt"])


def verdict(subject: Subject, w: Words) -> str:
    """Whether training images are copied, in words; empty where that was not measured."""
    one, c = pairs.memorised(subject.evaluation), w["copies"]
    if one is None:
        return ""
    known = one.details
    counted = c["counted"].format(
        suspicious=f"{known['suspicious']:,}", n=f"{one.n:,}", expected=f"{known['expected']:.1f}"
    )
    return f"{c[VERDICTS[known['verdict']]]} {counted}"


def missing(subject: Subject, w: Words) -> dict[str, str]:
    """The pictures that are not shown, with the reason."""
    o = w["left_out"]
    if subject.flat:
        return {o["best"]: o["points"], o["neighbours"]: o["points"]}
    if subject.judge is None:
        reason = o["no_judge"].format(why=subject.why)
        return {o["best"]: reason, o["neighbours"]: reason}
    return {}
