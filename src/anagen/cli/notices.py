"""Boxes on the terminal: pregnancy first, then what else must be known."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping


def pregnancy_stop(as_json: bool) -> None:
    """The box, and nothing else: the input says the person is pregnant."""
    from anagen.safety import pregnancy_notice

    notice = pregnancy_notice()
    if as_json:
        print(json.dumps({"safety": [dict(notice)]}, indent=1))
    print("!! " + notice["title"].upper(), file=sys.stderr)
    print(notice["text"], file=sys.stderr)
    print("Nothing was simulated.", file=sys.stderr)


def pregnancy_box(notice: Mapping[str, str]) -> None:
    """The box that stands first on everything that names a dose."""
    from rich.panel import Panel

    from .screen import console

    console().print(Panel(notice["text"], title=f"⛔ {notice['title']}", border_style="bold red"))


def show(console: object, notices: Iterable[Mapping[str, str]], mode: str) -> None:
    """Print the notices: the stop in a box, the rest as lines."""
    from rich.console import Console
    from rich.panel import Panel

    assert isinstance(console, Console)
    rest = []
    for notice in notices:
        if notice["level"] == "stop":
            console.print(Panel(notice["text"], title=f"⛔ {notice['title']}", border_style="bold red"))
        else:
            rest.append(notice)
    console.print(f"Mode: {mode}", style="dim")
    for notice in rest:
        mark, style = ("⚠", "yellow") if notice["level"] == "warn" else ("·", "dim")
        title = f"{notice['title']}: " if notice.get("title") else ""
        console.print(f"{mark} {title}{notice['text']}", style=style, highlight=False)
