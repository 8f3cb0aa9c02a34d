"""Endpoints: one number for each person of an arm, read off the weekly series of a tile.

The statistics are those of a simulation's outcomes (simulation/outcomes.py) and those a trial adds. Who leaves the
trial is seen only until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from anagen.errors import InputError, nearest
from anagen.simulation.outcomes import End

from .plan import Endpoint, Trial
from .statistics_of_series import DAYS_OF_WEEK, STATISTICS

Floats = npt.NDArray[np.float64]
AfterLeaving = Literal["last", "left-out", "as-if-seen"]
NET_BENEFIT = "net_benefit"
"""Name and statistic of the endpoint that adds up others, each times its weight, person by person."""


class Leaving(Protocol):
    """Who left, `(people,)`, and in which week: `Status` has it."""

    @property
    def left(self) -> npt.NDArray[np.bool_]: ...
    @property
    def left_week(self) -> npt.NDArray[Any]: ...


def endpoints_of(trial: Trial) -> tuple[Endpoint, ...]:
    """The endpoints of a trial in the order of the file; the net benefit last, where there is one."""
    benefit = trial.net_benefit
    if benefit is None:
        return trial.endpoints
    table = {"statistic": NET_BENEFIT, "weights": benefit.weights}
    return (*trial.endpoints, Endpoint(NET_BENEFIT, benefit.title, benefit.unit, table, "number"))


def person_endpoints(
    endpoints: Sequence[Endpoint],
    series: Mapping[str, npt.NDArray[Any]],
    days: Floats,
    course_days: End,
    status: Leaving | None,
    after_leaving: AfterLeaving = "last",
    first: Mapping[str, npt.NDArray[Any]] | None = None,
    applies: Mapping[str, npt.NDArray[np.bool_]] | None = None,
) -> Floats:
    """Every endpoint of every person of an arm, `(endpoints, people)`, float64.

    A number or share is NaN where it is left out or has no value (a change from 0). A time is a week, infinite where
    it did not come while the person was seen; whether the person was seen to the end is for who counts times to know.

    Args:
        endpoints: what to read; a net benefit adds up others of the list.
        series: `(rows, people)` by name; row 0 is the state before the first dose.
        days: `(rows,)`, the day of each row.
        course_days: end of the course, for what is read there: of all people, or of each, `(people,)`.
        status: who left and when, as after the last visit; None where nobody can leave.
        after_leaving: "last" holds the last row seen, "left-out" leaves out who left, "as-if-seen" reads on.
        first: values before the first dose that stand for row 0 of a series, `(people,)` by name.
        applies: what a table may need (`needs = "dermatitis"`) -> who has it, `(people,)`; NaN for the others.

    Raises:
        InputError: an unknown statistic, series, or endpoint to weigh; a week after the last row.
    """
    days = np.asarray(days, dtype=float)
    left_week = left_weeks(status)
    seen = _Seen(series, days, left_week if after_leaving == "last" else None, first or {})
    people = next(iter(series.values())).shape[-1]
    found = np.empty((len(endpoints), people))
    for row, endpoint in zip(found, endpoints, strict=True):
        if endpoint.table["statistic"] == NET_BENEFIT:
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            row[:] = _one(endpoint.table, seen, days, course_days)
        if endpoint.kind == "time":
            if after_leaving == "left-out" and left_week is not None:
                row[row > left_week] = np.inf
        else:
            row[~np.isfinite(row)] = np.nan
            if after_leaving == "left-out" and left_week is not None:
                row[left_week * DAYS_OF_WEEK < days[-1]] = np.nan
        who = (applies or {}).get(endpoint.table.get("needs", ""))
        if who is not None:
            row[~who] = np.nan
    for row, endpoint in zip(found, endpoints, strict=True):
        if endpoint.table["statistic"] == NET_BENEFIT:
            row[:] = _weighed(endpoint, endpoints, found)
    return found


def left_weeks(status: Leaving | None) -> Floats | None:
    """The week in which each person left, infinite for who did not; None where nobody did."""
    if status is None or not np.any(status.left):
        return None
    return np.where(status.left, np.asarray(status.left_week, dtype=float), np.inf)


def _one(table: Mapping[str, Any], series: Mapping[str, Floats], days: Floats, course_days: End) -> Floats:
    statistic = table["statistic"]
    if statistic not in STATISTICS:
        close = nearest(statistic, tuple(STATISTICS))
        raise InputError(f"unknown statistic: '{statistic}'", expected=", ".join(STATISTICS), nearest=close)
    return np.asarray(STATISTICS[statistic](series, days, course_days, table), dtype=float)


def _weighed(benefit: Endpoint, endpoints: Sequence[Endpoint], found: Floats) -> Floats:
    """The net benefit of each person; NaN where a part of it is missing."""
    place = {e.name: i for i, e in enumerate(endpoints) if e.kind != "time" and e is not benefit}
    total = np.zeros(found.shape[1])
    for name, weight in benefit.table["weights"].items():
        if name not in place:
            message = f"net benefit of '{name}', which is not an endpoint with a number or a share"
            raise InputError(message, expected=", ".join(place), nearest=nearest(name, tuple(place)))
        total += weight * found[place[name]]
    return total


class _Seen(Mapping[str, Floats]):
    """The series as far as they were seen, each made when it is first asked for.

    They keep their precision: statistics that add up rows multiply by days, which are float64.
    """

    def __init__(
        self,
        series: Mapping[str, npt.NDArray[Any]],
        days: Floats,
        left_week: Floats | None,
        first: Mapping[str, npt.NDArray[Any]],
    ) -> None:
        self._series, self._first = series, first
        self._made: dict[str, Floats] = {}
        self._who = np.zeros(0, np.intp)
        if left_week is not None:
            last = np.searchsorted(days, left_week * DAYS_OF_WEEK, side="right") - 1
            self._who = np.flatnonzero(last < len(days) - 1)
            self._rows = np.minimum(np.arange(len(days))[:, None], np.maximum(last[self._who], 0))

    def __getitem__(self, name: str) -> Floats:
        if name not in self._made:
            if name not in self._series:
                choices = tuple(self._series)
                raise InputError(
                    f"unknown series: '{name}'", expected=", ".join(choices), nearest=nearest(name, choices)
                )
            values = np.asarray(self._series[name])
            if name in self._first or self._who.size:
                values = values.copy()
            if name in self._first:
                values[0] = self._first[name]
            if self._who.size:
                values[:, self._who] = values[self._rows, self._who]
            self._made[name] = values
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._series)

    def __len__(self) -> int:
        return len(self._series)
