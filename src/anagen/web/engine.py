"""The engine behind the pages: `simulate`, with the latest kept, so that one changed arm is one simulation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from anagen.errors import InputError
from anagen.patient.patient import Patient
from anagen.regimen.regimen import Regimen
from anagen.simulation.compare import Comparison
from anagen.simulation.result import Mode, Simulation
from anagen.simulation.simulate import default_weeks, simulate
from anagen.treatments.registry import Treatment, treatment

from .work import Progress

KEPT_BYTES = 120_000_000


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a simulation takes besides regimen and person."""

    weeks: int | None = None
    people: int = 1000
    seed: int = 1
    assume: tuple[str, ...] = ()
    spread: Any = "both"
    mode: Mode = "reader"


class Engine:
    """Simulations of one treatment, the latest of them kept up to `kept_bytes`; may be called from several threads."""

    def __init__(self, name: str = "isotretinoin", kept_bytes: int = KEPT_BYTES) -> None:
        self.treatment: Treatment = treatment(name)
        self._kept: OrderedDict[Any, tuple[int, Simulation]] = OrderedDict()
        self._room = kept_bytes
        self._lock = Lock()

    def regimen(self, text: str) -> Regimen:
        """A regimen in words.

        Raises:
            RegimenError: it cannot be read.
        """
        return Regimen.from_text(text, self.treatment.name)

    def simulate(
        self, regimen: Regimen | None, patient: Patient, run: Run, progress: Progress | None = None
    ) -> Simulation:
        """As `anagen.simulate`, or what it gave for the same before."""
        key = (regimen.text if regimen else None, patient, replace(run, mode="reader"))
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
        if not found:
            options = {k: getattr(run, k) for k in ("weeks", "people", "seed", "assume", "spread")}
            made = simulate(self.treatment, regimen, patient, progress=progress, **options)
            found = (sum(values.nbytes for pair in made.signals.values() for values in pair), made)
            self._keep(key, found)
        return replace(found[1], regimen=regimen, mode=run.mode)

    def compare(
        self, regimens: Sequence[Regimen], patient: Patient, run: Run, progress: Progress | None = None
    ) -> Comparison:
        """As `anagen.compare`, of one regimen or more.

        Raises:
            InputError: no regimen, more than eight, or the same one twice.
        """
        if not 1 <= len(regimens) <= 8:
            raise InputError(f"{len(regimens)} regimens to compare", expected="from 1 to 8")
        for place, course in enumerate(regimens):
            if course in regimens[:place]:
                raise InputError(f"the same regimen twice: {course.text}", expected="different regimens")
        if run.weeks is None:
            run = replace(run, weeks=max(default_weeks(course.events(patient.weight_kg)) for course in regimens))
        reports = [_part(progress, place, len(regimens) + 1) for place in range(len(regimens) + 1)]
        arms = [self.simulate(course, patient, run, report) for course, report in zip(regimens, reports, strict=False)]
        untreated = self.simulate(None, patient, run, reports[-1])
        longest = max(arm.course_days for arm in arms)  # what is read at the end of the course is read on the same day
        return Comparison(tuple(arms), replace(untreated, course_days=longest))

    def _keep(self, key: Any, made: tuple[int, Simulation]) -> None:
        with self._lock:
            self._kept[key] = made
            while sum(size for size, _ in self._kept.values()) > self._room:
                self._kept.popitem(last=False)


def _part(progress: Progress | None, place: int, of: int) -> Progress | None:
    """Progress of one of several, as the share of all."""
    return None if progress is None else lambda share: progress((place + share) / of)
