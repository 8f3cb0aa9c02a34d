"""All studies of a folder, simulated as they were done: a verdict for each row, and what share of rows is inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from anagen.errors import InputError
from anagen.simulation.provenance import provenance
from anagen.simulation.result import number
from anagen.simulation.run import TILES
from anagen.treatments.registry import treatment
from anagen.validation import series
from anagen.validation.arms import Arm
from anagen.validation.people import Pool, Simulated
from anagen.validation.predict import Band, band, pool_size, predicted
from anagen.validation.rows import Row
from anagen.validation.sampling import LARGEST_POOL
from anagen.validation.score import EXPECTED, Coverage, Score, coverage, score
from anagen.validation.study import Study, read_studies

REPLICATES, SEED = 200, 2026
Progress = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class Result:
    """A row and its verdict; `course` where the figure has one over time, in the first row of those that share it."""

    study: Study
    row: Row
    score: Score
    course: Band | None

    @property
    def name(self) -> str:
        return f"{self.study.name}/{self.row.id}"

    @property
    def counts(self) -> bool:
        """Whether the row counts in the coverage: it is no known failure, and a value, not a bound."""
        return self.known_failure is None and self.row.table.bound is None

    @property
    def known_failure(self) -> str | None:
        return self.row.table.known_failure

    def to_json(self) -> dict[str, Any]:
        row, table = self.row, self.row.table
        arms = [side.arm for side in (row.first, row.second) if side]
        assumed = [text for arm in dict.fromkeys(arms) for text in arm.assumed]
        return {
            "study": self.study.name,
            "row": row.id,
            "kind": row.kind,
            "quantity": row.quantity.label,
            "title": f"{self.study.title}: {row.title}",
            "arm": " against ".join(dict.fromkeys(arm.name for arm in arms)),
            "regimen": row.first.arm.regimen.text if row.first.arm.regimen else "none",
            "n": row.first.n,
            "observed": row.observed,
            "unit": row.unit,
            "observed_se": None if row.se is None else number(row.se),
            "predicted_p50": number(self.score.p50),
            "p05": number(self.score.p05),
            "p95": number(self.score.p95),
            "inside": self.score.inside,
            "z": round(self.score.z, 2),
            "known_failure": self.known_failure,
            "compare": table.compare,
            "bound": table.bound,
            "course": self._course(),
            "source": list(table.source),
            "assumed": list(dict.fromkeys([*assumed, *table.assumed])),
        }

    def _course(self) -> dict[str, Any] | None:
        if self.course is None:
            return None
        lists = {"day": self.course.day, "p05": self.course.p05, "p50": self.course.p50, "p95": self.course.p95}
        return {name: [number(v) for v in values.tolist()] for name, values in lists.items()} | {
            "observed": [[number(_day(row)), row.observed] for row in self.study.rows if _one_course(row, self.row)]
        }


@dataclass(frozen=True, eq=False)
class Validation:
    """What came out. `coverage` counts values that are no known failures; None where there are none."""

    results: tuple[Result, ...]
    coverage: Coverage | None
    replicates: int
    provenance: dict[str, Any]

    @property
    def now_inside(self) -> tuple[str, ...]:
        """Known failures, `study/row`, that lie inside the prediction: no longer failures, or passing by accident."""
        return tuple(result.name for result in self.results if result.known_failure and result.score.inside)

    @property
    def known_failures(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.known_failure)

    @property
    def bounds(self) -> tuple[Result, ...]:
        """Rows that only give a bound, without the known failures: they do not count in the coverage."""
        return tuple(result for result in self.results if result.row.table.bound and not result.known_failure)

    def to_json(self) -> dict[str, Any]:
        """The object that `anagen validate --json` prints; its form is in `docs/validation.md`."""
        failures = self.known_failures
        cover = self.coverage
        return {
            "treatment": ", ".join(dict.fromkeys(result.study.treatment for result in self.results)),
            "people_per_study": f"the study's own number, at most {LARGEST_POOL} simulated in each replicate",
            "replicates": self.replicates,
            "rows": [result.to_json() for result in self.results],
            "coverage": {
                "rows": cover.rows if cover else 0,
                "inside": cover.inside if cover else 0,
                "share": number(cover.share) if cover else None,
                "expected": EXPECTED,
                "p05": number(cover.p05) if cover else None,
                "p95": number(cover.p95) if cover else None,
            },
            "bounds": {
                "rows": len(self.bounds),
                "inside": sum(result.score.inside for result in self.bounds),
            },
            "known_failures": {
                "rows": len(failures),
                "still_outside": len(failures) - len(self.now_inside),
                "now_inside": list(self.now_inside),
            },
            "provenance": self.provenance,
        }


def validate(
    studies: Path | Sequence[Study] | None = None,
    *,
    replicates: int = REPLICATES,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Validation:
    """Simulate published studies as they were done and compare what they saw.

    Args:
        studies: a folder of study files, or studies; those of the source tree where left out.
        replicates: possible studies for each row, at least 20.
        seed: from 0 to 4294967295; the same seed gives the same verdicts.
        progress: called with the share done (0 to 1) and the study's name.

    Raises:
        InputError, RegimenError, PregnancyStop: as `read_study`, before anything is simulated.
        InputError: a row in which nobody is counted in any simulated study.
    """
    if replicates < 20:
        raise ValueError(f"{replicates} replicates: at least 20")
    chosen = read_studies(studies) if studies is None or isinstance(studies, Path) else tuple(studies)
    works = [_work(study) for study in chosen]
    total, done = sum(works) or 1.0, 0.0
    results: list[Result] = []
    for study, work in zip(chosen, works, strict=True):

        def told(share: float, begun: float = done, work: float = work, name: str = study.name) -> None:
            if progress:
                progress(min(1.0, (begun + share * work) / total), name)

        told(0.0)
        results += _study(study, replicates, seed, told)
        done += work
    if progress:
        progress(1.0, "")
    return Validation(
        results=tuple(results),
        coverage=coverage([result.score.inside for result in results if result.counts]),
        replicates=replicates,
        provenance=_provenance(chosen, replicates, seed),
    )


def _study(study: Study, replicates: int, seed: int, told: Callable[[float], None]) -> Iterator[Result]:
    drug = treatment(study.treatment)
    assumed = frozenset(study.assume)
    pool = Pool(replicates, max(pool_size(study, row) for row in study.rows), seed)
    arms: dict[str, Simulated] = {}
    used = [arm for arm in study.arms if any(arm in _arms(row) for row in study.rows)]
    for k, arm in enumerate(used):
        rows = [row for row in study.rows if arm in _arms(row)]
        signals = tuple(dict.fromkeys(name for row in rows for name in series.signals_of(row)))
        sides = [(row, side) for row in rows for side in (row.first, row.second) if side and side.arm is arm]
        weeks = max(series.last_day(row, side) / 7 for row, side in sides)

        def part(share: float, k: int = k) -> None:
            told((k + share) / len(used))

        arms[arm.name] = Simulated(drug, assumed, arm, pool, signals, weeks, part)
        if signals:
            arms[arm.name].course()
    for row in study.rows:
        draws = predicted(study, row, arms, seed)
        if not draws.size:
            raise InputError(
                f"{study.file}: row '{row.id}': in no simulated study is there anybody to count",
                expected="a row that some people are in: a lower limit, a lower times_usual, a longer follow-up",
            )
        shown = band(study, row, arms, seed) if row.same[0] == 0 else None
        yield Result(study, row, score(draws, row.observed, row.table.bound), shown)


def _arms(row: Row) -> tuple[Arm, ...]:
    return tuple(side.arm for side in (row.first, row.second) if side)


def _work(study: Study) -> float:
    """How long a study takes, in weeks of its people: for progress only."""
    size = max(pool_size(study, row) for row in study.rows)
    weeks = [
        max(
            (
                series.last_day(row, side) / 7
                for row in study.rows
                for side in (row.first, row.second)
                if side and side.arm is arm
            ),
            default=0.0,
        )
        for arm in study.arms
    ]
    return size * (sum(weeks) + 1.0)


def _day(row: Row) -> float:
    return row.first.hours / 24 if row.first.hours is not None else row.first.day or 0.0


def _one_course(row: Row, other: Row) -> bool:
    """Whether two rows are points of one picture."""
    return (
        row.second is None
        and row.kind == other.kind
        and row.unit == other.unit
        and row.measured.form == other.measured.form
        and row.quantity == other.quantity
        and row.instrument == other.instrument
        and row.first.arm is other.first.arm
        and row.first.analyte == other.first.analyte
        and row.table.after == other.table.after
    )


def _provenance(studies: Sequence[Study], replicates: int, seed: int) -> dict[str, Any]:
    drug = treatment(studies[0].treatment)
    regimens = dict.fromkeys(arm.regimen.text for study in studies for arm in study.arms if arm.regimen)
    sizes = [pool_size(study, row) for study in studies for row in study.rows]
    weeks = [
        series.last_day(row, side) / 7
        for study in studies
        for row in study.rows
        for side in (row.first, row.second)
        if side
    ]
    made = provenance(
        drug,
        list(regimens),
        seed=seed,
        people=replicates * max(sizes),
        weeks=int(np.ceil(max(weeks))),
        tile=TILES[-1],
        spread="both",
        assumed=sorted({name for study in studies for name in study.assume}),
    )
    return dict(made) | {"replicates": replicates, "studies": len(studies), "files": [study.file for study in studies]}
