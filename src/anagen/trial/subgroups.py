"""Subgroups: to which level of a covariate each person belongs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt


def level_names(edges: Sequence[float], levels: Sequence[str] = ()) -> tuple[str, ...]:
    """The levels of a subgroup: between the edges of a number, or those of a covariate in words.

    >>> level_names((60, 80))
    ('below 60', '60 to below 80', '80 or more')
    >>> level_names((), ("female", "male"))
    ('female', 'male')
    """
    if not edges:
        return tuple(str(level) for level in levels)
    between = [f"{low:g} to below {high:g}" for low, high in pairwise(edges)]
    return (f"below {edges[0]:g}", *between, f"{edges[-1]:g} or more")


def level_of(column: npt.NDArray[Any], edges: Sequence[float], levels: Sequence[str] = ()) -> npt.NDArray[np.int64]:
    """The place of each person's level among `level_names`, `(people,)`; -1 where the value is missing or no level.

    >>> level_of(np.array([59.9, 60.0, 100.0, np.nan]), (60, 80)).tolist()
    [0, 1, 2, -1]
    >>> level_of(np.array(["male", "female", "unknown"]), (), ("female", "male")).tolist()
    [1, 0, -1]
    """
    if edges:
        numbers = np.asarray(column, dtype=float)
        return np.where(np.isnan(numbers), -1, np.searchsorted(np.asarray(edges, dtype=float), numbers, side="right"))
    found = np.full(len(column), -1)
    words = np.asarray(column).astype(np.str_)
    for place, level in enumerate(levels):
        found[words == str(level)] = place
    return found
