"""Creatine kinase: a resting level and spikes after hard exercise, larger on the drug."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism

Array = jax.Array


@mechanism
class CreatineKinase:
    """`baseline` in U/L; `mean_effect` at the half-effect level `half` (ng/mL); exercise `rate` and `decay` in 1/d.

    A spike adds `size·e^(spread·z)` baselines, times 1 + `dose_factor`·(mg/kg/d), where mg/kg/d is the day's mean
    level over `level_per_dose` (ng/mL per mg/kg/d). Reads two daily standard normals of the person's own noise.
    """

    baseline: Array
    mean_effect: Array
    half: Array
    exercise_threshold: Array
    size: Array
    spread: Array
    dose_factor: Array
    level_per_dose: Array
    decay: Array
    kept: Array | None = None
    outputs: ClassVar[Mapping[str, str]] = {"ck_u_per_l": "U/L"}
    noise: ClassVar[tuple[str, ...]] = ("exercise", "exercise_size")

    def ready(self) -> CreatineKinase:
        """With what its days share computed once."""
        return replace(self, kept=jnp.exp(-self.decay))

    def initial(self, signals: Signals) -> tuple[Array, Signals]:
        return jnp.zeros_like(self.baseline), {"ck_u_per_l": self.baseline}

    def effect(self, concentration: Array) -> None:
        return None

    def step(self, spike: Array, effect: DayEffect | None, signals: Signals) -> tuple[Array, Signals]:
        level = signals["concentration_mean"]
        exercised = signals["noise:exercise"] > self.exercise_threshold
        height = self.size * jnp.exp(self.spread * signals["noise:exercise_size"])
        height = height * (1 + self.dose_factor * level / self.level_per_dose)
        kept = jnp.exp(-self.decay) if self.kept is None else self.kept
        spike = spike * kept + jnp.where(exercised, height, 0.0)
        return spike, self.shown(spike, signals)

    def shown(self, spike: Array, signals: Signals) -> Signals:
        level = signals["concentration_mean"]
        resting = 1 + 2 * self.mean_effect * level / (self.half + level)
        return {"ck_u_per_l": self.baseline * (resting + spike)}
