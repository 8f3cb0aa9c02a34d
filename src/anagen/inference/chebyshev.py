"""Smooth functions known at a few nodes: Chebyshev coefficients of a table, and the polynomials that go with them."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def nodes(count: int) -> Floats:
    """The `count` Chebyshev-Lobatto nodes on 0 to 1, both ends among them, rising.

    >>> nodes(3).round(12).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.asarray((1 - np.cos(np.pi * np.arange(count) / (count - 1))) / 2)


def coefficients(table: Floats, axes: int) -> Floats:
    """A table known at the nodes of its first `axes` axes, as coefficients of Chebyshev polynomials on each."""
    for axis in range(axes):
        at = 2 * nodes(table.shape[axis]) - 1
        inverse = np.linalg.inv(np.polynomial.chebyshev.chebvander(at, at.size - 1))
        table = np.moveaxis(np.tensordot(inverse, table, (1, axis)), 0, axis)
    return table


def polynomials(x: Any, count: int) -> Any:
    """The first `count` polynomials at `x` on 0 to 1, `(count, *shape of x)`.

    >>> polynomials(1.0, 3).tolist()
    [1.0, 1.0, 1.0]
    """
    at = 2 * jnp.asarray(x) - 1
    terms = [jnp.ones_like(at), at]
    while len(terms) < count:
        terms.append(2 * at * terms[-1] - terms[-2])
    return jnp.stack(terms[:count])
