"""The texts of a notebook: what its cells show and say, without executing them."""

from __future__ import annotations

from gansmith.evaluation.evaluation import Evaluation
from gansmith.metrics.measurement import Measurement
from gansmith.notebook import show

ONE = Measurement(key="recall", name="Recall", value=0.25, better="higher", n=40, n_reference=1000,
                  reference="held-out", interval=(0.125, 0.5), least=2000)  # fmt: skip


def evaluation(*measurements: Measurement, **left_out: str) -> Evaluation:
    return Evaluation(
        run="r", method="gan", data="mnist", step=1, checkpoint="latest", n=40, seed=0,
        measurements=measurements, left_out=left_out, features={},
    )  # fmt: skip


def test_the_table_says_of_each_number_how_far_to_trust_it():
    head, _, row, _, left_out = show.table(evaluation(ONE, score="no labels")).data.split("\n")
    assert head.count("|") == row.count("|") == 8
    assert [cell.strip() for cell in row.split("|")[1:-1]] == [
        "Recall", "↑", "0.25", "0.125 to 0.5", "40", "1,000 held-out", ONE.trust
    ]  # fmt: skip
    assert "too few" in ONE.trust and left_out == "- left out: score: no labels"
