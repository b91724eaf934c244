"""Two parallel lines, against the closed forms of the source's example 1."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from gansmith.figures.asked import Asked
from gansmith.figures.parallel_lines import draw


def test_js_is_constant_and_w_is_linear(tmp_path: Path) -> None:
    rows = draw(Asked(tmp_path)).numbers["rows"]
    for row in rows:
        apart = abs(row["theta"])
        assert row["wasserstein"] == pytest.approx(apart, abs=0.05)
        expected = math.log(2) if apart > 1e-9 else 0.0
        assert row["jensen_shannon"] == pytest.approx(expected, abs=1e-9)
