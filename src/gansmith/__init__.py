"""gansmith: train, diagnose, measure and understand generative adversarial networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gansmith.api import Run, load, resume, train

__version__ = "0.1.0"
__all__ = ["Run", "__version__", "load", "resume", "train"]


def __getattr__(name: str) -> Any:
    """Import the working parts on first use: `import gansmith` alone does not import torch."""
    if name in ("Run", "load", "resume", "train"):
        from gansmith import api

        return getattr(api, name)
    raise AttributeError(f"module 'gansmith' has no attribute {name!r}")
