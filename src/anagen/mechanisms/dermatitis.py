"""Seborrheic dermatitis as a fraction of the baseline score: it follows sebum, partly goes by itself, may relapse.

dQ/dt = rate (S^exponent·(1 - regression) - Q). Once Q has been below a threshold, and is above it again off the drug,
relapses come at a hazard of h·exp(steepness·(Q - threshold)) per day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, NamedTuple

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism

Array = jax.Array


class DermatitisState(NamedTuple):
    """Score `fraction`, the `target` at the end of yesterday, `lowest` fraction so far, cumulative relapse `hazard`;
    each `(people,)`."""

    fraction: Array
    target: Array
    lowest: Array
    hazard: Array


@mechanism
class Dermatitis:
    """`rate` and `relapse_hazard` in 1/d; each `(people,)`. Reads `sebum_fraction` and `on_drug`."""

    rate: Array
    exponent: Array
    regression: Array
    relapse_hazard: Array
    relapse_steepness: Array
    relapse_threshold: Array
    kept: Array | None = None
    outputs: ClassVar[Mapping[str, str]] = {
        "dermatitis_fraction": "fraction of baseline",
        "dermatitis_relapse_hazard": "cumulative hazard",
    }

    def ready(self) -> Dermatitis:
        """With what its days share computed once."""
        return replace(self, kept=jnp.exp(-self.rate))

    def initial(self, signals: Signals) -> tuple[DermatitisState, Signals]:
        one = jnp.ones_like(self.rate)
        state = DermatitisState(one, one * (1 - self.regression), one, 0 * one)
        return state, self.shown(state, signals)

    def effect(self, concentration: Array) -> None:
        return None

    def shown(self, state: DermatitisState, signals: Signals) -> Signals:
        return {"dermatitis_fraction": state.fraction, "dermatitis_relapse_hazard": state.hazard}

    def step(
        self, state: DermatitisState, effect: DayEffect | None, signals: Signals
    ) -> tuple[DermatitisState, Signals]:
        sebum = jnp.maximum(signals["sebum_fraction"], 1e-12)
        target = jnp.exp(self.exponent * jnp.log(sebum)) * (1 - self.regression)
        kept = jnp.exp(-self.rate) if self.kept is None else self.kept
        fraction = kept * state.fraction + (1 - kept) * 0.5 * (state.target + target)
        over = fraction - self.relapse_threshold
        daily = self.relapse_hazard * jnp.exp(self.relapse_steepness * over)
        lowest = jnp.minimum(state.lowest, fraction)
        relapsing = (signals["on_drug"] == 0) & (over > 0) & (lowest < self.relapse_threshold)
        state = DermatitisState(fraction, target, lowest, state.hazard + jnp.where(relapsing, daily, 0.0))
        return state, self.shown(state, signals)
