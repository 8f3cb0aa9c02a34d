"""The follicles of a scalp as a continuous-time chain, one day at a time.

    anagen (4) -> catagen (4) -> telogen (14) -> exogen (1) -> shed -> anagen, or with probability pK by kenogen (3)
    anagen -> struck (10) -> broken -> repair (2) -> anagen                        (toxic branch)

The day's step is the second-order propagator P = I + G + G²/2 of the generator G: P is a proper transition matrix that
keeps the mean and the variance of every phase, and `automaton` draws single follicles from the same P. Hair length
travels with the hairs (in days of growth, up to a cap), so that volume is a sum over hairs and not a guess.

Time in days; numbers are fractions of all follicles; people on the last axis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import ClassVar, NamedTuple

import jax
import jax.numpy as jnp

from .module import DayEffect, Signals, mechanism
from .pools import (
    ANAGEN,
    CATAGEN,
    CHAIN,
    CLUB,
    EXOGEN,
    KENOGEN,
    REPAIR,
    STRUCK,
    TELOGEN,
    Pools,
    Row,
    all_out,
    first_and_more,
    poisson_stages,
    take_anagen,
    total,
    young_stages,
)
from .stages import Flow, Stages

Array = jax.Array


class FollicleState(NamedTuple):
    """`pools`; `births`, a ring of daily births divided by `survival`; `recent`, the sum of those not yet visible;
    `volume` at the start, for the ratio.

    `survival` is the share of anagen hairs, alive at the start, that no extra exit has taken since.
    """

    pools: Pools
    births: Array
    recent: Array
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
    at_cap: tuple[Array, ...] | None = None
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

    def ready(self) -> Follicles:
        """With what its days share computed once."""
        return replace(self, at_cap=self._at_cap())

    def _at_cap(self) -> tuple[Array, ...]:
        """The stages of anagen in which those are who come to the cap, as shares."""
        return tuple(poisson_stages(ANAGEN / self.anagen * (self.cap + 0.5)))

    # -- rates ---------------------------------------------------------------------------------------------------

    def _growing(self, day: Signals) -> tuple[Stages, Array]:
        """The stages of anagen under the exit of the day, and the rate at which hairs leave any of them early."""
        exit_multiplier = day["anagen_exit"]
        rate, extra = ANAGEN / self.anagen, jnp.maximum(exit_multiplier - 1, 0.0) / self.anagen
        return Stages.of([rate] * (ANAGEN - 1) + [rate * jnp.minimum(exit_multiplier, 1.0)], extra), extra

    def _resting(self, day: Signals) -> Stages:
        """Catagen, telogen and exogen."""
        telogen = TELOGEN / self.telogen * day.get("telogen_speed", 1.0)
        return Stages.of([CATAGEN / self.catagen] * CATAGEN + [telogen] * TELOGEN + [EXOGEN / self.exogen] * EXOGEN)

    def _through_day(self, pools: Pools, day: Signals, capped: Row = ()) -> Pools:
        """The day's propagator I + G + G²/2 applied to `pools`; it keeps the number of follicles. `capped`, those by
        stage who come to the cap on this day: at noon on average, so that half of the day's growth is taken back."""
        resting, kenogen = self._resting(day), KENOGEN / (self.kenogen * day.get("kenogen_factor", 1.0))
        empty = Stages.of([kenogen] * KENOGEN)
        into_kenogen = day.get("kenogen_probability", self.kenogen_probability)
        shed = resting.out(pools.resting)
        back = [empty.out(pools.kenogen)]
        struck, struck_length, repair = pools.struck, pools.struck_length, pools.repair  # empty unless toxic
        broken = Flow(0 * shed.now, 0 * shed.now)
        if self.toxic:
            breaking = Stages.of([STRUCK / self.breaking] * STRUCK)
            waiting = jnp.where(day.get("toxic_exposure", 0.0) > 0, 0.0, REPAIR / self.repairing)
            repairing = Stages.of([waiting] * REPAIR)
            broken = breaking.out(pools.struck)
            back.append(repairing.out(pools.repair))
            struck, struck_length = breaking.through(pools.struck), breaking.through(pools.struck_length)
            repair = repairing.through(pools.repair, broken)
        born = Flow(*((1 - into_kenogen) * old + sum(new) for old, *new in zip(shed, *back, strict=True)))

        growing, extra = self._growing(day)
        ended = all_out(growing, extra, pools.anagen, born.now)
        ended_length = all_out(growing, extra, pools.grown, total(pools.young), pools.young[-1])
        # Length grows by what is young: at first order their number, at second order half of how that changes.
        aged = [young * (1 - k) for young, k in zip(pools.young, growing.leaving, strict=True)]
        for i in range(1, ANAGEN):
            aged[i] = aged[i] + pools.young[i - 1] * growing.onward[i - 1]
        if capped:
            aged = [more - 0.5 * left for more, left in zip(aged, capped, strict=True)]
        return Pools(
            anagen=growing.through(pools.anagen, born),
            grown=growing.through(pools.grown, Flow(0.0, born.now), aged),
            young=growing.through(pools.young, born, [-left for left in capped]),
            resting=resting.through(pools.resting, ended),
            rested=resting.through(pools.rested, ended_length),
            kenogen=empty.through(pools.kenogen, Flow(*(into_kenogen * out for out in shed))),
            struck=struck,
            struck_length=struck_length,
            repair=repair,
            born=born.of_day,
            shed=shed.of_day,
            broken=broken.of_day,
        )

    # -- the day -------------------------------------------------------------------------------------------------

    def initial(self, signals: Signals) -> tuple[FollicleState, Signals]:
        """The steady state under the anagen exit of the first day (with dermatitis, say), which must be 1 or more."""
        growing, extra = self._growing(signals)
        rates = [*growing.onward, *self._resting({}).onward]
        weight = [1 / (rates[0] + extra)]
        for i in range(1, ANAGEN):
            weight.append(weight[-1] * rates[i - 1] / (rates[i] + extra))
        weight += [1 / rates[i] for i in range(ANAGEN, CHAIN)]
        kenogen = [self.kenogen_probability * self.kenogen / KENOGEN] * KENOGEN
        births = 1 / (total(weight) + total(kenogen))  # one cycle each: Little's law

        young = young_stages(rates[0], extra, float(self.cap))
        length = [young[0] / (rates[0] + extra)]
        for i in range(1, ANAGEN):
            length.append((young[i] + rates[i - 1] * length[-1]) / (rates[i] + extra))
        carried = rates[ANAGEN - 1] * length[-1] + extra * sum(length)
        length += [carried / rates[i] for i in range(ANAGEN, CHAIN)]

        none = jnp.zeros_like(births)

        def rows(stages: Sequence[Array]) -> Row:
            return tuple(births * stage for stage in stages)

        pools = Pools(
            anagen=rows(weight[:ANAGEN]),
            grown=rows(length[:ANAGEN]),
            young=rows(young),
            resting=rows(weight[ANAGEN:]),
            rested=rows(length[ANAGEN:]),
            kenogen=rows(kenogen),
            struck=(none,) * (STRUCK * self.toxic),
            struck_length=(none,) * (STRUCK * self.toxic),
            repair=(none,) * (REPAIR * self.toxic),
            born=births,
            shed=births,
            broken=none,
        )
        age = jnp.arange(self.cap, 0, -1, dtype=none.dtype)[:, None]
        ring = births * jnp.exp(-extra * age)  # what is left today of those born `age` days ago
        recent = ring[self.cap - self.visible_after :].sum(0)
        state = FollicleState(pools, ring, recent, none + 1, total(pools.grown) + total(pools.rested))
        return state, self.shown(state, signals)

    def step(self, state: FollicleState, effect: DayEffect | None, signals: Signals) -> tuple[FollicleState, Signals]:
        pools, spared = self._events(state.pools, signals)
        extra = jnp.maximum(signals["anagen_exit"] - 1, 0.0) / self.anagen
        survival = state.survival * spared * jnp.exp(-extra)

        slot = jnp.asarray(signals["day"], jnp.int32).ravel()[0] % self.cap  # one day for all people
        at = partial(jax.lax.dynamic_index_in_dim, keepdims=False)
        old, seen = at(state.births, slot), at(state.births, (slot - self.visible_after) % self.cap)
        grown = old * survival  # those born `cap` days ago who are still growing reach the cap today
        pools = self._through_day(pools, signals, tuple(grown * share for share in self.at_cap or self._at_cap()))
        born = pools.born / survival
        ring = jax.lax.dynamic_update_index_in_dim(state.births, born, slot, 0)
        later = FollicleState(pools, ring, state.recent + (born - seen), survival, state.volume)
        return later, self.shown(later, signals)

    def _events(self, pools: Pools, signals: Signals) -> tuple[Pools, Array | float]:
        """Anagen hairs sent to catagen at once, or struck; with the share of anagen hairs that is spared."""
        spared: Array | float = 1.0
        if "pulse_fraction" in signals:
            pools, taken = take_anagen(pools, signals["pulse_fraction"])
            resting, rested = first_and_more(pools.resting, taken[0]), first_and_more(pools.rested, taken[1])
            pools = pools._replace(resting=resting, rested=rested)
            spared = spared * (1 - signals["pulse_fraction"])
        if self.toxic and "hit_fraction" in signals:
            pools, taken = take_anagen(pools, signals["hit_fraction"])
            pools = pools._replace(
                struck=first_and_more(pools.struck, taken[0]),
                struck_length=first_and_more(pools.struck_length, taken[1]),
            )
            spared = spared * (1 - signals["hit_fraction"])
        return pools, spared

    def shown(self, state: FollicleState, signals: Signals) -> Signals:
        pools = state.pools
        unseen = state.recent * state.survival  # follicles whose new hair is not yet visible
        anagen, catagen = total(pools.anagen), total(pools.resting[: CLUB - ANAGEN])
        clubs = total(pools.resting[CLUB - ANAGEN :])
        hairs = anagen + catagen + clubs + total(pools.struck)
        visible = hairs - unseen
        length = total(pools.grown) + total(pools.rested) + total(pools.struck_length)
        return {
            "shed_per_day": self.number * (pools.shed + pools.broken),
            "broken_per_day": self.number * pools.broken,
            "telogen_percent": 100 * (catagen + clubs) / visible,
            "club_percent": 100 * clubs / hairs,
            "exogen_percent": 100 * pools.resting[-1] / visible,
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
    anagen, resting = tuple(chain[:ANAGEN]), tuple(chain[ANAGEN:])
    bare = (none,) * ANAGEN, (none,) * ANAGEN, resting, (none,) * len(resting), tuple(kenogen)
    pools = Pools(anagen, *bare, tuple(struck), (none,) * len(struck), tuple(repair), none, none, none)
    after = follicles._through_day(pools, day)
    states = jnp.stack([*after.anagen, *after.resting, *after.kenogen, *after.struck, *after.repair])
    return states, jnp.stack([after.born, after.shed, after.broken])
