"""Small methods with labels, for tests: FILE.py:CLASS as a user would give them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from gansmith.batch import AttributedImages, LabeledImages, PartlyLabeledImages
from gansmith.method import LatentMethod, Networks, Objective, Phase

Z = 4


class Conditioned(nn.Module):
    """(z, y) → images: a class has a shift of its own, so has each attribute."""

    def __init__(self, shape, classes):
        super().__init__()
        self.shape, self.classes = shape, classes
        self.noise = nn.Linear(Z, torch.Size(shape).numel())
        self.shift = nn.Linear(classes, torch.Size(shape).numel())

    def forward(self, z, y):
        y = F.one_hot(y, self.classes).float() if y.ndim == 1 else y
        return (self.noise(z) + self.shift(y)).tanh().view(-1, *self.shape)


@dataclass(frozen=True, kw_only=True)
class ByClass(LatentMethod[LabeledImages]):
    """Generates by class or by attributes; learns the mean image of each."""

    z_dim: int = Z
    batch = (LabeledImages, AttributedImages)

    def build(self, data):
        return Networks({"generator": Conditioned(data.shape, data.classes)})

    def phases(self):
        train = {"trains": ["generator"], "learning_rate": 1e-2, "draws": self.draws}
        return (Phase(name="generator", objective=self.learn, **train),)

    def inputs(self, batch, draws):
        return {"z": draws["z"], "y": batch.y}

    def generate(self, nets, inputs):
        return nets["generator"](inputs["z"], inputs["y"])

    def learn(self, nets, batch, draws):
        made = self.generate(nets, self.inputs(batch, draws))
        return Objective({"distance": (made - batch.x).square().mean()})


@dataclass(frozen=True, kw_only=True)
class FewLabels(LatentMethod[PartlyLabeledImages]):
    """Classifies from few labels; the generator learns the mean of the images without labels."""

    z_dim: int = Z
    batch = (PartlyLabeledImages,)

    def build(self, data):
        pixels = torch.Size(data.shape).numel()
        head = nn.Sequential(nn.Flatten(), nn.Linear(pixels, data.classes))
        shaped = nn.Sequential(nn.Linear(Z, pixels), nn.Tanh(), nn.Unflatten(1, data.shape))
        return Networks({"generator": shaped, "classifier": head})

    def phases(self):
        return (
            Phase(
                name="classifier", objective=self.tell, trains=["classifier"], learning_rate=1e-2
            ),
            Phase(
                name="generator",
                objective=self.learn,
                trains=["generator"],
                learning_rate=1e-2,
                draws=self.draws,
            ),
        )

    def tell(self, nets, batch, draws):
        return Objective({"labelled": F.cross_entropy(nets["classifier"](batch.x), batch.y)})

    def learn(self, nets, batch, draws):
        made = nets["generator"](draws["z"])
        return Objective({"distance": (made - batch.unlabeled).square().mean()})

    def classify(self, nets, x):
        return nets["classifier"](x)
