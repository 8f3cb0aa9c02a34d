"""A person's own counts over the weeks: each count, the mean of each week, the own usual, and the limit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from .theme import AXIS, BAND, HOLLOW, INK, MIDDLE, QUIET, TYPICAL, WIDTH, Spec, figure, week_axis
from .weeks import ticks

HEIGHT = 170
PANEL = WIDTH - AXIS - 10


class Usual(NamedTuple):
    """The baseline: its rate with the ends of its interval, and the limit of the rule."""

    rate: float
    low: float
    high: float
    limit: float | None


def counts_chart(
    counts: Sequence[tuple[float, float]],
    weeks: Sequence[tuple[float, float, bool]],
    usual: Usual | None,
    title: str,
    *,
    dosed: bool,
) -> Spec:
    """The figure.

    Args:
        counts: week and rate of each count; weeks are from the first dose.
        weeks: the middle of each counted week, its mean, and whether it is above the limit.
        usual: the baseline; None where there is none.
        title: what is drawn, and in what unit.
        dosed: whether there is a first dose to mark at week 0.
    """
    first, last = (pick(week for week, _ in counts) for pick in (min, max))
    span = [min(first - 1, -1.0), max(last + 1, 2.0)]
    tops = [rate for _, rate in counts] + ([usual.high, usual.limit or 0] if usual else [])
    domain = [0.0, 1.08 * max(*tops, 1.0)]
    x, y = axes(span, domain)
    layers: list[Spec] = []
    if usual:
        box = {"a": span[0], "b": span[1], "lo": usual.low, "hi": usual.high}
        ends = {"x2": {"field": "b"}, "y2": {"field": "hi"}}
        layers.append(_layer([box], {"type": "rect", "color": BAND}, {**x, "field": "a"}, {**y, "field": "lo"}, **ends))
        layers.append(_level(usual.rate, span, x, y, {"color": MIDDLE, "strokeWidth": 1.5}))
        if usual.limit is not None:
            layers.append(_level(usual.limit, span, x, y, {"color": TYPICAL, "strokeWidth": 1.5, "strokeDash": [6, 3]}))
            layers.append(_word("limit", span[1], usual.limit, x, y, TYPICAL, "right"))
        layers.append(_word("own usual", span[0], usual.rate, x, y, MIDDLE, "left"))
    if dosed:
        layers.append(mark_week(0.0, "first dose", domain, x, y))
    every = [{"w": week, "v": rate} for week, rate in counts]
    layers.append(
        _layer(every, {"type": "point", "color": HOLLOW, "size": 14, "strokeWidth": 1}, x, {**y, "field": "v"})
    )
    for above, shape, color in ((False, "circle", INK), (True, "triangle-up", TYPICAL)):
        rows = [{"w": week, "v": mean} for week, mean, over in weeks if over is above]
        drawn = {"type": "point", "shape": shape, "filled": True, "color": color, "size": 46, "opacity": 1}
        if rows:
            layers.append(_layer(rows, drawn, x, {**y, "field": "v"}))
    return figure([{"width": PANEL, "height": HEIGHT, "layer": layers}], title)


def axes(span: Sequence[float], domain: Sequence[float]) -> tuple[Spec, Spec]:
    """Weeks from the first dose, which may be below 0, and what is drawn."""
    x = across(span, PANEL)
    upright = {"minExtent": AXIS, "maxExtent": AXIS, "title": None, "values": ticks(domain[0], domain[1])}
    y = {"type": "quantitative", "scale": {"domain": list(domain), "nice": False, "zero": False}, "axis": upright}
    return x, y


def across(span: Sequence[float], panel: int) -> Spec:
    """Weeks from the first dose, below 0 before it, with a round number every 36 px or more."""
    step = next((s for s in (1, 2, 4, 8, 13, 26, 52) if (span[1] - span[0]) / s <= panel / 36), 104)
    values = list(range(math.ceil(span[0] / step) * step, math.floor(span[1]) + 1, step))
    axis = week_axis(1, panel, "weeks from the first dose") | {"values": values}
    return {"field": "w", "type": "quantitative", "scale": {"domain": list(span), "nice": False}, "axis": axis}


def mark_week(week: float, word: str, domain: Sequence[float], x: Spec, y: Spec) -> Spec:
    """An upright line with a word at its top."""
    at = {"x": x, "y": {**y, "field": "v"}}
    return {
        "data": {"values": [{"w": week, "v": domain[0], "t": domain[1]}]},
        "layer": [
            {"mark": {"type": "rule", "color": QUIET, "strokeDash": [2, 2]}, "encoding": {**at, "y2": {"field": "t"}}},
            {
                "mark": {"type": "text", "text": word, "align": "left", "dx": 3, "baseline": "top", "color": QUIET},
                "encoding": {"x": x, "y": {**y, "field": "t"}},
            },
        ],
    }


def _layer(rows: Sequence[Any], mark: Spec, x: Spec, y: Spec, **more: Spec) -> Spec:
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": {"x": x, "y": y, **more}}


def _level(value: float, span: Sequence[float], x: Spec, y: Spec, stroke: Spec) -> Spec:
    ends = {"x2": {"field": "b"}}
    row = [{"a": span[0], "b": span[1], "v": value}]
    return _layer(row, {"type": "rule", **stroke}, {**x, "field": "a"}, {**y, "field": "v"}, **ends)


def _word(word: str, week: float, value: float, x: Spec, y: Spec, color: str, align: str) -> Spec:
    mark = {"type": "text", "text": word, "align": align, "dx": -3 if align == "right" else 3, "dy": -6, "color": color}
    return _layer([{"w": week, "v": value}], mark, x, {**y, "field": "v"})
