"""libRoadRunner (CVODE): the model as SBML, compiled by LLVM, stopped whenever a dose arrives.

One SBML event that repeats costs the same, and one event per dose twice as much; both tried.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from . import model
from .equations import sbml
from .model import Array, People
from .peer import Row

TITLE = "libRoadRunner"
PACKAGES = ("libroadrunner",)
ROWS = {
    "bdf": Row("defaults (BDF, 1e-6)", 64),
    "adams": Row("Adams, 1e-6", 128),
}


def compile(row: str, people: People, doses: Array) -> None:
    """Translate the SBML to machine code."""
    _program(row)


def run(row: str, people: People, doses: Array) -> Array:
    program = _program(row)
    integrator, core = program.integrator, program.model
    names = list(core.getGlobalParameterIds())
    given = [names.index(name) for name in People._fields]
    states = [names.index(f"y{i}") for i in range(model.STATES)]
    depot = states[:1]
    ends = np.empty((len(doses), model.STATES, doses.shape[1]))
    values = np.stack(people)
    start = model.initial(people)
    for i in range(doses.shape[1]):
        core.setGlobalParameterValues(given, values[:, i])
        core.setGlobalParameterValues(states, start[:, i])
        lag = float(people.lag[i])
        integrator.restart(0.0)
        for day, dose in enumerate(doses[:, i]):
            integrator.integrate(day, lag)
            core.setGlobalParameterValues(depot, core.getGlobalParameterValues(depot) + dose)
            integrator.restart(day + lag)
            integrator.integrate(day + lag, 1 - lag)
            ends[day, :, i] = core.getGlobalParameterValues(states)
    return model.outputs(ends, people)


@cache
def _program(row: str) -> Any:
    import roadrunner

    program = roadrunner.RoadRunner(sbml())
    program.integrator.setValue("stiff", row == "bdf")
    return program
