"""The level hour by hour at the end of the course, of the typical person: one line for each regimen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from anagen.simulation.result import Simulation

from .theme import AXIS, MARKS, WIDTH, Spec, figure
from .weeks import short

Floats = npt.NDArray[np.float64]
ROWS = 160


def hours_chart(arms: Sequence[Simulation]) -> Spec | None:
    """Isotretinoin above, its metabolite below; a dosing interval shorter than the window is drawn again and again.

    None where no arm has a level.
    """
    drawn = [(i, arm, arm.within_day) for i, arm in enumerate(arms) if arm.within_day is not None]
    if not drawn:
        return None
    hours = max(float(profile.time_h[-1]) for _, _, profile in drawn)
    grid = np.linspace(0, hours, ROWS)
    panels = []
    for attribute, title in (("parent", "Isotretinoin, ng/mL"), ("metabolite", "4-oxo-isotretinoin, ng/mL")):
        layers = []
        for i, arm, profile in drawn:
            level = np.interp(
                _repeated(grid, arm, float(profile.time_h[-1])), profile.time_h, getattr(profile, attribute)
            )
            place = int(level.argmax()) if attribute == "parent" else (2 * i + 1) * ROWS // (2 * len(arms))
            layers += _line(i, grid, level, place)
        panels.append(
            {
                "width": WIDTH - AXIS - 8,
                "height": 110,
                "title": {"text": title, "fontWeight": "normal"},
                "layer": layers,
            }
        )
    return figure(panels, "Level of the typical person, hour by hour")


def _repeated(grid: Floats, arm: Simulation, window: float) -> Floats:
    """Hours inside the arm's own window; a single dose is not repeated."""
    single = arm.regimen is not None and "auc_inf_ng_h_per_ml" in arm.exposure
    return np.asarray(np.minimum(grid, window) if single else np.where(grid < window, grid, grid % window))


def _line(i: int, grid: Floats, level: Floats, place: int) -> list[Spec]:
    mark = MARKS[i]
    x = {
        "field": "h",
        "type": "quantitative",
        "scale": {"domain": [0, float(grid[-1])], "nice": False},
        "axis": {"title": "hours", "grid": False, "labelFlush": True, "tickCount": 6},
    }
    y = {
        "field": "v",
        "type": "quantitative",
        "axis": {"title": None, "tickCount": 4, "minExtent": AXIS, "maxExtent": AXIS},
    }
    rows = [{"h": h, "v": v} for h, v in zip(short(grid), short(level), strict=True)]
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "line", "color": mark.color, "strokeDash": list(mark.dash), "strokeWidth": 2},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": [rows[place]]},
            "mark": {"type": "text", "text": mark.letter, "color": mark.color, "fontWeight": "bold", "dy": -8},
            "encoding": {"x": x, "y": y},
        },
    ]
