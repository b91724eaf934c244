"""Three losses and three generators: what counts as failing, and a tiny figure."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

import gansmith
from gansmith.figures.asked import Asked
from gansmith.figures.robustness import FORMS, LOSSES, draw, failures, see, variety
from gansmith.figures.variants import Varied


def table(dcgan, wgan=(1.0, 1.0, 1.0), wgan_gp=(1.0, 1.0, 1.0)):
    """Distances; a pair is a distance and a variety."""
    found = {}
    for loss, row in zip(LOSSES, (dcgan, wgan, wgan_gp), strict=True):
        pairs = (value if isinstance(value, tuple) else (value, 1.0) for value in row)
        kept = [{"frechet": distance, "variety": variety} for distance, variety in pairs]
        found[loss] = dict(zip(FORMS, kept, strict=True))
    return found


def test_what_fails_is_over_twice_as_far_as_with_batch_norm():
    found = failures(table((10.0, 21.0, 19.0)))
    assert found == {"dcgan": ["plain"], "wgan": [], "wgan-gp": []}
    found = failures(table((10.0, 9.0, (1.0, 0.01))))
    assert found["dcgan"] == ["mlp"], "one image, however near, is a failure"


def test_variety_is_a_ratio_of_variances():
    x = torch.randn(4000, 1, 2, 2, generator=torch.Generator().manual_seed(0))
    assert variety(x / 2, x) == pytest.approx(0.25)
    assert variety(x[:1].expand(9, -1, -1, -1), x) == pytest.approx(0.0, abs=1e-6)


def test_the_words_follow_the_numbers():
    assert any("As in the papers" in line for line in see(table((1.0, 9.0, 9.0))))
    for other in (table((1.0, 1.0, 1.0)), table((1.0, 9.0, 1.0), (1.0, 9.0, 9.0))):
        assert any("does not show" in line for line in see(other))


def test_nothing_is_concluded_of_a_loss_that_was_not_trained():
    words = see(table((1.0, 9.0, 9.0), wgan=(8.0, 9.0, 9.0)))
    assert any("is not told: even with batch norm WGAN (8)" in line for line in words)
    assert not any("As in the papers" in line for line in words)


def test_only_what_was_asked_for_differs_between_the_forms():
    spec = gansmith.data.open_data("mnist").spec
    normed = {
        (loss, form): [
            sum(isinstance(layer, nn.BatchNorm2d) for layer in nets[name].modules())
            for name in ("generator", "critic")
        ]
        for loss in ("dcgan", "wgan", "wgan-gp")
        for form in ("batch-norm", "plain", "mlp")
        for nets in [Varied(loss=loss, form=form).build(spec)]
    }
    for (loss, form), (generator, critic) in normed.items():
        assert (generator > 0) == (form == "batch-norm")
        assert (critic > 0) == (loss != "wgan-gp")
    generator = Varied(form="mlp").build(spec)["generator"]
    layers = [layer for layer in generator.modules() if isinstance(layer, nn.Linear)]
    assert [layer.out_features for layer in layers] == [512, 512, 512, 512, 784]


def test_a_tiny_figure_is_drawn_and_gone_on_with(tmp_path: Path, quick):
    drawn = draw(Asked(tmp_path, effort=0.001, data="mnist"))
    runs = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "runs").iterdir()}
    assert len(runs) == 9 and set(drawn.numbers["runs"]) == set(LOSSES)
    again = draw(Asked(tmp_path, effort=0.001, data="mnist"))
    assert again.numbers["runs"]["wgan"] == drawn.numbers["runs"]["wgan"]
    assert {path.name for path in (tmp_path / "runs").iterdir()} == set(runs)
    assert torch.isfinite(torch.tensor(drawn.numbers["runs"]["wgan"]["mlp"]["frechet"]))
