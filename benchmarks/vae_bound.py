"""A VAE's bounds on the likelihood of held-out digits, beside a second implementation's.

    python benchmarks/vae_bound.py

`gansmith train vae` (perceptrons 784-400-20, batches of 128, Adam at 1e-3) is measured by `bound`:
ELBO, importance-weighted bound of 200 weights, units in use. Below it the same networks are trained
and measured once more in plain torch, written from Kingma and Welling 2013, arXiv:1312.6114, and
Burda et al. 2015, arXiv:1509.00519, with none of the package's code but its digits. Weights, order
of batches and noise differ. In both the encoder sees pixels from -1 to 1, and the weights
themselves are measured, not their running average.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from provenance import write
from torch import Tensor, nn

import gansmith
from gansmith.batch import LabeledImages
from gansmith.data import open_data
from gansmith.evaluation.evaluation import Wanted, evaluate

PIXELS, HIDDEN, CODE = 784, 400, 20
ROWS, RATE, WEIGHTS = 128, 1e-3, 200
STEPS, SEEDS = 2000, (0, 1)


def main() -> None:
    """Train and measure both, for each seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    chosen = parser.parse_args()
    digits = open_data("mnist")
    every, held_out = digits.take(torch.arange(digits.spec.size)), digits.held_out()
    assert isinstance(every, LabeledImages) and isinstance(held_out, LabeledImages)
    train = as_probabilities(every.x)
    rows = []
    for seed in chosen.seeds:
        package = of_package(chosen.steps, seed)
        plain = of_plain_torch(train, as_probabilities(held_out.x), chosen.steps, seed)
        percent = {key: 100 * (package[key] / plain[key] - 1) for key in ("elbo", "iw_bound")}
        rows.append({"seed": seed, "package": package, "plain_torch": plain, "percent": percent})
    largest = max(abs(value) for row in rows for value in row["percent"].values())
    facts = {"steps": chosen.steps, "weights": WEIGHTS, "held_out": len(held_out.x)}
    write("vae_bound", {**facts, "largest_difference_in_percent": largest, "runs": rows})


def as_probabilities(x: Tensor) -> Tensor:
    """(N, 784) grey values in [0, 1]."""
    return (x.flatten(1) + 1) / 2


def of_package(steps: int, seed: int) -> dict[str, Any]:
    """What `gansmith evaluate` says of a run."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        run = gansmith.train(
            "vae",
            run=Path(folder) / "run",
            steps=steps,
            seed=seed,
            device="cpu",
            precision="fp32",
            ema_decay=0.0,
        )
        seconds = time.monotonic() - started
        wanted = Wanted(n=20, features="random", measures=("bound",), seed=seed)
        made = evaluate(run, wanted)
    found: dict[str, Any] = {
        key: round(made[key].value, 3) for key in ("elbo", "iw_bound", "active_units")
    }
    return found | {"interval": made["iw_bound"].interval, "seconds": round(seconds, 1)}


class Autoencoder(nn.Module):
    """Encoder and decoder with one hidden layer each."""

    def __init__(self) -> None:
        super().__init__()
        self.seen, self.code = nn.Linear(PIXELS, HIDDEN), nn.Linear(HIDDEN, 2 * CODE)
        self.known, self.drawn = nn.Linear(CODE, HIDDEN), nn.Linear(HIDDEN, PIXELS)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and logarithm of the variance of the code; it sees pixels from -1 to 1, too."""
        both = self.code(F.relu(self.seen(2 * x - 1)))
        return both[:, :CODE], both[:, CODE:]

    def decode(self, z: Tensor) -> Tensor:
        """Logits of the pixels."""
        return self.drawn(F.relu(self.known(z)))


def of_plain_torch(train: Tensor, held_out: Tensor, steps: int, seed: int) -> dict[str, Any]:
    """The same numbers without the package."""
    torch.manual_seed(seed)
    model = Autoencoder()
    optimizer = torch.optim.Adam(model.parameters(), RATE)
    started, order = time.monotonic(), torch.empty(0, dtype=torch.long)
    for _ in range(steps):
        while len(order) < ROWS:
            order = torch.cat([order, torch.randperm(len(train))])
        rows, order = order[:ROWS], order[ROWS:]
        optimizer.zero_grad()
        loss(model, train[rows]).backward()
        optimizer.step()
    seconds = time.monotonic() - started
    return {**measured(model, held_out), "seconds": round(seconds, 1)}


def loss(model: Autoencoder, x: Tensor) -> Tensor:
    """-ELBO an image, with the divergence in closed form."""
    mean, log_variance = model.encode(x)
    z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
    lost = F.binary_cross_entropy_with_logits(model.decode(z), x, reduction="sum")
    divergence = 0.5 * (mean.pow(2) + log_variance.exp() - log_variance - 1).sum()
    return (lost + divergence) / len(x)


@torch.no_grad()
def measured(model: Autoencoder, x: Tensor) -> dict[str, Any]:
    """ELBO and bound by torch's own distributions, image by image."""
    mean, log_variance = model.encode(x)
    normal, elbos, bounds = torch.distributions.Normal, [], []
    for image, centre, spread in zip(x, mean, (0.5 * log_variance).exp(), strict=True):
        z = normal(centre, spread).sample((WEIGHTS,))
        logits = model.decode(z)
        likelihood = image * F.logsigmoid(logits) + (1 - image) * F.logsigmoid(-logits)
        log_w = likelihood.sum(1) + normal(0.0, 1.0).log_prob(z).sum(1)
        log_w = log_w - normal(centre, spread).log_prob(z).sum(1)
        elbos.append(log_w.mean())
        bounds.append(torch.logsumexp(log_w, 0) - math.log(WEIGHTS))
    return {
        "elbo": round(float(torch.stack(elbos).mean()), 3),
        "iw_bound": round(float(torch.stack(bounds).mean()), 3),
        "active_units": float((mean.var(0) > 0.01).sum()),
    }


if __name__ == "__main__":
    main()
