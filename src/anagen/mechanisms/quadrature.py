"""Nodes inside a day: Gauss-Radau between doses, crowded after each dose, where the curve bends most.

The last node of a piece is its end, just before the next dose, when the level is lowest.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

Rule = tuple[tuple[float, ...], tuple[float, ...]]


@lru_cache(maxsize=16)
def ending(nodes: int) -> Rule:
    """Nodes, at least 2, and weights on [0, 1], the last node 1: exact for polynomials of degree 2 nodes - 2.

    Eigenvalues of the recurrence of Legendre's polynomials, changed so that the end is one of them (Golub 1973,
    https://doi.org/10.1137/1015032).

    >>> x, w = ending(3)
    >>> x[-1], round(sum(wi * xi**4 for xi, wi in zip(x, w)), 12)
    (1.0, 0.2)
    """
    k = np.arange(1.0, nodes)
    beside = k / np.sqrt(4 * k**2 - 1)
    shorter = np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1) - np.eye(nodes - 1)
    last = 1 + np.linalg.solve(shorter, np.append(np.zeros(nodes - 2), beside[-1] ** 2))[-1]
    whole = np.diag(beside, 1) + np.diag(beside, -1)
    whole[-1, -1] = last
    x, vectors = np.linalg.eigh(whole)
    return (*(float(v) for v in (x[:-1] + 1) / 2), 1.0), tuple(float(v) for v in vectors[0] ** 2)


@lru_cache(maxsize=16)
def squared(nodes: int) -> Rule:
    """The same after s = u²: crowded at 0, where absorption begins.

    >>> x, w = squared(6)
    >>> round(sum(w), 12)
    1.0
    """
    u, w = (np.array(row) for row in ending(nodes))
    return tuple(float(v) for v in u**2), tuple(float(v) for v in 2 * u * w)
