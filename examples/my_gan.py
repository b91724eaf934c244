"""A relativistic GAN with R1 + R2 (Huang et al. 2024, arXiv:2501.05441) in a file of its own."""

from dataclasses import dataclass
from functools import partial

import torch.nn.functional as F

from gansmith.batch import LabeledImages
from gansmith.method import Adam, LatentMethod, Networks, Objective, Phase
from gansmith.networks import dcgan, resnet
from gansmith.penalties import zero_centred_penalty


@dataclass(frozen=True, kw_only=True)
class MyGAN(LatentMethod[LabeledImages]):  # noqa: D101
    gamma: float = 1.0
    """Weight of both penalties."""
    batch = (LabeledImages,)

    def build(self, data):
        critic = resnet.critic(data.shape, width=16, norm="none")
        return Networks(
            {"generator": dcgan.generator(self.z_dim, data.shape, 32), "critic": critic}
        )

    def phases(self):
        adam = partial(Adam, betas=(0.0, 0.99))
        phase = partial(Phase, draws=self.draws, learning_rate=2e-4, optimizer=adam)
        critic = phase(name="critic", objective=self.criticise, trains=["critic"])
        return critic, phase(name="generator", objective=self.please, trains=["generator"])

    def criticise(self, nets, batch, draws):
        critic, fake = nets["critic"], nets["generator"](draws["z"])
        penalty = zero_centred_penalty(critic, batch.x) + zero_centred_penalty(critic, fake)
        relativistic = F.softplus(critic(fake) - critic(batch.x)).mean()
        return Objective({"relativistic": relativistic, "r1_r2": self.gamma * penalty})

    def please(self, nets, batch, draws):
        real, fake = nets["critic"](batch.x), nets["critic"](nets["generator"](draws["z"]))
        return Objective({"relativistic": F.softplus(real - fake).mean()})
