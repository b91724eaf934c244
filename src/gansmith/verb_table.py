"""A verb with verbs of its own, such as `gansmith data check`: a table of them, and its help."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import NamedTuple

from gansmith.answer import Answer
from gansmith.errors import ConfigError, nearest


class Verb(NamedTuple):
    """Where a verb is, and what it does."""

    target: str
    """MODULE:FUNCTION, imported when it is asked for; it takes the arguments and gives an Answer.
    """
    about: str


class Group(NamedTuple):
    """Verbs below one verb."""

    name: str
    about: str
    """What they are for, as the help's first sentence goes on after "gansmith NAME"."""
    verbs: Mapping[str, Verb]

    def answer(self, arguments: list[str]) -> Answer:
        """What `gansmith NAME ARGUMENTS` answers.

        Raises:
            ConfigError: an unknown verb.
        """
        if not arguments or {arguments[0]} & {"-h", "--help", "--json", "help"}:
            return Answer({"help": self.help}, lambda: print(self.help))
        name = arguments[0]
        if name not in self.verbs:
            raise ConfigError(
                f"gansmith {self.name} has no verb {name!r}. {nearest(name, self.verbs)}"
            )
        module, _, function = self.verbs[name].target.partition(":")
        return getattr(importlib.import_module(module), function)(arguments[1:])

    @property
    def help(self) -> str:
        """All verbs, a line each."""
        widest = max(8, *(len(name) + 2 for name in self.verbs))
        verbs = "\n".join(f"  {name:{widest}}{verb.about}" for name, verb in self.verbs.items())
        return (
            f"gansmith {self.name} {self.about}\n\n"
            f"usage: gansmith {self.name} VERB ... [--json]\n\n"
            f"{verbs}\n\n"
            f"  gansmith {self.name} VERB --help   the flags of a verb"
        )
