"""What a row must say and must not say, by its kind: told at the key, before anything is simulated."""

from __future__ import annotations

from typing import Any, Protocol

from anagen.validation import units
from anagen.validation.instruments import HAIR_LOSS
from anagen.validation.quantities import HAIR
from anagen.validation.schema import LONGEST_WEEKS, RowTable
from anagen.validation.units import UnitFault, normalised

_SERIES = ("sebum", "score", "laboratory", "hair")
_ONLY: dict[str, tuple[str, ...]] = {
    "after": ("exposure", "concentration"),
    "analyte": ("exposure", "concentration"),
    "auc_hours": ("exposure",),
    "half_life_hours": ("exposure",),
    "at_hours": ("concentration",),
    "measure": _SERIES,
    "baseline": ("laboratory", "hair", "share"),
    "limit": ("share",),
    "limit_unit": ("share",),
    "limit_uln": ("share",),
    "visits": ("share",),
    "when": ("complaint",),
    "times_usual": ("complaint", "timing"),
    "background": ("complaint",),
    "of": ("timing",),
    "follow_up_weeks": ("timing",),
    "instrument": ("sebum", "score", "laboratory", "hair", "concentration", "exposure", "share", "timing", "complaint"),
}
"""Keys that only some kinds of rows have."""
_DEFAULTS = {"side": "above", "among": "all", "change_of": "means"}
_SAID: dict[str, tuple[str, ...]] = {"side": ("share",), "among": ("share",), "change_of": _SERIES}
LEAST_REASON = 10


class Faults(Protocol):
    """Who can make an error at a key of the row."""

    def fault(self, key: str, message: str, expected: str | None, near: Any = (), *rest: str | int) -> Exception: ...


def check_row(at: Faults, row: RowTable, first: Any, second: Any) -> None:
    """Raises InputError at the first thing that cannot be. `first` and `second` are the sides of the row."""
    for key, kinds in _ONLY.items():
        if getattr(row, key) is not None and row.kind not in kinds:
            raise at.fault(key, f"does not belong in a row of kind {row.kind}", f"a row of kind {' or '.join(kinds)}")
    for key, kinds in _SAID.items():
        if getattr(row, key) != _DEFAULTS[key] and row.kind not in kinds:
            raise at.fault(key, f"does not belong in a row of kind {row.kind}", f"a row of kind {' or '.join(kinds)}")
    if row.known_failure is not None and len(row.known_failure.strip()) < LEAST_REASON:
        raise at.fault("known_failure", "without a reason", "why the model is known to fail here, in a sentence")
    for side in (first, second):
        if side is not None:
            _check_side(at, row, side)
    if row.baseline is not None and first.quantity.rest:
        raise at.fault("baseline", f"does not belong to {first.quantity.label}", "quantity = 'telogen'", "telogen")
    if (
        row.bound is not None
        and row.compare is None
        and row.kind in ("share", "complaint")
        and row.observed in (0, 100)
    ):
        raise at.fault("bound", "every share lies there", "a bound that could be missed")
    if row.mean == "geometric" and row.measure in ("change", "percent change") and row.change_of == "people":
        raise at.fault("mean", "changes have no geometric mean", "arithmetic or median", "arithmetic")
    if row.background is not None and not 0 <= row.background[0] <= row.background[1] <= 1:
        raise at.fault("background", f"{row.background}", "[lowest, highest], shares from 0 to 1")
    if row.half_life_hours is not None and not 0 <= row.half_life_hours[0] < row.half_life_hours[1] <= 2000:
        raise at.fault("half_life_hours", f"{row.half_life_hours}", "[from, to], hours from 0 to 2000 that rise")


def _check_side(at: Faults, row: RowTable, side: Any) -> None:
    if side.day is not None and side.day > 7 * LONGEST_WEEKS:
        key = "at_week" if row.at_week is not None else "at_day" if row.at_day is not None else "against"
        raise at.fault(key, f"day {side.day:g} is too late", f"at most {7 * LONGEST_WEEKS:g} days")
    if row.kind in ("exposure", "concentration"):
        _check_exposure(at, row, side)
        return
    if row.kind == "score" and side.arm.patient.seborrheic_dermatitis == "none":
        expected = 'an arm with [arms.people] dermatitis = "mild", "moderate" or "severe"'
        raise at.fault("kind", f"arm '{side.arm.name}' has no dermatitis, so no score to change", expected)
    if row.kind == "timing":
        _check_timing(at, row, side)
        return
    if row.kind == "share":
        _check_share(at, row, side)
    if side.day is None and not (row.kind == "share" and row.visits):
        expected = "at_week or visits" if row.kind == "share" else "at_week or at_day"
        raise at.fault("kind", f"a row of kind {row.kind} needs a time", expected)
    if row.kind == "complaint" and row.times_usual and side.quantity.label != HAIR_LOSS:
        raise at.fault("times_usual", f"does not belong to {side.quantity.label}", f"quantity = '{HAIR_LOSS}'")
    if row.kind in _SERIES and side.day == 0 and row.measure != "level":
        raise at.fault("at_week" if row.at_week is not None else "kind", "nothing has changed yet", "a time after 0")


def _check_exposure(at: Faults, row: RowTable, side: Any) -> None:
    if side.arm.regimen is None:
        expected = "an arm with a regimen"
        raise at.fault(
            "arm" if row.arm else "arms", f"arm '{side.arm.name}' takes nothing, so there is no level", expected
        )
    name, single = side.quantity.label, side.arm.single_dose
    if row.kind == "concentration":
        if side.hours is None:
            raise at.fault("kind", "a row of kind concentration needs a time", "at_hours, in hours after the dose")
        return
    if name == "auc_0_t" and row.auc_hours is None:
        raise at.fault("quantity", "auc_0_t needs the key auc_hours", "auc_hours = 24, say")
    if name != "auc_0_t" and row.auc_hours is not None:
        raise at.fault("auc_hours", f"does not belong to {name}", "quantity = 'auc_0_t'")
    if name == "auc_inf" and not (single or row.after == "first dose"):
        raise at.fault(
            "quantity", f"arm '{side.arm.name}' takes more than one dose", "auc_tau, or auc_inf after one dose"
        )
    if name == "auc_inf" and row.after == "first dose" and not single:
        raise at.fault("after", "an area without end needs a course of one dose", "auc_0_t with auc_hours")
    if name in ("auc_tau", "cmin") and single:
        expected = "auc_0_t with auc_hours" if name == "auc_tau" else "a row of kind concentration"
        raise at.fault(
            "quantity", f"arm '{side.arm.name}' takes one dose, so there is no interval between two", expected
        )
    if name == "half_life" and row.after == "first dose" and not single:
        raise at.fault("after", "the next doses hide the half-life", '"last dose"', "last dose")
    if side.day is not None and (single or side.day > side.arm.course_days):
        raise at.fault(
            "against"
            if row.at_week is None and row.at_day is None
            else "at_week"
            if row.at_week is not None
            else "at_day",
            f"day {side.day:g} is not inside the course of arm '{side.arm.name}'",
            "no time for a single dose" if single else f"a day up to {side.arm.course_days:g}",
        )
    if side.day is not None and row.after is not None:
        raise at.fault("after", "the interval is said twice", "after, or at_week or at_day")


def _check_share(at: Faults, row: RowTable, side: Any) -> None:
    if (row.limit is None) == (row.limit_uln is None):
        said = "twice" if row.limit is not None else "not"
        raise at.fault("limit" if row.limit else "kind", f"the limit is {said} said", "one of limit and limit_uln")
    if row.limit is not None:
        if row.limit_unit is None:
            raise at.fault("limit", "without the key limit_unit", f"limit_unit = '{side.quantity.unit}'")
        if not side.quantity.relative:
            try:
                units.of_series(normalised(row.limit_unit), side.quantity.unit, row.molar_mass)
            except UnitFault as fault:
                raise at.fault("limit_unit", fault.message, fault.expected, fault.near) from None
        elif normalised(row.limit_unit) not in units.RELATIVE and row.baseline is None:
            raise at.fault("limit_unit", f"{side.quantity.label} is relative to its start", "% of baseline")
    elif row.limit_unit is not None:
        raise at.fault("limit_unit", "without the key limit", "limit and limit_unit, or limit_uln")
    elif side.quantity.upper_limit is None:
        raise at.fault("limit_uln", f"no upper limit of normal is known for {side.quantity.label}", "limit")
    if row.visits is not None:
        if side.day is not None:
            raise at.fault("visits", "the time is said twice", "visits, or at_week or at_day")
        if any(b <= a for a, b in zip(row.visits, row.visits[1:], strict=False)) or row.visits[0] <= 0:
            raise at.fault("visits", f"{row.visits}", "weeks after 0 that rise")


def _check_timing(at: Faults, row: RowTable, side: Any) -> None:
    if row.of is not None and row.of.casefold() not in HAIR:
        from anagen.errors import nearest

        raise at.fault("of", f"unknown hair quantity: '{row.of}'", ", ".join(HAIR), nearest(row.of, tuple(HAIR)))
    if side.day is not None:
        raise at.fault("at_week" if row.at_week is not None else "at_day", "a time is what is observed", "no time")
    if side.arm.regimen is None and not side.arm.patient.events:
        expected = "an arm with a regimen or an event"
        raise at.fault("arm" if row.arm else "arms", f"nothing happens in arm '{side.arm.name}'", expected)
    if len({event.day for event in side.arm.patient.events}) > 1:
        raise at.fault("kind", f"arm '{side.arm.name}' has several events", "an arm with one event, or with none")
