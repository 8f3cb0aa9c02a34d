"""Nodes inside a day: Gauss-Legendre between doses, crowded after each dose, where the curve bends most.

The fits in use were made with them; the engine's own end at the next dose (`anagen.mechanisms.quadrature`).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

Rule = tuple[tuple[float, ...], tuple[float, ...]]


@lru_cache(maxsize=16)
def plain(nodes: int) -> Rule:
    """Nodes and weights on [0, 1].

    >>> x, w = plain(3)
    >>> round(sum(wi * xi**4 for xi, wi in zip(x, w)), 12)
    0.2
    """
    x, w = np.polynomial.legendre.leggauss(nodes)
    return tuple(float(v) for v in (x + 1) / 2), tuple(float(v) for v in w / 2)


@lru_cache(maxsize=16)
def squared(nodes: int) -> Rule:
    """The same after s = u²: crowded at 0, where absorption begins.

    >>> x, w = squared(6)
    >>> round(sum(w), 12)
    1.0
    """
    u, w = np.array(plain(nodes)[0]), np.array(plain(nodes)[1])
    return tuple(float(v) for v in u**2), tuple(float(v) for v in 2 * u * w)
