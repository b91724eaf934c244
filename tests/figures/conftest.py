"""What keeps figures quick in tests: few samples, seen through features that need no training."""

from __future__ import annotations

import pytest

from gansmith.figures import ae_vs_vae, checkerboard, density, progress, robustness
from gansmith.metrics.judge import make_judge


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """40 samples, random features."""
    monkeypatch.setattr("gansmith.figures.judged.make_judge", lambda x: make_judge(x, "random"))
    monkeypatch.setattr(ae_vs_vae, "SAMPLES", 40)
    for figure in (checkerboard, density, progress, robustness):
        monkeypatch.setattr(figure, "NUMBER", 40)
