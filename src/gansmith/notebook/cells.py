"""The cells of the notebook of a run, in their order."""

from __future__ import annotations

import inspect
import shlex
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gansmith.data.cached import recipe_table
from gansmith.data.form import Form
from gansmith.evaluation.choosing import DRAWN, MOST_CLASSES, NEAREST, PER_CLASS
from gansmith.method import Method
from gansmith.metrics.measurement import Measurement
from gansmith.notebook import code
from gansmith.notebook.facts import facts, rows
from gansmith.notebook.show import MEASURED
from gansmith.notebook.subject import Subject
from gansmith.notebook.text import LANGUAGES, say, sections

if TYPE_CHECKING:
    from nbformat import NotebookNode


def cells(subject: Subject) -> list[NotebookNode]:
    """All of them but the report in words, which is written from what these compute."""
    values = _values(subject, subject.run.restored()[0])
    parts = {
        "title": _imports(subject),
        "data": code.DATA,
        "method": "",
        "training": _training(subject),
        "film": code.FILM,
        "losses": code.LOSSES,
        "best": code.BEST.format(drawn=DRAWN),
        "measures": code.MEASURES,
        "again": "",
    }
    made = []
    for name, text in parts.items():
        made.append(_words(name, subject.language, values))
        made += [_code(name, text)] if text else []
    return made


def report(subject: Subject, notebook: NotebookNode) -> NotebookNode:
    """The report in words, from what the cells of the executed notebook measured."""
    (shown,) = next(cell for cell in notebook.cells if cell.id == "measures").outputs
    measured = [Measurement.from_json(one) for one in shown.metadata["text/markdown"][MEASURED]]
    return _words("report", subject.language, facts(subject, measured))


def _words(name: str, language: str, values: dict[str, Any]) -> NotebookNode:
    from nbformat.v4 import new_markdown_cell

    return new_markdown_cell(say(language, name, **values), id=f"{name}-words")


def _code(name: str, text: str) -> NotebookNode:
    from nbformat.v4 import new_code_cell

    return new_code_cell(text, id=name)


def _values(subject: Subject, method: Method) -> dict[str, Any]:
    config, language = subject.run.config, subject.language
    lab, student = subject.lab
    table = rows(subject)
    recipe = config.data in recipe_table()
    return {
        "lab": lab,
        "student": student,
        "method": config.method.rpartition(":")[2],
        "data": subject.data_title,
        "height": config.spec.shape[1],
        "width": config.spec.shape[2],
        "crop": config.form.crop,
        "steps": subject.run.step,
        "equations": _equations(config.method, method, language),
        "table": say(
            language, "table", rows=table, preset=config.preset, has_paper=bool(table[0][2])
        ),
        "drawn": DRAWN,
        "by_class": 1 < config.spec.classes <= MOST_CLASSES,
        "classes": config.spec.classes,
        "per_class": PER_CLASS,
        "nearest": NEAREST,
        "fetch": f"gansmith data fetch {config.data}" if recipe else "",
        "command": subject.command,
        "run": shlex.quote(subject.places[-1]),
        "file": shlex.quote(subject.out.name),
        "language_flag": "" if language == LANGUAGES[0] else f" --language {language}",
        "versions": asdict(config.environment),
        "fingerprint": config.spec.fingerprint,
    }


def _equations(name: str, method: Method, language: str) -> str:
    """What is written here of a method, else what its file and class say of themselves."""
    if name in sections(language):
        return say(language, name)
    module = sys.modules[type(method).__module__].__doc__
    texts = [inspect.cleandoc(text) for text in (module, type(method).__doc__) if text]
    return say(language, "other", docstring="\n\n".join(texts))


def _imports(subject: Subject) -> str:
    start = Form()
    form = {k: v for k, v in vars(subject.run.config.form).items() if v != getattr(start, k)}
    return code.IMPORTS.format(data=subject.data_name, form=_arguments(form, ", "))


def _training(subject: Subject) -> str:
    method = subject.method_name
    return code.TRAINING.format(
        places=", ".join(f"Path({place!r})" for place in subject.places),
        again=f", method={method!r}" if subject.run.method_file else "",
        method=method,
        settings=_arguments(subject.settings, ",\n        "),
    )


def _arguments(values: dict[str, Any], between: str) -> str:
    return between.join(f"{name}={value!r}" for name, value in values.items())
