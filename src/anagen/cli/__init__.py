"""The command line: a thin door on the same API."""

from .main import main

__all__ = ["main"]
