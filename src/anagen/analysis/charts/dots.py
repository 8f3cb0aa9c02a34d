"""When something happens: 50 dots for 50 equally likely weeks (a quantile dot plot); a row for each regimen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .theme import INK, MARKS, WIDTH, Spec, figure, week_axis

DOTS = 50
TALLEST = 100
"""Height in px of the tallest stack."""
FEWEST = 25
"""With fewer people than this, 50 dots would show a precision that is not there."""


def quantile_weeks(weeks: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The 50 weeks that stand for `weeks`: its quantiles at 1, 3, ... 99 %.

    >>> quantile_weeks(np.arange(1, 101.0))[[0, 24, 49]]
    array([ 1.99, 49.51, 99.01])
    """
    return np.asarray(np.quantile(weeks, (np.arange(DOTS) + 0.5) / DOTS))


def dots_chart(rows: Sequence[tuple[int, str, npt.NDArray[np.float64], float]], last_week: float, title: str) -> Spec:
    """`rows` of (number of the regimen, heading, weeks of the people, weeks of the course).

    Time ends at `last_week`, or soon after the last dot and the course.
    """
    drawn = [quantile_weeks(weeks) for _, _, weeks, _ in rows]
    ends = [*(float(dots[-1]) for dots in drawn), *(course for *_, course in rows if course < last_week)]
    end = min(last_week, float(np.ceil(max(ends))) + 3)
    step = max(1, round(end / 40))
    stacks = [np.unique(np.round(dots / step) * step, return_counts=True) for dots in drawn]
    tallest = max(int(counts.max()) for _, counts in stacks)
    width = WIDTH - 16
    size = min(width * step / end - 1, TALLEST / tallest - 0.5)
    panels = []
    for (i, heading, _, course_weeks), (bins, counts) in zip(rows, stacks, strict=True):
        values = [
            {"w": float(week), "n": n + 0.5} for week, count in zip(bins, counts, strict=True) for n in range(count)
        ]
        top = int(counts.max())
        x = {
            "field": "w",
            "type": "quantitative",
            "scale": {"domain": [0, end], "nice": False},
            "axis": week_axis(end, width),
        }
        y = {"field": "n", "type": "quantitative", "axis": None, "scale": {"domain": [0, top], "nice": False}}
        dot = {"type": "point", "shape": "circle", "filled": True, "size": 0.785 * size**2, "opacity": 1}
        layers: list[Spec] = [
            {
                "data": {"values": values},
                "mark": {**dot, "color": MARKS[i].color},
                "encoding": {"x": x, "y": y},
            }
        ]
        if 0 < course_weeks < end:
            layers.append(
                {
                    "data": {"values": [{"w": course_weeks}]},
                    "mark": {"type": "rule", "color": INK, "strokeDash": [2, 2]},
                    "encoding": {"x": x},
                }
            )
        panels.append(
            {"width": width, "height": max(24.0, top * (size + 0.5)), "title": {"text": heading}, "layer": layers}
        )
    return figure(panels, title, spacing=10)
