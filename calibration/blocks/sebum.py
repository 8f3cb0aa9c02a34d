"""Sebum: potency, largest suppression, speeds and the lasting part, by the engine's mechanism over whole courses.

Each arm of a study is a few fixed people. A device shows only a part (gain) of the fall in the excretion rate. A meal
or a dose that was not stated is a parameter of its study.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.mechanisms.module import DayEffect
from anagen.mechanisms.sebum import Sebum, SebumState
from calibration.blocks import Block, Values
from calibration.course import Course, course
from calibration.people import design, scores, spread, wired
from calibration.priors import Prior, meal_priors
from calibration.rows import Row

Array = jax.Array
Floats = npt.NDArray[np.float64]
TITLE = "Sebum"
PEOPLE = 16
EXPOSED = ("exposure.clearance", "exposure.bioavailability.conventional.standard")
SPREAD = ("sebum.maximal_inhibition", "sebum.half_inhibition_dose", "sebum.fall_rate", "sebum.rise_rate")
WEIGHT_KG = 70.0
WASHED_OUT = 35
"""Days after the last dose beyond which the drug counts as gone: more than 12 half-lives of the slowest people."""


@dataclass(frozen=True)
class Arm:
    """`mg_per_kg` a day for `days`, followed until `end` (days); what is not known of it by name of its parameter."""

    study: str
    mg_per_kg: float
    days: int
    end: int
    dose: str | None = None
    meal: str | None = None

    @property
    def taken(self) -> float:
        """The dose at which the course is made: 1 mg/kg/d where the dose is a parameter."""
        return 1.0 if self.dose else self.mg_per_kg


def build(priors: tuple[Prior, ...], rows: tuple[Row, ...]) -> Block:
    """The sebum block."""
    arms, place = arms_of(rows)
    fitted = Arms(arms)

    def predict(values: Values) -> Array:
        left = fitted.left(values)
        gain = [values[str(row.details["gain"])] if "gain" in row.details else 1.0 for row in rows]
        shown = [left[fitted.at(_day(row)), place[row.id]] for row in rows]
        return jnp.stack([1 - g * (1 - s) for g, s in zip(gain, shown, strict=True)])

    meals = meal_priors("sebum", [row.study for row in rows if row.meal_assumed])
    return Block("sebum", TITLE, (*priors, *meals), rows, predict, {"sebum_fraction": "sebum.between_studies"})


def _day(row: Row) -> int:
    return round(7 * row.time_weeks)


def arms_of(rows: Sequence[Row]) -> tuple[list[Arm], dict[str, int]]:
    """The arms that rows were measured in, and the arm of each row."""
    found: dict[tuple[str, float], list[Row]] = {}
    for row in rows:
        found.setdefault((row.study, float(row.details["mg_per_kg"])), []).append(row)
    arms = [
        Arm(
            study=study,
            mg_per_kg=dose,
            days=round(7 * float(own[0].details["weeks_on"])),
            end=max(map(_day, own)),
            dose=None if dose else f"dose:{study}",
            meal=f"meal:{study}" if own[0].meal_assumed else None,
        )
        for (study, dose), own in found.items()
    ]
    return arms, {row.id: i for i, own in enumerate(found.values()) for row in own}


class Arms:
    """Arms with their people: all of the first arm, then all of the second."""

    def __init__(self, arms: Sequence[Arm], people: int = PEOPLE) -> None:
        self.arms, self.people = tuple(arms), people
        self.size = len(arms) * people
        names = (*EXPOSED, *SPREAD)
        self.z = np.tile(scores(people, len(names)) if people > 1 else np.zeros((len(names), 1)), len(arms))
        end = max(arm.end for arm in arms)
        daily = min(end, 7 * -(-(max(arm.days for arm in arms) + WASHED_OUT) // 7))
        self.days = np.concatenate([np.arange(daily + 1), np.arange(daily + 7, end + 7, 7)])
        day = np.arange(daily)[:, None]
        taken = np.array([arm.taken for arm in arms])
        self.mg_per_kg = np.where(day < [arm.days for arm in arms], taken, 0.0)
        self.course = self._course()

    def _spread(self, values: Values, names: Sequence[str], first: int) -> dict[str, Array]:
        known = design()
        z = self.z if self.people > 1 else np.zeros_like(self.z)
        mean_kept = self.people > 1
        return {
            name: spread(known[name], values[name], jnp.asarray(z[first + i])) if mean_kept else values[name]
            for i, name in enumerate(names)
        }

    def _course(self) -> Course:
        typical = {name: jnp.asarray(design()[name].value) for name in EXPOSED}
        wiring = jax.jit(lambda: wired(self._spread(typical, EXPOSED, 0), self.size, WEIGHT_KG))()
        from anagen.regimen import FORMULATIONS, MEALS

        share = wiring.absorption.share[FORMULATIONS.index("conventional"), MEALS.index("standard")]
        lag = wiring.absorption.lag[int(wiring.absorption.route[MEALS.index("standard")])]
        return course(wiring.exposure, lag, share, WEIGHT_KG * self.mg_per_kg, self.people)

    def mechanism(self, values: Values) -> Sebum:
        """The engine's sebum of all people, with what is typical or given."""
        alike = {n: values[n] for n in values if n.startswith("sebum.lasting_")}
        wiring = wired(alike | self._spread(values, SPREAD, len(EXPOSED)), self.size, WEIGHT_KG)
        return next(block for block in wiring.mechanisms if isinstance(block, Sebum))

    def dose_factor(self, values: Values) -> Array:
        """Daily dose relative to that of the course, `(arms,)`."""
        return jnp.stack([values[arm.dose] if arm.dose else jnp.asarray(1.0) for arm in self.arms])

    def each(self, values: Values) -> Array:
        """Fraction left of each person at the end of `self.days`, `(times, arms * people)`.

        By days, as the engine goes; long after the last dose, where nothing acts any more, by weeks.
        """
        sebum = self.mechanism(values)
        dose = self.dose_factor(values)
        meal = jnp.stack([values[arm.meal] if arm.meal else jnp.asarray(1.0) for arm in self.arms])
        effect = self.course.effect(sebum.effect, jnp.repeat(dose * meal, self.people))
        taken = jnp.asarray(self.course.daily(self.mg_per_kg)) * jnp.repeat(dose, self.people)
        state, made = sebum.initial({})
        state, days = _gone_through(sebum, state, effect, taken)
        weekly = replace(sebum, rise_rate=7 * sebum.rise_rate, lasting_decay=7 * sebum.lasting_decay)
        nothing = jnp.zeros((self.days.size - len(days) - 1, self.size))
        _, weeks = _gone_through(weekly, state, DayEffect(nothing, nothing, nothing), nothing)
        return jnp.concatenate([made["sebum_fraction"][None], days, weeks])

    def at(self, day: int) -> int:
        """The place of the end of a day, or of its week, in `days`."""
        return int(np.searchsorted(self.days, day))

    def left(self, values: Values) -> Array:
        """Mean over people, `(times, arms)`."""
        each = self.each(values)
        return each.reshape(each.shape[0], len(self.arms), self.people).mean(-1)


def _gone_through(sebum: Sebum, state: SebumState, effect: DayEffect, taken: Array) -> tuple[SebumState, Array]:
    """The state after some steps of the mechanism, and the fraction after each."""
    ready = sebum.ready()

    def step(state: SebumState, today: tuple[DayEffect, Array]) -> tuple[SebumState, Array]:
        state, made = ready.step(state, today[0], {"dose_mg_per_kg": today[1]})
        return state, made["sebum_fraction"]

    return jax.lax.scan(step, state, (effect, taken))


def of_moments(average: float = 0.03) -> float:
    """The half-inhibition dose (mg/kg/d) with which the level of each moment gives what `average` gives where the day's
    average level acts: least squares on the sebum left at 16 weeks of six daily doses, typical person.

    A bent effect of a level that swings is smaller than the effect of its average.
    """
    from scipy.optimize import minimize_scalar

    known = {name: jnp.asarray(p.value) for name, p in design().items() if name.startswith("sebum.")}
    doses = [1.0, 0.5, 20 / 70, 10 / 70, 5 / 70, 2.5 / 70]
    arms = Arms([Arm("typical", dose, 112, 112) for dose in doses], people=1)
    half = "sebum.half_inhibition_dose"
    left = jax.jit(lambda dose: arms.left(known | {half: dose})[-1])
    wanted = np.array([_by_average(known, dose, average) for dose in doses])
    found = minimize_scalar(
        lambda dose: float(((np.asarray(left(dose)) - wanted) ** 2).sum()),
        bounds=(0.2 * average, average),
        method="bounded",
    )
    return float(found.x)


def _by_average(values: Mapping[str, Array], dose: float, half: float) -> float:
    """Fraction left where the average acts, after a long course of 112 days."""
    inhibited = float(values["sebum.maximal_inhibition"]) * dose / (half + dose)
    cumulative = 112 * dose
    lasting = (
        float(values["sebum.lasting_maximum"]) * cumulative / (float(values["sebum.lasting_half_dose"]) + cumulative)
    )
    return (1 - inhibited) * (1 - lasting * inhibited)
