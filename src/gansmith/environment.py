"""What the machine and the installed versions are: what an exact resume depends on."""

from __future__ import annotations

import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import torch

import gansmith


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Versions and hardware; two runs whose environments are equal compute the same bits."""

    gansmith: str
    torch: str
    pillow: str
    python: str
    device: str
    """Name of the processor or accelerator that trained."""
    instructions: str
    """The vector instructions that the CPU kernels use."""
    threads: int
    processes: int

    def differences(self, other: Environment) -> list[str]:
        """What differs in `other`, as "name: here → there"."""
        mine, theirs = asdict(self), asdict(other)
        return [
            f"{name}: {mine[name]} then, {theirs[name]} now"
            for name in mine
            if mine[name] != theirs[name] and name != "python"
        ]


def current_environment(device: str, processes: int) -> Environment:
    """The environment of this process."""
    return Environment(
        gansmith=gansmith.__version__,
        torch=torch.__version__,
        pillow=version("pillow"),
        python=sys.version.split()[0],
        device=torch.cuda.get_device_name() if device == "cuda" else processor(),
        instructions=torch.backends.cpu.get_cpu_capability(),
        threads=torch.get_num_threads(),
        processes=processes,
    )


def processor() -> str:
    """The processor's name as the operating system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
