"""A figure of the page: a title that states its result, two sentences from its numbers, the drawing, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """`head` of the columns; each row starts with its own heading."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Figure:
    """`key` is unique on a page; `svg` may still be being drawn; `rests` says on what the numbers rest, where that must
    be said."""

    key: str
    title: str
    sentences: Sequence[str]
    svg: str | Future[str]
    table: Table
    rests: str = ""
    words: str = field(default="", kw_only=True)
    """What the drawing shows, for those who do not see it; the sentences where left out."""

    @property
    def drawing(self) -> str:
        """The SVG with its title and description inside, as a screen reader wants them."""
        from html import escape

        name = f"{self.key}-title"
        about = f"{self.key}-desc"
        svg = self.svg if isinstance(self.svg, str) else self.svg.result()
        start, rest = svg.split(">", 1)
        if not start.startswith("<svg"):
            raise ValueError(f"figure {self.key}: a drawing starts with <svg")
        start = start.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "").replace(' version="1.1"', "")
        words = escape(self.words or " ".join(self.sentences))
        return (
            f'{start} role="img" aria-labelledby="{name}" aria-describedby="{about}">'
            f'<title id="{name}">{escape(self.title)}</title><desc id="{about}">{words}</desc>{rest}'
        )
