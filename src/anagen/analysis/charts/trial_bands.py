"""A quantity over the weeks in the arms of a trial: the middle person and the band of 90 of 100 people of each arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .events_curve import HEIGHT, NEAR, Line, axes, line_layers, panel_width
from .theme import MARKS, Spec, columns_for, figure, in_rows, wrapped
from .theme import panel_width as narrow
from .thinning import needed_rows
from .weeks import short

Floats = npt.NDArray[np.float64]
TOGETHER = 3
"""With more arms than this the bands would hide each other: each gets a panel of its own."""
SHADE = 0.16


class Band(NamedTuple):
    """One arm: its number and name; weeks (rows,); 5, 50 and 95 % of the people (3, rows)."""

    arm: int
    name: str
    week: Floats
    levels: Floats


def bands_chart(bands: Sequence[Band], title: str) -> Spec:
    """All arms in one panel, or a panel for each; always on the same axes."""
    last = max(float(band.week[-1]) for band in bands)
    domain = _domain(bands)
    if len(bands) <= TOGETHER:
        layers = [layer for band in bands for layer in _area(band, last, domain, panel_width())]
        lines = [Line(band.arm, band.week, band.levels[1]) for band in bands]
        layers += line_layers(lines, last, domain, HEIGHT)
        return figure([{"width": panel_width(), "height": HEIGHT + 20, "layer": layers}], title)
    columns = columns_for(len(bands))
    width = narrow(columns)
    heads = [wrapped(f"{MARKS[band.arm].letter}: {band.name}", width, 2) for band in bands]
    tallest = max(len(head) for head in heads)
    panels = []
    for place, (band, head) in enumerate(zip(bands, heads, strict=True)):
        labelled = place % columns == 0
        panels.append(
            {
                "width": width,
                "height": 84,
                "title": {"text": [*head, *[""] * (tallest - len(head))]},
                "layer": [
                    *_area(band, last, domain, width, labelled),
                    _line(band, band.levels[1], last, domain, width, labelled, strokeWidth=2),
                ],
            }
        )
    return figure(in_rows(panels, columns), title)


def _area(band: Band, last: float, domain: Sequence[float], width: int, labelled: bool = True) -> list[Spec]:
    """The band in the colour of the arm, and its two edges as thin lines in the dashes of the arm."""
    x, y = axes(last, domain, width, labelled)
    rows = _rows(band, domain)
    values = [
        {"w": w, "lo": low, "hi": high}
        for w, low, high in zip(short(band.week[rows]), *(short(band.levels[i][rows]) for i in (0, 2)), strict=True)
    ]
    area = {
        "data": {"values": values},
        "mark": {"type": "area", "color": MARKS[band.arm].color, "opacity": SHADE},
        "encoding": {"x": x, "y": {"field": "lo", **y}, "y2": {"field": "hi"}},
    }
    edges = [_line(band, band.levels[i], last, domain, width, labelled, strokeWidth=0.7) for i in (0, 2)]
    return [area, *edges]


def _line(
    band: Band, values: Floats, last: float, domain: Sequence[float], width: int, labelled: bool, strokeWidth: float
) -> Spec:
    x, y = axes(last, domain, width, labelled)
    rows = _rows(band, domain)
    mark = MARKS[band.arm]
    points = [{"w": w, "v": v} for w, v in zip(short(band.week[rows]), short(values[rows]), strict=True)]
    stroke = {"color": mark.color, "strokeDash": list(mark.dash), "strokeWidth": strokeWidth}
    return {
        "data": {"values": points},
        "mark": {"type": "line", **stroke},
        "encoding": {"x": x, "y": {"field": "v", **y}},
    }


def _rows(band: Band, domain: Sequence[float]) -> npt.NDArray[np.intp]:
    return needed_rows(band.week, band.levels.T, NEAR * (domain[1] - domain[0]) / HEIGHT)


def _domain(bands: Sequence[Band]) -> list[float]:
    """From 0, or from near the lowest where 0 is far below, to a little above the highest."""
    high = max(float(band.levels.max()) for band in bands)
    low = min(float(band.levels.min()) for band in bands)
    room = 0.08 * (high - low) or 0.05 * abs(high) or 1.0
    start = low - room if low > 0.6 * high or low < 0 else 0.0
    return [start, high + room]
