"""Anagen's engine on the reference model: its exposure and turnovers, and the reference's hair chain beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from anagen.compiled.configure import configure
from anagen.compiled.programs import _compiled
from anagen.mechanisms.concentration_effect import Hill
from anagen.mechanisms.disposition import Disposition
from anagen.mechanisms.module import DayEffect, Signals, mechanism
from anagen.mechanisms.turnover import Turnover
from anagen.simulation.doses import Doses, Shape
from anagen.simulation.engine import EVENING_SERIES, WEEK, Carry, Days, advance_series
from anagen.treatments.contract import Absorption, Wiring

from . import model
from .model import People
from .peer import Row

TITLE = "Anagen"
PACKAGES = ("anagen", "jax")
ROWS = {
    "single": Row("single precision", 30_240),
    "four": Row("single precision", 30_240, variant="four"),
    "double": Row("double precision", 15_120),
}
PRECISION = {"single": "float32", "four": "float32", "double": "float64"}
TILE = 1008
"""People of a tile, as `simulate` has; rows of a multiple of 4 KB would all fall into the same lines of the processor's
cache."""
BLOCK_WEEKS = 53  # at most: a year is one block
SHAPE = Shape(places=1, slots=1)
ORDER = {"float32": 3, "float64": 4}
LAST, EXOGEN, KENOGEN = (i - model.FIRST_HAIR for i in (model.LAST_ANAGEN, model.EXOGEN, model.FIRST_KENOGEN))
TELOGEN = model.STAGES["anagen"] + model.STAGES["catagen"]

Array = jax.Array
Held = tuple[Any, ...]
"""Shares of all follicles by stage, `(people,)` each."""


@mechanism
class ReferenceHair:
    """The 26 stages, one day at a time by the Taylor series of y' = G(t) y up to `order`; `durations` (5, people).

    Only the exit of the last anagen stage changes within a day: in a straight line that has the effect's mean and
    moment. The engine's own `Stages` are of second order, which would err by 4e-4 here.
    """

    durations: Array
    order: int
    static = ("order",)
    outputs: ClassVar[Mapping[str, str]] = {
        "shed_per_day": "hairs/d",
        "anagen_share": "share of follicles",
        "telogen_share": "share of follicles",
    }

    def _rates(self) -> list[Array]:
        rates = {phase: n / duration for (phase, n), duration in zip(model.STAGES.items(), self.durations, strict=True)}
        return [rates[phase] for phase, n in model.STAGES.items() for _ in range(n)]

    def initial(self, signals: Signals) -> tuple[Held, Signals]:
        stays = [1 / rate for rate in self._rates()]
        stays = stays[:KENOGEN] + [model.KENOGEN_PROBABILITY * stay for stay in stays[KENOGEN:]]
        held = tuple(stay / sum(stays) for stay in stays)
        return held, self._published(held)

    def effect(self, concentration: Array) -> Array:
        return concentration / (model.HAIR_EC50 + concentration)

    def step(self, held: Held, effect: DayEffect, signals: Signals) -> tuple[Held, Signals]:
        rates = self._rates()
        usual = rates[LAST]
        rates[LAST] = usual * (1 + model.HAIR_EMAX * (effect.mean - 6 * effect.moment))  # as the day begins
        rise = usual * (12 * model.HAIR_EMAX * effect.moment)  # and in the course of it
        later = list(held)
        before, derivative, factor = later, _slope(rates, later), 1.0
        for n in range(1, self.order + 1):
            factor /= n
            later = [y + factor * change for y, change in zip(later, derivative, strict=True)]
            faster = n * rise * before[LAST]  # d^(n+1)y = G d^n y + n G' d^(n-1)y
            before, derivative = derivative, _slope(rates, derivative)
            derivative[LAST] = derivative[LAST] - faster
            derivative[LAST + 1] = derivative[LAST + 1] + faster
        return tuple(later), self._published(tuple(later))

    def _published(self, held: Held) -> Signals:
        exit_rate = model.STAGES["exogen"] / self.durations[list(model.STAGES).index("exogen")]
        return {
            "shed_per_day": model.FOLLICLES * exit_rate * held[EXOGEN],
            "anagen_share": sum(held[: LAST + 1]),
            "telogen_share": sum(held[TELOGEN:EXOGEN]),
        }


def _slope(rates: list[Array], held: list[Array]) -> list[Array]:
    """What each stage gains and loses in a day."""
    out = [rate * y for rate, y in zip(rates, held, strict=True)]
    into = [out[-1], *out[:-1]]
    into[0] = into[0] + (1 - model.KENOGEN_PROBABILITY) * out[EXOGEN]
    into[KENOGEN] = model.KENOGEN_PROBABILITY * out[EXOGEN]
    return [gained - lost for gained, lost in zip(into, out, strict=True)]


def _wired(people: People, precision: str) -> Wiring:
    """The reference model as a wiring: hours and litres in the exposure, days in the mechanisms."""
    p = People(*(jnp.asarray(value, precision) for value in people))
    one = jnp.ones_like(p.lag)
    exposure = Disposition.from_clearances(
        clearance=p.clearance / 24,
        central_volume=p.central,
        intercompartmental_clearance=p.distribution / 24,
        peripheral_volume=p.peripheral,
        absorption=p.absorption[None] / 24,
        metabolite_clearance=p.oxo_clearance / 24,
        metabolite_volume=p.oxo_volume,
        mass_factor=model.MASS_FACTOR,
    )
    absorption = Absorption(
        lag=24 * p.lag[None],
        share=one[None, None],
        route=jnp.zeros(1, int),
        half_mg=jnp.full((1, 1), jnp.inf, precision),
        reference_mg=1.0,
        occasion=0.0,
    )

    def turnover(name: str, rate: Array, gain: float, half: Array) -> Turnover:
        row = one[None]
        return Turnover((name,), ("share of start",), Hill(half), row, gain * row, rate[None])

    return Wiring(
        exposure,
        absorption,
        (
            turnover("sebum", p.sebum_rate, -model.SEBUM_IMAX, p.sebum_ic50),
            turnover("alt", p.alt_rate, model.ALT_EMAX, model.ALT_EC50 * one),
            turnover("triglycerides", p.tg_rate, model.TG_EMAX, model.TG_EC50 * one),
            ReferenceHair(jnp.stack([getattr(p, phase) for phase in model.STAGES]), ORDER[precision]),
        ),
    )


def _start(people: People, *, precision: str) -> tuple[Wiring, Carry]:
    wiring = _wired(people, precision)
    return wiring, Carry(wiring.exposure.initial(), tuple(block.initial({})[0] for block in wiring.mechanisms))


def _block(
    wiring: Wiring, carry: Carry, people: Array, mg: Array, first_day: Array, *, days: int
) -> tuple[Carry, list[Array]]:
    """One block: `mg` (1 + days, people) from the day before on; `model.OUTPUTS` in order, (days, people) each."""
    precision = wiring.exposure.volume.dtype
    number = first_day + jnp.arange(days)
    none = jnp.zeros(days + 1, jnp.int32)
    doses = Doses(24.0 * jnp.arange(-1, days), mg, none, none, jnp.arange(days + 1, dtype=jnp.int32))
    given = Days(number, jnp.zeros(days, precision), jnp.zeros((days, 1), precision))
    kinds = jnp.zeros((1, people.size), precision)
    seed, weight = jnp.uint32(0), jnp.ones(people.shape, precision)
    later, series = advance_series(wiring, carry, seed, people, weight, kinds, doses, given, shape=SHAPE, daily=True)
    return later, [series[name] for name in (*EVENING_SERIES, *model.OUTPUTS[len(EVENING_SERIES) :])]


@cache
def _programs(row: str, days: int, tile: int) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The two programs, compiled as the engine's own are, and kept in memory only."""
    configure()
    precision = PRECISION[row]

    def shapes(tree: Any) -> Any:
        return jax.tree_util.tree_map(lambda x: jax.ShapeDtypeStruct(x.shape, x.dtype), tree)

    def start(people: People) -> tuple[Wiring, Carry]:
        return _start(people, precision=precision)

    def block(wiring: Wiring, carry: Carry, people: Array, mg: Array, first_day: Array) -> tuple[Carry, list[Array]]:
        return _block(wiring, carry, people, mg, first_day, days=days)

    one = jax.ShapeDtypeStruct((tile,), jnp.float64)
    crowd = People(*[one] * len(People._fields))
    wiring, carry = jax.eval_shape(start, crowd)
    mg = jax.ShapeDtypeStruct((1 + days, tile), precision)
    numbers, day = jax.ShapeDtypeStruct((tile,), jnp.int64), jax.ShapeDtypeStruct((), jnp.int64)
    begin = _compiled(jax.jit(start).lower(crowd), "usual")
    go = _compiled(jax.jit(block).lower(shapes(wiring), shapes(carry), numbers, mg, day), "long")
    return begin, go


def _sizes(doses: np.ndarray) -> tuple[int, int, int]:
    """Days of a block, blocks, people of a tile."""
    weeks = -(-len(doses) // WEEK)
    blocks = -(-weeks // BLOCK_WEEKS)
    return WEEK * -(-weeks // blocks), blocks, min(TILE, doses.shape[1])


def compile(row: str, people: People, doses: np.ndarray) -> None:
    """Let XLA translate the start and one block."""
    days, _, tile = _sizes(doses)
    _programs(row, days, tile)


def run(row: str, people: People, doses: np.ndarray) -> np.ndarray:
    days, blocks, tile = _sizes(doses)
    start, block = _programs(row, days, tile)
    total, count = doses.shape
    precision = PRECISION[row]
    found = np.empty((total, len(model.OUTPUTS), count), precision)
    mg = np.zeros((1 + days * blocks, tile), precision)
    for first in range(0, count, tile):
        kept = min(tile, count - first)
        some = np.arange(first, first + tile) % count  # the last tile is filled up with the first people
        wiring, carry = start(People(*(value[some] for value in people)))
        mg[1 : total + 1, :kept] = doses[:, first : first + kept]
        for number in range(blocks):
            day = days * number
            carry, series = block(wiring, carry, some, mg[day : day + days + 1], np.int64(day))
            till = min(total, day + days)
            for i, values in enumerate(series):
                found[day:till, i, first : first + kept] = np.asarray(values)[: till - day, :kept]
    return found
