"""Colours, dashes, shapes and sizes that all figures share. Width is that of a phone, so that text keeps its size.

Colours carry nothing alone: a regimen is also a letter, a dash and a shape. `page.css` names the same colours for the
dark scheme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

Spec = dict[str, Any]

WIDTH = 336  # a 360 px screen less its margins
AXIS = 40  # room for the labels of a vertical axis
GAP = 10
TEXT = 11.5
PAPER, INK, QUIET, GRID = "#ffffff", "#1b1f24", "#535c68", "#dfe4ea"
BAND, PATHS, MIDDLE, TYPICAL = "#c3dcf0", "#74879b", "#0b4f8f", "#a84300"
HOLLOW = "#8c959f"


class Fill(NamedTuple):
    """How an area is told from those beside it: a light colour; a hatching, its direction and px between its lines."""

    color: str
    hatching: Literal["", "upright", "level", "rising", "falling"]
    apart: float


PHASES: Mapping[str, Fill] = {
    "anagen": Fill(BAND, "", 0),
    "catagen": Fill("#f2df9b", "level", 3),
    "telogen": Fill("#b4c0e6", "rising", 7),
    "exogen": Fill("#d9a3b4", "", 0),
    "kenogen": Fill("#f7f8fa", "", 0),
    "struck": Fill("#f3c4a1", "falling", 5),
    "repair": Fill("#c2e2d3", "upright", 6),
}
ROOTS: Mapping[str, Fill] = {"club": PHASES["telogen"], "broken": PHASES["struck"]}
"""Phases of a follicle, and the hairs lost from two of them. Each colour has 7:1 against the ink of what is on it."""


class Mark(NamedTuple):
    """How a regimen is told from the others."""

    letter: str
    color: str
    dash: tuple[int, ...]
    shape: str


MARKS = (
    Mark("A", "#0b4f8f", (1, 0), "circle"),
    Mark("B", "#a84300", (7, 3), "square"),
    Mark("C", "#006b54", (2, 2), "triangle-up"),
    Mark("D", "#77307f", (8, 2, 2, 2), "diamond"),
    Mark("E", "#7a5c00", (4, 4), "cross"),
    Mark("F", "#a01244", (1, 3), "triangle-down"),
    Mark("G", "#2f5f7f", (10, 3, 1, 3), "triangle-left"),
    Mark("H", "#454c55", (5, 1), "triangle-right"),
)
"""Told apart with any of the usual colour deficiencies; each has 4.5:1 against white."""

_AXIS_STYLE = {
    "labelFontSize": TEXT,
    "titleFontSize": TEXT,
    "titleFontWeight": "normal",
    "labelColor": QUIET,
    "titleColor": QUIET,
    "gridColor": GRID,
    "domainColor": QUIET,
    "tickColor": QUIET,
    "tickSize": 3,
    "labelPadding": 3,
}

CONFIG: Mapping[str, Any] = {
    "aria": False,
    "background": PAPER,
    "font": "sans-serif",
    "padding": {"left": 2, "right": 6, "top": 2, "bottom": 2},
    "view": {"stroke": None},
    "axis": _AXIS_STYLE,
    "title": {"fontSize": TEXT, "color": INK, "fontWeight": "bold", "anchor": "start", "offset": 4},
    "text": {"fontSize": TEXT, "color": INK},
    "customFormatTypes": False,
}


def figure(rows: Sequence[Spec], title: str | Sequence[str], *, spacing: int = 8) -> Spec:
    """A whole figure: `rows` under each other, and above them what is drawn and in what unit."""
    return {
        "title": {
            "text": wrapped(title, WIDTH) if isinstance(title, str) else list(title),
            "color": QUIET,
            "fontWeight": "normal",
            "anchor": "start",
            "frame": "bounds",
            "offset": 6,
        },
        "vconcat": list(rows),
        "spacing": spacing,
        "config": dict(CONFIG),
    }


def in_rows(panels: Sequence[Spec], columns: int) -> list[Spec]:
    """Panels side by side, `columns` to a row."""
    return [{"hconcat": list(panels[i : i + columns]), "spacing": GAP} for i in range(0, len(panels), columns)]


def columns_for(panels: int) -> int:
    """How many panels stand side by side.

    >>> [columns_for(n) for n in (1, 2, 3, 4, 6, 8)]
    [1, 2, 3, 2, 3, 3]
    """
    return 2 if panels == 4 else min(panels, 3)


def panel_width(columns: int) -> int:
    """Width of each of `columns` panels, where the first of a row carries the labels of the axis."""
    return (WIDTH - AXIS - 12 - GAP * (columns - 1)) // columns


def week_ticks(weeks: float, panel: int) -> list[int]:
    """Weeks to label: few enough for the panel, at steps people count in.

    >>> week_ticks(52, 90), week_ticks(52, 290)
    ([0, 26, 52], [0, 8, 16, 24, 32, 40, 48])
    """
    room = max(2, panel // 36)
    step = next((s for s in (1, 2, 4, 8, 13, 26, 52, 104) if weeks / s <= room), 156)
    return list(range(0, int(weeks) + 1, step))


def week_axis(last: float, panel: int, title: str | None = "week") -> Spec:
    """The axis of the weeks under a panel `panel` px wide; without a title where None.

    >>> week_axis(52, 290)["values"][-1]
    48
    """
    return {
        "values": week_ticks(last, panel),
        "grid": False,
        "title": title,
        "labelFlush": True,
        "format": "d",
    }


def wrapped(text: str, width: int, lines: int = 3) -> list[str]:
    """`text` in at most `lines` lines for a panel `width` px wide; what does not fit ends in an ellipsis.

    >>> wrapped("10 mg every other day", 94)
    ['10 mg every', 'other day']
    """
    import textwrap

    characters = max(8, int(width / (0.56 * TEXT)))
    return textwrap.wrap(text, characters, max_lines=lines, placeholder=" …", break_long_words=False) or [""]
