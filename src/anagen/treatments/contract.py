"""What a treatment's `model.py` gets and gives: drawn values and a person in, a wiring of mechanisms out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from anagen.mechanisms.disposition import Disposition
from anagen.mechanisms.module import mechanism
from anagen.patient.draws import Draws as Values

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
    """How doses come in.

    `lag` (routes, people) in h; `share` (formulations, meals, people) absorbed of a dose of `reference_mg`, relative to
    the reference formulation; `route` (meals,) of each meal; `half_mg` (formulations, meals), the dose that halves the
    share, infinite where absorption does not saturate; `occasion`, the SD of the log of the share from dose to dose.
    """

    lag: Array
    share: Array
    route: Array
    half_mg: Array
    reference_mg: float
    occasion: float
    static = ("reference_mg", "occasion")

    def absorbed(self, mg: Any, formulation: Any, meal: Any) -> Any:
        """Absorbed mg, `(doses, people)`, of doses `mg` and meals `(doses,)` or `(doses, people)`; without the spread
        between occasions."""
        formulation = formulation if meal.ndim == 1 else formulation[:, None]
        half = self.half_mg[formulation, meal]
        saturated = (1 + self.reference_mg / _column(half)) / (1 + _column(mg) / _column(half))
        if meal.ndim == 1:
            return _column(mg) * saturated * self.share[formulation, meal]
        return _column(mg) * saturated * self.share[formulation, meal, np.arange(self.share.shape[-1])]

    def person(self, column: int) -> Absorption:
        """The same of one person, as NumPy arrays that keep their axes."""
        whole: dict[str, Any] = {name: np.asarray(getattr(self, name)) for name in ("route", "half_mg")}
        one: dict[str, Any] = {name: np.asarray(getattr(self, name))[..., [column]] for name in ("lag", "share")}
        return replace(self, **whole, **one)


def _column(values: Any) -> Any:
    """Values `(doses,)` for all people, or as they are."""
    return values if values.ndim == 2 else values[:, None]


@mechanism
class Wiring:
    """Exposure, absorption, and mechanisms in the order of the flow.

    A person whose day's mean level is not above `off_drug` (ng/mL) counts as off the drug.
    """

    exposure: Disposition
    absorption: Absorption
    mechanisms: tuple[Any, ...]
    off_drug: Any = 0.0

    def through(self, routes: Array) -> Wiring:
        """The same with only some ways of absorption: an arm that is never fasted need not carry the fasted site."""
        exposure = replace(self.exposure, absorption=self.exposure.absorption[routes])
        route = jnp.argmax(self.absorption.route[:, None] == routes, axis=1)
        return replace(
            self,
            exposure=exposure,
            absorption=replace(self.absorption, lag=self.absorption.lag[routes], route=route),
        )
