"""What a simulation gives back: series, outcomes and exposure with units, of a person and of people like them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from anagen.errors import InputError, nearest
from anagen.patient.patient import Patient
from anagen.regimen.regimen import Regimen
from anagen.treatments.contract import Wiring
from anagen.treatments.registry import Treatment

from .forms import Forms
from .outcomes import bands, course_end, person_outcome, summarise
from .profile import Profile

if TYPE_CHECKING:
    import altair
    import polars

Floats = npt.NDArray[np.float64]
Mode = Literal["reader", "clinician"]


@dataclass(frozen=True, eq=False)
class Series:
    """One quantity over time: `typical` (rows,) and `people` (rows, people), in `unit`, at `day` (rows,)."""

    name: str
    title: str
    unit: str
    day: Floats
    typical: Floats
    people: Floats

    @cached_property
    def bands(self) -> Floats:
        """5th, 50th and 95th percentile over the people, `(3, rows)`."""
        return bands(self.people)

    def to_json(self) -> dict[str, Any]:
        p05, p50, p95 = self.bands
        lists = {"day": self.day, "p05": p05, "p50": p50, "p95": p95, "typical": self.typical}
        return {"unit": self.unit, **{key: _short(values) for key, values in lists.items()}}


@dataclass(frozen=True, eq=False)
class Simulation(Forms):
    """A regimen simulated for one person and for people like them.

    `series` by name; `exposure` of the typical person over the last dosing interval; `safety` notices; `within_day`,
    the typical level hour by hour at the end of the course; `wiring`, the mechanisms that ran, with the typical person
    first; `provenance`, from which the run can be repeated.
    """

    treatment: Treatment
    regimen: Regimen | None
    patient: Patient
    assumed: tuple[str, ...]
    mode: Mode
    safety: tuple[Mapping[str, str], ...]
    exposure: Mapping[str, float]
    within_day: Profile | None
    days: Floats
    course_days: float
    signals: Mapping[str, Floats]
    wiring: Wiring
    provenance: Mapping[str, Any]

    @property
    def label(self) -> str:
        """The normalised regimen, or "no treatment"."""
        return self.regimen.text if self.regimen else "no treatment"

    @property
    def end_row(self) -> int:
        """The row at which what is said of the end of the course is read."""
        return int(course_end(self.days, self.course_days))

    def series(self, name: str) -> Series:
        """One series by name.

        Raises:
            InputError: no such series; the nearest names are offered.
        """
        if name not in self._series:
            self._series[name] = self._read(name)
        return self._series[name]

    @cached_property
    def _series(self) -> dict[str, Series]:
        """Series that were asked for: their bands take time, and are wanted again and again."""
        return {}

    def _read(self, name: str) -> Series:
        table = self.treatment.series.get(name)
        if table is None:
            names = tuple(self.treatment.series)
            raise InputError(f"unknown series: '{name}'", expected=", ".join(names), nearest=nearest(name, names))
        values = self.signals[table.get("signal", name)]
        return Series(name, table["title"], table["unit"], self.days, values[:, 0], values[:, 1:])

    @cached_property
    def outcome_tables(self) -> Mapping[str, Mapping[str, Any]]:
        """The outcomes that make sense for this person, by name."""
        without = self.patient.seborrheic_dermatitis == "none"
        return {
            name: table
            for name, table in self.treatment.outcomes.items()
            if not (without and table.get("needs") == "dermatitis") and table.get("mode", self.mode) == self.mode
        }

    def person_outcomes(self, name: str) -> Floats:
        """One outcome of every simulated person, `(people,)`, without the typical one."""
        return person_outcome(self.outcome_tables[name], self.signals, self.days, self.course_days)[1:]

    @cached_property
    def outcomes(self) -> Mapping[str, Mapping[str, Any]]:
        """What the group shows: name -> `{unit, p05, p50, p95}` or `{probability}`."""
        return {name: summarise(self.person_outcomes(name), table) for name, table in self.outcome_tables.items()}

    def to_json(self) -> dict[str, Any]:
        """The object that `anagen simulate --json` prints."""
        return {
            "treatment": self.treatment.name,
            "regimen": self.label,
            "patient": _plain(asdict(self.patient)),
            "assumed": list(self.assumed),
            "mode": self.mode,
            "safety": [dict(notice) for notice in self.safety],
            "exposure": {name: number(value) for name, value in self.exposure.items()},
            "series": {name: self.series(name).to_json() for name in self.treatment.series},
            "outcomes": {name: _rounded(outcome) for name, outcome in self.outcomes.items()},
            "provenance": dict(self.provenance),
        }

    def frame(self) -> polars.DataFrame:
        """All series, long: `series, unit, day, typical, p05, p50, p95`."""
        import polars

        parts = []
        for name in self.treatment.series:
            one = self.series(name)
            p05, p50, p95 = one.bands
            columns = {"day": one.day, "typical": one.typical, "p05": p05, "p50": p50, "p95": p95}
            parts.append(
                polars.DataFrame(columns).select(
                    polars.lit(name).alias("series"), polars.lit(one.unit).alias("unit"), polars.all()
                )
            )
        return polars.concat(parts)

    def to_nonmem(self) -> polars.DataFrame:
        """The doses as a NONMEM-style event table, and typical levels as its observations (`docs/nonmem.md`).

        Raises:
            InputError: a simulation without doses.
        """
        from anagen.interchange.nonmem.writing import simulation_frame

        return simulation_frame(self)

    def plot(self, *names: str) -> altair.TopLevelMixin:
        """A chart of some series (all of hair where none is named), as an Altair chart."""
        from anagen.analysis.charts.plot import plot

        return plot([self], names)


def number(value: float) -> float:
    """Six significant digits, as outputs show."""
    return float(f"{value:.6g}")


def _short(values: Floats) -> list[float]:
    return [number(v) for v in values.tolist()]


def _rounded(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: number(value) if isinstance(value, float) else value for key, value in table.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
