"""Moments: how many, their mean, and the sum of squares about it; of a tile by group, then of tiles in their order.

Sums of floats depend on their order. A tile's are made at once and tiles are merged in the order of their numbers, so
that the result is the same to the bit whoever computed which tile, and when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Moments:
    """`n`, `mean` and `squares` (sum of squared distances from the mean), all of one shape."""

    n: Ints
    mean: Floats
    squares: Floats

    @property
    def sd(self) -> Floats:
        """Standard deviation with n - 1; NaN where n is below 2."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.n > 1, np.sqrt(self.squares / np.maximum(self.n - 1, 1)), np.nan)

    def __getitem__(self, place: Any) -> Moments:
        return Moments(self.n[place], self.mean[place], self.squares[place])

    def at(self, *place: int) -> tuple[int, float, float]:
        """n, mean and SD of one entry; NaN where they do not exist."""
        n = int(self.n[place])
        return n, float(self.mean[place]) if n else float("nan"), float(self.sd[place])


def moments(values: Floats, group: npt.NDArray[np.integer], groups: int) -> Moments:
    """Of `(..., people)` values by `group` (people,), 0 to `groups` - 1 (else nowhere): `(..., groups)`.

    Values that are not finite are left out.

    >>> found = moments(np.array([1.0, 3.0, 5.0, np.nan]), np.array([0, 0, 1, 1]), 2)
    >>> found.n.tolist(), found.mean.tolist(), found.squares.tolist()
    ([2, 1], [2.0, 5.0], [2.0, 0.0])
    """
    *outer, people = values.shape
    flat = values.reshape(-1, people)
    order = np.argsort(group, kind="stable")
    order = order[(group[order] >= 0) & (group[order] < groups)]
    if order.size < people or np.any(order[1:] < order[:-1]):
        flat = flat[:, order]
    present, starts, sizes = np.unique(group[order], return_index=True, return_counts=True)
    kept = np.isfinite(flat)
    some_missing = not kept.all()
    if some_missing:
        flat = np.where(kept, flat, 0.0)
    n, mean, squares = (np.zeros((len(flat), groups), dtype) for dtype in (np.int64, np.float64, np.float64))
    if order.size:
        n[:, present] = np.add.reduceat(kept, starts, axis=1, dtype=np.int64) if some_missing else sizes
        mean[:, present] = np.add.reduceat(flat, starts, axis=1) / np.maximum(n[:, present], 1)
        away = flat - np.repeat(mean[:, present], sizes, axis=1)
        if some_missing:
            away[~kept] = 0.0
        squares[:, present] = np.add.reduceat(np.square(away, out=away), starts, axis=1)
    shape = (*outer, groups)
    return Moments(n.reshape(shape), mean.reshape(shape), squares.reshape(shape))


def joined(parts: Sequence[Moments], axis: int = -1) -> Moments:
    """Side by side along an axis."""
    return Moments(*(np.concatenate([getattr(p, name) for p in parts], axis) for name in ("n", "mean", "squares")))


def merged(tiles: Moments) -> Moments:
    """Of all tiles, from arrays `(tiles, ...)` in the order of the tiles.

    Pairwise update of mean and squares: Chan, Golub and LeVeque 1983, The American Statistician 37:242.
    """
    n, mean, squares = (np.zeros(tiles.mean.shape[1:]) for _ in range(3))
    for more, mean_of_more, squares_of_more in zip(tiles.n, tiles.mean, tiles.squares, strict=True):
        total = n + more
        share = np.divide(more, total, out=np.zeros_like(total), where=total > 0)
        step = np.where(more > 0, mean_of_more - mean, 0.0)
        squares += squares_of_more + step * step * n * share
        mean += step * share
        n = total
    return Moments(n.astype(np.int64), mean, squares)
