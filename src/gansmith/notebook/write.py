"""Writes the notebook of a run and executes it."""

from __future__ import annotations

from pathlib import Path

from gansmith.errors import ConfigError
from gansmith.notebook.kernel import check_installed, execute
from gansmith.notebook.subject import Subject, check_subject
from gansmith.notebook.text import check_language
from gansmith.trained import Run
from gansmith.whole_file import write_whole


def write_notebook(run: Run, out: Path, language: str = "en") -> Path:
    """Write and execute the lab assignment on a run: data, method, training, samples, measures.

    Every cell runs in a kernel of its own; evaluation.json is written into a run without one; one
    that is there is used where it is a full one of the newest checkpoint, and never changed. The
    file is there whole, with all outputs, or not at all.

    Args:
        run: a trained run on images.
        out: LAB_ID.ipynb, such as Lab14-2_20191234.ipynb: the title and the student's id.
        language: "en" or "ko".

    Raises:
        ConfigError: no .ipynb, an unknown language, or packages that are not installed.
        RunError: a run that has no notebook, or a cell that failed.
    """
    if out.suffix != ".ipynb":
        raise ConfigError(f"--notebook {out}: give a file that ends in .ipynb.")
    check_language(language)
    check_installed()
    check_subject(run)
    import nbformat

    from gansmith.notebook.cells import cells, report

    subject = Subject(run, out, language)
    notebook = nbformat.v4.new_notebook(cells=cells(subject))
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python"
    }  # fmt: skip
    out.parent.mkdir(parents=True, exist_ok=True)
    execute(notebook, out.resolve().parent)
    notebook.cells.insert(-1, report(subject, notebook))
    nbformat.validate(notebook)
    write_whole(out, nbformat.writes(notebook).encode() + b"\n")
    return out
