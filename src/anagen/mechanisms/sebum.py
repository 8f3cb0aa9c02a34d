"""Sebum excretion as a fraction of baseline: fast suppression by the level, lasting suppression by the cumulative dose.

dS/dt = k (target - S), target = (1 - I)(1 - L), I = maximal·C/(half + C). L follows the cumulative dose while the drug
acts and never falls faster than its own decay. Which of the two speeds k applies, and L, are settled once a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, NamedTuple

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism
from .turnover import Pace, relax

Array = jax.Array


class SebumState(NamedTuple):
    """`fraction` of baseline, `lasting` suppression (0 to 1), `cumulative` dose in mg/kg; each `(people,)`."""

    fraction: Array
    lasting: Array
    cumulative: Array


@mechanism
class Sebum:
    """`half` in ng/mL, rates in 1/d, `lasting_half_dose` in mg/kg; each `(people,)`. Reads `dose_mg_per_kg`."""

    maximal: Array
    half: Array
    fall_rate: Array
    rise_rate: Array
    lasting_maximum: Array
    lasting_half_dose: Array
    lasting_decay: Array
    daily: tuple[Pace, Pace, Array] | None = None
    outputs: ClassVar[Mapping[str, str]] = {"sebum_fraction": "fraction of baseline"}

    def ready(self) -> Sebum:
        """With what its days share computed once."""
        return replace(self, daily=self._daily())

    def _daily(self) -> tuple[Pace, Pace, Array]:
        """The paces of falling and rising, and the share of lasting suppression left after a day."""
        return Pace.of(self.fall_rate), Pace.of(self.rise_rate), jnp.exp(-self.lasting_decay)

    def initial(self, signals: Signals) -> tuple[SebumState, Signals]:
        zero = jnp.zeros_like(self.half)
        state = SebumState(zero + 1, zero, zero)
        return state, self.shown(state, signals)

    def effect(self, concentration: Array) -> Array:
        return self.maximal * concentration / (self.half + concentration)

    def step(self, state: SebumState, effect: DayEffect, signals: Signals) -> tuple[SebumState, Signals]:
        fall, rise, kept = self.daily or self._daily()
        cumulative = state.cumulative + signals["dose_mg_per_kg"]
        share = self.lasting_maximum * cumulative / (self.lasting_half_dose + cumulative)
        lasting = jnp.maximum(share * effect.mean, state.lasting * kept)
        left = 1 - lasting
        target = DayEffect((1 - effect.mean) * left, -effect.moment * left, -effect.bend * left)
        fraction = relax(state.fraction, fall.chosen(target.mean < state.fraction, rise), target)
        state = SebumState(fraction, lasting, cumulative)
        return state, self.shown(state, signals)

    def shown(self, state: SebumState, signals: Signals) -> Signals:
        return {"sebum_fraction": state.fraction}
