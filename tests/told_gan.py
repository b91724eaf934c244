"""A GAN of perceptrons that generates by class and classifies, as a method outside the package."""

from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F

from gansmith.batch import LabeledImages
from gansmith.losses import NON_SATURATING
from gansmith.method import Adam, LatentMethod, Networks, Objective, Phase
from gansmith.networks.mlp import leaky_relu, mlp_critic, mlp_generator


@dataclass(frozen=True, kw_only=True)
class ToldGAN(LatentMethod[LabeledImages]):
    """Its discriminator scores the class too."""

    z_dim: int = 8
    hidden: int = 32
    batch = (LabeledImages,)

    def build(self, data):
        generator = mlp_generator(self.z_dim + data.classes, [self.hidden], data.shape, leaky_relu)
        sides = (data.shape[0] * data.shape[1] * data.shape[2],)
        nets = {"generator": generator, "judge": mlp_critic(sides, [self.hidden], leaky_relu)}
        return Networks(nets | {"classifier": torch.nn.Linear(sides[0], data.classes)})

    def inputs(self, batch, draws):
        return {"z": draws["z"], "y": batch.y}

    def generate(self, nets, inputs):
        classes = nets["generator"][0].in_features - self.z_dim
        told = F.one_hot(inputs["y"], classes).to(inputs["z"].dtype)
        return nets["generator"](torch.cat([inputs["z"], told], 1))

    def classify(self, nets, x):
        return nets["classifier"](x.flatten(1))

    def phases(self):
        phase = partial(Phase, draws=self.draws, learning_rate=1e-3, optimizer=Adam)
        judges = ["judge", "classifier"]
        return (
            phase(name="judge", objective=self.judge, trains=judges),
            phase(name="generator", objective=self.please, trains=["generator"]),
        )

    def judge(self, nets, batch, draws):
        made = self.generate(nets, self.inputs(batch, draws))
        scores = nets["judge"](batch.x), nets["judge"](made)
        of_class = F.cross_entropy(self.classify(nets, batch.x), batch.y)
        return Objective({**NON_SATURATING.discriminator(*scores), "class": of_class})

    def please(self, nets, batch, draws):
        made = self.generate(nets, self.inputs(batch, draws))
        of_class = F.cross_entropy(self.classify(nets, made), batch.y)
        fooled = NON_SATURATING.generator(nets["judge"](made))
        return Objective({"adversarial": fooled, "class": of_class})
