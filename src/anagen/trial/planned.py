"""The planned doses of an arm: what each comes to in a person, and what of them falls in a block of days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.regimen import MEALS
from anagen.regimen.events import DoseEvents
from anagen.simulation.day import HOURS
from anagen.simulation.doses import Doses, Schedule
from anagen.simulation.simulate import NO_DOSES
from anagen.treatments.registry import Treatment

from .plan import Arm
from .status import Floats

FASTED = MEALS.index("fasted")
LIGHT_KG, HEAVY_KG = 50.0, 100.0
"""Two weights by which a dose is told apart into mg and mg per kg."""
ROUNDING_H = 1e-6


@dataclass(frozen=True, eq=False)
class Planned:
    """The doses of an arm over the whole follow-up: `kinds` of them, each mg and mg per kg `(2, kinds)`, and the kind
    of each, `(doses,)`."""

    arm: Arm
    schedule: Schedule
    kinds: Floats
    kind: npt.NDArray[np.intp]

    @classmethod
    def of(cls, arm: Arm, treatment: Treatment, weeks: int, *, own_meals: bool) -> Planned:
        """`own_meals`: doses meant to be taken with food may be taken without."""
        regimen = arm.planned(weeks)
        light, heavy = (regimen.events(w) if regimen else NO_DOSES for w in (LIGHT_KG, HEAVY_KG))
        per_kg = (heavy.amount_mg - light.amount_mg) / (HEAVY_KG - LIGHT_KG)
        both = np.stack([light.amount_mg - per_kg * LIGHT_KG, per_kg])
        kinds, kind = np.unique(both, axis=1, return_inverse=True) if both.size else (both, np.zeros(0, np.intp))
        model = treatment.model
        route = [model.ROUTES.index(name) for name in model.routes(MEALS)]
        schedule = Schedule.of(heavy, route, [FASTED] if own_meals and regimen else [])
        return cls(arm, schedule, kinds, kind)

    @property
    def events(self) -> DoseEvents:
        """The doses, of a person of 100 kg."""
        return self.schedule.events

    @cached_property
    def course_weeks(self) -> int:
        """Whole weeks after which no dose is planned."""
        return -(-int(np.ceil(self.events.course_days)) // 7)

    @cached_property
    def part(self) -> Callable[[int, int], Part]:
        """The doses of the days from `day` on, `part(day, days)`; made once, as they are the same for all people."""
        return cache(partial(Part.of, self))

    def mg(self, weight_kg: Floats) -> Floats:
        """What each kind of dose comes to, `(kinds, people)`."""
        return np.asarray(self.kinds[0][:, None] + self.kinds[1][:, None] * weight_kg)

    def largest_mg(self, weight_kg: Floats) -> Floats:
        """The largest single dose of each person."""
        return self.mg(weight_kg).max(0, initial=0.0)

    def limit_mg(self, weight_kg: Floats) -> Floats:
        """The total at which each person's dosing ends; infinite where there is none."""
        totals = [np.array([limit.mg(w) for w in weight_kg.tolist()]) for limit in self.arm.limits]
        return np.min(totals, axis=0) if totals else np.full_like(weight_kg, np.inf)


@dataclass(frozen=True, eq=False)
class Part:
    """The doses that can enter in a block of days, as the engine takes them, for one person of 100 kg (`doses`).

    `ours`, which of them are taken in the block, in order of time, and of these `kind` and day (`at`); `earlier`, which
    are of the day before it; `day` of the trial of every one.
    """

    doses: Doses
    ours: npt.NDArray[np.intp]
    kind: npt.NDArray[np.intp]
    at: npt.NDArray[np.intp]
    earlier: npt.NDArray[np.intp]
    day: npt.NDArray[np.int32]

    @classmethod
    def of(cls, planned: Planned, day: int, days: int) -> Part:
        """Cut out of all doses of the arm."""
        doses = planned.schedule.block(day, days)
        real, here = doses.mg > 0, doses.time >= -ROUNDING_H
        at = np.floor((doses.time + ROUNDING_H) / HOURS)
        ours = np.flatnonzero(real & here)
        return cls(
            doses=doses,
            ours=ours,
            kind=planned.kind[doses.number[ours]],
            at=at[ours].astype(np.intp),
            earlier=np.flatnonzero(real & ~here),
            day=np.where(real, at + day, day).astype(np.int32),
        )

    def by_day(self, mg: Floats, days: int) -> Floats:
        """Doses of `ours`, `(doses, people)`, added up day by day: `(days, people)`."""
        total = np.zeros((days, mg.shape[1]))
        present, first = np.unique(self.at, return_index=True)
        if present.size:
            total[present] = np.add.reduceat(mg, first)
        return total

    def before(self, mg: npt.NDArray[Any], earlier: Part) -> npt.NDArray[Any]:
        """Of the doses `mg` of the part before, those that are our `earlier` ones."""
        held = earlier.ours
        return mg[held[np.searchsorted(earlier.doses.number[held], self.doses.number[self.earlier])]]
