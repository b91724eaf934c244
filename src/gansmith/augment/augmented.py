"""The fields of a method that augments images before its discriminator: always, or adaptively."""

from __future__ import annotations

from dataclasses import dataclass

from gansmith.augment.augmentation import Augmentation
from gansmith.augment.kinds import Kind
from gansmith.ranges import Fraction, NaturalNumber


@dataclass(frozen=True, kw_only=True)
class AlwaysAugmented:
    """Hyper-parameters that a method inherits beside `LatentMethod`, and what they describe."""

    shift: NaturalNumber = 1
    """Pixels by which images are moved at random before the discriminator; paper: 0. With few
    images it keeps the discriminator from learning them by heart. Points are not moved."""
    augment: tuple[Kind, ...] = ()
    """Differentiable augmentation before the discriminator, for small sets: flip, translation,
    colour, cutout; paper: none."""

    @property
    def augmentation(self) -> Augmentation:
        """What is done to images before the discriminator."""
        return Augmentation(self.shift, self.augment)


@dataclass(frozen=True, kw_only=True)
class Augmented(AlwaysAugmented):
    """These, and what augments only as often as is needed."""

    adaptive: bool = False
    """Augment only as often as keeps the discriminator from being too sure of real images."""
    augment_target: Fraction = 0.6
    """With --adaptive, what the mean sign of the real images' logits is to be; ADA: 0.6."""

    @property
    def augmentation(self) -> Augmentation:
        """What is done to images before the discriminator."""
        return Augmentation(self.shift, self.augment, self.adaptive, self.augment_target)
