"""Writes and executes notebooks/tour.ipynb: gansmith in a few minutes, for a newcomer.

    python scripts/build_tour.py

It trains in a temporary folder; about three minutes on two cores.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from gansmith.notebook.kernel import execute
from gansmith.whole_file import write_whole

OUT = Path(__file__).parent.parent / "notebooks" / "tour.ipynb"
MOST_BYTES = 1_000_000
CELLS = {
    "title": """\
# gansmith in a few minutes

A generative adversarial network (GAN) is two networks that play against each other: the
generator turns noise into samples, the discriminator tells these from real ones. gansmith
trains such networks, and says how far to trust what comes out. All that is needed here comes
with it: no download, no graphics card.""",
    "imports": """\
import torch
from IPython.display import Image, display

import gansmith
from gansmith.data.points import MODES
from gansmith.evaluation.evaluation import evaluate
from gansmith.notebook import show""",
    "points-words": """\
## 1. Points, in seconds

The first data are points in the plane around eight centres. A good generator finds all eight;
a bad one sits on a few of them (mode collapse).""",
    "points": """\
points = gansmith.train("gan", data="8gaussians", steps=4000, run="runs/points")
print(f"{points.step:,} steps in {points.seconds:.0f} s")""",
    "look-words": """\
## 2. Look

A run is a folder: the configuration, the log, pictures, checkpoints. This is its last picture
of samples (blue) over real points (grey), and both losses. A discriminator that can only guess
has the loss 2 log 2 ≈ 1.386, the generator then log 2 ≈ 0.693.""",
    "look": """\
print(*sorted(path.name for path in points.path.iterdir() if path.suffix or path.is_dir()))
display(Image(filename=points.directory.sample(points.step)))
display(Image(filename=points.directory.losses, width=600))""",
    "modes-words": """\
How many of the eight centres were found? A sample counts for a centre where it lies within
four standard deviations of it; each should get about 250 of the 2,000. The plain GAN seldom does:
`wgan-gp` is made for that.""",
    "modes": """\
centres, deviation = MODES["8gaussians"]
nearest = torch.cdist(points.sample(2000, seed=1), centres).min(1)
near = nearest.values < 4 * deviation
counts = torch.bincount(nearest.indices[near], minlength=len(centres))
print("samples at each centre:", counts.tolist())
print(f"{near.float().mean():.0%} of the samples are near a centre")""",
    "digits-words": """\
## 3. Digits, in a minute or two

4,000 handwritten digits come with the package. `dcgan` has convolutional networks; on the
command line the same is `gansmith train dcgan --data mnist --steps 600`.""",
    "digits": """\
digits = gansmith.train("dcgan", data="mnist", steps=600, sample_every=50, run="runs/digits")
print(f"{digits.step:,} steps in {digits.seconds:.0f} s")
display(show.film(digits, most=500_000))""",
    "evaluate-words": """\
## 4. Evaluate

How good are they? Every number says what it was computed from, and how far to trust it.""",
    "evaluate": """\
display(show.table(evaluate(digits)))""",
    "sample-words": """\
## 5. Sample

Sample number i of a seed is the same however many are drawn.""",
    "sample": """\
display(show.grid(digits.sample(32, seed=7)))""",
    "more": """\
## And now

- `gansmith list` tells which methods and data there are, `gansmith data list` which sets can be
  fetched.
- `gansmith train wgan-gp --data my_images/` trains on a folder of your own images;
  `gansmith data check my_images/` judges them first.
- `digits.resume(steps=2000)` trains on, bit for bit as if it had never stopped.
- `gansmith report RUN --notebook Lab14-2_ID.ipynb` makes a whole notebook of a run: see the one
  beside this.""",
}


def main() -> None:
    """Write it, whole or not at all."""
    words = ("title", "more")
    cells = [
        new_markdown_cell(text, id=name)
        if name in words or name.endswith("-words")
        else new_code_cell(text, id=name)
        for name, text in CELLS.items()
    ]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": spec})
    with TemporaryDirectory() as folder:
        execute(notebook, Path(folder))
    nbformat.validate(notebook)
    content = nbformat.writes(notebook).encode() + b"\n"
    if len(content) > MOST_BYTES:
        raise SystemExit(f"{len(content):,} bytes: more than {MOST_BYTES:,}.")
    write_whole(OUT, content)


if __name__ == "__main__":
    main()
