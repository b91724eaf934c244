"""The methods that generate by class: losses against their closed forms, and what y does."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.testing import assert_close

from gansmith.batch import AttributedImages, DataSpec, LabeledImages
from gansmith.config import choose_method
from gansmith.draws import Random
from gansmith.errors import ConfigError
from gansmith.hyperparameters import with_fields
from gansmith.method import Classifies, Method, Networks, Objective
from gansmith.methods import find
from gansmith.methods.acgan import ACGAN
from gansmith.methods.cgan import CGAN
from gansmith.methods.projection import ProjectionGAN
from gansmith.training.sampling import conditions
from gansmith.training.state import build_networks

NAMES = ["cgan", "acgan", "projection"]
SMALL = {"width": 4, "hidden": 8, "z_dim": 5, "batch_size": 8}
ROWS, K = 8, 4
SPEC = DataSpec(
    name="own", batch=LabeledImages, shape=(1, 28, 28), size=100, class_names=tuple("abcd")
)
LOG2 = math.log(2)


class Says(nn.Module):
    """A discriminator that says what it is told to: of real samples, then of generated ones."""

    def __init__(self, *outputs: Tensor) -> None:
        super().__init__()
        self.outputs, self.calls = outputs, 0

    def forward(self, x: Tensor, *told: Tensor) -> Tensor:
        """The next output."""
        self.calls += 1
        return self.outputs[(self.calls - 1) % len(self.outputs)]


def small(name: str, **fields: Any) -> Method:
    """A method in a small form; class losses have weight 1."""
    weight = {"class_weight": 1.0} if name == "acgan" else {}
    return with_fields(choose_method(name, None, "LabeledImages"), {**SMALL, **weight, **fields})


def batch(y: Tensor | None = None) -> LabeledImages:
    """Noise as images, with labels."""
    x = torch.rand(ROWS, 1, 28, 28, generator=torch.Generator().manual_seed(3)) * 2 - 1
    return LabeledImages(x, torch.arange(ROWS) % K if y is None else y)


def played(method: Method, number: int, discriminator: nn.Module, given: Any = None) -> Objective:
    """The objective of the discriminator's phase (0) or the generator's (1)."""
    nets = build_networks(method, SPEC, 0)
    nets["discriminator"] = discriminator
    given, phase = given or batch(), method.phases()[number]
    return phase.objective(nets, given, phase.draws(given, Random((0,), ROWS)))


REAL, FAKE = torch.linspace(-2, 3, ROWS)[:, None], torch.linspace(1, -4, ROWS)[:, None]


def test_cgan_minimises_the_cross_entropy_of_the_source():
    terms = played(small("cgan"), 0, Says(REAL, FAKE)).terms
    entropy = F.binary_cross_entropy
    assert_close(terms["real"], entropy(REAL.sigmoid(), torch.ones(ROWS, 1)))
    assert_close(terms["fake"], entropy(FAKE.sigmoid(), torch.zeros(ROWS, 1)))
    fool = played(small("cgan"), 1, Says(FAKE)).terms["adversarial"]
    assert_close(fool, entropy(FAKE.sigmoid(), torch.ones(ROWS, 1)))


def test_projection_by_the_hinge():
    real, fake = torch.tensor([[2.0], [0.0]] * 4), torch.tensor([[-3.0], [1.0]] * 4)
    method = small("projection", loss="hinge")
    terms = played(method, 0, Says(real, fake)).terms
    assert_close(terms, {"real": torch.tensor(0.5), "fake": torch.tensor(1.0)})
    assert_close(played(method, 1, Says(fake)).terms["adversarial"], torch.tensor(1.0))


def test_projection_minimises_the_cross_entropy_of_the_source():
    method = small("projection")
    terms, as_cgan = (played(one, 0, Says(REAL, FAKE)).terms for one in (method, small("cgan")))
    assert_close(terms, as_cgan)
    fool = played(method, 1, Says(FAKE)).terms["adversarial"]
    assert_close(fool, F.softplus(-FAKE).mean())


def outputs(source: float, correct: float, y: Tensor) -> Tensor:
    """(N, 1 + K): this logit of the source, this one of the right class, 0 of the others."""
    return torch.cat([torch.full((ROWS, 1), source), correct * F.one_hot(y, K)], 1)


def test_acgan_sums_the_losses_of_both_heads():
    y = batch().y
    of_real, of_fake = outputs(1.5, 2.0, y), outputs(-0.5, 1.0, y)
    terms = played(
        small("acgan", class_weight=3.0, fake_class_loss=True), 0, Says(of_real, of_fake)
    ).terms
    source = math.log(1 + math.exp(-1.5)) + math.log(1 + math.exp(-0.5))

    def of_class(correct: float) -> Tensor:
        return torch.tensor(3.0 * math.log(1 + (K - 1) * math.exp(-correct)))

    expected = {"source": torch.tensor(source)}
    assert_close(terms, {**expected, "class_real": of_class(2.0), "class_fake": of_class(1.0)})
    terms = played(small("acgan", class_weight=3.0, fake_class_loss=True), 1, Says(of_fake)).terms
    adversarial = torch.tensor(math.log(1 + math.exp(0.5)))
    assert_close(terms, {"adversarial": adversarial, "class": of_class(1.0)})


def test_acgan_where_nothing_can_be_told():
    nothing = torch.zeros(ROWS, 1 + K)
    terms = played(small("acgan", fake_class_loss=True), 0, Says(nothing)).terms
    logs = {"source": 2 * LOG2, "class_real": math.log(K), "class_fake": math.log(K)}
    assert_close(terms, {name: torch.tensor(value) for name, value in logs.items()})


def test_a_sure_and_right_class_head_has_no_loss_as_two_softmaxes_would_have():
    """Softmax in the network and again in the loss leaves at least log(1 + (K - 1) / e)."""
    y = batch().y
    sure = outputs(0.0, 30.0, y)
    twice = F.cross_entropy(sure[:, 1:].softmax(1), y)
    assert_close(twice, torch.tensor(math.log(1 + (K - 1) / math.e)))
    for number, names in ((0, ["class_real", "class_fake"]), (1, ["class"])):
        terms = played(small("acgan", fake_class_loss=True), number, Says(sure)).terms
        assert all(terms[name] < 1e-6 for name in names)


def test_the_class_loss_pulls_each_logit_by_its_probability_less_the_truth():
    y = batch().y
    logits = torch.randn(ROWS, 1 + K, generator=torch.Generator().manual_seed(1)).requires_grad_()
    method = small("acgan", fake_class_loss=False)
    played(method, 0, Says(logits, torch.zeros(ROWS, 1 + K))).terms["class_real"].backward()
    expected = (logits[:, 1:].softmax(1) - F.one_hot(y, K)) / ROWS
    assert logits.grad is not None
    assert_close(logits.grad[:, 1:], expected.detach())
    assert logits.grad[:, 0].eq(0).all()


def test_the_class_loss_on_generated_images_can_be_left_out():
    for on, number in ((True, 0), (False, 0), (True, 1), (False, 1)):
        nothing = Says(torch.zeros(ROWS, 1 + K))
        terms = played(small("acgan", fake_class_loss=on), number, nothing).terms
        assert ("class_fake" in terms) == (on and number == 0)
        assert ("class" in terms) == (number == 1)


def test_acgan_classifies_by_its_class_head():
    method = small("acgan")
    assert isinstance(method, Classifies)
    nets = build_networks(method, SPEC, 0).eval()
    x = batch().x
    logits = method.classify(nets, x)
    assert logits.shape == (ROWS, K) and logits.equal(nets["discriminator"](x)[:, 1:])


@pytest.mark.parametrize("name", NAMES)
def test_the_generator_is_told_the_class_and_its_gradient_depends_on_it(name):
    method, gradients = small(name), []
    assert conditions(method, SPEC, 6).tolist() == [0, 1, 2, 3, 0, 1]
    for shift in (0, 1):
        nets = _stirred(build_networks(method, SPEC, 0))
        given, phase = batch((torch.arange(ROWS) + shift) % K), method.phases()[1]
        draws = phase.draws(given, Random((0,), ROWS))
        sum(phase.objective(nets, given, draws).terms.values(), torch.zeros(())).backward()
        found = [parameter.grad for parameter in nets["generator"].parameters()]
        gradients.append([each.clone() for each in found if each is not None])
    assert any(not a.allclose(b) for a, b in zip(*gradients, strict=True))


def _stirred(nets: Networks) -> Networks:
    """With weights far from how they start."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        for parameter in nets.parameters():
            nn.init.normal_(parameter, 0.0, 0.3)
    return nets


@pytest.mark.parametrize(
    ("name", "which"),
    [(name, "generator") for name in NAMES]
    + [(name, "discriminator") for name in ("cgan", "projection")],
)
def test_other_classes_are_another_output(name, which):
    nets = _stirred(build_networks(small(name), SPEC, 0))
    x = torch.randn(ROWS, 5) if which == "generator" else batch().x
    one, other = (nets[which](x, (torch.arange(ROWS) + shift) % K) for shift in (0, 1))
    assert (one - other).abs().flatten(1).amax(1).min() > 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_data_without_labels_is_refused(name):
    with pytest.raises(ConfigError, match="own has no labels"):
        small(name).build(replace(SPEC, class_names=()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(3, 28, 28), (1, 32, 40)], ids=str)
def test_colour_and_other_sizes(name, shape):
    method, spec = small(name), replace(SPEC, shape=shape)
    nets = build_networks(method, spec, 0)
    made = method.generate(nets, {"z": torch.randn(2, 5), "y": torch.tensor([0, 3])})
    assert made.shape == (2, *shape)


@pytest.mark.parametrize("network", ["conv", "mlp"])
def test_cgan_takes_attributes_of_which_a_sample_has_several(network):
    method = small("cgan", network=network)
    spec = replace(SPEC, batch=AttributedImages)
    attributes = torch.tensor([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]] * 4)
    given, nets = AttributedImages(batch().x, attributes), build_networks(method, spec, 0)
    for phase in method.phases():
        objective = phase.objective(nets, given, phase.draws(given, Random((0,), ROWS)))
        assert all(term.isfinite() for term in objective.terms.values())
    inputs = method.inputs(given, method.draws(given, Random((0,), ROWS)))
    assert inputs["y"].equal(attributes)
    assert method.generate(nets, inputs).shape == (ROWS, 1, 28, 28)


def test_one_class_and_that_attribute_alone_are_the_same_condition():
    nets = _stirred(build_networks(small("cgan"), SPEC, 0)).eval()
    z, y = torch.randn(ROWS, 5), torch.arange(ROWS) % K
    assert nets["generator"](z, y).equal(nets["generator"](z, F.one_hot(y, K).float()))


def test_the_lecture_trains_as_it_says():
    method = choose_method("cgan", "lecture", "LabeledImages")
    assert isinstance(method, CGAN)
    judge, fool = method.phases()
    assert judge.learning_rate == 2e-4 and fool.learning_rate == 1e-4
    assert judge.rate(Networks(), 1000) == 1 / (1 + 6e-8 * 1000)
    assert (method.prior, method.together, method.network) == ("uniform", True, "keras")
    objective = played(replace(method, batch_size=ROWS), 0, Says(torch.cat([REAL, FAKE])))
    right = ((REAL > 0).float().mean() + (FAKE < 0).float().mean()) / 2
    assert objective.stats["accuracy"] == right


def test_presets_of_papers():
    paper = choose_method("acgan", "paper", "LabeledImages")
    assert isinstance(paper, ACGAN) and paper.fake_class_loss and paper.class_weight == 1.0
    paper = choose_method("projection", "paper", "LabeledImages")
    assert isinstance(paper, ProjectionGAN)
    judge, _ = paper.phases()
    assert judge.repeats == 5 and paper.loss == "hinge" and paper.discriminator_norm == "spectral"


def test_values_that_mean_nothing_beside_the_lectures_network_are_refused():
    with pytest.raises(ConfigError, match="--width 8 means nothing with --network keras"):
        find("cgan")(network="keras", width=8).build(SPEC)
