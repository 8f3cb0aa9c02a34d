"""Side effects at the dose of each regimen: the chance in the group, and how far it differs between people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.simulation.result import Simulation

from .arms import Column
from .charts.ranges import ranges_chart
from .charts.svg import draw
from .figure import Figure, Table
from .numbers import count_of, denominator, frequency, listed, number
from .rests import outcome_rests

STATISTIC = "largest_probability"


def harm_figure(arms: Sequence[Simulation], columns: Sequence[Column]) -> Figure | None:
    """All outcomes that are a chance at a dose; None where the treatment has none."""
    tables = arms[0].outcome_tables
    names = [name for name, table in tables.items() if table["statistic"] == STATISTIC]
    if not names:
        return None
    groups, table = [], []
    for name in names:
        chances = [arm.person_outcomes(name) for arm in arms]
        shares = [float(c.mean()) for c in chances]
        of = denominator(shares)
        ranges = [tuple(float(x) for x in 100 * np.quantile(c, (0.05, 0.95))) for c in chances]
        groups.append(
            (
                tables[name]["title"],
                [
                    (i, low, 100 * share, high)
                    for i, (share, (low, high)) in enumerate(zip(shares, ranges, strict=True))
                ],
            )
        )
        cells = [
            f"{frequency(s, of)}; {number(low)} to {number(high)}\u202f%"
            for s, (low, high) in zip(shares, ranges, strict=True)
        ]
        table.append([tables[name]["title"], *cells])
    first, rows = groups[0]
    ends = [
        count_of(row[2] / 100) + " people" * (i == 0) + c.said
        for i, (row, c) in enumerate(zip(rows, columns, strict=True))
    ]
    spans = [f"{number(row[1])} to {number(row[3])}\u202f%{c.said}" for row, c in zip(rows, columns, strict=True)]
    level = [title for title, rows in groups if len({number(row[2]) for row in rows}) == 1]
    same = (
        f"The same with every regimen in the model: {listed(level).lower()}."
        if level and len(arms) > 1
        else "The highest chance during the course is shown."
    )
    return Figure(
        key="harms-by-dose",
        title=f"{first}: {listed(ends)}",
        sentences=[f"The chance differs from person to person, and studies disagree: {listed(spans)}.", same],
        svg=draw(ranges_chart(groups, "Chance in %: mean, and range of 90 of 100 people")),
        table=Table(
            "Chance during the course, and its range over 90 of 100 people",
            ["Side effect", *(column.head for column in columns)],
            table,
        ),
        rests=outcome_rests(arms[0], names[0]),
    )
