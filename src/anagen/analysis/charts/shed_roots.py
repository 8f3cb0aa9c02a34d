"""Hairs lost a day through time, with a club root or with a broken shaft: a panel and a scale for each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .hatching import Frame, area
from .theme import AXIS, INK, PAPER, ROOTS, WIDTH, Spec, figure, week_axis
from .thinning import needed_rows
from .weeks import ticks

Floats = npt.NDArray[np.float64]
HEIGHT = 118
NEAR = 0.25
"""How far, in px, a drawn edge may be from the computed one."""
HEADROOM = 1.08


class Shed(NamedTuple):
    """`heading`, lines; weeks (rows,); hairs a day (rows,) with club roots and with broken shafts; notes: week, hairs a
    day, words, and what they stand on, "paper" or a root."""

    heading: Sequence[str]
    week: Floats
    club: Floats
    broken: Floats
    notes: Sequence[tuple[float, float, str, str]]


def shed_roots_chart(panels: Sequence[Shed], usual: float, title: str) -> Spec:
    """Club roots below, broken shafts on top of them; a dashed line at the `usual` number of hairs a day."""
    tops = [HEADROOM * float((panel.club + panel.broken).max()) for panel in panels]
    return figure(
        [_panel(panel, top, usual, panel is panels[-1]) for panel, top in zip(panels, tops, strict=True)], title
    )


def _panel(panel: Shed, top: float, usual: float, titled: bool) -> Spec:
    width = WIDTH - AXIS - 12
    first, last = float(panel.week[0]), float(panel.week[-1])
    x = {
        "type": "quantitative",
        "scale": {"domain": [first, last], "nice": False},
        "axis": week_axis(last, width, "week after the event" if titled else None),
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": [0, top], "nice": False},
        "axis": {"values": ticks(0, top), "title": None, "minExtent": AXIS, "maxExtent": AXIS},
    }
    frame = Frame(width, HEIGHT, (first, last), (0, top), x, y)
    edges = np.stack([0 * panel.club, panel.club, panel.club + panel.broken])
    rows = needed_rows(panel.week, edges.T, NEAR * top / HEIGHT)
    layers: list[Spec] = []
    for name, lower, upper in zip(("club", "broken"), edges[:-1, rows], edges[1:, rows], strict=True):
        if (upper > lower).any():
            layers += area(frame, panel.week[rows], lower, upper, ROOTS[name])
    layers += [
        _rule({"field": "y", **y}, "y", usual, [5, 3]),
        _rule({"field": "x", **x}, "x", 0.0, [3, 2]),
        *_notes(panel.notes, x, y),
    ]
    return {"width": width, "height": HEIGHT, "title": {"text": list(panel.heading)}, "layer": layers}


def _rule(channel: Spec, axis: str, at: float, dash: list[int]) -> Spec:
    return {
        "data": {"values": [{axis: at}]},
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1.2, "strokeDash": dash},
        "encoding": {axis: channel},
    }


def _notes(notes: Sequence[tuple[float, float, str, str]], x: Spec, y: Spec) -> list[Spec]:
    layers: list[Spec] = []
    for week, hairs, words, ground in notes:
        color = ROOTS[ground].color if ground in ROOTS else PAPER
        for look in ({"stroke": color, "strokeWidth": 4, "color": color}, {"color": INK}):
            layers.append(
                {
                    "data": {"values": [{"x": week, "y": hairs}]},
                    "mark": {"type": "text", "align": "left", "baseline": "middle", **look},
                    "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y}, "text": {"value": words}},
                }
            )
    return layers
