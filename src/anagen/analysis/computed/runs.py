"""Simulations that several model numbers share: what is read off each person is kept, the curves are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.patient.patient import Patient
from anagen.simulation.outcomes import person_outcome
from anagen.simulation.simulate import simulate
from anagen.treatments.registry import Treatment

Floats = npt.NDArray[np.float64]
THREADS = 2


@dataclass(frozen=True)
class Arm:
    """One regimen in one kind of person. `outcomes`: name -> `(1 + people,)`, the typical person first."""

    label: str
    exposure: Mapping[str, float]
    outcomes: Mapping[str, Floats]

    def people(self, outcome: str) -> Floats:
        """An outcome of the people, `(people,)`."""
        return self.outcomes[outcome][1:]


@dataclass(frozen=True)
class Wanted:
    """A simulation to be made; regimen "" is no treatment."""

    regimen: str
    weeks: int = 52
    weight_kg: float = 70.0
    dermatitis: str = "none"
    pattern_hair_loss: bool = False
    supplements: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    people: int | None = None

    def patient(self) -> Patient:
        return Patient(
            weight_kg=self.weight_kg,
            seborrheic_dermatitis=self.dermatitis,  # type: ignore[arg-type]  # Patient checks it
            pattern_hair_loss=self.pattern_hair_loss,
            supplements=self.supplements,
        )


@dataclass
class Runs:
    """Simulations of a treatment with `people` people each, under `assumed` hypotheses, made once."""

    treatment: Treatment
    people: int = 1000
    assumed: tuple[str, ...] = ()
    seed: int = 1
    _made: dict[Wanted, Arm] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __getitem__(self, wanted: Wanted) -> Arm:
        with self._lock:
            if wanted in self._made:
                return self._made[wanted]
        arm = self._simulate(wanted)
        with self._lock:
            return self._made.setdefault(wanted, arm)

    def prepare(self, wanted: Iterable[Wanted]) -> None:
        """Make several at once, on as many threads as help."""
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(self.__getitem__, wanted))

    def daily(self, wanted: Wanted, series: str) -> tuple[Floats, Floats]:
        """Days (rows,) and a series (rows, 1 + people) day by day; not kept."""
        run = self._run(wanted, daily=True)
        one = run.series(series)
        return one.day, np.column_stack([one.typical, one.people])

    def _run(self, wanted: Wanted, daily: bool = False) -> Any:
        return simulate(
            self.treatment,
            wanted.regimen or None,
            wanted.patient(),
            weeks=wanted.weeks,
            people=wanted.people or self.people,
            seed=self.seed,
            assume=dict.fromkeys((*self.assumed, *wanted.assume)),
            daily=daily,
        )

    def _simulate(self, wanted: Wanted) -> Arm:
        run = self._run(wanted)
        outcomes = {
            name: person_outcome(table, run.signals, run.days, run.course_days)
            for name, table in run.outcome_tables.items()
        }
        return Arm(run.label, run.exposure, outcomes)
