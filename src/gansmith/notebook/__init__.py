"""A run as the lab assignment of the lectures: a notebook that is written and executed."""

from gansmith.notebook.write import write_notebook

__all__ = ["write_notebook"]
