"""A weight that changes: known at records, and between them by LOCF, NOCB or straight lines. Beside events.

LOCF: the last value known, until the next record (R, SAS). NOCB: the value of a record holds from the record before it
(NONMEM's own reading of a covariate). Outside the first and the last value, that value is held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .covariates import Interpolation
from .faults import Faults

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
PART = 1e-3
"""A straight line is cut into pieces over which the weight changes by no more than this part, each held at its middle.
Levels are then right to about half of it."""


@dataclass(frozen=True, eq=False)
class Weight:
    """Weights `kg` known at `time_h`, `(knots,)` each, in order; one knot alone never changes."""

    time_h: Floats
    kg: Floats
    interpolation: Interpolation

    @property
    def changes(self) -> bool:
        """Whether it is not the same all the time."""
        return bool((self.kg != self.kg[0]).any())

    def at(self, time_h: Floats) -> Floats:
        """The weight at some times, in kg.

        >>> knots = np.array([0.0, 24.0]), np.array([70.0, 80.0])
        >>> [float(Weight(*knots, name).at(np.array([12.0]))[0]) for name in ("locf", "nocb", "linear")]
        [70.0, 80.0, 75.0]
        """
        if self.interpolation == "linear":
            return np.asarray(np.interp(time_h, self.time_h, self.kg))
        if self.interpolation == "locf":
            index = np.searchsorted(self.time_h, time_h, side="right") - 1
        else:
            index = np.searchsorted(self.time_h, time_h, side="left")
        return self.kg[np.clip(index, 0, self.kg.size - 1)]

    def pieces(self, start_h: float, end_h: float) -> tuple[Floats, Floats]:
        """Edges `(n + 1,)` from start to end, and the weight that each piece is held at, `(n,)`."""
        inside = self.time_h[(self.time_h > start_h) & (self.time_h < end_h)] if self.changes else self.time_h[:0]
        edges = np.concatenate([[start_h], inside, [max(end_h, start_h)]])
        if self.interpolation == "linear" and self.changes:
            kg = self.at(edges)
            parts = np.maximum(1, np.ceil(np.abs(np.diff(np.log(kg))) / PART)).astype(int)
            cut = [np.linspace(a, b, n + 1)[:-1] for a, b, n in zip(edges, edges[1:], parts, strict=False)]
            edges = np.concatenate([*cut, edges[-1:]])
        return edges, self.at((edges[:-1] + edges[1:]) / 2)


def check_weights(
    kg: Floats, time_h: Floats, person: Array, first: Array, interpolation: str | None, column: str, faults: Faults
) -> None:
    """Faults of the weights of all rows: it changes and nobody said how, or is missing where it cannot be known."""
    there = ~np.isnan(kg)
    some = np.bincount(person[there], minlength=first.size) > 0
    faults.add(_rows(first[~some], kg.size), column, "is missing in every record of this person", "at least one value")
    lowest, highest = np.full(first.size, np.inf), np.full(first.size, -np.inf)
    np.minimum.at(lowest, person[there], kg[there])
    np.maximum.at(highest, person[there], kg[there])
    changing = (highest > lowest)[person]
    if changing.any() and interpolation is None:
        own = np.concatenate([[0.0], kg[:-1]])
        moved = changing & there & (np.arange(kg.size) > first[person]) & (kg != own)
        faults.add(
            moved,
            column,
            "changes in time, and how it goes on between records was not said",
            "interpolation='locf' (the last value), 'nocb' (the next, as NONMEM does) or 'linear'; on the command line "
            "--interpolation",
        )
        return
    last = np.append(first[1:], kg.size) - 1
    if interpolation in ("locf", "linear"):
        faults.add(
            _rows(first, kg.size) & changing & ~there,
            column,
            f"is missing in the first record, where {interpolation} needs it",
            "a value",
        )
    if interpolation in ("nocb", "linear"):
        faults.add(
            _rows(last, kg.size) & changing & ~there,
            column,
            f"is missing in the last record, where {interpolation} needs it",
            "a value",
        )
    rows = np.flatnonzero(there)
    same = (
        (person[rows[1:]] == person[rows[:-1]])
        & (time_h[rows[1:]] == time_h[rows[:-1]])
        & (kg[rows[1:]] != kg[rows[:-1]])
    )
    faults.add(
        _rows(rows[1:][same], kg.size), column, "differs from another value at the same time", "one value at a time"
    )
    going_back = np.concatenate([[False], (np.diff(time_h) < 0) & (person[1:] == person[:-1])])
    faults.add(
        going_back & changing,
        "TIME",
        "goes back, and the weight of this person changes in time",
        "times that go on after a reset",
    )


def _rows(rows: Array, size: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(size, bool)
    mask[rows] = True
    return mask
