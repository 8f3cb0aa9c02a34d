"""Seborrheic dermatitis: how fast and how far the score follows sebum, from one open study confounded by creams.

Sebum itself is drawn from its own priors here (`with:sebum...`): this study does not say what sebum did, and what it
would say of sebum is not written.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

from anagen.mechanisms.dermatitis import Dermatitis, DermatitisState
from calibration.blocks import Block, Values
from calibration.blocks.sebum import SPREAD, Arm, Arms
from calibration.people import design, wired
from calibration.priors import Prior, meal_priors, read_priors
from calibration.rows import Row

Array = jax.Array
TITLE = "Seborrheic dermatitis"
SEBUM = (*SPREAD[:3], "sebum.lasting_maximum")
CREAMS = "dermatitis.topical_share"


def build(priors: tuple[Prior, ...], rows: tuple[Row, ...]) -> Block:
    """The dermatitis block."""
    studies = list(dict.fromkeys(row.study for row in rows))
    end = max(round(7 * row.time_weeks) for row in rows)
    arms = Arms([Arm(study, 0.0, end, end, f"dose:{study}", f"meal:{study}") for study in studies])

    def predict(values: Values) -> Array:
        left = scores_of(arms, values) * (1 - values[CREAMS])
        return jnp.stack([left[round(7 * row.time_weeks), studies.index(row.study)] for row in rows])

    borrowed = tuple(_borrowed(prior) for name, prior in read_priors().items() if name in SEBUM)
    everything = (*priors, *borrowed, *meal_priors("dermatitis", studies))
    return Block("dermatitis", TITLE, everything, rows, predict, {"dermatitis_fraction": "dermatitis.between_studies"})


def _borrowed(prior: Prior) -> Prior:
    known = design()[prior.name]
    own = {"name": f"with:{prior.name}", "block": "dermatitis", "nuisance": True}
    return prior.model_copy(update=own | {"unit": known.unit, "meaning": f"{known.meaning} (from its prior)"})


def scores_of(arms: Arms, values: Values) -> Array:
    """Mean fraction of the score left, without creams, `(1 + days, arms)`."""
    sebum = {n: jnp.asarray(p.value) for n, p in design().items() if n.startswith("sebum.")}
    given = {name.partition("with:")[2]: value for name, value in values.items() if name.startswith("with:")}
    fraction = arms.each({**values, **sebum, **given})  # on the drug to the end: by days
    own = {name: value for name, value in values.items() if name.startswith("dermatitis.") and name in design()}
    mechanisms = wired(own, arms.size).mechanisms
    block = next(m for m in mechanisms if isinstance(m, Dermatitis))
    state, made = block.initial({})
    taking = jnp.ones(arms.size)

    def day(state: DermatitisState, sebum: Array) -> tuple[DermatitisState, Array]:
        signals = {"sebum_fraction": sebum, "on_drug": taking}
        state, made = block.step(state, None, signals)
        return state, made["dermatitis_fraction"]

    _, days = jax.lax.scan(day, state, fraction[1:])
    each = jnp.concatenate([made["dermatitis_fraction"][None], days])
    return each.reshape(each.shape[0], -1, arms.people).mean(-1)
