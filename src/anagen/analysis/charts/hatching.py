"""Areas told apart without colour: a light fill, an outline, and hatching where the theme has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .theme import INK, Fill, Spec

Floats = npt.NDArray[np.float64]
SHORTEST = 1.5
"""Hatching lines shorter than this many px are left out."""


class Frame(NamedTuple):
    """A panel: its size in px, the ends of its axes, and their Vega-Lite."""

    width: float
    height: float
    across: tuple[float, float]
    up: tuple[float, float]
    x: Spec
    y: Spec


def area(frame: Frame, at: Floats, lower: Floats, upper: Floats, fill: Fill) -> list[Spec]:
    """The layers of one area between `lower` and `upper` (n,) at `at` (n,), in the units of the axes; a line on top."""
    rows = [{"x": _short(x), "lo": _short(lo), "hi": _short(hi)} for x, lo, hi in zip(at, lower, upper, strict=True)]
    x, y = {"field": "x", **frame.x}, {"field": "hi", **frame.y}
    layers: list[Spec] = [
        {
            "data": {"values": rows},
            "mark": {"type": "area", "color": fill.color},
            "encoding": {"x": x, "y": y, "y2": {"field": "lo"}},
        }
    ]
    points = [
        {"x": _short(px), "hi": py if py is None else _short(py)}
        for x0, y0, x1, y1 in hatching(frame, at, lower, upper, fill)
        for px, py in ((x0, y0), (x1, y1), (x1, None))  # a gap after each stroke, so that all are one path
    ]
    if points:
        layers.append(
            {
                "data": {"values": points},
                "mark": {"type": "line", "color": INK, "strokeWidth": 0.6, "opacity": 0.75},
                "encoding": {"x": x, "y": y, "order": {"value": None}},
            }
        )
    layers.append(
        {
            "data": {"values": rows},
            "mark": {"type": "line", "color": INK, "strokeWidth": 0.7},
            "encoding": {"x": x, "y": y},
        }
    )
    return layers


def hatching(
    frame: Frame, at: Floats, lower: Floats, upper: Floats, fill: Fill
) -> Iterable[tuple[float, float, float, float]]:
    """The strokes inside the area: x, y of the one end and of the other, in the units of the axes.

    >>> ten = Frame(10, 10, (0, 10), (0, 10), {}, {})
    >>> flat = np.array([0.0, 10.0])
    >>> [tuple(map(float, stroke)) for stroke in hatching(ten, flat, 0 * flat, flat * 0 + 4, Fill("", "upright", 5))]
    [(2.5, 0.0, 2.5, 4.0), (7.5, 0.0, 7.5, 4.0)]
    """
    if not fill.hatching:
        return
    x = np.arange(0.0, frame.width + 0.25, 0.5)
    days = frame.across[0] + x * (frame.across[1] - frame.across[0]) / frame.width
    scale = frame.height / (frame.up[1] - frame.up[0])
    low, high = (
        np.clip((np.interp(days, at, edge, left=0, right=0) - frame.up[0]) * scale, 0, frame.height)
        for edge in (lower, upper)
    )

    def given(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        (left, right), bottom = frame.across, frame.up[0]
        step = (right - left) / frame.width
        return left + x0 * step, bottom + y0 / scale, left + x1 * step, bottom + y1 / scale

    if fill.hatching == "upright":
        for place in np.arange(fill.apart / 2, frame.width, fill.apart):
            i = round(2 * float(place))
            if high[i] - low[i] >= SHORTEST:
                yield given(float(x[i]), float(low[i]), float(x[i]), float(high[i]))
        return
    slope = {"level": 0.0, "rising": 1.0, "falling": -1.0}[fill.hatching]
    apart = fill.apart * (2**0.5 if slope else 1.0)
    reach = frame.width * abs(slope)
    for start in np.arange(apart / 2 - (reach if slope > 0 else 0), frame.height + (reach if slope < 0 else 0), apart):
        y = start + slope * x
        inside = np.flatnonzero((y > low) & (y < high))
        for run in np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1):
            if run.size > 1 and x[run[-1]] - x[run[0]] >= SHORTEST:
                yield given(float(x[run[0]]), float(y[run[0]]), float(x[run[-1]]), float(y[run[-1]]))


def _short(value: float) -> float:
    return float(f"{value:.5g}")
