"""What other settings of `sgan` come to on `mnist-10k` with 10 labels a class.

    python benchmarks/few_labels_trials.py        # the rows that are missing

One seed, which is not among those of `semi_supervised.py`, judged by the same held-out images:
a difference of a few of these 1,000 digits is chance. It shows what was tried for a lower error,
and what it is worth that images are moved before the discriminator.
"""

from __future__ import annotations

import argparse

import semi_supervised
from rows import Rows, folder, slug

SEED, EACH, DATA = 0, 10, "mnist-10k"
PAPER = ("--preset", "paper", "--precision", "bf16", "--ema-decay", "0.9995")
ALONE = semi_supervised.FORMS["labels-alone"]
TRIALS: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "as in the table": (8000, 4000, ()),
    "images not moved": (8000, 4000, ("--shift", "0")),
    "moved by up to 2 pixels": (8000, 4000, ("--shift", "2")),
    "the labels alone": (8000, 4000, ALONE),
    "the labels alone, not moved": (8000, 4000, (*ALONE, "--shift", "0")),
    "the paper's perceptrons": (16_000, 10_000, PAPER),
}
"""Steps, the step from which the rate falls, and flags that differ from the defaults."""


def main() -> None:
    """Measure what is missing."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    rows = Rows("few_labels_trials", "python few_labels_trials.py")
    for name, (steps, start, flags) in TRIALS.items():
        if name in rows.read():
            continue
        given = ("--data", DATA, "--labels-per-class", EACH, "--seed", SEED)
        falls = ("--decay-from", start, "--decay-steps", steps - start)
        path = folder("few_labels_trials", "sgan") / slug(name)
        run = semi_supervised.trained(path, steps, *given, *falls, *flags)
        rows.add(name, {"flags": [*map(str, falls), *flags], **semi_supervised.told(run)})


if __name__ == "__main__":
    main()
