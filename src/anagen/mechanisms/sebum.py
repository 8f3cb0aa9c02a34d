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
    paces: tuple[Pace, Pace] | None = None
    outputs: ClassVar[Mapping[str, str]] = {"sebum_fraction": "fraction of baseline"}

    def ready(self) -> Sebum:
        """With what its days share computed once."""
        return replace(self, paces=self._paces())

    def _paces(self) -> tuple[Pace, Pace]:
        return Pace.of(self.fall_rate), Pace.of(self.rise_rate)

    def initial(self, signals: Signals) -> tuple[SebumState, Signals]:
        zero = jnp.zeros_like(self.half)
        return SebumState(zero + 1, zero, zero), {"sebum_fraction": zero + 1}

    def effect(self, concentration: Array) -> Array:
        return self.maximal * concentration / (self.half + concentration)

    def step(self, state: SebumState, effect: DayEffect, signals: Signals) -> tuple[SebumState, Signals]:
        cumulative = state.cumulative + signals["dose_mg_per_kg"]
        share = self.lasting_maximum * cumulative / (self.lasting_half_dose + cumulative)
        lasting = jnp.maximum(share * effect.mean, state.lasting * jnp.exp(-self.lasting_decay))
        left = 1 - lasting
        target = DayEffect((1 - effect.mean) * left, -effect.moment * left, -effect.bend * left)
        fall, rise = self.paces or self._paces()
        fraction = relax(state.fraction, fall.chosen(target.mean < state.fraction, rise), target)
        return SebumState(fraction, lasting, cumulative), {"sebum_fraction": fraction}
