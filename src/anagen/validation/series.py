"""What rows read off weekly series, person by person: values before and after with error of measurement, who is above a
limit, who complains, when shedding comes and how long it lasts. All `(replicates, size)`.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from anagen.validation.instruments import HAIR_LOSS, hair_loss
from anagen.validation.people import Course
from anagen.validation.quantities import HAIR, Quantity
from anagen.validation.rows import Row, Side
from anagen.validation.schema import BaselineTable
from anagen.validation.units import RELATIVE, normalised, of_series

Floats = npt.NDArray[np.float64]
TIMES_USUAL, FOLLOW_UP_WEEKS = 1.5, 52.0
"""Of rows of kind timing, where nothing else is said."""


def signals_of(row: Row) -> tuple[str, ...]:
    """The engine's signals that a row needs; none for levels by the hour."""
    if row.kind in ("exposure", "concentration"):
        return ()
    if row.kind == "timing":
        return (HAIR[(row.table.of or "shedding").casefold()],)
    return tuple({side.quantity.signal for side in (row.first, row.second) if side})


def last_day(row: Row, side: Side) -> float:
    """The last day that a row needs of a side's arm."""
    if row.kind == "timing":
        first = min((event.day for event in side.arm.patient.events), default=0)
        return first + 7 * (row.table.follow_up_weeks or FOLLOW_UP_WEEKS)
    if row.table.visits:
        return 7 * max(row.table.visits)
    return side.day or 0.0


def before_and_on(course: Course, row: Row, side: Side, day: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Measured values on a `day` and before the first dose."""
    quantity = side.quantity
    now, before = course.at(quantity.signal, day), start(course, quantity)
    if row.table.baseline is not None:
        now, before = on_baseline(now, before, row.table.baseline, _factor(row, quantity), rng)
    if row.instrument is not None and row.instrument.gain != (1.0, 1.0):
        gain = rng.uniform(*row.instrument.gain, size=(now.shape[0], 1))
        now = before * (1 - gain * (1 - now / before))
    now, before = _read(now, quantity, rng), _read(before, quantity, rng)
    return (100 - now, 100 - before) if quantity.rest else (now, before)


def start(course: Course, quantity: Quantity) -> Floats:
    """Values before the first dose; 1 for what is a share of the person's own, which a supplement raises at once."""
    values = course.at(quantity.signal, 0.0)
    return np.ones_like(values) if quantity.relative else values


def _factor(row: Row, quantity: Quantity) -> float:
    """From the unit in which a baseline is said to the unit inside."""
    unit = normalised(row.table.limit_unit or row.unit)
    if quantity.relative or unit in RELATIVE:
        return 1.0
    return of_series(unit, quantity.unit, row.table.molar_mass)


def on_baseline(
    now: Floats, before: Floats, baseline: BaselineTable, factor: float, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """The same changes in people whose values before are lognormal with the mean and SD of the study."""
    variance = math.log1p((baseline.sd / baseline.mean) ** 2)
    middle = math.log(baseline.mean * factor) - variance / 2
    own = np.exp(middle + math.sqrt(variance) * rng.standard_normal(now.shape))
    return own * now / before, own


def _read(values: Floats, quantity: Quantity, rng: np.random.Generator) -> Floats:
    """Values as measured."""
    if quantity.noise:
        values = values * np.exp(quantity.noise * rng.standard_normal(values.shape))
    if quantity.counted:
        values = rng.poisson(values).astype(float)
    return np.minimum(values, 100.0) if quantity.unit.startswith("%") else values


def beyond_limit(course: Course, row: Row, side: Side, rng: np.random.Generator) -> Floats:
    """1 for who is measured beyond the limit at the week or at any visit, else 0; NaN for who does not count."""
    table, quantity = row.table, side.quantity
    days = [7 * week for week in table.visits] if table.visits else [side.day or 0.0]
    factor = _factor(row, quantity) if table.limit is not None else 1.0
    if table.limit is not None:
        unit = normalised(table.limit_unit or "")
        limit = table.limit * (RELATIVE.get(unit, 1.0) if quantity.relative else factor)
    else:
        limit = (table.limit_uln or 1.0) * (quantity.upper_limit or math.nan)
    before = start(course, quantity)
    own = before
    if table.baseline is not None:
        _, own = on_baseline(before, before, table.baseline, factor, rng)

    def beyond(values: Floats) -> npt.NDArray[np.bool_]:
        read = _read(values, quantity, rng)
        return np.asarray(read > limit if table.side == "above" else read < limit)

    at_first = beyond(own)
    found = np.zeros(before.shape, bool)
    for day in days:
        found |= beyond(own * course.at(quantity.signal, day) / before)
    counted = found.astype(float)
    return np.where(at_first, np.nan, counted) if table.among == "normal before" else counted


def complaint(course: Course, row: Row, side: Side) -> Floats:
    """The chance that a person has the complaint, without a background: 0 or 1 for hair loss."""
    day, table = side.day or 0.0, row.table
    values = course.series[side.quantity.signal]
    rows = course.days <= day + 1e-9
    if side.quantity.label == HAIR_LOSS:
        usual = (table.times_usual or hair_loss().times_usual) * values[0]
        if table.when == "at":
            return np.asarray((course.at(side.quantity.signal, day) > usual).astype(float))
        return np.asarray((values[rows] > usual).any(0).astype(float))
    if table.when == "by":
        return np.maximum(values[rows].max(0), course.at(side.quantity.signal, day))
    return course.at(side.quantity.signal, day)


def timing(course: Course, row: Row, side: Side) -> Floats:
    """Hours from the event (or the first dose) to the onset or the peak, or hours above; NaN where it never comes."""
    table = row.table
    (signal,) = signals_of(row)
    start = float(min((event.day for event in side.arm.patient.events), default=0))
    end = start + 7 * (table.follow_up_weeks or FOLLOW_UP_WEEKS)
    kept = (course.days >= start - 1e-9) & (course.days <= end + 1e-9)
    days = course.days[kept] - start
    values = course.series[signal]
    values = 100 - values if (table.of or "").casefold() == "anagen" else values
    over = values[kept] / values[0] - (table.times_usual or TIMES_USUAL)
    ever = (over > 0).any(0)
    if side.quantity.label == "peak":
        found = days[over.argmax(0)]
    else:
        found = first_above(days, over) if side.quantity.label == "onset" else time_above(days, over)
    return np.where(ever, 24 * found, np.nan)


def first_above(days: Floats, over: Floats) -> Floats:
    """Day on which `over` (rows, ...) first rises above 0, in straight lines between rows; inf where never.

    >>> first_above(np.array([0.0, 7.0, 14.0]), np.array([[-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]])).tolist()
    [3.5, 0.0]
    """
    above = over > 0
    i = above.argmax(0)
    last = np.take_along_axis(over, i[None], 0)[0]
    before = np.take_along_axis(over, np.maximum(i - 1, 0)[None], 0)[0]
    step = np.where(i > 0, last - before, 1.0)
    at = np.where(i > 0, days[np.maximum(i - 1, 0)] + (days[i] - days[np.maximum(i - 1, 0)]) * -before / step, days[0])
    return np.where(above.any(0), at, np.inf)


def time_above(days: Floats, over: Floats) -> Floats:
    """Days on which `over` (rows, ...) is above 0, in straight lines between rows.

    >>> time_above(np.array([0.0, 7.0, 14.0]), np.array([[-1.0], [1.0], [-1.0]])).tolist()
    [7.0]
    """
    left, right = over[:-1], over[1:]
    high, low = np.maximum(left, right), np.minimum(left, right)
    share = np.where(low > 0, 1.0, np.where(high <= 0, 0.0, high / np.where(high > low, high - low, 1.0)))
    return np.asarray((share * np.diff(days).reshape(-1, *[1] * (over.ndim - 1))).sum(0))
