"""A run that was stopped and resumed equals one that never stopped, to the byte."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import gansmith

CHECKPOINT = ("networks.safetensors", "optimizers.safetensors", "manifest.json")


def assert_same_bytes(one: Path, other: Path, step: int) -> None:
    """Weights, averages, optimizers, log and pictures of two runs are equal at a step."""
    files = [f"checkpoints/{step:09d}/{name}" for name in CHECKPOINT]
    files += ["metrics.jsonl", f"samples/{step:06d}.png"]
    for name in files:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_three_and_three_steps_are_six(case, precision, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the pictures' metadata name the run
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    options = {"data": case.data, "precision": precision, "device": "cpu", **case.given}
    gansmith.train(case.name, run=Path("a/run"), steps=6, **options)
    half = gansmith.train(case.name, run=Path("b/run"), steps=3, **options)
    assert half.step == 3
    assert half.resume(steps=6).step == 6
    assert_same_bytes(tmp_path / "a" / "run", tmp_path / "b" / "run", 6)


def command(*arguments: str) -> list[str]:
    """The command line in a process of its own."""
    return [sys.executable, "-m", "gansmith", *arguments]


def environment() -> dict[str, str]:
    """One thread, so that processes side by side do not disturb each other."""
    return {**os.environ, "OMP_NUM_THREADS": "1"}


def test_killed_at_random_moments_it_still_ends_the_same(tmp_path):
    steps = 400
    flags = ["--steps", str(steps), "--checkpoint-every", "20", "--sample-every", "50"]
    flags += ["--hidden", "16", "--batch-size", "8", "--device", "cpu", "--json"]
    start = command("train", "gan", *flags, "--run", "run")
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
    subprocess.run(
        start, cwd=tmp_path / "whole", env=environment(), check=True, capture_output=True
    )
    moments = random.Random(0)
    run, killed = tmp_path / "killed" / "run", 0
    next_command = start
    for _ in range(20):
        process = subprocess.Popen(
            next_command,
            cwd=run.parent,
            env=environment(),
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        wait_for(run / "metrics.jsonl", process)
        time.sleep(moments.uniform(0, 0.4) if killed < 3 else 0)
        if killed < 3 and process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        _, errors = process.communicate(timeout=120)
        next_command = command("resume", "run", "--json")
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL, errors
    assert killed, "the run ended before it could be killed"
    assert_same_bytes(tmp_path / "whole" / "run", run, steps)
    lines = (run / "metrics.jsonl").read_text().splitlines()
    steps_logged = [json.loads(line)["step"] for line in lines]
    assert steps_logged == list(range(1, steps + 1))


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    """Until the file is there or the process has ended."""
    while process.poll() is None and not path.exists():
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_and_stops_cleanly(tmp_path, number):
    flags = [
        "--steps",
        "100000",
        "--sample-every",
        "100",
        "--hidden",
        "16",
        "--batch-size",
        "8",
        "--device",
        "cpu",
    ]
    process = subprocess.Popen(
        command("train", "gan", *flags, "--run", "run", "--json"),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_for(tmp_path / "run" / "samples" / "000100.png", process)
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number, errors
    result = json.loads(output)
    assert result["signal"] == number
    run = gansmith.load(tmp_path / "run")
    assert run.step == result["step"] == run.metrics["step"][-1]
    assert run.sample(2).shape == (2, 1, 28, 28)
