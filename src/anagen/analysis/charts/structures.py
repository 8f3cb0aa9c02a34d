"""A quantity over the weeks under several structures: the usual range, the band between them, and a line for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .theme import AXIS, BAND, INK, MARKS, MIDDLE, TEXT, WIDTH, Spec, figure, panel_width, week_axis, wrapped
from .weeks import MOST_ROWS, short, ticks

Floats = npt.NDArray[np.float64]
HEIGHT = 150
BETWEEN = "#7fb0dc"
"""Darker than the usual range, and inside or across it."""
LINE = 15


def structures_chart(
    week: Floats,
    usual: tuple[Floats, Floats, Floats],
    between: tuple[Floats, Floats],
    others: Mapping[str, Floats],
    title: str,
) -> Spec:
    """`usual` is (p05, p50, p95) in use, `between` (low, high), `others` the middle of each structure, all (rows,)."""
    stride = -(-week.size // MOST_ROWS)
    rows = sorted({*range(0, week.size, stride), week.size - 1})
    columns = (week, usual[0], usual[1], usual[2], *between)
    keys = ("w", "lo", "mid", "hi", "from", "to")
    data = [dict(zip(keys, row, strict=True)) for row in zip(*(short(values[rows]) for values in columns), strict=True)]
    width, last = panel_width(1), float(week[-1])
    everything = np.concatenate([*usual, *between, *others.values()])
    low, high = float(everything.min()), float(everything.max())
    room = 0.06 * (high - low) or 0.05 * abs(high) or 1.0
    domain = [0.0 if 0 <= low <= 0.4 * high else low - room, high + room]
    x: dict[str, Any] = {
        "field": "w",
        "type": "quantitative",
        "scale": {"domain": [0, last], "nice": False},
        "axis": week_axis(last, width),
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False, "zero": False},
        "axis": {"minExtent": AXIS, "maxExtent": AXIS, "title": None, "values": ticks(*domain)},
    }

    def layer(mark: Spec, field: str, **more: Any) -> Spec:
        return {"mark": mark, "encoding": {"x": x, "y": {"field": field, **y}, **more}}

    layers: list[Spec] = [
        layer({"type": "area", "color": BAND}, "lo", y2={"field": "hi"}),
        layer({"type": "area", "color": BETWEEN}, "from", y2={"field": "to"}),
        layer({"type": "line", "color": MIDDLE, "strokeWidth": 2.4}, "mid"),
    ]
    for i, line in enumerate(others.values(), 1):
        mark = MARKS[i % len(MARKS)]
        values = [{"w": w, "v": v} for w, v in zip(short(week[rows]), short(line[rows]), strict=True)]
        drawn = {"type": "line", "color": mark.color, "strokeWidth": 1.7, "strokeDash": list(mark.dash)}
        layers.append({"data": {"values": values}, **layer(drawn, "v")})
    panel = {"data": {"values": data}, "width": width, "height": HEIGHT, "layer": layers}
    return figure([panel, _legend(list(others))], title)


def _legend(names: list[str]) -> Spec:
    """What each line and area is, under the panel."""
    entries: list[tuple[str, Spec]] = [
        ("in use: middle person", {"color": MIDDLE, "strokeWidth": 2.4}),
        ("in use: 90 of 100 people", {"color": BAND, "strokeWidth": 10}),
        ("between structures: middle person", {"color": BETWEEN, "strokeWidth": 10}),
    ]
    for i, name in enumerate(names, 1):
        mark = MARKS[i % len(MARKS)]
        entries.append((name, {"color": mark.color, "strokeWidth": 1.7, "strokeDash": list(mark.dash)}))
    top, layers = 0.0, []
    width = WIDTH - 16
    for words, style in entries:
        lines = wrapped(words, width - 44, 2)
        y = {"value": top + LINE / 2}
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", **style},
                "encoding": {"x": {"value": 2}, "x2": {"value": 34}, "y": y},
            }
        )
        text = {"type": "text", "align": "left", "baseline": "middle", "color": INK, "fontSize": TEXT}
        for line in lines:
            layers.append(
                {
                    "data": {"values": [{"words": line}]},
                    "mark": text,
                    "encoding": {"x": {"value": 42}, "y": {"value": top + LINE / 2}, "text": {"field": "words"}},
                }
            )
            top += LINE
    return {"width": width, "height": top, "layer": layers}
