"""Model numbers read off the follicles of a typical scalp alone: two kinds of effluvium, and dermatitis that clears."""

from __future__ import annotations

import numpy as np

from anagen.analysis.effluvia.courses import driven, effluvia, typical_follicles
from anagen.analysis.effluvia.features import Features
from anagen.analysis.figure import Table
from anagen.analysis.numbers import number, with_unit
from anagen.patient.patient import Patient
from anagen.simulation.simulate import simulate

from .runs import Runs
from .spec import Spec

Values = dict[str, float]
HALF_A_YEAR = 182


def two_effluvia(spec: Spec, runs: Runs) -> tuple[Values, Table, int]:
    """For each kind the first and the last day of raised shedding, day and height of the peak, the least density in
    percent of the start, and the percent of broken hairs: `telogen_first_day`, `anagen_broken`, ..."""
    both = effluvia(runs.treatment)
    values: Values = {}
    rows = []
    for kind, course in (("telogen", both.telogen), ("anagen", both.anagen)):
        f = Features.of(course)
        found = {
            "first_day": float(f.raised_first_day or 0),
            "last_day": float(f.raised_last_day or 0),
            "peak_day": float(f.peak_day),
            "peak_times": f.peak_ratio,
            "density": f.density_least_percent,
            "broken": f.broken_percent,
        }
        values |= {f"{kind}_{key}": value for key, value in found.items()}
        rows.append([f"{kind} effluvium", *(number(value) for value in found.values())])
    head = [
        *("Kind", "Raised from day", "to day", "Peak on day", "times the usual"),
        *("Least visible hair, % of the start", "Broken hairs, % of the extra ones"),
    ]
    return values, Table("Two teaching examples on a typical scalp", head, rows), 1


def cleared(spec: Spec, runs: Runs) -> tuple[Values, Table, int]:
    """Percent change of daily shedding half a year after dermatitis clears at once, without a drug: `severe`, ..."""
    values: Values = {}
    rows = []
    for severity in spec.dermatitis:
        patient = Patient(seborrheic_dermatitis=severity)  # type: ignore[arg-type]  # Patient checks it
        follicles, _ = typical_follicles(runs.treatment, patient)
        before = simulate(runs.treatment, None, patient, weeks=1, people=1).signals["anagen_exit"][0, :1]
        (course,) = driven(follicles, before, {"anagen_exit": np.ones((HALF_A_YEAR + 1, 1))})
        shed = course.shed_per_day
        values[severity] = float(100 * (shed[HALF_A_YEAR] / shed[0] - 1))
        rows.append([f"{severity} dermatitis", with_unit(number(values[severity]), "%")])
    return values, Table("Daily shedding half a year after dermatitis clears", ["Before", "Change"], rows), 1
