"""Block nutrients: what 0.5 mg/kg/d does to homocysteine, folate, B12, biotinidase, biotin and vitamin E.

Turnover at the rates of the design, which nobody measured: where a nutrient is slow (B12), a change seen after months
is only a part of what would come.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from anagen.mechanisms.turnover import Turnover
from calibration.blocks import Block, Values
from calibration.people import design
from calibration.priors import Prior, meal_priors
from calibration.responses import PEOPLE, block, levels, per_arm, turned_over, wired
from calibration.rows import Row

Array = jax.Array
NAME = "nutrients"


def build(priors: tuple[Prior, ...], rows: tuple[Row, ...]) -> Block:
    """The block; how meals were taken is a nuisance of each study that did not say."""
    unstated = meal_priors(NAME, (row.study for row in rows if row.meal_assumed))
    arms = list(dict.fromkeys((row.study, float(row.details["dose"]), row.time_weeks) for row in rows))
    place = [arms.index((row.study, float(row.details["dose"]), row.time_weeks)) for row in rows]
    size, people, known = PEOPLE * len(arms), levels(), design()
    days = jnp.asarray(np.repeat([7 * weeks for _, _, weeks in arms], PEOPLE))
    seen = {row.outcome.partition(":")[0] for row in rows}

    def predict(values: Values) -> Array:
        dose = jnp.stack([dose * values.get(f"meal:{study}", 1.0) for study, dose, _ in arms])
        found: Turnover = block(wired({n: v for n, v in values.items() if n in known}, size), "folate_fraction")
        after = per_arm(turned_over(found, people.at(dose), days), PEOPLE)
        names = [name.removesuffix("_fraction").removesuffix("_umol_per_l") for name in found.names]
        ratios = {name: after[names.index(name)] for name in seen}
        return jnp.stack([of(ratios, values, arm) for of, arm in zip(of_row, place, strict=True)])

    of_row = [_predictor(row) for row in rows]
    sds = {row.outcome: str(row.details["between_study"]) for row in rows if "between_study" in row.details}
    return Block(NAME, "Nutrients and homocysteine", (*priors, *unstated), rows, jax.jit(predict), sds)


def _predictor(row: Row) -> Callable[[dict[str, Array], Values, int], Array]:
    """Mean ratio to the value before, or the mean change in the row's unit."""
    nutrient, _, what = row.outcome.partition(":")
    if what == "ratio":
        return lambda ratios, values, arm: ratios[nutrient][arm]
    own = design().get(f"nutrients.{nutrient}.baseline")
    if own is not None:
        mean = own.value * float(np.exp(own.between**2 / 2))
        return lambda ratios, values, arm: mean * (ratios[nutrient][arm] - 1)
    return lambda ratios, values, arm: values[f"baseline:{nutrient}"] * (ratios[nutrient][arm] - 1)
