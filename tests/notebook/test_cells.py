"""The texts of a notebook: what its cells show and say, without executing them."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest

from gansmith.evaluation.evaluation import SAMPLES, Evaluation
from gansmith.metrics.measurement import Measurement
from gansmith.notebook import look, show
from gansmith.notebook.escaped import code, escaped, prose, span
from gansmith.notebook.text import LANGUAGES, say
from gansmith.trained import load

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


HOSTILE = "a<img src=x onerror=alert(1)>`*b*`|[c](javascript:d)\n\n# $\\href{javascript:e}{f}$ &lt;"
LIVE = re.compile(r"<(?!/?span>)|[`|*\[\]$\\]|\n")


def test_names_of_others_stay_text_in_every_section_and_cell(tmp_path):
    shown = escaped(HOSTILE)
    assert not LIVE.search(shown)
    assert html.unescape(re.sub("</?span>", "", shown)).split() == HOSTILE.split()
    bad = replace(ONE, name=HOSTILE, notes=(HOSTILE,))
    _, _, row, _, left_out = show.table(evaluation(bad, **{HOSTILE: HOSTILE})).data.split("\n")
    assert row.count("|") == 8 and row.count(shown) == 2
    assert left_out == f"- left out: {shown}: {shown}"
    for language in LANGUAGES:
        values = {"lab": HOSTILE, "method": HOSTILE, "data": HOSTILE, "student": HOSTILE}
        title = say(language, "title", **values, width=1, height=1, steps=1)
        assert title.count(shown) == 4 and "<img" not in title
        assert say(language, "method", equations=title, table="").count(title) == 1


def test_a_docstring_keeps_its_lines_and_code_its_letters():
    assert prose("One <b>.\n\n  Two.") == "One &#60;b&#62;.\n\nTwo."
    assert span("a`b|c\n<i>") == "`a'b\\|c�<i>`"
    assert code("cd 'a`b'\n```\n<i>") == "cd 'a`b'�```�<i>"
    row = ("loss`", "<x>", "")
    table = say("en", "table", rows=[row], preset=None, has_paper=False)
    assert "| `loss'` | &#60;x&#62; |" in table


@pytest.fixture
def run(tiny_run):
    """A run on the digits, which may be written into."""
    return load(tiny_run)


@pytest.mark.parametrize(
    ("change", "used"),
    [
        ({}, True),
        ({"n": SAMPLES - 1}, False),
        ({"measures": ("frechet",)}, False),
        ({"step": 1}, False),
        ({"measures_format": 0}, False),
    ],
    ids=str,
)
def test_only_a_full_evaluation_is_used_and_none_is_written_over(run, monkeypatch, change, used):
    wanted = {"step": run.step, "n": SAMPLES, **change}
    there = replace(evaluation(ONE), **wanted)
    there.write(run.directory.evaluation)
    asked = []
    monkeypatch.setattr(look, "evaluate", lambda run, write=True: asked.append(write))
    found = look.evaluation_of(run)
    assert (found == there, asked) == ((True, []) if used else (False, [False]))


def test_a_run_without_an_evaluation_keeps_the_new_one(run, monkeypatch):
    asked = []
    monkeypatch.setattr(look, "evaluate", lambda run, write=True: asked.append(write))
    look.evaluation_of(run)
    assert asked == [True]


def test_the_report_is_written_from_what_the_cell_showed():
    data, metadata = show.table(evaluation(ONE))._repr_markdown_()
    (raw,) = json.loads(json.dumps(metadata[show.MEASURED]))
    assert ONE.name in data and Measurement.from_json(raw) == ONE
