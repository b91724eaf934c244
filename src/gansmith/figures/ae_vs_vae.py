"""An autoencoder's codes against a VAE's: which of them a code drawn at random falls among.

Source: Hinton and Salakhutdinov 2006, Science 313, figure 3 (codes in the plane, by class); Kingma
and Welling 2013, arXiv:1312.6114, figure 4 (the manifold: even steps of the unit square through the
inverse of the normal distribution function). Sizes of the lectures: 784-512-256-32 and 784-256-2;
an autoencoder with 2 codes stands between, since 32 and 2 differ in more than the method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from scipy.special import ndtri
from torch import Tensor

from gansmith.draws import seed_of
from gansmith.figures.asked import Asked
from gansmith.figures.drawn import Drawn, canvas, dressed
from gansmith.figures.judged import SAMPLES, distances, judge_of, rounded
from gansmith.figures.tiles import show_grid
from gansmith.method import Encodes
from gansmith.metrics.judge import Judge

if TYPE_CHECKING:
    from gansmith.trained import Run

STEPS, SIDE, SHOWN, CLASSES = 2000, 20, 32, 10
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "AE, 32 codes": ("ae", {}),
    "AE, 2 codes": ("ae", {"z_dim": 2}),
    "VAE, 2 codes": ("vae", {"preset": "lecture"}),
}


class Coder(NamedTuple):
    """A trained autoencoder: its codes of images, and back."""

    run: Run
    codes: Tensor
    """(N, z_dim) of the held-out images; of the VAE the means."""
    made: Tensor
    """The same images, decoded from these codes."""
    spread: tuple[Tensor, Tensor]
    """Mean (z_dim,) and covariance (z_dim, z_dim) of the codes of training images."""

    def decoded(self, z: Tensor) -> Tensor:
        """Images of codes (N, z_dim)."""
        method, state = self.run.restored()
        with torch.no_grad():
            return torch.cat(
                [method.generate(state.averaged, {"z": part}).float() for part in z.split(256)]
            )


def draw(asked: Asked) -> Drawn:
    """Codes by class, the manifold of the VAE, decoded random codes of all, reconstructions."""
    names = {name: name.lower().replace(", ", "-").replace(" ", "-") for name in MODELS}
    runs = {
        name: asked.trained(names[name], method, STEPS, data=asked.data, **fields)
        for name, (method, fields) in MODELS.items()
    }
    judge = judge_of(runs["VAE, 2 codes"])
    real = judge.held_out or judge.train
    coders = {name: coder(run, real.x, judge.train.x) for name, run in runs.items()}
    random = {name: random_codes(one, asked.seed, SAMPLES) for name, one in coders.items()}
    rows = {name: _row(judge, coders[name], random[name], real.x) for name in coders}
    figure = canvas(13, 7.2)
    axes = figure.subplots(2, 3, height_ratios=(2, 1))
    for place, name in zip(axes[0], ("AE, 2 codes", "VAE, 2 codes"), strict=False):
        _codes(place, coders[name].codes.numpy(), real.y, f"{name}: held-out images")
    vae = coders["VAE, 2 codes"]
    show_grid(axes[0, 2], vae.decoded(manifold()), SIDE, f"VAE: {SIDE} x {SIDE} codes, evenly")
    for place, name in zip(axes[1], ("AE, 32 codes", "VAE, 2 codes"), strict=False):
        title = f"{name}: decoded codes from N(0, 1), distance {rows[name]['random']['frechet']}"
        show_grid(place, coders[name].decoded(random[name]["standard"][:SHOWN]), 8, title, 2)
    images = torch.cat([real.x[:8], *(one.made[:8] for one in coders.values())])
    show_grid(axes[1, 2], images, 8, "held-out images; " + "; ".join(coders), 2)
    shown = {"steps": vae.run.step, "data": asked.data, "models": rows}
    return Drawn(figure, shown, _see(rows))


def manifold(side: int = SIDE) -> Tensor:
    """Codes (side², 2) that cut N(0, 1) along each axis into equal shares, from the top."""
    places = ndtri((np.arange(side) + 0.5) / side)
    down, across = np.meshgrid(places[::-1], places, indexing="ij")
    return torch.from_numpy(np.stack([across.ravel(), down.ravel()], 1)).float()


def coder(run: Run, x: Tensor, train: Tensor) -> Coder:
    """A run with its codes of these images; `train` tells how codes are spread."""
    method, state = run.restored()
    assert isinstance(method, Encodes), "autoencoders do"
    with torch.no_grad():
        codes, of_train = (method.encode(state.averaged, images).float() for images in (x, train))
    found = Coder(run, codes, x, (of_train.mean(0), of_train.T.cov()))
    return found._replace(made=found.decoded(found.codes))


def random_codes(one: Coder, seed: int, number: int) -> dict[str, Tensor]:
    """Codes from N(0, 1), and the same stretched to the mean and covariance of real codes."""
    mean, covariance = one.spread
    random = torch.Generator().manual_seed(seed_of("random codes", seed))
    z = torch.randn(number, len(mean), generator=random)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt()
    return {"standard": z, "fitted": mean + z @ root.T}


def _row(judge: Judge, one: Coder, random: dict[str, Tensor], x: Tensor) -> dict[str, Any]:
    return {
        "reconstruction_error": rounded(float((one.made - x).square().mean())),
        "code_deviation": rounded(float(one.spread[1].diagonal().mean().sqrt())),
        "reconstructed": distances(judge, one.made),
        "random": distances(judge, one.decoded(random["standard"])),
        "random_fitted": distances(judge, one.decoded(random["fitted"])),
    }


def _codes(axes, codes: np.ndarray, y: Tensor | None, title: str) -> None:
    """A scatter by class, the classes' means marked with their numbers, and N(0, 1)'s 95 %."""
    from matplotlib import colormaps

    classes = np.zeros(len(codes), int) if y is None else y.numpy()
    dressed(axes, title, "code 1", "code 2")
    axes.scatter(*codes.T, c=colormaps["tab10"](classes % CLASSES), s=4)
    for each in np.unique(classes) if y is not None else ():
        mean = codes[classes == each].mean(0)
        mark = {"facecolor": "white", "alpha": 0.75, "pad": 1, "edgecolor": "none"}
        axes.text(*mean, str(each), fontsize=9, ha="center", va="center", bbox=mark)
    angle = np.linspace(0, 2 * np.pi, 100)
    radius = np.sqrt(-2 * np.log(0.05))
    axes.plot(radius * np.cos(angle), radius * np.sin(angle), color="#333333", lw=1, ls="--")


def _see(rows: dict[str, dict[str, Any]]) -> list[str]:
    _, narrow, vae = rows.values()
    random = {name: row["random"]["frechet"] for name, row in rows.items()}
    fitted = {name: row["random_fitted"]["frechet"] for name, row in rows.items()}
    worse = [name for name in list(random)[:2] if random[name] > random["VAE, 2 codes"]]
    nearer = worse[0] if worse else "no AE"
    said = (
        "The VAE's are the nearest."
        if len(worse) == 2
        else (
            f"The VAE's are nearer only than those of {nearer}: that an "
            "AE's random codes decode badly does not show throughout here."
        )
    )
    lost = {name: row["reconstruction_error"] for name, row in rows.items()}
    best = min(lost, key=lost.__getitem__)
    ratio = narrow["code_deviation"] / vae["code_deviation"]
    return [
        "The dashed circle holds 95 of 100 codes from N(0, 1). The codes of the AE with 2 are "
        f"{ratio:.1f} times as spread as the VAE's ({narrow['code_deviation']} against "
        f"{vae['code_deviation']}): nothing tells an AE where they are to lie.",
        "Fréchet distance of decoded codes from N(0, 1) to held-out images: "
        f"{_listed(random)}. {said}",
        "Drawn with the mean and covariance of real codes in place of N(0, 1): "
        f"{_listed(fitted)}. "
        + (
            "Much of what an AE lacks is to know where its codes lie."
            if all(fitted[name] < random[name] / 2 for name in list(random)[:2])
            else "To know where its codes lie is not what an AE lacks most."
        ),
        f"Squared error a pixel of held-out images: {_listed(lost)}. {best} reconstructs best; "
        + (
            "reconstructing well and generating well are two things."
            if random[best] != min(random.values())
            else "here it generates best, too."
        ),
    ]


def _listed(values: dict[str, Any]) -> str:
    return "; ".join(f"{name} {value}" for name, value in values.items())
