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

from .day import HOURS, Within, integrated, of_days, peak, respond, shown, through_days, trough, within
from .doses import Doses, Shape, entries, no_entries

Array = jax.Array
WEEK = 7
BLOCK_WEEKS = 13
BLOCK_DAYS = WEEK * BLOCK_WEEKS
EXPOSURE_SERIES = ("concentration_mean", "concentration_peak", "concentration_trough", "metabolite_mean")
"""In ng/mL: mean, highest and lowest of the parent, mean of the metabolite; of the week, or of the day where daily."""
EVENING_SERIES = ("concentration_evening", "metabolite_evening")
"""In ng/mL, of parent and metabolite at the end of a day; only where daily, and in no row of `advance`."""


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
    wiring = in_precision(treatment.wire(values, person, assumed).through(routes), precision)
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


def in_precision(tree: Any, precision: Any) -> Any:
    """All real numbers of a tree in that precision."""

    def cast(x: Any) -> Array:
        values = jnp.asarray(x)
        return values.astype(precision) if jnp.issubdtype(values.dtype, jnp.floating) else values

    return jax.tree_util.tree_map(cast, tree)


def advance(wiring: Wiring, *given: Any, shape: Shape, daily: bool) -> tuple[Carry, Array]:
    """`advance_series` with the series of `series_names` joined, `(weeks, series, people)`; of days where `daily`."""
    carry, series = advance_series(wiring, *given, shape=shape, daily=daily)
    return carry, jnp.stack([series[name] for name in series_names(wiring)], 1)


def advance_series(
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
) -> tuple[Carry, dict[str, Array]]:
    """Carry a tile through one block of weeks: each series by name, `(weeks, people)`; where `daily`, `(days, people)`
    and `EVENING_SERIES` too. All in the precision of the wiring. What is not used is not computed."""
    size = days.number.size
    exposure, precision = wiring.exposure, wiring.exposure.volume.dtype
    mechanisms = tuple(block.ready() if hasattr(block, "ready") else block for block in wiring.mechanisms)
    streams = sorted({name for block in mechanisms for name in getattr(block, "noise", ())})
    if streams or wiring.absorption.occasion:
        keys = stream_keys(seed, ["occasion", *(f"day:{name}" for name in streams)])
        number = jnp.pad(days.number, (0, doses.number.size - size))  # one drawing for all: doses outnumber days
        drawn = jax.vmap(normals, (0, None, 0))(keys, people, jnp.stack([doses.number, *[number] * len(streams)]))
        drawn = drawn.astype(precision)
    else:  # nothing varies from dose to dose
        drawn = jnp.zeros((1, doses.number.size, people.size), precision)
    none = no_entries(wiring.absorption, size)
    entering = entries(doses, wiring.absorption, drawn[0], people, size, shape)
    noise = {name: drawn[1 + i, :size] for i, name in enumerate(streams)}
    names = tuple(series_units(wiring))
    pulls = [getattr(block, "pull", None) for block in mechanisms]
    timed = partial(within, exposure, pulls=pulls)
    alike = timed(entering.offset) if entering.alike else None
    without = timed(none.offset)
    weight_kg = jnp.broadcast_to(jnp.asarray(weight_kg, precision), people.shape)
    taken, pulse = in_precision((days.taken, days.pulse), precision)
    spared = jnp.log1p(-pulses)
    taken = taken if taken.ndim == 2 else taken[:, None]

    def exposed(timing: Within, amounts: Amounts, dose: Array) -> Any:
        """The levels of days, and their effects."""
        mornings, end, level = through_days(timing, amounts, dose)
        costly = [getattr(block, "costly", False) for block in mechanisms]
        effects = integrated(level, [block.effect for block in mechanisms], costly)
        evenings = jax.tree_util.tree_map(lambda a, b: jnp.concatenate([a[1:], b[None]]), mornings, end)
        means = jax.vmap(partial(exposure.mean_concentrations, hours=HOURS))(mornings, dose.sum(1), evenings)
        begins = exposure.levels(mornings)[0]  # highest of a day on which nothing enters any more
        highest, lowest = of_days(level)
        of_week = jnp.maximum(highest, reduce(jnp.maximum, list(begins))), lowest
        return end, evenings, effects, means, (jnp.maximum(peak(level), begins), trough(level)), of_week

    def week(carried: Carry, given: Any) -> tuple[Carry, Any]:
        offset, dose, number, taken, pulse, shocks = given

        def usual() -> Any:
            return exposed(alike if alike is not None else timed(offset), carried.amounts, dose)

        def short() -> Any:
            return exposed(without, carried.amounts, none.dose[:WEEK])

        found = usual() if doses.faint is False else jax.lax.cond(doses.faint, short, usual)
        end, evenings, effects, (mean, metabolite), (highest, lowest), of_week = found
        external = {
            "day": number,
            "dose_mg_per_kg": taken / weight_kg,
            "pulse_fraction": 1
            - jnp.exp(reduce(jnp.add, [part[:, None] * kind for part, kind in zip(pulse.T, spared, strict=True)])),
            "on_drug": (mean > wiring.off_drug).astype(precision),
            "concentration_mean": mean,
            "concentration_peak": highest,
            "concentration_trough": lowest,
            "metabolite_mean": metabolite,
            **{f"noise:{name}": z for name, z in shocks.items()},
        }

        def day(states: tuple[Any, ...], today: tuple[Any, Signals]) -> tuple[tuple[Any, ...], Any]:
            later, made = respond(mechanisms, states, *today)
            return later, {name: made[name] for name in names} if daily else None

        states, rows = jax.lax.scan(day, carried.states, (effects, external))
        if daily:
            levels = dict(zip(EVENING_SERIES, exposure.levels(evenings), strict=True))
            return Carry(end, states), {name: external[name] for name in EXPOSURE_SERIES} | levels | rows
        last = shown(mechanisms, states, {name: row[-1] for name, row in external.items()})
        week_levels = _mean(mean), *of_week, _mean(metabolite)
        return Carry(end, states), dict(zip(EXPOSURE_SERIES, week_levels, strict=True)) | {n: last[n] for n in names}

    offset = None if entering.alike else entering.offset
    given = (offset, entering.dose, days.number, taken, pulse, noise)
    weekly = jax.tree_util.tree_map(lambda x: x.reshape(size // WEEK, WEEK, *x.shape[1:]), given)
    carry, rows = jax.lax.scan(week, carry, weekly)
    return carry, {name: row.reshape(-1, people.size) for name, row in rows.items()}


def _mean(days: Array) -> Array:
    """The mean of the days of a week, `(people,)`; written out: it compiles to faster loops than a reduction."""
    return reduce(jnp.add, list(days)) / WEEK


def series_units(wiring: Wiring) -> dict[str, str]:
    """Names and units of all signals that the mechanisms publish."""
    return {name: unit for block in wiring.mechanisms for name, unit in block.outputs.items()}


def series_names(wiring: Wiring) -> tuple[str, ...]:
    """Names of the series in a row, in order."""
    return (*EXPOSURE_SERIES, *series_units(wiring))
