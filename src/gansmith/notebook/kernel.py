"""Executes a notebook in a kernel of this very Python, whatever kernels are installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import gansmith
from gansmith.errors import ConfigError, RunError

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

LONGEST = 7 * 24 * 3600
"""Seconds that a cell may take: one may train."""
START = 180
"""Seconds that the kernel may take to come up."""


def check_installed() -> None:
    """Refuse where a package of the extra is missing.

    Raises:
        ConfigError: it is, with the line that installs it.
    """
    try:
        import ipykernel  # noqa: F401
        import nbclient  # noqa: F401
        import nbformat  # noqa: F401
    except ImportError as error:
        raise ConfigError(
            f'A notebook needs the package {error.name}: pip install "gansmith[notebook]"'
        ) from error


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run every cell, in this folder; the outputs are written into the notebook.

    Raises:
        RunError: a cell failed or the kernel died; the message names the cell by its id.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    with TemporaryDirectory() as settings:
        client = NotebookClient(
            notebook,
            km=_manager(settings),
            timeout=LONGEST,
            startup_timeout=START,
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
        )
        try:
            client.execute(env=_environment(settings), cleanup_kc=True)
        except CellExecutionError as error:
            what = f"failed: {error.ename}: {error.evalue}"
            raise RunError(f"{_reached(notebook)} {what} Nothing was written.") from error
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            what = f"could not be executed: {error}"
            raise RunError(f"{_reached(notebook)} {what} Nothing was written.") from error


def _manager(settings: str) -> AsyncKernelManager:
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class ThisPython(AsyncKernelManager):
        """Starts a kernel without looking for an installed one."""

        @property
        def kernel_spec(self) -> KernelSpec:
            """How it is started: without a history, which would be kept between notebooks."""
            quiet = "--HistoryManager.enabled=False"
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", quiet]
            return KernelSpec(argv=command, display_name="Python 3", language="python")

    file = str(Path(settings, "kernel.json"))
    transport = "tcp" if sys.platform == "win32" else "ipc"  # no port that others could reach
    return ThisPython(kernel_name="python3", connection_file=file, transport=transport)


def _environment(settings: str) -> dict[str, str]:
    """This process', with the gansmith that runs here, and nobody's start-up files."""
    here = str(Path(gansmith.__file__).parent.parent)
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    path = os.pathsep.join(paths)
    return {**os.environ, "PYTHONPATH": path, "IPYTHONDIR": settings, "MPLBACKEND": "agg"}


def _reached(notebook: NotebookNode) -> str:
    """The last cell that was begun, in words; the first where none was."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    begun = [cell for cell in code if cell.execution_count is not None or cell.outputs]
    return f'The cell "{(begun or code[:1])[-1].id}" of the notebook'
