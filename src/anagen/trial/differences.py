"""Paired differences: an arm less the arm it is compared with, in the same simulated people."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .layout import Layout

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
LOWER, SAME, HIGHER = range(3)


def differences(layout: Layout, values: Floats) -> Floats:
    """`(arms, endpoints, people)` -> `(compared arms, endpoints, people)`; NaN where either is missing."""
    return values[list(layout.compared)] - values[layout.against]


def sides(difference: Floats, same: Floats) -> Ints:
    """In how many it is lower, the same, higher: `(..., endpoints, people)` -> `(..., endpoints, 3)`.

    A difference no larger than the endpoint's `same` (endpoints,) counts as the same.

    >>> sides(np.array([[-2.0, -1.0, 0.5, 3.0, np.nan]]), np.array([1.0])).tolist()
    [[1, 2, 1]]
    """
    lower = (difference < -same[:, None]).sum(-1)
    higher = (difference > same[:, None]).sum(-1)
    counted = np.isfinite(difference).sum(-1)
    return np.stack([lower, counted - lower - higher, higher], axis=-1)
