"""People: the parameters of many persons like this one, from spread between people and ignorance of the values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp

from .parameters import Parameter
from .streams import TYPICAL, normals, stream_key, stream_keys

Array = jax.Array
Spread = Literal["both", "between", "unknown"]


class Spreads(NamedTuple):
    """How much of each kind of spread acts, 0 or 1: people differing, and values nobody knows."""

    between: Array | float = 1.0
    unknown: Array | float = 1.0

    @classmethod
    def named(cls, name: Spread) -> Spreads:
        """`both`, or only one of the two, so that they can be told apart."""
        return cls(float(name != "unknown"), float(name != "between"))


class Draws:
    """Parameter values of people, all drawn at once: `draws["exposure.clearance"]` is `(people,)`.

    Person -1 (typical) gets the values themselves.
    """

    def __init__(
        self, parameters: Mapping[str, Parameter], seed: Array | int, people: Array, spreads: Spreads = Spreads()
    ) -> None:
        self.parameters = parameters
        self._seed, self._people = seed, people
        self._row = {name: row for row, name in enumerate(parameters)}
        self._values = _values(tuple(parameters.values()), seed, people, spreads)

    def __getitem__(self, name: str) -> Array:
        return self._values[self._row[name]]

    def typical(self, name: str) -> float:
        """The value itself, without any spread."""
        return self.parameters[name].value

    def uniform(self, name: str) -> Array:
        """A uniform draw on (0, 1) of a stream of its own, `(people,)`; 0.5 for the typical person."""
        return jax.scipy.special.ndtr(normals(stream_key(self._seed, name), self._people))


def _values(parameters: tuple[Parameter, ...], seed: Array | int, people: Array, spreads: Spreads) -> Array:
    """All parameters of all people, `(parameters, people)`."""

    def column(values: list[float]) -> Array:
        return jnp.array(values)[:, None]

    def standard(kind: str, acting: list[bool]) -> Array:
        """Standard normals where a spread acts, 0 elsewhere."""
        rows = [row for row, acts in enumerate(acting) if acts]
        keys = stream_keys(seed, [f"{kind}:{parameters[row].name}" for row in rows])
        drawn = jax.vmap(normals, (0, None))(keys, people)
        return jnp.zeros((len(parameters), people.size)).at[jnp.array(rows)].set(drawn)

    between = column([p.between for p in parameters])
    z = standard("between", [p.between > 0 for p in parameters])
    kept_mean = column([p.between / 2 if p.mean_preserving else 0.0 for p in parameters])
    shift = spreads.between * between * (z - jnp.where(people == TYPICAL, 0.0, kept_mean))

    z = standard("unknown", [p.lower > 0 or p.upper > 0 for p in parameters])
    lower, upper = column([p.lower for p in parameters]), column([p.upper for p in parameters])
    shift = shift + spreads.unknown * jnp.where(z < 0, lower, upper) * z

    value = column([p.value for p in parameters])
    scale = [p.scale for p in parameters]
    is_log, is_logit = (jnp.array([s == name for s in scale])[:, None] for name in ("log", "logit"))
    odds = column([p.value / (1 - p.value) if p.scale == "logit" else 1.0 for p in parameters])
    drawn = jnp.where(is_log, value * jnp.exp(shift), jnp.where(is_logit, 1 / (1 + jnp.exp(-shift) / odds), value + shift))
    low = column([p.bounds[0] if p.bounds else -math.inf for p in parameters])
    high = column([p.bounds[1] if p.bounds else math.inf for p in parameters])
    return jnp.clip(drawn, low, high)
