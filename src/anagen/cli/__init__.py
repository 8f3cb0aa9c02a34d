"""The command line: a thin door on the same API."""

from .main import main, run

__all__ = ["main", "run"]
