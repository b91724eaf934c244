"""Which class a run takes images for, and how often it is right where they carry classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from gansmith.config import RunConfig
from gansmith.errors import ConfigError
from gansmith.evaluation.pictures import UNKNOWN, pictures
from gansmith.method import Classifies, Method
from gansmith.methods import METHODS, find
from gansmith.metrics.classifying import classify_of
from gansmith.metrics.interval import wilson
from gansmith.trained import Run
from gansmith.training.checkpoint import BEST

CHOSEN = (
    "This step was chosen by its error on the run's held-out images: an accuracy on those is a "
    "little too good."
)


@dataclass(frozen=True, kw_only=True)
class Classified:
    """What a run says of images."""

    run: str
    step: int
    class_names: tuple[str, ...]
    names: list[str]
    said: list[int]
    """Class numbers."""
    probability: list[float]
    """Of the class that is said."""
    y: list[int]
    """Class numbers that the images carry, or `UNKNOWN`."""
    notes: tuple[str, ...] = ()

    @property
    def labelled(self) -> int:
        """How many images carry a class that the run knows."""
        return sum(one != UNKNOWN for one in self.y)

    @property
    def right(self) -> int:
        """How many of them are said to be of it."""
        return sum(one == said for one, said in zip(self.y, self.said, strict=True))

    @property
    def accuracy(self) -> float | None:
        """Their share; None where no image carries a class."""
        return self.right / self.labelled if self.labelled else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Of the accuracy, 95 %."""
        return wilson(self.right, self.labelled) if self.labelled else None

    @property
    def confusion(self) -> list[list[int]] | None:
        """How many images of each class (a row) are taken for each class (a column)."""
        if not self.labelled:
            return None
        pairs = Counter(zip(self.y, self.said, strict=True))
        numbers = range(len(self.class_names))
        return [[pairs[(row, column)] for column in numbers] for row in numbers]

    def rows(self) -> list[dict[str, Any]]:
        """An image a row."""
        known = [*self.class_names, None]  # UNKNOWN is the last place
        return [
            {"name": name, "class": known[said], "probability": round(p, 6), "label": known[y]}
            for name, said, p, y in zip(
                self.names, self.said, self.probability, self.y, strict=True
            )
        ]

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "run": self.run,
            "step": self.step,
            "n": len(self.names),
            "classes": list(self.class_names),
            "images": self.rows(),
            "labelled": self.labelled,
            "accuracy": self.accuracy,
            "interval": None if self.interval is None else list(self.interval),
            "confusion": self.confusion,
            "notes": list(self.notes),
        }


def classify(run: Run, given: Sequence[str] = (), checkpoint: str = "latest") -> Classified:
    """What the averaged networks of a run say of images.

    Args:
        run: of a method that classifies.
        given: files, folders and sets, as `pictures` takes them; none for the held-out images.
        checkpoint: "latest", "best" or a step.

    Raises:
        ConfigError: the method does not classify.
        DataError: no images.
        RunError: no such whole checkpoint.
    """
    method, state = run.restored(checkpoint)
    _check(method, run.config)
    logits = classify_of(method, state.nets, state.averaged)
    assert logits is not None, "checked before"
    found = pictures(given, run.config)
    chances = [logits(x).softmax(1) for part in found for x in part.chunks]
    probability, said = torch.cat(chances).max(1)
    return Classified(
        run=str(run.path),
        step=state.step,
        class_names=run.config.spec.class_names,
        names=[name for part in found for name in part.names],
        said=said.tolist(),
        probability=probability.tolist(),
        y=[y for part in found for y in part.y],
        notes=(*(note for part in found for note in part.notes), *_flattered(run, checkpoint)),
    )


def _flattered(run: Run, checkpoint: str) -> tuple[str, ...]:
    """That a step was chosen by the images which it may now be judged by."""
    chosen = checkpoint == BEST and run.best and run.best.key == "classifier_error"
    return (CHOSEN,) if chosen else ()


def _check(method: Method, config: RunConfig) -> None:
    """Refuse a method that cannot tell classes."""
    if isinstance(method, Classifies) and config.spec.classes:
        return
    if isinstance(method, Classifies):
        raise ConfigError(f"{config.data} has no classes, so that this run tells none.")
    able = [name for name in METHODS if issubclass(find(name), Classifies)]
    hint = f"Methods that do: {', '.join(able)}." if able else "No method of the table does."
    raise ConfigError(f"{config.method} does not tell the class of an image. {hint}")
