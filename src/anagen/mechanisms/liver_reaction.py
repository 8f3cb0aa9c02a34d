"""A rare, unpredictable liver reaction: enzymes are made many times faster for some weeks, in very few people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism

Array = jax.Array


@mechanism
class LiverReaction:
    """`onset` (day, infinite where there is none), `duration` (d), `size` (times normal making); `(people,)`.

    Reads `day` and `on_drug`: whoever is off the drug on the day of onset is spared.
    """

    onset: Array
    duration: Array
    size: Array
    outputs: ClassVar[Mapping[str, str]] = {"liver_reaction": "extra making of enzymes, times normal"}

    def initial(self, signals: Signals) -> tuple[Array, Signals]:
        zero = jnp.zeros_like(self.size)
        return zero, {"liver_reaction": zero}

    def effect(self, concentration: Array) -> None:
        return None

    def step(self, begun: Array, effect: DayEffect | None, signals: Signals) -> tuple[Array, Signals]:
        day = signals["day"]
        starts = (day >= self.onset) & (day < self.onset + 1) & (signals["on_drug"] > 0)
        begun = jnp.where(starts, 1.0, begun)
        return begun, self.shown(begun, signals)

    def shown(self, begun: Array, signals: Signals) -> Signals:
        running = (begun > 0) & (signals["day"] < self.onset + self.duration)
        return {"liver_reaction": jnp.where(running, self.size - 1, 0.0)}
