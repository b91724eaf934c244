"""Which weights of a run are looked at, and which class they are asked for."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gansmith.batch import AttributedImages, DataSpec
from gansmith.errors import ConfigError, nearest


@dataclass(frozen=True, kw_only=True)
class Which:
    """Which weights, and which class where the method generates by class."""

    checkpoint: str = "latest"
    """"latest", "best" or a step."""
    raw_weights: bool = False
    """The weights themselves, not their running average."""
    condition: str | None = None
    """Name of a class; None for the first."""

    def number(self, spec: DataSpec) -> int:
        """Of the class.

        Raises:
            ConfigError: there is none of that name.
        """
        name = self.condition
        return 0 if name is None else class_number(spec, name, "--condition")

    def name(self, spec: DataSpec) -> str:
        """Of the class."""
        return spec.class_names[self.number(spec)]

    def label(self, spec: DataSpec) -> Tensor:
        """(1,) number of the class, or (1, A) with one attribute.

        Raises:
            ConfigError: there is none of that name.
        """
        number = self.number(spec)
        if spec.batch is AttributedImages:
            return torch.eye(spec.classes)[number : number + 1]
        return torch.tensor([number])


def class_number(spec: DataSpec, name: str, flag: str) -> int:
    """The number of a class by its name.

    Raises:
        ConfigError: there is none of that name, or there are no classes.
    """
    if name in spec.class_names:
        return spec.class_names.index(name)
    if spec.classes == 0:
        raise ConfigError(
            f"{flag} {name}: {spec.name} has no classes. Choose samples by their number on the "
            "sheet that --sheet 64 draws, such as 3,17,42."
        )
    raise ConfigError(f"{flag} {name}: no such class. {nearest(name, spec.class_names)}")
