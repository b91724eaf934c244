"""BEGAN's networks, and the balance that it keeps, by hand on numbers."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.testing import assert_close

import gansmith
from gansmith.batch import DataSpec, LabeledImages
from gansmith.errors import ConfigError
from gansmith.losses import absolute_error, boundary_equilibrium, convergence
from gansmith.methods.began import BEGAN, FLOOR
from gansmith.networks import balance, began
from gansmith.networks.balance import Balance

SIZES = [(28, 28), (32, 32), (64, 64), (128, 128), (32, 48), (48, 48)]
SPEC = DataSpec(name="test", batch=LabeledImages, shape=(1, 16, 16), size=8)


def values(*some: float) -> list[torch.Tensor]:
    return [torch.tensor(one) for one in some]


class TestLosses:
    def test_an_autoencoder_that_changes_nothing_makes_no_error(self):
        x = torch.randn(3, 1, 4, 4)
        assert absolute_error(x, nn.Identity()(x)) == 0

    def test_the_error_is_the_mean_over_pixels(self):
        x, made = torch.tensor([[1.0, -1.0], [0.5, 0.0]]), torch.tensor([[0.0, -1.0], [0.0, -0.5]])
        assert_close(absolute_error(x, made), torch.tensor(0.5))

    def test_the_discriminators_loss(self):
        terms = boundary_equilibrium(*values(0.3, 0.1, 0.25))
        assert_close(sum(terms.values()), torch.tensor(0.3 - 0.25 * 0.1))

    @pytest.mark.parametrize(
        ("real", "fake", "wanted"),
        [(0.2, 0.05, 0.25), (0.2, 0.15, 0.25), (0.2, 0.1, 0.2), (0.0, 0.0, 0.0)],
    )
    def test_the_measure_of_convergence(self, real, fake, wanted):
        assert_close(convergence(*values(real, fake), gamma=0.5), torch.tensor(wanted))


class TestBalance:
    def moved(self, k: float, real: float, fake: float, gamma: float = 0.5, k_rate: float = 0.1):
        state = Balance()
        state.k.fill_(k)
        balance.move(state, *values(real, fake), gamma, k_rate)
        return float(state())

    def test_k_begins_at_0(self):
        assert Balance()() == 0

    def test_a_step_by_hand(self):
        assert self.moved(0.2, real=0.6, fake=0.1) == pytest.approx(0.2 + 0.1 * (0.3 - 0.1))
        assert self.moved(0.2, real=0.1, fake=0.6) == pytest.approx(0.2 + 0.1 * (0.05 - 0.6))

    def test_it_stays_within_0_and_1(self):
        assert self.moved(0.99, real=4.0, fake=0.0) == 1
        assert self.moved(0.01, real=0.0, fake=4.0) == 0

    @pytest.mark.parametrize("gamma", [0.3, 0.7])
    def test_it_rests_where_the_ratio_is_gamma(self, gamma):
        assert self.moved(0.4, real=0.5, fake=0.5 * gamma, gamma=gamma) == pytest.approx(0.4)

    def test_more_weight_on_generated_samples_where_they_are_made_anew_too_well(self):
        """L(G) = γ' L(x) - k: the balance finds the k at which the ratio is γ."""
        state = Balance()
        for _ in range(400):
            balance.move(state, torch.tensor(1.0), 0.2 + state(), gamma=0.5, k_rate=0.05)
        assert float(state()) == pytest.approx(0.3, abs=1e-4)

    def played(self, *convergences: float, patience: int = 2, least: float = 0.2) -> list[float]:
        """The rate after each step."""
        state, rates = Balance(), []
        for one in convergences:
            balance.slow_down(state, torch.tensor(one), patience, least)
            rates.append(float(state.rate))
        return rates

    def test_the_rate_stays_while_means_fall(self):
        assert self.played(3, 1, 2, 1, 0.5, 2) == [1] * 6  # means 2, 1.5, 1.25

    def test_it_is_halved_where_a_mean_is_not_the_lowest(self):
        assert self.played(1, 1, 1, 3, 1, 1, 0, 0) == [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25]

    def test_it_is_not_halved_below_the_least(self):
        assert self.played(*[1] * 10, least=0.2)[1::2] == pytest.approx([1, 0.5, 0.25, 0.2, 0.2])

    @pytest.mark.parametrize("patience", [0, 1, 2, 5])
    @pytest.mark.parametrize("first", [0, 3, 4])
    def test_the_remembered_rate_is_the_rate_at_each_play(self, patience, first):
        """Two plays a step, the balance moves between them; also where a run goes on."""
        state = Balance()
        for _ in range(first):
            balance.slow_down(state, torch.tensor(1.0), patience, 1e-3)
        for step in range(first, 23):
            assert balance.factor(state, step, patience) == float(state.rate)
            balance.slow_down(state, torch.tensor(1.0), patience, 1e-3)
            assert balance.factor(state, step, patience) == float(state.rate)

    def test_the_rate_is_seldom_read(self):
        state, reads = Balance(), []
        for step in range(50):
            state.rate.fill_(1 / (step + 1))
            reads.append(balance.factor(state, step, 10))
        assert len(set(reads)) == 10

    def test_without_patience_it_stays(self):
        assert self.played(1, 2, 3, 4, patience=0) == [1] * 4


class TestMethod:
    def test_a_step_keeps_the_balance_by_the_averaged_errors(self):
        method = BEGAN(width=2, patience=1, gamma=0.5, k_rate=0.1, learning_rate=1e-4)
        nets = method.build(SPEC)
        for real, k, factor in ((0.6, 0.02, 1.0), (0.6, 0.04, 0.5), (0.8, 0.07, FLOOR / 1e-4)):
            for _ in range(1 if factor > 0.3 else 2):
                method.keep_balance(
                    nets, {"real_score": torch.tensor(-real), "fake_score": torch.tensor(-0.1)}
                )
            assert method.rate(nets, 0) == pytest.approx(factor)
            k_now = float(nets["balance"]())
            assert k_now == pytest.approx(k if factor > 0.3 else 0.04 + 2 * 0.03)

    def test_the_discriminator_sees_generated_samples_only_through_k(self):
        method = BEGAN(width=2)
        nets, batch = method.build(SPEC), LabeledImages(torch.zeros(2, 1, 16, 16), torch.zeros(2))
        draws = {"z": torch.randn(2, 64)}
        found = method.discriminate(nets, batch, draws)
        assert found.terms["fake"] == 0
        nets["balance"].get_buffer("k").fill_(0.5)
        found = method.discriminate(nets, batch, draws)
        assert_close(found.terms["fake"], 0.5 * found.stats["fake_score"])
        real, fake = -found.stats["real_score"], -found.stats["fake_score"]
        assert_close(found.stats["m_global"], convergence(real, fake, method.gamma))

    def test_k_and_the_rate_outlive_a_checkpoint(self, tmp_path):
        run = gansmith.train(
            "began",
            run=tmp_path / "a",
            steps=4,
            width=2,
            patience=1,
            k_rate=1.0,
            gamma=0.5,
            device="cpu",
        )
        state = run.restored()[1].nets["balance"].state_dict()
        logged = run.metrics["discriminator/k"]
        errors = (run.metrics[f"discriminator/{name}_score"][-1] for name in ("real", "fake"))
        real, fake = (-error for error in errors)
        wanted = min(1.0, max(0.0, logged[-1] + 0.5 * real - fake))
        assert float(state["k"]) == pytest.approx(wanted, abs=1e-5)
        assert float(state["lowest"]) < balance.NONE_YET
        text = run.directory.losses.with_suffix(".svg").read_text()
        assert all(f'id="{name}"' in text for name in ("generator-loss", "m_global", "k"))


class TestNetworks:
    @pytest.mark.parametrize("size", SIZES, ids=str)
    @pytest.mark.parametrize("channels", [1, 3], ids=["grey", "colour"])
    def test_shapes(self, channels, size):
        shape = (channels, *size)
        assert began.decoder(5, shape, 2)(torch.randn(2, 5)).shape == (2, *shape)
        assert began.encoder(shape, 5, 2)(torch.randn(2, *shape)).shape == (2, 5)

    def test_channels_grow_evenly_inwards_and_are_equal_outwards(self):
        def widths(network: nn.Module) -> list[int]:
            return [one.out_channels for one in network.modules() if isinstance(one, nn.Conv2d)]

        assert widths(began.encoder((3, 32, 32), 5, 4)) == [4, 4, 4, 8, 8, 8, 12, 12, 12]
        assert widths(began.decoder(5, (3, 32, 32), 4)) == [4] * 6 + [3]

    def test_the_smallest_map(self):
        for side, smallest in ((28, 7), (32, 8), (64, 8), (128, 8), (48, 6)):
            linear = began.decoder(5, (1, side, side), 2)[0]
            assert linear.out_features == 2 * smallest**2

    def test_no_normalisation_and_elus_alone(self):
        kinds = {type(one) for one in began.autoencoder((1, 16, 16), 5, 2).modules()}
        assert kinds <= {nn.Sequential, nn.Conv2d, nn.Linear, nn.ELU, nn.Flatten, nn.Unflatten,
                         began.EnlargingConv}  # fmt: skip

    def test_enlarging_repeats_pixels_first(self):
        layer, x = began.EnlargingConv(3, 2), torch.randn(2, 3, 4, 5)
        plain = nn.Conv2d(3, 2, 3, padding=1)
        plain.load_state_dict(layer.state_dict())
        large = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
        assert_close(layer(x), plain(large), rtol=1e-4, atol=1e-5)

    def test_the_decoder_of_the_discriminator_is_of_the_generators_shape(self):
        nets = BEGAN(width=2).build(SPEC)
        shapes = [[p.shape for p in net.parameters()]
                  for net in (nets["generator"], nets["discriminator"][1])]  # fmt: skip
        assert shapes[0] == shapes[1]

    def test_the_image_begins_at_the_nearest_plain_one(self):
        x = torch.tensor([-1.0, -1.0, 1.0])[:, None, None, None].expand(3, 2, 16, 16).clone()
        x[:, 1] *= -1
        network = began.decoder(5, (2, 16, 16), 2)
        began.begin_at_median(network, x)
        assert network[-1].bias.tolist() == [-1.0, 1.0]

    def test_sizes_that_cannot_be_made(self):
        with pytest.raises(ConfigError, match=r"30x30 pixels.*5 to 8 pixels.*Give --size (28|32)"):
            began.decoder(5, (1, 30, 30), 2)


def test_samples_are_cut():
    method = BEGAN(width=2)
    nets = method.build(SPEC)
    nets["generator"][-1].bias.data.fill_(7)
    images = method.generate(nets, {"z": torch.randn(2, 64)})
    assert images.max() == 1 and nets["generator"](torch.randn(2, 64)).max() > 1
