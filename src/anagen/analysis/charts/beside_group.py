"""What a person measured beside a group of simulated people: the group's band over the weeks, the person's values."""

from __future__ import annotations

from collections.abc import Sequence

from .shed_counts import HEIGHT, PANEL, axes
from .theme import BAND, MIDDLE, PATHS, TYPICAL, Spec, figure

Levels = tuple[float, float, float]
"""5, 50 and 95 % of the people."""


def beside_group_chart(
    weeks: Sequence[float],
    bands: Sequence[Levels],
    own: Sequence[tuple[float, float, float, float]],
    title: str,
) -> Spec:
    """The figure.

    Args:
        weeks: of the group, from the first dose.
        bands: of the group, one for each week.
        own: week, value and its interval (the value itself where it has none) of the person.
        title: what is drawn, and in what unit.
    """
    top = 1.08 * max([band[2] for band in bands] + [high for _, _, _, high in own])
    span = [0.0, max(weeks[-1], *(week for week, *_ in own), 1.0) if own else weeks[-1]]
    x, y = axes(span, [0.0, top])
    rows = [{"w": week, "lo": low, "m": mid, "hi": high} for week, (low, mid, high) in zip(weeks, bands, strict=True)]
    area = {"x": x, "y": {**y, "field": "lo"}, "y2": {"field": "hi"}}
    layers: list[Spec] = [{"data": {"values": rows}, "mark": {"type": "area", "color": BAND}, "encoding": area}]
    for edge, color, width in (("lo", PATHS, 0.7), ("hi", PATHS, 0.7), ("m", MIDDLE, 2)):
        mark = {"type": "line", "color": color, "strokeWidth": width}
        layers.append({"data": {"values": rows}, "mark": mark, "encoding": {"x": x, "y": {**y, "field": edge}}})
    mine = [{"w": week, "v": value, "lo": low, "hi": high} for week, value, low, high in own]
    if mine:
        bars = {"x": x, "y": {**y, "field": "lo"}, "y2": {"field": "hi"}}
        point = {"type": "point", "shape": "diamond", "filled": True, "color": TYPICAL, "size": 46, "opacity": 1}
        layers.append({"data": {"values": mine}, "mark": {"type": "rule", "color": TYPICAL}, "encoding": bars})
        layers.append({"data": {"values": mine}, "mark": point, "encoding": {"x": x, "y": {**y, "field": "v"}}})
    return figure([{"width": PANEL, "height": HEIGHT, "layer": layers}], title)
