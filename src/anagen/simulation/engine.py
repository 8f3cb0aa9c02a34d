"""The engine: one arm, a tile of people, block after block of days. No drug, no file, no option is known here.

Two functions to compile: `prepare` draws the people and their steady state; `advance` carries them through a block of
weeks. Both have one fixed shape, so that any number of people and weeks runs the same compiled program.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from anagen.mechanisms.disposition import Amounts
from anagen.mechanisms.module import Signals
from anagen.patient.draws import Spreads
from anagen.patient.streams import normals, stream_keys
from anagen.treatments.contract import Person, Values, Wiring
from anagen.treatments.registry import Treatment

from .day import HOURS, course, integrate, peak, respond, through_days
from .doses import Doses, entries

Array = jax.Array
WEEK = 7
BLOCK_WEEKS = 13
BLOCK_DAYS = WEEK * BLOCK_WEEKS
EXPOSURE_SERIES = ("concentration_mean", "concentration_peak", "concentration_trough", "metabolite_mean")
"""In ng/mL: mean, highest and lowest of the parent, mean of the metabolite; of the week, or of the day where daily."""


class Carry(NamedTuple):
    """Everything a tile remembers between blocks."""

    amounts: Amounts
    states: tuple[Any, ...]


class Days(NamedTuple):
    """What is given for each day of a block: `number` of the day, mg `taken`, part of a `pulse` of anagen exit
    (0 to 1) for each kind of event, `(days, kinds)`."""

    number: Any
    taken: Any
    pulse: Any


def prepare(
    treatment: Treatment,
    assumed: frozenset[str],
    seed: Array,
    people: Array,
    spreads: Spreads,
    person: Person,
    routes: Array,
) -> tuple[Wiring, Carry, Array, Array]:
    """Draw a tile of people: wiring, first state, first row `(series, people)`, and the size of each kind of event.

    `routes` are the ways of absorption that the arm uses.
    """
    values = Values(treatment.parameters, seed, people, spreads, treatment.chances)
    wiring = treatment.wire(values, person, assumed).through(routes)
    signals: dict[str, Array] = {}
    states = []
    for block in wiring.mechanisms:
        state, made = block.initial(signals)
        states.append(state)
        signals.update(made)
    zero = jnp.zeros(people.shape)
    row = jnp.stack([signals.get(name, zero) for name in series_names(wiring)])
    pulses = jnp.stack(list(treatment.pulses(values).values()))
    return wiring, Carry(wiring.exposure.initial(), tuple(states)), row, pulses


def advance(
    wiring: Wiring,
    carry: Carry,
    seed: Array,
    people: Array,
    weight_kg: Array,
    pulses: Array,
    doses: Doses,
    days: Days,
    *,
    places: int,
    daily: bool,
) -> tuple[Carry, Array]:
    """Carry a tile through one block; rows are `(weeks, series, people)`, or `(days, series, people)` where `daily`."""
    streams = sorted({name for block in wiring.mechanisms for name in getattr(block, "noise", ())})
    keys = stream_keys(seed, ["occasion", *(f"day:{name}" for name in streams)])
    number = jnp.pad(days.number, (0, doses.number.size - BLOCK_DAYS))  # one drawing for all: doses outnumber days
    drawn = jax.vmap(normals, (0, None, 0))(keys, people, jnp.stack([doses.number, *[number] * len(streams)]))
    entering = entries(doses, wiring.absorption, drawn[0], people, BLOCK_DAYS, places)
    noise = {name: drawn[1 + i, :BLOCK_DAYS] for i, name in enumerate(streams)}
    names = tuple(series_units(wiring))

    def week(carried: Carry, given: Any) -> tuple[Carry, Array]:
        entered, days, shocks = given
        exposure = wiring.exposure
        mornings, end = through_days(exposure, carried.amounts, entered)
        level = jax.lax.optimization_barrier(course(exposure, mornings, entered))
        effects = tuple(
            None if (shaped := block.effect(level.concentration)) is None else integrate(level, shaped)
            for block in wiring.mechanisms
        )
        evenings = jax.tree_util.tree_map(lambda a, b: jnp.concatenate([a[1:], b[None]]), mornings, end)
        mean, metabolite = jax.vmap(partial(exposure.mean_concentrations, hours=HOURS))(
            mornings, entered.dose.sum(1), evenings
        )
        external = {
            "day": days.number,
            "dose_mg_per_kg": days.taken[:, None] / weight_kg * jnp.ones(people.shape),
            "pulse_fraction": 1 - jnp.exp(days.pulse @ jnp.log1p(-pulses)),
            "on_drug": jnp.where(mean > wiring.off_drug, 1.0, 0.0),
            "concentration_mean": mean,
            "concentration_peak": peak(level),
            "concentration_trough": level.concentration.min(1),
            "metabolite_mean": metabolite,
            **{f"noise:{name}": z for name, z in shocks.items()},
        }

        def day(states: tuple[Any, ...], today: tuple[Any, Signals]) -> tuple[tuple[Any, ...], Array]:
            states, made = respond(wiring.mechanisms, states, *today)
            return states, jnp.stack([made[name] for name in names])  # one array: one copy a day, not one a series

        states, rows = jax.lax.scan(day, carried.states, (effects, external))
        levels = {name: external[name] for name in EXPOSURE_SERIES}
        if daily:
            return Carry(end, states), jnp.concatenate([jnp.stack(list(levels.values()), 1), rows], 1)
        week_levels = jnp.stack([_of_week(name, row) for name, row in levels.items()])
        return Carry(end, states), jnp.concatenate([week_levels, rows[-1]])

    given = (entering, days, noise)
    weekly = jax.tree_util.tree_map(lambda x: x.reshape(BLOCK_WEEKS, WEEK, *x.shape[1:]), given)
    carry, rows = jax.lax.scan(week, carry, weekly)
    return carry, rows.reshape(-1, *rows.shape[-2:])


def _of_week(name: str, row: Array) -> Array:
    if name == "concentration_peak":
        return row.max(0)
    return row.min(0) if name == "concentration_trough" else row.mean(0)


def series_units(wiring: Wiring) -> dict[str, str]:
    """Names and units of all signals that the mechanisms publish."""
    return {name: unit for block in wiring.mechanisms for name, unit in block.outputs.items()}


def series_names(wiring: Wiring) -> tuple[str, ...]:
    """Names of the series in a row, in order."""
    return (*EXPOSURE_SERIES, *series_units(wiring))
