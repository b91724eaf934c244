"""Two processes agree with each other, and with one process that sees the whole batch."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import gansmith

STEPS = 3
WHOLE = [
    ("gan", "mnist", {"hidden": (16,)}),
    ("wgan-gp", "25gaussians", {"width": 8}),
    ("began", "mnist", {"width": 2, "patience": 2, "k_rate": 0.5, "precision": "fp32"}),
]
"""Without batch statistics, 1 x 8 rows and 2 x 4 rows are the same mathematics."""


def in_two_processes(arguments: list[str], folder: Path) -> list[str]:
    """Run a Python command as two processes of one group; their outputs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": "2"}
    processes = [
        subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env={**os.environ, **shared, "RANK": rank, "LOCAL_RANK": rank, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in ("0", "1")
    ]
    outputs = [process.communicate(timeout=300) for process in processes]
    for process, (_, errors) in zip(processes, outputs, strict=True):
        assert process.returncode == 0, errors
    return [output for output, _ in outputs]


@pytest.mark.parametrize(("name", "data", "fields"), WHOLE)
def test_two_processes_equal_one_with_the_whole_batch(name, data, fields, tmp_path):
    options = {"data": data, "steps": STEPS, "device": "cpu", "batch_size": 8, **fields}
    gansmith.train(name, run=tmp_path / "one", **options)
    flags = ["--data", data, "--steps", str(STEPS), "--device", "cpu", "--batch-size", "8"]
    for field, value in fields.items():
        flags += [f"--{field}", *map(str, value if isinstance(value, tuple) else [value])]
    command = ["-m", "gansmith", "train", name, *flags, "--run", "two", "--json"]
    in_two_processes(command, tmp_path)
    checkpoint = f"checkpoints/{STEPS:09d}/networks.safetensors"
    one, two = (load_file(tmp_path / run / checkpoint) for run in ("one", "two"))
    for weight in one:
        torch.testing.assert_close(two[weight], one[weight], rtol=1e-4, atol=1e-6)


def test_every_method_keeps_equal_weights_in_two_processes(tmp_path):
    script = Path(__file__).with_name("play_in_two_processes.py")
    first, second = in_two_processes([str(script)], tmp_path)
    assert first == second
    assert len(first.splitlines()) >= 6


def test_two_processes_resume_bit_for_bit(tmp_path):
    flags = ["--data", "mnist", "--width", "4", "--batch-size", "8", "--device", "cpu", "--json"]
    train = ["-m", "gansmith", "train", "dcgan", *flags]
    in_two_processes([*train, "--steps", "4", "--run", "whole"], tmp_path)
    in_two_processes([*train, "--steps", "2", "--run", "half"], tmp_path)
    in_two_processes(["-m", "gansmith", "resume", "half", "--steps", "4"], tmp_path)
    for name in ("networks", "optimizers", "buffers-1"):
        file = f"checkpoints/000000004/{name}.safetensors"
        assert (tmp_path / "half" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes()


def test_a_batch_that_cannot_be_shared_is_refused(tmp_path):
    command = ["-m", "gansmith", "train", "gan", "--batch-size", "9", "--run", "run"]
    with pytest.raises(AssertionError, match="cannot be shared evenly by 2 processes"):
        in_two_processes(command, tmp_path)
