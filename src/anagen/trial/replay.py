"""One person of a trial again: what was planned, measured and decided, to the bit as in the whole run.

The person's own tile is run, in the same shape, and one column of it is read: exact, and quick enough.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from anagen.errors import InputError
from anagen.regimen.normalise import number as figures
from anagen.simulation.result import Mode, number

from .file import read_trial
from .plan import Trial
from .planned import Planned
from .result import all_notices
from .rules import Hold, HoldUntil, ReduceBy, ReduceTo, Resume, Rule, Stop
from .run import check, made_by
from .seen import Seen
from .setting import TILE, Setting, read_population
from .status import Status, advance
from .tile import ArmCourse, Tile

Event = dict[str, Any]
_WEEK = 7


def replay(trial: Trial | Path | str, person: int, *, mode: Mode = "reader") -> dict[str, Any]:
    """One person of a trial, in every arm.

    Args:
        trial: a trial, or the path of its file.
        person: the person's number, from 0.
        mode: as in `simulate`.

    Covariates, doses and endpoints are those of the person's row among the people of the trial, to the last bit; series
    and measured values are rounded to six digits. An endpoint is None where it is left out, and a time where it did not
    come. `visits` also holds weeks between visits in which something changed.

    Raises:
        InputError: no such person; a file or a population that cannot be used.
        RegimenError: an arm that must not be simulated in somebody of the population.
    """
    plan = trial if isinstance(trial, Trial) else read_trial(Path(trial))
    setting = Setting(plan, read_population(plan), mode)
    check(setting)
    if not 0 <= person < plan.people:
        raise InputError(f"there is no person {person}", expected=f"a number from 0 to {plan.people - 1:,}")
    tile, column = Tile(setting, person // TILE), person % TILE
    people = tile.people
    return {
        "title": plan.title,
        "person": person,
        "covariates": {name: people.value(name, column) for name in people.columns},
        "arms": [_arm(tile, planned, tile.through(planned), column) for planned in setting.planned],
        "safety": [dict(notice) for notice in all_notices(setting, people.patient(column))],
        "assumed": list(plan.assume),
        "provenance": made_by(setting),
    }


def _arm(tile: Tile, planned: Planned, course: ArmCourse, column: int) -> dict[str, Any]:
    arm, status = planned.arm, course.status
    taken = float(course.taken_mg[column])
    shown = tile.setting.treatment.series
    return {
        "name": arm.name,
        "regimen": arm.regimen.text if arm.regimen else "no treatment",
        "rules": [rule.text for rule in arm.rules],
        "visits": _visits(tile, planned, course, column),
        "mg_taken": taken,
        "mg_per_kg": taken / float(tile.weight_kg[column]),
        "series": {
            name: _series(table, course.series[table.get("signal", name)][:, column]) for name, table in shown.items()
        },
        "endpoints": {
            endpoint.name: _finite(values[column])
            for endpoint, values in zip(tile.setting.layout.endpoints, course.endpoints, strict=True)
        },
        "stopped_week": _week(status.stop_week[column]),
        "left_week": _week(status.left_week[column]),
        "held_weeks": float(status.held_weeks[column]),
    }


def _series(table: Mapping[str, Any], values: np.ndarray[Any, Any]) -> dict[str, Any]:
    day = [_WEEK * week for week in range(len(values))]
    return {"unit": table["unit"], "title": table["title"], "day": day, "value": [number(v) for v in values.tolist()]}


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _week(week: float) -> float | None:
    return float(week) if week >= 0 else None


def _visits(tile: Tile, planned: Planned, course: ArmCourse, column: int) -> list[Event]:
    """Every visit until the person leaves, and every week in which something changed, in order; week 0 is there where
    a rule compares with it."""
    did = _changes(tile, planned, course, column)
    compared = any(level.relative == "start" for rule in planned.arm.rules for level in rule.levels)
    visits = (*(0,) * compared, *tile.setting.trial.visits)
    found = []
    for week in sorted({*visits, *did}):
        now = _at(course.statuses, week)
        if now.left[column] and now.left_week[column] < week:
            break
        found.append(
            {
                "week": week,
                "did": "; ".join(did[week]) if week in did else None,
                "taking": bool(now.on[column] and week < course.over_week[column]),
                "measured": _measured(tile, planned, course, column, week) if week in visits else {},
            }
        )
    return found


def _at(statuses: Sequence[Status], week: float) -> Status:
    """Where people stand after what happened in a week."""
    return advance([status for status in statuses if status.week <= week][-1], week)


def _measured(tile: Tile, planned: Planned, course: ArmCourse, column: int, week: int) -> dict[str, Any]:
    """What the rules of the arm find at a visit: values with their error, and whether a symptom is there."""
    if not planned.arm.rules:
        return {}
    now, start = ({name: rows[row] for name, rows in course.series.items()} for row in (week, 0))
    seen = Seen(week, now, start, tile.chances(planned, week))
    public = {table.get("signal", name): name for name, table in tile.setting.treatment.series.items()}
    found: dict[str, Any] = {}
    for rule in planned.arm.rules:
        for level in rule.levels:
            if week or level.relative == "start":
                value = seen.value(level, "visit" if week else "start", now)[column]
                found[public[level.signal.name]] = number(float(value))
        for name in rule.symptoms if week else ():
            found[name] = bool(seen.has(name)[column])
    return found


def _changes(tile: Tile, planned: Planned, course: ArmCourse, column: int) -> dict[int, list[str]]:
    """What happened, in words, by the week in which it did."""
    found: dict[int, list[str]] = {}
    for before, after in zip(course.statuses, course.statuses[1:], strict=False):
        week = int(after.week)
        fired = (after.fired - before.fired)[:, column] > 0
        acted = [rule for rule, now in zip(planned.arm.rules, fired, strict=True) if now]
        said = [f"{_verb(rule)} by: {rule.text}" for rule in acted]
        if after.left[column] and not before.left[column]:
            said.append("left")
        off = after.stopped[column] or after.left[column] or after.complete[column]
        held_on = before.held_until[column] > week or after.held[column]
        if before.held[column] and not (off or held_on or any(isinstance(rule.action, Resume) for rule in acted)):
            said.insert(0, "resumed: the hold was over")
        if said:
            found.setdefault(week, []).extend(said)
        if after.complete[column] and not before.complete[column]:
            found.setdefault(int(course.over_week[column]), []).append(_over(tile, planned, course, column))
    return found


def _over(tile: Tile, planned: Planned, course: ArmCourse, column: int) -> str:
    limit = float(planned.limit_mg(tile.weight_kg)[column])
    if course.taken_mg[column] < limit * (1 - 1e-9):
        return "course over"
    return f"total reached: {figures(number(limit))} mg"


def _verb(rule: Rule) -> str:
    match rule.action:
        case Hold(weeks):
            return f"held {weeks} week" + "s" * (weeks != 1)
        case HoldUntil():
            return "held"
        case ReduceTo() | ReduceBy():
            return "reduced"
        case Stop():
            return "stopped"
        case _:
            return "resumed"
