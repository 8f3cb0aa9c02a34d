"""Where true values lie in their posteriors: a histogram for each unknown, over the band in which even counts stay.

Bars are relative to an even spread, so that unknowns with few records stand beside those with many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .theme import AXIS, BAND, INK, MIDDLE, PATHS, WIDTH, Spec, figure, in_rows, panel_width, wrapped

COLUMNS, HEIGHT = 3, 62
MOST = 2.0
"""Times an even share at the top of a panel; what is higher is cut there, and said to be."""


class Ranks(NamedTuple):
    """One unknown: what it is called, records in each bin, the fewest and the most that an even spread puts into one
    bin in 99 of 100 bins, and the p-value of evenness."""

    words: str
    bins: Sequence[int]
    fewest: float
    most: float
    p: float


def ranks_chart(rows: Sequence[Ranks], title: str) -> Spec:
    """A panel for each unknown."""
    width = panel_width(COLUMNS)
    heads = [[*wrapped(row.words, width, 3), f"{sum(row.bins)} records", _p_value(row.p)] for row in rows]
    lines = max(map(len, heads), default=0)
    panels = []
    for i, (row, head) in enumerate(zip(rows, heads, strict=True)):
        even = sum(row.bins) / len(row.bins) or 1.0
        edge = 1 / len(row.bins)
        bars = [
            {
                "lo": round(k * edge, 4),
                "hi": round((k + 1) * edge, 4),
                "zero": 0,
                "times": round(min(count / even, MOST), 3),
                "outside": not row.fewest <= count <= row.most,
            }
            for k, count in enumerate(row.bins)
        ]
        band = [{"lo": 0, "hi": 1, "zero": round(row.fewest / even, 3), "times": round(min(row.most / even, MOST), 3)}]
        labels = {"values": [0, 1, MOST], "format": "d", "grid": False, "title": None}
        x = {
            "type": "quantitative",
            "scale": {"domain": [0, 1], "nice": False},
            "axis": {"values": [0, 0.5, 1], "grid": False, "title": None, "labelFlush": True},
        }
        y = {
            "type": "quantitative",
            "scale": {"domain": [0, MOST], "nice": False},
            "axis": {**labels, "minExtent": AXIS - 20, "labels": i % COLUMNS == 0},
        }
        panels.append(
            {
                "width": width,
                "height": HEIGHT,
                "title": {"text": [*[" "] * (lines - len(head)), *head], "fontWeight": "normal", "anchor": "start"},
                "layer": [
                    _boxes(band, x, y, {"color": BAND}),
                    _boxes(bars, x, y, {"color": PATHS, "fillOpacity": 0.55, "stroke": PATHS, "strokeWidth": 0.5}),
                    _level(1.0, x, y),
                    _signs([bar for bar in bars if bar["outside"]], x, y),
                ],
            }
        )
    return figure(in_rows(panels, COLUMNS), wrapped(title, WIDTH, 6))


def _boxes(values: list[Spec], x: Spec, y: Spec, mark: Spec) -> Spec:
    sides = {
        "x": {"field": "lo", **x},
        "x2": {"field": "hi"},
        "y": {"field": "zero", **y},
        "y2": {"field": "times"},
    }
    return {"data": {"values": values}, "mark": {"type": "rect", **mark}, "encoding": sides}


def _level(at: float, x: Spec, y: Spec) -> Spec:
    return {
        "data": {"values": [{"lo": 0, "hi": 1, "times": at}]},
        "mark": {"type": "rule", "color": MIDDLE, "strokeDash": [3, 2]},
        "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": {"field": "times", **y}},
    }


def _signs(outside: list[Spec], x: Spec, y: Spec) -> Spec:
    """An x above each bar that leaves the band: told by its shape, not by its colour."""
    at = [{"mid": (bar["lo"] + bar["hi"]) / 2, "times": min(bar["times"] + 0.16, MOST - 0.1)} for bar in outside]
    return {
        "data": {"values": at},
        "mark": {"type": "text", "text": "×", "color": INK},
        "encoding": {"x": {"field": "mid", **x}, "y": {"field": "times", **y}},
    }


def _p_value(p: float) -> str:
    """A p-value in words.

    >>> _p_value(0.0004), _p_value(0.2345)
    ('p < 0.001', 'p 0.23')
    """
    return "p < 0.001" if p < 0.001 else f"p {p:.3f}" if p < 0.1 else f"p {p:.2f}"
