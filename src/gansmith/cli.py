"""The command line: one short function for each verb. Verbs and flags are a contract."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gansmith
from gansmith import flags
from gansmith.errors import ConfigError, GansmithError, nearest

if TYPE_CHECKING:
    from gansmith.api import Run

STOPPED = 128
"""Plus the signal's number: the exit code of a run that was asked to stop."""


def train(arguments: list[str]) -> int:
    """Train a method."""
    name, parsed, fields = flags.parse_train(arguments)
    from gansmith import api
    from gansmith.display import make_display

    display = make_display(sys.stderr.isatty(), parsed.json)
    options = dataclasses.replace(parsed.training, config=None)  # it has been read
    run = api.train(name, options=options, display=display, **fields)
    return _report(run, parsed.json)


def resume(arguments: list[str]) -> int:
    """Continue a run bit for bit."""
    parsed = flags.parse(flags.Resume, "resume", arguments)
    from gansmith import api
    from gansmith.display import make_display

    run = api.resume(
        parsed.run,
        steps=parsed.steps,
        method=parsed.method,
        allow_inexact=parsed.allow_inexact,
        display=make_display(sys.stderr.isatty(), parsed.json),
    )
    return _report(run, parsed.json)


def sample(arguments: list[str]) -> int:
    """Draw samples from a run."""
    parsed = flags.parse(flags.Sample, "sample", arguments)
    from gansmith import api, export

    run = api.load(parsed.run, parsed.method)
    out = parsed.out or run.path / f"samples-{parsed.n}-seed-{parsed.seed}.png"
    written = export.write_samples(run, parsed.n, parsed.seed, out, parsed.raw_weights)
    result = {"run": str(run.path), "step": run.step, "n": parsed.n, "out": str(written)}
    return _print(result, parsed.json, f"{parsed.n} samples of step {run.step} in {written}")


def list_(arguments: list[str]) -> int:
    """List the methods and the data sets."""
    parsed = flags.parse(flags.List, "list", arguments)
    from gansmith import listing

    tables = listing.tables(parsed.what)
    if parsed.json:
        return _print(tables, True)
    listing.show(tables)
    return 0


def show(arguments: list[str]) -> int:
    """Show what a run is and how far it came."""
    parsed = flags.parse(flags.Show, "show", arguments)
    from gansmith import api, listing

    summary = listing.summary(api.load(parsed.run))
    if parsed.json:
        return _print(summary, True)
    listing.show_summary(summary)
    return 0


VERBS: dict[str, Callable[[list[str]], int]] = {
    "train": train,
    "resume": resume,
    "sample": sample,
    "list": list_,
    "show": show,
}


def run(arguments: list[str]) -> int:
    """Run one command; the exit code is 0, 2 for what the user can mend, or 128 + a signal."""
    as_json = "--json" in arguments
    try:
        if not arguments or arguments[0] in ("-h", "--help"):
            print(_help())
            return 0
        if arguments[0] == "--version":
            print(f"gansmith {gansmith.__version__}")
            return 0
        if arguments[0] not in VERBS:
            raise ConfigError(f"Unknown verb {arguments[0]!r}. {nearest(arguments[0], VERBS)}")
        return VERBS[arguments[0]](arguments[1:])
    except GansmithError as error:
        if as_json:
            print(json.dumps({"error": type(error).__name__, "message": str(error)}))
        print(f"gansmith: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("gansmith: stopped at once; the last checkpoint is whole.", file=sys.stderr)
        return STOPPED + 2


def _help() -> str:
    verbs = "\n".join(f"  {name:8}{verb.__doc__}" for name, verb in VERBS.items())
    return (
        "gansmith trains, diagnoses, measures and explains generative adversarial networks.\n\n"
        "usage: gansmith VERB ... [--json]\n\n"
        f"{verbs}\n\n"
        "  gansmith train dcgan --data mnist        train on the digits that come with it\n"
        "  gansmith train dcgan --data my_images/   train on a folder of images\n"
        "  gansmith VERB --help                     the flags of a verb\n"
        "  gansmith train METHOD --help             and of a method\n"
        "  gansmith --version"
    )


def _report(run: Run, as_json: bool) -> int:
    """Say how training ended and where everything is."""
    outcome, directory = run.outcome, run.directory
    if outcome is None:
        return 0
    files = {
        "samples": directory.sample(outcome.step),
        "animation": directory.animation,
        "losses": directory.losses,
        "metrics": directory.metrics,
    }
    made = {name: str(path) for name, path in files.items() if path.exists()}
    result = {"run": str(run.path), **dataclasses.asdict(outcome), "files": made}
    what = "Trained to" if outcome.signal is None else "Stopped and saved at"
    lines = [f"{what} step {outcome.step:,} in {outcome.seconds:.0f} s: {run.path}"]
    lines += [f"  {name:10}{path}" for name, path in made.items()]
    lines += [
        f"  {verb:10}gansmith {verb} {run.path}{more}" for verb, more in _next(outcome.signal)
    ]
    _print(result, as_json, "\n".join(lines))
    return 0 if outcome.signal is None else STOPPED + outcome.signal


def _next(signal: int | None) -> list[tuple[str, str]]:
    return [("resume", "")] if signal else [("sample", " --n 64"), ("resume", " --steps N")]


def _print(result: Any, as_json: bool, words: str = "") -> int:
    print(json.dumps(result) if as_json else words)
    return 0
