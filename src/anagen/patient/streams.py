"""Named random streams: every draw is keyed by (seed, person number, stream name), and by nothing else.

So the same person is the same person in any arm, any tile and any order, and can be drawn again alone. Person -1 is the
typical one: all draws zero.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import jax
import jax.numpy as jnp

Array = jax.Array
TYPICAL = -1


def _stream_id(name: str) -> int:
    """A number for a name that does not change between runs and machines."""
    return zlib.crc32(name.encode())


def stream_key(seed: int | Array, name: str) -> Array:
    """The key of a stream; `seed` from 0 to 2**32 - 1."""
    return jax.random.fold_in(jax.random.key(seed), _stream_id(name))


def stream_keys(seed: int | Array, names: Sequence[str]) -> Array:
    """The keys of many streams, `(names,)`."""
    ids = jnp.array([_stream_id(name) for name in names], jnp.uint32)
    return jax.vmap(lambda i: jax.random.fold_in(jax.random.key(seed), i))(ids)


def normals(key: Array, people: Array, index: Array | int | None = None) -> Array:
    """One standard normal for each person of a stream, `(people,)`; with `index` (n,), one for each, `(n, people)`.

    Always drawn in single precision, so that the person does not depend on the precision of the run.

    >>> import jax.numpy as jnp
    >>> key = stream_key(1, "clearance")
    >>> together = normals(key, jnp.arange(-1, 5))
    >>> bool(together[0] == 0), bool(together[4] == normals(key, jnp.array([3]))[0])
    (True, True)
    """
    own = jax.vmap(lambda person: jax.random.fold_in(key, person))(jnp.asarray(people, jnp.uint32))
    if index is None:
        drawn = jax.vmap(_normal)(own)
    else:
        occasions = jnp.asarray(index, jnp.uint32)
        drawn = jax.vmap(lambda i: jax.vmap(lambda k: _normal(jax.random.fold_in(k, i)))(own))(occasions)
    return jnp.where(jnp.asarray(people) == TYPICAL, 0.0, drawn).astype(jnp.result_type(float))


def _normal(key: Array) -> Array:
    return jax.random.normal(key, (), jnp.float32)
