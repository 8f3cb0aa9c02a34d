"""Shares of people by week, a line for each arm of a trial: who has had an event, or who takes doses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .theme import AXIS, MARKS, TEXT, WIDTH, Spec, figure, week_axis
from .thinning import needed_rows
from .weeks import short, ticks

Floats = npt.NDArray[np.float64]
HEIGHT = 130
LETTERS = 14
"""Room for the letters at the ends of the lines, px."""
NEAR = 0.3
"""How far, in px, a drawn line may be from the numbers."""


class Line(NamedTuple):
    """One arm: its number; weeks (rows,); values (rows,)."""

    arm: int
    week: Floats
    value: Floats


def shares_chart(lines: Sequence[Line], title: str, *, steps: bool = True) -> Spec:
    """Lines of percentages from 0, in steps where what happens is counted once a week."""
    top = max(float(line.value.max()) for line in lines)
    domain = [0.0, 100.0 if top > 60 else 1.1 * top or 1.0]
    last = max(float(line.week[-1]) for line in lines)
    layers = line_layers(lines, last, domain, HEIGHT, steps=steps)
    return figure([{"width": panel_width(), "height": HEIGHT, "layer": layers}], title)


def panel_width() -> int:
    """Of a panel that has letters at the ends of its lines."""
    return WIDTH - AXIS - LETTERS - 10


def line_layers(
    lines: Sequence[Line], last: float, domain: Sequence[float], height: float, *, steps: bool = False
) -> list[Spec]:
    """The lines of arms, each with its colour, its dashes and its letter; the letters stand apart from each other."""
    x, y = axes(last, domain, panel_width())
    layers: list[Spec] = []
    for line in lines:
        mark = MARKS[line.arm]
        kept = _kept(line, domain, height, steps)
        rows = [{"w": w, "v": v} for w, v in zip(short(line.week[kept]), short(line.value[kept]), strict=True)]
        stroke = {"color": mark.color, "strokeDash": list(mark.dash), "strokeWidth": 2}
        drawn = {"type": "line", **stroke} | ({"interpolate": "step-after"} if steps else {})
        layers.append({"data": {"values": rows}, "mark": drawn, "encoding": {"x": x, "y": {"field": "v", **y}}})
    heights = letter_places([float(line.value[-1]) for line in lines], domain, height)
    for line, place in zip(lines, heights, strict=True):
        mark = MARKS[line.arm]
        layers.append(
            {
                "data": {"values": [{"w": float(line.week[-1]), "v": place}]},
                "mark": {
                    "type": "text",
                    "text": mark.letter,
                    "align": "left",
                    "dx": 4,
                    "baseline": "middle",
                    "color": mark.color,
                    "fontWeight": "bold",
                },
                "encoding": {"x": x, "y": {"field": "v", **y}},
            }
        )
    return layers


def axes(last: float, domain: Sequence[float], width: int, labelled: bool = True) -> tuple[Spec, Spec]:
    """The axes of weeks and of what is drawn."""
    x = {
        "field": "w",
        "type": "quantitative",
        "scale": {"domain": [0, last], "nice": False},
        "axis": week_axis(last, width),
    }
    axis: Spec = {"minExtent": AXIS, "maxExtent": AXIS, "title": None, "values": ticks(domain[0], domain[1])}
    if not labelled:
        axis |= {"labels": False, "ticks": False, "domain": False, "minExtent": 0, "maxExtent": 0}
    y = {"type": "quantitative", "scale": {"domain": list(domain), "nice": False, "zero": False}, "axis": axis}
    return x, y


def letter_places(values: Sequence[float], domain: Sequence[float], height: float) -> list[float]:
    """Where letters stand beside the ends of lines: near `values`, at least a line of text apart, inside the panel.

    >>> [round(v) for v in letter_places([50, 50, 90], [0, 100], 120)]
    [45, 55, 90]
    """
    apart = TEXT / height * (domain[1] - domain[0])
    order = sorted(range(len(values)), key=lambda i: values[i])
    places = list(values)
    for _ in range(40):
        for below, above in pairwise(order):
            lacking = apart - (places[above] - places[below])
            if lacking > 0:
                places[below] -= lacking / 2
                places[above] += lacking / 2
        places = [min(max(place, domain[0]), domain[1]) for place in places]
    return places


def _kept(line: Line, domain: Sequence[float], height: float, steps: bool) -> npt.NDArray[np.intp]:
    """Rows that must be drawn: those where a step goes up or down, or between which a straight line will not do."""
    if steps:
        changed = np.flatnonzero(np.diff(line.value)) + 1
        return np.unique(np.concatenate(([0], changed, [line.week.size - 1])))
    near = NEAR * (domain[1] - domain[0]) / height
    return needed_rows(line.week, line.value[:, None], near)
