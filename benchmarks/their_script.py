"""Runs a GAN training script of others unchanged, on our data, for a number of batches or seconds.

    python benchmarks/their_script.py SCRIPT.py --data fashion-mnist --batches 900 --out FOLDER

The script is one that imports torchvision, trains on MNIST as `torchvision.datasets.MNIST` gives it
and calls its generator `generator` and its noise's length `opt.latent_dim`. Stand-ins take
torchvision's place: the data set gives our pictures, one PIL image at a time, as the real one does;
`save_image` writes nothing. At the end, and at equal parts on the way, the generator's samples are
stored as FOLDER/BATCHES.npy, drawn as the script draws them (in training mode, batch by batch), and
FOLDER/BATCHES-eval.npy in evaluation mode.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import runpy
import sys
import time
import types
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from gansmith.data import open_data

SAMPLES = 5000


class Ended(BaseException):
    """The script has trained for as long as was asked."""


class Pictures(torch.utils.data.Dataset):
    """The training pictures of one of our sets, as `torchvision.datasets.MNIST` gives its own."""

    data = "fashion-mnist"

    def __init__(self, root: str, train: bool = True, download: bool = True, transform=None):
        held = open_data(self.data)
        self.pictures = ((held.take(torch.arange(held.spec.size)).x + 1) * 127.5).round().byte()
        self.transform = transform

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        return self.transform(Image.fromarray(self.pictures[index, 0].numpy())), 0


class Watched(torch.utils.data.DataLoader):
    """A loader that counts its batches, keeps samples of the script's generator, and ends it."""

    batches, seconds, out, parts = 0, 0.0, Path(), 1
    seen, started = 0, 0.0

    def __iter__(self):
        owner = sys._getframe(1).f_globals
        kind = Watched
        for batch in super().__iter__():
            kind.started = kind.started or time.monotonic()
            if kind.seen and kind.batches and kind.seen % max(1, kind.batches // kind.parts) == 0:
                self.keep(owner)
            late = kind.seconds and time.monotonic() - kind.started > kind.seconds
            if late or kind.seen == kind.batches > 0:
                raise Ended
            yield batch
            kind.seen += 1

    def keep(self, owner: dict[str, Any]) -> None:
        """Samples in both modes, as the script draws them; its random state is put back."""
        generator, states = owner["generator"], (torch.get_rng_state(), np.random.get_state())
        kept = {name: value.clone() for name, value in generator.state_dict().items()}
        noise = np.random.default_rng(1).normal(0, 1, (SAMPLES, owner["opt"].latent_dim))
        z = torch.from_numpy(noise).float()
        for training, name in ((True, f"{self.seen}"), (False, f"{self.seen}-eval")):
            generator.train(training)
            with torch.no_grad():
                made = torch.cat([generator(part) for part in z.split(self.batch_size)])
            np.save(self.out / f"{name}.npy", made.numpy())
            generator.load_state_dict(kept)
        generator.train()
        torch.set_rng_state(states[0])
        np.random.set_state(states[1])


def stand_ins() -> dict[str, types.ModuleType]:
    """Modules in the place of torchvision's."""

    def compose(steps):
        def apply(picture):
            for step in steps:
                picture = step(picture)
            return picture

        return apply

    def to_tensor(picture):
        return torch.from_numpy(np.array(picture, np.float32) / 255)[None]

    transforms = types.ModuleType("torchvision.transforms")
    transforms.Compose = compose
    transforms.Resize = lambda size: lambda picture: picture.resize((size, size), Image.BILINEAR)
    transforms.ToTensor = lambda: to_tensor
    transforms.Normalize = lambda mean, std: lambda x: (x - mean[0]) / std[0]
    datasets = types.ModuleType("torchvision.datasets")
    datasets.MNIST = Pictures
    utils = types.ModuleType("torchvision.utils")
    utils.save_image = lambda *given, **named: None
    whole = types.ModuleType("torchvision")
    whole.transforms, whole.datasets, whole.utils = transforms, datasets, utils
    parts = {"transforms": transforms, "datasets": datasets, "utils": utils}
    return {"torchvision": whole, **{f"torchvision.{name}": part for name, part in parts.items()}}


def main() -> None:
    """Run it, and print how many batches it did in how many seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("script", type=Path)
    parser.add_argument("--data", default="fashion-mnist")
    parser.add_argument("--batches", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--parts", type=int, default=1, help="times that samples are stored")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    Pictures.data, Watched.out, Watched.parts = chosen.data, chosen.out.resolve(), chosen.parts
    Watched.batches, Watched.seconds = chosen.batches, chosen.seconds
    sys.modules.update(stand_ins())
    torch.utils.data.DataLoader = Watched
    torch.manual_seed(chosen.seed)
    np.random.seed(chosen.seed)
    script = chosen.script.resolve()
    os.chdir(chosen.out)  # it makes a folder for its pictures
    sys.argv = [script.name]
    with (
        open(os.devnull, "w") as nothing,
        contextlib.redirect_stdout(nothing),
        contextlib.suppress(Ended),
    ):
        runpy.run_path(str(script), run_name="__main__")
    took = time.monotonic() - Watched.started
    print(json.dumps({"batches": Watched.seen, "seconds": took}))


if __name__ == "__main__":
    main()
