"""What `sgan` learns from: the few labels that it is told, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.testing import assert_close

from gansmith.batch import PartlyLabeledImages
from gansmith.draws import Random
from gansmith.method import Classifies, Networks
from gansmith.methods.sgan import SGAN
from gansmith.training.state import build_networks

ROWS = 8
FORMS = {
    "mlp": SGAN(network="mlp", hidden=(16, 12), batch_size=ROWS, shift=0),
    "conv": SGAN(network="conv", hidden=(12,), width=4, batch_size=ROWS, shift=0),
}


@pytest.fixture(params=FORMS.values(), ids=FORMS)
def method(request) -> SGAN:
    """Small forms that leave images where they are."""
    return request.param


@pytest.fixture
def batch(cases) -> PartlyLabeledImages:
    """Eight labelled images, and eight without."""
    case = next(case for case in cases if case.name == "sgan")
    return case.data_set().take(torch.arange(ROWS))


def networks(method: SGAN, cases) -> Networks:
    """Of the method, for mnist."""
    spec = next(case for case in cases if case.name == "sgan").data_set().spec
    return build_networks(method, spec, 0)


def judged(method: SGAN, nets: Networks, batch: PartlyLabeledImages, draws: dict[str, Tensor]):
    """(terms, the discriminator's gradient) of its play."""
    terms = method.judge(nets, batch, draws).terms
    parameters = list(nets["discriminator"].parameters())
    gradients = torch.autograd.grad(torch.stack(list(terms.values())).sum(), parameters)
    return terms, gradients


def test_hidden_labels_change_nothing(method, batch, cases):
    """Which label stands beside an unlabelled image must not matter: it is not that image's."""
    nets, draws = networks(method, cases), method.chances(batch, Random((0,), ROWS), 3)
    order = torch.randperm(ROWS, generator=torch.Generator().manual_seed(1))
    few, many, made = draws["noise"].chunk(3, 1)
    beside_others = batch._replace(unlabeled=batch.unlabeled[order])
    moved = {**draws, "noise": torch.cat([few, many[order], made], 1)}
    expected, found = judged(method, nets, batch, draws), judged(method, nets, beside_others, moved)
    assert_close(found, expected, rtol=1e-4, atol=1e-6)
    wrong = [
        F.cross_entropy(nets["discriminator"](b.unlabeled), b.y) for b in (batch, beside_others)
    ]
    assert abs(wrong[0] - wrong[1]) > 1e-3  # what the mistake looks like


def test_labels_that_are_told_count(method, batch, cases):
    nets, draws = networks(method, cases), method.chances(batch, Random((0,), ROWS), 3)
    terms, _ = judged(method, nets, batch, draws)
    others, _ = judged(method, nets, batch._replace(y=(batch.y + 1) % 10), draws)
    assert others["labelled"] != terms["labelled"]
    assert (others["real"], others["fake"]) == (terms["real"], terms["fake"])


def test_without_weight_only_the_labels_teach(method, batch, cases):
    alone = replace(method, unlabelled_weight=0.0)
    nets, draws = networks(alone, cases), alone.chances(batch, Random((0,), ROWS), 3)
    terms, gradients = judged(alone, nets, batch, draws)
    assert terms["real"] == terms["fake"] == 0
    logits = nets["discriminator"](batch.x, draws["noise"].chunk(3, 1)[0])
    loss = F.cross_entropy(logits, batch.y)
    expected = torch.autograd.grad(loss, list(nets["discriminator"].parameters()))
    assert_close(gradients, expected, rtol=1e-4, atol=1e-6)


def test_classes_are_told_by_logits_without_noise(method, batch, cases):
    nets = networks(method, cases).eval()
    assert isinstance(method, Classifies)
    logits = method.classify(nets, batch.x)
    assert logits.shape == (ROWS, 10) and logits.dtype is torch.float32
    nets["discriminator"].head.bias.data += 7
    assert_close(method.classify(nets, batch.x), logits + 7)


def test_the_generator_does_not_learn_from_the_label_of_a_pair(method, batch, cases):
    nets, draws = networks(method, cases), method.chances(batch, Random((0,), ROWS), 2)
    terms = method.please(nets, batch, draws).terms
    assert terms == method.please(nets, batch._replace(y=0 * batch.y), draws).terms
    assert set(method.inputs(batch, draws)) == {"z"}


@pytest.mark.parametrize(("loss", "terms"), [("class", {"class"}), ("both", {"matching", "class"})])
def test_asked_for_a_class_it_is_given_it(method, batch, cases, loss, terms):
    asked = replace(method, generator_loss=loss)
    nets, draws = networks(asked, cases), asked.chances(batch, Random((0,), ROWS), 2)
    assert set(asked.please(nets, batch, draws).terms) == terms
    assert asked.inputs(batch, draws)["y"].equal(batch.y)


class Corner(nn.Module):
    """A generator whose images are moved."""

    def __init__(self, generator: nn.Module) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        return moved(self.generator(z, y))


@pytest.mark.parametrize("who", ["real", "fake"])
def test_both_plays_see_images_moved(method, batch, cases, who):
    """As if the data, or what the generator made, were moved before."""
    nets, moves = networks(method, cases), replace(method, shift=1)
    draws = dict(moves.chances(batch, Random((0,), ROWS), 3))
    places = {"shift_real": 0.5, "shift_fake": 0.5} | {f"shift_{who}": 0.9}  # 0.9: by one pixel
    draws |= {name: torch.full((ROWS, 2), place) for name, place in places.items()}
    shown, still = batch, method.judge(nets, batch, draws).terms
    for_two = {**draws, "noise": draws["noise"][:, : 2 * draws["noise"].shape[1] // 3]}
    found = moves.judge(nets, batch, draws).terms, moves.please(nets, batch, for_two).terms
    if who == "real":
        shown = batch._replace(x=moved(batch.x), unlabeled=moved(batch.unlabeled))
    else:
        nets["generator"] = Corner(nets["generator"])
    assert_close(found[0], method.judge(nets, shown, draws).terms)
    assert_close(found[1], method.please(nets, shown, for_two).terms)
    assert found[0][who] != still[who]


def moved(images: Tensor) -> Tensor:
    """By one pixel up and to the left, their edges repeated."""
    return F.pad(images, (0, 1, 0, 1), mode="replicate")[..., 1:, 1:]


def test_a_draw_holds_noise_for_each_pass(method, batch):
    noises = [method.chances(batch, Random((0,), ROWS), n)["noise"] for n in (1, 3)]
    assert noises[1].shape[1] == 3 * noises[0].shape[1]
    assert abs(noises[1].std() - 1) < 0.05
