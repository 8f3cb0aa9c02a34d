"""What drives hairs out of anagen early: m = 1 + sum of weight·stress, at most a ceiling; 1 is the healthy rate.

Each term has a name, and the engine's sum can be asked for term by term, so that the wiring can be drawn as a map.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism

Array = jax.Array


@mechanism
class Term:
    """weight·signal. `weight` `(people,)`."""

    name: str
    signal: str
    weight: Array
    static = ("name", "signal")

    def stress(self, signals: Signals) -> Array:
        return self.weight * signals[self.signal]


@mechanism
class Deficiency:
    """weight·(how far the signal, times `scale`, has fallen from `threshold` to `full`), from 0 to weight."""

    name: str
    signal: str
    weight: Array
    scale: Array
    threshold: Array
    full: Array
    static = ("name", "signal")

    def stress(self, signals: Signals) -> Array:
        level = self.scale * signals[self.signal]
        return self.weight * jnp.clip((self.threshold - level) / (self.threshold - self.full), 0.0, 1.0)


@mechanism
class Constant:
    """A stress that does not change: a low ferritin, say. `amount` `(people,)`."""

    name: str
    amount: Array
    static = ("name",)

    def stress(self, signals: Signals) -> Array:
        return self.amount


@mechanism
class AnagenExit:
    """`susceptibility`·mean of `response`(C) + the other `terms`; `damping` multiplies the whole while `on_drug`."""

    susceptibility: Array
    response: Any
    terms: tuple[Any, ...]
    ceiling: Array
    damping: Array | None
    outputs: ClassVar[Mapping[str, str]] = {
        "anagen_exit": "times the healthy rate",
        "retinoid_stress": "part of it due to the drug",
    }
    costly: ClassVar[bool] = True
    """Its effect may be a power, which takes a logarithm."""
    sums: ClassVar[str] = "anagen_exit"
    """What `contributions` adds up to."""

    def initial(self, signals: Signals) -> tuple[Array, Signals]:
        none = jnp.zeros_like(self.susceptibility)
        return none, self.shown(none, signals)

    def effect(self, concentration: Array) -> Array:
        shaped: Array = self.response(concentration)
        return shaped

    def step(self, stress: Array, effect: DayEffect, signals: Signals) -> tuple[Array, Signals]:
        stress = self.susceptibility * effect.mean
        return stress, self.shown(stress, signals)

    def contributions(self, signals: Signals) -> dict[str, Array]:
        """By name, what adds up to `anagen_exit` - 1; `signals` of one moment, with its own `retinoid_stress`.

        The drug's own part, the terms, what the `ceiling` takes off, and the `damping` where there is one.

        Raises:
            ValueError: two terms have one name.
        """
        return self._summed(signals)[0]

    def shown(self, stress: Array, signals: Signals) -> Signals:
        own = {"retinoid_stress": stress}
        _, multiplier = self._summed({**signals, **own})
        return {"anagen_exit": multiplier, **own}

    def _summed(self, signals: Signals) -> tuple[dict[str, Array], Array]:
        """The contributions and the multiplier that they make: one sum for the engine and for who explains it."""
        parts = {"retinoid": signals["retinoid_stress"], **{term.name: term.stress(signals) for term in self.terms}}
        if len(parts) != 1 + len(self.terms):
            raise ValueError(f"two terms of the anagen exit have one name: {[term.name for term in self.terms]}")
        total = 1 + parts["retinoid"]
        for term in self.terms:
            total = total + parts[term.name]
        multiplier = jnp.minimum(total, self.ceiling)
        parts["ceiling"] = multiplier - total
        if self.damping is not None:
            on_drug = signals.get("on_drug", 0.0)  # not made yet before the first dose
            damped = jnp.where(on_drug > 0, multiplier * self.damping, multiplier)
            parts["damping"] = damped - multiplier
            multiplier = damped
        return parts, multiplier
