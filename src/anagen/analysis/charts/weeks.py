"""A quantity over the weeks: band, middle person, typical person and sample paths; a panel for each regimen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.simulation.outcomes import bands
from anagen.simulation.result import Simulation

from .regimens import short_names
from .theme import (
    AXIS,
    BAND,
    INK,
    MARKS,
    MIDDLE,
    PATHS,
    TYPICAL,
    Spec,
    columns_for,
    figure,
    in_rows,
    panel_width,
    week_axis,
    wrapped,
)
from .units import said

Floats = npt.NDArray[np.float64]
SAMPLE = 15
MOST_ROWS = 60
"""Rows drawn of the band and the thick lines."""
MOST_STEPS = 30
"""Rows drawn of each thin path."""
HEIGHT = 112
NO_AXIS = {
    "labels": False,
    "ticks": False,
    "domain": False,
    "tickSize": 0,
    "labelPadding": 0,
    "minExtent": 0,
    "maxExtent": 0,
}
HOW_TO_READ = "thick: middle person; dashes: typical person; band: 90 of 100 people; thin: 15 of them"


@dataclass(frozen=True, eq=False)
class Curve:
    """What is drawn of one regimen, in the unit as said: `week` (rows,), `people` (rows, people)."""

    label: str
    week: Floats
    typical: Floats
    people: Floats
    bands: Floats
    course_weeks: float

    @classmethod
    def of(cls, arm: Simulation, name: str, own_start: bool = False) -> Curve:
        """A series of an arm; where `own_start`, in percent of each person's own first value."""
        series = arm.series(name)
        factor = said(series.unit).factor
        typical, people = factor * series.typical, factor * series.people
        levels = factor * series.bands
        if own_start:
            typical, people = 100 * typical / typical[0], 100 * people / people[0]
            levels = bands(people)
        return cls(arm.label, series.day / 7, typical, people, levels, arm.course_days / 7)


def weeks_chart(curves: Sequence[Curve], title: str) -> Spec:
    """Small multiples with shared axes; `title` says what is drawn, and its unit."""
    columns = columns_for(len(curves))
    width = panel_width(columns)
    names = short_names([curve.label for curve in curves])
    heads = [wrapped(name, width) for name in names]
    tallest = max(len(head) for head in heads)
    domain = _domain(curves)
    panels = []
    for i, (curve, head) in enumerate(zip(curves, heads, strict=True)):
        head = [*head, *[""] * (tallest - len(head))]
        lines = [MARKS[i].letter, *head] if len(curves) > 1 else head
        panels.append(_panel(curve, lines, width, domain, labelled=i % columns == 0))
    return figure(in_rows(panels, columns), title)


def _domain(curves: Sequence[Curve]) -> list[float]:
    """From 0, or from near the lowest where 0 is far below, to the highest of what is drawn."""
    high = max(max(c.bands.max(), c.people[:, :SAMPLE].max(), c.typical.max()) for c in curves)
    low = min(min(c.bands.min(), c.people[:, :SAMPLE].min(), c.typical.min()) for c in curves)
    if low > 0.6 * high:
        room = 0.1 * (high - low) or 0.05 * high
        return [float(low - room), float(high + room)]
    return [0.0, 1.08 * float(high) or 1.0]  # room above, so that no label of the axis moves the headings


def ticks(low: float, high: float) -> list[float]:
    """Round values to label, none so near the top that its label would move the heading of the panel.

    >>> ticks(0, 237), ticks(88.5, 112)
    ([0.0, 50.0, 100.0, 150.0, 200.0], [90.0, 95.0, 100.0, 105.0, 110.0])
    """
    raw = (high - low) / 5
    power = 10.0 ** np.floor(np.log10(raw))
    step = float(power * next(s for s in (1, 2, 2.5, 5, 10) if s * power >= raw * 0.999))
    first = float(np.ceil(low / step) * step)
    return [round(v, 6) for v in np.arange(first, low + 0.95 * (high - low), step).tolist()]


def _panel(curve: Curve, head: list[str], width: int, domain: list[float], labelled: bool) -> Spec:
    p05, p50, p95 = curve.bands
    keys = ("w", "lo", "mid", "hi", "typ")
    rows, steps = _rows(curve, MOST_ROWS), _rows(curve, MOST_STEPS)
    columns = [short(values[rows]) for values in (curve.week, p05, p50, p95, curve.typical)]
    band = [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]
    weeks = short(curve.week[steps])
    people = [short(path) for path in curve.people[steps, :SAMPLE].T]
    paths = [{"w": w, "v": v, "i": i} for i, path in enumerate(people) for w, v in zip(weeks, path, strict=True)]
    last = float(curve.week[-1])
    x: dict[str, Any] = {
        "field": "w",
        "type": "quantitative",
        "scale": {"domain": [0, last], "nice": False},
        "axis": week_axis(last, width),
    }
    axis = {"minExtent": AXIS, "maxExtent": AXIS, "title": None, "values": ticks(*domain)}
    y = {
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False, "zero": False},
        "axis": axis if labelled else {**axis, **NO_AXIS},
    }

    def layer(mark: dict[str, Any], field: str, **more: Any) -> Spec:
        return {"mark": mark, "encoding": {"x": x, "y": {"field": field, **y}, **more}}

    layers = [
        layer({"type": "area", "color": BAND}, "lo", y2={"field": "hi"}),
        {
            "data": {"values": paths},
            **layer(
                {"type": "line", "color": PATHS, "strokeWidth": 0.6, "opacity": 0.75},
                "v",
                detail={"field": "i", "type": "nominal"},
            ),
        },
        layer({"type": "line", "color": MIDDLE, "strokeWidth": 2.4}, "mid"),
        layer({"type": "line", "color": TYPICAL, "strokeWidth": 1.7, "strokeDash": [5, 3]}, "typ"),
    ]
    if 0 < curve.course_weeks < last:
        layers.append(
            {
                "data": {"values": [{"w": curve.course_weeks}]},
                "mark": {"type": "rule", "color": INK, "strokeDash": [2, 2]},
                "encoding": {"x": x},
            }
        )
    return {
        "data": {"values": band},
        "width": width,
        "height": HEIGHT,
        "title": {"text": head},
        "layer": layers,
    }


def _rows(curve: Curve, most: int) -> list[int]:
    """At most `most` rows, evenly spaced, and the last."""
    stride = -(-curve.week.size // most)
    return sorted({*range(0, curve.week.size, stride), curve.week.size - 1})


def short(values: Floats) -> list[float]:
    """Four significant digits: more is never seen.

    >>> short(np.array([0.0, 12.3456, -0.00123456]))
    [0.0, 12.35, -0.001235]
    """
    size = np.abs(values)
    power = 10.0 ** (3 - np.floor(np.log10(np.where(size > 0, size, 1.0))))
    return list((np.round(values * power) / power).tolist())
