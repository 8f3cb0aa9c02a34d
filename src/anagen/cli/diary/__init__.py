"""`anagen diary`: the person's own record on the command line. Nothing heavy is loaded to write an entry."""

from .app import diary_app

__all__ = ["diary_app"]
