"""Shares of the width of an outcome that go back to each unknown: bars from 0 to 100 %, a bar for each regimen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .theme import BAND, GRID, INK, MARKS, PATHS, WIDTH, Spec, figure, wrapped

LINE, BAR = 14, 15
"""Height in px of a line of words, and of each bar under them."""


class Bar(NamedTuple):
    """One regimen: its number; the share alone and with all it interplays with, and the ends of the latter's interval;
    all from 0 to 100."""

    case: int
    first: float
    total: float
    low: float
    high: float


def shares_chart(rows: Sequence[tuple[str, Sequence[Bar]]], title: str) -> Spec:
    """For each unknown, its words and under them a bar to its total share; a tick at its share alone."""
    texts: list[Spec] = []
    bars: list[Spec] = []
    top = 0.0
    for words, found in rows:
        for line in wrapped(words, WIDTH - 20, 3):
            texts.append({"y": top + LINE / 2, "words": line})
            top += LINE
        for bar in found:
            ends = (_inside(bar.low), _inside(bar.high))
            values = {"first": _inside(bar.first), "total": _inside(bar.total), "lo": ends[0], "hi": ends[1]}
            bars.append({"y": top + BAR / 2, "zero": 0, "letter": MARKS[bar.case].letter, **values})
            top += BAR
        top += 4
    x = {
        "type": "quantitative",
        "scale": {"domain": [-6, 102], "nice": False},
        "axis": {"title": None, "values": [0, 25, 50, 75, 100], "grid": True, "gridColor": GRID, "labelFlush": True},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [top, 0], "nice": False, "zero": False}}
    data, at = {"values": bars}, {"field": "y", **y}
    layers: list[Spec] = [
        {
            "data": data,
            "mark": {"type": "rule", "color": BAND, "strokeWidth": 10},
            "encoding": {"x": {"field": "zero", **x}, "x2": {"field": "total"}, "y": at},
        },
        {
            "data": data,
            "mark": {"type": "rule", "color": PATHS, "strokeWidth": 1.5},
            "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": at},
        },
        {
            "data": data,
            "mark": {"type": "tick", "orient": "vertical", "color": MARKS[0].color, "thickness": 3, "size": 10},
            "encoding": {"x": {"field": "first", **x}, "y": at},
        },
        {
            "data": data,
            "mark": {"type": "text", "align": "center", "baseline": "middle", "color": INK},
            "encoding": {"x": {"datum": -3, **x}, "y": at, "text": {"field": "letter"}},
        },
        {
            "data": {"values": texts},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "color": INK},
            "encoding": {"x": {"value": 0}, "y": {"field": "y", **y}, "text": {"field": "words"}},
        },
    ]
    return figure([{"width": WIDTH - 16, "height": top, "layer": layers}], title)


def _inside(share: float) -> float:
    """An estimate of a share may lie a little beyond what a share can be."""
    return round(min(100.0, max(0.0, share)), 1)
