"""Hair: in how many shedding rises, when it peaks, and how far it goes from each person's own start."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.simulation.result import Simulation

from .arms import Column, beside
from .charts.dots import FEWEST, dots_chart
from .charts.icons import icons_chart
from .charts.svg import draw
from .facts import chance
from .figure import Figure, Table
from .numbers import count_of, denominator, listed, number, percent
from .rests import outcome_rests
from .weekly import weekly_figure

RISE = 10.0
"""Shedding that rises by less than this, in percent of the own start, has no peak worth a date."""
WITH = {"With": "with treatment", "Without": "without treatment"}
MARKED, PEAK, DAY = "marked_shedding", "shed_change_peak_percent", "shed_peak_day"


def hair_figures(
    arms: Sequence[Simulation], untreated: Simulation | None, columns: Sequence[Column], weeks: int
) -> list[Figure]:
    """How many, when, how much: those that the treatment's outcomes and series allow."""
    known, series = arms[0].outcome_tables, arms[0].treatment.series
    found = [how_many(arms, untreated, columns, weeks)] if MARKED in known else []
    if PEAK in known and DAY in known and (peak := when(arms, columns, weeks)):
        found.append(peak)
    if "shed_per_day" in series:
        found.append(weekly_figure(arms, columns, "shed_per_day", own_start=True, result="highest"))
    return found


def how_many(arms: Sequence[Simulation], untreated: Simulation | None, columns: Sequence[Column], weeks: int) -> Figure:
    """An icon array of 100 for each regimen, and one without treatment."""
    groups = [
        (column.letter if column.said else "With", column.short, chance(arm, MARKED))
        for arm, column in zip(arms, columns, strict=True)
    ]
    if untreated is not None:
        groups.append(("Without", "no treatment", chance(untreated, MARKED)))
    of = denominator([share for *_, share in groups])
    said = [f"{count_of(share, of)} {WITH.get(head, 'with ' + head)}" for head, _, share in groups]
    return Figure(
        key="hair-how-many",
        title=f"Marked shedding over {weeks} weeks: {listed(said)}",
        sentences=[
            "A filled circle is a simulated person who sheds at least 1.5 times the own usual number of hairs "
            f"in some week of the {weeks}.",
            "Without treatment the model knows no fever, diet or illness: a 0 there does not mean that nobody sheds.",
        ],
        svg=draw(
            icons_chart(
                [(head, short, round(100 * share)) for head, short, share in groups],
                f"People with marked shedding in {weeks} weeks",
            )
        ),
        table=Table(
            f"Shedding at least 1.5 times the own usual at some week of {weeks}",
            ["Regimen", "People", "Percent"],
            [[f"{head}: {short}", count_of(share, of), percent(share, of)] for head, short, share in groups],
        ),
        rests=outcome_rests(arms[0], MARKED),
    )


def when(arms: Sequence[Simulation], columns: Sequence[Column], weeks: int) -> Figure | None:
    """A quantile dot plot of the week of the peak, among those whose shedding rises by at least `RISE` percent."""
    rows, table, counts, middles, peaks, drawn = [], [], [], [], [], []
    for i, (arm, column) in enumerate(zip(arms, columns, strict=True)):
        rising = arm.person_outcomes(PEAK) >= RISE
        peak = arm.person_outcomes(DAY)[rising] / 7
        counts.append(f"{int(rising.sum()):,} of {rising.size:,}{column.said}")
        if peak.size < FEWEST:
            table.append([column.head, f"{int(rising.sum()):,} of {rising.size:,}", "too few to say"])
            continue
        low, middle, high = np.quantile(peak, (0.05, 0.5, 0.95))
        peaks.append(number(middle))
        drawn.append(column)
        middles.append(f"{number(middle)}{column.said} ({number(low)} to {number(high)})")
        table.append(
            [
                column.head,
                f"{int(rising.sum()):,} of {rising.size:,}",
                f"week {number(middle)} (week {number(low)} to {number(high)})",
            ]
        )
        heading = f"{column.letter}: " if column.said else ""
        rows.append((i, f"{heading}{int(rising.sum()):,} of {rising.size:,} people", peak, arm.course_days / 7))
    if not rows:
        return None
    return Figure(
        key="hair-when",
        title=f"Where shedding rises, it peaks in week {beside(peaks, drawn)}",
        sentences=[
            f"Shedding rises by {number(RISE)}\u202f% or more in {listed(counts)}; only they are drawn.",
            "Each of the 50 dots stands for 1 in 50 of them; the middle week, and that of 90 of 100 of them, "
            f"is {listed(middles)}.",
        ],
        svg=draw(dots_chart(rows, float(weeks), "Week of the highest shedding")),
        table=Table(
            f"Week of the highest shedding, where it rises by {number(RISE)} % or more",
            ["Regimen", "People whose shedding rises", "Middle (90 of 100 people)"],
            table,
        ),
        rests=outcome_rests(arms[0], DAY),
    )
