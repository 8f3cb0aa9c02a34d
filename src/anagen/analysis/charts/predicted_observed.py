"""What a model predicts beside what a study saw: one number, a course over time, or all rows of a table at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .theme import BAND, GRID, INK, MARKS, PAPER, WIDTH, Spec, figure, week_axis, wrapped

LINE, BELOW = 14, 16
"""Height in px of a line of words, and of what is drawn under it."""
EDGE = 4.0
"""Distances beyond this many standard deviations stand at the edge."""
INSIDE = 1.6448536269514722
"""Half-width of 90 % of a normal distribution in standard deviations."""
MODEL, SEEN = MARKS[0], MARKS[1]


class Standing(NamedTuple):
    """One row of a table of predictions: what is said of it, how far off it is in SDs, whether it is inside, and
    whether it was known to fail."""

    words: str
    z: float
    inside: bool
    known: bool


def one_chart(
    low: float, middle: float, high: float, observed: float, own: tuple[float, float] | None, title: str
) -> Spec:
    """The predicted range as a bar with its middle, and under it the observed value with its own interval, if any."""
    ends = [low, high, observed, *(own or ())]
    room = 0.06 * (max(ends) - min(ends)) or 0.05 * abs(observed) or 1.0
    x = {
        "type": "quantitative",
        "scale": {"domain": [min(ends) - room, max(ends) + room], "nice": False, "zero": False},
        "axis": {"title": None, "tickCount": 5, "grid": True, "gridColor": GRID, "labelFlush": True},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [46, 0], "nice": False, "zero": False}}
    at = {"field": "y", **y}
    layers: list[Spec] = [
        {
            "data": {"values": [{"y": 13, "lo": low, "hi": high}]},
            "mark": {"type": "rule", "color": BAND, "strokeWidth": 13},
            "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": at},
        },
        _tick(middle, 13, x, at),
    ]
    if own:
        layers.append(
            {
                "data": {"values": [{"y": 34, "lo": own[0], "hi": own[1]}]},
                "mark": {"type": "rule", "color": SEEN.color, "strokeWidth": 2},
                "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": at},
            }
        )
    layers.append(
        {
            "data": {"values": [{"y": 34, "v": observed}]},
            "mark": {
                "type": "point",
                "filled": True,
                "shape": "diamond",
                "color": SEEN.color,
                "size": 110,
                "opacity": 1,
            },
            "encoding": {"x": {"field": "v", **x}, "y": at},
        }
    )
    return figure([{"width": WIDTH - 16, "height": 46, "layer": layers}], title)


def _tick(value: float, place: float, x: Spec, at: Spec) -> Spec:
    return {
        "data": {"values": [{"y": place, "v": value}]},
        "mark": {"type": "tick", "orient": "vertical", "color": MODEL.color, "thickness": 3, "size": 17},
        "encoding": {"x": {"field": "v", **x}, "y": at},
    }


def course_chart(
    day: Sequence[float],
    low: Sequence[float],
    middle: Sequence[float],
    high: Sequence[float],
    observed: Sequence[tuple[float, float]],
    title: str,
) -> Spec:
    """The predicted band and its middle over time, and what was seen as points; a short course in days or hours."""
    last = max([*day, *(when for when, _ in observed)]) or 1.0
    unit, per = ("week", 7.0) if last > 28 else ("day", 1.0) if last > 4 else ("hour", 1 / 24)
    levels = [*low, *high, *(value for _, value in observed)]
    floor, top = min(levels), max(levels)
    room = 0.08 * (top - floor) or 0.05 * abs(top) or 1.0
    start = floor - room if floor > 0.6 * top or floor < 0 else 0.0
    width = WIDTH - 56
    plain = {"title": unit, "grid": False, "tickCount": 5, "labelFlush": True}
    axis = week_axis(last / per, width) if unit == "week" else plain
    x = {"type": "quantitative", "scale": {"domain": [0, last / per], "nice": False}, "axis": axis}
    y = {
        "type": "quantitative",
        "scale": {"domain": [start, top + room], "nice": False, "zero": False},
        "axis": {"title": None, "tickCount": 4, "grid": True, "gridColor": GRID},
    }
    band = [{"t": t / per, "lo": a, "mid": m, "hi": b} for t, a, m, b in zip(day, low, middle, high, strict=True)]
    points = [{"t": t / per, "v": value} for t, value in observed]
    layers: list[Spec] = [
        {
            "data": {"values": band},
            "mark": {"type": "area", "color": BAND, "opacity": 1},
            "encoding": {"x": {"field": "t", **x}, "y": {"field": "lo", **y}, "y2": {"field": "hi"}},
        },
        {
            "data": {"values": band},
            "mark": {"type": "line", "color": MODEL.color, "strokeWidth": 2},
            "encoding": {"x": {"field": "t", **x}, "y": {"field": "mid", **y}},
        },
        {
            "data": {"values": points},
            "mark": {
                "type": "point",
                "filled": True,
                "shape": "diamond",
                "color": SEEN.color,
                "size": 110,
                "opacity": 1,
                "stroke": PAPER,
                "strokeWidth": 1,
                "clip": False,
            },
            "encoding": {"x": {"field": "t", **x}, "y": {"field": "v", **y}},
        },
    ]
    return figure([{"width": width, "height": 130, "layer": layers}], title)


def standings_chart(rows: Sequence[Standing], title: str) -> Spec:
    """How far each row is from its prediction, in SDs, its words above it; what is inside 90 % stands on the band.

    A filled circle is inside, a hollow one outside, a cross a failure known before; beyond the edge, at the edge.
    """
    texts: list[Spec] = []
    marks: list[Spec] = []
    top = 0.0
    for row in rows:
        for line in wrapped(row.words, WIDTH - 20, 2):
            texts.append({"y": top + LINE / 2, "words": line})
            top += LINE
        place = top + BELOW / 2 - 2
        marks.append({"y": place, "z": max(-EDGE, min(EDGE, row.z)), "inside": row.inside, "known": row.known})
        top += BELOW
    x = {
        "type": "quantitative",
        "scale": {"domain": [-EDGE - 0.3, EDGE + 0.3], "nice": False},
        "axis": {"title": None, "values": [-4, -2, 0, 2, 4], "grid": True, "gridColor": GRID},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [top, 0], "nice": False, "zero": False}}
    at = {"field": "y", **y}
    strips = [{"lo": -INSIDE, "hi": INSIDE, "zero": 0, "y": m["y"] - 7, "y2": m["y"] + 7} for m in marks]
    ends = {"y": at, "y2": {"field": "y2"}}
    layers: list[Spec] = [
        {
            "data": {"values": strips},
            "mark": {"type": "rect", "color": BAND, "opacity": 1},
            "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, **ends},
        },
        {
            "data": {"values": strips},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
            "encoding": {"x": {"field": "zero", **x}, **ends},
        },
    ]
    kinds = (
        ([m for m in marks if m["known"]], {"shape": "cross", "filled": True, "color": SEEN.color}),
        (
            [m for m in marks if m["inside"] and not m["known"]],
            {"shape": "circle", "filled": True, "color": MODEL.color},
        ),
        (
            [m for m in marks if not m["inside"] and not m["known"]],
            {"shape": "circle", "filled": True, "color": PAPER, "stroke": MODEL.color, "strokeWidth": 2},
        ),
    )
    for values, mark in kinds:
        if values:
            layers.append(
                {
                    "data": {"values": values},
                    "mark": {"type": "point", "size": 80, "opacity": 1, **mark},
                    "encoding": {"x": {"field": "z", **x}, "y": at},
                }
            )
    layers.append(
        {
            "data": {"values": texts},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "color": INK},
            "encoding": {"x": {"value": 0}, "y": at, "text": {"field": "words"}},
        }
    )
    return figure([{"width": WIDTH - 16, "height": top, "layer": layers}], title)
