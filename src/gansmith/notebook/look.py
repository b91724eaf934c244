"""What the cells of a notebook compute of a run, each by a rule that is stated there."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from gansmith.batch import DataSet
from gansmith.data import DATASETS, check_there
from gansmith.data.form import Form
from gansmith.data.manifest import is_prepared
from gansmith.errors import RunError
from gansmith.evaluation.choosing import choose
from gansmith.evaluation.evaluation import SAMPLES, Evaluation, evaluate, read_evaluation
from gansmith.metrics import MEASURES_FORMAT
from gansmith.metrics.given import Samples
from gansmith.metrics.judge import make_judge
from gansmith.trained import Run

LOOKED_AT = 200
"""Files whose size is read: the first, and others evenly spread."""


def sizes_before(data: str, form: Form | None = None) -> str:
    """The sizes of the picture files as width × height, such as "178×218"; of many, a range."""
    if data in DATASETS or is_prepared(Path(check_there(data))):
        return "as they are"
    from gansmith.data.find import find

    source = find(check_there(data), form).train
    numbers = np.unique(np.linspace(0, len(source) - 1, LOOKED_AT).astype(int))
    sizes = Counter(size for number in numbers if (size := _size(source.read(int(number)))))
    if len(sizes) == 1:
        return "{}×{}".format(*next(iter(sizes)))
    least, most = (tuple(f(side) for side in zip(*sizes, strict=True)) for f in (min, max))
    return "{}×{} to {}×{}".format(*least, *most)


def _size(stored: bytes | np.ndarray) -> tuple[int, int] | None:
    """Width and height; None where the file cannot be read."""
    if isinstance(stored, np.ndarray):
        return stored.shape[1], stored.shape[0]
    try:
        with Image.open(BytesIO(stored)) as picture:
            return picture.size
    except OSError:
        return None


def best(x: Tensor, data: DataSet) -> list[int]:
    """The rows of generated images x (N, C, H, W) that a report would show as the best."""
    judge = make_judge(data)
    assert judge.features is not None, "images have features"
    return choose(Samples(x, None, *judge.features(x)), judge.held_out or judge.train).rows


def evaluation_of(run: Run) -> Evaluation:
    """That which lies in the run, where it is a full one of the newest checkpoint; else a new one.

    One that is there is never written over: its owner may have wanted just that.
    """
    if not run.directory.evaluation.exists():
        return evaluate(run)
    try:
        found = read_evaluation(run.directory.evaluation)
    except RunError:
        return evaluate(run, write=False)
    full = found.n >= SAMPLES and not found.measures and found.measures_format == MEASURES_FORMAT
    return found if full and found.step == run.step else evaluate(run, write=False)
