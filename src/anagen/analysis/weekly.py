"""What to expect week by week: a figure for each series, with its result in words and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from anagen.simulation.result import Simulation

from .arms import EVERY, Column, beside
from .charts.panels import panels_svg
from .charts.units import said
from .charts.weeks import Curve, weeks_chart
from .figure import Figure, Table
from .numbers import listed, number, spread, with_unit
from .rests import rests_on, series_trust

STILL = 0.015
"""A middle person that moves by less than this share of the start counts as staying there."""
TABLE_WEEKS = 4


def weekly_figure(
    arms: Sequence[Simulation], columns: Sequence[Column], name: str, *, own_start: bool = False, result: str = ""
) -> Figure:
    """One series over the weeks; where `own_start`, each person against the own start.

    `result` names what the title tells: the "highest" or the "lowest" week; where left out, the farther from the start.
    """
    series = arms[0].series(name)
    unit = "% of the own start" if own_start else said(series.unit).words
    curves = [
        replace(Curve.of(arm, name, own_start), label=column.text) for arm, column in zip(arms, columns, strict=True)
    ]
    title = f"{series.title}{', against the own start' if own_start else ''}"
    return Figure(
        key=f"weeks-{name}{'-own' if own_start else ''}",
        title=f"{title}: {_result(curves, columns, unit, result)}",
        sentences=_sentences(curves, [arm.end_row for arm in arms], columns, unit),
        svg=panels_svg(weeks_chart(curves, f"{series.title}, {unit}")),
        table=_table(curves, columns, f"{title}, {unit}: middle person (90 of 100 people)"),
        rests=rests_on(arms[0], series_trust(arms[0].treatment, name)),
    )


def _result(curves: Sequence[Curve], columns: Sequence[Column], unit: str, result: str) -> str:
    middles = [curve.bands[1] for curve in curves]
    start = float(middles[0][0])
    scale = abs(start) or 1.0
    rise = max(float(m.max()) - start for m in middles)
    fall = max(start - float(m.min()) for m in middles)
    if max(rise, fall) < STILL * scale:
        moved = max(0.1, 100 * max(rise, fall) / scale)
        return f"the middle person stays within {number(moved)}\u202f% of the start"
    up = rise >= fall if not result else result == "highest"
    ends = [number(float(m.max() if up else m.min())) for m in middles]
    if set(ends) == {number(start)}:
        return f"the middle person stays at {with_unit(ends[0], unit)}"
    start_said = f"from {number(start)} " if start else ""
    return f"the middle person goes {start_said}{'up' if up else 'down'} to {beside(ends, columns, unit)}"


def _row(curve: Curve, week: float) -> int:
    return max(0, int(np.searchsorted(curve.week, week + 1e-9, side="right")) - 1)


def _sentences(curves: Sequence[Curve], ends: Sequence[int], columns: Sequence[Column], unit: str) -> list[str]:
    last = float(curves[0].week[-1])
    after = all(curve.week[row] < last for curve, row in zip(curves, ends, strict=True))
    if after:
        same = len({float(c.week[r]) for c, r in zip(curves, ends, strict=True)}) == 1
        when = (
            f"At the end of the course (week {number(float(curves[0].week[ends[0]]))})"
            if same
            else "At the end of each course"
        )
    else:
        half = curves[0].week.size // 2
        ends, when = [half] * len(curves), f"In week {number(float(curves[0].week[half]))}"
        if half == curves[0].week.size - 1:  # one week in all
            return [f"{when}, the middle person is at {_at(curves, columns, ends, unit, explain=True)}."]
    return [
        f"{when}, the middle person is at {_at(curves, columns, ends, unit, explain=True)}.",
        f"In week {number(last)}, it is {_at(curves, columns, [-1] * len(curves), unit)}.",
    ]


def _at(
    curves: Sequence[Curve], columns: Sequence[Column], rows: Sequence[int], unit: str, explain: bool = False
) -> str:
    said = [tuple(number(float(x)) for x in curve.bands[:, row]) for curve, row in zip(curves, rows, strict=True)]
    if len(set(said)) == 1:
        low, middle, high = said[0]
        span = f" (90 of 100 people: {low} to {high})" if low != high else ""
        return with_unit(middle, unit) + EVERY * (len(said) > 1) + span
    parts = []
    for i, ((low, middle, high), column) in enumerate(zip(said, columns, strict=True)):
        words = with_unit(middle, unit if i == 0 else "%" if unit.startswith("%") else "")
        group = "90 of 100 people: " if explain and i == 0 else ""
        parts.append(f"{words}{column.said} ({group}{low} to {high})")
    return listed(parts)


def _table(curves: Sequence[Curve], columns: Sequence[Column], caption: str) -> Table:
    last = int(curves[0].week[-1])
    step = TABLE_WEEKS if last > 2 * TABLE_WEEKS else 1
    weeks = sorted({*range(0, last + 1, step), last, *(int(c.course_weeks) for c in curves if c.course_weeks <= last)})
    rows = []
    for week in weeks:
        cells = []
        for curve in curves:
            low, middle, high = curve.bands[:, _row(curve, week)]
            cells.append(spread(middle, low, high))
        rows.append([str(week), *cells])
    return Table(caption, ["Week", *(column.head for column in columns)], rows)
