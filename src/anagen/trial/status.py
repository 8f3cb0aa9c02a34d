"""Where people stand in a trial: who takes doses, who is held, has stopped, has left. Host side, NumPy.

All arrays have people on the last axis; nothing given is changed in place. Weeks from the first dose; -1 is never.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Status:
    """Where people stand at `week`. Arrays are `(people,)`; `fired`, `streak` and `waiting` `(rules, people)`.

    `on` takes doses now; `factor` times each planned dose, then at most `cap_mg`; `held_until` the end of a hold of
    known length; `stopped`, `left`, and `complete` (no dose is planned any more: the total is reached, or the course is
    over); `holds` and `reductions` counted, `held_weeks` so far; `fired` counts how often each rule acted, `streak`
    visits in a row at which its conditions held, `waiting` whom a rule holds without a known end.
    """

    week: float
    on: Bools
    factor: Floats
    cap_mg: Floats
    held_until: Floats
    stopped: Bools
    stop_week: Floats
    left: Bools
    left_week: Floats
    complete: Bools
    holds: Ints
    held_weeks: Floats
    reductions: Ints
    first_hold_week: Floats
    first_reduction_week: Floats
    fired: Ints
    streak: Ints
    waiting: Bools

    @property
    def held(self) -> Bools:
        """Whose doses are held now."""
        return (self.held_until >= 0) | self.waiting.any(0)

    def dose_mg(self, planned_mg: npt.NDArray[np.floating] | float) -> Floats:
        """What a planned dose comes to while doses are taken, in mg."""
        return np.asarray(np.minimum(planned_mg * self.factor, self.cap_mg), dtype=np.float64)


def begin(people: int, rules: int) -> Status:
    """Everybody before the first dose.

    >>> begin(3, 2).fired.shape
    (2, 3)
    """

    def no(shape: tuple[int, ...] = (people,)) -> Bools:
        return np.zeros(shape, bool)

    def never() -> Floats:
        return np.full(people, -1.0)

    def none(shape: tuple[int, ...] = (people,)) -> Ints:
        return np.zeros(shape, np.int32)

    return Status(
        week=0.0,
        on=~no(),
        factor=np.ones(people),
        cap_mg=np.full(people, np.inf),
        held_until=never(),
        stopped=no(),
        stop_week=never(),
        left=no(),
        left_week=never(),
        complete=no(),
        holds=none(),
        held_weeks=np.zeros(people),
        reductions=none(),
        first_hold_week=never(),
        first_reduction_week=never(),
        fired=none((rules, people)),
        streak=none((rules, people)),
        waiting=no((rules, people)),
    )


def advance(status: Status, week: float) -> Status:
    """The same people at a later week, with no visit between: holds of known length that are over are lifted."""
    if week <= status.week:
        return status
    waiting = status.waiting.any(0)
    timed = status.held_until >= 0
    held = timed | waiting
    if not held.any():
        return replace(status, week=week)
    end = np.where(waiting, week, np.minimum(status.held_until, week))
    held_weeks = status.held_weeks + np.where(held, end - status.week, 0.0)
    held_until = np.where(timed & (status.held_until <= week), -1.0, status.held_until)
    return settled(replace(status, week=week, held_weeks=held_weeks, held_until=held_until))


def complete(status: Status, over: Bools) -> Status:
    """The same people, some of whom have no dose planned any more: a total was reached, or the course is over."""
    return settled(replace(status, complete=status.complete | over))


def settled(status: Status) -> Status:
    """Holds end with treatment; `on` follows from the rest."""
    off = status.stopped | status.left | status.complete
    held_until = np.where(off, -1.0, status.held_until)
    waiting = status.waiting & ~off
    return replace(status, held_until=held_until, waiting=waiting, on=~off & (held_until < 0) & ~waiting.any(0))
