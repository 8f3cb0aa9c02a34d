"""Side effects as probabilities: logit p = intercept + slope·ln(mg/kg/d), or one share at any dose; slow to come and
slower to go.

Never for malformations: any dose in pregnancy is maximal risk, and nothing here computes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism

Array = jax.Array


class SideEffectState(NamedTuple):
    """Seven-day running `dose` in mg/kg/d, `(people,)`; `share` affected, `(effects, people)`."""

    dose: Array
    share: Array


@mechanism
class SideEffects:
    """Effects `names`: first those with `intercept` and `slope`, then those with a `share`, `(effects, people)` each;
    rates in 1/d.

    `level_per_dose` turns the day's mean level (or its peak, with a `peak_threshold` in ng/mL, where peaks are assumed
    to matter) into mg/kg/d.
    """

    names: tuple[str, ...]
    intercept: Array
    slope: Array
    share: Array
    onset_rate: Array
    offset_rate: Array
    level_per_dose: Array
    peak_threshold: Array | None
    driver: str
    left: tuple[Array, Array] | None = None
    static = ("names", "driver")

    @property
    def outputs(self) -> Mapping[str, str]:
        return {name: "probability" for name in self.names}

    def ready(self) -> SideEffects:
        """With what its days share computed once."""
        return replace(self, left=self._left())

    def _left(self) -> tuple[Array, Array]:
        """What is left after a day of the way to go, coming and going."""
        return jnp.exp(-self.onset_rate), jnp.exp(-self.offset_rate)

    def initial(self, signals: Signals) -> tuple[SideEffectState, Signals]:
        none = jnp.zeros_like(self.onset_rate)
        state = SideEffectState(none, jnp.stack([none] * len(self.names)))
        return state, self.shown(state, signals)

    def effect(self, concentration: Array) -> None:
        return None

    def shown(self, state: SideEffectState, signals: Signals) -> Signals:
        return {name: state.share[i] for i, name in enumerate(self.names)}

    def step(
        self, state: SideEffectState, effect: DayEffect | None, signals: Signals
    ) -> tuple[SideEffectState, Signals]:
        level = signals[self.driver]
        if self.peak_threshold is not None:
            level = jnp.maximum(level - self.peak_threshold, 0.0)
        dose = state.dose + (1 - jnp.exp(-1 / 7)) * (level / self.level_per_dose - state.dose)
        chances = jax.nn.sigmoid(self.intercept + self.slope * jnp.log(jnp.maximum(dose, 1e-9)))
        target = jnp.concatenate([chances, self.share]) * jnp.where(dose > 1e-3, 1.0, 0.0)
        coming, going = self.left or self._left()
        # The rate hangs on the side from which the target is neared; written so that the loop has no choices in it.
        away = state.share - target
        share = target + coming * jnp.minimum(away, 0.0) + going * jnp.maximum(away, 0.0)
        state = SideEffectState(dose, share)
        return state, self.shown(state, signals)
