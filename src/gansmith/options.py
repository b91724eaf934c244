"""What a user can say about a training run besides the method's hyper-parameters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from tyro.conf import arg


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is not given is chosen by the program and written to the run's config.json."""

    data: Annotated[str, arg(metavar="NAME|PATH")] = "mnist"
    """A data set (see `gansmith list data`) or a folder of images."""
    run: Annotated[
        Path | None, arg(metavar="DIR", help_behavior_hint="(default: a new one below runs/)")
    ] = None
    """Directory of the run."""
    steps: Annotated[int | None, arg(metavar="N", help_behavior_hint="(default: 5000)")] = None
    """Stop after this many steps, one generator update each."""
    minutes: Annotated[float | None, arg(metavar="M", help_behavior_hint="")] = None
    """Stop after this many minutes instead."""
    size: Annotated[
        int | None,
        arg(metavar="S", help_behavior_hint="(default: the set's own; 64 for a folder)"),
    ] = None
    """Side of the images in pixels."""
    seed: int = 0
    """Every random number follows from it."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where to train."""
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """bf16: quicker convolutions on hardware made for it; weights stay in float32."""
    preset: Annotated[str | None, arg(metavar="P", help_behavior_hint="")] = None
    """A named set of hyper-parameters, such as "paper"; single flags go before it."""
    config: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """Take what is not given here from a config.json, such as another run's."""
    checkpoint_every: Annotated[
        int | None, arg(metavar="N", help_behavior_hint="(default: 500)")
    ] = None
    """Steps between checkpoints."""
    sample_every: Annotated[int | None, arg(metavar="N", help_behavior_hint="(default: 250)")] = (
        None
    )
    """Steps between pictures of samples."""
