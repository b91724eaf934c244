from __future__ import annotations

import math

import numpy as np
import pytest
import torch

import gansmith
from gansmith.batch import Points
from gansmith.errors import ConfigError, RunError
from gansmith.latent import Which, invert, latents, open_space
from gansmith.latent.conformed import conformed
from gansmith.latent.pictures import captioned
from gansmith.metrics.images.searching import Search


def test_numbers_are_those_of_samples(tiny_run):
    run = gansmith.load(tiny_run)
    for raw in (False, True):
        space = open_space(run, Which(raw_weights=raw))
        samples = run.sample(70, seed=3, raw_weights=raw)
        rows = [0, 69, 5, 64]
        torch.testing.assert_close(space.images(space.drawn(rows, 3)), samples[rows])
    assert open_space(run, Which(checkpoint="2")).step == 2


def test_the_norm_and_deviation_of_both_priors(linear, run_of_linear):
    uniform = open_space(run_of_linear(prior="uniform"))
    assert (linear.deviation, linear.norm) == (1, pytest.approx(math.sqrt(5)))
    z = uniform.drawn(range(6400))
    assert float(z.std()) == pytest.approx(uniform.deviation, rel=0.02)
    assert float(z.square().sum(1).mean().sqrt()) == pytest.approx(uniform.norm, rel=0.02)


def test_a_method_that_generates_by_class_keeps_to_one(run_of_linear):
    run = run_of_linear(by_class=True)
    cat, dog = open_space(run), open_space(run, Which(condition="dog"))
    z = cat.drawn(range(3))
    torch.testing.assert_close(dog.images(z) - cat.images(z), torch.ones(3, 1, 4, 4))
    torch.testing.assert_close(cat.images(2 * z), 2 * cat.images(z))
    with pytest.raises(ConfigError, match="Known: 3, cat, dog"):
        open_space(run, Which(condition="xyzzy"))


def test_what_has_no_latent_space_is_refused(run_with, run_of_linear):
    with pytest.raises(ConfigError, match="no latent vector z"):
        open_space(run_with(object()))
    with pytest.raises(ConfigError, match="makes points"):
        open_space(run_with(run_of_linear().restored("")[0], batch=Points, shape=(2,)))
    with pytest.raises(ConfigError, match="does not generate by class"):
        open_space(run_of_linear(), Which(condition="cat"))


def test_images_that_are_no_numbers_are_refused(linear):
    with pytest.raises(RunError, match="not finite"):
        linear.images(torch.full((1, 5), torch.nan))


def test_latents_of_a_file(linear, tmp_path):
    z = linear.drawn(range(4))
    np.save(tmp_path / "z.npy", z.numpy())
    origin = latents(linear, 0, str(tmp_path / "z.npy"))
    assert origin([2, 0]).equal(z[[2, 0]]) and origin.count == 4
    with pytest.raises(ConfigError, match=r"no number 4 of the rows of z\.npy"):
        origin([4])
    for bad in (z.numpy()[:, :3], z.numpy()[0], z.numpy().astype(int), z.numpy() * np.nan):
        np.save(tmp_path / "bad.npy", bad)
        with pytest.raises(ConfigError, match=r"takes finite floats \(N, 5\)"):
            latents(linear, 0, str(tmp_path / "bad.npy"))
    (tmp_path / "text.npy").write_text("z")
    (tmp_path / "torn.npz").write_bytes(b"PK\003\004 and no more")
    for name in ("text.npy", "none.npy", "torn.npz"):
        with pytest.raises(ConfigError, match="no array of latent vectors"):
            latents(linear, 0, str(tmp_path / name))


def test_codes_of_held_out_images(tiny_vae, tiny_run):
    space = open_space(gansmith.load(tiny_vae))
    origin = latents(space, 0, "held-out")
    assert origin.count == 1000 and not origin.gaussian
    assert origin.labels is not None and set(origin.labels) == set(range(10))
    assert origin([3]).shape == (1, 4)
    with pytest.raises(ConfigError, match="no encoder"):
        latents(open_space(gansmith.load(tiny_run)), 0, "held-out")


def test_inversion_of_a_linear_generator_is_least_squares(linear):
    x = torch.randn(3, 1, 4, 4, generator=torch.Generator().manual_seed(1))
    matrix = linear.images(torch.eye(5)).flatten(1)
    made = invert(linear, x, search=Search(restarts=2, steps=400))
    best, squares, _, _ = np.linalg.lstsq(matrix.T.numpy(), x.flatten(1).T.numpy(), rcond=None)
    np.testing.assert_allclose(made.errors["found"], squares / 16, rtol=1e-4)
    np.testing.assert_allclose(made.z, best.T, atol=1e-2)
    assert (made.errors["nearest sample"] >= made.errors["found"]).all()
    for bad in (x[:0], x[:, :, :3], x[0]):
        with pytest.raises(ConfigError, match="this run takes"):
            invert(linear, bad)
    with pytest.raises(ConfigError, match="--restarts 0"):
        invert(linear, x, search=Search(restarts=0))


def test_the_own_code_is_the_encoders(tiny_vae):
    run = gansmith.load(tiny_vae)
    space = open_space(run)
    x = run.sample(2)
    made = invert(space, x, search=Search(restarts=1, steps=1))
    method, state = run.restored()
    mean = state.averaged["encoder"](x)[:, :4]
    assert made.codes is not None
    torch.testing.assert_close(made.codes, mean)
    torch.testing.assert_close(made.made["encoder"], method.generate(state.averaged, {"z": mean}))


def test_files_are_conformed_as_the_data_was(tiny_run, tmp_path):
    from PIL import Image

    colours = np.zeros((56, 84, 3), np.uint8)
    colours[:, 14:70] = 255  # the centre is cut out: white
    Image.fromarray(colours).save(tmp_path / "wide.png")
    x = conformed([tmp_path / "wide.png"], gansmith.load(tiny_run).config)
    assert x.shape == (1, 1, 28, 28)
    assert x[..., 2:-2].min() > 0.99, "white, but for rounding at the edge"


def test_names_in_any_script_are_drawn():
    from PIL import Image

    made = captioned(Image.new("L", (20, 20)), "웃는 여자 − 여자 + 남자 " * 20)
    assert made.width > 520 and made.height > 80
