"""Random numbers: a pure function of their key, in the stated distributions."""

from __future__ import annotations

import hashlib
import itertools
import math

import pytest
import torch

from gansmith.draws import Random, seed_of

KEY = (3, 17, "critic", 2)
MANY = 40_000


def every_kind(random: Random) -> list[torch.Tensor]:
    """One of each distribution, in a fixed order."""
    return [
        random.normal(3),
        random.uniform(),
        random.integers(10),
        random.uniform(2, 2, low=-1.0, high=1.0),
        random.normal(),
        random.integers(5, 4),
    ]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ((0,), b"(0,)"),
        ((0, "order", 12), b"(0, 'order', 12)"),
        (KEY, b"(3, 17, 'critic', 2)"),
        (("points", "8gaussians"), b"('points', '8gaussians')"),
    ],
    ids=str,
)
def test_a_seed_is_half_of_the_64_bit_hash_of_its_key(key, text):
    digest = hashlib.blake2b(text, digest_size=8).hexdigest()
    assert seed_of(*key) == int(digest, 16) // 2
    assert 0 <= seed_of(*key) < 2**63


def test_seeds_of_different_keys_differ():
    phases = ("critic", "generator", "order")
    keys = list(itertools.product(range(3), range(50), phases, range(5)))
    keys += [(1, 23), (12, 3), ("1", 23), (123,), ("12", "3")]
    assert len({seed_of(*key) for key in keys}) == len(keys)


def test_numbers_follow_from_the_key_alone():
    first = every_kind(Random(KEY, 8))
    torch.rand(5)
    every_kind(Random((3, 18, "critic", 2), 8))
    for one, two in zip(first, every_kind(Random(KEY, 8)), strict=True):
        assert one.equal(two)


@pytest.mark.parametrize(
    "other",
    [(4, 17, "critic", 2), (3, 18, "critic", 2), (3, 17, "generator", 2), (3, 17, "critic", 1)],
    ids=["seed", "step", "phase", "repeat"],
)
def test_numbers_change_with_each_part_of_the_key(other):
    one, two = Random(KEY, MANY).normal(), Random(other, MANY).normal()
    correlation = torch.corrcoef(torch.stack([one, two]))[0, 1]
    assert abs(correlation) < 5 / math.sqrt(MANY)


def test_draws_of_one_play_differ():
    random = Random(KEY, MANY)
    one, two = random.normal(), random.normal()
    assert abs(torch.corrcoef(torch.stack([one, two]))[0, 1]) < 5 / math.sqrt(MANY)


@pytest.mark.parametrize("processes", [2, 4])
def test_rows_of_all_processes_are_those_of_one(processes):
    share = 8 // processes
    parts = [
        every_kind(Random(KEY, 8, slice(rank * share, (rank + 1) * share)))
        for rank in range(processes)
    ]
    for whole, *pieces in zip(every_kind(Random(KEY, 8)), *parts, strict=True):
        assert {len(piece) for piece in pieces} == {share}
        assert torch.cat(pieces).equal(whole)


def test_shapes_start_with_the_rows():
    shapes = [tuple(drawn.shape) for drawn in every_kind(Random(KEY, 6))]
    assert shapes == [(6, 3), (6,), (6,), (6, 2, 2), (6,), (6, 4)]


def test_normal_moments():
    drawn = Random(KEY, MANY).normal().double()
    assert abs(drawn.mean()) < 5 / math.sqrt(MANY)
    assert abs(drawn.var() - 1) < 5 * math.sqrt(2 / MANY)
    assert abs(drawn.pow(4).mean() - 3) < 5 * math.sqrt(96 / MANY)  # E x⁸ - (E x⁴)² = 105 - 9


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0), (2.0, 2.5)])
def test_uniform_range_and_moments(low, high):
    drawn = Random(KEY, MANY).uniform(low=low, high=high)
    width = high - low
    assert low <= drawn.min() < low + 1e-3 * width
    assert high - 1e-3 * width < drawn.max() < high
    assert abs(drawn.mean() - (low + high) / 2) < 5 * width / math.sqrt(12 * MANY)
    assert abs(drawn.var() - width**2 / 12) < 5 * width**2 / math.sqrt(180 * MANY)


def test_integers_are_even():
    drawn = Random(KEY, MANY).integers(10)
    assert drawn.dtype is torch.int64
    counts = torch.bincount(drawn)
    assert len(counts) == 10
    assert (counts - MANY / 10).abs().max() < 5 * math.sqrt(MANY * 0.1 * 0.9)


def test_the_global_generator_is_left_alone():
    before = torch.random.get_rng_state()
    every_kind(Random(KEY, 8))
    assert torch.random.get_rng_state().equal(before)


def test_the_global_generator_has_no_influence():
    with torch.random.fork_rng():
        torch.manual_seed(1)
        one = every_kind(Random(KEY, 8))
        torch.manual_seed(2)
        two = every_kind(Random(KEY, 8))
    assert all(a.equal(b) for a, b in zip(one, two, strict=True))
