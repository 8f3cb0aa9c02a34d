"""Divided differences of the exponential, stable where rates meet.

A chain of first-order steps with rates x, y, z answers a unit input with these functions. Sums of modes divide by
differences of rates and lose all digits where two rates are close (absorption near distribution, say); these do not.
The exponentials are computed once by the caller and shared. Rates in 1/h, times in h.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp

Array = jax.Array
NEAR = 0.05
"""Below this gap times time, a series is more exact than a difference, in single precision too."""


class Decay(NamedTuple):
    """A rate and what is left after the time in question, e^(-rate·t)."""

    rate: Array
    left: Array


def decay(rate: Array, t: Array) -> Decay:
    """The rate with e^(-rate·t)."""
    return Decay(rate, jnp.exp(-rate * t))


def first(x: Decay, y: Decay, t: Array) -> Array:
    """Integral over s in [0, t] of e^(-x s) e^(-y (t - s)), in h: what a unit leaves in the second step of a chain.

    >>> import math, jax.numpy as jnp
    >>> t = jnp.float32(2.0)
    >>> same = decay(jnp.float32(0.3), t)
    >>> math.isclose(float(first(same, same, t)), 2 * math.exp(-0.6), rel_tol=1e-6)
    True
    """
    gap = y.rate - x.rate
    g = gap * t
    near = jnp.abs(g) < NEAR
    difference = (x.left - y.left) / jnp.where(near, 1.0, gap)
    series = t * x.left * (1 - g / 2 * (1 - g / 3 * (1 - g / 4 * (1 - g / 5 * (1 - g / 6)))))
    return jnp.where(near, series, difference)


def second(x: Decay, y: Decay, z: Decay, t: Array) -> Array:
    """What a unit leaves in the third step of a chain with rates x, y, z (in any order), in h².

    Divides by the widest of the three gaps; where even that is narrow, uses the series about the mean rate.
    """
    low = jnp.minimum(jnp.minimum(x.rate, y.rate), z.rate)
    high = jnp.maximum(jnp.maximum(x.rate, y.rate), z.rate)
    xy, yz, xz = first(x, y, t), first(y, z, t), first(x, z, t)
    narrow = (high - low) * t < NEAR

    def pick(a: Array, b: Array, gap: Array) -> Array:
        return (a - b) / jnp.where(narrow, 1.0, gap)

    # The divided difference is symmetric: drop the middle rate from neither of the two first differences.
    x_middle = (x.rate - y.rate) * (z.rate - x.rate) >= 0
    z_middle = (z.rate - x.rate) * (y.rate - z.rate) >= 0
    wide = jnp.where(
        x_middle,
        pick(xy, xz, z.rate - y.rate),
        jnp.where(z_middle, pick(xz, yz, y.rate - x.rate), pick(xy, yz, z.rate - x.rate)),
    )
    mean = (x.rate + y.rate + z.rate) / 3
    dx, dy, dz = ((rate - mean) * t for rate in (x.rate, y.rate, z.rate))
    spread, skew = dx**2 + dy**2 + dz**2, dx * dy * dz
    series = 0.5 * t**2 * jnp.exp(-mean * t) * (1 + spread / 24 - skew / 60 + spread**2 / 1440)
    return jnp.where(narrow, series, wide)
