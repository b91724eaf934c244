"""Sources of features and probabilities of which as many can be drawn as one likes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CENTRES = 10


@dataclass(frozen=True)
class Mixture:
    """Gaussians with covariance 1 about some centres."""

    centres: np.ndarray
    """(K, D)."""
    weights: np.ndarray
    """(K,)."""

    def draw(self, n: int, random: np.random.Generator, in_turn: bool = False) -> np.ndarray:
        """(n, D); in turn: in the order 0 1 … K - 1 0 1 … of the centres, as long as each lasts."""
        which = random.choice(len(self.weights), n, p=self.weights)
        if in_turn:
            which = _in_turn(which)
        return self.centres[which] + random.normal(size=(n, self.centres.shape[1]))

    def moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Its mean (D,) and covariance (D, D), exactly."""
        mean = self.weights @ self.centres
        apart = self.centres - mean
        return mean, np.eye(len(mean)) + (apart.T * self.weights) @ apart

    def cubic_kernel_mean(self, other: Mixture) -> float:
        """E (x·y / D + 1)³ of independent x of this mixture and y of the other, exactly.

        Given x, x·y is normal about x·ν with variance |x|²; its first three moments over x follow.
        """
        d = self.centres.shape[1]
        c = self.centres @ other.centres.T
        squares = np.square(self.centres).sum(1)[:, None] + np.square(other.centres).sum(1)
        second = c**2 + squares + d
        third = c**3 + 3 * c * (squares + d + 2)
        each = third / d**3 + 3 * second / d**2 + 3 * c / d + 1
        return float(self.weights @ each @ other.weights)


def _in_turn(which: np.ndarray) -> np.ndarray:
    earlier = [np.count_nonzero(which[:row] == one) for row, one in enumerate(which)]
    return which[np.lexsort((which, earlier))]


def cubic_discrepancy(a: Mixture, b: Mixture) -> float:
    """The squared maximum mean discrepancy of two mixtures with the cubic kernel, exactly."""
    within = a.cubic_kernel_mean(a) + b.cubic_kernel_mean(b)
    return within - 2 * a.cubic_kernel_mean(b)


def pair(dimensions: int, shift: float = 0.3) -> tuple[Mixture, Mixture]:
    """One that stands for the generated: its centres are off by N(0, shift²), its weights uneven;
    and one for the real. With shift 0 both are the same.
    """
    random = np.random.default_rng(dimensions)
    centres, even = random.normal(0, 1.5, (CENTRES, dimensions)), np.full(CENTRES, 1 / CENTRES)
    off = centres + random.normal(0, 1, centres.shape) * shift
    weights = random.dirichlet(np.full(CENTRES, 5.0)) if shift else even
    return Mixture(off, weights), Mixture(centres, even)


def sure_of(weights: np.ndarray, n: int, random: np.random.Generator) -> np.ndarray:
    """(n, K) probabilities of a classifier that is 90 % sure on average, of classes so frequent."""
    p = random.dirichlet(np.full(len(weights), 0.1), n)
    y = random.choice(len(weights), n, p=weights)
    p *= 0.2
    p[np.arange(n), y] += 0.8
    return p
