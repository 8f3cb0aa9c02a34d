"""Doses as taken: how much in all, in mg and mg/kg, beside what was planned; and as a regimen for the engine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from anagen.diary.entries import DosePlanned, DoseTaken, Entry, Plan, Weight
from anagen.errors import InputError
from anagen.regimen.checks import REFUSED_MG_PER_KG, Note, largest_day
from anagen.regimen.course import FORMULATIONS, MEALS
from anagen.regimen.events import DoseEvents
from anagen.regimen.regimen import Regimen
from anagen.treatments.products import product_named

MEAL = {None: "standard", "food": "standard", "high-fat": "high_fat", "fasted": "fasted"}
"""A meal that was not said is taken as a standard one, and counted as not said."""
LONGEST_DAYS = 5 * 365
DRUG = "isotretinoin"


@dataclass(frozen=True, slots=True)
class Doses:
    """What was taken and, apart from it, what was planned; mg/kg with the weight known at each time.

    `mg_per_kg` is None where no weight was ever written. `left_out` counts doses written as left out, `untimed` those
    without a time of day, `meal_unsaid` those without a meal.
    """

    first: date
    last: date
    taken: int
    mg: float
    mg_per_kg: float | None
    mean_mg_a_day: float
    mean_mg_per_kg_a_day: float | None
    largest_day_mg: float
    left_out: int
    untimed: int
    meal_unsaid: int
    planned: int
    planned_mg: float
    plans: tuple[str, ...]
    weight_kg: float | None


def doses_of(entries: Sequence[Entry]) -> Doses | None:
    """The doses of a diary; None where none was taken."""
    written = [entry for entry in entries if isinstance(entry, DoseTaken)]
    taken = [entry for entry in written if entry.mg > 0]
    if not taken:
        return None
    first, last = min(entry.day for entry in taken), max(entry.day for entry in taken)
    mg = math.fsum(entry.mg for entry in taken)
    weights = weights_of(entries)
    per_kg = math.fsum(entry.mg / weight_at(weights, entry.at) for entry in taken) if weights else None
    days: dict[date, float] = {}
    for entry in taken:
        days[entry.day] = days.get(entry.day, 0.0) + entry.mg
    planned = [entry for entry in entries if isinstance(entry, DosePlanned)]
    length = (last - first).days + 1
    return Doses(
        first=first,
        last=last,
        taken=len(taken),
        mg=mg,
        mg_per_kg=per_kg,
        mean_mg_a_day=mg / length,
        mean_mg_per_kg_a_day=per_kg / length if per_kg is not None else None,
        largest_day_mg=max(days.values()),
        left_out=len(written) - len(taken),
        untimed=sum(not entry.time_known for entry in taken),
        meal_unsaid=sum(entry.meal is None for entry in taken),
        planned=len(planned),
        planned_mg=math.fsum(entry.mg for entry in planned),
        plans=tuple(entry.regimen for entry in entries if isinstance(entry, Plan)),
        weight_kg=weights[-1][1] if weights else None,
    )


def weights_of(entries: Sequence[Entry]) -> tuple[tuple[datetime, float], ...]:
    """Times and weights in kg, by time."""
    return tuple(sorted((entry.at, entry.kg) for entry in entries if isinstance(entry, Weight)))


def weight_at(weights: Sequence[tuple[datetime, float]], at: datetime) -> float:
    """The last weight known at a time; before the first, the first."""
    known = [kg for when, kg in weights if when <= at]
    return known[-1] if known else weights[0][1]


@dataclass(frozen=True)
class Taken(Regimen):
    """Doses as taken, in the place of a regimen: single doses at their own times; `origin` is the time of the first."""

    courses: tuple[()] = ()
    doses: tuple[tuple[float, float, str, str], ...] = field(default=(), kw_only=True)
    """Hours since the first, mg, meal, formulation."""
    days: float = field(default=1.0, kw_only=True)

    @property
    def text(self) -> str:
        """What is said in the place of a regimen's text."""
        return f"doses as taken: {len(self.doses)} over {self.days:g} days"

    def events(self, weight_kg: float) -> DoseEvents:
        """The doses.

        Raises:
            InputError: more than 8 mg/kg in 24 hours, for which no regimen is simulated either.
        """
        hours, amounts, meals, formulations = zip(*self.doses, strict=True)
        events = DoseEvents(
            time_h=np.array(hours, float),
            amount_mg=np.array(amounts, float),
            meal=np.array([MEALS.index(meal) for meal in meals], np.int8),
            formulation=np.array([FORMULATIONS.index(one) for one in formulations], np.int8),
            course=np.zeros(len(hours), np.int32),
            course_days=self.days,
            single_dose=len(hours) == 1,
        )
        most = largest_day(events)[0] / weight_kg
        if most > REFUSED_MG_PER_KG + 1e-9:
            raise InputError(
                f"the diary says that {most:.3g} mg/kg were taken in 24 hours",
                expected=f"at most {REFUSED_MG_PER_KG:g} mg/kg; `anagen diary check` shows the entries",
            )
        return events

    def notes(self, weight_kg: float) -> tuple[Note, ...]:
        """None: what is to be told of the doses is told with the diary."""
        return ()


def as_regimen(entries: Sequence[Entry]) -> Taken | None:
    """The doses taken, for `simulate`; None where none was. Doses at the same moment are added.

    Raises:
        InputError: they spread over more than five years.
    """
    taken = sorted((entry for entry in entries if isinstance(entry, DoseTaken) and entry.mg > 0), key=lambda d: d.at)
    if not taken:
        return None
    origin = taken[0].at
    if taken[-1].at - origin > timedelta(days=LONGEST_DAYS):
        raise InputError(
            f"the doses spread from {taken[0].day} to {taken[-1].day}", expected="at most five years; check their dates"
        )
    found: dict[tuple[float, str, str], float] = {}
    for dose in taken:
        key = ((dose.at - origin) / timedelta(hours=1), MEAL[dose.meal], formulation_of(dose.product))
        found[key] = found.get(key, 0.0) + dose.mg
    days = (taken[-1].day - taken[0].day).days + 1
    return Taken(
        doses=tuple((hour, mg, meal, form) for (hour, meal, form), mg in sorted(found.items())), days=float(days)
    )


def formulation_of(product: str) -> str:
    """The formulation of a brand; the conventional one where it was not said or is not known.

    >>> formulation_of("Absorica LD"), formulation_of("")
    ('micronised', 'conventional')
    """
    known = product_named(product, DRUG) if product.strip() else None
    return known.formulation if known and known.formulation in FORMULATIONS else FORMULATIONS[0]
