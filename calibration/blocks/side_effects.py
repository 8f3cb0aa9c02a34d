"""Block side_effects: shares affected on a steady dose, by the logit of the dose; the doses of groups are nuisances.

How people were asked decides more than the dose: each effect has an SD between studies, about 1.5 on the logit for
cheilitis. With one study an intercept is known no better than that.
"""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp

from anagen.mechanisms.side_effects import SideEffects, SideEffectState
from calibration.blocks import Block, Values
from calibration.people import design
from calibration.priors import Prior
from calibration.responses import PEOPLE, block, levels, per_arm, wired
from calibration.rows import Row

Array = jax.Array
GROUP = "dose:{}:{}"
AT_ONCE = 1e3
"""Onset in 1/d so fast that one step of the mechanism shows where it settles."""


def build(priors: tuple[Prior, ...], rows: tuple[Row, ...]) -> Block:
    """The block; `details.group` names the nuisance with a group's mean dose."""
    arms = list(dict.fromkeys((row.study, str(row.details["group"])) for row in rows))
    place = [arms.index((row.study, str(row.details["group"]))) for row in rows]
    size, people, known = PEOPLE * len(arms), levels(), design()

    def predict(values: Values) -> Array:
        dose = jnp.stack([values[GROUP.format(*arm)] for arm in arms])
        found = block(wired({n: v for n, v in values.items() if n in known}, size), "cheilitis")
        share = per_arm(settled(found, people.at(dose).mean[-1]), PEOPLE)
        return jnp.stack([share[found.names.index(row.outcome), arm] for row, arm in zip(rows, place, strict=True)])

    sds = {row.outcome: str(row.details["between_study"]) for row in rows if "between_study" in row.details}
    return Block("side_effects", "Side effects", priors, rows, jax.jit(predict), sds)


def settled(found: SideEffects, level: Array) -> Array:
    """Shares affected, `(effects, people)`, when a mean level in ng/mL has lasted: the mechanism's own step, taken
    where the running dose has settled and with an onset that is over in a day."""
    quick = replace(found, onset_rate=AT_ONCE * jnp.ones_like(found.onset_rate))
    start, _ = quick.initial({})
    state = SideEffectState(level / found.level_per_dose, jnp.zeros_like(start.share))
    after, _ = quick.step(state, None, {found.driver: level})
    return after.share
