"""Turnover: something made and lost at a steady pace, whose making a drug speeds or slows.

dx/dt = rate (1 + gain·effect(C) + extra - x), in units of the baseline; the published value is baseline·x.
Several analytes that share one concentration effect go together on the first axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from .module import DayEffect, Pulled, Signals, mechanism

Array = jax.Array


TERMS = 10
"""Terms of the series of the day's weights; exact to rounding for rates up to 0.5/d."""


class Pace(NamedTuple):
    """What a rate does in a day: the share `kept` of what there was, and the weights of an effect's first moment
    (`late`) and of its `bend` at the end of the day."""

    kept: Array
    late: Array
    bent: Array

    @classmethod
    def of(cls, rate: Array) -> Pace:
        """The pace of a rate in 1/d, at most about 0.5.

        The weight that the end of the day gives to each hour, rate·e^(-rate (1 - t)), is expanded in Legendre
        polynomials of the day; series, because the closed forms cancel at slow rates.
        """
        return cls(jnp.exp(-rate), *_weights(rate))

    def chosen(self, where: Array, other: Pace) -> Pace:
        """This one where `where` holds, else the other."""
        return Pace(*(jnp.where(where, a, b) for a, b in zip(self, other, strict=True)))


def relax(value: Array, pace: Pace, effect: DayEffect, gain: Array | float = 1.0, extra: Array | float = 0.0) -> Array:
    """One day of dx/dt = rate (gain·effect + extra - x), exact for an effect that is quadratic within the day."""
    swing = gain * (pace.late * effect.moment + pace.bent * effect.bend)
    return pace.kept * value + (1 - pace.kept) * (gain * effect.mean + extra) + swing


def _weights(rate: Array) -> tuple[Array, Array]:
    """Weights of the first moment and of the bend: 12 and 180 times the integrals of the kernel with (t - 1/2) and with
    (t - 1/2)² - 1/12."""
    late = bent = jnp.zeros_like(rate)
    for n in range(TERMS, 0, -1):  # Horner's scheme in -rate/n
        first = 0.5 / (n + 1) - 1 / (n + 2)
        second = 1 / (6 * (n + 1)) - 1 / (n + 2) + 1 / (n + 3)
        late = (late + first) * -rate / n
        bent = (bent + second) * -rate / n
    return 12 * rate * late, 180 * rate * bent


FEW = 2
"""Up to so many analytes each have their own integral of the effect; more share its moments, which costs less."""


@mechanism
class Turnover:
    """Analytes `names` with units; `baseline`, `gain`, `rate` (1/d) are `(analytes, people)`.

    Rates of more than `FEW` analytes must not exceed 0.5/d (see `Pace`).
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    response: Any
    baseline: Array
    gain: Array
    rate: Array
    extra: str | None = None
    pace: Pace | None = None
    static = ("names", "units", "extra")

    @property
    def outputs(self) -> Mapping[str, str]:
        return dict(zip(self.names, self.units, strict=True))

    def ready(self) -> Turnover:
        """With what its days share computed once."""
        return replace(self, pace=Pace.of(self.rate))

    def shown(self, level: Array, signals: Signals) -> Signals:
        values = self.baseline * level
        return {name: values[i] for i, name in enumerate(self.names)}

    def initial(self, signals: Signals) -> tuple[Array, Signals]:
        level = jnp.ones_like(self.baseline)
        return level, self.shown(level, signals)

    def effect(self, concentration: Array) -> Array:
        shaped: Array = self.response(concentration)
        return shaped

    def pull(self, time: Array) -> list[Array] | None:
        """rate·e^(-rate (1 - t)) of each analyte at `time` in days from the morning, `(..., people)`."""
        return [rate * jnp.exp(rate * (time - 1)) for rate in self.rate] if len(self.names) <= FEW else None

    def step(self, level: Array, effect: DayEffect | Pulled, signals: Signals) -> tuple[Array, Signals]:
        extra, pace = signals[self.extra] if self.extra else 0.0, self.pace or Pace.of(self.rate)
        if isinstance(effect, Pulled):
            level = pace.kept * level + (1 - pace.kept) * (1.0 + extra) + self.gain * jnp.stack(effect.rows)
        else:
            level = relax(level, pace, effect, self.gain, 1.0 + extra)
        return level, self.shown(level, signals)
