"""When something happens: 50 dots, each one of 50 equally likely weeks (a quantile dot plot); a row for each regimen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .theme import AXIS, INK, MARKS, WIDTH, Spec, figure, week_ticks

DOTS = 50
FEWEST = 25
"""With fewer people than this, 50 dots would show a precision that is not there."""


def quantile_weeks(weeks: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The 50 weeks that stand for `weeks`: its quantiles at 1, 3, ... 99 %.

    >>> quantile_weeks(np.arange(1, 101.0))[[0, 24, 49]]
    array([ 1.99, 49.51, 99.01])
    """
    return np.asarray(np.quantile(weeks, (np.arange(DOTS) + 0.5) / DOTS))


def dots_chart(rows: Sequence[tuple[int, str, npt.NDArray[np.float64], float]], last_week: float, title: str) -> Spec:
    """`rows` of (number of the regimen, heading, weeks of the people, weeks of the course)."""
    width = WIDTH - 16
    step = max(1.0, round(last_week / 26))
    size = min(9.0, width * step / last_week - 1)
    panels = []
    for i, heading, weeks, course_weeks in rows:
        bins = np.round(quantile_weeks(weeks) / step) * step
        values = []
        for week in np.unique(bins):
            count = int((bins == week).sum())
            values += [{"w": float(week), "n": n + 0.5} for n in range(count)]
        tallest = max(int((bins == week).sum()) for week in np.unique(bins))
        x = {
            "field": "w",
            "type": "quantitative",
            "scale": {"domain": [0, last_week], "nice": False},
            "axis": {"values": week_ticks(last_week, width), "grid": False, "title": "week", "labelFlush": True, "format": "d"},
        }
        y = {"field": "n", "type": "quantitative", "axis": None, "scale": {"domain": [0, tallest], "nice": False}}
        mark = MARKS[i]
        layers: list[Spec] = [
            {
                "data": {"values": values},
                "mark": {"type": "point", "shape": "circle", "filled": True, "color": mark.color, "size": 0.785 * size**2, "opacity": 1},
                "encoding": {"x": x, "y": y},
            }
        ]
        if 0 < course_weeks < last_week:
            layers.append(
                {
                    "data": {"values": [{"w": course_weeks}]},
                    "mark": {"type": "rule", "color": INK, "strokeDash": [2, 2]},
                    "encoding": {"x": x},
                }
            )
        panels.append(
            {"width": width, "height": tallest * (size + 0.5), "title": {"text": heading}, "layer": layers}
        )
    return figure(panels, title, spacing=AXIS // 4)
