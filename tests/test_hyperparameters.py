"""Values by name: types, ranges and the words of a refusal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest

from gansmith.errors import ConfigError
from gansmith.hyperparameters import checked, with_fields
from gansmith.method import Count, Fraction, NotNegative, Range
from gansmith.methods import find


@dataclass(frozen=True, kw_only=True)
class Values:
    """A field of each kind."""

    count: Count = 1
    fraction: Fraction = 0.5
    weight: NotNegative = 1.0
    cold: Annotated[float, Range(high=0.0)] = -1.0
    any_number: float = 0.0
    pair: tuple[Fraction, Fraction] = (0.5, 0.9)
    widths: tuple[Count, ...] = (1,)
    none_at_first: tuple[str, ...] = ()
    choice: Literal["left", "right"] = "left"
    switch: bool = False
    text: str = ""
    perhaps: int | None = None
    perhaps_count: Count | None = None
    file: Path = Path()
    free: Any = None
    either: int | str = 0


ACCEPTED = [
    ("count", 3, 3),
    ("count", np.int64(3), 3),
    ("fraction", 1, 1.0),
    ("fraction", np.float32(0.5), 0.5),
    ("weight", 10**20, 1e20),
    ("cold", 0, 0.0),
    ("pair", [0, 0.5], (0.0, 0.5)),
    ("widths", [8, 16, 32], (8, 16, 32)),
    ("choice", "right", "right"),
    ("switch", True, True),
    ("perhaps", None, None),
    ("perhaps", -1, -1),
    ("file", "a/b", Path("a/b")),
    ("text", Path("a/b"), str(Path("a/b"))),
    ("free", object, object),
    ("either", "x", "x"),
]
REFUSED = [
    ("count", 0, "--count 0: expected a whole number of at least 1."),
    ("count", 1.5, "expected a whole number"),
    ("count", 2.0, "expected a whole number"),
    ("count", True, "expected a whole number"),
    ("count", "3", "--count '3': expected a whole number"),
    ("count", None, "expected a whole number"),
    ("count", 2**63, "below 2^63"),
    ("fraction", 1.5, "--fraction 1.5: expected a number from 0 to 1."),
    ("fraction", -1, "expected a number from 0 to 1"),
    ("fraction", math.nan, "--fraction nan: expected a finite number."),
    ("weight", math.inf, "expected a finite number"),
    ("weight", -1e-9, "expected a number of at least 0"),
    ("cold", 1, "expected a number of at most 0"),
    ("any_number", math.nan, "--any-number nan: expected a finite number."),
    ("any_number", 10**400, "expected a finite number"),
    ("any_number", "x", "expected a number"),
    ("any_number", False, "expected a number"),
    ("pair", [0.5], "expected 2 values"),
    ("pair", [0.5, 1.5], "--pair 1.5: expected a number from 0 to 1."),
    ("pair", 0.5, "expected a list of values"),
    ("pair", "ab", "expected a list of values"),
    ("widths", [8, 0], "--widths 0: expected a whole number of at least 1."),
    ("choice", "up", "--choice 'up': expected left or right."),
    ("switch", 1, "expected true or false"),
    ("text", 3, "expected text"),
    ("perhaps", "x", "expected a whole number"),
    ("perhaps_count", 0, "expected a whole number of at least 1"),
    ("file", 3, "expected a path"),
]


@pytest.mark.parametrize(("name", "value", "held"), ACCEPTED)
def test_a_value_becomes_what_the_field_holds(name, value, held):
    found = checked(Values, {name: value})[name]
    assert found == held and type(found) is type(held)


@pytest.mark.parametrize(("name", "value", "words"), REFUSED)
def test_another_value_is_refused_in_words(name, value, words):
    with pytest.raises(ConfigError) as refusal:
        checked(Values, {name: value})
    assert words in str(refusal.value)


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(ConfigError, match=r"Values has no 'cuont'\. Did you mean count\?"):
        checked(Values, {"cuont": 3})


def test_every_default_of_every_method_is_a_value_that_is_accepted(case):
    method = case.method()
    assert with_fields(method, vars(method)) == method


def test_a_copy_is_made_and_the_method_stays_as_it_was(case):
    method = case.method()
    other = with_fields(method, {"batch_size": 3})
    assert (other.batch_size, method.batch_size) == (3, case.given["batch_size"])


def test_a_list_that_may_have_any_length_is_not_emptied():
    with pytest.raises(ConfigError, match="--hidden: give at least one value"):
        with_fields(find("gan")(), {"hidden": []})


def test_a_list_that_is_empty_by_default_may_stay_so():
    assert checked(Values, {"none_at_first": []}) == {"none_at_first": ()}
