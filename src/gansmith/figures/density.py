"""An image as a point under the density of the data, on real projections of real images.

Images are projected onto the principal axes of the training images; densities are estimated with
Gaussian kernels of Scott's width (scipy). A projection is a shadow: what lies far from the data may
cast it right among them. So beside the plane stands how far each image is from the data's main
directions, the root of the mean square that 50 principal axes leave of it (the probabilistic view:
Tipping and Bishop 1999). Generated images are of a DCGAN that was trained for this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from scipy.stats import gaussian_kde
from torch import Tensor

from gansmith.config import stored_data
from gansmith.draws import seed_of
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import COLOURS, INK, Drawn, canvas, dressed
from gansmith.figures.judged import rounded
from gansmith.figures.tiles import show_at
from gansmith.metrics.judge import some_rows

if TYPE_CHECKING:
    from gansmith.trained import Run

STEPS, NUMBER, AXES, CELLS = 1500, 1000, 50, 120
MOST = 10_000
"""Training images, at most, that the axes and the density follow from."""
GREY = "#555555"


class Projection(NamedTuple):
    """Principal axes of images."""

    mean: Tensor
    """(D,)."""
    axes: Tensor
    """(D, axes), orthonormal, the one with the largest variance first."""

    def plane(self, x: Tensor) -> np.ndarray:
        """Coordinates along the first two axes, (2, N)."""
        return ((x.flatten(1) - self.mean) @ self.axes[:, :2]).T.numpy()

    def left(self, x: Tensor) -> np.ndarray:
        """What all axes leave of each image, a pixel: (N,)."""
        off = x.flatten(1) - self.mean
        rest = off - off @ self.axes @ self.axes.T
        return rest.square().mean(1).sqrt().numpy()


def project(x: Tensor, axes: int = AXES) -> Projection:
    """The principal axes of images (N, C, H, W), at most half as many as images.

    As many as images would leave nothing of them.
    """
    flat, axes = x.flatten(1), max(2, min(axes, len(x) // 2))
    mean = flat.mean(0)
    _, _, rows = torch.linalg.svd(flat - mean, full_matrices=False)
    return Projection(mean, rows[:axes].T)


def draw(asked: Asked) -> Drawn:
    """Densities along one axis and in the plane, with images at their places, and how far off."""
    how = {"width": 16, "hidden": 128}
    run = asked.trained("dcgan", "dcgan", STEPS, data=asked.data, **how)
    sets, projection, train = _images(run, asked.seed)
    density = gaussian_kde(projection.plane(train))
    made = gaussian_kde(projection.plane(sets["generated"]))
    figure = canvas(13, 5.2)
    line, plane, off = figure.subplots(1, 3, width_ratios=(1.15, 1.15, 0.8))
    _line(line, projection, sets, train)
    _plane(plane, projection, sets, density, made)
    rows = {name: _row(projection, density, x) for name, x in sets.items()}
    for (name, x), colour in zip(sets.items(), (COLOURS[0], COLOURS[1], GREY), strict=True):
        off.hist(projection.left(x), bins=40, density=True, color=colour, alpha=0.6, label=name)
    count = projection.axes.shape[1]
    dressed(off, f"what {count} axes leave of an image", "a pixel (pixels from -1 to 1)")
    off.set_yscale("log")
    off.legend(fontsize=8)
    real = gaussian_kde(projection.plane(next(iter(sets.values()))))
    shared = {"generated": made, "real": real}
    overlaps = {name: rounded(overlap(density, one)) for name, one in shared.items()}
    numbers = {"data": asked.data, "steps": run.step, "overlap": overlaps}
    return Drawn(figure, {**numbers, "sets": rows}, _see(overlaps, rows, count))


def _images(run: Run, seed: int) -> tuple[dict[str, Tensor], Projection, Tensor]:
    """({held-out, generated, noise images}, the axes, the training images)."""
    data = stored_data(run.config)
    train = data.take(some_rows(data.spec.size, MOST))
    held_out = data.held_out()
    real = (train if held_out is None else held_out).x[:NUMBER]  # type: ignore[union-attr]
    random = torch.Generator().manual_seed(seed_of("noise images", seed))
    noise = torch.rand(real.shape, generator=random) * 2 - 1
    sets = {"real, held out" if held_out else "real": real.float(), "generated": run.sample(NUMBER)}
    images = train.x.float()  # type: ignore[union-attr]
    return {**sets, "noise": noise}, project(images), images


def overlap(one: gaussian_kde, other: gaussian_kde) -> float:
    """∫ min(p, q) over the plane, 1 where they are equal, 0 where they share nothing."""
    every = np.concatenate([one.dataset, other.dataset], 1)
    low, high = every.min(1), every.max(1)
    pad = 0.2 * (high - low)
    sides = [np.linspace(a, b, CELLS) for a, b in zip(low - pad, high + pad, strict=True)]
    grid = np.stack(np.meshgrid(*sides, indexing="ij")).reshape(2, -1)
    cell = np.prod([side[1] - side[0] for side in sides])
    return float(np.minimum(one(grid), other(grid)).sum() * cell)


def _row(projection: Projection, density: gaussian_kde, x: Tensor) -> dict[str, Any]:
    left = projection.left(x)
    return {
        "n": len(x),
        "median_log_density_in_the_plane": rounded(
            float(np.median(density.logpdf(projection.plane(x))))
        ),
        "off_the_axes": {
            str(percent): rounded(float(np.percentile(left, percent))) for percent in (5, 50, 95)
        },
    }


def _line(axes, projection: Projection, sets: dict[str, Tensor], train: Tensor) -> None:
    """One axis as the lectures draw it: images in a row, the density above them."""
    at = {name: projection.plane(x)[0] for name, x in sets.items()}
    real = next(iter(sets))
    place = np.linspace(at[real].min() * 1.15, at[real].max() * 1.15, 400)
    curve = gaussian_kde(projection.plane(train)[0])
    axes.fill_between(place, curve(place), color=COLOURS[0], alpha=0.25, label="data")
    axes.plot(place, gaussian_kde(at["generated"])(place), color=COLOURS[1], label="generated")
    height = float(curve(place).max())
    axes.plot(
        at["noise"], np.full(len(at["noise"]), -0.03 * height), "|", color=GREY, label="noise"
    )
    for number, wanted in enumerate(np.linspace(place[20], place[-20], 7)):
        row = int(np.abs(at[real] - wanted).argmin())
        x = float(at[real][row])
        top = float(curve(x)[0]) + (0.14 + 0.1 * (number % 2)) * height
        axes.plot([x, x], [0, top], color=INK, lw=0.6)
        show_at(axes, sets[real][row], (x, top), COLOURS[0], _zoom(sets[real], 28))
    dressed(axes, "an image is a point: density along one axis", "first principal axis")
    axes.set_ylim(-0.08 * height, 1.45 * height)
    axes.set_yticks([])
    axes.legend(fontsize=8, loc="upper right")


def _plane(axes, projection: Projection, sets: dict[str, Tensor], density, made) -> None:
    """Contours of both densities, with images of high and low density, and noise."""
    real = next(iter(sets))
    places = {name: projection.plane(x) for name, x in sets.items()}
    every = np.concatenate([places[real], places["generated"]], 1)
    ends = zip(every.min(1) * 1.2, every.max(1) * 1.2, strict=True)
    sides = [np.linspace(low, high, CELLS) for low, high in ends]
    grid = np.meshgrid(*sides)
    flat = np.stack(grid).reshape(2, -1)
    for one, colour in ((density, COLOURS[0]), (made, COLOURS[1])):
        axes.contour(*grid, one(flat).reshape(CELLS, CELLS), 6, colors=colour, linewidths=0.9)
    axes.plot(*places["noise"], ".", color=GREY, ms=2)
    order = density(places[real]).argsort()
    chosen = {row: COLOURS[2] for row in _apart(order[::-1], places[real], 3)}
    chosen |= {row: COLOURS[3] for row in _apart(order, places[real], 5)}
    for row, colour in chosen.items():
        show_at(axes, sets[real][row], _point(places[real], row), colour, _zoom(sets[real], 24))
    show_at(axes, sets["noise"][0], _point(places["noise"], 0), GREY, _zoom(sets[real], 24))
    dressed(axes, "two axes: data, generated, and images at their places", "first", "second")


def _point(places: np.ndarray, row: int) -> tuple[float, float]:
    return float(places[0, row]), float(places[1, row])


def _apart(order: np.ndarray, places: np.ndarray, number: int) -> list[int]:
    """The first rows in this order that lie apart from those taken before."""
    least, taken = 0.15 * float(np.ptp(places)), []
    for row in map(int, order):
        apart = [np.hypot(*(places[:, row] - places[:, other])) for other in taken]
        if not apart or min(apart) > least:
            taken.append(row)
        if len(taken) == number:
            break
    return taken


def _zoom(x: Tensor, dots: float) -> float:
    return dots / x.shape[-1]


def _see(
    overlaps: dict[str, float], rows: dict[str, dict[str, Any]], axes: int = AXES
) -> list[str]:
    real, made, noise = rows.values()
    plane = {name: row["median_log_density_in_the_plane"] for name, row in rows.items()}
    seen = noise["median_log_density_in_the_plane"] < real["median_log_density_in_the_plane"] - 3
    near, far = real["off_the_axes"], noise["off_the_axes"]
    apart = far["5"] > near["95"]
    return [
        "Each image is one point; where such images are common the density is high (green frames), "
        "where they are rare it is low (pink frames).",
        "The generator makes a density of its own: in this plane it shares "
        f"{overlaps['generated']:.0%} with that of the training images; as many other real images "
        f"share {overlaps['real']:.0%}.",
        "Median log density in the plane: "
        + "; ".join(f"{name} {value}" for name, value in plane.items())
        + (
            ". Noise lies where there are no images."
            if seen
            else ". Noise falls among the images here: two axes do not tell it from them."
        ),
        f"What {axes} axes leave of an image, median a pixel: real {near['50']}, generated "
        f"{made['off_the_axes']['50']}, noise {far['50']}"
        + (
            f": 95 of 100 noise images are further off than 95 of 100 real ones "
            f"({far['5']} against {near['95']}), so nearly all of the space is empty."
            if apart
            else ": even so noise is not told from images here."
        ),
    ]
