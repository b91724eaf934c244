"""What was learned, and what was seen through it, kept on disk: whole, checked or made anew."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from gansmith.data.cached import cache_folder
from gansmith.metrics.features import Features
from gansmith.whole_file import write_whole

VERSION = 2
"""Of the recipes: weights that an older one made are not taken for those of this one."""
Tensors = Mapping[str, Tensor]


def folder() -> Path:
    """Where all of it lies; it can be deleted at any time."""
    return cache_folder() / "features"


def digest_of(tensors: Tensors) -> str:
    """sha256 of names, types, shapes and values."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        value = tensors[name].detach().cpu().contiguous()
        digest.update(f"{name} {value.dtype} {tuple(value.shape)}\n".encode())
        digest.update(value.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def key_of(parts: Mapping[str, Any]) -> str:
    """sha256 of all that something follows from."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def keep(path: Path, tensors: Tensors, facts: Mapping[str, Any]) -> None:
    """Write tensors and facts into one file; where the disk refuses, they are made again later."""
    said = {"facts": json.dumps(facts), "digest": digest_of(tensors)}
    plain = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    with contextlib.suppress(OSError):
        write_whole(path, safetensors.torch.save(plain, said))


def kept(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """What `keep` wrote; None where there is nothing or it is damaged."""
    try:
        with safe_open(os.fspath(path), "pt") as file:
            said = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if said.get("digest") != digest_of(tensors):
            return None
        return tensors, json.loads(said["facts"])
    except (OSError, SafetensorError, ValueError, KeyError):
        return None


def seen_before(features: Features, x: Tensor) -> tuple[np.ndarray, np.ndarray | None]:
    """Features and probabilities of real images: from disk where the same were seen before.

    Args:
        features: what they are seen through.
        x: (N, C, H, W) in [-1, 1].
    """
    seen = features.seen
    key = key_of({"version": VERSION, "features": [seen.name, seen.hash, seen.resizer],
                  "samples": digest_of({"x": x})})  # fmt: skip
    path = folder() / "samples" / f"{key}.safetensors"
    known = kept(path)
    if known is None:
        found, probabilities = features(x)
        tensors = {"features": torch.from_numpy(found)}
        if probabilities is not None:
            tensors["probabilities"] = torch.from_numpy(probabilities)
        keep(path, tensors, {})
        return found, probabilities
    arrays = {name: value.numpy() for name, value in known[0].items()}
    return arrays["features"], arrays.get("probabilities")
