"""Hypothesis: liver stress strikes growing hairs. Off unless assumed; no study that looked found it with a retinoid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism

Array = jax.Array


@mechanism
class LiverStrike:
    """Hazard of a hit = `hazard`·x^n / (`half`^n + x^n), x the rise of ALT over its `baseline` beyond `threshold`."""

    baseline: Array
    threshold: Array
    half: Array
    steepness: Array
    hazard: Array
    outputs: ClassVar[Mapping[str, str]] = {
        "hit_fraction": "of anagen hairs per day",
        "toxic_exposure": "1 if above",
    }

    def initial(self, signals: Signals) -> tuple[tuple[()], Signals]:
        none = jnp.zeros_like(self.baseline)
        return (), {"hit_fraction": none, "toxic_exposure": none}

    def effect(self, concentration: Array) -> None:
        return None

    def step(self, state: tuple[()], effect: DayEffect | None, signals: Signals) -> tuple[tuple[()], Signals]:
        return (), self.shown(state, signals)

    def shown(self, state: tuple[()], signals: Signals) -> Signals:
        beyond = jnp.maximum(signals["alt_u_per_l"] / self.baseline - 1 - self.threshold, 0.0)
        power = (beyond / self.half) ** self.steepness
        hazard = self.hazard * power / (1 + power)
        return {"hit_fraction": -jnp.expm1(-hazard), "toxic_exposure": jnp.where(beyond > 0, 1.0, 0.0)}
