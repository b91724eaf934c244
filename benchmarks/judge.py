"""A judge of digits: four small classifiers on the 4,000 training digits, one temperature.

Each member learns from three quarters of the training digits; the temperature is fitted on the
members' scores of the quarter that they have not seen, so the 1,000 held-out digits stay unseen.
The judge's answer is the mean of the four members' probabilities.
Source of the temperature: Guo et al. 2017, arXiv:1706.04599, section 4.2.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MEMBERS, CLASSES, STEPS, BATCH, LEARNING_RATE = 4, 10, 400, 100, 4e-3


class Member(nn.Sequential):
    """Images (N, 1, 28, 28) → scores (N, 10)."""

    def __init__(self, width: int = 16) -> None:
        super().__init__(
            *_convolution(1, width),
            nn.MaxPool2d(2),
            *_convolution(width, 2 * width),
            *_convolution(2 * width, 2 * width),
            nn.MaxPool2d(2),
            *_convolution(2 * width, 4 * width),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(4 * width * 49, CLASSES),
        )


def _convolution(inputs: int, outputs: int) -> list[nn.Module]:
    return [
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    ]


class Judge:
    """Trained on construction; about 45 seconds on two cores.

    Args:
        x: (N, 1, 28, 28) in [-1, 1].
        y: (N,) classes.
        seed: of weights, folds and augmentation.
    """

    def __init__(self, x: Tensor, y: Tensor, seed: int = 0) -> None:
        random = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)
        fold = torch.randperm(len(x), generator=random) % MEMBERS
        self.members = [Member().to(memory_format=torch.channels_last) for _ in range(MEMBERS)]
        scores = torch.empty(len(x), CLASSES)
        for number, member in enumerate(self.members):
            _train(member, x[fold != number], y[fold != number], random)
            with torch.no_grad():
                scores[fold == number] = member(x[fold == number])
        temperatures = torch.linspace(-1.5, 1.5, 301).exp()
        fits = torch.stack([F.cross_entropy(scores / t, y) for t in temperatures])
        self.temperature = float(temperatures[fits.argmin()])

    @torch.no_grad()
    def probabilities(self, x: Tensor) -> Tensor:
        """(N, 10)."""
        chunks = x.contiguous(memory_format=torch.channels_last).split(500)
        return torch.cat([torch.stack([self._softmax(m, c) for m in self.members]).mean(0)
                          for c in chunks])  # fmt: skip

    def _softmax(self, member: nn.Module, x: Tensor) -> Tensor:
        return (member(x) / self.temperature).softmax(1)

    def share_recognised(self, x: Tensor, confidence: float = 0.9) -> float:
        """Part of the images that get a class with at least this probability."""
        return float((self.probabilities(x).amax(1) >= confidence).float().mean())


def _train(member: Member, x: Tensor, y: Tensor, random: torch.Generator) -> None:
    optimizer = torch.optim.AdamW(member.parameters(), LEARNING_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=STEPS)
    member.train()
    for step in range(STEPS):
        if step * BATCH % len(x) < BATCH:
            order = torch.randperm(len(x), generator=random)
        rows = order[(step * BATCH) % len(x) :][:BATCH]
        optimizer.zero_grad()
        F.cross_entropy(member(_jittered(x[rows], random)), y[rows]).backward()
        optimizer.step()
        schedule.step()
    member.eval()


def _jittered(x: Tensor, random: torch.Generator) -> Tensor:
    """Each image turned by up to 10°, moved by 8 %, scaled and sheared by 10 %."""

    def spread(most: float) -> Tensor:
        return (torch.rand(len(x), generator=random) * 2 - 1) * most

    angle, scale, shear = spread(10 * math.pi / 180), 1 + spread(0.1), spread(0.1)
    cosine, sine = angle.cos() * scale, angle.sin() * scale
    across = torch.stack([cosine, shear - sine, spread(0.16)], 1)
    down = torch.stack([sine, cosine, spread(0.16)], 1)
    grid = F.affine_grid(torch.stack([across, down], 1), list(x.shape), align_corners=False)
    moved = F.grid_sample(x + 1, grid, align_corners=False) - 1
    return moved.contiguous(memory_format=torch.channels_last)
