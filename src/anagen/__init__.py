"""Anagen: what a regimen does to a person's hair, skin and blood over months, and how sure anyone can be.

It informs; it never prescribes. Heavy parts load when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anagen.analysis.analyse import Analysis, analyse
    from anagen.diary.store import Diary
    from anagen.inference.fit import fit
    from anagen.interchange.fhir import from_fhir
    from anagen.interchange.nonmem import from_nonmem
    from anagen.interchange.results.rerun import rerun
    from anagen.patient.patient import HairEvent, Patient
    from anagen.patient.population import Population
    from anagen.regimen.regimen import Regimen
    from anagen.simulation.compare import Comparison, compare
    from anagen.simulation.result import Simulation
    from anagen.simulation.simulate import simulate
    from anagen.treatments.registry import treatment
    from anagen.trial.result import TrialResult
    from anagen.trial.run import run_trial

__version__ = "0.1.0"
__all__ = [
    "Analysis",
    "Comparison",
    "Diary",
    "HairEvent",
    "Patient",
    "Population",
    "Regimen",
    "Simulation",
    "TrialResult",
    "analyse",
    "compare",
    "fit",
    "from_fhir",
    "from_nonmem",
    "rerun",
    "run_trial",
    "simulate",
    "treatment",
]

_HOMES = {
    "Analysis": "anagen.analysis.analyse",
    "analyse": "anagen.analysis.analyse",
    "Comparison": "anagen.simulation.compare",
    "Diary": "anagen.diary.store",
    "HairEvent": "anagen.patient.patient",
    "Patient": "anagen.patient.patient",
    "Population": "anagen.patient.population",
    "Regimen": "anagen.regimen.regimen",
    "Simulation": "anagen.simulation.result",
    "compare": "anagen.simulation.compare",
    "fit": "anagen.inference.fit",
    "from_fhir": "anagen.interchange.fhir",
    "from_nonmem": "anagen.interchange.nonmem",
    "rerun": "anagen.interchange.results.rerun",
    "simulate": "anagen.simulation.simulate",
    "TrialResult": "anagen.trial.result",
    "run_trial": "anagen.trial.run",
    "treatment": "anagen.treatments.registry",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'anagen' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
