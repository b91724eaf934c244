"""The first five losses at seed 0: a change of them must be explained in the commit that makes it.

Kernels differ between processors, so the comparison is to four digits, not to the bit.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import gansmith

GOLDEN = Path(__file__).with_name("golden.json")
STEPS = 5


def first_losses(case, path: Path) -> dict[str, list[float]]:
    """The losses of each phase, at the steps that it is played at."""
    options = {"data": case.data, "steps": STEPS, "device": "cpu", "precision": "fp32"}
    run = gansmith.train(case.name, run=path, **options, **case.given)
    losses = {n: v for n, v in run.metrics.items() if n.endswith("/loss")}
    return {n: v[~np.isnan(v)].tolist() for n, v in losses.items()}


def test_the_first_losses_are_as_ever(case, tmp_path):
    expected = json.loads(GOLDEN.read_text())[str(case)]
    found = first_losses(case, tmp_path / "run")
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name] == pytest.approx(values, rel=1e-3, abs=1e-4), name
