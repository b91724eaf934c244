"""The words: the same in each language, each used, each with the same places to fill."""

from __future__ import annotations

import dataclasses
import re
import string
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gansmith.config import choose_method
from gansmith.evaluation import choosing, table
from gansmith.evaluation.evaluation import Evaluation
from gansmith.hyperparameters import with_fields
from gansmith.methods import METHODS
from gansmith.metrics import WORDS
from gansmith.metrics.measurement import Measurement
from gansmith.report import maths, words
from gansmith.report.measures import named, reason, summary
from gansmith.report.words import byte_size, duration
from gansmith.run.directory import RunDirectory

EXAMPLE = f"{Path(__file__).parents[2] / 'examples' / 'my_gan.py'}:MyGAN"
HERE = Path(words.__file__).parent


def flat(language: str) -> dict[tuple[str, str], str]:
    return {
        (section, key): text
        for section, table in words.words(language).items()
        for key, text in table.items()
    }


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_languages_have_the_same_keys_and_places():
    english, korean = flat("en"), flat("ko")
    assert list(english) == list(korean)
    assert {k: places(t) for k, t in english.items()} == {k: places(t) for k, t in korean.items()}


def test_korean_is_korean():
    names = {"animation", "paper"}
    for (section, key), text in flat("ko").items():
        if text and key not in names:
            assert re.search("[가-힣]|^{|^생성", text), (section, key)


def test_every_key_is_used():
    keys_from = [Path(choosing.__file__), Path(table.__file__)]
    sources = [*HERE.glob("*.py"), HERE / "report.html", *keys_from]
    source = "".join(path.read_text() for path in sources)
    run = RunDirectory(Path("run"))
    files = [run.config, run.metrics, run.timing, run.samples, run.animation, run.losses,
             run.losses.with_suffix(".svg"), run.checkpoints, run.evaluation,
             run.pairs]  # fmt: skip
    named = {path.name for path in files}
    for section, key in flat("en"):
        if section == "need" or key in named:
            continue
        direct = rf"w\.{section}\.{key}\b"
        assert re.search(rf'{direct}|"{key}"', source), (section, key)
    assert named <= set(words.words("en")["files"])


def test_reasons_of_measures_are_known():
    english = words.words("en")["need"]
    assert english == {key: WORDS[key] for key in english}
    assert reason(WORDS["held-out"], words.words("ko")) == words.words("ko")["need"]["held-out"]
    assert reason("another", words.words("ko")) == "another"


@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_told_in_each_language_with_well_formed_mathematics(name):
    method = choose_method(name, None, "LabeledImages")
    for language in words.LANGUAGES:
        told = maths.explain(name, method, language)
        assert len(told.text) > 200 and told.equations and not told.english
        for one in told.equations:
            assert one.about
            root = ElementTree.fromstring(one.math)
            assert root.tag == "math" and len(list(root.iter("mi"))) > 1
            for element in root.iter():
                assert len(element) == {"msub": 2, "msup": 2, "munder": 2, "mover": 2}.get(
                    element.tag, len(element)
                )


def test_the_form_of_the_loss_that_was_used_is_marked():
    method = with_fields(choose_method("gan", None, "Points"), {"loss": "minimax"})
    used = [one.about for one in maths.explain("gan", method, "en").equations if one.used]
    assert used == ["The generator minimises, minimax"]


def test_a_method_of_the_user_is_told_by_its_docstring():
    class Own:
        """The first.

        The second.
        """

    assert maths.explain("Own", Own(), "ko") == maths.Explained("The first.", [], True)
    silent = choose_method(EXAMPLE, None, "LabeledImages")
    told = maths.explain("MyGAN", silent, "en").text
    assert told.startswith("A relativistic GAN with R1 + R2 (Huang et al. 2024")


def test_measures_are_named_in_korean_where_a_name_is_known():
    names = words.measure_names("ko")
    one = Measurement(key="frechet", name="Fréchet distance (classifier features)", value=1,
                      better="lower", n=2, n_reference=3)  # fmt: skip
    assert named(one, names) == "프레셰 거리 (classifier)"
    assert named(dataclasses.replace(one, name="FID"), names) == "FID"
    assert named(dataclasses.replace(one, key="new", name="New (x)"), names) == "New (x)"
    assert named(one, words.measure_names("en")) == one.name


def test_sizes_and_times():
    w = words.words("en")
    assert [byte_size(n) for n in (999, 1000, 5 * 10**12)] == ["999 B", "1.0 kB", "5000.0 GB"]
    told = [duration(seconds, w) for seconds in (0.25, 61, 59.7, 7325)]
    assert told == ["0.2 s", "1 min 1 s", "1 min 0 s", "2 h 2 min"]


def test_the_summary_says_what_the_numbers_rest_on():
    w = words.words("en")
    one = Measurement(key="recall", name="recall", value=0.5, better="higher", n=10,
                      n_reference=3, interval=(0.4, 0.6))  # fmt: skip
    few = dataclasses.replace(one, key="frechet", name="Distance (x features)",
                              better="lower", least=11,
                              interval=None)  # fmt: skip
    told = summary(_evaluation(one, few), w, {})
    assert told == (
        "Distance 0.5 (lower is better, too few samples); "
        "recall 0.5 (higher is better, 95 %: 0.4 to 0.6). "
        "1 of 2 numbers rest on too few samples: read those as hints."
    )
    assert summary(_evaluation(one), w, {}).endswith(w["summary"]["one"])
    assert summary(_evaluation(few), w, {}).endswith(w["summary"]["one_few"])
    assert summary(_evaluation(one, one), w, {}).endswith("All 2 numbers rest on enough samples.")
    assert summary(_evaluation(few, few), w, {}).endswith(w["summary"]["none"])
    assert summary(_evaluation(), w, {}) == w["summary"]["nothing"]


def _evaluation(*measurements: Measurement) -> Evaluation:
    return Evaluation(run="r", method="gan", data="mnist", step=1, checkpoint="latest", n=10,
                      seed=0, measurements=measurements, left_out={}, features={})  # fmt: skip
