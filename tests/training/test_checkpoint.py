"""Checkpoints survive damage, full disks and missing rights."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
import torch

from gansmith.errors import RunError
from gansmith.training import lasting
from gansmith.training.checkpoint import Checkpoints
from gansmith.training.engine import Engine
from gansmith.training.lasting import DamagedError
from gansmith.training.loop import Game, Moment, make_loader, train
from gansmith.training.record import Recorder
from gansmith.training.state import TrainState, initial_state, optimizer_tensors

ENGINE = Engine(torch.device("cpu"))


@pytest.fixture
def state(case) -> TrainState:
    """A state two steps into training, so that optimizers have something to remember."""
    return trained(case, 2)


def trained(case, steps: int) -> TrainState:
    """A state some steps into training."""
    method, data = case.method(), case.data_set()
    state = initial_state(method, case.networks(), ENGINE)
    game = Game(ENGINE, method, state, make_loader(ENGINE, method, data, 0), 0)
    moment = Moment(ENGINE, method, state, data)
    train(game, moment, lambda m: m.state.step == steps, Recorder(lambda step, values: None))
    return state


def small_state(step: int = 0) -> TrainState:
    """The smallest state there is."""
    nets = torch.nn.ModuleDict({"generator": torch.nn.Linear(2, 2)})
    averaged = torch.nn.ModuleDict({"generator": torch.nn.Linear(2, 2)})
    return TrainState(nets, averaged, {}, step)


def test_a_restored_state_is_equal_to_the_bit(case, state, tmp_path):
    path = Checkpoints(tmp_path).save(state, ENGINE)
    other = initial_state(case.method(), case.networks(seed=1), ENGINE)
    Checkpoints(tmp_path).restore(other, ENGINE, path)
    assert other.step == state.step
    for group in ("nets", "averaged"):
        for name, tensor in getattr(state, group).state_dict().items():
            restored = getattr(other, group).state_dict()[name]
            assert restored.equal(tensor) and restored.stride() == tensor.stride(), name
    mine, theirs = optimizer_tensors(state), optimizer_tensors(other)
    assert mine and mine.keys() == theirs.keys()
    for name, tensor in mine.items():
        assert theirs[name].equal(tensor) and theirs[name].dtype == tensor.dtype, name
        assert theirs[name].stride() == tensor.stride(), name


def test_nothing_in_a_checkpoint_is_pickled(tmp_path):
    path = Checkpoints(tmp_path).save(small_state(), ENGINE)
    assert {file.suffix for file in path.iterdir()} == {".safetensors", ".json"}


def test_the_newest_and_the_named_ones_are_kept(tmp_path):
    checkpoints = Checkpoints(tmp_path, kept=2)
    checkpoints.save(small_state(1), ENGINE, "best")
    for step in (1, 2, 3, 4):
        checkpoints.save(small_state(step), ENGINE)
    assert checkpoints.steps() == [3, 4]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["000000003", "000000004", "best"]


def test_saving_a_step_again_replaces_it(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    first = checkpoints.save(small_state(5), ENGINE)
    before = (first / "manifest.json").read_text()
    second = checkpoints.save(small_state(5), ENGINE)
    assert first == second and (second / "manifest.json").read_text() != before
    assert [entry.name for entry in tmp_path.iterdir()] == ["000000005"]


def truncate(path: Path) -> None:
    file = path / "networks.safetensors"
    file.write_bytes(file.read_bytes()[:-1])


def flip_a_bit(path: Path) -> None:
    file = path / "optimizers.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def lose_a_file(path: Path) -> None:
    (path / "networks.safetensors").unlink()


def empty_the_manifest(path: Path) -> None:
    (path / "manifest.json").write_text("")


@pytest.mark.parametrize("damage", [truncate, flip_a_bit, lose_a_file, empty_the_manifest])
def test_a_damaged_newest_one_is_named_and_the_one_before_used(damage, tmp_path):
    checkpoints, said = Checkpoints(tmp_path), []
    checkpoints.save(small_state(1), ENGINE)
    newest = checkpoints.save(small_state(2), ENGINE)
    damage(newest)
    assert checkpoints.newest_whole(said.append) == checkpoints.path(1)
    assert str(newest) in said[0] and "damaged" in said[0]
    with pytest.raises(DamagedError):
        checkpoints.restore(small_state(), ENGINE, newest)


def test_no_whole_checkpoint_is_a_clear_error(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    truncate(checkpoints.save(small_state(1), ENGINE))
    with pytest.raises(RunError, match="No whole checkpoint"):
        checkpoints.newest_whole(lambda line: None)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written"), (errno.EIO, "Mend")],
)
def test_a_disk_that_fails_leaves_the_old_ones_whole(number, words, tmp_path, monkeypatch):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(small_state(1), ENGINE)

    def fail(path: Path, content: bytes) -> None:
        if path.name == "manifest.json":
            raise OSError(number, os.strerror(number))
        path.write_bytes(content)

    monkeypatch.setattr(lasting, "write_synced", fail)
    with pytest.raises(RunError, match=words):
        checkpoints.save(small_state(2), ENGINE)
    assert [entry.name for entry in tmp_path.iterdir()] == ["000000001"]
    assert checkpoints.newest_whole(lambda line: None) == checkpoints.path(1)


def test_other_networks_are_refused(tmp_path):
    path = Checkpoints(tmp_path).save(small_state(1), ENGINE)
    other = TrainState(
        torch.nn.ModuleDict({"generator": torch.nn.Linear(3, 2)}), torch.nn.ModuleDict(), {}
    )
    with pytest.raises(DamagedError, match="other networks"):
        Checkpoints(tmp_path).restore(other, ENGINE, path)


def test_a_system_that_cannot_open_folders_is_no_hindrance(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "O_DIRECTORY")  # as on Windows
    path = Checkpoints(tmp_path).save(small_state(3), ENGINE)
    assert json.loads((path / "manifest.json").read_text())["step"] == 3
