"""What a calibration was fitted to beside what it fits: rows of one unit on one axis, their words above them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .theme import BAND, GRID, INK, MARKS, WIDTH, Spec, figure, wrapped

LINE, BELOW = 14, 24
"""Height in px of a line of words, and of the two bars under them."""
FITTED, SEEN = MARKS[0], MARKS[1]


class FitRow(NamedTuple):
    """Words of a row; the observed value and its 95 % interval; 5, 50 and 95 % of what is fitted."""

    words: str
    observed: float
    own: tuple[float, float] | None
    low: float
    middle: float
    high: float


def fit_rows_chart(rows: Sequence[FitRow], title: str) -> Spec:
    """For each row, the fitted range as a bar with its middle, and under it the observed value and its interval."""
    ends = [end for row in rows for end in (row.low, row.high, row.observed, *(row.own or ()))]
    room = 0.05 * (max(ends) - min(ends)) or 0.05 * abs(ends[0]) or 1.0
    x = {
        "type": "quantitative",
        "scale": {"domain": [min(ends) - room, max(ends) + room], "nice": False, "zero": False},
        "axis": {"title": None, "tickCount": 5, "grid": True, "gridColor": GRID, "labelFlush": True},
    }
    texts: list[Spec] = []
    values: list[Spec] = []
    top = 0.0
    for row in rows:
        for line in wrapped(row.words, WIDTH - 20, 2):
            texts.append({"y": top + LINE / 2, "words": line})
            top += LINE
        own = row.own or (row.observed, row.observed)
        values.append(
            {
                "y": top + 6,
                "lo": row.low,
                "mid": row.middle,
                "hi": row.high,
                "y2": top + 16,
                "seen": row.observed,
                "from": own[0],
                "to": own[1],
            }
        )
        top += BELOW
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [top, 0], "nice": False, "zero": False}}
    data = {"values": values}
    fit, seen = {"field": "y", **y}, {"field": "y2", **y}
    layers: list[Spec] = [
        {
            "data": data,
            "mark": {"type": "rule", "color": BAND, "strokeWidth": 8},
            "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": fit},
        },
        {
            "data": data,
            "mark": {"type": "tick", "orient": "vertical", "color": FITTED.color, "thickness": 3, "size": 11},
            "encoding": {"x": {"field": "mid", **x}, "y": fit},
        },
        {
            "data": data,
            "mark": {"type": "rule", "color": SEEN.color, "strokeWidth": 2},
            "encoding": {"x": {"field": "from", **x}, "x2": {"field": "to"}, "y": seen},
        },
        {
            "data": data,
            "mark": {
                "type": "point",
                "filled": True,
                "shape": "diamond",
                "color": SEEN.color,
                "size": 70,
                "opacity": 1,
            },
            "encoding": {"x": {"field": "seen", **x}, "y": seen},
        },
        {
            "data": {"values": texts},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "color": INK},
            "encoding": {"x": {"value": 0}, "y": {"field": "y", **y}, "text": {"field": "words"}},
        },
    ]
    return figure([{"width": WIDTH - 16, "height": top, "layer": layers}], title)
