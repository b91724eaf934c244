"""What the cells of a notebook compute of a run, each by a rule that is stated there."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gansmith.data import DATASETS, check_there
from gansmith.data.form import Form
from gansmith.data.manifest import is_prepared
from gansmith.errors import GansmithError, RunError
from gansmith.evaluation.evaluation import Evaluation, evaluate, read_evaluation
from gansmith.method import Method
from gansmith.trained import Run
from gansmith.training.sampling import conditions
from gansmith.training.state import TrainState

LOOKED_AT = 200
"""Files whose size is read: the first, and others evenly spread."""
JUDGES = ("critic", "discriminator")
CHUNK = 64


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


def judge_of(method: Method, state: TrainState, run: Run) -> str | None:
    """The network that scores images alone; None where there is none, or it wants a class too."""
    if conditions(method, run.config.spec, 1) is not None:
        return None
    return next((name for name in JUDGES if name in state.nets), None)


@torch.no_grad()
def scores(run: Run, x: Tensor) -> Tensor:
    """What the critic or discriminator of the newest checkpoint says of images x: (N,).

    Raises:
        RunError: the method has no network that scores images alone.
    """
    method, state = run.restored()
    name = judge_of(method, state, run)
    if name is None:
        raise RunError(f"{run.config.method} has no network that scores images alone.")
    network = state.nets[name].eval()
    return torch.cat([network(part).flatten() for part in x.split(CHUNK)])


def evaluation_of(run: Run) -> Evaluation:
    """The evaluation that lies in the run, where it is of the newest checkpoint; else a new one."""
    try:
        found = read_evaluation(run.directory.evaluation)
    except GansmithError:
        return evaluate(run)
    return found if found.step == run.step else evaluate(run)
