"""Figures of the diary's report: each with a title that states its result, from a description.

None is kept on the disk: a drawing of a person's counts would outlive the diary, and its passphrase would not lock it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from anagen.diary.describe.group import shed_ratio

from .charts.beside_group import beside_group_chart
from .charts.happened import Row, happened_chart
from .charts.shed_counts import Usual, counts_chart
from .charts.svg import draw
from .claim_cards import said_date
from .diary_sentences import ratio
from .figure import Figure, Table
from .numbers import number

if TYPE_CHECKING:
    from anagen.diary.describe.counted import Counted
    from anagen.diary.describe.describe import Description
    from anagen.diary.describe.group import Band


def count_figure(found: Description | Counted) -> Figure | None:
    """Every count, by week; None where there are none."""
    counts = found.counts
    if counts is None:
        return None
    rates = counts.hairs / counts.exposure
    points = [(float(day) / 7, float(rate)) for day, rate in zip(counts.day, rates, strict=True)]
    above = dict(zip(found.rule.weeks, found.rule.above, strict=True)) if found.rule else {}
    weeks = []
    for week in np.unique(counts.week):
        mine = counts.week == week
        mean = float(counts.hairs[mine].sum() / counts.exposure[mine].sum())
        weeks.append((float(week) - 0.5, mean, above.get(int(week), False)))
    base = found.baseline
    usual = Usual(base.rate, base.low, base.high, found.rule.limit if found.rule else None) if base else None
    rows = [
        [
            f"week {week.last_week}",
            str(week.counts),
            f"{ratio(week.ratio)} ({ratio(week.low)} to {ratio(week.high)})",
            "above" if above.get(week.last_week) else "not above",
        ]
        for week in found.weeks
    ]
    title = "Counts before and after the first dose" if found.first else "Counts so far"
    if found.rule and found.rule.since is not None:
        title = f"Counts were above the limit from week {found.rule.since} on, two counted weeks in a row"
    elif found.rule:
        title = "No two counted weeks in a row were above the limit"
    sentences = ["Small rings are single counts, filled marks the mean of a week, triangles weeks above the limit."]
    if usual:
        sentences.append("The band is the interval of your own usual, the dashed line the limit for a week.")
    drawn = counts_chart(points, weeks, usual, f"{counts.unit}, by week", dosed=found.first is not None)
    return Figure(
        key="own-counts",
        title=title,
        sentences=sentences,
        svg=draw(drawn, keep=False),
        table=Table("Change by week", ["Week", "Counts", "Times the own usual (95 % interval)", "Limit"], rows),
    )


def happened_figure(found: Description) -> Figure | None:
    """The timeline; None where nothing was written down."""
    if not found.happened or found.first is None:
        return None
    first = found.first
    rows = [
        Row(
            f"{one.what}, {said_date(one.day)}",
            _week(one.day, first),
            _week(one.opens, first) if one.opens else None,
            _week(one.closes, first) if one.closes else None,
        )
        for one in found.happened
    ]
    rise = _week(found.rise, first) if found.rise else None
    fitting = sum(bool(one.fits) for one in found.happened)
    things = "thing" if fitting == 1 else "things"
    title = (
        f"{fitting} {things} written down have a published window that holds the beginning of the rise"
        if rise is not None and fitting != 1
        else "One thing written down has a published window that holds the beginning of the rise"
        if rise is not None
        else "Things that happened, and published windows after them"
    )
    return Figure(
        key="happened",
        title=title,
        sentences=[
            "By date, in no order of likelihood: a diamond is the day, a bar the time in which studies saw shedding "
            "begin afterwards." + (" The dashed line is where the rise began." if rise is not None else ""),
        ],
        svg=draw(happened_chart(rows, rise, "Things by date, and published windows"), keep=False),
        table=Table(
            "Things by date, and published windows",
            ["What", "Day", "Published window", "What is published"],
            [
                [
                    one.what,
                    said_date(one.day),
                    f"{said_date(one.opens)} to {said_date(one.closes)}" if one.opens and one.closes else "none",
                    one.says,
                ]
                for one in found.happened
            ],
        ),
    )


def shed_figure(found: Description) -> Figure | None:
    """The person's weekly change beside simulated people with the same doses; None without either."""
    if found.result is None or not found.weeks:
        return None
    weeks, bands = shed_ratio(found.result)
    own = [(week.last_week - 0.5, week.ratio, week.low, week.high) for week in found.weeks]
    middle = max(band.middle for band in bands)
    high = max(band.high for band in bands)
    drawn = beside_group_chart(weeks, [_levels(band) for band in bands], own, "Times the own usual, by week")
    return Figure(
        key="shed-group",
        title=f"Simulated people with these doses: shedding at most {ratio(middle)} times in the middle person",
        sentences=[
            f"The band holds 90 of 100 simulated people; its upper edge is highest at {ratio(high)} times. Diamonds "
            "are your weeks with their 95\u202f% intervals.",
            "The group has no fever, diet or other trigger, and rests partly on assumed numbers.",
        ],
        svg=draw(drawn, keep=False),
        table=Table(
            "Simulated people with these doses: times their own usual",
            ["Week", "5 of 100 below", "middle", "5 of 100 above"],
            [
                [f"week {week:.0f}", ratio(band.low), ratio(band.middle), ratio(band.high)]
                for week, band in list(zip(weeks, bands, strict=True))[::4]
            ],
        ),
    )


def level_figure(found: Description) -> Figure | None:
    """Levels of simulated people with these doses, and those measured."""
    if found.result is None or found.first is None:
        return None
    series = found.result.series("isotretinoin_ng_per_ml")
    weeks = [float(day) / 7 for day in series.day][1:]
    bands = [(float(a), float(b), float(c)) for a, b, c in series.bands.T][1:]
    own = [
        (_week(level.day, found.first), level.ng_per_ml, level.ng_per_ml, level.ng_per_ml)
        for level in found.levels
        if level.analyte == "isotretinoin" and level.day >= found.first
    ]
    highest = max(bands, key=lambda band: band[1])
    measured = " Diamonds were measured: a level at one time, beside means of weeks." if own else ""
    return Figure(
        key="levels",
        title=f"Predicted level with these doses: at most {number(highest[1])} ng/mL as the mean of a week",
        sentences=[
            f"The middle simulated person; 90 of 100 people are between {number(highest[0])} and "
            f"{number(highest[2])} ng/mL in that week.{measured}"
        ],
        svg=draw(beside_group_chart(weeks, bands, own, "Isotretinoin in plasma, mean of each week, ng/mL"), keep=False),
        table=Table(
            "Mean of each week in simulated people, ng/mL",
            ["Week", "5 of 100 below", "middle", "5 of 100 above"],
            [[f"week {week:.0f}", *map(number, band)] for week, band in list(zip(weeks, bands, strict=True))[::4]],
        ),
    )


def _week(day: date, first: date) -> float:
    return (day - first).days / 7


def _levels(band: Band) -> tuple[float, float, float]:
    return band.low, band.middle, band.high
