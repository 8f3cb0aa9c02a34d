"""The same regimens in the same people under each structure that fits the data: what hangs on the choice of structure.

The structure in use gives the result; beside its usual interval stands the band between structures: from the lowest to
the highest median of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.patient.patient import Patient
from anagen.regimen.regimen import Regimen
from anagen.treatments.registry import Treatment
from anagen.treatments.registry import treatment as find_treatment

from .compare import Comparison, compare
from .result import Simulation, number
from .simulate import simulate
from .structure_file import ALL, Structure, chosen

Floats = npt.NDArray[np.float64]
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Band:
    """From the lowest to the highest median between structures, of one series: `day`, `low`, `high`, each (rows,)."""

    day: Floats
    low: Floats
    high: Floats

    def to_json(self) -> dict[str, list[float]]:
        return {key: [number(v) for v in getattr(self, key).tolist()] for key in ("day", "low", "high")}


@dataclass(frozen=True, eq=False)
class Rivals:
    """One regimen under several structures: `default`, the one in use, and `others` by name, in the same people."""

    default: Simulation
    others: Mapping[str, Simulation]

    def band(self, series: str) -> Band:
        """The band of medians of a series, the structure in use included.

        Raises:
            InputError: no such series.
        """
        middles = np.stack([run.series(series).bands[1] for run in (self.default, *self.others.values())])
        return Band(self.default.days, middles.min(0), middles.max(0))

    @cached_property
    def bands(self) -> Mapping[str, Band]:
        """The band of every series."""
        return {name: self.band(name) for name in self.default.treatment.series}

    def middle(self, outcome: str) -> dict[str, float]:
        """The median, or the probability, of an outcome under each structure; `default` first."""
        runs = {"default": self.default, **self.others}
        return {name: _middle(run.outcomes[outcome]) for name, run in runs.items()}


def _middle(outcome: Mapping[str, Any]) -> float:
    return float(outcome["probability"] if "probability" in outcome else outcome["p50"])


@dataclass(frozen=True, eq=False)
class StructuredSimulation:
    """What `simulate_structures` gives: the simulation in use, and beside it each structure that was asked for."""

    structures: tuple[Structure, ...]
    rivals: Rivals

    @property
    def default(self) -> Simulation:
        """The simulation with the structure in use, as `simulate` gives it."""
        return self.rivals.default

    def to_json(self) -> dict[str, Any]:
        """That of the simulation in use, and `structures`: each by name (title, assumed, outcomes), and `band`."""
        runs = self.rivals.others
        each = {s.name: _said(s, runs[s.name]) | {"outcomes": _outcomes(runs[s.name])} for s in self.structures}
        return {**self.default.to_json(), "structures": {**each, "band": _bands(self.rivals)}}


@dataclass(frozen=True, eq=False)
class StructuredComparison:
    """What `compare_structures` gives: the comparison in use, and the same with each structure, by name."""

    structures: tuple[Structure, ...]
    default: Comparison
    others: Mapping[str, Comparison]

    @cached_property
    def arms(self) -> tuple[Rivals, ...]:
        """Each arm under all structures."""
        return tuple(
            Rivals(arm, {name: other.arms[i] for name, other in self.others.items()})
            for i, arm in enumerate(self.default.arms)
        )

    def to_json(self) -> dict[str, Any]:
        """That of the comparison in use, and `structures`: by name the outcomes of each arm and the paired differences;
        `band`, a list of one for each arm."""
        each = {}
        for s in self.structures:
            found = self.others[s.name]
            paired = [
                {"first": first, "second": second, "outcomes": {d.outcome: d.to_json() for d in differences}}
                for (first, second), differences in (
                    (tuple(found.arms[i].label for i in pair), d) for pair, d in found.differences.items()
                )
            ]
            arms = [{"regimen": arm.label, "outcomes": _outcomes(arm)} for arm in found.arms]
            each[s.name] = _said(s, found.arms[0]) | {"arms": arms, "paired": paired}
        return {**self.default.to_json(), "structures": {**each, "band": [_bands(arm) for arm in self.arms]}}


def _said(structure: Structure, run: Simulation) -> dict[str, Any]:
    return {
        "title": structure.title,
        "evidence": structure.evidence,
        "source": list(structure.source),
        "assumed": list(run.assumed),
        "parameters": run.provenance["parameters"],
    }


def _outcomes(run: Simulation) -> dict[str, Any]:
    return {
        name: {key: number(value) if isinstance(value, float) else value for key, value in outcome.items()}
        for name, outcome in run.outcomes.items()
    }


def _bands(rivals: Rivals) -> dict[str, Any]:
    return {name: band.to_json() for name, band in rivals.bands.items()}


def simulate_structures(
    treatment: str | Treatment,
    regimen: str | Regimen | None,
    patient: Patient | None = None,
    *,
    structures: str = ALL,
    progress: Progress | None = None,
    **options: Any,
) -> StructuredSimulation:
    """Simulate a regimen with the structure in use and with each alternative, in the same people.

    Args:
        structures: "all", a question or one alternative of `structures.toml`. All combinations are run where they are
            few; else each alternative alone.
        options: as for `simulate`.

    >>> both = simulate_structures(
    ...     "isotretinoin", "20 mg once daily for 4 weeks", structures="oxo-ratio-2-5", people=1, weeks=4
    ... )
    >>> band = both.rivals.band("oxo_ng_per_ml")
    >>> bool((band.low[1:] < band.high[1:]).all())
    True

    Raises:
        InputError: no such structure (the nearest names are offered), or as for `simulate`.
    """
    some, runs = _plan(treatment, structures, options, progress)
    made = [simulate(one, regimen, patient, progress=report, **given) for one, given, report in runs]
    names = [s.name for s in some]
    return StructuredSimulation(some, Rivals(made[0], dict(zip(names, made[1:], strict=True))))


def compare_structures(
    treatment: str | Treatment,
    regimens: Sequence[str | Regimen],
    patient: Patient | None = None,
    *,
    structures: str = ALL,
    progress: Progress | None = None,
    **options: Any,
) -> StructuredComparison:
    """Compare regimens with the structure in use and with each alternative; arguments as for `simulate_structures`.

    Raises:
        InputError: no such structure (the nearest names are offered), or as for `compare`.
    """
    some, runs = _plan(treatment, structures, options, progress)
    made = [compare(one, regimens, patient, progress=report, **given) for one, given, report in runs]
    names = [s.name for s in some]
    return StructuredComparison(some, made[0], dict(zip(names, made[1:], strict=True)))


Run = tuple[Treatment, dict[str, Any], Progress | None]


def _plan(
    treatment: str | Treatment, wanted: str, options: Mapping[str, Any], progress: Progress | None
) -> tuple[tuple[Structure, ...], list[Run]]:
    """The structures, and for each run (that in use first) the treatment, the options and its part of the progress."""
    drug = treatment if isinstance(treatment, Treatment) else find_treatment(treatment)
    assumed = tuple(options.get("assume", ()))
    for name in assumed:
        drug.hypothesis(name)
    some = tuple(chosen(drug, wanted, assumed))
    runs: list[Run] = [(drug, dict(options), _part(progress, 0, len(some) + 1))]
    for place, one in enumerate(some, 1):
        given = {**options, "assume": tuple(dict.fromkeys([*assumed, *one.assume]))}
        runs.append((one.of(drug), given, _part(progress, place, len(some) + 1)))
    return some, runs


def _part(progress: Progress | None, place: int, of: int) -> Progress | None:
    """What a run reports of itself, as a share of all runs."""
    return (lambda share: progress((place + share) / of)) if progress else None
