"""Outcomes: one number for each person, read off the weekly series; then what a group shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .effluvium import effluvium

Floats = npt.NDArray[np.float64]
LEVELS = (0.05, 0.5, 0.95)

KINDS = {"telogen_effluvium", "anagen_effluvium"}
PROBABILITIES = {
    "at_most_at_course_end",
    "ever_above",
    "ever_above_start",
    "event_by_end",
    "largest_probability",
    *KINDS,
}
"""Statistics whose outcome is a probability: in one person 0 or 1, or the chance itself."""


def _change(values: Floats, start: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100 * (values / start - 1))


End = float | Floats
"""The last day of the course: of all people, or of each, `(people,)`."""


def course_end(days: Floats, course_days: End) -> Any:
    """Row of the last day inside the course, but not the first row: a course of a day is read after a week."""
    return np.maximum(1, np.searchsorted(days, course_days, side="right") - 1)


def _at_end(x: Floats, days: Floats, course_days: End) -> Floats:
    """The value of each person at the end of the course; `x` is `(rows, people)`."""
    row = np.broadcast_to(course_end(days, course_days), x.shape[1:])
    return np.asarray(np.take_along_axis(x, row[None], 0)[0])


WHOLE_DAYS = 14
"""Means over so many days hold whole dosing intervals of every other day, of some days a week, and of once a week."""


def _before_end(x: Floats, days: Floats, course_days: End) -> Floats:
    """Mean of the last `WHOLE_DAYS` of the course; rows of `x`, `(rows, people)`, are means since the row before."""
    end = course_end(days, course_days)
    first = np.maximum(1, np.minimum(np.searchsorted(days, days[end] - WHOLE_DAYS, side="right"), end))
    row = np.arange(len(days))[:, None]
    return np.asarray(np.mean(x, 0, where=(first <= row) & (row <= end)))


Statistic = Callable[[Mapping[str, Floats], Floats, End, Mapping[str, Any]], Floats]


def _of(read: Callable[[Floats, Floats, End, Mapping[str, Any]], Any]) -> Statistic:
    """A statistic of the one series that the table names."""
    return lambda series, days, end, table: np.asarray(read(series[table["series"]], days, end, table), dtype=float)


STATISTICS: dict[str, Statistic] = {
    "highest": _of(lambda x, days, end, table: x.max(0)),
    "at_course_end": _of(lambda x, days, end, table: _at_end(x, days, end)),
    "mean_before_course_end": _of(lambda x, days, end, table: _before_end(x, days, end)),
    "change_at_course_end": _of(lambda x, days, end, table: _change(_at_end(x, days, end), x[0])),
    "change_at_end": _of(lambda x, days, end, table: _change(x[-1], x[0])),
    "highest_change": _of(lambda x, days, end, table: _change(x.max(0), x[0])),
    "lowest_change": _of(lambda x, days, end, table: _change(x.min(0), x[0])),
    "day_of_highest": _of(lambda x, days, end, table: days[x.argmax(0)]),
    "sum_over_start": _of(lambda x, days, end, table: np.trapezoid(x - x[0], days, axis=0)),
    "ever_above": _of(lambda x, days, end, table: (x > table["limit"]).any(0)),
    "ever_above_start": _of(lambda x, days, end, table: (x > table["limit"] * x[0]).any(0)),
    "at_most_at_course_end": _of(lambda x, days, end, table: _at_end(x, days, end) <= table["limit"]),
    "event_by_end": _of(lambda x, days, end, table: -np.expm1(-x[-1])),
    "largest_probability": _of(lambda x, days, end, table: x.max(0)),
    "telogen_effluvium": lambda series, days, end, table: effluvium(series, days) == "telogen",
    "anagen_effluvium": lambda series, days, end, table: effluvium(series, days) == "anagen",
}
"""Name -> (series, each (rows, people); days (rows,); last day of the course; the outcome's table) -> (people,)."""


def person_outcome(table: Mapping[str, Any], series: Mapping[str, Floats], days: Floats, course_days: End) -> Floats:
    """One outcome of every person, `(people,)`; `table` is its entry in the treatment's `outcomes.toml`."""
    return np.asarray(STATISTICS[table["statistic"]](series, days, course_days, table), dtype=float)


def bands(people: Floats) -> Floats:
    """5th, 50th and 95th percentile of each row of `(rows, people)`, `(3, rows)`.

    Sorted first, for which NumPy uses the processor's wide instructions; its search for several percentiles takes
    twice as long.
    """
    return np.asarray(np.quantile(np.sort(people, axis=1), LEVELS, axis=1, overwrite_input=True))


def summarise(values: Floats, table: Mapping[str, Any]) -> dict[str, Any]:
    """What a group of people shows: a probability, or a unit with the 5th, 50th and 95th percentile."""
    if table["statistic"] in PROBABILITIES:
        return {"probability": float(values.mean())}
    low, middle, high = np.quantile(values, LEVELS)
    return {"unit": table["unit"], "p05": float(low), "p50": float(middle), "p95": float(high)}
