"""Balls that reach to the k-th nearest neighbour, and which samples lie within them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

CHUNK = 1024
"""Rows of the matrix of distances in memory at a time."""


class Inside(NamedTuple):
    """Which of N samples lie in which of M balls, counted."""

    balls: np.ndarray
    """(N,) in how many balls each sample lies."""
    samples: np.ndarray
    """(M,) how many samples lie in each ball."""
    only_here: np.ndarray
    """(M,) how many of them lie in no other ball."""
    alone: np.ndarray
    """(N,) in how many balls each sample is the only one."""


def inside(x: np.ndarray, centres: np.ndarray, squared_radii: np.ndarray) -> Inside:
    """Of samples (N, D) in balls about (M, D) with squared radii (M,)."""
    n, m = len(x), len(centres)
    balls, samples, numbers, only_here = np.empty(n, int), np.zeros(m), np.zeros(m), np.zeros(m)
    for start in range(0, n, CHUNK):
        within = _squared_distances(x[start : start + CHUNK], centres) <= squared_radii
        balls[start : start + CHUNK] = within.sum(1)
        only_here += within[balls[start : start + CHUNK] == 1].sum(0)
        samples += within.sum(0)
        numbers += np.arange(start, start + len(within)) @ within
    alone = np.bincount(numbers[samples == 1].astype(int), minlength=n)
    return Inside(balls, samples, only_here, alone)


def radii(x: np.ndarray, k: int) -> np.ndarray:
    """(N,) squared distance of each sample to its k-th nearest neighbour."""
    found = np.empty(len(x))
    for start in range(0, len(x), CHUNK):
        squared = _squared_distances(x[start : start + CHUNK], x)
        squared[np.arange(len(squared)), np.arange(len(squared)) + start] = np.inf
        found[start : start + CHUNK] = np.partition(squared, k - 1, axis=1)[:, k - 1]
    return found


def _squared_distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(N, D), (M, D) → (N, M)."""
    squared = x @ y.T
    squared *= -2
    squared += np.square(x).sum(1)[:, None]
    squared += np.square(y).sum(1)
    return squared.clip(0, out=squared)
