"""Statistics that an endpoint of a trial may name: those of a simulation's outcomes, and those a trial adds.

Each reads one number for each person off the weekly series; arguments and result as in simulation/outcomes.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.errors import InputError
from anagen.simulation.outcomes import PROBABILITIES, End, Statistic
from anagen.simulation.outcomes import STATISTICS as OF_ONE_RUN

from .plan import Kind

Floats = npt.NDArray[np.float64]
DAYS_OF_WEEK = 7


def row_of_week(days: Floats, week: float) -> int:
    """The last row that is not after the end of a week.

    Raises:
        InputError: the rows end before it.
    """
    row = int(np.searchsorted(days, DAYS_OF_WEEK * week, side="right")) - 1
    if not 0 <= row < len(days) or days[-1] < DAYS_OF_WEEK * week:
        weeks = days[-1] / DAYS_OF_WEEK
        raise InputError(f"an endpoint at week {week:g}", expected=f"a week from 0 to {weeks:g}, the time followed")
    return row


def _at_week(series: Mapping[str, Floats], days: Floats, end: End, table: Mapping[str, Any]) -> Floats:
    return series[table["series"]][row_of_week(days, table["week"])]


def _change_at_week(series: Mapping[str, Floats], days: Floats, end: End, table: Mapping[str, Any]) -> Floats:
    start = series[table["series"]][0]
    return 100 * (_at_week(series, days, end, table) / start - 1)


def _first(met: npt.NDArray[np.bool_], days: Floats) -> Floats:
    """Week of the first row where it is met, infinite where it never is."""
    return np.where(met.any(0), days[met.argmax(0)] / DAYS_OF_WEEK, np.inf)


def _first_above(series: Mapping[str, Floats], days: Floats, end: End, table: Mapping[str, Any]) -> Floats:
    return _first(series[table["series"]] > table["limit"], days)


def _first_below(series: Mapping[str, Floats], days: Floats, end: End, table: Mapping[str, Any]) -> Floats:
    return _first(series[table["series"]] < table["limit"], days)


def _first_above_start(series: Mapping[str, Floats], days: Floats, end: End, table: Mapping[str, Any]) -> Floats:
    values = series[table["series"]]
    return _first(values > table["limit"] * values[0], days)


def _area_over_start(series: Mapping[str, Floats], days: Floats, end: End, table: Mapping[str, Any]) -> Floats:
    values = series[table["series"]]
    return np.asarray(np.trapezoid(np.maximum(values - values[0], 0), days, axis=0))


TIMES = {"first_above": _first_above, "first_below": _first_below, "first_above_start": _first_above_start}
"""Week of the first weekly row beyond `limit` (for the last: `limit` times the own start); the rows are not joined."""

STATISTICS: dict[str, Statistic] = {
    **OF_ONE_RUN,
    "at_week": _at_week,
    "change_at_week": _change_at_week,
    **TIMES,
    "area_over_start": _area_over_start,
}
"""Every statistic that an endpoint may name; arguments and result as in simulation/outcomes.py."""

NEEDS: Mapping[str, str] = {
    "at_week": "week",
    "change_at_week": "week",
    **dict.fromkeys((*TIMES, "ever_above", "ever_above_start", "at_most_at_course_end"), "limit"),
}
"""The argument, besides `series`, without which a statistic cannot be read."""


def kind_of(statistic: str) -> Kind:
    """What an endpoint of this statistic is: a number, a share (0 to 1), or the time until something happens.

    >>> kind_of("first_above"), kind_of("ever_above"), kind_of("at_week")
    ('time', 'share', 'number')
    """
    return "time" if statistic in TIMES else "share" if statistic in PROBABILITIES else "number"
