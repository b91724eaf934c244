"""Augmentation as a method uses it: the numbers it draws, and real and generated images treated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gansmith.augment.chance import Chance, adapt
from gansmith.augment.kinds import NUMBERS, Kind, augment, translate
from gansmith.draws import Draws, Random


@dataclass(frozen=True)
class Augmentation:
    """For any discriminator: give its method the networks, the draws and the images.

    Images are moved by up to `shift` pixels, then each kind is applied: always, or with the
    probability that `Chance` adapts.
    """

    shift: int = 0
    kinds: tuple[Kind, ...] = ()
    adaptive: bool = False
    target: float = 0.6
    """What an adaptive one keeps the mean sign of the real images' logits at."""

    def networks(self) -> dict[str, nn.Module]:
        """State to be kept among the method's networks."""
        return {"chance": Chance()} if self.adaptive else {}

    def draws(self, random: Random) -> Draws:
        """The numbers for real and for generated images."""
        draws = {"shift_real": random.uniform(2), "shift_fake": random.uniform(2)}
        if self.kinds:
            draws["augment_real"] = random.uniform(NUMBERS)
            draws["augment_fake"] = random.uniform(NUMBERS)
        return draws

    def real(self, nets: nn.ModuleDict, images: Tensor, draws: Draws) -> Tensor:
        """Real images as the discriminator sees them."""
        return self._seen(nets, images, draws, "real")

    def fake(self, nets: nn.ModuleDict, images: Tensor, draws: Draws) -> Tensor:
        """Generated images as the discriminator sees them."""
        return self._seen(nets, images, draws, "fake")

    def both(self, nets: nn.ModuleDict, real: Tensor, fake: Tensor, draws: Draws) -> Tensor:
        """Real images, then generated ones, as the discriminator sees them: (2N, ...)."""
        return torch.cat([self.real(nets, real, draws), self.fake(nets, fake, draws)])

    def stats(self, nets: nn.ModuleDict, real_logits: Tensor) -> dict[str, Tensor]:
        """What an adaptive one has to know after the step, and its probability."""
        if not self.adaptive:
            return {}
        return {"real_sign": real_logits.sign().mean(), "augment_chance": nets["chance"]()}

    def adapt(self, nets: nn.ModuleDict, stats: Mapping[str, Tensor], images: int) -> None:
        """After a discriminator's step: augment more where it is too sure of real images."""
        if self.adaptive:
            adapt(nets["chance"], stats["real_sign"], self.target, images)

    def _seen(self, nets: nn.ModuleDict, images: Tensor, draws: Draws, which: str) -> Tensor:
        images = translate(images, draws[f"shift_{which}"], self.shift)
        if not self.kinds or images.dim() != 4:
            return images
        chance = nets["chance"]() if self.adaptive else 1.0
        return augment(images, draws[f"augment_{which}"], self.kinds, chance)
