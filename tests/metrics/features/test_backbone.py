"""The network and the jitter that learned features have in common."""

from __future__ import annotations

import pytest
import torch

from gansmith.metrics.features.backbone import Backbone, Head
from gansmith.metrics.features.jitter import MOVE, NUMBERS, SCALE, SHEAR, TURN, jitter


@pytest.mark.parametrize(
    "shape", [(1, 8, 8), (3, 8, 40), (1, 28, 28), (3, 32, 32), (3, 64, 96), (3, 256, 256)], ids=str
)
def test_any_size_becomes_64_numbers_of_a_map_of_about_seven(shape):
    network = Backbone(shape).eval()
    x = torch.randn(2, *shape)
    features = network(x)
    assert features.shape == (2, 64)
    assert (features >= 0).all()
    last = network.layers(x)
    assert 4 <= min(last.shape[2:]) <= 10
    torch.testing.assert_close(features, last.mean((2, 3)))


def test_probabilities_are_divided_by_the_temperature():
    head = Head(3)
    head.temperature.fill_(2.0)
    logits = torch.tensor([[2.0, 0.0, -2.0]])
    weights = torch.tensor([[1.0, 0.0, -1.0]]).exp()
    torch.testing.assert_close(head.probabilities(logits), weights / weights.sum())


def test_no_jitter_leaves_images_as_they_are():
    x = torch.rand(3, 2, 9, 14)
    torch.testing.assert_close(jitter(x, torch.zeros(3, NUMBERS)), x, atol=1e-5, rtol=0)


def test_moves_repeat_the_edge():
    x = torch.rand(1, 1, 50, 25)
    draw = torch.zeros(1, NUMBERS)
    draw[0, 3], draw[0, 4] = 1.0, -0.5
    across, down = round(MOVE * 25), round(MOVE * 50 * 0.5)
    assert (across, down) == (2, 2)
    rows = (torch.arange(50) - down).clamp(min=0)
    columns = (torch.arange(25) + across).clamp(max=24)
    torch.testing.assert_close(jitter(x, draw), x[:, :, rows][..., columns], atol=1e-4, rtol=0)


@pytest.mark.parametrize("sides", [(40, 40), (24, 60)], ids=str)
def test_the_map_is_the_one_that_was_drawn_in_pixels_whatever_the_shape(sides):
    """Ramps are interpolated exactly, so they tell from where each pixel was taken."""
    height, width = sides
    ramps = torch.stack([
        torch.arange(width).float().expand(height, width),
        torch.arange(height).float()[:, None].expand(height, width),
    ])[None]  # fmt: skip
    draw = torch.tensor([[1.0, -0.5, 0.5, 0.0, 0.0]])
    taken = jitter(ramps, draw)[0, :, height // 2 - 3 : height // 2 + 3, width // 2 - 3 :]
    taken = taken[..., :6].double()
    by_column = (taken[:, 0, 5] - taken[:, 0, 0]) / 5
    by_row = (taken[:, 5, 0] - taken[:, 0, 0]) / 5
    turn, scale = torch.tensor(TURN).double(), 1 - SCALE / 2
    expected = torch.stack([turn.cos(), turn.sin()]) * scale
    torch.testing.assert_close(by_column, expected, atol=1e-4, rtol=0)
    expected = torch.stack([SHEAR / 2 - turn.sin() * scale, turn.cos() * scale])
    torch.testing.assert_close(by_row, expected, atol=1e-4, rtol=0)
