"""Years of adversarial networks as a strip: one data set through one paper after another.

The lectures show generated faces of one year after the other. Those differ in data, size and
budget; here the data is the same for all, and each has so many steps that all take about as long,
so that what differs is the method with the networks it has in this package. Sources: Goodfellow et
al. 2014, arXiv:1406.2661; Radford et al. 2015, arXiv:1511.06434; Gulrajani et al. 2017,
arXiv:1704.00028; Huang et al. 2024, arXiv:2501.05441.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import torch

from gansmith.config import stored_data
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import COLOURS, INK, Drawn, canvas, dressed
from gansmith.figures.judged import distances, judge_of
from gansmith.figures.tiles import show_grid
from gansmith.methods import METHODS
from gansmith.metrics.judge import some_rows

NUMBER, SHOWN, SIDE = 1000, 24, 32
FAR = 5.0
"""So many times the distance of real images are far from good."""


class Paper(NamedTuple):
    """One of the strip."""

    year: int
    name: str
    steps: int
    """As many as take about as long as the others' on two cores."""
    fields: dict[str, Any] = {}  # noqa: RUF012
    """What makes it small enough for a few minutes."""


STRIP: dict[str, Paper] = {
    "gan": Paper(2014, "GAN, perceptrons", 8000),
    "dcgan": Paper(2015, "DCGAN", 2600, {"width": 16}),
    "wgan-gp": Paper(2017, "WGAN-GP", 250, {"width": 8}),
    "r3gan": Paper(2024, "R3GAN", 450, {"width": 8}),
}


def there(strip: dict[str, Paper]) -> dict[str, Paper]:
    """Those whose method is in the table, in the order of their years."""
    known = {name: paper for name, paper in strip.items() if name in METHODS}
    return dict(sorted(known.items(), key=lambda pair: pair[1].year))


def draw(asked: Asked) -> Drawn:
    """Samples of each method in the order of the years, real ones last, with their distances."""
    papers, judge, found, grids = there(STRIP), None, {}, {}
    real = None
    for name, paper in papers.items():
        run = asked.trained(name, name, paper.steps, data=asked.data, size=SIDE, **paper.fields)
        if judge is None:
            judge, real = judge_of(run), stored_data(run.config).held_out()
        grids[name] = run.sample(NUMBER)
        row = {"year": paper.year, **distances(judge, grids[name])}
        found[name] = {**row, "seconds": round(run.seconds, 1), "steps": run.step}
    assert judge is not None, "there is at least one method"
    images = judge.train.x if real is None else real.x  # type: ignore[union-attr]
    figure = canvas(3.1 * (len(papers) + 1), 5.6)
    axes = figure.subplots(2, len(papers) + 1, height_ratios=(2.2, 1))
    for place, (name, paper) in zip(axes[0], papers.items(), strict=False):
        show_grid(place, grids[name][:SHOWN], 4, f"{paper.year}  {paper.name}", 1)
    some = torch.linspace(0, len(images) - 1, SHOWN).long()  # sets are sorted
    show_grid(axes[0, -1], images[some].float(), 4, "real", 1)
    _bars(axes[1], papers, found, ("frechet", "Fréchet distance"), ("seconds", "seconds"))
    yardstick = distances(judge, judge.train.x[some_rows(len(judge.train), NUMBER)])
    numbers = {"data": asked.data, "side": SIDE, "real": yardstick, "runs": found}
    return Drawn(figure, numbers, see(found, asked.data, yardstick["frechet"]))


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    (a, b), (c, d) = one["interval"], other["interval"]
    return a <= d and c <= b


def _bars(axes, papers: dict[str, Paper], found: dict[str, Any], *columns) -> None:
    """A bar for each method of each number; the other axes of the row stay empty."""
    for place in axes:
        place.set_axis_off()
    for place, (key, title) in zip(axes, columns, strict=False):
        place.set_axis_on()
        values = [found[name][key] or 0.0 for name in papers]
        place.barh(list(papers), values, color=COLOURS[: len(papers)])
        for row, value in enumerate(values):
            place.text(value, row, f" {value:.4g}", va="center", fontsize=8, color=INK)
        dressed(place, title).invert_yaxis()
        place.margins(x=0.3)
        place.set_xticks([])


def see(found: dict[str, dict[str, Any]], data: str, real: float) -> list[str]:
    """What to see, from the distances in the order of the years and that of real images."""
    distance = {name: row["frechet"] for name, row in found.items()}
    order = sorted(distance, key=distance.__getitem__)
    falls = order == list(distance)[::-1]
    seconds = {name: row["seconds"] for name, row in found.items()}
    tied = [f"{a} and {b}" for a, b in pairwise(found) if _overlap(found[a], found[b])]
    times = distance[order[0]] / max(real, 1e-9)
    missing = [name for name in STRIP if name not in found]
    return [
        f"The same data ({data}), one method after another, with steps for about as long: "
        + ", ".join(f"{name} {value}" for name, value in distance.items())
        + " (Fréchet distance to held-out images, or training ones where none are held out).",
        (
            "Each is nearer to the data than the one before it."
            if falls
            else f"The order by distance is {', '.join(order)}: not that of the years, with "
            "trainings as short and networks as small as these."
        ),
        *([f"Their intervals overlap, so this may be chance: {', '.join(tied)}."] if tied else []),
        f"As many real training images are {real:.4g} away"
        + (
            f": the nearest is {times:.0f} times as far, so none is good yet, and their order says "
            "little. Look at the samples."
            if times > FAR
            else f": the nearest is {times:.1f} times as far."
        ),
        "A step is not the same work in all: "
        + ", ".join(
            f"{name} took {value:g} s for {found[name]['steps']:,} steps"
            for name, value in seconds.items()
        )
        + ".",
        *([f"Not in this package: {', '.join(missing)}."] if missing else []),
    ]
