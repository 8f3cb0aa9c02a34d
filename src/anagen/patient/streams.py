"""Named random streams: every draw is keyed by (seed, person number, stream name, occasion), and by nothing else.

So the same person is the same person in any arm, any tile and any order, and can be drawn again alone. Person -1 is the
typical one: all draws zero. A draw is a hash of its key (the finaliser of SplitMix64, once for each part of the key),
which compiles to a tenth of the code of a general generator and needs no state (docs/decisions/0008).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

Array = jax.Array
TYPICAL = -1
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = ((30, np.uint64(0xBF58476D1CE4E5B9)), (27, np.uint64(0x94D049BB133111EB)))


def _mixed(z: Array) -> Array:
    """Every bit of the answer depends on every bit of `z` (uint64)."""
    for shift, factor in _MIX:
        z = (z ^ (z >> np.uint64(shift))) * factor
    return z ^ (z >> np.uint64(31))


def _under(key: Array, number: Array) -> Array:
    """The key of a numbered part of what `key` names."""
    return _mixed(key + _STEP * (number.astype(jnp.uint64) + np.uint64(1)))


def stream_keys(seed: int | Array, names: Sequence[str]) -> Array:
    """The keys of streams, `(names,)` uint64; `seed` from 0 to 2**32 - 1. A NumPy array where the seed is a number, the
    same bits as the JAX array of a seed that is one: nothing is compiled for it."""
    hashes = [int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little") for name in names]
    one: Any = seed.astype(jnp.uint64) if isinstance(seed, jax.Array) else np.array([seed], np.uint64)
    return _mixed(_mixed(one + _STEP) ^ np.array(hashes, np.uint64))


def stream_key(seed: int | Array, name: str) -> Array:
    """The key of one stream."""
    return stream_keys(seed, [name])[0]


def normals(key: Array, people: Array, index: Array | None = None) -> Array:
    """One standard normal for each person of a stream, `(people,)`; with `index` (n,), one for each, `(n, people)`.

    Always drawn in single precision (23 bits, so within 5.3 SD), so that the person does not depend on the precision of
    the run.

    >>> import jax.numpy as jnp
    >>> key = stream_key(1, "clearance")
    >>> together = normals(key, jnp.arange(-1, 5))
    >>> bool(together[0] == 0), bool(together[4] == normals(key, jnp.array([3]))[0])
    (True, True)
    """
    people = jnp.asarray(people)
    own = _under(key, people)
    if index is not None:
        own = _under(own, jnp.asarray(index)[:, None])
    half = (own >> np.uint64(41)).astype(jnp.float32) + jnp.float32(0.5)  # exact in single precision, never 0 or 2**23
    drawn = jnp.float32(np.sqrt(2)) * jax.lax.erf_inv(half * jnp.float32(2**-22) - jnp.float32(1))
    return jnp.where(people == TYPICAL, 0.0, drawn).astype(jnp.result_type(float))
