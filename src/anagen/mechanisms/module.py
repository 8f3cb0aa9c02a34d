"""What a mechanism is: a frozen block with parameters, an initial state, a daily step, and named outputs with units.

Every mechanism of this room has the same shape (see `Mechanism`). It reads named daily signals, adds its own, and
knows nothing of drugs, people or dose forms. Arrays carry people on the last axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeVar, dataclass_transform

import jax

T = TypeVar("T")

Signals = Mapping[str, jax.Array]
"""Name -> value on one day, `(people,)`. A mechanism reads the signals made before it in the wiring."""

State = Any
"""A pytree of arrays with people on the last axis."""


class Mechanism(Protocol):
    """The one shape of all mechanisms.

    `outputs` names the signals that `step` adds, with units. `initial` gives the state, and the signals, before the
    first dose: a steady state of that person without the drug.
    `effect` maps a concentration in ng/mL, at any number of moments, to a dimensionless effect;
    the engine integrates it over the day. It is None where the mechanism does not look at concentrations.
    `shown` gives the signals of a day once more, of the state after its step and of the signals made before: where
    only some days are looked at, the others need not compute what nobody reads.
    A mechanism may also have `ready()`, which gives the same mechanism with what its days share computed once;
    `costly`, true where its effect is; and `pull(time)`, which says how much each moment of a day counts for its state
    in the evening: then the engine gives `step` a `Pulled` effect, and no moments.
    """

    @property
    def outputs(self) -> Mapping[str, str]: ...

    def initial(self, signals: Signals) -> tuple[State, Signals]: ...

    def effect(self, concentration: jax.Array) -> jax.Array | None: ...

    def step(self, state: State, effect: DayEffect | Pulled | None, signals: Signals) -> tuple[State, Signals]: ...

    def shown(self, state: State, signals: Signals) -> Signals: ...


@dataclass(frozen=True)
class DayEffect:
    """A pointwise effect f over one day, as its first three moments; each `(people,)`.

    With s the time from noon in days: `mean` of f, `moment` = mean of s·f, `bend` = mean of (s² - 1/12)·f. They let a
    fast turnover weigh the late hours of the day more than the early ones.
    """

    mean: jax.Array
    moment: jax.Array
    bend: jax.Array


@dataclass(frozen=True)
class Pulled:
    """A pointwise effect over one day, each moment weighed by the mechanism's own `pull`: rows `(people,)`."""

    rows: tuple[jax.Array, ...]


def _register(cls: type[T], static: tuple[str, ...]) -> type[T]:
    names = [f.name for f in fields(cls)]  # type: ignore[arg-type]
    jax.tree_util.register_dataclass(
        cls, data_fields=[n for n in names if n not in static], meta_fields=[n for n in names if n in static]
    )
    return cls


@dataclass_transform(frozen_default=True)
def mechanism(cls: type[T]) -> type[T]:
    """Make a class a frozen dataclass that JAX can carry; fields listed in `static` are part of its structure.

    >>> import jax, jax.numpy as jnp
    >>> @mechanism
    ... class Half:
    ...     rate: jax.Array
    >>> jax.tree_util.tree_map(lambda x: 2 * x, Half(rate=jnp.ones(3))).rate.tolist()
    [2.0, 2.0, 2.0]
    """
    return _register(dataclass(frozen=True)(cls), getattr(cls, "static", ()))


_register(DayEffect, ())
_register(Pulled, ())
