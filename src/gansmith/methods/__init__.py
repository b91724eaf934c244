"""The methods: one file, one paper. This table is the only place that names them all."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gansmith.errors import ConfigError, nearest

if TYPE_CHECKING:
    from gansmith.method import Method


class Entry(NamedTuple):
    """Where a method is, and what it is."""

    target: str
    """MODULE:CLASS."""
    paper: str
    eats: str


METHODS: dict[str, Entry] = {
    "ae": Entry(
        "gansmith.methods.ae:Autoencoder", "Hinton and Salakhutdinov 2006, Science 313", "images"
    ),
    "vae": Entry("gansmith.methods.vae:VAE", "Kingma and Welling 2013, arXiv:1312.6114", "images"),
    "gan": Entry(
        "gansmith.methods.gan:GAN", "Goodfellow et al. 2014, arXiv:1406.2661", "images, points"
    ),
    "dcgan": Entry(
        "gansmith.methods.dcgan:DCGAN", "Radford et al. 2015, arXiv:1511.06434", "images"
    ),
    "sgan": Entry(
        "gansmith.methods.sgan:SGAN",
        "Salimans et al. 2016, arXiv:1606.03498",
        "images, few of them with labels",
    ),
    "lsgan": Entry(
        "gansmith.methods.lsgan:LSGAN", "Mao et al. 2016, arXiv:1611.04076", "images, points"
    ),
    "wgan": Entry(
        "gansmith.methods.wgan:WGAN", "Arjovsky et al. 2017, arXiv:1701.07875", "images, points"
    ),
    "wgan-gp": Entry(
        "gansmith.methods.wgan_gp:WGANGP",
        "Gulrajani et al. 2017, arXiv:1704.00028",
        "images, points",
    ),
    "wn-gan": Entry(
        "gansmith.methods.wn_gan:WNGAN", "Xiang and Li 2017, arXiv:1704.03971", "images"
    ),
    "began": Entry(
        "gansmith.methods.began:BEGAN", "Berthelot et al. 2017, arXiv:1703.10717", "images"
    ),
    "cgan": Entry(
        "gansmith.methods.cgan:CGAN", "Mirza and Osindero 2014, arXiv:1411.1784", "labelled images"
    ),
    "acgan": Entry(
        "gansmith.methods.acgan:ACGAN", "Odena et al. 2017, arXiv:1610.09585", "labelled images"
    ),
    "projection": Entry(
        "gansmith.methods.projection:ProjectionGAN",
        "Miyato and Koyama 2018, arXiv:1802.05637",
        "labelled images",
    ),
    "r3gan": Entry(
        "gansmith.methods.r3gan:R3GAN", "Huang et al. 2024, arXiv:2501.05441", "images, points"
    ),
}


def is_file(name: str) -> bool:
    """Whether a name means a class in a file, FILE.py:CLASS, and not a method of the table."""
    return ".py" in name


def find(name: str) -> type[Method]:
    """The class of a method: a name of the table or of an installed plug-in, or FILE.py:CLASS.

    Raises:
        ConfigError: unknown name, missing file or class, or a class that is no method.
    """
    if is_file(name):
        return _from_file(name)
    if name in METHODS:
        module, _, attribute = METHODS[name].target.partition(":")
        return getattr(importlib.import_module(module), attribute)
    plugins = {entry.name: entry for entry in entry_points(group="gansmith.methods")}
    if name in plugins:
        return plugins[name].load()
    raise ConfigError(f"Unknown method {name!r}. {nearest(name, [*METHODS, *plugins])}")


def _from_file(name: str) -> type[Method]:
    from gansmith.method import Method

    file, _, attribute = name.rpartition(":")
    path = Path(file or name)
    if not file or not path.is_file():
        raise ConfigError(
            f"No method at {name!r}: give a file and a class, such as my_gan.py:MyGAN."
        )
    spec = importlib.util.spec_from_file_location(f"gansmith_user_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{path} cannot be imported: it should be a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ConfigError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    found = getattr(module, attribute, None)
    if not (isinstance(found, type) and issubclass(found, Method)):
        classes = [
            name
            for name, value in vars(module).items()
            if isinstance(value, type)
            and issubclass(value, Method)
            and value.__module__ == spec.name
        ]
        raise ConfigError(f"{path} has no method {attribute!r}. {nearest(attribute, classes)}")
    return found
