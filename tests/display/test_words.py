"""Numbers in words."""

from __future__ import annotations

import math

import pytest

from gansmith.display.words import human_bytes, human_seconds, packed, rate, terms


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (4.24, "4.2 s"),
        (9.96, "10 s"),
        (45.4, "45 s"),
        (59.6, "1 min 00 s"),
        (122, "2 min 02 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 00 min"),
        (11_100, "3 h 05 min"),
        (187_200, "2 d 04 h"),
        (1e9, "11574 d 02 h"),
        (math.inf, "unknown"),
        (math.nan, "unknown"),
        (-1, "unknown"),
    ],
)
def test_seconds(seconds: float, words: str) -> None:
    assert human_seconds(seconds) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_951, "1.0 MB"),
        (3.21e9, "3.2 GB"),
        (7e15, "7000.0 TB"),
    ],
)
def test_bytes(count: float, words: str) -> None:
    assert human_bytes(count) == words


def test_terms() -> None:
    values = {"a": 0.612, "b": -12_345.6, "c": 0.00123, "d": 0.0, "e": 3e8, "f": math.nan}
    assert terms(values) == ["a 0.61", "b -12,346", "c 1.2e-03", "d 0.00", "e 3.0e+08", "f nan"]


def test_rates() -> None:
    rates = [rate(speed, "steps") for speed in (0.251, 31.24, 99.96, 1996)]
    assert rates == ["0.25 steps/s", "31.2 steps/s", "100 steps/s", "1,996 steps/s"]


def test_phrases_are_packed_but_not_broken() -> None:
    assert packed(["aaaa", "bb", "cc", "a long one", "d"], 9) == [
        "aaaa · bb",
        "cc",
        "a long one",
        "d",
    ]
    assert packed(["aaaa", "bb", "cc"], 9, indent=1) == ["aaaa", "bb · cc"]
    assert packed([], 9) == []
