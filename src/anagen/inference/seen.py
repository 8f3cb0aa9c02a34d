"""A record and its courses as arrays of fixed shapes: what the compiled likelihood is given.

Counts are padded to one of a few sizes, tests to eight of each, so that every record runs the same compiled program.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from anagen.errors import InputError

from .chebyshev import coefficients
from .courses import Courses, Sudden
from .priors import METHODS, Priors
from .record import MOST_TESTS, Record
from .timeline import Timeline

Floats = npt.NDArray[np.float64]
SIZES = (48, 160, 480)


class Seen(NamedTuple):
    """What was seen. Counts `(counts,)`: `hairs`, `method` (index of `METHODS`), `interval` in days, `day` (the middle
    of the interval, from the record's first day), `real` (0 where padded), `looked` hairs whose ends were looked at and
    `broken` among them, `short_of` hairs and `short` among them. Then pulls, trichograms, levels, triglycerides alike;
    the last as log ratios to the mean of `triglycerides_before` visits before the first dose.

    `shed`, `exogen`, `telogen`: coefficients of the log at those days, `(*SHAPE, days)`; `sudden`, of what follows a
    pulse or a strike, `(kinds, quantities, days, coefficients)`.
    """

    hairs: Any
    method: Any
    interval: Any
    day: Any
    real: Any
    looked: Any
    broken: Any
    short_of: Any
    short: Any
    pull_hairs: Any
    pulled: Any
    pull_day: Any
    pull_real: Any
    resting: Any
    plucked: Any
    roots_day: Any
    roots_real: Any
    level: Any
    level_typical: Any
    level_real: Any
    triglycerides: Any
    triglyceride_rise: Any
    triglycerides_real: Any
    triglycerides_before: Any
    shed: Any
    exogen: Any
    telogen: Any
    sudden: Any
    priors: Any


def seen(record: Record, time: Timeline, grid: Courses, answer: Sudden, priors: Priors) -> Seen:
    """The arrays of one record."""
    counts = record.counts
    size = next(size for size in SIZES if len(counts) <= size)

    def of(values: list[float], size: int, rest: float = 0.0) -> Floats:
        return np.pad(np.array(values, float), (0, size - len(values)), constant_values=rest)

    middle = [max(count.day - record.first + 0.5 - count.interval_days / 2, 0.0) for count in counts]
    day = of(middle, size)
    pull_day = of([pull.day - record.first + 0.5 for pull in record.pulls], MOST_TESTS)
    roots_day = of([roots.day - record.first + 0.5 for roots in record.roots], MOST_TESTS)
    levels = [value for value in record.levels if time.level[int(value.day - record.first)] > 1]
    baseline = [v.value for v in record.triglycerides if record.first_dose is None or v.day < record.first_dose]
    later = [v for v in record.triglycerides if record.first_dose is not None and v.day >= record.first_dose]
    later = later if baseline else []
    usual = float(np.exp(np.mean(np.log(np.maximum(baseline, 1.0))))) if baseline else 1.0

    def at(days: Floats, table: Floats) -> Floats:
        return coefficients(np.moveaxis(_between(np.log(np.maximum(table, 1e-6)), days), 0, -1), 4)

    quantities = np.stack([answer.shed, answer.exogen, answer.telogen, answer.broken], axis=-2)
    after = coefficients(np.moveaxis(quantities, 0, 2), 2)  # (lengths, sizes, kinds, quantities, days)
    looked = [(count.club or 0) + (count.broken or 0) if count.broken is not None else 0 for count in counts]
    return Seen(
        hairs=of([count.hairs for count in counts], size),
        method=np.pad(np.array([METHODS.index(count.method) for count in counts], np.int32), (0, size - len(counts))),
        interval=of([count.interval_days if count.method != "comb" else 1.0 for count in counts], size, 1.0),
        day=day,
        real=of([1.0] * len(counts), size),
        looked=of(list(map(float, looked)), size),
        broken=of([float(count.broken or 0) for count in counts], size),
        short_of=of([float(count.hairs) if count.short is not None else 0.0 for count in counts], size),
        short=of([float(count.short or 0) for count in counts], size),
        pull_hairs=of([pull.hairs for pull in record.pulls], MOST_TESTS),
        pulled=of([pull.pulled for pull in record.pulls], MOST_TESTS, 1.0),
        pull_day=pull_day,
        pull_real=of([1.0] * len(record.pulls), MOST_TESTS),
        resting=of([roots.resting for roots in record.roots], MOST_TESTS),
        plucked=of([roots.hairs - roots.dystrophic for roots in record.roots], MOST_TESTS, 2.0),
        roots_day=roots_day,
        roots_real=of([1.0] * len(record.roots), MOST_TESTS),
        level=of([float(np.log(max(v.value, 0.5))) for v in levels], MOST_TESTS),
        level_typical=of([float(np.log(time.level[int(v.day - record.first)])) for v in levels], MOST_TESTS),
        level_real=of([1.0] * len(levels), MOST_TESTS),
        triglycerides=of([float(np.log(max(v.value, 1.0) / usual)) for v in later], MOST_TESTS),
        triglyceride_rise=of([float(time.triglyceride_rise[int(v.day - record.first)]) for v in later], MOST_TESTS),
        triglycerides_real=of([1.0] * len(later), MOST_TESTS),
        triglycerides_before=np.float64(max(len(baseline), 1)),
        shed=at(day, grid.shed_per_day),
        exogen=at(pull_day, grid.exogen_percent),
        telogen=at(roots_day, grid.telogen_percent),
        sudden=np.ascontiguousarray(np.moveaxis(after.reshape(-1, *after.shape[2:]), 0, -1)),
        priors=priors_as_numbers(priors),
    )


def with_hairs(looked_at: Seen, hairs: Floats) -> Seen:
    """The same days with other counts, `(counts,)`: for records that are imagined."""
    if hairs.size > looked_at.hairs.size:
        raise InputError(f"{hairs.size} counts", expected=f"at most {looked_at.hairs.size}")
    return looked_at._replace(hairs=np.pad(hairs.astype(float), (0, looked_at.hairs.size - hairs.size)))


def priors_as_numbers(p: Priors) -> dict[str, Any]:
    """The priors as a tree of numbers for the compiled program."""
    logs = ("anagen", "follicles", "comb", "dispersion", "susceptibility", "pulse", "pattern")
    numbers: dict[str, Any] = {name: np.array([getattr(p, name).middle, getattr(p, name).spread]) for name in logs}
    pairs = {"wash": np.array(p.wash), "day": np.array(p.day)}
    rest = {name: np.float64(getattr(p, name)) for name in ("triglyceride_gain", "exponent", "food")}
    most = {"pulse_most": np.float64(p.pulse_most), "strike_most": np.float64(p.strike[1])}
    return numbers | pairs | rest | most | {"pattern_most": np.float64(p.pattern_most)}


def _between(table: Floats, days: Floats) -> Floats:
    """Rows of a daily table at days in between, on a straight line."""
    at = np.clip(days, 0, table.shape[0] - 1)
    low = np.minimum(at.astype(int), table.shape[0] - 2)
    part = (at - low).reshape(-1, *(1,) * (table.ndim - 1))
    return np.asarray((1 - part) * table[low] + part * table[low + 1])
