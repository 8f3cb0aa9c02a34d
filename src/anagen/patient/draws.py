"""People: the parameters of many persons like this one, from spread between people and ignorance of the values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from .parameters import Parameter
from .streams import TYPICAL, normals, stream_keys

Array = jax.Array
Floats = npt.NDArray[np.float64]
Spread = Literal["both", "between", "unknown"]


class Spreads(NamedTuple):
    """How much of each kind of spread acts, 0 or 1: people differing, and values nobody knows."""

    between: Array | np.float64 = np.float64(1)
    unknown: Array | np.float64 = np.float64(1)

    @classmethod
    def named(cls, name: Spread) -> Spreads:
        """`both`, or only one of the two, so that they can be told apart."""
        return cls(np.float64(name != "unknown"), np.float64(name != "between"))


class Draws:
    """Parameter values of people, all drawn at once: `draws["exposure.clearance"]` is `(people,)`.

    Person -1 (typical) gets the values themselves. `chances` names the streams that `uniform` can be asked for;
    `given` holds values known of each person, `(people,)`, which are not drawn; of `shared` (people,), those who have
    one number share what nobody knows.
    """

    def __init__(
        self,
        parameters: Mapping[str, Parameter],
        seed: Array | int,
        people: Array,
        spreads: Spreads | None = None,
        chances: Sequence[str] = (),
        given: Mapping[str, Array] | None = None,
        shared: Array | None = None,
    ) -> None:
        self.parameters = parameters
        between = [name for name, p in parameters.items() if p.between]
        unknown = [name for name, p in parameters.items() if p.lower or p.upper]
        streams = [*(f"between:{n}" for n in between), *(f"unknown:{n}" for n in unknown), *chances]
        keys = stream_keys(seed, streams)
        owners = jnp.broadcast_to(people, (len(streams), *people.shape))  # one stream a row
        if shared is not None:
            common = jnp.arange(len(streams)) - len(between)
            owners = jnp.where(((common >= 0) & (common < len(unknown)))[:, None], shared, owners)
        z = jax.vmap(normals)(keys, owners)
        ignorance = z[len(between) : len(between) + len(unknown)]
        together, factor = correlated(parameters, unknown)
        if together:  # written out row by row: a product of matrices adds in an order of its own
            rows = [sum(f * ignorance[j] for f, j in zip(row, together, strict=True)) for row in factor.tolist()]
            ignorance = ignorance.at[jnp.array(together)].set(jnp.stack(rows))
        nothing = jnp.zeros((len(parameters), people.size))
        row = {name: i for i, name in enumerate(parameters)}
        z_between = nothing.at[jnp.array([row[name] for name in between], int)].set(z[: len(between)])
        z_unknown = nothing.at[jnp.array([row[name] for name in unknown], int)].set(ignorance)
        values = _values(tuple(parameters.values()), z_between, z_unknown, people, spreads or Spreads())
        # Drawn once: without the barrier every use of a value would be compiled with its own copy of the drawing.
        values, tail = jax.lax.optimization_barrier((values, z[len(between) + len(unknown) :]))
        self._values = dict(zip(parameters, values, strict=True)) | dict(given or {})
        self._chances = dict(zip(chances, jax.scipy.special.ndtr(tail), strict=True))

    def __getitem__(self, name: str) -> Array:
        return self._values[name]

    def typical(self, name: str) -> float:
        """The value itself, without any spread."""
        return self.parameters[name].value

    def uniform(self, name: str) -> Array:
        """A uniform draw on (0, 1) of a stream of its own, `(people,)`; 0.5 for the typical person."""
        return self._chances[name]


def correlated(parameters: Mapping[str, Parameter], unknown: Sequence[str]) -> tuple[list[int], Floats]:
    """Which of the `unknown` are correlated, by position, and the lower Cholesky factor of their correlations.

    Raises:
        ValueError: correlations that cannot be (with the names), or with a value that is known.

    >>> correlated({}, [])
    ([], array([], shape=(0, 0), dtype=float64))
    """
    pairs = {(name, other): r for name in unknown for other, r in parameters[name].unknown_with}
    for name, p in parameters.items():
        for other, _ in p.unknown_with:
            if name not in unknown or other not in unknown:
                raise ValueError(f"{name}: unknown_with {other}, but both need an interval 'unknown'")
    names = [name for name in unknown if any(name in pair for pair in pairs)]
    matrix = np.eye(len(names))
    for (name, other), r in pairs.items():
        i, j = names.index(name), names.index(other)
        matrix[i, j] = matrix[j, i] = r
    try:
        factor = np.asarray(np.linalg.cholesky(matrix), np.float64)
    except np.linalg.LinAlgError:
        raise ValueError(f"the correlations unknown_with of {', '.join(names)} cannot be all true at once") from None
    return [list(unknown).index(name) for name in names], factor


def _values(
    parameters: tuple[Parameter, ...], z_between: Array, z_unknown: Array, people: Array, spreads: Spreads
) -> Array:
    """All parameters of all people, `(parameters, people)`, from standard normals of the same shape."""

    def column(values: list[float]) -> Array:
        return jnp.array(values)[:, None]

    between = column([p.between for p in parameters])
    kept_mean = column([p.between / 2 if p.mean_preserving else 0.0 for p in parameters])
    shift = spreads.between * between * (z_between - jnp.where(people == TYPICAL, 0.0, kept_mean))

    lower, upper = column([p.lower for p in parameters]), column([p.upper for p in parameters])
    shift = shift + spreads.unknown * jnp.where(z_unknown < 0, lower, upper) * z_unknown

    value = column([p.value for p in parameters])
    is_log, is_logit = (jnp.array([p.scale == name for p in parameters])[:, None] for name in ("log", "logit"))
    odds = column([p.value / (1 - p.value) if p.scale == "logit" else 1.0 for p in parameters])
    logistic = 1 / (1 + jnp.exp(-shift) / odds)
    drawn = jnp.where(is_log, value * jnp.exp(shift), jnp.where(is_logit, logistic, value + shift))
    low = column([p.bounds[0] if p.bounds else -math.inf for p in parameters])
    high = column([p.bounds[1] if p.bounds else math.inf for p in parameters])
    return jnp.clip(drawn, low, high)
