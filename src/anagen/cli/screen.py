"""The terminal to print on. Light: what only lists data loads no tables and no numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 140


def console() -> Console:
    """Standard output; wide where it is no terminal, so that a file gets whole lines."""
    from rich.console import Console

    screen = Console()
    return screen if screen.is_terminal else Console(width=max(screen.width, WIDE))
