"""Autoencoders' codes: manifold, random codes and errors where they are known; a tiny figure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import norm

import gansmith
from gansmith.figures import ae_vs_vae
from gansmith.figures.asked import Asked


def test_the_manifold_cuts_the_normal_distribution_into_equal_shares():
    codes = ae_vs_vae.manifold(20).view(20, 20, 2).numpy()
    across = norm.cdf(codes[0, :, 0])
    np.testing.assert_allclose(np.diff(across), 1 / 20, rtol=1e-5)
    np.testing.assert_allclose(across[[0, -1]], [1 / 40, 39 / 40], rtol=1e-5)
    assert (np.diff(codes[:, 0, 1]) < 0).all() and np.ptp(codes[3, :, 1]) == 0
    np.testing.assert_allclose(codes.mean((0, 1)), 0, atol=1e-6)


def test_fitted_codes_have_the_mean_and_covariance_of_real_ones():
    mean, covariance = torch.tensor([3.0, -1.0]), torch.tensor([[4.0, 1.5], [1.5, 1.0]])
    one = ae_vs_vae.Coder(None, torch.empty(0), torch.empty(0), (mean, covariance))  # type: ignore[arg-type]
    codes = ae_vs_vae.random_codes(one, 0, 40_000)
    torch.testing.assert_close(codes["fitted"].mean(0), mean, atol=0.05, rtol=0)
    torch.testing.assert_close(codes["fitted"].T.cov(), covariance, atol=0.1, rtol=0)
    torch.testing.assert_close(codes["standard"].T.cov(), torch.eye(2), atol=0.05, rtol=0)


@pytest.mark.parametrize("method", ["ae", "vae"])
def test_codes_are_decoded_to_what_the_method_makes_of_them(method, tmp_path: Path):
    how = {"hidden": (8,), "z_dim": 2, "batch_size": 8, "steps": 1, "device": "cpu"}
    run = gansmith.train(method, run=tmp_path / "run", **how)
    x = gansmith.data.open_data("mnist").take(torch.arange(20)).x
    one = ae_vs_vae.coder(run, x, x)
    assert one.codes.shape == (20, 2) and one.made.shape == x.shape
    torch.testing.assert_close(one.spread[0], one.codes.mean(0))
    chosen, state = run.restored()
    wanted = chosen.generate(state.averaged, {"z": one.codes})
    torch.testing.assert_close(one.made, wanted)


def test_a_tiny_figure_is_drawn(tmp_path: Path, quick):
    drawn = ae_vs_vae.draw(Asked(tmp_path, effort=0.001, data="mnist"))
    assert set(drawn.numbers["models"]) == set(ae_vs_vae.MODELS) and len(drawn.see) == 4
    for row in drawn.numbers["models"].values():
        assert row["random"]["frechet"] > 0 and row["reconstruction_error"] > 0
