"""Visible hairs and hair volume of several scalps through time, in percent of the start: a line and a name for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .theme import AXIS, INK, MIDDLE, TEXT, TYPICAL, WIDTH, Spec, figure, week_axis
from .thinning import needed_rows

Floats = npt.NDArray[np.float64]
HEIGHT = 118
HEADROOM = 1.06
NEAR = 0.1
"""How far, in px, a drawn line may be from the computed one."""
LINES = ((MIDDLE, [1, 0], 2.2), (TYPICAL, [6, 3], 2.2))
"""Colour, dash and width in px of the first line and of the second."""


LETTER, TALL = 0.62 * TEXT, TEXT + 4
"""Width of a bold letter and height of a name, in px."""


class Line(NamedTuple):
    """`name`; weeks (rows,), the same for all lines of a panel; percent of the start (rows,)."""

    name: str
    week: Floats
    percent: Floats


def density_chart(panels: Sequence[tuple[str, Sequence[Line]]], title: str) -> Spec:
    """`panels` of (heading, at most two lines)."""
    top = HEADROOM * max(float(line.percent.max()) for _, lines in panels for line in lines)
    rows = [_panel(heading, lines, top, heading == panels[-1][0]) for heading, lines in panels]
    return figure(rows, title, spacing=10)


def _panel(heading: str, lines: Sequence[Line], top: float, titled: bool) -> Spec:
    width = WIDTH - AXIS - 12
    first, last = float(lines[0].week[0]), float(lines[0].week[-1])
    x = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [first, last], "nice": False},
        "axis": week_axis(last, width, "week after the event" if titled else None),
    }
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, top], "nice": False},
        "axis": {"values": [0, 25, 50, 75, 100], "title": None, "minExtent": AXIS, "maxExtent": AXIS},
    }
    layers: list[Spec] = [
        {
            "data": {"values": [{"x": 0}]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.2, "strokeDash": [3, 2]},
            "encoding": {"x": x},
        }
    ]
    for line, (color, dash, thickness) in zip(lines, LINES, strict=True):
        rows = needed_rows(line.week, line.percent[:, None], NEAR * top / HEIGHT)
        points = [{"x": float(f"{line.week[r]:.5g}"), "y": float(f"{line.percent[r]:.5g}")} for r in rows]
        others = [other for other in lines if other is not line]
        layers += [
            {
                "data": {"values": points},
                "mark": {"type": "line", "color": color, "strokeDash": dash, "strokeWidth": thickness},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": [_place(line, others, width, top)]},
                "mark": {"type": "text", "align": "left", "baseline": "top", "color": color, "fontWeight": "bold"},
                "encoding": {"x": x, "y": y, "text": {"value": line.name}},
            },
        ]
    return {"width": width, "height": HEIGHT, "title": {"text": heading}, "layer": layers}


def _place(line: Line, others: Sequence[Line], width: float, top: float) -> dict[str, float]:
    """Where the name stands: just under the line, near its lowest point, and where no other line runs through it."""
    first, last = float(line.week[0]), float(line.week[-1])
    long = (LETTER * len(line.name) + 6) / width * (last - first)
    tall = TALL / HEIGHT * top
    lowest = float(line.week[line.percent.argmin()])
    starts = np.arange(max(first, 0.0) + 0.5, last - long, 0.5)
    for start in starts[np.argsort(np.abs(starts - lowest), kind="stable")]:
        at = np.linspace(start, start + long, 40)
        upper = float(np.interp(at, line.week, line.percent).min()) - 0.3 * tall
        crossed = [np.interp(at, other.week, other.percent) for other in others]
        if upper > tall and all((c > upper + 0.2 * tall).all() or (c < upper - 1.2 * tall).all() for c in crossed):
            return {"x": float(start), "y": upper}
    return {"x": lowest, "y": float(line.percent.min())}
