"""The contract between a method and everything else: a method describes a game, no more."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Generic, Literal, NamedTuple, Protocol, TypeVar, runtime_checkable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gansmith.batch import DataSpec
from gansmith.draws import Draws, Random
from gansmith.ranges import Count, Fraction, NaturalNumber, NotNegative, Range  # noqa: F401

BatchT = TypeVar("BatchT")
Networks = nn.ModuleDict
"""Every weight and every buffer by network name: all mutable state except the optimizers."""
Inputs = dict[str, Tensor]
Adam = partial(torch.optim.Adam, fused=True)
"""Adam in one kernel. Give both betas as floats: torch refuses (0, 0.9)."""
OPTIMIZERS: Mapping[str, Callable[[tuple[float, float]], Callable[..., Optimizer]]] = {
    "adam": lambda betas: partial(Adam, betas=betas),
    "rmsprop": lambda betas: partial(torch.optim.RMSprop, alpha=betas[1]),
}
"""By name, from the decay rates of the mean gradient and of its square."""


class Objective(NamedTuple):
    """What one phase minimises: the sum of its terms."""

    terms: dict[str, Tensor]
    """Scalars, named as in the paper."""
    stats: dict[str, Tensor] = {}  # noqa: RUF012
    """Scalars that are only logged; by convention `real_score` and `fake_score` are among them."""


def constant(nets: Networks, step: int) -> float:
    """The factor 1: a learning rate that does not change."""
    return 1.0


def no_draws(batch: Any, random: Random) -> Draws:
    """No random number: the phase is deterministic given its batch."""
    return {}


def always(nets: Networks, step: int) -> bool:
    """True at every step."""
    return True


@dataclass(frozen=True, kw_only=True)
class Phase(Generic[BatchT]):
    """One move of the game: whose parameters go down the gradient of what, how often."""

    name: str
    objective: Callable[[Networks, BatchT, Draws], Objective]
    """Pure: no random call, no `.item()`, no `autograd.grad`, no branch on a float field."""
    trains: Sequence[str]
    """The networks whose parameters move; all others are frozen."""
    learning_rate: float
    """Apart from the optimizer, so that schedules and ensembles can vary it."""
    optimizer: Callable[..., Optimizer] = Adam
    rate: Callable[[Networks, int], float] = constant
    """Factor on the learning rate at a step; never reads the planned number of steps."""
    draws: Callable[[BatchT, Random], Draws] = no_draws
    """z, ε, ...: drawn for the global batch, each process is handed its rows."""
    repeats: int = 1
    """Plays in a row, each on a fresh batch; logged as their mean."""
    when: range | Callable[[Networks, int], bool] = always
    """The steps at which the phase is played."""
    shares: str | None = None
    """The phase whose optimizer this one steps (lazy penalties); None: its own."""
    max_norm: float | None = None
    """Clip the gradient's norm to this."""
    rows: int | None = None
    """Global batch size where it differs from the method's."""
    after: Callable[[Networks, Mapping[str, Tensor]], None] | None = None
    """Called after each step with the values averaged over processes: clipping, BEGAN's k."""

    def due(self, nets: Networks, step: int) -> bool:
        """Whether the phase is played at this step."""
        return step in self.when if isinstance(self.when, range) else self.when(nets, step)

    def lazily(
        self,
        penalise: Callable[[Networks, BatchT, Draws], Objective],
        steps: range,
        after: Callable[[Networks, Mapping[str, Tensor]], None] | None = None,
    ) -> Phase[BatchT]:
        """A penalty on what this phase trains: an update of its own at these steps.

        It is called "NAME-penalty" and steps this phase's optimizer. For regularisation every k
        steps its objective is k times the penalty.

        Source: Karras et al. 2019, arXiv:1912.04958, appendix B. Deviation: Adam's rate and decay
        rates stay as they are, where the source takes them to the power k/(k + 1).
        """
        name = f"{self.name}-penalty"
        own = {"name": name, "objective": penalise, "shares": self.name, "when": steps}
        return replace(self, **own, after=after)


@dataclass(frozen=True, kw_only=True)
class Method(ABC, Generic[BatchT]):
    """A generative method; its fields are the hyper-parameters, so they are flags and config.json.

    It holds no weights, no optimizer, no device and no loop, and no concrete method subclasses
    another.
    """

    batch_size: Count = 64
    """Samples in a batch, over all processes."""
    ema_decay: Fraction = 0.999
    """Decay of the running average of the weights that samples are drawn from; 0 turns it off."""

    batch: ClassVar[tuple[type, ...]]
    """The batch types it eats."""
    averaged: ClassVar[Sequence[str]] = ("generator",)
    """Networks with an averaged twin."""
    curves: ClassVar[Sequence[str]] = ()
    """Stats as "phase/name" that tell how training goes: each is drawn below the losses."""

    @classmethod
    def presets(cls, batch: type) -> Mapping[str, Mapping[str, Any]]:
        """Named sets of field values for a kind of data; "default" holds without `--preset`."""
        return {}

    @abstractmethod
    def build(self, data: DataSpec) -> Networks:
        """The networks for data of this shape.

        Raises:
            ConfigError: where the networks cannot make such a shape.
        """

    def prepare(self, nets: Networks, batch: BatchT, random: Random) -> None:
        """Initialise from data, where the method does so; no gradient is taken.

        `batch` is the whole first one, also where several processes share it.
        """

    @abstractmethod
    def phases(self) -> Sequence[Phase[BatchT]]:
        """The moves of one step, in order."""

    @abstractmethod
    def draws(self, batch: BatchT, random: Random) -> Draws:
        """The random numbers that generating needs."""

    @abstractmethod
    def inputs(self, batch: BatchT, draws: Draws) -> Inputs:
        """What the generator is fed; latent ones name it `z`."""

    @abstractmethod
    def generate(self, nets: Networks, inputs: Inputs) -> Tensor:
        """Samples of the data's shape: images in [-1, 1], N first."""


@dataclass(frozen=True, kw_only=True)
class LatentMethod(Method[BatchT]):
    """A method whose generator turns noise z into samples."""

    z_dim: Count = 100
    """Length of the noise vector z."""
    prior: Literal["normal", "uniform"] = "normal"
    """Distribution of z: N(0, 1) or U[-1, 1)."""

    def draws(self, batch: BatchT, random: Random) -> Draws:
        """{"z": (N, z_dim)} from the prior."""
        if self.prior == "normal":
            return {"z": random.normal(self.z_dim)}
        return {"z": random.uniform(self.z_dim, low=-1.0, high=1.0)}

    def inputs(self, batch: BatchT, draws: Draws) -> Inputs:
        """{"z": (N, z_dim)}."""
        return {"z": draws["z"]}

    def generate(self, nets: Networks, inputs: Inputs) -> Tensor:
        """G(z)."""
        return nets["generator"](inputs["z"])


class Told(Protocol):
    """A batch that says what its samples are."""

    @property
    def y(self) -> Tensor:
        """(N,) class numbers, or (N, A) attributes."""
        ...


ToldT = TypeVar("ToldT", bound=Told)


@dataclass(frozen=True, kw_only=True)
class ConditionalMethod(LatentMethod[ToldT]):
    """A latent method that generates by class: its generator is told y beside the noise."""

    def inputs(self, batch: ToldT, draws: Draws) -> Inputs:
        """{"z": (N, z_dim), "y": (N,) class numbers, or (N, A) attributes}."""
        return {"z": draws["z"], "y": batch.y}

    def generate(self, nets: Networks, inputs: Inputs) -> Tensor:
        """G(z, y)."""
        return nets["generator"](inputs["z"], inputs["y"])


@runtime_checkable
class Encodes(Protocol):
    """A latent method that also goes the other way, from samples to z."""

    def encode(self, nets: Networks, x: Tensor) -> Tensor:
        """Samples (N, *shape) → the code of each, (N, z_dim), which `generate` takes as z."""
        ...


@runtime_checkable
class LikelihoodBound(Encodes, Protocol):
    """A latent method that bounds the likelihood of images from below; `encode` gives q's means.

    It has an encoder q(z|x) = N(μ, σ²) and a decoder p(x|z); z is N(0, 1) before x is seen.
    """

    def log_weights(self, nets: Networks, x: Tensor, epsilon: Tensor) -> Tensor:
        """log p(x|z) + log p(z) - log q(z|x) at z = μ + σ ε: ε (K, N, z_dim) → (K, N), nats."""
        ...


@runtime_checkable
class Classifies(Protocol):
    """A method that also says which class an image belongs to."""

    def classify(self, nets: Networks, x: Tensor) -> Tensor:
        """Images (N, *shape) → logits of the classes, (N, K); `nets` in evaluation mode."""
        ...
