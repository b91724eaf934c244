"""In what the configurations of several runs differ."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from gansmith.config import RunConfig

MISSING = "–"


def differing(configs: Sequence[RunConfig]) -> dict[str, list[str]]:
    """The values of each run, by the hyper-parameters in which those that have them differ.

    A hyper-parameter that some methods lack counts as different only where two others differ in it:
    that the methods differ is said once.
    """
    flat = [_flat(config) for config in configs]
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for values in flat for name in values):
        values = [words(one[name]) if name in one else MISSING for one in flat]
        if len(set(values) - ({MISSING} if any(name not in one for one in flat) else set())) > 1:
            found[name] = values
    return found


def but_seed(config: RunConfig) -> str:
    """What is equal in runs that differ in nothing but the seed, the machine and the folder."""
    return json.dumps([_flat(config), config.spec.fingerprint], sort_keys=True, default=str)


def words(value: Any) -> str:
    """A value for people."""
    if value is None:
        return MISSING
    if isinstance(value, list | tuple):
        return " ".join(map(words, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _flat(config: RunConfig) -> dict[str, Any]:
    """All that was chosen, by name; not where the data lies, and no seed."""
    training = dataclasses.asdict(config.training)
    kept = {name: training[name] for name in ("steps", "minutes", "precision", "labels_per_class")}
    code = {"method's file": config.method_sha256[:8]} if config.method_sha256 else {}
    form = {name: value for name, value in vars(config.form).items() if name != "labels_file"}
    return {"method": config.method, **code, **config.fields, **form, **kept}
