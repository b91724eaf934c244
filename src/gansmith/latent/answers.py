"""What all verbs of the latent space share: opening the run, writing files, answering."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gansmith.answer import Answer
from gansmith.errors import ConfigError, RunError
from gansmith.latent import flags
from gansmith.whole_file import write_whole

if TYPE_CHECKING:
    from gansmith.latent.space import LatentSpace

FOLDER = "latent"
"""In the run's directory."""


class Result(Protocol):
    """What a verb made: numbers, a caption, and files."""

    @property
    def caption(self) -> str: ...

    def as_json(self) -> dict[str, Any]: ...

    def write(self, out: Path) -> dict[str, Path]: ...


def opened(parsed: flags.OfRun, name: str) -> tuple[Path, LatentSpace]:
    """Where the picture goes, and the space."""
    if parsed.out is not None and parsed.out.suffix.lower() != ".png":
        raise ConfigError(f"--out {parsed.out}: give a .png file; all else is written beside it.")
    from gansmith.latent.space import open_space
    from gansmith.latent.which import Which
    from gansmith.trained import load

    which = Which(
        checkpoint=parsed.checkpoint, raw_weights=parsed.raw_weights, condition=parsed.condition
    )
    space = open_space(load(parsed.run, parsed.method), which)
    return parsed.out or space.run.path / FOLDER / f"{name}.png", space


def answered(
    parsed: flags.OfRun, space: LatentSpace, made: Result, out: Path, said: list[str] | None = None
) -> Answer:
    """Write the files, and answer with the numbers."""
    try:
        files = made.write(out)
        files["numbers"] = out.with_suffix(".json")
        value = {
            "run": str(space.run.path),
            "step": space.step,
            "checkpoint": parsed.checkpoint,
            "raw_weights": parsed.raw_weights,
            "seed": parsed.seed,
            **made.as_json(),
            "caption": made.caption,
            "files": {name: str(path) for name, path in files.items()},
        }
        content = json.dumps(value, indent=2, allow_nan=False) + "\n"
        write_whole(files["numbers"], content.encode())
    except OSError as error:
        raise RunError(f"{out} cannot be written: {error}. Give another --out.") from error

    def show() -> None:
        print(made.caption, *(said or ()), "", sep="\n")
        for name, path in files.items():
            print(f"  {name:11}{path}")

    return Answer(value, show)
