"""The level through the days of a course, for people of several study arms at once, computed once before a fit.

The typical level does not hang on what is fitted to responses (potencies are doses, and the level is linear in the
dose), so it is made once, from the engine's own maps. Most days of a course are alike: only those that differ are kept,
and effects are computed on them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.mechanisms.disposition import Amounts, Disposition
from anagen.mechanisms.module import DayEffect

from .nodes import plain, squared

Array = jax.Array
Floats = npt.NDArray[np.float64]
LONGEST_LAG_H = 23.5
ALIKE, LOW_NG_PER_ML = 1e-3, 3.0
"""Two days are alike where C / (C + 3 ng/mL) differs by less than 0.001 at every node: as the most potent effect sees
them."""


@dataclass(frozen=True)
class Course:
    """`level` (kept days, nodes, people) in ng/mL for the dose given, `time` (nodes, people) in days, `weight` alike;
    `day` (days, arms) is the kept day that stands for each day of each arm; `mg` (days, arms) taken."""

    level: Array
    time: Array
    weight: Array
    day: npt.NDArray[np.int64]
    mg: Floats
    people: int

    def effect(self, response: Callable[[Array], Array], factor: Array) -> DayEffect:
        """Moments of an effect on each day, `(days, arms * people)`; `factor` (people,) multiplies the level."""
        at = response(self.level * factor)
        since = self.time - 0.5
        moments = [jnp.sum(self.weight * f * at, axis=1) for f in (1.0, since, since**2 - 1 / 12)]
        kept, arms = len(self.level), self.day.shape[1]
        chosen = jnp.asarray(self.day[:, :, None] == np.arange(kept), float)  # a product: its gradient is one too
        own = (moment.reshape(kept, arms, self.people) for moment in moments)
        return DayEffect(*(jnp.einsum("dak,kap->dap", chosen, m).reshape(len(chosen), -1) for m in own))

    def daily(self, values: Floats) -> Floats:
        """Values of arms, `(days, arms)`, for their people."""
        return np.repeat(values, self.people, axis=1)


def course(exposure: Disposition, lag: Array, share: Array, mg: Floats, people: int) -> Course:
    """The course of arms that take `mg` (days, arms) once a day at the same hour, one way of absorption.

    `exposure`, `lag` (h) and `share` absorbed are those of `(arms * people,)`.
    """
    lag = jnp.minimum(lag, LONGEST_LAG_H)
    early, late = plain(3), squared(12)
    before = jnp.asarray(early[0])[:, None] * lag
    after = jnp.asarray(late[0])[:, None] * (24.0 - lag)
    time = jnp.concatenate([before, lag + after]) / 24
    weight = jnp.concatenate([jnp.asarray(early[1])[:, None] * lag, jnp.asarray(late[1])[:, None] * (24.0 - lag)]) / 24
    to_entry, to_evening = exposure.propagator(lag), exposure.propagator(24.0 - lag)
    first, second = exposure.level(before), exposure.level(after)
    taken = jnp.asarray(np.repeat(mg, people, axis=1)) * share

    def day(amounts: Amounts, dose: Array) -> tuple[Amounts, Array]:
        entered = to_entry(amounts)
        entered = entered._replace(site=entered.site.at[0].add(dose))
        morning = first(amounts.site[:, None], amounts.modes[:, None])
        rest = second(entered.site[:, None], entered.modes[:, None])
        return to_evening(entered), jnp.concatenate([morning, rest])

    _, level = jax.jit(lambda start, doses: jax.lax.scan(day, start, doses))(exposure.initial(), taken)
    kept, place = _kept(np.asarray(level), mg.shape[1], people)
    return Course(jnp.asarray(kept), time, weight, place, mg, people)


def _kept(level: Floats, arms: int, people: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The days of each arm that differ, padded to the same number, and which of them stands for each day."""
    own = level.reshape(*level.shape[:2], arms, people)
    seen = own / (own + LOW_NG_PER_ML)
    place = np.zeros((level.shape[0], arms), np.int64)
    chosen: list[Sequence[int]] = []
    for arm in range(arms):
        days: list[int] = []
        for d in range(level.shape[0]):
            apart = [float(np.abs(seen[d, :, arm] - seen[k, :, arm]).max()) for k in days]
            if not apart or min(apart) > ALIKE:
                days.append(d)
                apart.append(0.0)
            place[d, arm] = int(np.argmin(apart))
        chosen.append(days)
    most = max(map(len, chosen))
    kept = np.zeros((most, level.shape[1], arms, people))
    for arm, days in enumerate(chosen):
        kept[: len(days), :, arm] = own[list(days), :, arm]
    return kept.reshape(most, level.shape[1], -1), place
