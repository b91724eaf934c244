"""The checkpoints of a run: which are kept, what stands in one, which is the newest whole one."""

from __future__ import annotations

import errno
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from gansmith.errors import RunError
from gansmith.training.engine import Engine
from gansmith.training.lasting import (
    DamagedError,
    put_in_place,
    read,
    write_manifest,
    write_tensors,
)
from gansmith.training.state import TrainState, optimizer_tensors, restore_optimizers

BEST = "best"
"""The folder of the weights that were best of those that were measured."""
KEPT = 3
"""Newest checkpoints that are kept; a folder whose name is no number is always kept."""


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of one run.

    Args:
        folder: where they are.
        kept: how many numbered ones stay.
    """

    folder: Path
    kept: int = KEPT

    def path(self, step: int) -> Path:
        """Where the checkpoint of a step is."""
        return self.folder / f"{step:09d}"

    def steps(self) -> list[int]:
        """The steps that have a checkpoint, whole or not, in order."""
        if not self.folder.is_dir():
            return []
        return sorted(int(entry.name) for entry in self.folder.iterdir() if entry.name.isdigit())

    def save(self, state: TrainState, engine: Engine, name: str | None = None) -> Path:
        """Write the state; every process calls it, the others write only their own buffers.

        Raises:
            RunError: the disk is full or the folder cannot be written; older checkpoints are whole.
        """
        final = self.folder / name if name else self.path(state.step)
        aside = self.folder / f".{final.name}.writing"
        try:
            if engine.leads:
                shutil.rmtree(aside, ignore_errors=True)
                aside.mkdir(parents=True)
            engine.wait()
            write_tensors(aside, _tensors(state, engine))
            engine.wait()
            if engine.leads:
                write_manifest(aside, state.step)
                put_in_place(aside, final)
                self._drop_old()
        except OSError as error:
            shutil.rmtree(aside, ignore_errors=True)
            raise RunError(_cannot_write(self.folder, error)) from error
        engine.wait()
        return final

    def restore(self, state: TrainState, engine: Engine, path: Path) -> None:
        """Load a checkpoint into a state built for the same method.

        Raises:
            DamagedError: a file is missing or changed.
        """
        manifest, files = read(path)
        _load_modules(state, files["networks"])
        restore_optimizers(state, files["optimizers"])
        if f"buffers-{engine.rank}" in files:  # not where there were fewer processes then
            _load_modules(state, files[f"buffers-{engine.rank}"], strict=False)
        state.step = manifest["step"]

    def newest_whole(self, say: Callable[[str], None]) -> Path:
        """The newest checkpoint that is undamaged; each damaged one is named through `say`.

        Raises:
            RunError: there is none.
        """
        for step in reversed(self.steps()):
            try:
                read(self.path(step))
                return self.path(step)
            except DamagedError as error:
                say(f"{error} Going back to the one before.")
        raise RunError(f"No whole checkpoint in {self.folder}: the run cannot be continued.")

    def chosen(self, which: str, say: Callable[[str], None] = lambda words: None) -> Path:
        """The checkpoint that is meant by "latest", by "best" or by the number of a step.

        Raises:
            RunError: there is none such.
        """
        if which == "latest":
            return self.newest_whole(say)
        if which != BEST and not re.fullmatch("[0-9]{1,12}", which):
            raise RunError(f"No checkpoint {which!r}: give best, latest or the number of a step.")
        path = self.folder / which if which == BEST else self.path(int(which))
        if not path.is_dir():
            there = ", ".join(map(str, self.steps())) or "none"
            hint = " A run keeps its best one when it is trained with --evaluate-every."
            raise RunError(
                f"{self.folder} has no checkpoint {which!r}. There: {there}."
                f"{hint if which == 'best' else ''}"
            )
        return path

    def step_of(self, name: str) -> int | None:
        """The step that a named checkpoint is of; None where there is none, or a damaged one."""
        try:
            return int(json.loads((self.folder / name / "manifest.json").read_text())["step"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _drop_old(self) -> None:
        for step in self.steps()[: -self.kept]:
            shutil.rmtree(self.path(step), ignore_errors=True)


def _tensors(state: TrainState, engine: Engine) -> dict[str, dict[str, Tensor]]:
    """What this process writes, by file."""
    if not engine.leads:  # its own buffers: batch statistics and image pools differ by process
        return {f"buffers-{engine.rank}": _module_tensors(state, buffers_only=True)}
    return {"networks": _module_tensors(state), "optimizers": optimizer_tensors(state)}


def _modules(state: TrainState) -> dict[str, nn.Module]:
    return {"nets": state.nets, "averaged": state.averaged}


def _module_tensors(state: TrainState, buffers_only: bool = False) -> dict[str, Tensor]:
    return {
        f"{group}.{name}": tensor
        for group, module in _modules(state).items()
        for name, tensor in (
            dict(module.named_buffers()) if buffers_only else module.state_dict()
        ).items()
    }


def _load_modules(state: TrainState, tensors: Mapping[str, Tensor], strict: bool = True) -> None:
    for group, module in _modules(state).items():
        mine = {
            name.removeprefix(f"{group}."): tensor
            for name, tensor in tensors.items()
            if name.startswith(f"{group}.")
        }
        try:
            module.load_state_dict(mine, strict=strict)
        except RuntimeError as error:
            raise DamagedError(f"The checkpoint is of other networks: {error}") from error


def _cannot_write(folder: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        cause = "the disk is full. Free some space"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        cause = "it cannot be written. Change its permissions"
    else:
        cause = f"{error}. Mend that"
    return (
        f"No checkpoint written to {folder}: {cause} and continue with `gansmith resume`; "
        "the checkpoints before are whole."
    )
