"""A run with all that a report of it needs, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

from gansmith.batch import Points
from gansmith.evaluation.choosing import DRAWN
from gansmith.evaluation.evaluation import Evaluation, learned_from
from gansmith.method import Method, Networks
from gansmith.metrics.judge import Judge
from gansmith.observers import SHOWN_POINTS, provenance
from gansmith.trained import Run
from gansmith.training.sampling import all_samples

SEED = 0
"""Of the samples that are shown."""


@dataclass(frozen=True)
class Subject:
    """What a report is about."""

    run: Run
    method: Method
    nets: Networks
    """Averaged, of the step that was measured."""
    evaluation: Evaluation
    parameters: dict[str, int]
    """Of each network, while it trained."""
    judge: Judge | None
    why: str
    """Why there is no judge."""

    @cached_property
    def samples(self) -> Tensor:
        """The first samples of the seed."""
        number = SHOWN_POINTS if self.flat else DRAWN
        return all_samples(self.method, self.nets, self.run.config.spec, number, SEED)

    @cached_property
    def learned(self) -> Tensor:
        """The training images that the run saw."""
        assert self.judge is not None, "asked for where there is one"
        return learned_from(self.run, self.judge)

    @property
    def flat(self) -> bool:
        """Whether samples are points."""
        return self.run.config.spec.batch is Points

    @property
    def held_out(self) -> int | None:
        """How many real samples were not trained on; None where none, or that cannot be told."""
        return len(self.judge.held_out) if self.judge and self.judge.held_out else None

    @property
    def metadata(self) -> dict[str, str]:
        """What pictures of samples say of themselves."""
        run = self.run
        return provenance(run.config.method, run.path.name, self.evaluation.step, SEED)
