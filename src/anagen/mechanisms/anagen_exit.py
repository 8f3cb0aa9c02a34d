"""What drives hairs out of anagen early: m = 1 + sum of weight·stress, at most a ceiling; 1 is the healthy rate.

Each term names the signal it reads, so that the wiring can be drawn as a map.
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

    def initial(self, signals: Signals) -> tuple[tuple[()], Signals]:
        none = jnp.zeros_like(self.susceptibility)
        return (), {"anagen_exit": self._multiplier(none, signals), "retinoid_stress": none}

    def effect(self, concentration: Array) -> Array:
        shaped: Array = self.response(concentration)
        return shaped

    def _multiplier(self, retinoid: Array, signals: Signals) -> Array:
        total = 1 + retinoid
        for term in self.terms:
            total = total + term.stress(signals)
        return jnp.minimum(total, self.ceiling)

    def step(self, state: tuple[()], effect: DayEffect, signals: Signals) -> tuple[tuple[()], Signals]:
        retinoid = self.susceptibility * effect.mean
        multiplier = self._multiplier(retinoid, signals)
        if self.damping is not None:
            multiplier = jnp.where(signals["on_drug"] > 0, multiplier * self.damping, multiplier)
        return (), {"anagen_exit": multiplier, "retinoid_stress": retinoid}
