"""The model as a function: numbers of the typical person in, outcomes out; each sample is one person of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from anagen.simulation.outcomes import person_outcome
from anagen.simulation.run import TILES, run_arm

from .plan import Case, Plan
from .space import still

Floats = npt.NDArray[np.float64]
TILE = TILES[-1]
AT_ONCE = 4 * TILE
"""People of one call of the engine: bounds the memory, and how long nothing is reported."""
DAYS_OF_WEEK = 7


def outcomes_of(
    plan: Plan, case: Case, values: Mapping[str, Floats], samples: int, report: Callable[[int], None] | None = None
) -> Floats:
    """The plan's outcomes `(outcomes, samples)` of `values`, name -> (samples,); all else is as in the typical person.

    `report` is called with the number of people done since the last call.
    """
    treatment = still(plan.treatment, plan.hold)
    events = case.regimen.events(plan.patient.weight_kg)
    found = np.empty((len(plan.outcomes), samples))
    for first in range(0, samples, AT_ONCE):
        part = slice(first, min(first + AT_ONCE, samples))
        count = part.stop - first
        size = -(-(count + 1) // TILE) * TILE - 1  # whole tiles, so that any number of samples runs one program
        given = {name: np.pad(row[part], (0, size - count), mode="edge") for name, row in values.items()}
        arm = run_arm(
            treatment,
            events,
            plan.patient,
            weeks=plan.weeks,
            people=size,
            seed=plan.seed,
            assumed=frozenset(),
            given=given,
        )
        people = {name: rows[:, 1 : 1 + count] for name, rows in arm.series.items()}
        for i, outcome in enumerate(plan.outcomes):
            end = events.course_days if outcome.week is None else DAYS_OF_WEEK * outcome.week
            found[i, part] = person_outcome(outcome.table, people, arm.days, end)
        if report:
            report(count)
    return found
