"""The follicles of a scalp as a continuous-time chain, one day at a time.

    anagen (4) -> catagen (4) -> telogen (14) -> exogen (1) -> shed -> anagen, or with probability pK by kenogen (3)
    anagen -> struck (10) -> broken -> repair (2) -> anagen                        (toxic branch)

The day's step is the second-order propagator P = I + G + G²/2 of the generator G: P is a proper transition matrix that
keeps the mean and the variance of every phase, and `automaton` draws single follicles from the same P. Hair length
travels with the hairs (in days of growth, up to a cap), so that volume is a sum over hairs and not a guess.

Time in days; numbers are fractions of all follicles; people on the last axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import ClassVar, NamedTuple

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism

Array = jax.Array

ANAGEN, CATAGEN, TELOGEN, EXOGEN = 4, 4, 14, 1
KENOGEN, STRUCK, REPAIR = 3, 10, 2
CLUB = ANAGEN + CATAGEN
CHAIN = ANAGEN + CATAGEN + TELOGEN + EXOGEN
ORDER = 2


class Pools(NamedTuple):
    """Fractions of all follicles (`chain`, `kenogen`, `struck`, `repair`), hairs still growing towards the length cap
    (`young`), length carried (`*_length`, days of growth), and the day's counters (`born`, `shed`, `broken`)."""

    chain: Array
    kenogen: Array
    struck: Array
    repair: Array
    young: Array
    chain_length: Array
    struck_length: Array
    born: Array
    shed: Array
    broken: Array


class FollicleState(NamedTuple):
    """`pools`; `births`, a ring of daily births divided by `survival`; `volume` at the start, for the ratio.

    `survival` is the share of anagen hairs, alive at the start, that no extra exit has taken since.
    """

    pools: Pools
    births: Array
    survival: Array
    volume: Array


@mechanism
class Follicles:
    """Mean durations (d), `kenogen_probability`, `number` of follicles, `area` (cm²); each `(people,)`.

    Reads `anagen_exit`; and, where the wiring makes them, `pulse_fraction` (anagen sent to catagen at the start of the
    day), `hit_fraction` (anagen struck), `toxic_exposure` (repair waits while it is not 0), `kenogen_probability`,
    `kenogen_factor`, `telogen_speed`. `toxic` includes the struck branch. `visible_after` and `cap` in whole days.
    """

    anagen: Array
    catagen: Array
    telogen: Array
    exogen: Array
    kenogen: Array
    kenogen_probability: Array
    breaking: Array
    repairing: Array
    number: Array
    area: Array
    visible_after: int
    cap: int
    toxic: bool
    static = ("visible_after", "cap", "toxic")
    outputs: ClassVar[Mapping[str, str]] = {
        "shed_per_day": "hairs/d",
        "broken_per_day": "hairs/d",
        "telogen_percent": "% of visible hairs",
        "club_percent": "% of hairs (telogen and exogen)",
        "exogen_percent": "% of visible hairs",
        "anagen_percent": "% of follicles",
        "density_per_cm2": "hairs/cm2",
        "volume_fraction": "fraction of baseline",
    }

    def effect(self, concentration: Array) -> None:
        return None

    # -- rates ---------------------------------------------------------------------------------------------------

    def _rates(self, last_anagen: Array, telogen_speed: Array | float) -> Array:
        """Exit rate of each of the 23 stages of the chain, 1/d."""
        a, c = ANAGEN / self.anagen, CATAGEN / self.catagen
        t, e = TELOGEN / self.telogen * telogen_speed, EXOGEN / self.exogen
        return jnp.stack([a] * (ANAGEN - 1) + [a * last_anagen] + [c] * CATAGEN + [t] * TELOGEN + [e] * EXOGEN)

    def _generator(self, pools: Pools, day: Signals) -> Pools:
        """d(pools)/dt under the rates of the day: linear in `pools`, and it keeps the number of follicles."""
        exit_multiplier = day["anagen_exit"]
        extra = jnp.maximum(exit_multiplier - 1, 0.0) / self.anagen
        rates = self._rates(jnp.minimum(exit_multiplier, 1.0), day.get("telogen_speed", 1.0))
        into_kenogen = day.get("kenogen_probability", self.kenogen_probability)
        kenogen_rate = KENOGEN / (self.kenogen * day.get("kenogen_factor", 1.0))

        out = rates * pools.chain
        kenogen_out = kenogen_rate * pools.kenogen
        born = (1 - into_kenogen) * out[-1] + kenogen_out[-1]
        broken = jnp.zeros_like(born)
        struck, repair, struck_length = pools.struck, pools.repair, pools.struck_length  # empty unless toxic
        if self.toxic:
            struck_out = STRUCK / self.breaking * pools.struck
            broken = struck_out[-1]
            repair_out = jnp.where(day.get("toxic_exposure", 0.0) > 0, 0.0, REPAIR / self.repairing) * pools.repair
            born = born + repair_out[-1]
            struck = _chained(struck_out, 0 * born)
            repair = _chained(repair_out, broken)
            struck_length = _chained(STRUCK / self.breaking * pools.struck_length, 0 * born)
        growing = rates[:ANAGEN] * pools.young
        return Pools(
            chain=_leave_early(_chained(out, born), pools.chain, extra),
            kenogen=_chained(kenogen_out, into_kenogen * out[-1]),
            struck=struck,
            repair=repair,
            young=_chained(growing, born) - extra * pools.young,
            chain_length=_leave_early(_chained(rates * pools.chain_length, 0 * born), pools.chain_length, extra)
            .at[:ANAGEN]
            .add(pools.young),
            struck_length=struck_length,
            born=born,
            shed=out[-1],
            broken=broken,
        )

    def _through_day(self, pools: Pools, day: Signals) -> Pools:
        """The day's propagator I + G + G²/2 applied to `pools`."""
        change = pools
        for order in range(1, ORDER + 1):
            change = self._generator(change, day)
            change = jax.tree_util.tree_map(lambda x, k=order: x / k, change)
            pools = jax.tree_util.tree_map(jnp.add, pools, change)
        return pools

    # -- the day -------------------------------------------------------------------------------------------------

    def initial(self, signals: Signals) -> tuple[FollicleState, Signals]:
        """The steady state under the anagen exit of the first day (with dermatitis, say), which must be 1 or more."""
        m = signals["anagen_exit"]
        extra = jnp.maximum(m - 1, 0.0) / self.anagen
        rates = self._rates(jnp.minimum(m, 1.0), 1.0)
        weight = [1 / (rates[0] + extra)]
        for i in range(1, ANAGEN):
            weight.append(weight[-1] * rates[i - 1] / (rates[i] + extra))
        weight += [1 / rates[i] for i in range(ANAGEN, CHAIN)]
        chain = jnp.stack(weight)
        kenogen = jnp.stack([self.kenogen_probability * self.kenogen / KENOGEN] * KENOGEN)
        births = 1 / (chain.sum(0) + kenogen.sum(0))  # one cycle each: Little's law

        young = jnp.stack(_young_stages(rates[0], extra, float(self.cap)))
        length = [young[0] / (rates[0] + extra)]
        for i in range(1, ANAGEN):
            length.append((young[i] + rates[i - 1] * length[-1]) / (rates[i] + extra))
        carried = rates[ANAGEN - 1] * length[-1] + extra * sum(length)
        length += [carried / rates[i] for i in range(ANAGEN, CHAIN)]

        none = jnp.zeros_like(births)
        pools = Pools(
            chain=births * chain,
            kenogen=births * kenogen,
            struck=jnp.zeros((STRUCK * self.toxic, *none.shape), none.dtype),
            repair=jnp.zeros((REPAIR * self.toxic, *none.shape), none.dtype),
            young=births * young,
            chain_length=births * jnp.stack(length),
            struck_length=jnp.zeros((STRUCK * self.toxic, *none.shape), none.dtype),
            born=births,
            shed=births,
            broken=none,
        )
        age = jnp.arange(self.cap, 0, -1, dtype=none.dtype)[:, None]
        ring = births * jnp.exp(-extra * age)  # what is left today of those born `age` days ago
        state = FollicleState(pools, ring, none + 1, pools.chain_length.sum(0))
        return state, self._published(state, births * self.visible_after)

    def step(self, state: FollicleState, effect: DayEffect | None, signals: Signals) -> tuple[FollicleState, Signals]:
        none = jnp.zeros_like(state.survival)
        pools = state.pools._replace(born=none, shed=none, broken=none)
        pools, spared = self._events(pools, signals)
        extra = jnp.maximum(signals["anagen_exit"] - 1, 0.0) / self.anagen
        survival = state.survival * spared * jnp.exp(-extra)

        pools = self._through_day(pools, signals)

        slot = jnp.asarray(signals["day"], jnp.int32) % self.cap
        grown = state.births[slot] * survival  # those born `cap` days ago who are still growing reach the cap today
        capped = grown * jnp.stack(_poisson_stages(ANAGEN / self.anagen * (self.cap + 0.5)))
        pools = pools._replace(  # they came to the cap at noon on average: half of the day's growth is taken back
            young=pools.young - capped, chain_length=pools.chain_length.at[:ANAGEN].add(-0.5 * capped)
        )
        ring = state.births.at[slot].set(pools.born / survival)
        state = FollicleState(pools, ring, survival, state.volume)

        recent = (slot - jnp.arange(self.visible_after, dtype=jnp.int32)) % self.cap
        return state, self._published(state, ring[recent].sum(0) * survival)

    def _events(self, pools: Pools, signals: Signals) -> tuple[Pools, Array | float]:
        """Anagen hairs sent to catagen at once, or struck; with the share of anagen hairs that is spared."""
        spared: Array | float = 1.0
        if "pulse_fraction" in signals:
            share = signals["pulse_fraction"]
            pools, taken, length = _take_anagen(pools, share)
            pools = pools._replace(
                chain=pools.chain.at[ANAGEN].add(taken),
                chain_length=pools.chain_length.at[ANAGEN].add(length),
            )
            spared = spared * (1 - share)
        if self.toxic and "hit_fraction" in signals:
            share = signals["hit_fraction"]
            pools, taken, length = _take_anagen(pools, share)
            pools = pools._replace(
                struck=pools.struck.at[0].add(taken), struck_length=pools.struck_length.at[0].add(length)
            )
            spared = spared * (1 - share)
        return pools, spared

    def _published(self, state: FollicleState, unseen: Array) -> Signals:
        """`unseen`: fraction of follicles whose new hair is not yet visible."""
        pools = state.pools
        anagen = pools.chain[:ANAGEN].sum(0)
        clubs = pools.chain[CLUB:].sum(0)
        catagen = pools.chain[ANAGEN:CLUB].sum(0)
        hairs = anagen + catagen + clubs + pools.struck.sum(0)
        visible = hairs - unseen
        length = pools.chain_length.sum(0) + pools.struck_length.sum(0)
        return {
            "shed_per_day": self.number * (pools.shed + pools.broken),
            "broken_per_day": self.number * pools.broken,
            "telogen_percent": 100 * (catagen + clubs) / visible,
            "club_percent": 100 * clubs / hairs,
            "exogen_percent": 100 * pools.chain[-1] / visible,
            "anagen_percent": 100 * anagen,
            "density_per_cm2": self.number * visible / self.area,
            "volume_fraction": length / state.volume,
        }


def transition_matrix(follicles: Follicles, day: Signals) -> tuple[Array, Array]:
    """The day's propagator of one person as matrices: `(states, states)` and `(3, states)`.

    Column j of the first: where a follicle in state j this morning is tomorrow. Of the second: how many hairs
    it is expected to bear, to shed and to break on the way. States in the order chain (23), kenogen (3) and,
    where `toxic`, struck (10), repair (2). `follicles` and `day` hold one person, `(1,)`; `day` needs
    `anagen_exit`.

    >>> import jax.numpy as jnp
    >>> def one(x):
    ...     return jnp.array([x])
    >>> durations = [one(x) for x in (1000.0, 18.0, 80.0, 8.0, 90.0, 0.15, 16.0, 40.0)]
    >>> scalp = Follicles(*durations, one(1e5), one(500.0), visible_after=15, cap=286, toxic=False)
    >>> states, counts = transition_matrix(scalp, {"anagen_exit": one(1.0)})
    >>> states.shape, counts.shape, bool(jnp.allclose(states.sum(0), 1))
    ((26, 26), (3, 26), True)
    """
    sizes = (CHAIN, KENOGEN, STRUCK * follicles.toxic, REPAIR * follicles.toxic)
    basis = jnp.eye(sum(sizes), dtype=jnp.asarray(follicles.anagen).dtype)
    edges = [sum(sizes[:i]) for i in range(len(sizes) + 1)]
    chain, kenogen, struck, repair = (basis[a:b] for a, b in pairwise(edges))
    none = 0 * basis[0]
    pools = Pools(chain, kenogen, struck, repair, 0 * chain[:ANAGEN], 0 * chain, 0 * struck, none, none, none)
    after = follicles._through_day(pools, day)
    states = jnp.concatenate([after.chain, after.kenogen, after.struck, after.repair])
    return states, jnp.stack([after.born, after.shed, after.broken])


def _chained(out: Array, inflow: Array) -> Array:
    """Net change of stages in a row: each gains what the one before loses, the first gains `inflow`."""
    return jnp.concatenate([inflow[None], out[:-1]]) - out


def _leave_early(change: Array, stages: Array, extra: Array) -> Array:
    """Hairs leave every stage of anagen early, at rate `extra` (1/d), for the first stage of catagen."""
    leaving = extra * stages[:ANAGEN]
    return change.at[:ANAGEN].add(-leaving).at[ANAGEN].add(leaving.sum(0))


def _take_anagen(pools: Pools, share: Array) -> tuple[Pools, Array, Array]:
    """Take a share of anagen at once: what is left, the number taken and the length taken."""
    taken = share * pools.chain[:ANAGEN].sum(0)
    length = share * pools.chain_length[:ANAGEN].sum(0)
    left = pools._replace(
        chain=pools.chain.at[:ANAGEN].multiply(1 - share),
        chain_length=pools.chain_length.at[:ANAGEN].multiply(1 - share),
        young=pools.young * (1 - share),
    )
    return left, taken, length


def _poisson_stages(x: Array) -> list[Array]:
    """Probability of being in each stage of anagen after an expected x passages."""
    terms = [jnp.exp(-x)]
    for i in range(1, ANAGEN):
        terms.append(terms[-1] * x / i)
    return terms


def _young_stages(rate: Array, extra: Array, cap: float) -> list[Array]:
    """Hairs of each stage of anagen younger than `cap` days, per daily birth, in steady state."""
    x = (rate + extra) * cap
    stages, tail, term = [], jnp.exp(-x), jnp.exp(-x)
    factor = 1 / (rate + extra)
    for i in range(ANAGEN):
        stages.append(factor * (1 - tail))
        factor = factor * rate / (rate + extra)
        term = term * x / (i + 1)
        tail = tail + term
    return stages
