"""Histograms of a trial: exact counts in fixed bins, which add up the same in any order; percentiles within 1 %.

A histogram has rows (weeks of a series; one row for an endpoint) and keeps only the columns between its lowest and its
highest bin. Lowest and highest value of each row are kept as they are, so percentiles never leave them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .bins import TOP, Codes, codes, edges

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]
Arrays = dict[str, npt.NDArray[Any]]

LEVELS = (0.05, 0.5, 0.95)
STATED_ERROR = "at most 1 % of the value (fixed bins)"
WIDTH = 2 * TOP + 3
"""Bins in all: from minus infinity, `-TOP - 1`, to infinity, `TOP + 1`."""


@dataclass(eq=False)
class Histogram:
    """Counts of values, row by row; grows by `add` and `merge`.

    `counts` (rows, columns) of the bins `first`, `first + 1`, ...; `missing` (rows,) values that were NaN;
    `lowest`, `highest` (rows,) of the others, infinite where there is none.

    >>> histogram = Histogram.of(np.array([[1.0, 2.0, 3.0, np.nan]]))
    >>> histogram.quantiles((0.0, 1.0)).tolist(), histogram.size.tolist(), histogram.missing.tolist()
    ([[1.0], [3.0]], [3], [1])
    """

    counts: Counts
    first: int
    missing: npt.NDArray[np.int64]
    lowest: Floats
    highest: Floats

    @classmethod
    def empty(cls, rows: int) -> Histogram:
        """Nothing counted yet."""
        nothing = np.full(rows, np.inf)
        return cls(np.zeros((rows, 0), np.int32), 0, np.zeros(rows, np.int64), nothing, -nothing)

    @classmethod
    def of(cls, values: npt.NDArray[Any], valid: npt.NDArray[np.bool_] | None = None) -> Histogram:
        """Of `(rows, people)` values, float32 or float64; `valid` (people,) says who is no padding."""
        if valid is not None and not valid.all():
            values = values[:, valid]
        rows, people = values.shape
        if people == 0:
            return cls.empty(rows)
        code, missing = codes(values)
        return cls._counted(values, code, missing)

    @classmethod
    def of_each(cls, values: npt.NDArray[Any]) -> list[Histogram]:
        """One histogram, of one row, of each row of `(rows, people)`: each keeps its own columns."""
        if values.shape[1] == 0:
            return [cls.empty(1) for _ in values]
        code, missing = codes(values)
        rows = [slice(row, row + 1) for row in range(len(values))]
        return [cls._counted(values[r], code[r], missing[r] if missing is not None else None) for r in rows]

    @classmethod
    def _counted(cls, values: npt.NDArray[Any], code: Codes, missing: npt.NDArray[np.bool_] | None) -> Histogram:
        rows = len(values)
        absent = np.zeros(rows, np.int64)
        if missing is not None and missing.any():
            absent = missing.sum(1, dtype=np.int64)
            lowest = np.where(missing, np.inf, values).min(1)
            highest = np.where(missing, -np.inf, values).max(1)
        else:
            missing = None
            lowest, highest = values.min(1), values.max(1)
        first, last = int(code.min()), int(code.max())
        width = last - first + 1
        if missing is None and width == 1:
            return cls(np.full((rows, 1), values.shape[1], np.int32), first, absent, *_wide(lowest, highest))
        place = (code + (np.arange(rows, dtype=np.int32) * width - first)[:, None]).astype(np.intp)  # counted fastest
        if missing is not None:
            place = place[~missing]
        counts = np.bincount(place.ravel(), minlength=rows * width).astype(np.int32).reshape(rows, width)
        return cls(counts, first, absent, *_wide(lowest, highest))

    @property
    def size(self) -> npt.NDArray[np.int64]:
        """Values counted in each row, without the missing, `(rows,)`."""
        return self.counts.sum(1, dtype=np.int64)

    def add(self, values: npt.NDArray[Any], valid: npt.NDArray[np.bool_] | None = None) -> None:
        """Count more values, `(rows, people)`."""
        self.merge(Histogram.of(values, valid))

    def merge(self, other: Histogram) -> None:
        """Take in what another has counted; any order gives the same."""
        if other.counts.shape[1]:
            self._cover(other.first, other.first + other.counts.shape[1])
            at = other.first - self.first
            self.counts[:, at : at + other.counts.shape[1]] += other.counts
        self.missing = self.missing + other.missing
        self.lowest = np.minimum(self.lowest, other.lowest)
        self.highest = np.maximum(self.highest, other.highest)

    def _cover(self, first: int, end: int) -> None:
        """Have columns for the bins from `first` to before `end`."""
        rows, width = self.counts.shape
        if width == 0:
            self.counts, self.first = np.zeros((rows, end - first), np.int32), first
        elif first < self.first or end > self.first + width:
            low, high = min(first, self.first), max(end, self.first + width)
            wider = np.zeros((rows, high - low), np.int32)
            wider[:, self.first - low : self.first - low + width] = self.counts
            self.counts, self.first = wider, low

    def quantiles(self, levels: Sequence[float] = LEVELS) -> Floats:
        """Percentiles of each row, `(levels, rows)`, as `numpy.quantile` defines them; NaN where nothing was counted.

        Each lies within 1/128 of the exact one, in a bin evenly filled; values beyond the bins' range count at its end.
        """
        found = np.full((len(levels), len(self.counts)), np.nan)
        if self.counts.shape[1] == 0:
            return found
        lower, upper = edges(np.arange(self.first, self.first + self.counts.shape[1]))
        wide = np.subtract(upper, lower, out=np.zeros_like(lower), where=np.isfinite(lower))
        ends = np.cumsum(self.counts, axis=1, dtype=np.int64)
        for row, end in enumerate(ends):
            size = int(end[-1])
            if size == 0:
                continue
            rank = np.asarray(levels) * (size - 1)
            below = np.floor(rank).astype(np.int64)
            two = np.stack([below, np.minimum(below + 1, size - 1)])
            column = np.searchsorted(end, two, side="right")
            held = self.counts[row, column]
            share = (two - (end[column] - held) + 0.5) / held
            value = lower[column] + wide[column] * share
            value = np.where(two == 0, self.lowest[row], np.where(two == size - 1, self.highest[row], value))
            one, next_one = np.clip(value, self.lowest[row], self.highest[row])
            part = rank - below
            with np.errstate(invalid="ignore"):  # between minus infinity and infinity
                found[:, row] = np.where((part == 0) | (one == next_one), one, (1 - part) * one + part * next_one)
        return found


def to_arrays(histograms: Mapping[str, Histogram]) -> Arrays:
    """Named histograms as a few flat arrays; empty bins take no room."""
    every = list(histograms.values())
    packed = [pack(h.counts) for h in every]
    widths = [h.counts.shape[1] for h in every]
    return {
        "names": np.array(list(histograms), dtype=np.str_),
        "shape": np.array([(len(h.counts), w, h.first) for h, w in zip(every, widths, strict=True)], np.int64),
        "filled": np.array([len(indices) for indices, _ in packed], np.int64),
        "indices": _joined([indices for indices, _ in packed], np.uint32),
        "values": _joined([values for _, values in packed], np.uint32),
        "missing": _joined([h.missing for h in every], np.int64),
        "lowest": _joined([h.lowest for h in every], np.float64),
        "highest": _joined([h.highest for h in every], np.float64),
    }


def from_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, Histogram]:
    """What `to_arrays` made of them.

    >>> two = {"a": Histogram.of(np.array([[1.0, 5.0]])), "b": Histogram.empty(3)}
    >>> from_arrays(to_arrays(two))["a"].quantiles((0.0, 1.0)).tolist()
    [[1.0], [5.0]]
    """
    found, row, at = {}, 0, 0
    shapes = zip(arrays["names"].tolist(), arrays["shape"].tolist(), arrays["filled"].tolist(), strict=True)
    for name, (rows, width, first), filled in shapes:
        counts = unpack(arrays["indices"][at : at + filled], arrays["values"][at : at + filled], (rows, width))
        of_row = [arrays[key][row : row + rows].copy() for key in ("missing", "lowest", "highest")]
        found[name] = Histogram(counts, first, *of_row)
        row, at = row + rows, at + filled
    return found


def merge_all(into: dict[str, Histogram], more: Mapping[str, Histogram]) -> None:
    """Take `more` into `into`, name by name."""
    for name, histogram in more.items():
        if name not in into:
            into[name] = Histogram.empty(len(histogram.counts))
        into[name].merge(histogram)


def pack(counts: Counts) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """The filled bins: places in the flattened array, and counts.

    >>> [array.tolist() for array in pack(np.array([[0, 3], [0, 1]], np.int32))]
    [[1, 3], [3, 1]]
    """
    flat = counts.ravel()
    indices = np.flatnonzero(flat)
    return indices.astype(np.uint32), flat[indices].astype(np.uint32)


def unpack(
    indices: npt.NDArray[np.uint32], values: npt.NDArray[np.uint32], shape: tuple[int, int]
) -> npt.NDArray[np.int32]:
    """The counts that `pack` was given; `shape` is theirs."""
    counts = np.zeros(shape[0] * shape[1], np.int32)
    counts[indices] = values
    return counts.reshape(shape)


def _wide(*arrays: npt.NDArray[Any]) -> list[Floats]:
    return [array.astype(np.float64) for array in arrays]


def _joined(arrays: Iterable[npt.NDArray[Any]], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *arrays])
