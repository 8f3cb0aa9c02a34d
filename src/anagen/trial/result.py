"""What a trial gives back: one plain object, as `trial.json` holds it and the page reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anagen.patient.covariates import covariates
from anagen.patient.patient import Patient
from anagen.safety import notices
from anagen.simulation.forms import Forms
from anagen.treatments.registry import Treatment

from .groups import merged
from .histogram import STATED_ERROR, Histogram
from .part import Tally
from .plan import Trial
from .power import power_table
from .setting import Setting
from .summary import summary

LEVELS = ("p05", "p50", "p95")


@dataclass(frozen=True, eq=False)
class TrialResult(Forms):
    """A finished trial: `table` is its JSON; `folder`, where its parts lie (None where they were not kept)."""

    table: Mapping[str, Any]
    folder: Path | None

    def to_json(self) -> dict[str, Any]:
        """The object that `anagen trial --json` prints."""
        return dict(self.table)

    def people(self) -> Any:
        """One row for each person, as a lazy polars frame.

        Raises:
            ValueError: the parts were not kept.
        """
        import polars

        if self.folder is None:
            raise ValueError("the trial was run without a folder: its people were not kept")
        return polars.scan_parquet(sorted((self.folder / "parts").glob("part-*.people.parquet")))


def table_of(setting: Setting, tally: Tally, power: tuple[int, ...], provenance: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a trial, from what was counted of its people."""
    trial, layout = setting.trial, setting.layout
    whole = merged(layout, [tally.sums])
    found = summary(layout, whole)
    series = setting.treatment.series
    arms = []
    for a, arm in enumerate(trial.arms):
        flow = tally.flows[a]
        arms.append(
            {
                "name": arm.name,
                "regimen": arm.regimen.text if arm.regimen else "no treatment",
                "supplements": list(arm.supplements),
                "rules": [rule.text for rule in arm.rules],
                "flow": flow.to_json(),
                "rules_fired": flow.rules_to_json([rule.text for rule in arm.rules]),
                "doses": {name: _levels(histogram) for name, histogram in tally.doses[a].items()},
                "series": {name: _band(series[name], histogram) for name, histogram in tally.bands[a].items()},
                "endpoints": found["endpoints"][arm.name],
            }
        )
    return {
        "title": trial.title,
        "treatment": trial.treatment,
        "mode": setting.mode,
        "assumed": list(trial.assume),
        "safety": [dict(notice) for notice in all_notices(setting)],
        "trial": {
            "people": trial.people,
            "follow_up_weeks": trial.follow_up_weeks,
            "visits": list(trial.visits),
            "uncertainty": trial.uncertainty,
            "replicates": trial.replicates,
            "after_leaving": trial.after_leaving,
        },
        "population": _population(setting, tally),
        "arms": arms,
        "contrasts": found["contrasts"],
        "subgroups": found["subgroups"],
        "spread_of_replicates": found.get("spread_of_replicates", []),
        "power": [row for n in power for row in power_table(layout, whole, n)] or None,
        "error_of_percentiles": STATED_ERROR,
        "provenance": dict(provenance),
    }


def all_notices(setting: Setting, who: Patient | None = None) -> list[Mapping[str, str]]:
    """The notices of all arms, each once; those that need a weight are of `who`, or of the typical 70 kg."""
    return trial_notices(setting.trial, setting.treatment, who)


def trial_notices(trial: Trial, treatment: Treatment, who: Patient | None = None) -> list[Mapping[str, str]]:
    """The same of a trial that is not run yet."""
    found: dict[str, Mapping[str, str]] = {}
    for arm in trial.arms:
        patient = replace(who or Patient(), supplements=arm.supplements)
        for notice in notices(treatment, arm.planned(trial.follow_up_weeks), patient, trial.assume):
            found.setdefault(notice["id"] + notice["text"], notice)
    return sorted(found.values(), key=lambda notice: ("stop", "warn", "note").index(notice["level"]))


def _levels(histogram: Histogram) -> dict[str, float | None]:
    return dict(zip(LEVELS, (_number(value) for value in histogram.quantiles()[:, 0]), strict=True))


def _band(table: Mapping[str, Any], histogram: Histogram) -> dict[str, Any]:
    levels = histogram.quantiles()
    bands = {key: [_number(value) for value in row] for key, row in zip(LEVELS, levels, strict=True)}
    return {"unit": table["unit"], "title": table["title"], "day": [7 * w for w in range(levels.shape[1])], **bands}


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if value == value else None


def _population(setting: Setting, tally: Tally) -> dict[str, Any]:
    said, known = setting.population.to_json(), covariates(setting.trial.treatment)
    columns: dict[str, Any] = {}
    for name in setting.population.columns:
        if name in tally.levels:
            counts = tally.levels[name]
            shares = (counts / max(1, counts.sum())).tolist()
            columns[name] = {"shares": dict(zip(known[name].levels, shares, strict=True))}
        else:
            columns[name] = {"unit": known[name].unit, **_levels(tally.columns[name])}
    return {**said, "declared": said["columns"], "columns": columns}
