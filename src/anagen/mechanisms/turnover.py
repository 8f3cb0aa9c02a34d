"""Turnover: something made and lost at a steady pace, whose making a drug speeds or slows.

dx/dt = rate (1 + gain·effect(C) + extra - x), in units of the baseline; the published value is baseline·x.
Several analytes that share one concentration effect go together on the first axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism

Array = jax.Array


def relax(value: Array, rate: Array, effect: DayEffect, gain: Array | float = 1.0, extra: Array | float = 0.0) -> Array:
    """One day of dx/dt = rate (gain·effect + extra - x), exact for an effect that is linear within the day.

    `rate` in 1/d. The day's first moment weighs late hours more, as a fast turnover does.
    """
    kept = jnp.exp(-rate)
    late = 12 * (0.5 * (1 + kept) + jnp.expm1(-rate) / rate)
    return kept * value + (1 - kept) * (gain * effect.mean + extra) + late * gain * effect.moment


@mechanism
class Turnover:
    """Analytes `names` with units; `baseline`, `gain`, `rate` (1/d) are `(analytes, people)`."""

    names: tuple[str, ...]
    units: tuple[str, ...]
    response: Any
    baseline: Array
    gain: Array
    rate: Array
    extra: str | None = None
    static = ("names", "units", "extra")

    @property
    def outputs(self) -> Mapping[str, str]:
        return dict(zip(self.names, self.units, strict=True))

    def _published(self, level: Array) -> dict[str, Array]:
        values = self.baseline * level
        return {name: values[i] for i, name in enumerate(self.names)}

    def initial(self, signals: Signals) -> tuple[Array, Signals]:
        level = jnp.ones_like(self.baseline)
        return level, self._published(level)

    def effect(self, concentration: Array) -> Array:
        shaped: Array = self.response(concentration)
        return shaped

    def step(self, level: Array, effect: DayEffect, signals: Signals) -> tuple[Array, Signals]:
        extra = signals[self.extra] if self.extra else 0.0
        level = relax(level, self.rate, effect, self.gain, 1.0 + extra)
        return level, self._published(level)
