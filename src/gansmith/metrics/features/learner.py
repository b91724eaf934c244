"""What classifiers of all kinds share: a backbone, a head and one phase that minimises entropy."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, NoReturn

import torch
import torch.nn.functional as F
from torch import Tensor

from gansmith.batch import DataSet, DataSpec, LabeledImages
from gansmith.data.loader import Loader
from gansmith.draws import Draws, Random
from gansmith.errors import ConfigError
from gansmith.method import Count, Fraction, Inputs, Method, Networks, NotNegative, Objective, Phase
from gansmith.metrics.features.backbone import Backbone, Head
from gansmith.metrics.features.jitter import NUMBERS
from gansmith.schedules import one_cycle
from gansmith.training.engine import Engine
from gansmith.training.loop import Game, Moment, train
from gansmith.training.record import Recorder
from gansmith.training.state import build_networks, initial_state

AdamW = partial(torch.optim.AdamW, fused=True)


@dataclass(frozen=True, kw_only=True)
class Learner(Method[LabeledImages]):
    """A network that learns to tell images apart; it generates nothing."""

    batch_size: Count = 100
    ema_decay: Fraction = 0.0
    steps: Count = 450
    """Length of the training; the learning rate is 0 at its end."""
    learning_rate: NotNegative = 4e-3
    """The highest."""
    weight_decay: NotNegative = 1e-2

    batch: ClassVar[tuple[type, ...]] = (LabeledImages,)
    averaged: ClassVar[Sequence[str]] = ("head",)
    labelled: ClassVar[bool]
    """Whether the classes are those of the data."""

    @abstractmethod
    def classes(self, data: DataSpec) -> int:
        """How many there are to tell apart."""

    @abstractmethod
    def task(self, batch: LabeledImages, draws: Draws) -> LabeledImages:
        """The images that are shown, and what is to be said of them."""

    def build(self, data: DataSpec) -> Networks:
        return Networks({"backbone": Backbone(data.shape), "head": Head(self.classes(data))})

    def phases(self) -> Sequence[Phase[LabeledImages]]:
        return (
            Phase(
                name="learn",
                objective=self.tell_apart,
                trains=["backbone", "head"],
                learning_rate=self.learning_rate,
                optimizer=partial(AdamW, weight_decay=self.weight_decay),
                rate=one_cycle(self.steps),
                draws=self.chances,
            ),
        )

    def chances(self, batch: LabeledImages, random: Random) -> Draws:
        """How each image is jittered."""
        return {"jitter": random.uniform(NUMBERS, low=-1.0, high=1.0)}

    def tell_apart(self, nets: Networks, batch: LabeledImages, draws: Draws) -> Objective:
        """-log p(y | x)."""
        x, y = self.task(batch, draws)
        return Objective({"entropy": F.cross_entropy(nets["head"](nets["backbone"](x)), y)})

    def draws(self, batch: LabeledImages, random: Random) -> Draws:
        self._refuse()

    def inputs(self, batch: LabeledImages, draws: Draws) -> Inputs:
        self._refuse()

    def generate(self, nets: Networks, inputs: Inputs) -> Tensor:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise ConfigError(
            f"{type(self).__name__} tells images apart and generates none. "
            "Methods that generate: gansmith list methods."
        )


def learned(method: Learner, data: DataSet, seed: int) -> Networks:
    """Networks trained to their end on the CPU, in evaluation mode.

    Args:
        method: what they learn.
        data: labelled images.
        seed: of weights, orders and jitter.
    """
    engine = Engine(torch.device("cpu"))
    state = initial_state(method, build_networks(method, data.spec, seed), engine)
    game = Game(engine, method, state, Loader(data, seed), seed)
    moment = Moment(engine, method, state, data)
    recorder = Recorder(lambda step, values: None)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():  # the loop seeds global generators
        train(game, moment, lambda now: now.state.step >= method.steps, recorder)
    state.nets.requires_grad_(False).eval()
    return state.nets
