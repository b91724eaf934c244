"""How a discriminator is told a class: by an inner product with the features of the image."""

from __future__ import annotations

from functools import partial

from torch import Tensor, nn

from gansmith.networks.conditional import condition
from gansmith.networks.heads import ScoreHead, with_head


class ProjectionHead(nn.Module):
    """ψ(φ) + s ⟨v_y, φ⟩: a score that is linear in the features, with a vector for each class.

    Source: Miyato and Koyama 2018, arXiv:1802.05637, equation 8. Deviation: the scale s, there 1.
    """

    def __init__(self, features: int, classes: int, scale: float = 1.0) -> None:
        super().__init__()
        self.scale = scale
        self.score = ScoreHead(features)
        self.embed = ScoreHead(classes, features, bias=False)

    def forward(self, features: Tensor, y: Tensor) -> Tensor:
        """(N, features) and (N,) → (N, 1) in float32."""
        vectors = self.embed(condition(y, self.embed.in_features))
        inner = (vectors * features.float()).sum(1, keepdim=True)
        return self.score(features) + self.scale * inner


class Projected(nn.Module):
    """(x, y) → a score (N, 1), from a discriminator whose head becomes a `ProjectionHead`."""

    def __init__(self, network: nn.Sequential, classes: int, scale: float = 1.0) -> None:
        super().__init__()
        head = partial(ProjectionHead, classes=classes, scale=scale)
        *trunk, head = with_head(network, head)
        self.trunk, self.head = nn.Sequential(*trunk), head

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.head(self.trunk(x), y)
