"""The verbs of `gansmith latent`: what each is, and where. This table alone names them all."""

from __future__ import annotations

from gansmith.answer import Answer
from gansmith.verb_table import Group, Verb

LATENT_VERBS: dict[str, Verb] = {
    "interpolate": Verb("gansmith.latent.verbs:interpolate", "Images on the way from z to z."),
    "arithmetic": Verb("gansmith.latent.verbs:arithmetic", "A - B + C of the mean z of concepts."),
    "invert": Verb("gansmith.latent.verbs:invert", "Search the z of given images."),
    "walk": Verb("gansmith.latent.verbs:walk", "The directions to which a generator responds."),
}


def answer(arguments: list[str]) -> Answer:
    """What `gansmith latent ARGUMENTS` answers.

    Raises:
        ConfigError: an unknown verb.
    """
    about = "shows the latent space of a run: what its generator makes of which z."
    return Group("latent", about, LATENT_VERBS).answer(arguments)
