"""What the responses of a few people come to at a steady daily dose: for blocks that do not fit the exposure.

    level of a few fixed people at 1 mg/kg/d ─► scaled to each arm's dose ─► the mechanism's own steps ─► its signals

Levels are linear in the dose, so they are made once, by the engine's own code, with the design's exposure. Once the
level repeats itself from day to day, a turnover's step is one affine map, and any number of days is taken at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np

from anagen.compiled.configure import configure
from anagen.mechanisms.module import DayEffect
from anagen.mechanisms.quadrature import ending, squared
from anagen.mechanisms.turnover import Turnover
from anagen.patient.draws import Draws
from anagen.simulation.day import BEFORE, through_days, within
from anagen.treatments.contract import Person, Wiring

from .people import design, scores, spread

Array = jax.Array
DAYS, SETTLED = 4, 12
"""The first days, on which the level differs, and the day that stands for all later ones (half-life 21 h: on day 5 it
is 2 % lower)."""
NO_LEVEL = 1e-9
PEOPLE, DIMENSIONS = 8, 3
"""People of each arm, and the dimensions in which they differ: clearance, share absorbed, and one for the block."""
BETWEEN = ("exposure.clearance", "exposure.bioavailability.conventional.standard")
"""What makes average levels differ between people of one weight."""


class Given:
    """Parameters as the wiring asks for them: `values` `(people,)` where given, else those of the typical person."""

    def __init__(self, values: Mapping[str, Array], people: int) -> None:
        self.parameters = design()
        self._values, self._people = values, people

    def __getitem__(self, name: str) -> Array:
        value = self._values[name] if name in self._values else self.parameters[name].value
        return jnp.broadcast_to(jnp.asarray(value, float), (self._people,))

    def typical(self, name: str) -> float:
        return self.parameters[name].value

    def uniform(self, name: str) -> Array:
        return jnp.full(self._people, 0.5)


def wired(values: Mapping[str, Any], people: int) -> Wiring:
    """The treatment's own wiring of men of 70 kg without dermatitis; parameters `values`, others of the design."""
    from anagen.treatments.isotretinoin import model

    one = jnp.ones(people)
    person = Person(70.0 * one, one > 0, 0 * one, one < 0, jnp.inf * one, {})
    return model.wire(cast(Draws, Given(values, people)), person, frozenset())


def block(wiring: Wiring, signal: str) -> Any:
    """The mechanism that publishes a signal."""
    return next(found for found in wiring.mechanisms if signal in found.outputs)


class Levels(NamedTuple):
    """Levels of people at one dose each, on the first days and on a day when they have settled.

    `concentration` (DAYS + 1, nodes, people) in ng/mL and its daily `mean` (DAYS + 1, people); `weights`
    (3, nodes, people) give the moments of an effect at the nodes (see `DayEffect`).
    """

    concentration: Any
    weights: Any
    mean: Any

    def at(self, dose: Array) -> Levels:
        """Those of arms with doses in mg/kg/d `(arms,)` (times their meal factors): people of the first arm, then of
        the next."""
        arms, people = dose.shape[0], self.mean.shape[-1]
        factor = jnp.repeat(dose, people)
        level, weights, mean = (jnp.tile(x, arms) for x in self)
        return Levels(level * factor, weights, mean * factor)

    def effect(self, of: Callable[[Array], Array]) -> DayEffect:
        """The moments of an effect of the level on each day, `(DAYS + 1, people)` each."""
        at_nodes = of(jnp.maximum(self.concentration, NO_LEVEL))  # a root has no slope at zero
        return DayEffect(*jnp.moveaxis(jnp.sum(self.weights * at_nodes[:, None], axis=2), 1, 0))


@cache
def levels(people: int = PEOPLE, dimensions: int = DIMENSIONS) -> Levels:
    """Levels of `people` at 1 mg/kg/d, once daily with standard meals; of the typical person where `people` is 1.

    `scores(people, dimensions)` has the scores of clearance and share absorbed in its first two rows.
    """
    configure()
    with jax.ensure_compile_time_eval():
        return cast(
            Levels, jax.tree_util.tree_map(np.asarray, jax.jit(_levels, static_argnums=(0, 1))(people, dimensions))
        )


def _levels(people: int, dimensions: int) -> Levels:
    from anagen.regimen import FORMULATIONS, MEALS

    given: dict[str, Array] = {}
    if people > 1:
        known, z = design(), jnp.asarray(scores(people, dimensions)[: len(BETWEEN)])
        values = (
            spread(known[name], jnp.asarray(known[name].value), row) for name, row in zip(BETWEEN, z, strict=True)
        )
        given = dict(zip(BETWEEN, values, strict=True))
    wiring = wired(given, people).through(jnp.array([0]))  # absorption with food
    mg = jnp.full((SETTLED, people), 70.0)
    meal = np.full(SETTLED, MEALS.index("standard"))
    taken = wiring.absorption.absorbed(mg, np.full(SETTLED, FORMULATIONS.index("conventional")), meal)
    lag = wiring.absorption.lag
    days = through_days(within(wiring.exposure, lag[None]), wiring.exposure.initial(), taken[:, None, None])
    course = days.level
    # One dose a day: nodes before it enters, and crowded ones after it, as `within` puts them.
    early, late = ending(BEFORE), squared(course.time.shape[1] - BEFORE)
    lengths = jnp.stack([lag, 24.0 - lag]) / 24
    weight = jnp.concatenate(
        [jnp.asarray(e[1])[:, None] * length for e, length in zip((early, late), lengths, strict=True)]
    )
    since = course.time[0] - 0.5
    weights = jnp.stack([weight, weight * since, weight * (since**2 - 1 / 12)])
    kept = course.concentration[jnp.array([*range(DAYS), SETTLED - 1])]
    return Levels(kept, weights, jnp.sum(kept * weight, axis=1))


def turned_over(mechanism: Turnover, levels: Levels, days: Array) -> Array:
    """Level of each analyte, in units of its baseline, after `days` (at least `DAYS`), `(people,)` or with more axes in
    front: `(..., analytes, people)`."""
    ready = mechanism.ready()
    effects = levels.effect(ready.effect)
    none = {ready.extra: jnp.zeros_like(levels.mean[0])} if ready.extra else {}
    start, _ = ready.initial({})

    def day(level: Array, effect: DayEffect) -> Array:
        stepped: Array = ready.step(level, effect, none)[0]
        return stepped

    # A day's step is affine: what it keeps is the same every day, what it adds is the day's own.
    added = jax.vmap(day, (None, 0))(jnp.zeros_like(start), effects)  # (DAYS + 1, analytes, people)
    shift = added[-1]
    kept = day(jnp.ones_like(start), jax.tree_util.tree_map(lambda x: x[-1], effects)) - shift
    left = jnp.arange(DAYS - 1, -1, -1)[:, None, None]
    level = kept**DAYS * start + jnp.sum(kept**left * added[:-1], axis=0)
    settled = shift / (1 - kept)
    return settled + kept ** (days[..., None, :] - DAYS) * (level - settled)


def per_arm(values: Array, people: int) -> Array:
    """Means over the people of each arm, `(..., arms)`."""
    return values.reshape(*values.shape[:-1], -1, people).mean(-1)
