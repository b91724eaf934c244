"""What a command answers: words or one JSON object, one message for an error, an exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from typing import Any, NamedTuple

from gansmith.errors import GansmithError

FAILED, STOPPED = 1, 128
"""Exit codes: training went wrong; with the signal's number added, a signal stopped it."""
NO_MEMORY = "out of memory. Try a smaller --batch-size, --width or --size."
AT_ONCE = "stopped at once; the last checkpoint is whole."


class Answer(NamedTuple):
    """What a verb has to say."""

    value: Any
    """For programs, as JSON holds it."""
    show: Callable[[], None]
    """Prints it for people."""
    code: int = 0


def deliver(work: Callable[[], Answer], as_json: bool) -> int:
    """Do the work and print its answer, or one message about what went wrong.

    Returns:
        0; 2 for what the user can mend; 1 where training failed; 128 + a signal that stopped it.
    """
    try:  # whatever prints while it works, a JSON reader shall not see it
        with redirect_stdout(sys.stderr) if as_json else nullcontext():
            answer = work()
    except GansmithError as error:
        return _failed(error, as_json, str(error), error.exit_code)
    except KeyboardInterrupt as stop:
        return _failed(stop, as_json, AT_ONCE, STOPPED + 2)
    except Exception as error:
        if _out_of_memory(error):
            return _failed(error, as_json, f"{NO_MEMORY} ({str(error)[:200]})", FAILED)
        if as_json:  # the traceback follows
            _failed(error, as_json, str(error), FAILED)
        raise
    if as_json and leads():
        print(json.dumps(answer.value, allow_nan=False))
    elif leads():
        answer.show()
    return answer.code


def telling(quiet: bool) -> Callable[[str], None]:
    """Something that says on stderr what is being done; nothing where `quiet`."""

    def tell(what: str) -> None:
        if not quiet:
            print(f"  {what} ...", file=sys.stderr, flush=True)

    return tell


def leads() -> bool:
    """Whether this is the first of the processes that `torchrun` started, or the only one."""
    return os.environ.get("RANK", "0") == "0"


def _failed(error: BaseException, as_json: bool, message: str, code: int) -> int:
    if as_json and leads():
        print(json.dumps({"error": type(error).__name__, "message": message}))
    print(f"gansmith: {message}", file=sys.stderr)
    return code


def _out_of_memory(error: Exception) -> bool:
    """Whether main or accelerator memory is full; torch has no one class for both."""
    words = ("allocate memory", "out of memory")
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and any(some in str(error).lower() for some in words)
    )
