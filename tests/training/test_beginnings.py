"""How a run begins: initialisation from data, random layers, frozen layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import nn

import gansmith
from gansmith.batch import Points
from gansmith.draws import Random
from gansmith.method import LatentMethod, Networks, Objective, Phase
from gansmith.training.engine import Engine
from gansmith.training.state import initial_state, trained

FILE = """
from dataclasses import dataclass
from torch import nn
from gansmith.batch import Points
from gansmith.method import LatentMethod, Networks, Objective, Phase

@dataclass(frozen=True, kw_only=True)
class Noisy(LatentMethod[Points]):
    batch = (Points,)
    def build(self, data):
        layers = nn.Sequential(nn.Linear(self.z_dim, 8), nn.Dropout(0.5), nn.Linear(8, 2))
        return Networks({"generator": layers})
    def phases(self):
        return (Phase(name="only", trains=["generator"], objective=self.fit,
                      learning_rate=0.01, draws=self.draws),)
    def fit(self, nets, batch, draws):
        return Objective({"distance": (nets["generator"](draws["z"]) - batch.x).square().mean()})
"""


def test_layers_that_draw_numbers_resume_exactly_too(tmp_path):
    file = tmp_path / "noisy.py"
    file.write_text(FILE)
    name = f"{file}:Noisy"
    options = {"data": "8gaussians", "device": "cpu", "batch_size": 4, "z_dim": 3}
    whole = gansmith.train(name, run=tmp_path / "whole", steps=6, **options)
    half = gansmith.train(name, run=tmp_path / "half", steps=3, **options)
    torch.rand(7)  # what is drawn elsewhere has no influence
    half.resume(steps=6)
    checkpoint = "checkpoints/000000006/networks.safetensors"
    assert (whole.path / checkpoint).read_bytes() == (half.path / checkpoint).read_bytes()


@dataclass(frozen=True, kw_only=True)
class Prepared(LatentMethod[Points]):
    """Its generator's bias starts at the data's mean plus a draw; its first layer is frozen."""

    batch: ClassVar[tuple[type, ...]] = (Points,)

    def build(self, data):
        layers = nn.Sequential(nn.Linear(self.z_dim, 2).requires_grad_(False), nn.Linear(2, 2))
        return Networks({"generator": layers})

    def prepare(self, nets, batch, random):
        nets["generator"][1].bias += batch.x.mean(0) + random.normal(2).mean(0)

    def phases(self):
        def fit(nets, batch, draws):
            return Objective({"square": nets["generator"](draws["z"]).square().mean()})

        return (
            Phase(
                name="only",
                trains=["generator"],
                objective=fit,
                learning_rate=1.0,
                draws=self.draws,
            ),
        )


def test_a_method_may_initialise_from_data_and_numbers():
    method, engine = Prepared(z_dim=3), Engine(torch.device("cpu"))
    nets = method.build(None)
    before = nets["generator"][1].bias.detach().clone()
    batch, key = Points(torch.randn(4, 2)), (0, "prepare")
    state = initial_state(method, nets, engine, (batch, Random(key, 4)))
    expected = before + batch.x.mean(0) + Random(key, 4).normal(2).mean(0)
    assert state.nets["generator"][1].bias.equal(expected)
    assert state.averaged["generator"][1].bias.equal(expected), "the twin is made afterwards"


def test_what_build_froze_stays_frozen():
    method = Prepared(z_dim=3)
    nets = method.build(None)
    (phase,) = method.phases()
    assert [tuple(p.shape) for p in trained(phase, nets)] == [(2, 2), (2,)]
