"""Every path of a run, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from gansmith.errors import RunError


@dataclass(frozen=True)
class RunDirectory:
    """The files of one run; all that comes after training reads only these."""

    path: Path

    @property
    def config(self) -> Path:
        """All that the run follows from."""
        return self.path / "config.json"

    @property
    def metrics(self) -> Path:
        """The logged values, a line a step; no clock in it."""
        return self.path / "metrics.jsonl"

    @property
    def timing(self) -> Path:
        """The clock: step and seconds, a line at each flush."""
        return self.path / "timing.jsonl"

    @property
    def checkpoints(self) -> Path:
        """A folder for each checkpoint."""
        return self.path / "checkpoints"

    @property
    def samples(self) -> Path:
        """The pictures of samples, one for each sampled step."""
        return self.path / "samples"

    def sample(self, step: int) -> Path:
        """The picture of samples at a step."""
        return self.samples / f"{step:06d}.png"

    @property
    def animation(self) -> Path:
        """The pictures of samples, one after the other."""
        return self.path / "samples.gif"

    @property
    def losses(self) -> Path:
        """Both losses in one picture; an .svg lies beside it."""
        return self.path / "losses.png"

    @property
    def evaluations(self) -> Path:
        """What was measured while it trained, a line an evaluation; no clock in it."""
        return self.path / "evaluations.jsonl"

    @property
    def evaluation(self) -> Path:
        """What was measured of it."""
        return self.path / "evaluation.json"

    @property
    def pairs(self) -> Path:
        """The measured samples that are closest to training images, each beside its nearest."""
        return self.path / "nearest-pairs.png"

    def exists(self) -> bool:
        """Whether there is a run."""
        return self.config.is_file()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the run for this process; released by the system if the process dies.

        Raises:
            RunError: another process holds it.
        """
        lock = FileLock(self.path / "run.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise RunError(
                f"{self.path} is in use by another process. Wait for it, or give another --run."
            ) from None
        except OSError as error:
            raise RunError(
                f"{self.path} cannot be written: {error}. Give another --run."
            ) from error
        try:
            yield
        finally:
            lock.release()


def new_directory(path: Path | None, method: str, data: str) -> RunDirectory:
    """An empty directory for a new run, made here; None: the next free number below runs/.

    Raises:
        RunError: it holds another run or other files, or cannot be made.
    """
    try:
        if path is None:
            return RunDirectory(_numbered(Path("runs"), f"{method}-{_short(data)}"))
        directory = RunDirectory(path)
        if directory.exists():
            raise RunError(
                f"{path} holds a run already. Continue it with `gansmith resume {path}`, "
                "or give another --run."
            )
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise RunError(f"{path} is not empty and holds no run. Give another --run.")
        path.mkdir(parents=True, exist_ok=True)
        return directory
    except OSError as error:
        raise RunError(f"{path or 'runs'} cannot be made: {error}. Give another --run.") from error


def _short(data: str) -> str:
    """The last part of a path or name, without what stands for options in it."""
    return Path(data.partition("?")[0]).name.replace(":", "-").replace(",", "-")


def _numbered(parent: Path, stem: str) -> Path:
    number = 1
    while True:
        try:
            (parent / f"{stem}-{number}").mkdir(parents=True)
        except FileExistsError:
            number += 1
        else:
            return parent / f"{stem}-{number}"
