"""Counts of shed hairs of one method, as arrays: the first stage of the description.

Methods are never mixed: a comb count and a wash count differ fivefold. Days are counted from `start`, the day the drug
was first taken; day 0 and later come after the start, days below 0 are the person's own baseline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from anagen.diary.entries import DoseTaken, Entry, ShedCount
from anagen.errors import InputError, nearest

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
FURTHEST_BASELINE_DAYS = 182
"""Counts from longer before the start are another time of the person's life, and not their baseline (assumed)."""
MINIMUM_H = 6.0
METHODS = ("comb", "wash-refined", "day", "wash", "wash-modified")
"""In the order in which one is chosen where two have as many counts."""
UNITS = {
    "comb": "hairs in 60 seconds",
    "wash": "hairs a day, at washes",
    "wash-refined": "hairs at a daily wash",
    "wash-modified": "hairs a day, at washes",
    "day": "hairs a day",
}


@dataclass(frozen=True, eq=False)
class Counts:
    """`hairs` (n,) counted on `day` (n,) from the start, each over `exposure` (n,): one count, or days of shedding."""

    method: str
    start: date
    day: Ints
    hairs: Floats
    exposure: Floats
    left_out: int = 0

    @property
    def unit(self) -> str:
        """What a rate, hairs over exposure, is in."""
        return UNITS[self.method]

    @property
    def week(self) -> Ints:
        """Weeks from the start: 1 is the first after it, 0 and below are before."""
        return self.day // 7 + 1

    @property
    def before(self) -> npt.NDArray[np.bool_]:
        """Which counts are the baseline."""
        return (self.day < 0) & (self.day >= -FURTHEST_BASELINE_DAYS)

    @property
    def after(self) -> npt.NDArray[np.bool_]:
        """Which counts come after the start."""
        return self.day >= 0


def first_taken(entries: Iterable[Entry]) -> date | None:
    """The day on which the drug was first taken; None where it never was."""
    return min((entry.day for entry in entries if isinstance(entry, DoseTaken) and entry.mg > 0), default=None)


def counts_of(entries: Sequence[Entry], start: date, method: str | None = None) -> Counts | None:
    """The counts of a method; of the one with most counts where none is named. None where there are no counts.

    Raises:
        InputError: an unknown method.
    """
    if method is not None and method not in METHODS:
        raise InputError(
            f"unknown way of counting: '{method}'", expected=", ".join(METHODS), nearest=nearest(method, METHODS)
        )
    found = [entry for entry in entries if isinstance(entry, ShedCount)]
    known = [(entry, exposure) for entry in found if (exposure := _exposure(entry)) is not None]
    numbers = {name: sum(entry.method == name for entry, _ in known) for name in METHODS}
    chosen = method or max(METHODS, key=lambda name: numbers[name])
    mine = sum(entry.method == chosen for entry in found)
    usable = [(entry, exposure) for entry, exposure in known if entry.method == chosen]
    if not usable:
        return None
    return Counts(
        method=chosen,
        start=start,
        day=np.array([(entry.day - start).days for entry, _ in usable], np.int64),
        hairs=np.array([entry.hairs for entry, _ in usable], float),
        exposure=np.array([exposure for _, exposure in usable], float),
        left_out=mine - len(usable),
    )


def _exposure(entry: ShedCount) -> float | None:
    """One for a count by rule; days of shedding where it collects them; None where that was not said."""
    if entry.protocol == "not-kept":
        return None
    if entry.method in ("comb", "wash-refined"):
        return 1.0
    if entry.interval_h is None:
        return 1.0 if entry.method == "day" else None
    return entry.interval_h / 24 if entry.interval_h >= MINIMUM_H else None
