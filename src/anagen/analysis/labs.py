"""Blood values and nutrients at the end of the course, beside the start."""

from __future__ import annotations

from collections.abc import Sequence

from anagen.simulation.result import Series, Simulation

from .arms import Column, beside
from .charts.ranges import ranges_chart
from .charts.svg import draw
from .charts.units import said
from .figure import Figure, Table
from .numbers import listed, number, spread
from .rests import rests_on, series_trust

FRACTION = "fraction of own baseline"


def _group(arm: Simulation, group: str) -> list[str]:
    return [name for name, table in arm.treatment.series.items() if table.get("group") == group]


def lab_table(arms: Sequence[Simulation], columns: Sequence[Column], groups: Sequence[str]) -> Table:
    """Start and end of the course for every series of the groups; those that rest on weak numbers are marked."""
    rows = []
    for name in (name for group in groups for name in _group(arms[0], group)):
        series = [arm.series(name) for arm in arms]
        factor, unit = said(series[0].unit)
        mark = " *" if rests_on(arms[0], series_trust(arms[0].treatment, name)) else ""
        cells = [_cell(series[0], 0, factor)] + [
            _cell(s, arm.end_row, factor) for s, arm in zip(series, arms, strict=True)
        ]
        rows.append([f"{series[0].title}, {unit}{mark}", *cells])
    return Table("Middle person (90 of 100 people)", ["Value", "Start", *(column.head for column in columns)], rows)


def _cell(series: Series, row: int, factor: float) -> str:
    low, middle, high = factor * series.bands[:, row]
    return spread(middle, low, high)


def nutrient_figure(arms: Sequence[Simulation], columns: Sequence[Column]) -> Figure | None:
    """Every nutrient that is a share of the own start, at the end of the course."""
    names = [n for n in _group(arms[0], "nutrients") if arms[0].treatment.series[n]["unit"] == FRACTION]
    if not names:
        return None
    factor, unit = said(FRACTION)
    groups, table, lowest = [], [], []
    for name in names:
        series = [arm.series(name) for arm in arms]
        bands = [factor * s.bands[:, arm.end_row] for s, arm in zip(series, arms, strict=True)]
        groups.append(
            (series[0].title, [(i, float(band[0]), float(band[1]), float(band[2])) for i, band in enumerate(bands)])
        )
        table.append([series[0].title, *(spread(middle, low, high) for low, middle, high in bands)])
        lowest.append((min(float(band[1]) for band in bands), series[0].title, bands))
    _, name, bands = min(lowest, key=lambda entry: entry[0])
    ends = beside([number(float(band[1])) for band in bands], columns, unit)
    spans = beside([f"{number(float(band[0]))} and {number(float(band[2]))}" for band in bands], columns)
    still = [title for level, title, _ in lowest if level > 99]
    stays = listed(still) if still else "no nutrient"
    return Figure(
        key="nutrients-at-end",
        title=f"{name} falls most: the middle person ends the course at {ends}",
        sentences=[
            f"For 90 of 100 people it ends between {spans}.",
            f"Within 1\u202f% of the start in the middle person: {stays}.",
        ],
        svg=draw(ranges_chart(groups, f"At the end of the course, {unit}", reference=100.0)),
        table=Table(
            f"Nutrients at the end of the course, {unit}", ["Nutrient", *(column.head for column in columns)], table
        ),
        rests=rests_on(arms[0], min(series_trust(arms[0].treatment, n) for n in names)),
    )
