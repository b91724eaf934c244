"""Fields handed on together, and those that mean nothing beside another one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gansmith.batch import DataSpec, LabeledImages, Points
from gansmith.choices import chosen, names_of, refuse_with
from gansmith.config import choose_method
from gansmith.errors import ConfigError
from gansmith.hyperparameters import with_fields
from gansmith.methods.dcgan import DCGAN
from gansmith.methods.lsgan import LSGAN
from gansmith.networks.dcgan import Choices


@dataclass(frozen=True)
class Two:
    width: int = 1
    absent: str = "default"


def test_shared_fields_are_the_methods_and_others_the_default():
    assert chosen(DCGAN(width=8), Two) == Two(8, "default")


def test_every_choice_of_networks_is_a_field_of_dcgan():
    given = Choices(3, 5, 2, "resize", 5, "spectral", True)
    assert chosen(DCGAN(**vars(given)), Choices) == given


def test_lsgan_chooses_some_of_them():
    method = LSGAN(width=8, hidden=4, mapping=2, upsample="resize", discriminator_norm="none")
    assert chosen(method, Choices) == Choices(8, 4, 2, "resize", 4, "none", False)


def test_values_that_mean_nothing_are_refused_unless_they_are_the_default():
    refuse_with("--network keras", DCGAN(learning_rate=1.0), names_of(Two))
    with pytest.raises(ConfigError, match="--width 8 means nothing with --network keras"):
        refuse_with("--network keras", DCGAN(width=8), names_of(Two))


IMAGES = DataSpec(name="i", batch=LabeledImages, shape=(1, 8, 8), size=9, class_names=("a", "b"))
POINTS = DataSpec(name="p", batch=Points, shape=(2,), size=9)
IGNORED = [
    ("ae", IMAGES, {"upsample": "resize"}),
    ("vae", IMAGES, {"upsample": "resize"}),
    ("cgan", IMAGES, {"network": "mlp", "discriminator_norm": "spectral"}),
    ("r3gan", IMAGES, {"blocks": 2}),
    ("wgan", POINTS, {"upsample": "resize"}),
    ("wgan-gp", POINTS, {"critic_norm": "layer"}),
    ("lsgan", POINTS, {"discriminator_norm": "none"}),
]


@pytest.mark.parametrize(("name", "data", "values"), IGNORED)
def test_what_a_network_does_not_look_at_is_refused(name, data, values):
    method = choose_method(name, None, data.batch.__name__)
    method.build(data)
    with pytest.raises(ConfigError, match="means nothing with"):
        with_fields(method, values).build(data)
