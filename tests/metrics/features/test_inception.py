"""Inception-v3 from a file of weights: its form, how images are shown to it, and bad files."""

from __future__ import annotations

import collections
import pickle
import re

import numpy as np
import pytest
import safetensors.torch
import scipy.special
import torch
from PIL import Image

from gansmith.errors import ConfigError
from gansmith.metrics.features import make_features
from gansmith.metrics.features.cache import digest_of
from gansmith.metrics.features.inception import shown
from gansmith.metrics.features.inception_network import BlockC, InceptionV3

PUBLISHED = 27_161_264
"""Parameters of torchvision's inception_v3, as its documentation says, the auxiliary head too."""
AUXILIARY = (128 * 768 + 2 * 128) + (768 * 128 * 25 + 2 * 768) + (768 * 1000 + 1000)


@pytest.fixture(scope="module")
def network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return InceptionV3().eval()


def test_parameters_are_as_many_as_published(network):
    count = sum(parameter.numel() for parameter in network.parameters())
    assert count == PUBLISHED - AUXILIARY + 8 * 2049  # 1,008 logits in place of 1,000
    kinds = collections.Counter(name.rpartition(".")[2] for name in network.state_dict())
    assert kinds["running_mean"] == 94  # convolutions
    assert network.state_dict()["Mixed_7c.branch3x3dbl_3b.conv.weight"].shape == (384, 384, 3, 1)


def test_the_maps_have_the_papers_sizes(network):
    """Table 1 of the paper: 35x35x288, 17x17x768, 8x8x1280, 8x8x2048."""
    sizes = {}
    hooks = [
        block.register_forward_hook(
            lambda _, __, y, name=name: sizes.update({name: tuple(y.shape[1:])})
        )
        for name, block in network.named_children()
    ]
    with torch.no_grad():
        features = network(torch.zeros(1, 3, 299, 299))
    for hook in hooks:
        hook.remove()
    assert features.shape == (1, 2048)
    assert sizes["Conv2d_2b_3x3"] == (64, 147, 147)
    assert sizes["Conv2d_4a_3x3"] == (192, 71, 71)
    assert sizes["Mixed_5d"] == (288, 35, 35)
    assert sizes["Mixed_6e"] == (768, 17, 17)
    assert sizes["Mixed_7a"] == (1280, 8, 8)
    assert sizes["Mixed_7c"] == (2048, 8, 8)


def test_means_leave_out_the_border_in_the_form_of_fid_alone():
    ones = torch.ones(1, 1, 4, 4)
    assert torch.equal(BlockC(2, tensorflow=True).pool(ones), ones)
    with_border = BlockC(2, tensorflow=False).pool(ones)
    assert with_border[0, 0, 0, 0] == pytest.approx(4 / 9)
    assert with_border[0, 0, 1, 1] == pytest.approx(1)


def test_the_last_block_takes_the_largest(network):
    x = torch.zeros(1, 1, 3, 3)
    x[0, 0, 0, 0] = 9.0
    assert network.Mixed_7c.pool(x)[0, 0].tolist() == [[9, 9, 0], [9, 9, 0], [0, 0, 0]]
    assert network.Mixed_7b.pool(x)[0, 0, 1, 1] == pytest.approx(1)


@pytest.mark.parametrize("sides", [(28, 28), (320, 500)], ids=["larger", "smaller"])
def test_images_are_resized_as_pillow_does(sides):
    levels = np.random.default_rng(0).integers(0, 256, (3, *sides), dtype=np.uint8)
    x = torch.from_numpy(levels)[None].float() / 127.5 - 1
    resized = np.stack([
        np.asarray(
            Image.fromarray(channel.astype(np.float32)).resize((299, 299), Image.Resampling.BICUBIC)
        )
        for channel in levels
    ])  # fmt: skip
    expected = (resized.clip(0, 255) - 128) / 128
    np.testing.assert_allclose(shown(x)[0], expected, atol=2e-4)


def test_grey_is_shown_in_all_channels_and_rounded_to_8_bits():
    levels = torch.randint(0, 256, (2, 1, 8, 8)).float()
    x = levels / 127.5 - 1
    assert torch.equal(shown(x), shown(x + 0.4 / 127.5))
    assert shown(x).shape == (2, 3, 299, 299)
    assert torch.equal(shown(x)[:, 0], shown(x)[:, 2])


@pytest.fixture(scope="module")
def weights(network, tmp_path_factory):
    """The same weights in each form that a file may have."""
    folder, state = tmp_path_factory.mktemp("weights"), network.state_dict()
    plain = {name: v for name, v in state.items() if not name.endswith("num_batches_tracked")}
    torch.save(state, folder / "torch.pth")
    torch.save(plain, folder / "without-counts.pth")
    safetensors.torch.save_file(state, folder / "plain.safetensors")
    return sorted(folder.iterdir())


def test_every_form_of_file_gives_the_same_weights(network, weights, make_set):
    made = [make_features("inception", make_set(), path).seen for path in weights]
    assert len(made) == 3
    assert {seen.hash for seen in made} == {digest_of(network.state_dict())}
    assert {seen.name for seen in made} == {"inception"}
    assert all("clean" in seen.resizer and "warning" not in seen.facts for seen in made)


def test_features_are_those_of_the_network(network, weights, make_set):
    data = make_set()
    x = data.held_out().x[:1]
    vectors, probabilities = make_features("inception", data, weights[0])(x)
    assert vectors.dtype == probabilities.dtype == np.float32
    with torch.no_grad():
        np.testing.assert_allclose(vectors, network(shown(x)), rtol=1e-3, atol=1e-5)
    logits = vectors @ network.fc.weight.detach().numpy().T  # no biases: as the Inception score
    np.testing.assert_allclose(probabilities, scipy.special.softmax(logits, 1), rtol=1e-4)


def test_weights_of_torchvision_are_taken_with_a_warning(network, make_set, tmp_path):
    state = network.state_dict() | {"AuxLogits.fc.bias": torch.zeros(1000)}
    state |= {"fc.weight": torch.zeros(1000, 2048), "fc.bias": torch.zeros(1000)}
    torch.save(state, tmp_path / "inception_v3_google.pth")
    features = make_features("inception", make_set(), tmp_path / "inception_v3_google.pth")
    assert "do not compare" in features.seen.facts["warning"]
    assert features.seen.name == "torchvision inception"
    assert features(make_set().held_out().x[:1])[1].shape == (1, 1000)


def test_without_a_file_it_says_where_to_get_one(make_set):
    with pytest.raises(ConfigError, match=r"pytorch-fid.*--inception FILE"):
        make_features("inception", make_set())


def scripted(path):
    with pytest.warns(DeprecationWarning):
        torch.jit.script(torch.nn.Linear(1, 1)).save(str(path))


BAD = {
    "text": lambda path: path.write_text("no weights"),
    "empty": lambda path: path.write_bytes(b""),
    "folder": lambda path: path.mkdir(),
    "object": lambda path: path.write_bytes(pickle.dumps(re.compile("x"))),
    "list": lambda path: torch.save([torch.zeros(1)], path),
    "other network": lambda path: torch.save(torch.nn.Linear(2, 2).state_dict(), path),
    "torchscript": scripted,
}


@pytest.mark.parametrize("name", ["w.pth", "w.safetensors"])
@pytest.mark.parametrize("bad", BAD)
def test_other_files_are_refused_with_words(make_set, tmp_path, bad, name):
    path = tmp_path / name
    BAD[bad](path)
    with pytest.raises(ConfigError, match=r"--inception .*w\..*pytorch-fid") as error:
        make_features("inception", make_set(), path)
    assert "\n" not in str(error.value)
