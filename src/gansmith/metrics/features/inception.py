"""The features of Inception-v3 from a file of weights: a Fréchet distance of them is an FID.

Source: Heusel et al. 2017, arXiv:1706.08500. Images are rounded to 8 bits, as published ones are,
and resized without aliasing: Parmar et al. 2022, arXiv:2104.11222, section 4 ("clean").
"""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from torch import Tensor

from gansmith.batch import DataSet
from gansmith.errors import ConfigError
from gansmith.metrics.features.cache import digest_of
from gansmith.metrics.features.inception_network import DIMENSIONS, InceptionV3
from gansmith.metrics.given import Seen

SIDE = 299
CHUNK = 32
LOGITS = 1008
"""Of the weights of 2015, which FIDs are measured with."""
OTHER = "torchvision inception"
"""The name of features by other weights: what is seen through them is no FID, KID or IS."""
RESIZER = "bicubic, antialiased, to 299x299 (clean)"
WHERE = (
    "Get pt_inception-2015-12-05-6726825d.pth from the releases of "
    "https://github.com/mseitzer/pytorch-fid (fid_weights) and give it as --inception FILE."
)


class InceptionFeatures:
    """2048 numbers an image, of images with 1 or 3 channels and any size."""

    def __init__(self, network: InceptionV3, file: str) -> None:
        self._network = network.eval().requires_grad_(False)
        self._network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        facts: dict[str, object] = {"file": file, "dimensions": DIMENSIONS}
        name = "inception"
        if network.fc.out_features != LOGITS:
            name = OTHER
            facts["warning"] = (
                f"These are weights with {network.fc.out_features:,} logits, not those with "
                f"{LOGITS:,} that published FIDs are measured with: do not compare with them."
            )
        self.seen = Seen(name, digest_of(network.state_dict()), RESIZER, facts)

    @torch.no_grad()
    def __call__(self, x: Tensor) -> tuple[np.ndarray, np.ndarray]:
        """(N, C, H, W) → features (N, 2048), probabilities (N, K) of Inception's own classes."""
        features = torch.cat([self._network(shown(chunk)) for chunk in x.split(CHUNK)])
        return features.numpy(), self._network.probabilities(features).numpy()


def shown(x: Tensor) -> Tensor:
    """Images (N, C, H, W) in [-1, 1] as the network takes them: (N, 3, 299, 299), (v - 128) / 128.

    v are the levels 0 to 255.
    """
    levels = ((x.float() + 1) * 127.5).round().clamp(0, 255)
    resized = F.interpolate(levels, (SIDE, SIDE), mode="bicubic", antialias=True).clamp(0, 255)
    return ((resized - 128) / 128).expand(-1, 3, -1, -1)


def inception_features(data: DataSet, weights: Path | None, seed: int) -> InceptionFeatures:
    """From a safetensors file or a state dict of torch; nothing else is unpickled.

    Raises:
        ConfigError: no file, or one that does not hold these weights.
    """
    if weights is None:
        raise ConfigError(f"The features of Inception need a file of its weights. {WHERE}")
    if not weights.is_file():
        raise ConfigError(f"--inception {weights}: there is no such file. {WHERE}")
    state = {
        name: value
        for name, value in _read(weights).items()
        if not name.startswith("AuxLogits.")  # torchvision's files have them; FID does not
    }
    classes = len(state["fc.bias"]) if "fc.bias" in state else LOGITS
    with torch.device("meta"):  # no weights are drawn that the file's replace
        network = InceptionV3(classes, tensorflow=classes == LOGITS)
    try:
        network.load_state_dict(state, assign=True)
    except RuntimeError as error:
        raise ConfigError(
            f"--inception {weights} does not hold the weights of Inception-v3: "
            f"{_first_line(error)} {WHERE}"
        ) from error
    return InceptionFeatures(network.float(), weights.name)


def _read(path: Path) -> dict[str, Tensor]:
    """The tensors of a file by name."""
    try:
        if path.suffix == ".safetensors":
            return safetensors.torch.load_file(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what torch warns here, it refuses the rest
            state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, EOFError, ValueError, RuntimeError, pickle.UnpicklingError) as error:
        raise _refused(path, _first_line(error)) from error
    except SafetensorError as error:
        raise _refused(path, str(error)) from error
    named = isinstance(state, dict) and all(isinstance(v, Tensor) for v in state.values())
    if not named:
        raise _refused(path, "it holds something else.")
    return dict(state)  # without the versions of layers: files that count no batches load too


def _refused(path: Path, why: str) -> ConfigError:
    return ConfigError(
        f"--inception {path} is no safetensors file and no state dict of torch: {why} {WHERE}"
    )


def _first_line(error: Exception) -> str:
    """The first line that says something: torch names what it misses on the second."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if not lines:
        return "it is cut short."
    return (lines[1] if len(lines) > 1 and lines[0].endswith(":") else lines[0])[:200]
