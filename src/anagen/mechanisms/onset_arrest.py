"""Hypothesis: follicles pause before they grow again. Off unless assumed; seen with etretinate, size unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism

Array = jax.Array


@mechanism
class OnsetArrest:
    """More kenogen, and longer, the more the retinoid drives hairs out of anagen (fully at twice the healthy exit)."""

    usual: Array
    largest: Array
    factor: Array
    outputs: ClassVar[Mapping[str, str]] = {
        "kenogen_probability": "share of cycles",
        "kenogen_factor": "times usual",
    }

    def initial(self, signals: Signals) -> tuple[tuple[()], Signals]:
        return (), {"kenogen_probability": self.usual, "kenogen_factor": jnp.ones_like(self.usual)}

    def effect(self, concentration: Array) -> None:
        return None

    def step(self, state: tuple[()], effect: DayEffect | None, signals: Signals) -> tuple[tuple[()], Signals]:
        return (), self.shown(state, signals)

    def shown(self, state: tuple[()], signals: Signals) -> Signals:
        degree = jnp.clip(signals["retinoid_stress"], 0.0, 1.0)
        more = jnp.maximum(self.largest - self.usual, 0.0) * degree
        return {
            "kenogen_probability": self.usual + more,
            "kenogen_factor": 1 + (self.factor - 1) * degree,
        }
