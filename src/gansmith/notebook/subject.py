"""What a notebook is of: a run, and how it is named and trained anew from where the notebook is."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gansmith.batch import Points, UnpairedImages
from gansmith.config import choose_method
from gansmith.data import DATASETS
from gansmith.data.cached import recipe_table
from gansmith.data.form import written
from gansmith.data.hub import PREFIX, address
from gansmith.errors import RunError
from gansmith.method import Method
from gansmith.trained import Run


@dataclass(frozen=True)
class Subject:
    """A run, seen from the folder of its notebook."""

    run: Run
    out: Path
    """The notebook's file."""
    language: str

    @property
    def lab(self) -> tuple[str, str]:
        """(title, student id) as the file name LAB_ID.ipynb has them."""
        found = re.fullmatch(r"(.+)_([^_]+)", self.out.stem)
        return (found[1], found[2]) if found else (self.out.stem, "ID")

    @property
    def method_name(self) -> str:
        """What `gansmith.train` is given."""
        name = self.run.method_file
        if name is None:
            return self.run.config.method
        path, _, attribute = name.rpartition(":")
        return f"{relative(Path(path), self.out)}:{attribute}"

    @property
    def data_name(self) -> str:
        """What `--data` is given in the notebook's folder: a name, or relative paths."""
        data = self.run.config.data
        if data in DATASETS or (data in recipe_table() and not Path(data).is_absolute()):
            return data
        if data.startswith(PREFIX):
            name = address(data).name
            here = relative(Path(name), self.out) if Path(name).is_absolute() else name
            return PREFIX + here + data.removeprefix(PREFIX + name)
        parts = [data] if Path(data).exists() else data.split(",")
        return ",".join(relative(Path(part), self.out) for part in parts)

    @property
    def data_title(self) -> str:
        """What the data is called in a text."""
        names = [Path(part.partition("?")[0]) for part in self.data_name.split(",")]
        return ", ".join(name.name for name in names)

    @property
    def places(self) -> list[str]:
        """Where the run is looked for: where it lies, then beside the notebook."""
        return list(
            dict.fromkeys([relative(self.run.path, self.out), self.run.path.resolve().name])
        )

    @property
    def chosen(self) -> Method:
        """The method with its preset, before single hyper-parameters were given."""
        config = self.run.config
        name = self.run.method_file or config.method
        return choose_method(name, config.preset, config.spec.batch.__name__)

    @property
    def settings(self) -> dict[str, Any]:
        """What `gansmith.train` is given besides method, data and run; the rest are defaults."""
        config = self.run.config
        form = {name: value for name, value in vars(config.form).items() if f"--{name}" in
                config.form.changes()}  # fmt: skip
        training = config.training
        every = {"steps": self.run.step, "seed": training.seed, "precision": training.precision}
        rhythm = {"sample_every": training.sample_every}
        preset = {"preset": config.preset} if config.preset else {}
        chosen = self.chosen
        fields = {k: v for k, v in config.fields.items() if v != getattr(chosen, k)}
        return {**form, **every, **rhythm, **preset, **fields}

    @property
    def command(self) -> str:
        """The same on the command line, where the notebook's folder is the working directory."""
        words = ["gansmith", "train", self.method_name, "--data", self.data_name]
        words += ["--run", self.places[-1]]
        for name, value in self.settings.items():
            flag = "--" + name.replace("_", "-")
            if isinstance(value, bool):
                words.append(flag if value else flag.replace("--", "--no-", 1))
            elif name == "size":
                words += [flag, written(value)]
            else:
                words += [flag, *map(str, value if isinstance(value, tuple) else (value,))]
        return shlex.join(words)


def check_subject(run: Run) -> None:
    """Refuse what no notebook can be made of.

    Raises:
        RunError: a run without a checkpoint, or of no images of one domain.
    """
    if run.config.spec.batch in (Points, UnpairedImages):
        kind = run.config.spec.batch.__name__
        raise RunError(
            f"{run.path} is of {kind}: a notebook is made of runs on images of one kind."
        )
    if not run.step:
        raise RunError(f"{run.path} has no checkpoint yet: train it, then write its notebook.")


def relative(path: Path, out: Path) -> str:
    """A path as seen from the folder of the file `out`, with slashes.

    Raises:
        RunError: there is no such way, as between two drives.
    """
    try:
        return Path(os.path.relpath(path.resolve(), out.resolve().parent)).as_posix()
    except ValueError as error:
        raise RunError(f"{path} and {out} lie on different drives: write it beside.") from error
