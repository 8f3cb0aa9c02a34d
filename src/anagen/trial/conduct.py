"""What happens to people at visits: rules hold, reduce, stop and resume their doses, and some people leave.

Host side, NumPy, people on the last axis; nothing given is changed in place. `begin`, then `advance` to any week and
`visit` at visits. What a visit decides acts on the doses from the day after on. The words: `docs/trials.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from anagen.trial.plan import Dropouts
from anagen.trial.rules import Hold, HoldUntil, ReduceBy, ReduceTo, Resume, Rule, Stop
from anagen.trial.seen import DROPOUT, Chance, Seen, Series, index_of, streams, uniform
from anagen.trial.status import Bools, Floats, Status, advance, begin, complete, settled

__all__ = ["Chance", "Status", "advance", "begin", "complete", "index_of", "streams", "visit"]

A = TypeVar("A", bound=np.generic)
WEEKS_A_YEAR = 365.25 / 7


def visit(
    rules: Sequence[Rule],
    status: Status,
    week: int,
    now: Series,
    start: Series,
    chance: Chance,
    *,
    since: float = 0.0,
    dropouts: Dropouts | None = None,
    planned_mg: npt.NDArray[np.floating] | float = np.inf,
) -> Status:
    """The same people after the visit of `week`.

    Args:
        rules: of the arm, in order; a rule of a total dose does nothing here (see `complete`).
        now, start: true values of the series at this visit and before the first dose, each `(people,)`.
        chance: gives one standard normal for each person of a stream (`streams`), under the index of `index_of`.
        since: the week of the visit before.
        dropouts: who leaves.
        planned_mg: the largest single planned dose of each person: whose dose is not above the target is not reduced.
    """
    status = advance(status, week)
    seen = Seen(week, now, start, chance)
    if dropouts:
        status = _leave(dropouts, status, week - since, seen)
    if not rules:
        return status
    there = ~(status.left | status.complete)
    for i, rule in enumerate(rules):
        if isinstance(rule.action, HoldUntil) and status.waiting[i].any():
            over = there & status.waiting[i] & seen.holds(rule.action.level)
            status = settled(replace(status, waiting=_with(status.waiting, i, status.waiting[i] & ~over)))

    met = np.stack([there & seen.all_of(rule) for rule in rules])
    streak = np.where(met, status.streak + 1, 0).astype(np.int32)
    due = met & (streak >= np.array([rule.in_a_row for rule in rules])[:, None])
    return _decided(rules, replace(status, streak=streak), due, planned_mg)


def _decided(rules: Sequence[Rule], before: Status, due: Bools, planned_mg: npt.NDArray[np.floating] | float) -> Status:
    """What the rules whose conditions hold (`due`) do: stop beats hold, hold beats resume and reduce."""
    if not due.any():
        return before
    status, fired = before, np.zeros_like(due)
    nobody = np.zeros_like(before.on)
    stops = np.any([due[i] for i, rule in enumerate(rules) if isinstance(rule.action, Stop)] or [nobody], axis=0)
    holds = np.any([due[i] for i, r in enumerate(rules) if isinstance(r.action, Hold | HoldUntil)] or [nobody], axis=0)
    for i, rule in enumerate(rules):
        if not due[i].any():
            continue
        match rule.action:
            case Stop():
                fired[i] = due[i] & ~before.stopped
            case Hold() | HoldUntil():
                fired[i] = due[i] & ~before.stopped & ~stops & ~before.waiting[i]
                status = _held(status, rule.action, i, fired[i])
            case Resume(percent, mg):
                fired[i] = due[i] & (before.stopped | before.held) & ~stops & ~holds
                status = _smaller(status, fired[i], percent / 100, np.inf if mg is None else mg)
            case ReduceTo(mg):
                fired[i] = due[i] & before.on & ~stops & ~holds & (status.dose_mg(planned_mg) > mg)
                status = _reduced(_smaller(status, fired[i], 1.0, mg), fired[i])
            case ReduceBy(percent):
                fired[i] = due[i] & before.on & ~stops & ~holds
                status = _reduced(_smaller(status, fired[i], 1 - percent / 100, np.inf), fired[i])
    stopping = stops & ~before.stopped
    resumed = np.any([fired[i] for i, r in enumerate(rules) if isinstance(r.action, Resume)] or [nobody], axis=0)
    began = status.held & ~before.held
    return settled(
        replace(
            status,
            stopped=(before.stopped | stopping) & ~resumed,
            stop_week=np.where(stopping, before.week, before.stop_week),
            held_until=np.where(stopping | resumed, -1.0, status.held_until),
            waiting=status.waiting & ~(stopping | resumed),
            holds=before.holds + began.astype(np.int32),
            first_hold_week=_first(before.first_hold_week, began, before.week),
            fired=before.fired + fired.astype(np.int32),
            streak=np.where(fired, 0, before.streak).astype(np.int32),
        )
    )


def _held(status: Status, action: Hold | HoldUntil, rule: int, who: Bools) -> Status:
    if isinstance(action, HoldUntil):
        return replace(status, waiting=_with(status.waiting, rule, status.waiting[rule] | who))
    until = np.maximum(status.held_until, status.week + action.weeks)
    return replace(status, held_until=np.where(who, until, status.held_until))


def _smaller(status: Status, who: Bools, factor: float, cap_mg: float) -> Status:
    """Doses times `factor`, then at most `cap_mg`; a cap of before shrinks too, so that half is half of the dose."""
    cap = np.minimum(status.cap_mg * factor, cap_mg)
    return replace(
        status,
        factor=np.where(who, status.factor * factor, status.factor),
        cap_mg=np.where(who, cap, status.cap_mg),
    )


def _reduced(status: Status, who: Bools) -> Status:
    return replace(
        status,
        reductions=status.reductions + who.astype(np.int32),
        first_reduction_week=_first(status.first_reduction_week, who, status.week),
    )


def _leave(dropouts: Dropouts, status: Status, weeks: float, seen: Seen) -> Status:
    """Who left in the `weeks` since the visit before; they leave at this one, where they are seen a last time."""
    hazard = np.full(status.on.shape, dropouts.per_year * weeks / WEEKS_A_YEAR)
    for symptom, factor in dropouts.factor_when.items():
        hazard = hazard * np.where(seen.has(symptom), factor, 1.0)
    leaving = ~status.left & (uniform(seen.chance(DROPOUT)) < -np.expm1(-hazard))
    return settled(
        replace(
            status,
            left=status.left | leaving,
            left_week=np.where(leaving, status.week, status.left_week),
        )
    )


def _first(week: Floats, now: Bools, this: float) -> Floats:
    return np.where(now & (week < 0), this, week)


def _with(rows: npt.NDArray[A], index: int, row: npt.NDArray[A]) -> npt.NDArray[A]:
    changed = rows.copy()
    changed[index] = row
    return changed
