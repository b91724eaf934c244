"""Strict weight normalisation against plain layers, torch's own form, and the variance it keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm as torchs
from torch.testing import assert_close

from gansmith.networks import heads, weight_norm, wn_gan
from gansmith.networks.weight_norm import TPReLU

SIZES = [(28, 28), (32, 32), (64, 64), (128, 128), (32, 48)]


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    """The same weights every time, and the global generator left as it was."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def norms(weight: Tensor, output_dim: int) -> Tensor:
    """‖W‖ of each output unit, one by one."""
    return torch.stack([unit.flatten().norm() for unit in weight.unbind(output_dim)])


class TestStrict:
    """y = W x / ‖W‖ is a plain layer whose outputs are divided."""

    def test_linear(self):
        layer, x = weight_norm.Linear(5, 3), torch.randn(4, 5)
        layer.weight.data *= torch.tensor([[0.5], [7.0], [2.0]])
        assert_close(layer(x), (x @ layer.weight.T) / norms(layer.weight, 0))

    def test_conv(self):
        layer, x = weight_norm.Conv(3, 5), torch.randn(2, 3, 8, 6)
        plain = F.conv2d(x, layer.weight, stride=2, padding=1)
        assert_close(layer(x), plain / norms(layer.weight, 0)[:, None, None])

    def test_transposed_conv_divides_by_the_product_of_its_strides(self):
        layer, x = weight_norm.ConvTranspose(3, 5), torch.randn(2, 3, 4, 6)
        plain = F.conv_transpose2d(x, layer.weight, stride=2, padding=1)
        norm = (norms(layer.weight, 1).square() / (2 * 2)).sqrt()
        assert_close(layer(x), plain / norm[:, None, None])

    @pytest.mark.parametrize(
        "layer",
        [weight_norm.Linear(6, 4), weight_norm.Conv(3, 4), weight_norm.ConvTranspose(3, 4)],
        ids=["linear", "conv", "transposed"],
    )
    def test_it_has_a_direction_and_nothing_else(self, layer):
        assert [name for name, _ in layer.named_parameters()] == ["weight"]
        x = torch.randn(2, 6) if isinstance(layer, nn.Linear) else torch.randn(2, 3, 8, 8)
        before = layer(x)
        layer.weight.data *= 3
        assert_close(layer(x), before, rtol=1e-4, atol=1e-5)

    def test_gradients_stand_at_right_angles_to_the_weight_of_each_unit(self):
        layer = weight_norm.Linear(6, 4)
        layer(torch.randn(9, 6)).pow(3).sum().backward()
        along = F.cosine_similarity(layer.weight.grad, layer.weight, dim=1)
        assert_close(along, torch.zeros(4), atol=1e-4, rtol=0)


class TestVariance:
    """White inputs of variance 1 give outputs of variance 1: the paper's motivation."""

    def outputs(self, layer: nn.Module, *shape: int) -> Tensor:
        with torch.no_grad():
            return layer(torch.randn(4000, *shape))

    def assert_white(self, y: Tensor) -> None:
        """Of each unit (dimension 1), over all else, within 8 %."""
        assert_close(y.transpose(0, 1).flatten(1).var(1), torch.ones(y.shape[1]), rtol=0.08, atol=0)

    def test_linear(self):
        self.assert_white(self.outputs(weight_norm.Linear(20, 6), 20))

    def test_conv_away_from_the_borders(self):
        self.assert_white(self.outputs(weight_norm.Conv(3, 6), 3, 8, 8)[..., 1:-1, 1:-1])

    def test_transposed_conv_away_from_the_borders(self):
        """Over a whole period of the stride: each place sees its own part of the kernel."""
        layer = weight_norm.ConvTranspose(3, 6)
        self.assert_white(self.outputs(layer, 3, 4, 4)[..., 2:-2, 2:-2])

    def test_without_the_product_of_the_strides_it_would_be_a_quarter(self):
        layer, x = weight_norm.ConvTranspose(3, 1), torch.randn(4000, 3, 4, 4)
        with torch.no_grad():
            y = F.conv_transpose2d(x, layer.weight / layer.weight.norm(), stride=2, padding=1)
        assert y[..., 2:-2, 2:-2].var().item() == pytest.approx(0.25, rel=0.08)


class TestAffine:
    """The last layers are torch's own weight normalisation."""

    def test_linear_is_torchs(self):
        ours, oracle = weight_norm.Linear(5, 3, affine=True), torchs(nn.Linear(5, 3))
        scale, bias = torch.randn(3), torch.randn(3)
        ours.load_state_dict({"weight": ours.weight, "scale": scale, "bias": bias})
        oracle.load_state_dict(
            {
                "bias": bias,
                "parametrizations.weight.original0": scale[:, None],
                "parametrizations.weight.original1": ours.weight,
            }
        )
        x = torch.randn(7, 5)
        assert_close(ours(x), oracle(x))
        for layer in (ours, oracle):
            layer(x).square().sum().backward()
        assert ours.scale is not None
        original = oracle.parametrizations["weight"]
        assert_close(ours.scale.grad, original.original0.grad[:, 0], rtol=1e-4, atol=1e-5)
        assert_close(ours.weight.grad, original.original1.grad, rtol=1e-4, atol=1e-5)

    def test_transposed_conv_is_torchs_but_for_the_strides(self):
        ours = weight_norm.ConvTranspose(3, 2, affine=True)
        oracle = torchs(nn.ConvTranspose2d(3, 2, 4, stride=2, padding=1), dim=1)
        scale, bias = torch.randn(2), torch.randn(2)
        ours.load_state_dict({"weight": ours.weight, "scale": scale, "bias": bias})
        oracle.load_state_dict(
            {
                "bias": bias,
                "parametrizations.weight.original0": 2 * scale[None, :, None, None],
                "parametrizations.weight.original1": ours.weight,
            }
        )
        x = torch.randn(2, 3, 4, 4)
        assert_close(ours(x), oracle(x))

    def test_scores_are_float32_whatever_the_precision(self):
        head, x = weight_norm.ScoreHead(7), torch.randn(4, 7)
        expected = F.linear(x, head.unit(), head.bias)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            assert_close(head(x), expected)
            assert head(x.bfloat16()).dtype is torch.float32


class TestTPReLU:
    def layer(self, slope: float, translation: float) -> TPReLU:
        layer = TPReLU(1)
        layer.slope.data.fill_(slope)
        layer.translation.data.fill_(translation)
        return layer

    @pytest.mark.parametrize(
        ("slope", "translation", "wanted"),
        [
            (0.25, 0.0, [-0.5, -0.25, 0.0, 1.0, 3.0]),
            (0.5, 1.0, [-0.5, 0.0, 0.5, 1.0, 3.0]),
            (-3.0, 0.5, [0.5, 0.5, 0.5, 1.0, 3.0]),  # cut to 0: max(x, b)
            (2.0, 0.5, [-2.0, -1.0, 0.0, 1.0, 3.0]),  # cut to 1: x itself
        ],
    )
    def test_by_hand(self, slope, translation, wanted):
        x = torch.tensor([[-2.0], [-1.0], [0.0], [1.0], [3.0]])
        assert_close(self.layer(slope, translation)(x)[:, 0], torch.tensor(wanted))

    def test_it_begins_as_torchs_prelu(self):
        x = torch.randn(2, 3, 4, 5)
        assert_close(TPReLU(3)(x), nn.PReLU(3)(x))

    def test_each_channel_has_its_own(self):
        layer, x = TPReLU(2), torch.full((1, 2, 1, 1), -1.0)
        layer.slope.data, layer.translation.data = (
            torch.tensor([0.5, 0.0]),
            torch.tensor([0.0, 2.0]),
        )
        assert_close(layer(x).flatten(), torch.tensor([-0.5, 2.0]))

    def test_the_slope_of_the_translation(self):
        """d/db (a (x - b) + b) = 1 - a below the knee, 0 above."""
        layer = self.layer(0.25, 1.0)
        layer(torch.tensor([[0.0], [-1.0], [5.0]])).sum().backward()
        assert_close(layer.translation.grad, torch.tensor([2 * 0.75]))


class TestNetworks:
    @pytest.mark.parametrize("size", SIZES, ids=str)
    @pytest.mark.parametrize("norm", wn_gan.NORMS)
    def test_shape_and_range(self, norm, size):
        shape = (3, *size)
        images = wn_gan.generator(5, shape, 2, norm)(torch.randn(2, 5))
        assert images.shape == (2, *shape) and images.abs().max() <= 1
        assert wn_gan.discriminator(shape, 2, norm)(images).shape == (2, 1)

    def test_the_output_is_the_papers_sigmoid_on_another_scale(self):
        x = torch.linspace(-4, 4, 9)
        assert_close(x.tanh(), 2 * (2 * x).sigmoid() - 1)

    def test_all_but_the_last_layers_are_strict(self):
        shape, kinds = (1, 32, 32), (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
        for network in (wn_gan.generator(5, shape, 2, "weight"),
                        wn_gan.discriminator(shape, 2, "weight")):  # fmt: skip
            layers = [layer for layer in network.modules() if isinstance(layer, kinds)]
            assert all(isinstance(layer, weight_norm.Normalised) for layer in layers)
            assert [layer.bias is None for layer in layers] == [True] * (len(layers) - 1) + [False]
            assert not any(isinstance(layer, nn.BatchNorm2d) for layer in network.modules())

    def test_the_generators_first_weights_begin_small(self):
        generator = wn_gan.generator(64, (1, 32, 32), 16, "weight")
        first, second = (norms(generator[i].weight, dim) for i, dim in ((0, 0), (3, 1)))
        assert first.mean().item() == pytest.approx(0.01, rel=0.02)
        assert (second.square().mean() / 4).item() == pytest.approx(1, rel=0.05)

    def test_the_forms_that_it_is_compared_with(self):
        for norm, found in (("batch", [3, 2]), ("none", [0, 0])):
            nets = [wn_gan.generator(5, (1, 32, 32), 2, norm),
                    wn_gan.discriminator((1, 32, 32), 2, norm)]  # fmt: skip
            batch = [sum(isinstance(m, nn.BatchNorm2d) for m in net.modules()) for net in nets]
            assert batch == found  # all but the image; all but the first map and the score
            assert all(sum(isinstance(m, nn.PReLU) for m in net.modules()) == 3 for net in nets)
            assert isinstance(nets[1][-1], heads.ScoreHead)
            assert not isinstance(nets[1][1], nn.BatchNorm2d)
