"""Mean differences of arms from one arm, with their intervals, around zero: one panel for each endpoint of a trial."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .theme import GRID, INK, MARKS, PAPER, WIDTH, Spec, figure, wrapped

LINE = 14
BELOW = 22
"""Height in px of a line of words, and of what is drawn under them."""


class Row(NamedTuple):
    """One arm: its number, what is said of it, and the difference with the ends of its interval, where it has one."""

    arm: int
    words: str
    low: float | None
    middle: float
    high: float | None


def forest_chart(rows: Sequence[Row], title: str) -> Spec:
    """A row for each arm, its words above it; all on one axis, with a line at no difference."""
    layers: list[Spec] = []
    texts: list[Spec] = []
    top = 0.0
    ends = [0.0, *(end for row in rows for end in (row.low, row.middle, row.high) if end is not None)]
    room = 0.06 * (max(ends) - min(ends)) or 1.0
    x = {
        "type": "quantitative",
        "scale": {"domain": [min(ends) - room, max(ends) + room], "nice": False, "zero": False},
        "axis": {"title": None, "tickCount": 5, "grid": True, "gridColor": GRID, "labelFlush": True},
    }
    places = []
    for row in rows:
        for line in wrapped(row.words, WIDTH - 16, 2):
            texts.append({"t": top + LINE / 2, "words": line})
            top += LINE
        places.append(top + BELOW / 2 - 2)
        top += BELOW
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [top, 0], "nice": False, "zero": False}}
    layers.append(
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
            "encoding": {"x": {"field": "zero", **x}},
        }
    )
    at = {"field": "y", **y}
    for row, place in zip(rows, places, strict=True):
        mark = MARKS[row.arm]
        value = {"y": place, "lo": row.low, "mid": row.middle, "hi": row.high}
        if row.low is not None and row.high is not None:
            layers.append(
                {
                    "data": {"values": [value]},
                    "mark": {"type": "rule", "color": mark.color, "strokeWidth": 3, "strokeCap": "round"},
                    "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": at},
                }
            )
        layers.append(
            {
                "data": {"values": [value]},
                "mark": {
                    "type": "point",
                    "filled": True,
                    "shape": mark.shape,
                    "color": mark.color,
                    "size": 80,
                    "opacity": 1,
                },
                "encoding": {"x": {"field": "mid", **x}, "y": at},
            }
        )
    layers += [
        {
            "data": {"values": texts},
            "mark": {"type": "text", "align": "left", "baseline": "middle", **halo},
            "encoding": {"x": {"value": 0}, "y": {"field": "t", **y}, "text": {"field": "words"}},
        }
        for halo in ({"stroke": PAPER, "strokeWidth": 5, "color": PAPER}, {})
    ]
    return figure([{"width": WIDTH - 16, "height": top, "layer": layers}], title)
