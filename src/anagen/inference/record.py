"""The record that a fit reads, as plain columns: what was counted, taken and noted, on which day. First in the flow.

Days are whole days from any origin of the caller's; the fit counts from its own first day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from anagen.errors import InputError, PregnancyStop, nearest

Method = Literal["comb", "wash", "day"]
TRIGGERS = (
    *("fever", "infection", "surgery", "crash-diet", "weight-loss", "birth", "stress", "bleeding", "new-drug"),
    "drug-stopped",
)
"""Kinds of events that are published as triggers of telogen effluvium."""
MOST_COUNTS, MOST_TESTS = 480, 8
LONGEST_DAYS = 5 * 364


@dataclass(frozen=True, slots=True)
class Count:
    """`hairs` counted on `day` by a `method`; `interval_days` of shedding that went into it (wash, day; comb: 1).

    Of the hairs whose ends were looked at: `club` roots, and `broken` (tapered or broken); `short`, of all, under 3 cm.

    >>> Count(0, 12, "comb").interval_days
    1.0
    """

    day: float
    hairs: int
    method: Method
    interval_days: float = 1.0
    club: int | None = None
    broken: int | None = None
    short: int | None = None

    def __post_init__(self) -> None:
        if self.method not in get_args(Method):
            raise InputError(
                f"unknown method: '{self.method}'",
                expected=", ".join(get_args(Method)),
                nearest=nearest(str(self.method), get_args(Method)),
            )
        _within("hairs", self.hairs, 0, 100_000)
        _within("interval in days", self.interval_days, 0.01, 60)
        for name in ("club", "broken", "short"):
            if (part := getattr(self, name)) is not None:
                _within(name, part, 0, self.hairs)
        if (self.club or 0) + (self.broken or 0) > self.hairs:
            raise InputError(
                f"{self.club} clubs and {self.broken} broken hairs of {self.hairs}",
                expected="no more than were counted",
            )


@dataclass(frozen=True, slots=True)
class Pull:
    """`hairs` that came out of `pulled` on `day`."""

    day: float
    hairs: int
    pulled: int = 55

    def __post_init__(self) -> None:
        _within("hairs pulled", self.pulled, 1, 200)
        _within("hairs that came out", self.hairs, 0, self.pulled)


@dataclass(frozen=True, slots=True)
class Roots:
    """A trichogram on `day`: of `hairs`, `resting` (catagen and telogen) and `dystrophic` (tapered, broken)."""

    day: float
    resting: int
    dystrophic: int
    hairs: int

    def __post_init__(self) -> None:
        _within("hairs of the trichogram", self.hairs, 1, 10_000)
        _within("resting and dystrophic hairs", self.resting + self.dystrophic, 0, self.hairs)


@dataclass(frozen=True, slots=True)
class Dose:
    """`mg` taken on `day`, with a `meal` as in the regimen language (a standard meal where nobody said)."""

    day: float
    mg: float
    meal: str = "standard"

    def __post_init__(self) -> None:
        from anagen.regimen import MEALS

        _within("dose in mg", self.mg, 0, 1000)
        if self.meal not in MEALS:
            raise InputError(
                f"unknown meal: '{self.meal}'", expected=", ".join(MEALS), nearest=nearest(self.meal, MEALS)
            )


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that is published as a trigger: its kind and its first day."""

    day: float
    kind: str

    def __post_init__(self) -> None:
        if self.kind == "pregnancy":
            raise PregnancyStop("the record says that the person is pregnant: nothing is simulated")
        if self.kind not in TRIGGERS:
            raise InputError(
                f"'{self.kind}' is not among the events that are known as triggers",
                expected=", ".join(TRIGGERS),
                nearest=nearest(self.kind, TRIGGERS),
            )


@dataclass(frozen=True, slots=True)
class Value:
    """A measured `value` on `day`: a level in ng/mL, ferritin in ug/L, triglycerides in mg/dL."""

    day: float
    value: float

    def __post_init__(self) -> None:
        _within("a measured value", self.value, 0, 1e6)


@dataclass(frozen=True, kw_only=True)
class Record:
    """Everything the likelihood looks at, each in the order of days. Weight in kg; `severity` of dermatitis, 0 to 1.

    Raises:
        InputError: a value that cannot be; nothing counted; a record too long or with too many entries.
        PregnancyStop: an event says so.

    >>> record = Record(counts=[Count(0, 9, "comb"), Count(7, 14, "comb")])
    >>> record.first, record.last, record.took
    (0, 7, False)
    """

    counts: Sequence[Count]
    pulls: Sequence[Pull] = ()
    roots: Sequence[Roots] = ()
    doses: Sequence[Dose] = ()
    events: Sequence[Happening] = ()
    levels: Sequence[Value] = ()
    ferritin: Sequence[Value] = ()
    triglycerides: Sequence[Value] = ()
    weight_kg: float = 70.0
    severity: float = 0.0
    left_out: tuple[str, ...] = ()
    """What stood in the source and says nothing to the fit, in words."""

    def __post_init__(self) -> None:
        for name in ("counts", "pulls", "roots", "doses", "events", "levels", "ferritin", "triglycerides"):
            rows: Sequence[Any] = getattr(self, name)
            object.__setattr__(self, name, tuple(sorted(rows, key=lambda row: row.day)))
        if not self.counts:
            raise InputError("the record has no count of shed hairs", expected="at least one; four or more tell more")
        _within("weight in kg", self.weight_kg, 30, 250)
        _within("severity of dermatitis", self.severity, 0, 1)
        _within("number of counts", len(self.counts), 1, MOST_COUNTS)
        for name in ("pulls", "roots", "levels", "triglycerides"):
            _within(f"number of {name}", len(getattr(self, name)), 0, MOST_TESTS)
        if self.last - self.first > LONGEST_DAYS:
            raise InputError(
                f"the record spans {self.last - self.first} days", expected=f"at most {LONGEST_DAYS} days (five years)"
            )

    @property
    def days(self) -> list[float]:
        """Days of all but laboratory values, in no order."""
        rows = (self.counts, self.pulls, self.roots, self.doses, self.events, self.levels)
        return [row.day for some in rows for row in some]

    @property
    def first(self) -> int:
        """The day of the first entry."""
        return int(min(self.days) // 1)

    @property
    def last(self) -> int:
        """The day of the last entry, laboratory values among them (one from before the first day moves no day)."""
        return int(max(*self.days, *(value.day for value in (*self.ferritin, *self.triglycerides)), self.first) // 1)

    @property
    def took(self) -> bool:
        """Whether any of the drug was taken."""
        return any(dose.mg > 0 for dose in self.doses)

    @property
    def first_dose(self) -> int | None:
        """The day of the first dose; None where none was taken."""
        return next((int(dose.day // 1) for dose in self.doses if dose.mg > 0), None)

    @property
    def last_dose(self) -> int | None:
        """The day of the last dose; None where none was taken."""
        return max((int(dose.day // 1) for dose in self.doses if dose.mg > 0), default=None)


def _within(name: str, value: float, low: float, high: float) -> None:
    if isinstance(value, bool) or not low <= value <= high:
        raise InputError(f"{name}: {value}", expected=f"from {low:g} to {high:g}")
