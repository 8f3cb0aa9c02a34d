"""Draws people of a declared population. A draw of a covariate is keyed by (seed, number, `covariate:NAME`) alone.

All is computed on tiles of one fixed shape with NumPy and two small compiled functions, without matrix products, so
that a value does not depend on who else is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import numpy as np

from anagen.compiled.configure import configure
from anagen.compiled.programs import program

from .population_file import Declared
from .streams import normals, stream_keys

TILE = 1264
_STREAMS = 8  # streams are drawn in multiples of this, so that few shapes are compiled
Array = np.ndarray[Any, np.dtype[Any]]


def _normals(keys: jax.Array, people: jax.Array) -> jax.Array:
    return jax.vmap(normals, (0, None))(keys, people)


def _within(z: jax.Array, low: jax.Array, high: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The place of `z` among people and its score once the shares outside `low` to `high` are cut off."""
    place = low + (high - low) * jax.scipy.special.ndtr(z)
    whole = (low == 0) & (high == 1)
    return place, jax.numpy.where(whole, z, jax.scipy.special.ndtri(place))


def _compiled(function: Callable[..., Any], *args: Any) -> Any:
    """The function's result, from a program that is kept on disk; "long" is the effort that `jax.jit` takes too, which
    gives its digits."""
    return program(function, (function.__name__, __name__), *args, effort="long")(*args)


@lru_cache(maxsize=64)
def _keys(seed: int, names: tuple[str, ...]) -> jax.Array:
    return stream_keys(seed, [f"covariate:{name}" for name in names])


def drawn(declared: Declared, numbers: Array, seed: int) -> dict[str, Array]:
    """The columns of people `numbers` (n,), each `(n,)`."""
    configure()
    names = [column.covariate.name for column in declared.columns]
    padded = (*names, *(f"({i})" for i in range(-len(names) % _STREAMS)))
    keys = _keys(int(seed), padded)
    made = {name: np.empty(len(numbers)) for name in names}
    for first in range(0, len(numbers), TILE):
        some = numbers[first : first + TILE]
        tile = np.zeros(TILE, np.int64)
        tile[: len(some)] = some
        for name, values in _tile(declared, keys, tile).items():
            made[name][first : first + TILE] = values[: len(some)]
    return made


def _tile(declared: Declared, keys: jax.Array, numbers: Array) -> dict[str, Array]:
    own = np.asarray(_compiled(_normals, keys, numbers))
    z = [own[i] if len(weights) == 1 else _mixed(own, weights) for i, weights in enumerate(declared.factor)]
    columns = declared.columns
    male = np.zeros(TILE, bool)
    if columns[0].covariate.name == "sex":
        male = columns[0].female.values(z[0], z[0], z[0]) == 1
    place, score = _placed(declared, z, male)
    made = {}
    for i, column in enumerate(columns):
        values = column.female.values(z[i], place[i], score[i])
        if column.by_sex:
            values = np.where(male, column.male.values(z[i], place[i], score[i]), values)
        made[column.covariate.name] = values
    return made


def _mixed(own: Array, weights: tuple[tuple[int, float], ...]) -> Array:
    """Draws added up with their weights, one after the other: always in the same order."""
    total = np.zeros(TILE)
    for j, weight in weights:
        total += weight * own[j]
    return total


def _placed(declared: Declared, z: list[Array], male: Array) -> tuple[list[Array], list[Array]]:
    """Place and score of each column, worked out only where the distribution needs them."""
    place, score = list(z), list(z)
    cut = [i for i, column in enumerate(declared.columns) if column.cut]
    if cut:
        padded = [*cut, *(cut[:1] * (-len(cut) % _STREAMS))]
        parts = np.array([[declared.columns[i].female.part, declared.columns[i].male.part] for i in padded])
        low, high = (np.where(male, parts[:, 1, k, None], parts[:, 0, k, None]) for k in (0, 1))
        found = [np.asarray(a) for a in _compiled(_within, np.stack([z[i] for i in padded]), low, high)]
        for row, i in enumerate(cut):
            place[i], score[i] = found[0][row], found[1][row]
    return place, score
