"""Block shedding: how susceptible people are, from complaints of hair loss at two doses and an unknown background.

    susceptibility·(level / reference)^exponent ─► stress ─► follicles ─► sheds twice the own usual? ─► complaint

A person complains if shedding is over twice the own usual at the end of some week of the course (docs/trial-lytvyn.md).
Susceptibility is lognormal, and more stress sheds more: a share of complaints is the chance of a susceptibility above
what it takes. What stress it takes hangs on the follicles and on the weeks alone, not on what is fitted: it is found
once, by the follicles' own daily steps. Without the drug, 0 to 2.8 % complain, each share as likely.

The SD between people of the log of the susceptibility stays the design's: two shares cannot tell it from the median,
and the program, which knows one spread, needs the median that goes with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from anagen.compiled.configure import configure
from calibration.blocks import Block, Values
from calibration.people import design, scores, spread
from calibration.priors import Prior
from calibration.responses import DAYS, DIMENSIONS, PEOPLE, block, levels, wired
from calibration.rows import Row

Array = jax.Array
Floats = npt.NDArray[np.float64]
NOTICED, MOST_WEEKS = 2.0, 28
BACKGROUND = 0.028
STRESSES = np.geomspace(0.4, 5.0, 22)
"""Where the follicles are tried; the exit is at most 6 times the healthy one, a stress of 5."""
NEVER = 1e9
EXIT = "anagen_exit.retinoid."


def build(priors: tuple[Prior, ...], rows: tuple[Row, ...]) -> Block:
    """The block."""
    needed, people, known = stress_needed(), levels(), design()
    of_row = [_predictor(row, needed) for row in rows]

    def predict(values: Values) -> Array:
        mine = {name: value for name, value in values.items() if name in known}
        return jnp.stack([of(values, mine, people) for of in of_row])

    sds = {row.outcome: str(row.details["between_study"]) for row in rows if "between_study" in row.details}
    return Block("shedding", "Shedding", priors, rows, jax.jit(predict), sds)


def _predictor(row: Row, needed: Floats) -> Callable[..., Array]:
    if row.outcome.startswith("acitretin"):
        return lambda values, mine, people: _acitretin(values)
    dose, weeks = float(row.details["dose"]), int(row.details["weeks"])

    def share(values: Values, mine: Values, people: object) -> Array:
        stress = usual_stress(mine, dose)
        above = (jnp.log(stress) - np.log(needed[weeks])) / susceptibility_spread()
        own = jax.scipy.special.ndtr(above).mean()
        background = BACKGROUND * jax.scipy.special.ndtr(values["shedding.background"])
        return own + (1 - own) * background

    return share


def susceptibility_spread() -> float:
    """SD of the log of the susceptibility between people."""
    return design()[f"{EXIT}susceptibility"].between


def usual_stress(values: Values, dose: float) -> Array:
    """Daily mean stress of people of middle susceptibility whose levels differ, at a steady dose in mg/kg/d."""
    found = block(wired(values, PEOPLE), "retinoid_stress")
    effect = levels().at(jnp.array([dose])).effect(found.effect)
    return found.susceptibility * effect.mean[-1]


def _acitretin(values: Values) -> Array:
    """Alopecia at 50 mg over that at 25 mg: the same exponent and spread, and a share at 25 mg that is a nuisance."""
    at_25 = values["shedding.acitretin_25"]
    further = values[f"{EXIT}exponent"] * jnp.log(2.0) / susceptibility_spread()
    return jax.scipy.special.ndtr(jax.scipy.special.ndtri(at_25) + further) / at_25


@cache
def stress_needed() -> Floats:
    """The steady stress at which sheds come to twice the usual by the end of some week, `(weeks + 1, people)`; people
    differ in the length of anagen. `NEVER` where the most stress does not do it."""
    configure()
    ratio = np.maximum.accumulate(np.asarray(jax.jit(_shed_ratios)()), 0)  # (weeks + 1, stresses, people)
    found = np.full((MOST_WEEKS + 1, PEOPLE), NEVER)
    for week in range(1, MOST_WEEKS + 1):
        for person in range(PEOPLE):
            curve = ratio[week, :, person]
            if curve[-1] > NOTICED:  # more stress, more sheds: a curve that rises
                found[week, person] = np.exp(np.interp(NOTICED, curve, np.log(STRESSES)))
    return found


def _shed_ratios() -> Array:
    """Sheds a day over those before, at the end of each week: `(weeks + 1, stresses, people)`."""
    size = STRESSES.size * PEOPLE
    name = "follicles.anagen_duration"
    own = spread(design()[name], jnp.asarray(design()[name].value), jnp.asarray(scores(PEOPLE, DIMENSIONS)[2]))
    follicles = block(wired({name: jnp.tile(own, STRESSES.size)}, size), "shed_per_day")
    follicles = follicles.ready() if hasattr(follicles, "ready") else follicles
    stress = jnp.repeat(jnp.asarray(STRESSES), PEOPLE)
    # The stress comes as the level does; how it does so hardly hangs on the exponent.
    exit_terms = block(wired({}, PEOPLE), "retinoid_stress")
    first = levels().effect(exit_terms.effect).mean.mean(1)
    coming = jnp.concatenate([first[:-1] / first[-1], jnp.ones(7 * MOST_WEEKS - DAYS)])
    state, before = follicles.initial({"anagen_exit": jnp.ones(size)})

    def day(state: object, today: tuple[Array, Array]) -> tuple[object, Array]:
        number, part = today
        later, made = follicles.step(state, None, {"anagen_exit": 1 + part * stress, "day": number})
        return later, made["shed_per_day"]

    _, sheds = jax.lax.scan(day, state, (jnp.arange(7 * MOST_WEEKS), coming))
    weekly = jnp.concatenate([before["shed_per_day"][None], sheds[6::7]]) / before["shed_per_day"]
    return weekly.reshape(MOST_WEEKS + 1, STRESSES.size, PEOPLE)
