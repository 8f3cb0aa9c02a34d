"""Regimens side by side in the same simulated people: paired differences, not two overlapping bands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from itertools import combinations
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from anagen.errors import InputError
from anagen.patient.draws import Spread
from anagen.patient.patient import Patient
from anagen.regimen.regimen import Regimen
from anagen.treatments.registry import Treatment
from anagen.treatments.registry import treatment as find_treatment

from .forms import Forms
from .outcomes import LEVELS, PROBABILITIES
from .result import Mode, Simulation, number
from .simulate import default_weeks, simulate

if TYPE_CHECKING:
    import altair
    import polars

Floats = npt.NDArray[np.float64]
AT_ONCE = 3
"""Arms simulated at the same time: while some compute, another loads its program."""


@dataclass(frozen=True)
class Difference:
    """The second regimen minus the first, person by person: percentiles, mean, and in how many of 100 it is lower or
    higher by more than `same`, the size that counts as no difference."""

    outcome: str
    unit: str
    p05: float
    p50: float
    p95: float
    mean: float
    lower_in_100: float
    higher_in_100: float
    same: float

    @classmethod
    def of(cls, outcome: str, unit: str, first: Floats, second: Floats, same: float) -> Difference:
        """`first` and `second` are `(people,)`, the same people in the same order."""
        change = second - first
        low, middle, high = (float(q) for q in np.quantile(change, LEVELS))
        lower, higher = 100 * float((change < -same).mean()), 100 * float((change > same).mean())
        return cls(outcome, unit, low, middle, high, float(change.mean()), lower, higher, same)

    def to_json(self) -> dict[str, str | float]:
        """All but the name."""
        table = asdict(self)
        del table["outcome"]
        return {key: number(value) if isinstance(value, float) else value for key, value in table.items()}


@dataclass(frozen=True, eq=False)
class Comparison(Forms):
    """`arms` in the order given, all of the same people; `untreated`, the same people without any treatment."""

    arms: tuple[Simulation, ...]
    untreated: Simulation

    @cached_property
    def differences(self) -> Mapping[tuple[int, int], tuple[Difference, ...]]:
        """For each pair of arms (first, second), the paired difference of every outcome."""
        return {pair: self._between(*(self.arms[i] for i in pair)) for pair in combinations(range(len(self.arms)), 2)}

    def _between(self, first: Simulation, second: Simulation) -> tuple[Difference, ...]:
        found = []
        for name, table in first.outcome_tables.items():
            percent = table["statistic"] in PROBABILITIES
            scale, unit = (100.0, "percentage points") if percent else (1.0, table["unit"])
            one, other = (scale * arm.person_outcomes(name) for arm in (first, second))
            found.append(Difference.of(name, unit, one, other, same=scale * table["same"]))
        return tuple(found)

    def to_json(self) -> dict[str, Any]:
        """The object that `anagen compare --json` prints: `arms` as `simulate` does, `untreated`, `paired`."""
        arms = [arm.to_json() for arm in self.arms]
        paired = [
            {
                "first": self.arms[first].label,
                "second": self.arms[second].label,
                "outcomes": {d.outcome: d.to_json() for d in differences},
            }
            for (first, second), differences in self.differences.items()
        ]
        shared = ("treatment", "patient", "assumed", "mode")
        return {
            **{key: arms[0][key] for key in shared},
            "safety": self.safety_json(),
            "arms": arms,
            "untreated": self.untreated.to_json(),
            "paired": paired,
            "provenance": {**self.arms[0].provenance, "regimens": [arm.label for arm in self.arms]},
        }

    def safety_json(self) -> list[dict[str, str]]:
        """Every notice of every arm, once, the pregnancy box first."""
        seen = {notice["text"]: dict(notice) for arm in self.arms for notice in arm.safety}
        return sorted(seen.values(), key=lambda notice: ("stop", "warn", "note").index(notice["level"]))

    def frame(self) -> polars.DataFrame:
        """All series of all arms, long: `regimen, series, unit, day, typical, p05, p50, p95`."""
        import polars

        return polars.concat(
            [arm.frame().select(polars.lit(arm.label).alias("regimen"), polars.all()) for arm in self.arms]
        )

    def plot(self, *names: str) -> altair.TopLevelMixin:
        """A chart of some series, the arms side by side, as an Altair chart."""
        from anagen.analysis.charts.plot import plot

        return plot(list(self.arms), names)


def compare(
    treatment: str | Treatment,
    regimens: Sequence[str | Regimen],
    patient: Patient | None = None,
    *,
    weeks: int | None = None,
    people: int = 1000,
    seed: int = 1,
    assume: Iterable[str] = (),
    spread: Spread = "both",
    mode: Mode = "reader",
    progress: Callable[[float], None] | None = None,
) -> Comparison:
    """Simulate two or more regimens in the same people (see `simulate` for the arguments).

    >>> two = compare("isotretinoin", ["10 mg once daily", "20 mg once daily"], people=50, weeks=8)
    >>> peaks = next(d for d in two.differences[0, 1] if d.outcome == "peak_level_ng_per_ml")
    >>> peaks.higher_in_100
    100.0

    Raises:
        InputError: fewer than two regimens, the same one twice, or more than eight.
    """
    drug = treatment if isinstance(treatment, Treatment) else find_treatment(treatment)
    patient = patient or Patient()
    if not 2 <= len(regimens) <= 8:
        many = f"{len(regimens)} regimen{'s' if len(regimens) != 1 else ''} to compare"
        raise InputError(many, expected="from 2 to 8, each in quotes")
    options: dict[str, Any] = {"people": people, "seed": seed, "assume": tuple(assume), "spread": spread, "mode": mode}
    return Comparison(*beside_untreated(drug, regimens, patient, weeks=weeks, progress=progress, **options))


def beside_untreated(
    drug: Treatment,
    regimens: Sequence[str | Regimen],
    patient: Patient,
    *,
    weeks: int | None = None,
    progress: Callable[[float], None] | None = None,
    **options: Any,
) -> tuple[tuple[Simulation, ...], Simulation]:
    """One regimen or more, and the same people without treatment, at the same time; `options` as for `simulate`.

    >>> from anagen.treatments.registry import treatment
    >>> arms, untreated = beside_untreated(treatment(), ["10 mg once daily for 4 weeks"], Patient(), weeks=8, people=1)
    >>> len(arms), untreated.regimen, untreated.course_days
    (1, None, 28.0)

    Raises:
        InputError: the same regimen twice.
    """
    courses = [Regimen.from_text(r, drug.name) if isinstance(r, str) else r for r in regimens]
    for i, course in enumerate(courses):
        if course in courses[:i]:
            raise InputError(f"the same regimen twice: {course.text}", expected="different regimens")
    if weeks is None:
        weeks = max(default_weeks(course.events(patient.weight_kg)) for course in courses)
    together = _Together(len(courses) + 1, progress)

    def run(place: int, course: Regimen | None) -> Simulation:
        return simulate(drug, course, patient, weeks=weeks, progress=partial(together.report, place), **options)

    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="anagen-arms")
    try:
        arms = list(pool.map(run, range(len(courses) + 1), [*courses, None]))
    finally:  # after an error or Ctrl-C, the other arms end at their next report; nobody waits for them
        together.stopped.set()
        pool.shutdown(wait=False, cancel_futures=True)
    *treated, untreated = arms
    longest = max(arm.course_days for arm in treated)  # what is read at the end of the course is read on the same day
    return tuple(treated), replace(untreated, course_days=longest)


class _Stopped(Exception):
    """Ends an arm that nobody waits for any more."""


class _Together:
    """The progress of arms that run at the same time, as one share; and the way to stop them."""

    def __init__(self, arms: int, progress: Callable[[float], None] | None) -> None:
        self.stopped = Event()
        self._shares = [0.0] * arms
        self._progress = progress
        self._lock = Lock()

    def report(self, place: int, share: float) -> None:
        """`share` of the arm at `place` is done."""
        if self.stopped.is_set():
            raise _Stopped
        if self._progress:
            with self._lock:  # one call at a time, and the sum never falls
                self._shares[place] = share
                self._progress(sum(self._shares) / len(self._shares))
