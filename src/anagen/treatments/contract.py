"""What a treatment's `model.py` gets and gives: drawn values and a person in, a wiring of mechanisms out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp

from anagen.mechanisms.disposition import Disposition
from anagen.mechanisms.module import mechanism
from anagen.patient.population import Draws as Values

Array = jax.Array
__all__ = ["Absorption", "Person", "Values", "Wiring"]


@mechanism
class Person:
    """The person's covariates as the wiring needs them: scalars or `(people,)` arrays.

    `dermatitis_severity` from 0 to 1; `ferritin_ug_per_l` infinite where nothing is known of it; `raised` is the factor
    by which supplements raise each nutrient.
    """

    weight_kg: Any
    male: Any
    dermatitis_severity: Any
    pattern_hair_loss: Any
    ferritin_ug_per_l: Any
    raised: Mapping[str, Any]


@mechanism
class Absorption:
    """`lag` (routes, people) in h; `share` (formulations, meals, people) absorbed, relative to the reference;
    `route` (meals,) of each meal; `occasion`, the SD of the log of the share from one dose to the next."""

    lag: Array
    share: Array
    route: Array
    occasion: float
    static = ("occasion",)


@mechanism
class Wiring:
    """Exposure, absorption, and mechanisms in the order of the flow."""

    exposure: Disposition
    absorption: Absorption
    mechanisms: tuple[Any, ...]

    def through(self, routes: Array) -> Wiring:
        """The same with only some ways of absorption: an arm that is never fasted need not carry the fasted site."""
        exposure = replace(self.exposure, absorption=self.exposure.absorption[routes])
        route = jnp.argmax(self.absorption.route[:, None] == routes, axis=1)
        return replace(
            self,
            exposure=exposure,
            absorption=replace(self.absorption, lag=self.absorption.lag[routes], route=route),
        )
