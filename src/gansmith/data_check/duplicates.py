"""Which pictures are the same, and which nearly are, without comparing each with each."""

from __future__ import annotations

import numpy as np

from gansmith.data_check.look import THUMB
from gansmith.data_check.reading import Survey

BANDS = 4
MOST_BITS = BANDS - 1
"""Near duplicates differ in at most 3 of 64 bits: then one of 4 bands of 16 bits is equal."""
SPREAD = 37
"""Bit i of a hash goes to place 37 i mod 64, so that each band has bits from all over a picture:
pictures with one background share whole rows of bits."""
MOST_LEVELS = 4.5
"""Near duplicates differ by at most so many levels of 255 on average between their thumbs, once
the brightness is made equal."""
LEAST_LIKENESS = 0.995
"""The least correlation between their thumbs. Of 4,000 different digits none are so alike; a
picture compressed anew, resized by a fifth or cropped by 2 % is."""
AT_ONCE = 8192

Groups = list[list[int]]


def exact_groups(survey: Survey) -> Groups:
    """Numbers of pictures with equal pixels, each group of at least two in order."""
    numbers = np.flatnonzero(survey.seen)
    _, which = np.unique(survey.digests[numbers], axis=0, return_inverse=True)
    return _grouped(numbers, which.reshape(-1))


def near_groups(survey: Survey, exact: Groups) -> Groups:
    """Numbers of pictures that nearly agree; of equal pictures only the first takes part.

    A picture of one colour is like any other of one colour and takes no part.
    """
    again = {number for group in exact for number in group[1:]}
    fit = [n for n in np.flatnonzero(survey.seen) if n not in again and not survey.looks[n].even]
    numbers = np.array(fit, dtype=np.int64)
    pairs = near_pairs(survey.bits[numbers], survey.thumbs[numbers])
    return _grouped(numbers, _connected(len(numbers), pairs))


def near_pairs(bits: np.ndarray, thumbs: np.ndarray) -> np.ndarray:
    """(M, 2) pairs of rows whose hashes and thumbs nearly agree, each once.

    Pairs that share a band are met by sorting its values and comparing each row with the next,
    then with the next but one, and so on while the band is equal.
    """
    spread, coarse = spread_bits(bits), _coarse(thumbs)
    found = [np.zeros((0, 2), dtype=np.int64)]
    for band in range(BANDS):
        keys = (spread >> np.uint64(16 * band)) & np.uint64(0xFFFF)
        order = np.argsort(keys, kind="stable")
        ends = np.searchsorted(keys[order], keys[order], side="right")
        active, distance = np.arange(len(bits)), 1
        while len(active := active[ends[active] > active + distance]):
            pairs = np.stack([order[active], order[active + distance]], axis=1)
            apart = spread[pairs[:, 0]] ^ spread[pairs[:, 1]]
            close = (np.bitwise_count(apart) <= MOST_BITS) & ~_met_before(apart, band)
            found.append(_alike(pairs[close], thumbs, coarse))
            distance += 1
    return np.concatenate(found)


def _met_before(apart: np.ndarray, band: int) -> np.ndarray:
    """Whether an earlier band is equal too."""
    met = np.zeros(len(apart), dtype=bool)
    for earlier in range(band):
        met |= (apart >> np.uint64(16 * earlier)) & np.uint64(0xFFFF) == 0
    return met


def spread_bits(bits: np.ndarray) -> np.ndarray:
    """The same bits in other places."""
    moved = np.zeros_like(bits)
    for place in range(64):
        bit = (bits >> np.uint64(place)) & np.uint64(1)
        moved |= bit << np.uint64(SPREAD * place % 64)
    return moved


def _alike(pairs: np.ndarray, thumbs: np.ndarray, coarse: np.ndarray) -> np.ndarray:
    kept = [pairs[:0]]
    room = 2 * (1 - LEAST_LIKENESS)  # |u - v|^2 of unit vectors; no less in any subspace
    for start in range(0, len(pairs), AT_ONCE):
        part = pairs[start : start + AT_ONCE]
        part = part[((coarse[part[:, 0]] - coarse[part[:, 1]]) ** 2).sum(axis=1) <= room + 1e-5]
        one, other = (_centred(thumbs[part[:, side]]) for side in (0, 1))
        apart = np.abs(one - other).mean(axis=1)
        like = (_unit(one) * _unit(other)).sum(axis=1) >= LEAST_LIKENESS
        kept.append(part[like & (apart <= MOST_LEVELS)])
    return np.concatenate(kept)


def _coarse(thumbs: np.ndarray) -> np.ndarray:
    """(N, 27): the thumbs, centred and of length 1, projected on the means of 3 x 3 blocks."""
    block, rows = THUMB // 3, [np.zeros((0, 27), dtype=np.float32)]
    for start in range(0, len(thumbs), AT_ONCE):
        units = _unit(_centred(thumbs[start : start + AT_ONCE]))
        blocks = units.reshape(-1, 3, block, 3, block, 3)
        rows.append(blocks.sum(axis=(2, 4)).reshape(-1, 27) / block)
    return np.concatenate(rows)


def _centred(thumbs: np.ndarray) -> np.ndarray:
    levels = thumbs.astype(np.float32)
    return levels - levels.mean(axis=1, keepdims=True)


def _unit(levels: np.ndarray) -> np.ndarray:
    return levels / np.maximum(np.linalg.norm(levels, axis=1, keepdims=True), 1e-6)


def _connected(number: int, pairs: np.ndarray) -> np.ndarray:
    """For each row the least row that it hangs together with."""
    leader = list(range(number))

    def first(row: int) -> int:
        while leader[row] != row:
            leader[row] = row = leader[leader[row]]
        return row

    for one, other in np.unique(pairs, axis=0).tolist():
        low, high = sorted((first(one), first(other)))
        leader[high] = low
    return np.array([first(row) for row in range(number)], dtype=np.int64)


def _grouped(numbers: np.ndarray, which: np.ndarray) -> Groups:
    order = np.argsort(which, kind="stable")
    _, starts = np.unique(which[order], return_index=True)
    groups = np.split(numbers[order], starts[1:]) if len(order) else []
    return sorted(group.tolist() for group in groups if len(group) > 1)
