"""What hangs on the choice of structure: a series over the weeks, its usual range, and the band between structures."""

from __future__ import annotations

from typing import Any

from anagen.simulation.structures import StructuredSimulation

from .charts.structures import structures_chart
from .charts.svg import draw
from .charts.units import said
from .figure import Figure, Table
from .numbers import listed, number, spread, with_unit
from .rests import rests_on, series_trust

NARROW = 0.01
"""A band narrower than this share of the usual range is said to be none."""
TABLE_WEEKS = (4, 8, 12, 24, 36, 52)


def structures_figure(result: StructuredSimulation, series: str, arm: int | None = None) -> Figure:
    """One series with the structure in use and between structures, with its table; `arm` makes the key its own.

    Raises:
        InputError: no such series.
    """
    run, rivals = result.default, result.rivals
    own, band = run.series(series), rivals.band(series)
    unit = said(own.unit)
    p05, p50, p95 = (unit.factor * level for level in own.bands)
    low, high = unit.factor * band.low, unit.factor * band.high
    row = int((high - low).argmax())
    widest = float(high[row] - low[row])
    usual = float((p95 - p05).max())
    lines = {name: unit.factor * other.series(series).bands[1] for name, other in rivals.others.items()}
    titles = {one.name: one.title for one in result.structures}
    moving = [name for name, line in lines.items() if float(abs(line - p50).max()) > NARROW * usual]
    key = f"structures-{series.replace('_', '-')}" + ("" if arm is None else f"-{arm}")
    week = number(run.days[row] / 7)
    if widest <= NARROW * usual or not moving:
        result_said = "the other structures say the same"
        sentences = [f"{len(lines)} other structures fit the same data. None moves the middle person here."]
    else:
        ends = f"{number(low[row])} to {with_unit(number(high[row]), unit.words)}"
        result_said = f"other structures put the middle person of week {week} at {ends}"
        sentences = [
            f"With the one in use it is {with_unit(spread(p50[row], p05[row], p95[row]), unit.words)}.",
            f"What moves it: {listed([f'“{titles[name]}”' for name in moving])}.",
        ]
    drawn = {titles[name]: lines[name] for name in moving}
    return Figure(
        key=key,
        title=f"{own.title}: {result_said}",
        sentences=sentences,
        svg=draw(structures_chart(run.days / 7, (p05, p50, p95), (low, high), drawn, f"{own.title}, {unit.words}")),
        table=_table(result, series, unit.factor, f"{own.title}, {unit.words}: middle person"),
        rests=rests_on(run, series_trust(run.treatment, series)),
    )


def _table(result: StructuredSimulation, series: str, factor: float, caption: str) -> Table:
    """A row for each week: in use with its usual range, then each structure's middle."""
    run, others = result.default, result.rivals.others
    weeks = [row for row, day in enumerate(run.days) if day / 7 in TABLE_WEEKS or row == len(run.days) - 1]
    levels = factor * run.series(series).bands
    rows: list[list[Any]] = []
    for row in weeks:
        low, middle, high = levels[:, row]
        rest = [number(float(factor * other.series(series).bands[1][row])) for other in others.values()]
        rows.append([f"week {number(run.days[row] / 7)}", spread(middle, low, high), *rest])
    return Table(caption, ["Week", "In use (90 of 100 people)", *(one.title for one in result.structures)], rows)
