"""What a measure is given: generated samples, real ones to compare them with, and the generator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from torch import Tensor

from gansmith.metrics.measurement import Better, Measurement


@dataclass(frozen=True)
class Samples:
    """Images or points, as numbers and as features."""

    x: Tensor
    """(N, C, H, W) in [-1, 1], or (N, D) points; on the CPU, float32."""
    y: Tensor | None = None
    """(N,) classes: the labels of real samples, those that were asked for of generated ones; None
    where there are no classes, or the method does not take them."""
    features: np.ndarray | None = None
    """(N, D) float32."""
    probabilities: np.ndarray | None = None
    """(N, K) of the classes, where a classifier gave the features."""

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Seen:
    """Through what features were seen."""

    name: str = "no"
    """Such as "classifier"."""
    hash: str = ""
    """sha256 of their weights."""
    resizer: str = "none"
    facts: dict[str, Any] = field(default_factory=dict)
    """What is known of them, such as the held-out accuracy of a classifier."""

    @property
    def published(self) -> bool:
        """Whether published numbers are seen through them, too: they are those of the FID."""
        return self.name == "inception"

    @property
    def from_file(self) -> bool:
        """Whether they come from a file of weights, whose classes are not those of the data."""
        return self.name.endswith("inception")  # torchvision's too

    def __str__(self) -> str:
        return f"{self.name} {self.hash[:8]}".strip()


class Likelihood(NamedTuple):
    """A bound on log p(x), of methods that have one; see `method.LikelihoodBound`."""

    means: Callable[[Tensor], Tensor]
    """x (N, *shape) → the means of q(z|x), (N, z_dim)."""
    log_weights: Callable[[Tensor, Tensor], Tensor]
    """x (N, *shape) and ε (K, N, z_dim) → log p(x, z) - log q(z|x), (K, N), nats."""


@dataclass(frozen=True)
class Given:
    """All that measures are computed from; nothing in it is changed."""

    generated: Samples
    reference: Samples
    """Held-out samples where the set has any, else training ones."""
    reference_split: str
    """"held-out" or "training"."""
    train: Samples
    """Training samples, at most as many as stated where they are cut."""
    seen: Seen = Seen()
    seed: int = 0
    generator: Callable[[Tensor], Tensor] | None = None
    """z (N, z_dim) → samples, differentiable; None where samples do not come from noise alone."""
    z_dim: int = 0
    likelihood: Likelihood | None = None
    """None where the method bounds no likelihood."""
    classify: Callable[[Tensor], Tensor] | None = None
    """x (N, *shape) → logits of the classes (N, K); None where the method has no classifier."""
    centres: tuple[Tensor, float] | None = None
    """Of known mixtures: the centres (K, D) of the modes and their standard deviation."""
    class_names: tuple[str, ...] = ()
    learned: Tensor | None = None
    """(M, *shape) the training samples that the method saw; None: `train`."""

    def measured(
        self,
        key: str,
        name: str,
        value: float,
        better: Better,
        featured: bool = True,
        published: str = "",
        **more: Any,
    ) -> Measurement:
        """A number that was computed from all that is given here.

        Args:
            key: see `Measurement`, as all others.
            name: without the features in brackets.
            value: the number.
            better: which way is better.
            featured: whether it was computed from features.
            published: its name in publications, where it is seen through their features.
            more: what differs from what is given here, and what there is besides.
        """
        standard: dict[str, Any] = {
            "n": len(self.generated),
            "n_reference": len(self.reference),
            "reference": self.reference_split,
            "features": str(self.seen) if featured else "",
            "resizer": self.seen.resizer if featured else "none",
            "seed": self.seed,
        }
        shown = f"{name} ({self.seen.name} features)" if featured else name
        shown = published if published and self.seen.published else shown
        return Measurement(key=key, name=shown, value=value, better=better, **(standard | more))
