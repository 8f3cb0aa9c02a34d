"""When something happens in the arms of a trial: the share of people who have had it, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from anagen.analysis.charts.events_curve import Line, shares_chart
from anagen.analysis.charts.svg import draw
from anagen.analysis.figure import Figure, Table
from anagen.analysis.numbers import listed

from .arms import NAMED, TrialArm, in_arms
from .cells import count_in, denominator_of, interval_percent, percent_of
from .facts import endpoint_titles
from .flow import some_weeks


def time_figures(arms: Sequence[TrialArm], weeks: int) -> list[Figure]:
    """One for each endpoint that is a time."""
    figures = []
    for name, title in endpoint_titles(arms).items():
        found = [
            (arm, entry)
            for arm in arms
            if (entry := (arm.entry.get("endpoints") or {}).get(name))
            and entry["kind"] == "time"
            and entry.get("share_by_end") is not None
            and (entry.get("curve") or {}).get("share")
        ]
        if found:
            figures.append(_figure(name, title, found, weeks))
    return figures


def _figure(name: str, title: str, found: Sequence[tuple[TrialArm, Mapping[str, Any]]], weeks: int) -> Figure:
    lines = [
        Line(arm.place, np.asarray(entry["curve"]["week"], float), 100 * np.asarray(entry["curve"]["share"], float))
        for arm, entry in found
    ]
    shares = [entry["share_by_end"] for _, entry in found]
    of = denominator_of(shares, max(int(entry.get("n") or 0) for _, entry in found))
    ends = [count_in(share, of, i == 0) for i, share in enumerate(shares)]
    return Figure(
        key=f"time-{name}",
        title=f"{title}: by week {weeks} it has come in {in_arms(ends, shares, [arm for arm, _ in found])}",
        sentences=[_halves(found, weeks), _intervals(found)],
        svg=draw(shares_chart(lines, "People in whom it has come, in percent")),
        table=_table(title, lines, [arm for arm, _ in found]),
    )


def _halves(found: Sequence[tuple[TrialArm, Mapping[str, Any]]], weeks: int) -> str:
    reached = [(arm, entry["median"]) for arm, entry in found if entry.get("median") is not None]
    never = [arm.letter for arm, entry in found if entry.get("median") is None]
    if not reached:
        return f"In no arm has it come in half of the people by week {weeks}."
    shown = [week for _, week in reached]
    halves = in_arms([f"week {week:g}" for week in shown], shown, [arm for arm, _ in reached])
    rest = f" With {listed(never)} it comes in fewer than half by week {weeks}." if never else ""
    return f"Half of the people have had it by {halves}.{rest}"


def _intervals(found: Sequence[tuple[TrialArm, Mapping[str, Any]]]) -> str:
    known = [(arm, interval_percent(entry["ci"])) for arm, entry in found if entry.get("ci")]
    if not known or len(known) > NAMED:
        return "People who leave the trial count up to the week in which they leave."
    said = listed([f"{ends}{arm.said}" for arm, ends in known])
    return f"The 95\u202f% interval at the end is {said}; people who leave count up to the week in which they leave."


def _table(title: str, lines: Sequence[Line], arms: Sequence[TrialArm]) -> Table:
    rows = []
    for week in some_weeks(float(max(line.week[-1] for line in lines))):
        at = [max(0, int(np.searchsorted(line.week, week + 1e-9, side="right")) - 1) for line in lines]
        cells = [percent_of(float(line.value[row]) / 100, 1000) for line, row in zip(lines, at, strict=True)]
        rows.append([str(week), *cells])
    return Table(f"{title}: people in whom it has come, by week", ["Week", *(arm.head for arm in arms)], rows)
