"""What is known against the features is said below the numbers."""

from __future__ import annotations

import pytest

from gansmith.evaluation.evaluation import Evaluation
from gansmith.evaluation.table import show


@pytest.mark.parametrize("facts", [{"warning": "It has learned next to nothing."}, {}])
def test_a_warning_of_the_features_is_shown(capsys, facts):
    show(
        Evaluation(
            run="run",
            method="gan",
            data="mnist",
            step=4,
            checkpoint="latest",
            n=2,
            seed=0,
            measurements=(),
            left_out={},
            features={"name": "classifier", "facts": facts},
        )
    )
    said = "classifier features: It has learned next to nothing." in capsys.readouterr().out
    assert said == bool(facts)
