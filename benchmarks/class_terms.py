"""How much weight the class may have: short runs of `acgan` and `projection` with other settings.

    python benchmarks/class_terms.py             # the rows that are missing

One seed on the embedded digits, `STEPS` steps, judged as in `conditional.py`. Where a class counts
for much, images of it are soon recognised and soon alike; where for little, varied and not of the
class asked for.
"""

from __future__ import annotations

import argparse

import conditional
from rows import Rows, folder, slug

STEPS, SEED, DATA = 1200, 0, "mnist"
SPECTRAL = ("--loss", "hinge", "--discriminator-norm", "spectral")
TRIALS: dict[str, tuple[str, ...]] = {
    "acgan: w 1, as in the paper": ("--class-weight", "1", "--fake-class-loss"),
    "acgan: w 1": ("--class-weight", "1"),
    "acgan: w 0.1": ("--class-weight", "0.1"),
    "acgan: w 0.05": (),
    "acgan: w 0.02": ("--class-weight", "0.02"),
    "projection: s 1": ("--class-scale", "1"),
    "projection: s 0.1": ("--class-scale", "0.1"),
    "projection: s 0.05": (),
    "projection: s 1, hinge, spectral, one play": ("--class-scale", "1", *SPECTRAL),
    "projection: s 0.05, hinge, spectral, one play": SPECTRAL,
}
"""Flags that differ from the method's defaults."""
MEASURES = ("class_accuracy", "class_diversity")


def main() -> None:
    """Measure what is missing."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    rows = Rows("class_terms", "python class_terms.py")
    for name, flags in TRIALS.items():
        if name in rows.read():
            continue
        method = name.partition(":")[0]
        path = folder("class_terms", method) / slug(name)
        run = conditional.trained(DATA, method, SEED, {"steps": STEPS}, path, *flags)
        row = conditional.row(run, conditional.judge(DATA), MEASURES)
        rows.add(name, {"flags": list(flags), **row})


if __name__ == "__main__":
    main()
