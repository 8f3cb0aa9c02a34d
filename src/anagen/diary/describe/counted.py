"""The counts of a record, and what they alone show: baseline, weeks, rule. The first part of the description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from anagen.diary.entries import Entry

from .change import Baseline, Change, baseline_of, changes_by_week, latest_change
from .counts import Counts, counts_of, first_taken
from .rule import Rule, rule_of
from .scatter import Scatter, scatter_of


@dataclass(frozen=True, eq=False)
class Counted:
    """Counts beside the `first` day on which the drug was taken; None or empty where the record cannot say."""

    first: date | None
    counts: Counts | None
    scatter: Scatter | None
    baseline: Baseline | None
    weeks: tuple[Change, ...]
    latest: Change | None
    rule: Rule | None


def counted(entries: Sequence[Entry], today: date, method: str | None = None) -> Counted:
    """What the counts show.

    Args:
        entries: up to `today`, by time.
        today: the day of the description.
        method: the counts that are described; those of which there are most where left out.

    Raises:
        InputError: an unknown method.

    >>> counted([], date(2026, 3, 1)).counts is None
    True
    """
    first = first_taken(entries)
    start = first or today + timedelta(days=1)  # without a dose, all counts are baseline
    counts = counts_of(entries, start, method)
    if counts is None:
        return Counted(first, None, None, None, (), None, None)
    scatter = scatter_of(counts)
    baseline = baseline_of(counts, scatter)
    if baseline is None or not counts.after.any():
        return Counted(first, counts, scatter, baseline, (), None, None)
    return Counted(
        first=first,
        counts=counts,
        scatter=scatter,
        baseline=baseline,
        weeks=changes_by_week(counts, scatter),
        latest=latest_change(counts, scatter),
        rule=rule_of(counts, scatter),
    )
