"""`gansmith compare RUN RUN`: its flags, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from tyro.conf import arg

from gansmith.answer import Answer, telling
from gansmith.errors import ConfigError
from gansmith.parsing import Json, parse_verb


@dataclass(frozen=True, kw_only=True)
class Compare(Json):
    """Several runs side by side: ordered, with ties, in one table, one picture and one page.

    All are measured alike: as many samples, the same noise, features and real samples. A run's
    evaluation.json is used where it says just that, and never changed: evaluate runs first, and
    comparing them takes no time.
    """

    runs: Annotated[
        tuple[Path, ...],
        tyro.conf.Positional,
        arg(metavar="RUN|DIR ...", help_behavior_hint=""),
    ] = ()
    """Runs, or folders that stand for all runs up to two levels below them."""
    n: Annotated[int, arg(metavar="N")] = 2000
    """Samples to draw of each run."""
    out: Annotated[
        Path | None, arg(metavar="DIR", help_behavior_hint="(default: comparison-N here)")
    ] = None
    """Where comparison.html, comparison.png and comparison.json are written."""
    checkpoint: Annotated[str, arg(metavar="best|latest|STEP")] = "latest"
    """Which weights: the newest, the best that --evaluate-every found, or those of a step."""
    sort: Annotated[
        str | None,
        arg(
            metavar="KEY", help_behavior_hint="(default: the Fréchet distance, where there is one)"
        ),
    ] = None
    """Key of the measure that orders the runs, as in evaluation.json."""
    features: Annotated[
        str | None, arg(metavar="NAME", help_behavior_hint="(default: what fits the data)")
    ] = None
    """What images are seen through: see gansmith evaluate --help."""
    inception: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """Weights of Inception-v3: see through it, which makes the Fréchet distance an FID."""
    seed: Annotated[int, arg(metavar="S")] = 0
    """What samples and measures follow from."""
    method: Annotated[tuple[str, ...], arg(metavar="FILE:CLASS ...", help_behavior_hint="")] = ()
    """FILE.py:CLASS again, for methods from outside the package."""


def compare(arguments: list[str]) -> Answer:
    """Put several runs side by side: a table, a picture, a page."""
    parsed = parse_verb(Compare, "compare", arguments)
    from gansmith.evaluation.comparison import compare
    from gansmith.evaluation.comparison_files import folder, write_comparison
    from gansmith.evaluation.comparison_table import show_comparison
    from gansmith.evaluation.evaluation import Wanted, features_asked

    if parsed.out is not None and parsed.out.exists() and not parsed.out.is_dir():
        raise ConfigError(f"--out {parsed.out} is no folder. Give a folder; it is made.")
    wanted = Wanted(
        n=parsed.n,
        seed=parsed.seed,
        checkpoint=parsed.checkpoint,
        features=features_asked(parsed.features, parsed.inception),
        weights=parsed.inception,
    )

    tell = telling(quiet=parsed.json)
    made = compare(parsed.runs, wanted, parsed.sort, parsed.method, tell)
    written = write_comparison(made, folder(parsed.out))
    return Answer(written.as_json(), lambda: show_comparison(written))
