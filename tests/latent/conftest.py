from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from gansmith.batch import DataSpec, LabeledImages
from gansmith.latent import LatentSpace
from gansmith.method import LatentMethod, Networks

Z, SHAPE = 5, (1, 4, 4)
MATRIX = torch.randn(Z, 16, generator=torch.Generator().manual_seed(0))


@dataclass(frozen=True, kw_only=True)
class Linear(LatentMethod[LabeledImages]):
    """G(z) = z A, and a class adds its number."""

    z_dim: int = Z
    by_class: bool = False

    def build(self, data):
        return Networks({})

    def phases(self):
        return ()

    def inputs(self, batch, draws):
        return {**draws, "y": batch.y} if self.by_class else draws

    def generate(self, nets, inputs):
        made = (inputs["z"] @ MATRIX.to(inputs["z"].dtype)).view(-1, *SHAPE)
        return made + inputs["y"].view(-1, 1, 1, 1) if self.by_class else made


def run_of(method, **spec):
    """What a latent space asks of a run."""
    known = {"name": "none", "batch": LabeledImages, "shape": SHAPE, "size": 9,
             "class_names": ("cat", "dog", "3")} | spec  # fmt: skip
    nets = Networks({})
    state = SimpleNamespace(nets=nets, averaged=nets, step=7)
    config = SimpleNamespace(method="linear", spec=DataSpec(**known), data="none")
    return SimpleNamespace(
        config=config, path=Path("linear"), restored=lambda checkpoint: (method, state)
    )


@pytest.fixture
def linear() -> LatentSpace:
    """The space of a linear generator."""
    return LatentSpace(run_of(Linear()), Linear(), Networks({}), 7)  # pyright: ignore


@pytest.fixture
def run_of_linear():
    """Makes a run of a linear generator: fields of the method → run."""
    return lambda **fields: run_of(Linear(**fields))


@pytest.fixture
def run_with():
    """Makes what looks like a run: (method, what its data is) → run."""
    return run_of


@pytest.fixture(scope="session")
def _tiny_vae(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import gansmith

    tiny = {"hidden": (8,), "z_dim": 4, "batch_size": 8, "steps": 2, "device": "cpu"}
    return gansmith.train("vae", run=tmp_path_factory.mktemp("vae") / "run", **tiny).path


@pytest.fixture
def tiny_vae(_tiny_vae: Path, tmp_path: Path) -> Path:
    """A copy of a run that has an encoder, 2 steps long."""
    return Path(shutil.copytree(_tiny_vae, tmp_path / "vae"))
