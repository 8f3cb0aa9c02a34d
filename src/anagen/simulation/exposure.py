"""Exposure in the terms of a non-compartmental analysis: areas, peaks, troughs, averages and half-lives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from anagen.regimen.events import DoseEvents
from anagen.treatments.contract import Wiring

from .doses import SAME_TIME_H
from .profile import Profile, profile

Floats = npt.NDArray[np.float64]
SINGLE_DOSE_WINDOW_H = 96.0
HALF_LIFE_WINDOW_H = (36.0, 96.0)
"""The window over which the label's half-lives were read."""


def exposure_summary(wiring: Wiring, events: DoseEvents, interval: Profile | None = None) -> dict[str, float]:
    """Parent and metabolite (prefix `oxo_`) of the typical person.

    Single dose: `auc_inf_ng_h_per_ml` (exact), `half_life_h` (36 to 96 h), and the rest over 96 h, averages over 24 h.
    Otherwise over the last dosing interval: `cmax_ng_per_ml`, `tmax_h` (from the last dose), `cavg_ng_per_ml`,
    `cmin_ng_per_ml`; `interval` is the level over `last_interval`, where it is known already.
    """
    if events.time_h.size == 0:
        return {}
    if events.single_dose:
        return _single(wiring, events)
    start, hours = last_interval(events)
    levels = interval or profile(wiring, events, start, hours)
    summary: dict[str, float] = {}
    for prefix, level in (("", levels.parent), ("oxo_", levels.metabolite)):
        found = _window(levels.time_h, level)
        peak = start + found["tmax_h"]
        found["tmax_h"] = peak - float(events.time_h[events.time_h <= peak + 1e-9].max())
        summary |= {prefix + name: value for name, value in found.items()}
    return summary


def last_interval(events: DoseEvents) -> tuple[float, float]:
    """Start (h after the first dose) and length of the last dosing interval.

    Even gaps in the last course: from its last dose to when the next would come. Uneven ones: the last day, or the last
    week where there are days without a dose. Doses at one time count as one here; all at one time: the day after.
    """
    last = _moments(events.time_h[events.course == events.course[-1]])
    gaps = np.diff(last if last.size > 1 else _moments(events.time_h))
    if not gaps.size:
        return float(events.time_h[-1]), 24.0
    if np.allclose(gaps, gaps[-1]):
        return float(events.time_h[-1]), float(gaps[-1])
    hours = 24.0 if gaps[gaps.size - min(gaps.size, 7) :].max() < 24 else 168.0
    end = max(24 * events.course_days, float(events.time_h[-1]) + 1.0)
    return max(end - hours, 0.0), hours


def _moments(time_h: Floats) -> Floats:
    """The times, each once."""
    return time_h[np.diff(time_h, prepend=-np.inf) > 2 * SAME_TIME_H]


def _peak(time: Floats, level: Floats) -> tuple[float, float]:
    """Time and height of the highest point, by the parabola through the highest three."""
    i = int(level.argmax())
    if not 0 < i < level.size - 1:
        return float(time[i]), float(level[i])
    left, middle, right = level[i - 1 : i + 2]
    bend = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend else 0.0
    return float(time[i] + shift * (time[1] - time[0])), float(middle - 0.25 * (left - right) * shift)


def _window(time: Floats, level: Floats) -> dict[str, float]:
    tmax, cmax = _peak(time, level)
    return {
        "cmax_ng_per_ml": cmax,
        "tmax_h": tmax,
        "cavg_ng_per_ml": float(np.trapezoid(level, time) / (time[-1] - time[0])),
        "cmin_ng_per_ml": float(level.min()),
    }


def _single(wiring: Wiring, events: DoseEvents) -> dict[str, float]:
    levels: Profile = profile(wiring, events, float(events.time_h[0]), SINGLE_DOSE_WINDOW_H)
    exposure = wiring.exposure
    absorbed = wiring.absorption.person(0).absorbed(events.amount_mg[:1], events.formulation[:1], events.meal[:1])[0, 0]
    elimination, volume = float(exposure.elimination[0]), float(exposure.volume[0])
    area = 1e3 * float(absorbed) / (elimination * volume)
    made = float(exposure.formation[0]) * volume * area
    metabolite_area = made / (float(exposure.metabolite_rate[0]) * float(exposure.metabolite_volume[0]))
    summary: dict[str, float] = {}
    for prefix, level, auc in (("", levels.parent, area), ("oxo_", levels.metabolite, metabolite_area)):
        first_day = levels.time_h <= 24
        shown = _window(levels.time_h, level)
        shown["cavg_ng_per_ml"] = float(np.trapezoid(level[first_day], levels.time_h[first_day]) / 24)
        shown["cmin_ng_per_ml"] = float(np.interp(24.0, levels.time_h, level))
        shown = {"auc_inf_ng_h_per_ml": auc, "half_life_h": _half_life(levels.time_h, level)} | shown
        summary |= {prefix + name: value for name, value in shown.items()}
    return summary


def _half_life(time: Floats, level: Floats) -> float:
    late = (time >= HALF_LIFE_WINDOW_H[0]) & (time <= HALF_LIFE_WINDOW_H[1])
    slope = np.polyfit(time[late], np.log(level[late]), 1)[0]
    return float(-np.log(2) / slope)
