"""Device, precision and processes: where the mathematics runs, and nothing of what it is."""

from __future__ import annotations

import atexit
import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn

from gansmith.errors import ConfigError

Precision = str
PATIENCE = timedelta(hours=1)
"""Longest that processes wait for each other: the first one alone measures and draws."""
BF16_TESTS = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
"""Processors that multiply bf16 in hardware, as torch tells them."""


@dataclass(frozen=True)
class Engine:
    """One process' place in a run; plain modules, no wrapper."""

    device: torch.device
    precision: Precision = "fp32"
    """"fp32" or "bf16" (autocast; weights and optimizer stay in float32)."""
    rank: int = 0
    processes: int = 1

    @property
    def synchronous(self) -> bool:
        """Whether reading a value costs no waiting, so that every update can be checked."""
        return self.device.type == "cpu"

    @property
    def leads(self) -> bool:
        """Whether this process writes the run directory."""
        return self.rank == 0

    def autocast(self) -> AbstractContextManager[object]:
        """The precision of the forward pass."""
        if self.precision == "fp32":
            return nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def rows(self, total: int) -> slice | None:
        """This process' rows of a global batch; None for all of them."""
        if self.processes == 1:
            return None
        share = total // self.processes
        return slice(self.rank * share, (self.rank + 1) * share)

    def seed_modules(self, seed: int) -> None:
        """Seed the generators that dropout and noise layers draw from."""
        torch.default_generator.manual_seed(seed)
        if self.device.type == "cuda":
            torch.cuda.manual_seed(seed)

    def place(self, nets: nn.Module) -> None:
        """Move networks to the device, channels last."""
        nets.to(self.device)
        nets.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]

    def share(self, nets: nn.Module) -> None:
        """Give every process the first one's weights and buffers."""
        if self.processes > 1:
            for tensor in [*nets.parameters(), *nets.buffers()]:
                dist.broadcast(tensor.data, 0)

    def average(self, tensors: Sequence[Tensor]) -> None:
        """Replace each tensor by its mean over processes, in one message."""
        if self.processes == 1:
            return
        flat = torch.cat([tensor.reshape(-1).float() for tensor in tensors])
        dist.all_reduce(flat)
        flat /= self.processes
        for tensor, mean in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
            tensor.copy_(mean.view_as(tensor))

    def any(self, flag: bool) -> bool:
        """Whether the flag is set in any process."""
        if self.processes == 1:
            return flag
        shared = torch.tensor(int(flag), device=self.device)
        dist.all_reduce(shared, dist.ReduceOp.MAX)
        return bool(shared.item())

    def peak_memory(self) -> int:
        """Most bytes held on the accelerator so far; 0 on a CPU."""
        return torch.cuda.max_memory_allocated(self.device) if self.device.type == "cuda" else 0

    def wait(self) -> None:
        """Wait for all processes."""
        if self.processes > 1:
            dist.barrier()


def processes_of_environment() -> tuple[int, int, int]:
    """(rank, local rank, processes) as `torchrun` sets them; (0, 0, 1) without it."""
    environment = os.environ
    return (
        int(environment.get("RANK", 0)),
        int(environment.get("LOCAL_RANK", 0)),
        int(environment.get("WORLD_SIZE", 1)),
    )


def resolve_device(wanted: str) -> str:
    """For "auto", the best of cuda, mps and cpu that is there.

    Raises:
        ConfigError: a device that is not there.
    """
    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if wanted == "auto":
        there["mps"] &= processes_of_environment()[2] == 1  # gloo knows no mps
        return next(device for device, present in there.items() if present)
    if not there.get(wanted, False):
        present = ", ".join(device for device, present in there.items() if present)
        raise ConfigError(
            f"--device {wanted}: there is none here. Available: {present}. "
            "A run that was trained on it goes on elsewhere with --allow-inexact."
        )
    return wanted


def resolve_precision(wanted: str, device: str, nets: nn.Module) -> Precision:
    """For "auto", bf16 for convolutional networks where hardware multiplies it fast, else fp32."""
    if wanted != "auto":
        if wanted == "bf16" and device == "mps":
            raise ConfigError("--precision bf16: not on mps. Give --precision fp32.")
        return wanted
    convolutional = any(isinstance(m, nn.Conv2d | nn.ConvTranspose2d) for m in nets.modules())
    return "bf16" if convolutional and _fast_bf16(device) else "fp32"


def _fast_bf16(device: str) -> bool:
    if device == "cuda":
        return torch.cuda.get_device_capability() >= (8, 0)
    if device != "cpu":
        return False
    return any(getattr(torch.cpu, test, bool)() for test in BF16_TESTS)


def start_engine(device: str, precision: Precision) -> Engine:
    """The engine of this process, joined with the others where `torchrun` started several."""
    rank, local_rank, processes = processes_of_environment()
    where = torch.device(device, local_rank) if device == "cuda" else torch.device(device)
    if device == "cuda":
        torch.cuda.set_device(where)
    if processes > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if device == "cuda" else "gloo", timeout=PATIENCE)
        atexit.register(_leave)
    return Engine(where, precision, rank, processes)


def _leave() -> None:
    """Part from the other processes when this one ends, unless that was done."""
    if dist.is_initialized():
        dist.destroy_process_group()
