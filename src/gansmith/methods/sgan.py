"""The semi-supervised GAN: a classifier that learns from few labels and from many images without.

Source: Salimans et al. 2016, arXiv:1606.03498, sections 3.1 and 5, and the authors' code for MNIST.
The discriminator has K logits; the K+1-th, of generated images, is fixed at 0. The generator
matches mean features. With `--generator-loss class` it is a lecture's: it is given a class as
one-hot, and the discriminator is to say that class; "both" adds the two. Classes to be generated
are those of the labelled half of the batch. Test with the averaged discriminator, without noise:
`classify`. Deviations, of `--preset paper` too: both plays of a step see the same batch, where the
authors draw another one for the generator; the norm of feature matching is squared and summed, as
in the paper, where the code takes the mean; uniform noise is U[-1, 1), theirs U[0, 1); the average
is weighted so that it needs no warm-up, and the generator has one too; a batch's labelled images
are the partners of its unlabelled ones, dealt once, where the authors deal all labelled images to
every batch of as many; and the networks as `networks/sgan.py` says. Our default further differs by
what the fields say: convolutions, less noise, images moved by up to a pixel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor

from gansmith import losses
from gansmith.augment import AlwaysAugmented
from gansmith.batch import DataSpec
from gansmith.batch import PartlyLabeledImages as Partly
from gansmith.choices import chosen
from gansmith.draws import Draws, Random
from gansmith.method import Adam, Inputs, LatentMethod, Networks, Objective, Phase
from gansmith.networks import sgan
from gansmith.ranges import Count, Fraction, NaturalNumber, NotNegative
from gansmith.schedules import linear_decay


@dataclass(frozen=True, kw_only=True)
class SGAN(AlwaysAugmented, LatentMethod[Partly]):
    """Semi-supervised GAN (Salimans et al. 2016, arXiv:1606.03498) with feature matching."""

    batch_size: Count = 100
    """Unlabelled images in a batch, and as many labelled ones; paper: 100."""
    ema_decay: Fraction = 0.998
    """Decay of the running average of both networks' weights; paper: 0.9999, for longer runs."""
    unlabelled_weight: NotNegative = 1.0
    """w, weight of the loss that needs no labels; 0: learns from the labels alone; paper: 1."""
    generator_loss: Literal["matching", "class", "both"] = "matching"
    """What the generator minimises: the distance of mean features; or, being given a class, how
    far the discriminator is from saying it; or both; paper: matching."""
    network: Literal["mlp", "conv"] = "conv"
    """Perceptrons or convolutions, in both networks; paper: mlp for MNIST."""
    hidden: tuple[Count, ...] = (256,)
    """Units of the discriminator's fully connected layers, the last of which gives the features;
    paper: 1000 500 250 250 250."""
    width: Count = 16
    """Channels of the convolutions' largest map, doubled with each halving of the size."""
    input_noise: NotNegative = 0.3
    """Standard deviation of the noise that joins the discriminator's pixels, which lie in [0, 1];
    paper: 0.3."""
    layer_noise: NotNegative = 0.3
    """Of the noise between its layers; paper: 0.5."""
    learning_rate: NotNegative = 2e-3
    """Of both optimizers; paper: 3e-3."""
    betas: tuple[float, float] = (0.5, 0.999)
    """Adam's decay rates; paper: 0.5 and 0.999."""
    epsilon: NotNegative = 1e-4
    """Adam's ε, as large as small gradients: a discriminator that is sure slows down; paper: 1e-4
    in the authors' code."""
    decay_from: NaturalNumber = 0
    """Step from which the learning rate falls evenly to 0."""
    decay_steps: NaturalNumber = 0
    """Steps that this takes; 0: it never falls, as in the paper."""

    batch: ClassVar[tuple[type, ...]] = (Partly,)
    averaged: ClassVar[Sequence[str]] = ("generator", "discriminator")
    curves: ClassVar[Sequence[str]] = ("discriminator/judged_real", "discriminator/judged_fake")

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """The paper's values for MNIST, and a lecture's game."""
        networks = {"network": "mlp", "hidden": (1000, 500, 250, 250, 250), "layer_noise": 0.5}
        paper = {"learning_rate": 3e-3, "ema_decay": 0.9999, "prior": "uniform", "shift": 0}
        return {"paper": {**networks, **paper}, "lecture": {"generator_loss": "class"}}

    @property
    def by_class(self) -> bool:
        """Whether the generator is given a class."""
        return self.generator_loss != "matching"

    @property
    def choices(self) -> sgan.Choices:
        """The fields that the networks need."""
        return chosen(self, sgan.Choices)

    def build(self, data: DataSpec) -> Networks:
        taken = self.z_dim + self.by_class * data.classes
        return Networks(sgan.pair(taken, data.shape, max(data.classes, 1), self.choices))

    def prepare(self, nets: Networks, batch: Partly, random: Random) -> None:
        """Set the discriminator's scales and biases from the first unlabelled images."""
        sgan.classifier(nets).initialise(batch.unlabeled, self.chances(batch, random, 1)["noise"])

    def phases(self) -> Sequence[Phase[Partly]]:
        adam = partial(Adam, betas=self.betas, eps=self.epsilon)
        rate = linear_decay(self.decay_from, self.decay_steps)
        phase = partial(Phase[Partly], learning_rate=self.learning_rate, optimizer=adam, rate=rate)
        judge = partial(phase, name="discriminator", draws=partial(self.chances, passes=3))
        match = partial(phase, name="generator", draws=partial(self.chances, passes=2))
        judged = judge(trains=["discriminator"], objective=self.judge)
        return judged, match(trains=["generator"], objective=self.please)

    def chances(self, batch: Partly, random: Random, passes: int) -> Draws:
        """z; N(0, 1) for so many passes, side by side; what is done to images, partners alike."""
        noise = random.normal(passes * sum(self.choices.noises(batch.x.shape[1:])))
        return {**self.augmentation.draws(random), **self.draws(batch, random), "noise": noise}

    def judge(self, nets: Networks, batch: Partly, draws: Draws) -> Objective:
        """Z - l_y of labelled images, and w/2 [-Z + softplus(Z)] and w/2 softplus(Z) of the others.

        Z = log Σ exp l is the logit of "real".
        """
        seen = [self.augmentation.real(nets, x, draws) for x in (batch.x, batch.unlabeled)]
        x = torch.cat([*seen, self.made(nets, batch, draws)])
        few, *others = nets["discriminator"](x, torch.cat(draws["noise"].chunk(3, 1))).chunk(3)
        real, fake = map(losses.realness, others)
        terms = losses.unlabelled(real, fake, self.unlabelled_weight)
        right = (few.argmax(1) == batch.y).float().mean()
        stats = {"label_accuracy": right, **losses.shares_seen_through(real, fake)}
        return Objective({"labelled": losses.labelled(few, batch.y), **terms}, stats)

    def please(self, nets: Networks, batch: Partly, draws: Draws) -> Objective:
        """‖E f(x) - E f(G(z))‖², f being features; or -log p(y | G(z, y)) over K + 1 classes."""
        judge, terms = sgan.classifier(nets), {}
        for_real, for_fake = draws["noise"].chunk(2, 1)
        fake, logits = judge.both(self.made(nets, batch, draws), for_fake)
        if self.generator_loss != "class":
            many = self.augmentation.real(nets, batch.unlabeled, draws)
            terms["matching"] = losses.feature_matching(judge.both(many, for_real)[0], fake)
        if self.by_class:
            terms["class"] = losses.class_asked_for(logits, batch.y)
        return Objective(terms)

    def made(self, nets: Networks, batch: Partly, draws: Draws) -> Tensor:
        """G(z), or G(z, y), as the discriminator sees it."""
        return self.augmentation.fake(nets, self.generate(nets, self.inputs(batch, draws)), draws)

    def inputs(self, batch: Partly, draws: Draws) -> Inputs:
        """{"z": (N, z_dim)}, and "y": (N,), the classes asked for, where it is given them."""
        return {"z": draws["z"]} | ({"y": batch.y} if self.by_class else {})

    def generate(self, nets: Networks, inputs: Inputs) -> Tensor:
        """G(z), or G(z, y)."""
        return nets["generator"](inputs["z"], inputs.get("y"))

    def classify(self, nets: Networks, x: Tensor) -> Tensor:
        """K logits (N, K), without noise."""
        return nets["discriminator"](x)
