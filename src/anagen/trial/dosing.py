"""What the people of an arm take, block by block: planned doses, missed ones, meals, rules and totals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.patient.people import People
from anagen.regimen import MEALS
from anagen.regimen.events import DoseEvents
from anagen.simulation.day import HOURS
from anagen.simulation.doses import Doses, Schedule
from anagen.simulation.engine import WEEK
from anagen.simulation.programs import program
from anagen.simulation.simulate import NO_DOSES
from anagen.treatments.registry import Treatment

from .adherence import break_hazard, fasted, missed, own_share
from .plan import Adherence, Arm, Meals
from .status import Floats, Status

FASTED = MEALS.index("fasted")
LIGHT_KG, HEAVY_KG = 50.0, 100.0
"""Two weights by which a dose is told apart into mg and mg per kg."""
REACHED = 1 - 1e-9


@dataclass(frozen=True, eq=False)
class Planned:
    """The doses of an arm over the whole follow-up: `fixed_mg` and `mg_per_kg` of each, `(doses,)`."""

    arm: Arm
    schedule: Schedule
    fixed_mg: Floats
    mg_per_kg: Floats

    @classmethod
    def of(cls, arm: Arm, treatment: Treatment, weeks: int, own_meals: bool) -> Planned:
        """`own_meals`: doses meant to be taken with food may be taken without."""
        regimen = arm.planned(weeks)
        light, heavy = (regimen.events(w) if regimen else NO_DOSES for w in (LIGHT_KG, HEAVY_KG))
        per_kg = (heavy.amount_mg - light.amount_mg) / (HEAVY_KG - LIGHT_KG)
        model = treatment.model
        route = [model.ROUTES.index(name) for name in model.routes(MEALS)]
        schedule = Schedule.of(heavy, route, [FASTED] if own_meals and regimen else [])
        return cls(arm, schedule, light.amount_mg - per_kg * LIGHT_KG, per_kg)

    @property
    def events(self) -> DoseEvents:
        """The doses, of a person of 100 kg."""
        return self.schedule.events

    @cached_property
    def course_weeks(self) -> int:
        """Whole weeks after which no dose is planned."""
        return -(-int(np.ceil(self.events.course_days)) // 7)

    def largest_mg(self, weight_kg: Floats) -> Floats:
        """The largest single dose of each person."""
        if not self.fixed_mg.size:
            return np.zeros_like(weight_kg)
        kinds = np.unique(np.stack([self.fixed_mg, self.mg_per_kg]), axis=1)
        return np.asarray((kinds[0][:, None] + kinds[1][:, None] * weight_kg).max(0))

    def limit_mg(self, weight_kg: Floats) -> Floats:
        """The total at which each person's dosing ends; infinite where there is none."""
        totals = [np.array([limit.mg(w) for w in weight_kg.tolist()]) for limit in self.arm.limits]
        return np.min(totals, axis=0) if totals else np.full_like(weight_kg, np.inf)


@dataclass(frozen=True, eq=False)
class Block:
    """The doses of a block as the engine takes them, `ours` those that are not of the day before; `taken` (days,
    people), mg a day; `planned`, mg in all."""

    doses: Doses
    ours: npt.NDArray[np.bool_]
    taken: Floats
    planned: Floats

    @property
    def weeks_taken(self) -> Floats:
        """Weeks from the block's start to the end of the week of each person's last dose, 0 where there is none."""
        days = np.arange(1, len(self.taken) + 1)[:, None]
        return np.ceil((days * (self.taken > 0)).max(0) / WEEK)


@dataclass(frozen=True, eq=False)
class Behaviour:
    """How the people of a tile take what is planned: their own shares of doses missed and taken with food."""

    seed: np.uint32
    people: People
    adherence: Adherence
    meals: Meals

    @property
    def own_meals(self) -> bool:
        """Whether some doses meant to be taken with food are taken without."""
        return self.meals.with_food_share < 1 or "with_food_share" in self.people.columns

    @cached_property
    def _process(self) -> str:
        given = "missed_share" in self.people.columns and self.adherence.process == "full"
        return "independent" if given else self.adherence.process

    @cached_property
    def _shares(self) -> tuple[Any, Any, Any]:
        own = [
            self.people.columns.get("missed_share", np.full(len(self.people), np.nan)),
            self.people.columns.get("with_food_share", np.full(len(self.people), np.nan)),
        ]
        middle = np.array(
            [
                [self.adherence.missed_share, self.adherence.spread],
                [self.meals.with_food_share, self.meals.spread],
            ]
        )
        given = (self.seed, self.people.numbers, middle, np.stack(own), np.float64(self.adherence.break_days))
        return program(_shares, ("shares of a trial",), *given)(*given)

    def drawn(self, number: npt.NDArray[Any], day: npt.NDArray[Any], days: int) -> tuple[Any, Any]:
        """Whether each dose is missed, and whether it is taken without food; None where nothing of it happens."""
        if self._process == "full" and not self.own_meals:
            return None, None
        share, with_food, hazard = self._shares
        given = (
            self.seed,
            self.people.numbers,
            share,
            with_food,
            hazard,
            number,
            day,
            np.int64(day.min() if day.size else 0),
            np.float64(self.adherence.break_days),
            np.float64(self.adherence.weekend_factor),
        )
        key = ("behaviour of a trial", self._process, self.own_meals, days)
        take = partial(_drawn, self._process, self.own_meals, days)
        lost, without = program(take, key, *given)(*given)
        return (None if self._process == "full" else np.asarray(lost)), (
            np.asarray(without) if self.own_meals else None
        )


def _shares(seed: Any, people: Any, middle: Any, own: Any, break_days: Any) -> tuple[Any, Any, Any]:
    names = ("adherence.share", "meals.share")
    drawn = [own_share(m[0], m[1], seed, name, people) for m, name in zip(middle, names, strict=True)]
    missing, with_food = (jnp.where(jnp.isnan(given), z, given) for given, z in zip(own, drawn, strict=True))
    return missing, with_food, break_hazard(jnp.clip(missing, 0.0, 1 - 1e-6), break_days)


def _drawn(
    process: str, meals: bool, days: int, seed: Any, people: Any, share: Any, with_food: Any, hazard: Any,
    number: Any, day: Any, first_day: Any, break_days: Any, weekend_factor: Any,
) -> tuple[jax.Array, jax.Array]:  # fmt: skip
    lost = missed(
        process, seed, people, share, number, day, break_days=break_days, weekend_factor=weekend_factor,
        first_day=first_day, days=days, hazard=hazard,
    )  # fmt: skip
    without = fasted(seed, people, with_food, number) if meals else jnp.zeros(lost.shape, bool)
    return lost, without


def block(
    planned: Planned,
    behaviour: Behaviour,
    weight_kg: Floats,
    status: Status,
    before: Block | None,
    taken_mg: Floats,
    limit_mg: Floats,
    day: int,
    days: int,
    precision: str,
) -> Block:
    """The doses of the `days` from `day` on, and of the day before them as they were in the block `before`.

    `taken_mg` (people,) so far; who has taken `limit_mg` takes no more.
    """
    plain = planned.schedule.block(day, days)
    real = plain.mg > 0
    fixed, per_kg = (
        np.where(real, values[plain.number], 0.0) if values.size else np.zeros(real.size)
        for values in (planned.fixed_mg, planned.mg_per_kg)
    )
    mg = fixed[:, None] + per_kg[:, None] * weight_kg
    ours = real & (plain.time >= -1e-6)
    at = np.where(real, np.floor((plain.time + 1e-6) / HOURS), -1).astype(np.int64)
    wanted = mg
    mg = status.dose_mg(mg) * status.on
    lost, without = behaviour.drawn(plain.number, np.where(real, at + day, day).astype(np.int32), days + 1)
    if lost is not None:
        mg = np.where(lost, 0.0, mg)
    mg[~ours] = 0.0
    if np.isfinite(limit_mg).any():
        due = taken_mg + (np.cumsum(mg, 0) - mg) < limit_mg * REACHED
        mg, wanted = np.where(due, mg, 0.0), np.where(due, wanted, 0.0)  # after the total no dose is planned
    taken = np.zeros((days, weight_kg.size))
    np.add.at(taken, at[ours], mg[ours])
    earlier = np.flatnonzero(real & ~ours)
    if before is not None and earlier.size:
        held = np.flatnonzero(before.ours)
        mg[earlier] = before.doses.mg[held[np.searchsorted(before.doses.number[held], plain.number[earlier])]]
    meal = plain.meal
    if without is not None:
        meal = np.where(without, FASTED, meal[:, None]).astype(np.int32)
    return Block(plain._replace(mg=mg.astype(precision), meal=meal), ours, taken, wanted[ours].sum(0))
