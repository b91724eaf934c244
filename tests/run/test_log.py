"""The log: cut exactly, read back whole, nothing of a torn last line."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gansmith.errors import RunError
from gansmith.run.directory import RunDirectory, new_directory
from gansmith.run.log import MetricsLog, last_seconds, read_metrics


def test_values_come_back_as_columns(tmp_path):
    path = tmp_path / "metrics.jsonl"
    log = MetricsLog(path, 0)
    log.append(1, {"critic/loss": 1.23456789, "critic/layer": 3.0})
    log.append(2, {"critic/loss": -1e-9})
    log.append(3, {"critic/loss": math.inf})
    log.close()
    columns = read_metrics(path)
    assert columns["step"].tolist() == [1, 2, 3]
    np.testing.assert_allclose(columns["critic/loss"][:2], [1.23457, -1e-9])
    assert np.isnan(columns["critic/loss"][2]) and np.isnan(columns["critic/layer"][1])


@pytest.mark.parametrize("torn", ["", '{"step": 4, "a": 0.', '{"step": 4', "\x00\x00\n", "{}\n"])
def test_a_resumed_log_keeps_exactly_the_lines_up_to_its_step(tmp_path, torn):
    path = tmp_path / "metrics.jsonl"
    log = MetricsLog(path, 0)
    for step in (1, 2, 3):
        log.append(step, {"a": step})
    log.close()
    whole = path.read_text()
    path.write_text(whole + torn)
    MetricsLog(path, 2).close()
    assert path.read_text() == "".join(whole.splitlines(keepends=True)[:2])


def test_a_torn_last_line_is_not_read(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1, "a": 2}\n{"step": 2, "a"')
    assert read_metrics(path)["step"].tolist() == [1]
    assert read_metrics(tmp_path / "none")["step"].tolist() == []


def test_seconds_up_to_a_step(tmp_path):
    path = tmp_path / "timing.jsonl"
    assert last_seconds(path, 5) == 0
    path.write_text('{"step": 3, "seconds": 1.5}\n{"step": 9, "seconds": 4.0}\n')
    assert last_seconds(path, 5) == 1.5
    assert last_seconds(path) == 4
    path.write_text(path.read_text() + '{"step": 12, "sec')
    assert last_seconds(path) == 4


def test_a_run_in_use_is_refused(tmp_path):
    second = RunDirectory(tmp_path).locked()
    with RunDirectory(tmp_path).locked(), pytest.raises(RunError, match="in use"), second:
        pass
    with RunDirectory(tmp_path).locked():
        pass


def test_new_directories_are_numbered_and_never_re_used(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = [new_directory(None, "gan", "some/faces").path.as_posix() for _ in range(2)]
    assert made == ["runs/gan-faces-1", "runs/gan-faces-2"]
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(RunError, match="not empty"):
        new_directory(tmp_path / "full", "gan", "mnist")
    (tmp_path / "full" / "config.json").write_text("{}")
    with pytest.raises(RunError, match="gansmith resume"):
        new_directory(tmp_path / "full", "gan", "mnist")
    assert (tmp_path / "full" / "letter.txt").read_text() == "mine"


def test_a_line_that_is_no_json_costs_itself_alone(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1, "a": 1}\nrubbish\n{"step": 2, "a": 2}\n{"step": 3, "a": 3}\n')
    MetricsLog(path, 2).close()
    assert read_metrics(path)["step"].tolist() == [1, 2]
