"""The engine: one arm, a tile of people, block after block of days. No drug, no file, no option is known here.

Two functions to compile: `prepare` draws the people and their steady state; `advance` carries them through a block of
weeks. Both have one fixed shape, so that any number of people and weeks runs the same compiled program.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial, reduce
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from anagen.mechanisms.disposition import Amounts
from anagen.mechanisms.module import Signals
from anagen.patient.draws import Spreads
from anagen.patient.streams import normals, stream_keys
from anagen.treatments.contract import Person, Values, Wiring
from anagen.treatments.registry import Treatment

from .day import HOURS, integrated, peak, respond, through_days, trough, within
from .doses import Doses, Shape, entries

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
    given: Mapping[str, Array] | None = None,
    shared: Array | None = None,
    *,
    precision: str = "float64",
) -> tuple[Wiring, Carry, Array, Array]:
    """Draw a tile of people: wiring, first state, first row `(series, people)`, and the size of each kind of event.

    `routes` are the ways of absorption that the arm uses; `given`, parameters by name `(people,)` that are known of
    each person and not drawn; `shared`, numbers `(people,)`: what nobody knows is the same for people of one number.
    """
    values = Values(treatment.parameters, seed, people, spreads, treatment.chances, given or {}, shared)
    wiring = _in_precision(treatment.wire(values, person, assumed).through(routes), precision)
    signals: dict[str, Array] = {}
    states = []
    for block in wiring.mechanisms:
        state, made = block.initial(signals)
        states.append(state)
        signals.update(made)
    zero = jnp.zeros(people.shape, precision)
    row = jnp.stack([signals.get(name, zero) for name in series_names(wiring)])
    pulses = jnp.stack(list(treatment.pulses(values).values())).astype(precision)
    return wiring, Carry(wiring.exposure.initial(), tuple(states)), row, pulses


def _in_precision(tree: Any, precision: Any) -> Any:
    """All real numbers of a tree in that precision."""

    def cast(x: Any) -> Array:
        values = jnp.asarray(x)
        return values.astype(precision) if jnp.issubdtype(values.dtype, jnp.floating) else values

    return jax.tree_util.tree_map(cast, tree)


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
    shape: Shape,
    daily: bool,
) -> tuple[Carry, Array]:
    """Carry a tile through one block of weeks; rows are `(weeks, series, people)`, or `(days, series, people)` where
    `daily`. All in the precision of the wiring."""
    size = days.number.size
    exposure, precision = wiring.exposure, wiring.exposure.volume.dtype
    mechanisms = tuple(block.ready() if hasattr(block, "ready") else block for block in wiring.mechanisms)
    streams = sorted({name for block in mechanisms for name in getattr(block, "noise", ())})
    keys = stream_keys(seed, ["occasion", *(f"day:{name}" for name in streams)])
    number = jnp.pad(days.number, (0, doses.number.size - size))  # one drawing for all: doses outnumber days
    drawn = jax.vmap(normals, (0, None, 0))(keys, people, jnp.stack([doses.number, *[number] * len(streams)]))
    drawn = drawn.astype(precision)
    entering = entries(doses, wiring.absorption, drawn[0], people, size, shape)
    noise = {name: drawn[1 + i, :size] for i, name in enumerate(streams)}
    names = tuple(series_units(wiring))
    alike = within(exposure, entering.offset) if entering.alike else None
    weight_kg = jnp.broadcast_to(jnp.asarray(weight_kg, precision), people.shape)
    taken, pulse = _in_precision((days.taken, days.pulse), precision)
    taken = taken if taken.ndim == 2 else taken[:, None]

    def week(carried: Carry, given: Any) -> tuple[Carry, Array]:
        offset, dose, number, taken, pulse, shocks = given
        timing = alike if alike is not None else within(exposure, offset)
        mornings, end, level = through_days(timing, carried.amounts, dose)
        effects = integrated(level, [block.effect for block in mechanisms])
        evenings = jax.tree_util.tree_map(lambda a, b: jnp.concatenate([a[1:], b[None]]), mornings, end)
        mean, metabolite = jax.vmap(partial(exposure.mean_concentrations, hours=HOURS))(mornings, dose.sum(1), evenings)
        external = {
            "day": number,
            "dose_mg_per_kg": taken / weight_kg,
            "pulse_fraction": 1 - jnp.exp(pulse @ jnp.log1p(-pulses)),
            "on_drug": (mean > wiring.off_drug).astype(precision),
            "concentration_mean": mean,
            "concentration_peak": peak(level),
            "concentration_trough": trough(level),
            "metabolite_mean": metabolite,
            **{f"noise:{name}": z for name, z in shocks.items()},
        }

        def day(states: tuple[Any, ...], today: tuple[Any, Signals]) -> tuple[tuple[Any, ...], Array]:
            states, made = respond(mechanisms, states, *today)
            return states, jnp.stack([made[name] for name in names])  # one array: one copy a day, not one a series

        days = effects, external
        levels = {name: external[name] for name in EXPOSURE_SERIES}
        if daily:
            states, rows = jax.lax.scan(day, carried.states, days)
            return Carry(end, states), jnp.concatenate([jnp.stack(list(levels.values()), 1), rows], 1)
        # What is only shown is computed on the last day of the week alone, written out after the others.
        states, _ = jax.lax.scan(lambda *given: (day(*given)[0], None), carried.states, _of(days, slice(-1)))
        states, last = day(states, _of(days, -1))
        week_levels = jnp.stack([_of_week(name, row) for name, row in levels.items()])
        return Carry(end, states), jnp.concatenate([week_levels, last])

    offset = None if entering.alike else entering.offset
    given = (offset, entering.dose, days.number, taken, pulse, noise)
    weekly = jax.tree_util.tree_map(lambda x: x.reshape(-1, WEEK, *x.shape[1:]), given)
    carry, rows = jax.lax.scan(week, carry, weekly)
    return carry, rows.reshape(-1, *rows.shape[-2:])


def _of(days: Any, part: int | slice) -> Any:
    """Some of the days of a tree, or one of them."""
    return jax.tree_util.tree_map(lambda x: x[part], days)


def _of_week(name: str, row: Array) -> Array:
    """Of the days of a week, `(days, people)`; written out: it compiles to faster loops than a reduction."""
    days = [row[i] for i in range(WEEK)]
    if name == "concentration_peak":
        return reduce(jnp.maximum, days)
    return reduce(jnp.minimum, days) if name == "concentration_trough" else reduce(jnp.add, days) / WEEK


def series_units(wiring: Wiring) -> dict[str, str]:
    """Names and units of all signals that the mechanisms publish."""
    return {name: unit for block in wiring.mechanisms for name, unit in block.outputs.items()}


def series_names(wiring: Wiring) -> tuple[str, ...]:
    """Names of the series in a row, in order."""
    return (*EXPOSURE_SERIES, *series_units(wiring))
