"""The command line: one short function for each verb. Verbs and flags are a contract."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable

import gansmith
from gansmith import flags
from gansmith.answer import Answer, deliver, leads
from gansmith.errors import ConfigError, nearest
from gansmith.parsing import HelpShown


def train(arguments: list[str]) -> Answer:
    """Train a method."""
    name, parsed, fields = flags.parse_train(arguments)
    from gansmith import api, listing
    from gansmith.display import make_display

    display = make_display(sys.stderr.isatty(), parsed.json or not leads())
    options = dataclasses.replace(parsed.training, config=None)  # it has been read
    run = api.train(name, options=options, display=display, **fields)
    return listing.ended(run)


def resume(arguments: list[str]) -> Answer:
    """Continue a run bit for bit."""
    parsed = flags.parse_verb(flags.Resume, "resume", arguments)
    from gansmith import api, listing
    from gansmith.display import make_display

    run = api.resume(
        parsed.run,
        steps=parsed.steps,
        method=parsed.method,
        allow_inexact=parsed.allow_inexact,
        display=make_display(sys.stderr.isatty(), parsed.json or not leads()),
    )
    return listing.ended(run)


def sample(arguments: list[str]) -> Answer:
    """Draw samples from a run."""
    parsed = flags.parse_verb(flags.Sample, "sample", arguments)
    from gansmith import api, export

    run = api.load(parsed.run, parsed.method)
    by_class = run.conditions(parsed.class_)
    n = export.usual_number(by_class) if parsed.n is None else parsed.n
    wanted = export.Wanted(n, parsed.seed, parsed.raw_weights, parsed.checkpoint, parsed.class_)
    step, out = export.write_samples(run, wanted, parsed.out)
    names = None if by_class is None else list(by_class.names)
    value = {"run": str(run.path), "step": step, "n": n, "out": str(out), "classes": names}
    classes = f"; classes: {', '.join(names)}" if names else ""
    return Answer(value, lambda: print(f"{n} samples of step {step} in {out}{classes}"))


def classify(arguments: list[str]) -> Answer:
    """Say which class images are of, with a run that can tell."""
    from gansmith.evaluation import classify_verb

    return classify_verb.classify(arguments)


def evaluate(arguments: list[str]) -> Answer:
    """Measure a run, and say how far to trust each number."""
    from gansmith.evaluation import verb

    return verb.evaluate(arguments)


def compare(arguments: list[str]) -> Answer:
    """Put several runs side by side: a table, a picture, a page."""
    from gansmith.evaluation import compare_verb

    return compare_verb.compare(arguments)


def report(arguments: list[str]) -> Answer:
    """Write one page about a run, with its samples and measures."""
    from gansmith.report import verb

    return verb.report(arguments)


def figure(arguments: list[str]) -> Answer:
    """Draw a figure of the lectures; `gansmith figure list` names them."""
    from gansmith.figures import verb

    return verb.figure(arguments)


def latent(arguments: list[str]) -> Answer:
    """Look into a run's latent space: `gansmith latent VERB RUN`."""
    from gansmith import latent_verbs

    return latent_verbs.answer(arguments)


def list_(arguments: list[str]) -> Answer:
    """List the methods and the data sets."""
    parsed = flags.parse_verb(flags.List, "list", arguments)
    from gansmith import listing

    tables = listing.tables(parsed.what)
    return Answer(tables, lambda: listing.show(tables))


def show(arguments: list[str]) -> Answer:
    """Show what a run is and how far it came."""
    parsed = flags.parse_verb(flags.Show, "show", arguments)
    from gansmith import api, listing

    summary = listing.summary(api.load(parsed.run))
    return Answer(summary, lambda: listing.show_summary(summary))


def data(arguments: list[str]) -> Answer:
    """Look after pictures: `gansmith data VERB`."""
    from gansmith import data_verbs

    return data_verbs.answer(arguments)


VERBS: dict[str, Callable[[list[str]], Answer]] = {
    "train": train,
    "resume": resume,
    "sample": sample,
    "classify": classify,
    "evaluate": evaluate,
    "compare": compare,
    "report": report,
    "figure": figure,
    "latent": latent,
    "list": list_,
    "show": show,
    "data": data,
}


def run(arguments: list[str]) -> int:
    """Run one command and give its exit code; with `--json` standard output gets one object."""
    return deliver(lambda: _answer(arguments), "--json" in arguments)


def _answer(arguments: list[str]) -> Answer:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        return Answer({"help": _help()}, lambda: print(_help()))
    if arguments[0] == "--version":
        version = gansmith.__version__
        return Answer({"version": version}, lambda: print(f"gansmith {version}"))
    if arguments[0] not in VERBS:
        raise ConfigError(f"Unknown verb {arguments[0]!r}. {nearest(arguments[0], VERBS)}")
    try:
        return VERBS[arguments[0]](arguments[1:])
    except HelpShown:
        return Answer({"help": "on standard error"}, lambda: None)


def _help() -> str:
    verbs = "\n".join(f"  {name:10}{verb.__doc__}" for name, verb in VERBS.items())
    return (
        "gansmith trains, diagnoses, measures and explains generative adversarial networks.\n\n"
        "usage: gansmith VERB ... [--json]\n\n"
        f"{verbs}\n\n"
        "  gansmith train dcgan --data mnist        train on the digits that come with it\n"
        "  gansmith train dcgan --data my_images/   train on a folder of images\n"
        "  gansmith data check my_images/           judge them first\n"
        "  gansmith VERB --help                     the flags of a verb\n"
        "  gansmith train METHOD --help             and of a method\n"
        "  gansmith --version"
    )
