"""Hypothesis: resting hairs hold less firmly in a few people. Off unless assumed; two of 22 with etretinate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism

Array = jax.Array


@mechanism
class Anchorage:
    """The telogen clock runs `speed` times as fast on the drug where `affected` is 1."""

    affected: Array
    speed: Array
    outputs: ClassVar[Mapping[str, str]] = {"telogen_speed": "times usual"}

    def initial(self, signals: Signals) -> tuple[tuple[()], Signals]:
        return (), {"telogen_speed": jnp.ones_like(self.affected)}

    def effect(self, concentration: Array) -> None:
        return None

    def step(self, state: tuple[()], effect: DayEffect | None, signals: Signals) -> tuple[tuple[()], Signals]:
        return (), self.shown(state, signals)

    def shown(self, state: tuple[()], signals: Signals) -> Signals:
        return {"telogen_speed": 1 + (self.speed - 1) * self.affected * signals["on_drug"]}
