"""Where the follicles of a square centimetre stand: a hexagonal grid, shaken; and where each hair leans."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SIDE = 100.0
"""The patch is so many tenths of a millimetre wide and high."""
SHAKEN = 0.24
"""Of the distance between neighbours, at most, in each direction."""
LEAN, SPREAD = 24.0, 15.0
"""Degrees from upright: of all hairs, and how they differ (SD)."""


class Places(NamedTuple):
    """Each `(follicles,)`: tenths of a millimetre from the left and from the top; degrees that the hair leans right."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    lean: npt.NDArray[np.float64]


def places(number: int, rng: np.random.Generator) -> Places:
    """`number` places, row by row.

    >>> found = places(200, np.random.default_rng(1))
    >>> found.x.size, bool((found.x > 0).all() and (found.y < SIDE).all())
    (200, True)
    """
    rows = max(1, round((number * 2 / 3**0.5) ** 0.5))
    row_sizes = np.diff(np.round(np.linspace(0, number, rows + 1)).astype(int))
    high = SIDE / rows
    x, y = [], []
    for row, size in enumerate(row_sizes):
        wide = SIDE / (size + 0.5)
        x.append(wide * (np.arange(size) + (0.25 if row % 2 else 0.75)))
        y.append(np.full(size, high * (row + 0.5)))
    reach = SHAKEN * high
    shaken = rng.uniform(-reach, reach, (2, number))
    return Places(np.concatenate(x) + shaken[0], np.concatenate(y) + shaken[1], rng.normal(LEAN, SPREAD, number))
