"""From the endpoints of a tile's people to its sums, by arm and group; and from the sums of all tiles to one group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .differences import differences, sides
from .histogram import Histogram
from .layout import Layout
from .moments import Moments, joined, moments
from .moments import merged as merged_moments
from .sums import Sums, together
from .times import weekly_counts

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def tile_sums(
    layout: Layout,
    tile: int,
    values: Floats,
    left_week: Floats | None,
    levels: Sequence[npt.NDArray[np.integer]] = (),
    valid: npt.NDArray[np.bool_] | None = None,
) -> Sums:
    """The sums of one tile.

    Args:
        tile: its number; it holds the people from `tile * layout.tile` on.
        values: `(arms, endpoints, people)` from `person_endpoints`.
        left_week: `(arms, people)`, infinite for who stayed (see `endpoints.left_weeks`); None where nobody left.
        levels: of each subgroup, the place of each person's level, -1 for none, `(people,)`.
        valid: who is no padding, `(people,)`.
    """
    number = np.arange(values.shape[-1]) + tile * layout.tile
    if valid is not None and not valid.all():
        values, number = values[..., valid], number[valid]
        left_week = None if left_week is None else left_week[:, valid]
        levels = [level[valid] for level in levels]
    left = np.full((len(layout.arms), len(number)), np.inf)
    if left_week is not None and layout.after_leaving != "as-if-seen":
        left = left_week
    numbers = _numbers(layout, values, left)
    pairs = differences(layout, numbers)
    replicate = layout.replicate_of(number)
    first = int(replicate[0]) if replicate.size else 0
    both = np.concatenate([numbers, pairs])
    everyone = np.zeros(len(number), np.int64)
    groups = [(everyone, 1), *((level, len(names)) for level, names in zip(levels, layout.levels, strict=True))]
    of_arms, of_pairs = _tile_of(layout, joined([moments(both, group, count) for group, count in groups]))
    by_replicate = _tile_of(layout, moments(both, replicate - first, layout.replicates_of_tile))
    return Sums(
        tiles=np.array([tile]),
        first_replicate=np.array([first]),
        of_arms=of_arms,
        of_pairs=of_pairs,
        of_arms_by_replicate=by_replicate[0],
        of_pairs_by_replicate=by_replicate[1],
        people=_sizes(layout, levels, len(number)),
        whole=np.stack([(numbers == 0).sum(-1), (numbers == 1).sum(-1)], axis=-1),
        sides=sides(pairs, layout.same),
        weekly=_weekly(layout, values, left),
        values=_histograms(numbers),
        differences=_histograms(pairs),
    )


@dataclass(frozen=True, eq=False)
class Merged:
    """Of all tiles: the moments of everyone and each level, of each replicate, and the counts as in `Sums`."""

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


def merged(layout: Layout, parts: Iterable[Sums]) -> Merged:
    """All tiles of a run as one group of people; the order in which `parts` come does not matter.

    Raises:
        ValueError: as `together`.
    """
    all_tiles = together(parts)
    first = all_tiles.first_replicate
    return Merged(
        of_arms=merged_moments(all_tiles.of_arms),
        of_pairs=merged_moments(all_tiles.of_pairs),
        of_arms_by_replicate=_by_replicate(layout, first, all_tiles.of_arms_by_replicate),
        of_pairs_by_replicate=_by_replicate(layout, first, all_tiles.of_pairs_by_replicate),
        people=all_tiles.people,
        whole=all_tiles.whole,
        sides=all_tiles.sides,
        weekly=all_tiles.weekly,
        values=all_tiles.values,
        differences=all_tiles.differences,
    )


def _by_replicate(layout: Layout, first: Ints, tiles: Moments) -> Moments:
    """Of `(tiles, ..., touched)`, the touched beginning with `first` (tiles,): `(..., replicates)`."""
    *outer, touched = tiles.n.shape[1:]
    found = []
    for replicate in range(layout.replicates):
        held = np.flatnonzero((first <= replicate) & (replicate < first + touched))
        at = (held, ..., replicate - first[held])
        of_it = [getattr(tiles, name)[at] for name in ("n", "mean", "squares")]
        found.append(merged_moments(Moments(*(x.reshape(len(held), *outer, 1) for x in of_it))))
    return joined(found)


def _tile_of(layout: Layout, both: Moments) -> tuple[Moments, Moments]:
    """Of arms and of pairs, apart, each with a first axis for the one tile."""
    arms, pairs = slice(None, len(layout.arms)), slice(len(layout.arms), None)
    return both[None, arms], both[None, pairs]


def _numbers(layout: Layout, values: Floats, left: Floats) -> Floats:
    """Values that can be averaged: a time is at most the time followed, and out for who left where that is asked."""
    if not layout.times:
        return values
    numbers = values.copy()
    for place in layout.times:
        week = numbers[:, place]
        np.minimum(week, layout.weeks, out=week)
        if layout.after_leaving == "left-out":
            week[left < layout.weeks] = np.nan
    return numbers


def _sizes(layout: Layout, levels: Sequence[npt.NDArray[np.integer]], people: int) -> Ints:
    by_level = [np.bincount(g[g >= 0], minlength=len(n)) for g, n in zip(levels, layout.levels, strict=True)]
    return np.concatenate([[people], *by_level]).astype(np.int64)


def _weekly(layout: Layout, values: Floats, left: Floats) -> Ints:
    counts = np.zeros((len(layout.arms), len(layout.times), 3, layout.weeks + 1), np.int64)
    for arm in range(len(layout.arms)):
        for row, place in enumerate(layout.times):
            counts[arm, row] = weekly_counts(values[arm, place], left[arm], layout.weeks)
    return counts


def _histograms(values: Floats) -> dict[str, Histogram]:
    arms, endpoints, people = values.shape
    places = (f"{arm}/{endpoint}" for arm in range(arms) for endpoint in range(endpoints))
    return dict(zip(places, Histogram.of_each(values.reshape(-1, people)), strict=True))
