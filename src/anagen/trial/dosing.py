"""What the people of an arm take of what is planned, block by block: missed doses, meals, rules and totals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.compiled.programs import program
from anagen.patient.people import People
from anagen.simulation.doses import Doses

from .adherence import break_hazard, fasted, missed, own_share
from .plan import Adherence, Meals
from .planned import FASTED, Part, Planned
from .status import Floats, Status

REACHED = 1 - 1e-9


@dataclass(frozen=True, eq=False)
class Block:
    """The doses of a block as the engine takes them, and the `part` of the plan that they are of; `taken` (days,
    people), mg a day; `planned`, mg in all."""

    doses: Doses
    part: Part
    taken: Floats
    planned: Floats

    @property
    def days_taken(self) -> Floats:
        """Days from the block's start to the end of the day of each person's last dose, 0 where there is none."""
        days = np.arange(1.0, len(self.taken) + 1)[:, None]
        return np.asarray((days * (self.taken > 0)).max(0))


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
    part = planned.part(day, days)
    wanted = planned.mg(weight_kg)
    mg, wanted = (status.dose_mg(wanted) * status.on)[part.kind], wanted[part.kind]
    lost, without = behaviour.drawn(part.doses.number, part.day, days + 1)
    if lost is not None:
        mg[lost[part.ours]] = 0.0
    if np.isfinite(limit_mg).any():
        due = taken_mg + (np.cumsum(mg, 0) - mg) < limit_mg * REACHED
        mg, wanted = np.where(due, mg, 0.0), np.where(due, wanted, 0.0)  # after the total no dose is planned
    entering = np.zeros((part.doses.mg.size, weight_kg.size), precision)
    entering[part.ours] = mg
    if before is not None and part.earlier.size:
        entering[part.earlier] = part.before(before.doses.mg, before.part)
    meal = part.doses.meal
    if without is not None:
        meal = np.where(without, FASTED, meal[:, None]).astype(np.int32)
    return Block(part.doses._replace(mg=entering, meal=meal), part, part.by_day(mg, days), wanted.sum(0))
