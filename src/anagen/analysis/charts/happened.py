"""Things that happened, by date, each with the published window after it; and where a rise began. Nothing is ranked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .shed_counts import across
from .theme import INK, MIDDLE, QUIET, TYPICAL, WIDTH, Spec, figure, wrapped

ROW = 34
PANEL = WIDTH - 14


class Row(NamedTuple):
    """One thing: when, in weeks from the first dose, and its window; `opens` and `closes` None where there is none."""

    label: str
    week: float
    opens: float | None
    closes: float | None


def happened_chart(rows: Sequence[Row], rise: float | None, title: str) -> Spec:
    """A line for each thing in the order given; the window as a bar, the rise as an upright line through all."""
    ends = [row.closes for row in rows if row.closes is not None] + [row.week for row in rows]
    span = [min(min(row.week for row in rows) - 1, -1.0), max(*ends, rise or 0.0) + 1]
    height = ROW * len(rows)
    x = across(span, PANEL)
    x["axis"] |= {"grid": True}
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [len(rows), 0], "nice": False},
        "axis": None,
    }
    layers: list[Spec] = []
    bars = [{"w": r.opens, "b": r.closes, "y": i + 0.66} for i, r in enumerate(rows) if r.opens is not None]
    if bars:
        layers.append(
            {
                "data": {"values": bars},
                "mark": {"type": "rule", "color": MIDDLE, "strokeWidth": 7, "opacity": 0.55},
                "encoding": {"x": x, "x2": {"field": "b"}, "y": y},
            }
        )
    layers.append(
        {
            "data": {"values": [{"w": row.week, "y": i + 0.66} for i, row in enumerate(rows)]},
            "mark": {"type": "point", "shape": "diamond", "filled": True, "color": INK, "size": 60, "opacity": 1},
            "encoding": {"x": x, "y": y},
        }
    )
    layers.append(
        {
            "data": {
                "values": [
                    {"w": span[0], "y": i + 0.28, "t": wrapped(row.label, PANEL, 1)[0]} for i, row in enumerate(rows)
                ]
            },
            "mark": {"type": "text", "align": "left", "baseline": "middle", "color": INK, "dx": 2},
            "encoding": {"x": x, "y": y, "text": {"field": "t", "type": "nominal"}},
        }
    )
    if rise is not None:
        layers.append(
            {
                "data": {"values": [{"w": rise}]},
                "mark": {"type": "rule", "color": TYPICAL, "strokeWidth": 2, "strokeDash": [6, 3]},
                "encoding": {"x": x},
            }
        )
    else:
        layers.append(
            {
                "data": {"values": [{"w": 0.0}]},
                "mark": {"type": "rule", "color": QUIET, "strokeDash": [2, 2]},
                "encoding": {"x": x},
            }
        )
    return figure([{"width": PANEL, "height": height, "layer": layers}], title)
