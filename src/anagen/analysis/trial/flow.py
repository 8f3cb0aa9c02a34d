"""The people of a trial on their way: who was held, reduced, stopped, left and finished; who takes doses when."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from anagen.analysis.charts.events_curve import Line, shares_chart
from anagen.analysis.charts.flow import flow_chart
from anagen.analysis.charts.svg import draw
from anagen.analysis.figure import Figure, Table

from .arms import TrialArm, in_arms
from .cells import NONE, count_in, denominator_of, percent_of

STEPS = ("held", "reduced", "stopped", "left", "finished")
WORDS = {
    "started": "Started",
    "held": "Doses held at least once",
    "reduced": "Dose reduced at least once",
    "stopped": "Stopped by a rule",
    "left": "Left the trial",
    "finished": "Finished: neither stopped nor left",
}
TABLE_WEEKS = 10


def flow_figures(arms: Sequence[TrialArm], weeks: int) -> list[Figure]:
    """What happened, and the share on treatment by week; those for which there are numbers."""
    figures = []
    if any(_started(arm) for arm in arms):
        figures.append(_steps(arms))
    lines = [
        Line(arm.place, np.asarray(on["week"], float), 100 * np.asarray(on["share"], float))
        for arm in arms
        if (on := (arm.entry.get("flow") or {}).get("on_treatment") or {}).get("share")
    ]
    if lines and any(line.value.any() for line in lines):
        figures.append(_on_treatment(arms, lines))
    return figures


def flow_table(arms: Sequence[TrialArm]) -> Table:
    """People at each step in each arm, and percent of those who started."""
    rows = []
    for step, words in WORDS.items():
        cells = []
        for arm in arms:
            count, started = (arm.entry.get("flow") or {}).get(step), _started(arm)
            if count is None:
                cells.append(NONE)
            else:
                share = f" ({percent_of(count / started)})" if started and step != "started" else ""
                cells.append(f"{count:,}{share}")
        rows.append([words, *cells])
    return Table("People in each arm", ["People", *(arm.head for arm in arms)], rows)


def rules_table(arms: Sequence[TrialArm]) -> Table | None:
    """Each rule, in how many people it did something, and how often; None where there are no rules."""
    rows = []
    for arm in arms:
        started = _started(arm)
        for fired in arm.entry.get("rules_fired") or ():
            share = fired["people"] / started if started else None
            reached = f"{fired['people']:,}" + (f" ({percent_of(share)})" if share is not None else "")
            rows.append([f"{arm.letter}: {fired['rule']}", reached, f"{fired['times']:,}"])
    return Table("Rules", ["Arm and rule", "People in whom it acted", "Times in all"], rows) if rows else None


def _started(arm: TrialArm) -> int:
    return int((arm.entry.get("flow") or {}).get("started") or 0)


def _share(arm: TrialArm, step: str) -> float:
    return ((arm.entry.get("flow") or {}).get(step) or 0) / max(_started(arm), 1)


def _steps(arms: Sequence[TrialArm]) -> Figure:
    shown = [arm for arm in arms if _started(arm)]
    finished = [_share(arm, "finished") for arm in shown]
    of = denominator_of(finished, max(map(_started, shown)))
    ends = [count_in(share, of, i == 0) for i, share in enumerate(finished)]
    groups = [
        (arm.place, arm.head, [(step, _share(arm, step), percent_of(_share(arm, step))) for step in STEPS])
        for arm in shown
    ]
    return Figure(
        key="flow-steps",
        title=f"Finished without being stopped or leaving: {in_arms(ends, finished, shown)}",
        sentences=[
            f"Doses were held at least once in {_each(shown, 'held')}, and made smaller in {_each(shown, 'reduced')}.",
            f"A rule stopped {_each(shown, 'stopped')}; {_each(shown, 'left')} left the trial by themselves.",
        ],
        svg=draw(flow_chart(groups, "Percent of those who started")),
        table=flow_table(arms),
    )


def _each(arms: Sequence[TrialArm], step: str) -> str:
    shares = [_share(arm, step) for arm in arms]
    return in_arms([percent_of(share) for share in shares], shares, arms)


def _on_treatment(arms: Sequence[TrialArm], lines: Sequence[Line]) -> Figure:
    shown = {line.arm: arms[line.arm] for line in lines}
    ends = [float(line.week[line.value > 0][-1]) for line in lines if line.value.any()]
    middle = int(max(ends)) // 2

    def at(line: Line, week: float) -> float:
        row = int(np.searchsorted(line.week, week + 1e-9, side="right")) - 1
        return float(line.value[max(row, 0)]) / 100

    taking = [line for line in lines if line.value.any()]
    treated = [shown[line.arm] for line in taking]
    every = "in every arm" if len(treated) == len(arms) else "in every arm with doses"
    starts, halves = ([at(line, week) for line in taking] for week in (0, middle))
    first = in_arms([percent_of(share) for share in starts], starts, treated, every)
    shares = [count_in(share, 100, i == 0) for i, share in enumerate(halves)]
    return Figure(
        key="flow-on-treatment",
        title=f"Taking doses after {middle} weeks: {in_arms(shares, halves, treated, every)}",
        sentences=[
            f"In the first week doses are taken by {first}.",
            "A line falls where a course ends, a rule holds or stops doses, a total is reached, or people leave. It "
            "rises where a hold ends.",
        ],
        svg=draw(shares_chart(lines, "People who take doses, in percent of those who started")),
        table=_weekly(lines, [shown[line.arm] for line in lines], at),
    )


def _weekly(lines: Sequence[Line], arms: Sequence[TrialArm], at: Callable[[Line, float], float]) -> Table:
    weeks = some_weeks(float(max(line.week[-1] for line in lines)))
    rows = [[str(week), *(percent_of(at(line, week)) for line in lines)] for week in weeks]
    return Table("Share on treatment, by week", ["Week", *(arm.head for arm in arms)], rows)


def some_weeks(last: float) -> list[int]:
    """Some ten weeks for the rows of a table, the last among them.

    >>> some_weeks(52), some_weeks(3)
    ([0, 6, 12, 18, 24, 30, 36, 42, 48, 52], [0, 1, 2, 3])
    """
    step = max(1, -(-int(last) // TABLE_WEEKS))
    return sorted({*range(0, int(last) + 1, step), int(last)})
