"""What differs between a file and its rerun: the largest difference of each series, and what is not a number."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .layouts import STATISTICS

if TYPE_CHECKING:
    import polars

MOST = 200
"""Differences that are told."""


@dataclass(frozen=True)
class Differs:
    """`what` differs, in `count` values; `largest` absolute difference with the values there (`then`, `now`)."""

    what: str
    count: int
    largest: float | None
    then: Any
    now: Any

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def of_tables(then: polars.DataFrame, now: polars.DataFrame) -> list[Differs]:
    """Of two tables of one layout, series by series.

    >>> import polars
    >>> one = polars.DataFrame({"series": ["a", "b"], "p50": [1.0, 2.0]})
    >>> of_tables(one, one.with_columns(p50=polars.Series([1.0, 2.5])))
    [Differs(what='b', count=1, largest=0.5, then=2.0, now=2.5)]
    """
    if then.columns != now.columns or then.height != now.height:
        shapes = [f"{frame.height:,} rows of {', '.join(frame.columns[:20])}" for frame in (then, now)]
        return [Differs("the shape of the table", 1, None, *shapes)]
    named = [c for c in ("arm", "regimen", "TRTP", "series", "PARAMCD") if c in then.columns]
    found: dict[str, list[tuple[float, Any, Any]]] = {}
    labels: list[tuple[Any, ...]] | None = None
    for column in then.columns:
        one, other = then[column].to_list(), now[column].to_list()
        if one == other:
            continue
        if labels is None:
            labels = list(zip(*(then[c].to_list() for c in named), strict=True)) if named else [()] * then.height
        own = () if {"series", "PARAMCD"} & set(named) or column in named else (_series(column),)
        for row, (a, b) in enumerate(zip(one, other, strict=True)):
            if not _same(a, b):
                what = ", ".join(map(str, (*labels[row], *own))) or column
                found.setdefault(what, []).append((_size(a, b), a, b))
    return [_largest(what, pairs) for what, pairs in found.items()]


def _series(column: str) -> str:
    """The series of a column of the wide layout."""
    stem, _, last = column.rpartition("_")
    return stem if last in STATISTICS else column


def of_json(then: Any, now: Any) -> list[Differs]:
    """Of two JSON objects, by series, outcome or whatever holds the number.

    >>> of_json({"series": {"a": {"p50": [1, 2]}}}, {"series": {"a": {"p50": [1, 4]}}})
    [Differs(what='series.a', count=1, largest=2.0, then=2, now=4)]
    """
    found: dict[str, list[tuple[float, Any, Any]]] = {}
    for path, a, b in _leaves(then, now, ()):
        found.setdefault(_holder(path), []).append((_size(a, b), a, b))
    return [_largest(what, pairs) for what, pairs in found.items()]


def _leaves(then: Any, now: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any, Any]]:
    """Every place at which two objects differ."""
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys([*then, *now]):
            if key not in then or key not in now:
                yield (*path, key), then.get(key, "absent"), now.get(key, "absent")
            else:
                yield from _leaves(then[key], now[key], (*path, key))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for place, (a, b) in enumerate(zip(then, now, strict=True)):
            yield from _leaves(a, b, (*path, place))
    elif not _same(then, now):
        yield path, then, now


def _holder(path: tuple[str | int, ...]) -> str:
    """The path without where in a series or which percentile it is."""
    kept = list(path)
    while kept and isinstance(kept[-1], int):
        kept.pop()
    if len(kept) > 2:
        kept.pop()
    text = ""
    for part in kept:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def of_texts(then: str, now: str) -> list[Differs]:
    """Of two pages: how many lines differ, and the first that do."""
    one, other = then.splitlines(), now.splitlines()
    if len(one) != len(other):
        return [Differs("the number of lines of the page", 1, None, len(one), len(other))]
    pairs = [(i, a, b) for i, (a, b) in enumerate(zip(one, other, strict=True), 1) if a != b]
    return [Differs(f"line {i} of the page", 1, None, *_around(a, b)) for i, a, b in pairs[:MOST]]


def _around(a: str, b: str, width: int = 30) -> tuple[str, str]:
    """The place at which two lines part, with some characters before and after."""
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    start = max(0, at - width)
    return a[start : at + width], b[start : at + width]


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    return bool(a == b)


def _size(a: Any, b: Any) -> float:
    numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in (a, b))
    size = abs(float(a) - float(b)) if numbers else math.inf
    return math.inf if np.isnan(size) else size


def _largest(what: str, pairs: list[tuple[float, Any, Any]]) -> Differs:
    size, then, now = max(pairs, key=lambda pair: pair[0])
    return Differs(what, len(pairs), size if math.isfinite(size) else None, then, now)
