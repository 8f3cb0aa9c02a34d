"""What the follicles of a scalp hold, stage by stage, and what a day takes from anagen. For `follicles`.

Numbers are fractions of all follicles, lengths days of growth, rates per day; rows `(people,)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from .stages import Flow, Stages

Array = jax.Array

Row = tuple[Array, ...]
"""Rows of stages, each `(people,)`."""

ANAGEN, CATAGEN, TELOGEN, EXOGEN = 4, 4, 14, 1
KENOGEN, STRUCK, REPAIR = 3, 10, 2
CLUB = ANAGEN + CATAGEN
CHAIN = ANAGEN + CATAGEN + TELOGEN + EXOGEN


class Pools(NamedTuple):
    """Fractions of all follicles and what they carry: rows, one for each stage, of `(people,)`.

    `anagen`; `grown`, the length in it (days of growth, up to the cap); `young`, those of its hairs that still grow
    towards the cap. `resting` (catagen, telogen, exogen) with its length `rested`; `struck` with `struck_length`.
    `kenogen`, `repair`: without hair. `born`, `shed`, `broken`: the day's counters, `(people,)`.
    """

    anagen: Row
    grown: Row
    young: Row
    resting: Row
    rested: Row
    kenogen: Row
    struck: Row
    struck_length: Row
    repair: Row
    born: Any
    shed: Any
    broken: Any

    @property
    def chain(self) -> Array:
        """Hairs in each stage from anagen to exogen, `(23, people)`."""
        return jnp.stack([*self.anagen, *self.resting])


def all_out(growing: Stages, early: Array, held: Row, gained: Array, last: Array | float = 0.0) -> Flow:
    """What leaves anagen from its last stage and early from any; `gained`, 1/d, what all stages get from outside
    together, and `last`, what the last of them gets."""
    onward = growing.out(held, last)
    now = onward.now + early * total(held)
    return Flow(now, onward.change + early * (gained - now))


def take_anagen(pools: Pools, share: Array) -> tuple[Pools, tuple[Array, Array]]:
    """Take a share of anagen at once: what is left; and the hairs and the length that are taken."""
    taken = share * total(pools.anagen), share * total(pools.grown)
    left: dict[str, Any] = {
        name: tuple(x * (1 - share) for x in getattr(pools, name)) for name in ("anagen", "grown", "young")
    }
    return pools._replace(**left), taken


def total(rows: Sequence[Array]) -> Array:
    """All stages together."""
    held: Any = sum(rows)
    return held


def first_and_more(stages: Row, more: Array) -> Row:
    """The stages with more in the first of them."""
    return (stages[0] + more, *stages[1:])


def poisson_stages(x: Array) -> list[Array]:
    """Probability of being in each stage of anagen after an expected x passages."""
    terms = [jnp.exp(-x)]
    for i in range(1, ANAGEN):
        terms.append(terms[-1] * x / i)
    return terms


def young_stages(rate: Array, extra: Array, cap: float) -> list[Array]:
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
