"""docs/results.md says what the stored results say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent.parent / "benchmarks" / "results_page.py"


@pytest.mark.skipif(not PROGRAM.exists(), reason="benchmarks are not part of the package's archive")
def test_the_page_is_what_the_results_say() -> None:
    checked = subprocess.run(
        [sys.executable, str(PROGRAM), "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
