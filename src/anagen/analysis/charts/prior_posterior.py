"""What was thought before the data and what is known after them: a panel for each parameter, each on its own axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .theme import BAND, GRID, INK, MARKS, QUIET, WIDTH, Spec, figure, wrapped

HEIGHT = 30
WIDE = 4.0
"""Where the ends are this far apart, and the parameter acts on the log scale, its axis is one of ratios."""
AFTER = MARKS[0]

Levels = tuple[float, float, float]


class Learnt(NamedTuple):
    """Words of a parameter; lower, median and upper before and after the data; whether it lives on the log scale."""

    words: str
    before: Levels
    after: Levels
    log: bool


def prior_posterior_chart(rows: Sequence[Learnt], title: str) -> Spec:
    """A thin line for what was thought before, a bar for what is known after; a tick at each middle."""
    return figure([_panel(row) for row in rows], title, spacing=6)


def axis_domain(row: Learnt) -> tuple[str, list[float]]:
    """The kind of the axis, and its ends, a little beyond both intervals.

    >>> axis_domain(Learnt("x", (0.0, 5.0, 10.0), (4.0, 5.0, 6.0), False))
    ('linear', [-0.5, 10.5])
    >>> axis_domain(Learnt("x", (1.0, 10.0, 100.0), (4.0, 5.0, 6.0), True))[0]
    'log'
    """
    low, high = min(row.before[0], row.after[0]), max(row.before[2], row.after[2])
    if row.log and low > 0 and high / low >= WIDE:
        beyond = (high / low) ** 0.05
        return "log", [low / beyond, high * beyond]
    room = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
    return "linear", [low - room, high + room]


def _panel(row: Learnt) -> Spec:
    kind, domain = axis_domain(row)
    x = {
        "type": "quantitative",
        "scale": {"type": kind, "domain": domain, "nice": False},
        "axis": {
            "title": None,
            "tickCount": 4,
            "grid": True,
            "gridColor": GRID,
            "labelFlush": True,
            "labelOverlap": True,
            "format": ",.3~r",
        },
    }
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [HEIGHT, 0], "nice": False, "zero": False}}
    layers: list[Spec] = []
    for place, levels, color, width in ((8, row.before, QUIET, 2.0), (21, row.after, BAND, 10.0)):
        value = [{"y": place, "lo": levels[0], "mid": levels[1], "hi": levels[2]}]
        dash = [4, 3] if place == 8 else [1, 0]
        tick = QUIET if place == 8 else AFTER.color
        at = {"field": "y", **y}
        layers += [
            {
                "data": {"values": value},
                "mark": {"type": "rule", "color": color, "strokeWidth": width, "strokeDash": dash},
                "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": at},
            },
            {
                "data": {"values": value},
                "mark": {"type": "tick", "orient": "vertical", "color": tick, "thickness": 3, "size": 11},
                "encoding": {"x": {"field": "mid", **x}, "y": at},
            },
        ]
    heading = {
        "text": wrapped(row.words, WIDTH - 16, 2),
        "fontWeight": "normal",
        "color": INK,
        "frame": "group",
        "offset": 3,
    }
    return {"width": WIDTH - 16, "height": HEIGHT, "title": heading, "layer": layers}
