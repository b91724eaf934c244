"""What tests share: the smallest form of each method, and a way to play it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import pytest
import torch

from gansmith.augment.kinds import KINDS
from gansmith.batch import DataSet
from gansmith.config import choose_method, served, training_data
from gansmith.data import batch_name
from gansmith.data.form import Form
from gansmith.draws import Random
from gansmith.hyperparameters import with_fields
from gansmith.method import Method, Networks, Phase
from gansmith.methods import METHODS
from gansmith.training.state import build_networks

EXAMPLE = f"{Path(__file__).parent.parent / 'examples' / 'my_gan.py'}:MyGAN"
ROWS = 8


@dataclass(frozen=True)
class Case:
    """A method small enough to play in a test."""

    name: str
    data: str
    fields: dict[str, Any]
    form: str = ""
    """What tells it from another case of the same method and data."""

    def __str__(self) -> str:
        return "-".join(filter(None, [self.name.rpartition(":")[2], self.data, self.form]))

    @property
    def given(self) -> dict[str, Any]:
        """Fields of the small form."""
        return {"batch_size": ROWS, **self.fields}

    def method(self) -> Method:
        """The method."""
        chosen = choose_method(self.name, None, batch_name(self.data))
        return with_fields(chosen, self.given)

    def data_set(self) -> DataSet:
        """Its data."""
        kind = served(self.method(), batch_name(self.data))
        return training_data(self.data, Form(), kind, per_class=None, seed=0).data

    def networks(self, seed: int = 0) -> Networks:
        """Its networks, channels last as in training."""
        nets = build_networks(self.method(), self.data_set().spec, seed)
        return nets.to(memory_format=torch.channels_last)

    def play(self, phase: Phase, seed: int = 0, step: int = 0) -> tuple[Any, dict[str, Any]]:
        """(batch, draws) of one play."""
        rows = torch.arange(ROWS) + ROWS * (seed + step)
        batch = self.data_set().take(rows)
        return batch, phase.draws(batch, Random((seed, step, phase.name, 0), ROWS))


CASES = [
    Case("gan", "mnist", {"hidden": (16,)}),
    Case("gan", "8gaussians", {"hidden": (16, 16), "loss": "minimax"}),
    Case("gan", "25gaussians", {"architecture": "pacgan"}, form="maxout"),
    Case("dcgan", "mnist", {"width": 4, "hidden": 8}),
    Case(
        "dcgan",
        "mnist",
        {"width": 4, "hidden": 8, "augment": tuple(KINDS), "adaptive": True},
        form="augmented",
    ),
    Case(
        "dcgan",
        "mnist",
        {
            "width": 4,
            "hidden": 8,
            "upsample": "resize",
            "loss": "hinge",
            "minibatch_stddev": True,
            "discriminator_norm": "spectral",
            "r1_weight": 0.1,
            "r1_every": 2,
        },
        form="spectral",
    ),
    Case(
        "dcgan",
        "mnist",
        {
            "network": "keras",
            "together": True,
            "optimizer": "rmsprop",
            "betas": (0.0, 0.9),
            "generator_rate": 0.5,
            "decay": 0.1,
            "shift": 0,
            "ema_decay": 0.0,
            "prior": "uniform",
        },
        form="lecture",
    ),
    Case("ae", "mnist", {"hidden": (16,), "z_dim": 4}),
    Case("ae", "mnist", {"network": "conv", "width": 4, "z_dim": 4}, form="conv"),
    Case(
        "ae",
        "mnist",
        {"network": "conv", "width": 4, "z_dim": 4, "upsample": "resize"},
        form="resize",
    ),
    Case("vae", "mnist", {"hidden": (16,), "z_dim": 4}),
    Case("vae", "mnist", {"network": "conv", "width": 4, "z_dim": 4}, form="conv"),
    Case("sgan", "mnist", {"network": "mlp", "hidden": (16, 12)}),
    Case(
        "sgan",
        "mnist",
        {"network": "mlp", "hidden": (16,), "generator_loss": "class"},
        form="class",
    ),
    Case(
        "sgan",
        "mnist",
        {
            "network": "conv",
            "width": 4,
            "hidden": (16,),
            "generator_loss": "both",
            "augment": ("flip", "cutout"),
        },
        form="conv",
    ),
    Case("lsgan", "mnist", {"width": 4, "hidden": 8}),
    Case(
        "lsgan",
        "mnist",
        {"width": 4, "hidden": 8, "upsample": "resize", "discriminator_norm": "spectral"},
        form="spectral",
    ),
    Case("lsgan", "25gaussians", {"width": 8, "labels": "pearson"}),
    Case("wgan", "mnist", {"width": 4, "n_first": 2}),
    Case("wgan", "8gaussians", {"width": 8, "n_generator": 2}),
    Case("wgan-gp", "mnist", {"width": 4, "hidden": 8}),
    Case("wgan-gp", "25gaussians", {"width": 8}),
    Case("began", "mnist", {"width": 4, "z_dim": 8, "patience": 2, "gamma": 0.5, "k_rate": 0.5}),
    Case("wn-gan", "mnist", {"width": 4, "z_dim": 8}),
    Case("wn-gan", "mnist", {"width": 4, "z_dim": 8, "norm": "batch"}, form="batch"),
    Case("wn-gan", "mnist", {"width": 4, "z_dim": 8, "norm": "none"}, form="none"),
    Case("cgan", "mnist", {"width": 4, "hidden": 8, "augment": tuple(KINDS), "adaptive": True}),
    Case("cgan", "mnist", {"network": "mlp", "hidden": 16, "mapping": 2}, form="mlp"),
    Case(
        "cgan",
        "mnist",
        {
            "network": "keras",
            "together": True,
            "optimizer": "rmsprop",
            "betas": (0.0, 0.9),
            "generator_rate": 0.5,
            "decay": 0.1,
            "shift": 0,
            "ema_decay": 0.0,
            "prior": "uniform",
        },
        form="lecture",
    ),
    Case(
        "acgan",
        "mnist",
        {
            "width": 4,
            "hidden": 8,
            "fake_class_loss": True,
            "augment": tuple(KINDS),
            "adaptive": True,
        },
    ),
    Case(
        "acgan",
        "mnist",
        {
            "width": 4,
            "hidden": 8,
            "fake_class_loss": False,
            "discriminator_norm": "spectral",
            "upsample": "resize",
        },
        form="real",
    ),
    Case(
        "projection",
        "mnist",
        {"width": 4, "hidden": 8, "augment": tuple(KINDS), "adaptive": True},
    ),
    Case(
        "projection",
        "mnist",
        {
            "width": 4,
            "hidden": 0,
            "loss": "hinge",
            "discriminator_norm": "spectral",
            "n_discriminator": 2,
        },
        form="spectral",
    ),
    Case("r3gan", "mnist", {"width": 4, "hidden": 8}),
    Case("r3gan", "mnist", {"network": "paper", "width": 4, "widest": 8}, form="paper"),
    Case(
        "r3gan",
        "mnist",
        {
            "width": 4,
            "hidden": 8,
            "augment": tuple(KINDS),
            "adaptive": True,
            "penalty_every": 2,
        },
        form="lazy",
    ),
    Case("r3gan", "25gaussians", {"width": 8}),
    Case(EXAMPLE, "mnist", {}),
]
assert set(METHODS) <= {case.name for case in CASES}, "every method has a small form here"


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    """Each method in its smallest form."""
    return request.param


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    """All of them."""
    return CASES


@pytest.fixture(scope="session", autouse=True)
def _two_threads() -> None:
    """Tests compute on one thread each: they run side by side."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes into the user's cache, or depends on what lies there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLCONFIGDIR", matplotlib.get_cachedir())  # its list of fonts takes seconds
        for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            patch.setenv(variable, str(tmp_path_factory.mktemp("cache")))
        yield


TINY = {"hidden": (8,), "batch_size": ROWS, "steps": 4, "checkpoint_every": 2, "device": "cpu"}


@pytest.fixture(scope="session")
def _tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One trained run that no test may change."""
    import gansmith

    return gansmith.train("gan", run=tmp_path_factory.mktemp("tiny") / "run", **TINY).path


@pytest.fixture
def tiny_run(_tiny_run: Path, tmp_path: Path) -> Path:
    """A copy of a run of `gan` on mnist, 4 steps long."""
    return Path(shutil.copytree(_tiny_run, tmp_path / "tiny"))


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs the command line in this process: arguments → (exit code, stdout, stderr)."""
    from gansmith.cli import run

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return call
