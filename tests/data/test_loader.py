"""Batches as a pure function of (seed, step, repeat), by row numbers that can be read off."""

from __future__ import annotations

import gc
import math
import weakref
from collections import Counter

import pytest
import torch

from gansmith.batch import DataSet, DataSpec, Points
from gansmith.data.loader import Loader


def numbers(size: int) -> DataSet:
    """A set whose sample number i is the number i."""
    samples = torch.arange(float(size))[:, None]
    spec = DataSpec(name="numbers", batch=Points, shape=(1,), size=size)
    made = DataSet(spec=spec, take=lambda rows: Points(samples[rows]), to=lambda device: made)
    return made


def served(loader: Loader, step: int, repeat: int, rows: int) -> list[int]:
    """The sample numbers of one batch."""
    return loader(step, repeat, rows).x.flatten().long().tolist()


def epoch(loader: Loader, batches: int, rows: int, repeats: int = 1) -> list[int]:
    """The sample numbers of this many batches in a row."""
    places = [divmod(batch, repeats) for batch in range(batches)]
    return [number for place in places for number in served(loader, *place, rows)]


def test_a_batch_follows_from_seed_step_and_repeat_alone():
    places = [(step, repeat) for step in range(8) for repeat in range(2)]
    forward, backward = (Loader(numbers(10), 5, repeats=2) for _ in range(2))
    expected = {place: served(forward, *place, 4) for place in places}
    for place in reversed(places):
        assert served(backward, *place, 4) == expected[place]
        assert served(Loader(numbers(10), 5, repeats=2), *place, 4) == expected[place]


@pytest.mark.parametrize(
    ("size", "rows", "repeats"),
    [(12, 4, 1), (10, 4, 1), (10, 7, 1), (10, 4, 3), (10, 10, 2), (1, 1, 1)],
    ids=str,
)
def test_every_sample_once_in_each_pass(size, rows, repeats):
    stream = epoch(Loader(numbers(size), 0, repeats), size * 4, rows, repeats)
    for start in range(0, len(stream), size):
        assert sorted(stream[start : start + size]) == list(range(size))


def test_a_batch_that_straddles_passes_takes_the_rest_of_one_and_the_start_of_the_next():
    loader = Loader(numbers(10), 0)
    stream = epoch(loader, 5, 4)
    before, between = set(stream[:8]), served(loader, 2, 0, 4)
    assert set(between[:2]) == set(range(10)) - before
    assert set(between[2:]).isdisjoint(stream[12:20]) and len(set(between[2:])) == 2


@pytest.mark.parametrize(("size", "rows"), [(3, 8), (1, 4), (5, 64)], ids=str)
def test_a_set_smaller_than_a_batch(size, rows):
    loader = Loader(numbers(size), 0)
    stream = epoch(loader, 4, rows)
    assert len(stream) == 4 * rows
    for start in range(0, len(stream) - size + 1, size):
        assert sorted(stream[start : start + size]) == list(range(size))
    whole, rest = divmod(rows, size)
    assert set(Counter(served(loader, 0, 0, rows)).values()) <= {whole, whole + (rest > 0)}


def test_passes_have_orders_of_their_own():
    stream = epoch(Loader(numbers(50), 0), 8, 50)
    orders = {tuple(stream[start : start + 50]) for start in range(0, 400, 50)}
    assert len(orders) == 8 and tuple(range(50)) not in orders


def test_all_orders_are_equally_likely():
    passes = 1200
    stream = epoch(Loader(numbers(3), 1), passes // 4, 12)
    orders = Counter(tuple(stream[start : start + 3]) for start in range(0, len(stream), 3))
    assert len(orders) == 6
    sd = math.sqrt(passes * (1 / 6) * (5 / 6))
    assert all(abs(count - passes / 6) < 5 * sd for count in orders.values())


@pytest.mark.parametrize("processes", [2, 4])
def test_processes_share_out_the_global_batch(processes):
    one = Loader(numbers(11), 3, repeats=2)
    several = [
        Loader(numbers(11), 3, repeats=2, process=(rank, processes)) for rank in range(processes)
    ]
    for step in range(6):
        for repeat in range(2):
            parts = [served(loader, step, repeat, 8) for loader in several]
            assert {len(part) for part in parts} == {8 // processes}
            assert [number for part in parts for number in part] == served(one, step, repeat, 8)


def test_phases_of_one_step_see_the_same_batch():
    loader = Loader(numbers(20), 0, repeats=3)
    critic = [served(loader, 4, repeat, 5) for repeat in range(3)]
    assert served(loader, 4, 0, 5) == critic[0]
    assert not set(critic[0]) & set(critic[1])  # a fresh one for each repeat


def test_batches_of_past_steps_are_let_go():
    loader = Loader(numbers(20), 0, repeats=2)
    past = [weakref.ref(loader(step, repeat, 4).x) for step in range(5) for repeat in range(2)]
    loader(5, 0, 4)
    gc.collect()
    assert all(batch() is None for batch in past)


def test_seeds_give_different_orders():
    orders = {tuple(epoch(Loader(numbers(30), seed), 1, 30)) for seed in range(20)}
    assert len(orders) == 20


def test_the_global_generator_is_left_alone():
    before = torch.random.get_rng_state()
    epoch(Loader(numbers(10), 0), 5, 4)
    assert torch.random.get_rng_state().equal(before)


def test_a_distant_step_is_as_near_as_the_first():
    near, far = Loader(numbers(10), 0), Loader(numbers(10), 0)
    epoch(near, 2500, 4)
    assert served(near, 2500, 0, 4) == served(far, 2500, 0, 4)
