"""Sums over one tile or several, arm by arm and group by group: what is kept of people, and written to disk.

Counts are whole numbers and add up at once. Moments are kept tile by tile, to be merged in the tiles' order at the end
(moments.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .histogram import Histogram, from_arrays, merge_all, to_arrays
from .moments import Moments, joined

Ints = npt.NDArray[np.int64]
Arrays = dict[str, npt.NDArray[Any]]

_MOMENTS = ("of_arms", "of_pairs", "of_arms_by_replicate", "of_pairs_by_replicate")
_COUNTS = ("people", "whole", "sides", "weekly")
_HISTOGRAMS = ("values", "differences")


@dataclass(frozen=True, eq=False)
class Sums:
    """Of one tile or of several; A arms, C compared with one of them, E endpoints, T of them times, G groups.

    Tile by tile, first axis: `tiles` (their numbers), `first_replicate`, `of_arms` (A, E, G), `of_pairs` (C, E, G), and
    the same `_by_replicate` (..., replicates that a tile touches). A time counts as its week, at most the time
    followed.

    Whole numbers, summed: `people` (G,); `whole` (A, E, 2) of values that are exactly 0, 1; `sides` (C, E, 3) of
    differences that are lower, same, higher; `weekly` (A, T, 3, weeks + 1) as in times.py. `values` and `differences`,
    histograms by "arm/endpoint" (places).
    """

    tiles: Ints
    first_replicate: Ints
    of_arms: Moments
    of_pairs: Moments
    of_arms_by_replicate: Moments
    of_pairs_by_replicate: Moments
    people: Ints
    whole: Ints
    sides: Ints
    weekly: Ints
    values: dict[str, Histogram]
    differences: dict[str, Histogram]

    def to_arrays(self) -> Arrays:
        """As plain arrays by name."""
        found: Arrays = {name: getattr(self, name) for name in ("tiles", "first_replicate", *_COUNTS)}
        for name in _MOMENTS:
            one: Moments = getattr(self, name)
            found |= {f"{name}.n": one.n, f"{name}.mean": one.mean, f"{name}.squares": one.squares}
        for name in _HISTOGRAMS:
            found |= {f"{name}.{key}": array for key, array in to_arrays(getattr(self, name)).items()}
        return found

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Sums:
        """What `to_arrays` made of it; other names are ignored."""
        fields: dict[str, Any] = {name: arrays[name] for name in ("tiles", "first_replicate", *_COUNTS)}
        for name in _MOMENTS:
            fields[name] = Moments(*(arrays[f"{name}.{key}"] for key in ("n", "mean", "squares")))
        for name in _HISTOGRAMS:
            head = f"{name}."
            fields[name] = from_arrays({k[len(head) :]: arrays[k] for k in arrays if k.startswith(head)})
        return cls(**fields)


def together(parts: Iterable[Sums]) -> Sums:
    """Several as one, in the order of their tiles; in whatever order they come, the result is the same.

    Raises:
        ValueError: none at all, or the same tile twice.
    """
    every = sorted(parts, key=lambda sums: int(sums.tiles[0]))
    if not every:
        raise ValueError("no sums of any tile")
    tiles = np.concatenate([sums.tiles for sums in every])
    order = np.argsort(tiles, kind="stable")
    if np.any(np.diff(tiles[order]) == 0):
        raise ValueError("the same tile twice")
    fields: dict[str, Any] = {"tiles": tiles[order]}
    fields["first_replicate"] = np.concatenate([sums.first_replicate for sums in every])[order]
    for name in _MOMENTS:
        fields[name] = joined([getattr(sums, name) for sums in every], axis=0)[order]
    for name in _COUNTS:
        fields[name] = np.sum([getattr(sums, name) for sums in every], axis=0)
    for name in _HISTOGRAMS:
        fields[name] = {}
        for sums in every:
            merge_all(fields[name], getattr(sums, name))
    return Sums(**fields)
