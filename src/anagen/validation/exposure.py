"""Exposure of every simulated person in the terms of a non-compartmental analysis, as `simulation/exposure.py` for one.

Levels are those of the doses alone, without the body's own. Single levels (peak, trough) and the samples that a
half-life is read from have the error of the assay; areas and averages, means of many samples, have none.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from anagen.simulation.exposure import HALF_LIFE_WINDOW_H, last_interval
from anagen.trial.vocabulary import vocabulary
from anagen.validation.people import Simulated
from anagen.validation.quantities import LEVEL_SIGNALS
from anagen.validation.rows import Row, Side

Floats = npt.NDArray[np.float64]
STEP_H = 0.1
SINGLE_DOSE_H = 72.0
"""A peak of the metabolite comes late; after a single dose it is looked for so long."""
LONG_H = 400.0
SAMPLES = 6
"""Samples that a half-life is read from, evenly spread."""


def interval(side: Side, after: str | None) -> tuple[float, float]:
    """Start (h after the first dose) and length of what is looked at: after a single dose 72 h; the interval after the
    first dose, or after the last dose before `side.day`; else the last of the course."""
    regimen = side.arm.regimen
    assert regimen is not None
    events = regimen.events(side.arm.patient.weight_kg)
    if events.single_dose:
        return 0.0, SINGLE_DOSE_H
    if side.day is None and after != "first dose":
        return last_interval(events)
    begin = 0.0 if side.day is None else 24 * side.day
    i = int(np.searchsorted(events.time_h, begin + 1e-9, side="right")) - 1
    if i + 1 < events.time_h.size:
        return float(events.time_h[i]), float(events.time_h[i + 1] - events.time_h[i])
    return last_interval(events)


def dose_time(side: Side, after: str | None) -> float:
    """When the dose was taken from which hours are counted, h after the first."""
    regimen = side.arm.regimen
    assert regimen is not None
    events = regimen.events(side.arm.patient.weight_kg)
    if events.single_dose or after == "first dose":
        return 0.0
    return float(events.time_h[-1]) if side.day is None else interval(side, after)[0]


def assay_error(simulated: Simulated) -> float:
    """SD of the log of a measured level around the true one."""
    known = vocabulary(simulated.treatment.name).signals.values()
    return next((signal.noise for signal in known if signal.name == LEVEL_SIGNALS["parent"]), 0.0)


def exposure(simulated: Simulated, row: Row, side: Side, rng: np.random.Generator | None = None) -> Floats:
    """What a row of kind exposure measures, in ng/mL, h or ng·h/mL, `(replicates, size)`; without `rng` no error of the
    assay."""
    which = 0 if side.analyte == "parent" else 1
    name, table = side.quantity.label, row.table
    noise = assay_error(simulated)

    def read(values: Floats) -> Floats:
        return values if rng is None else values * np.exp(noise * rng.standard_normal(values.shape))

    if name == "auc_inf":
        return simulated.areas()[which]
    if name == "half_life":
        low, high = table.half_life_hours or HALF_LIFE_WINDOW_H
        hours = np.linspace(low, high, SAMPLES)
        return half_life(hours, read(simulated.levels(dose_time(side, table.after), hours)[which]))
    start, length = interval(side, table.after)
    if name == "auc_0_t":
        assert table.auc_hours is not None
        start, length = dose_time(side, table.after), table.auc_hours
    hours = times(length)
    if name == "cavg" and side.arm.single_dose:
        hours = np.linspace(0.0, 24.0, 241)
    level = simulated.levels(start, hours)[which]
    if name in ("auc_0_t", "auc_tau"):
        return np.asarray(np.trapezoid(level, hours, axis=0))
    if name == "cavg":
        return np.asarray(np.trapezoid(level, hours, axis=0) / hours[-1])
    if name == "cmin":
        return read(np.asarray(level.min(0)))
    when, height = peak(hours, level)
    if name == "cmax":
        return read(height)
    taken = simulated.events.time_h
    last = taken[np.searchsorted(taken, start + when + 1e-9, side="right") - 1]
    return np.asarray(start + when - last)


def concentrations(simulated: Simulated, row: Row, side: Side, hours: Floats) -> Floats:
    """Levels at `hours` after the row's dose, `(times, replicates, size)`."""
    which = 0 if side.analyte == "parent" else 1
    return simulated.levels(dose_time(side, row.table.after), hours)[which]


def times(length: float) -> Floats:
    """Hours from 0 to `length`, every 0.1 h; beyond 400 h, where little happens any more, 60 more.

    >>> times(1000.0)[[0, 1, 4000, -1]].round(9).tolist()
    [0.0, 0.1, 400.0, 1000.0]
    """
    short = min(length, LONG_H)
    fine = np.linspace(0.0, short, int(np.ceil(short / STEP_H - 1e-9)) + 1)
    return fine if length <= LONG_H else np.concatenate([fine, np.linspace(LONG_H, length, 61)[1:]])


def half_life(hours: Floats, level: Floats) -> Floats:
    """From the slope of the log of levels `(times, ...)`, least squares.

    >>> half_life(np.array([36.0, 66.0, 96.0]), 2.0 ** -np.array([[1.8], [3.3], [4.8]])).round(9).tolist()
    [20.0]
    """
    centred = (hours - hours.mean()).reshape(-1, *[1] * (level.ndim - 1))
    slope = (centred * np.log(np.maximum(level, 1e-300))).sum(0) / (centred**2).sum()
    return np.asarray(-np.log(2) / slope)


def peak(hours: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Time and height of the highest point of levels `(times, ...)`, by the parabola through the highest three."""
    i = np.clip(level.argmax(0), 1, hours.size - 2)

    def beside(step: int) -> Floats:
        return np.asarray(np.take_along_axis(level, (i + step)[None], 0)[0])

    left, middle, right = beside(-1), beside(0), beside(1)
    bend = left - 2 * middle + right
    inside = (middle >= left) & (middle >= right) & (bend < 0)
    shift = np.where(inside, 0.5 * (left - right) / np.where(inside, bend, -1.0), 0.0)
    highest = level.argmax(0)
    when = np.where(inside, hours[i] + shift * (hours[1] - hours[0]), hours[highest])
    return when, np.where(inside, middle - 0.25 * (left - right) * shift, level.max(0))
