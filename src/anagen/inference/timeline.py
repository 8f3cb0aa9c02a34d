"""From a record to what drives the follicles on each day: the drug's response, other stresses, triggers, pattern loss.

The engine itself makes them, for the typical person of that weight who took these doses. The doses of a day are taken
together at 08:00; days are counted from the record's first day, and the person is in a steady state then (assumed).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt

from anagen.errors import InputError
from anagen.patient.patient import Patient, Severity
from anagen.regimen import MEALS
from anagen.regimen.events import DoseEvents
from anagen.simulation.engine import BLOCK_DAYS, BLOCK_WEEKS
from anagen.simulation.run import run_arm
from anagen.simulation.simulate import LONGEST_WEEKS, NO_DOSES
from anagen.treatments.registry import Treatment

from .priors import stated
from .record import Dose, Record

Floats = npt.NDArray[np.float64]
AHEAD_DAYS = 182
"""Days computed after the last entry, for forecasts."""
SHOWS_WITHIN = 273
"""Days after the first dose, or after an event, in which an effluvium by it would be at its height."""
WEIGHTS = {"crash-diet": 1.9, "stress": 0.5, "new-drug": 0.5, "drug-stopped": 0.5}
"""Sizes of triggers relative to a fever: a crash diet as in the treatment's parameters, the others assumed."""


@dataclass(frozen=True)
class Timeline:
    """Days from `origin` (a day of the record), each `(days,)`: row d drives the day that ends at d + 1.

    `retinoid`: extra exit per unit of susceptibility; `other`: extra exit of dermatitis, ferritin and nutrients;
    `trigger`: weight of recorded triggers that begin; `pattern`: how far pattern loss has grown, 0 to 1. `level`,
    ng/mL, the mean of the day; `triglyceride_rise`, relative, both of the typical person.
    """

    origin: int
    retinoid: Floats
    other: Floats
    trigger: Floats
    pattern: Floats
    level: Floats
    triglyceride_rise: Floats

    @property
    def size(self) -> int:
        """Number of days."""
        return self.retinoid.size


def timeline(treatment: Treatment, record: Record, doses: tuple[Dose, ...] | None = None) -> Timeline:
    """What drove the follicles, with the record's own doses or with others in their place.

    Raises:
        InputError: the record and what must be computed after it are longer than six years.
    """
    taken = tuple(record.doses) if doses is None else doses
    end = max([record.last + AHEAD_DAYS, *(first + SHOWS_WITHIN for first in _beginnings(record))])
    weeks = BLOCK_WEEKS * math.ceil((end - record.first) / BLOCK_DAYS)
    if weeks > LONGEST_WEEKS:
        raise InputError(f"the record needs {weeks} weeks to compute", expected=f"at most {LONGEST_WEEKS} weeks")
    days = 7 * weeks
    kept = [dose for dose in taken if dose.mg > 0]
    severity = get_args(Severity)[round(3 * record.severity)]
    patient = Patient(weight_kg=record.weight_kg, seborrheic_dermatitis=severity)
    arm = run_arm(
        treatment, _events(kept, record.first), patient, weeks=weeks, people=1, seed=1, assumed=frozenset(), daily=True
    )
    series = {name: np.asarray(rows[1:, 0]) for name, rows in arm.series.items()}
    typical = treatment.parameters["anagen_exit.retinoid.susceptibility"].value
    other = series["anagen_exit"] - 1 - series["retinoid_stress"]
    before = np.asarray(arm.series["triglycerides_mg_per_dl"])[0, 0]
    grows = stated()["pattern_grows"]["value"]
    return Timeline(
        origin=record.first,
        retinoid=series["retinoid_stress"] / typical,
        other=np.maximum(other, 0.0) + _low_iron(treatment, record, days),
        trigger=_triggers(record, days),
        pattern=np.clip(0.5 + np.arange(days) / grows, 0, 1),
        level=series["concentration_mean"],
        triglyceride_rise=series["triglycerides_mg_per_dl"] / before - 1,
    )


def _beginnings(record: Record) -> list[int]:
    """Days on which something began that may cause an effluvium."""
    drug = [record.first_dose] if record.first_dose is not None else []
    return drug + [int(event.day // 1) for event in record.events]


def _events(doses: list[Dose], first: int) -> DoseEvents:
    """Doses of each day together at 08:00, the clock from the record's first day."""
    if not doses:
        return NO_DOSES
    days = np.array([int(dose.day // 1) - first for dose in doses])
    unique = np.unique(days)
    mg = np.array([dose.mg for dose in doses])
    meals = {int(dose.day // 1) - first: MEALS.index(dose.meal) for dose in doses}  # the day's last
    return DoseEvents(
        time_h=24.0 * unique + 8.0,
        amount_mg=np.array([mg[days == day].sum() for day in unique]),
        meal=np.array([meals[int(day)] for day in unique], np.int8),
        formulation=np.zeros(unique.size, np.int8),
        course=np.zeros(unique.size, np.int32),
        course_days=float(unique[-1] + 1),
        single_dose=False,
    )


def _low_iron(treatment: Treatment, record: Record, days: int) -> Floats:
    """Extra exit of a ferritin below the threshold, between measurements on a straight line."""
    if not record.ferritin:
        return np.zeros(days)
    p = treatment.parameters
    day = [value.day - record.first for value in record.ferritin]
    ferritin = np.interp(np.arange(days), day, [value.value for value in record.ferritin])
    low = np.maximum(1 - ferritin / p["anagen_exit.ferritin.threshold"].value, 0.0)
    return np.asarray(p["anagen_exit.ferritin.weight"].value * low)


def _triggers(record: Record, days: int) -> Floats:
    """The weight of the triggers that begin on each day."""
    weights = np.zeros(days)
    for event in record.events:
        weights[int(event.day // 1) - record.first] += WEIGHTS.get(event.kind, 1.0)
    return weights
