"""Regimens, tables and results -> NONMEM-style data frames and files, which `from_nonmem` reads back. At the end."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from anagen.errors import InputError
from anagen.patient.covariates import covariates as known_covariates
from anagen.patient.patient import Patient
from anagen.regimen import FORMULATIONS, MEALS, DoseEvents, Regimen

from .columns import EVENT_COLUMNS, FORM_CODES, MEAL_CODES

if TYPE_CHECKING:
    from anagen.simulation.result import Simulation

    from .table import EventTable

Floats = npt.NDArray[np.float64]
_MEAL = {MEALS.index(name): int(code) for code, name in MEAL_CODES.items()}
_FORM = {FORMULATIONS.index(name): int(code) for code, name in FORM_CODES.items()}
_SAME_H = 1e-7
SHOWN = 40
"""Every so many points of the hours that a simulation shows are written as observations."""


def regimen_frame(regimen: Regimen, weight_kg: float, identity: int = 1) -> pl.DataFrame:
    """The doses of a regimen for one person, as few records as ADDL allows.

    >>> regimen_frame(Regimen.from_text("20 mg once daily for 4 weeks"), 70).select("TIME", "AMT", "II", "ADDL").rows()
    [(0.0, 20.0, 24.0, 27)]
    """
    return _dose_rows(regimen.events(weight_kg), identity).with_columns(WT=pl.lit(float(weight_kg)))


def simulation_frame(result: Simulation) -> pl.DataFrame:
    """The doses of a simulation and, as observations, what its typical person shows in the hours that it holds."""
    from anagen.simulation.exposure import last_interval

    patient = result.patient
    if result.regimen is None or result.within_day is None:
        raise InputError("a simulation without doses has no event table", expected="a regimen")
    events = result.regimen.events(patient.weight_kg)
    start = 0.0 if events.single_dose else last_interval(events)[0]
    shown = slice(None, None, SHOWN)
    time = start + result.within_day.time_h[shown]
    parts = [_dose_rows(events, 1)]
    for cmt, level in ((2, result.within_day.parent), (4, result.within_day.metabolite)):
        looks = {"TIME": time, "DV": level[shown]}
        parts.append(_filled(pl.DataFrame(looks).with_columns(ID=pl.lit(1), CMT=pl.lit(cmt))))
    frame = pl.concat(parts).sort("TIME", "EVID", maintain_order=True)
    return frame.with_columns(**_person(patient))


def table_frame(table: EventTable) -> pl.DataFrame:
    """The records of a table, with times as hours and what is known of the people."""
    r = table.records
    frame = pl.DataFrame(
        {
            "ID": r.id.astype(np.int64),
            "TIME": r.time_h,
            "AMT": r.amt_mg,
            "DV": r.dv,
            "EVID": r.evid.astype(np.int64),
            "MDV": r.mdv.astype(np.int64),
            "CMT": r.cmt.astype(np.int64),
            "II": r.ii_h,
            "ADDL": r.addl.astype(np.int64),
            "SS": r.ss.astype(np.int64),
            "RATE": np.zeros(len(table)),
        }
    ).with_columns(pl.col("DV").fill_nan(None))
    more: dict[str, Any] = {}
    for name, values, codes in (("MEAL", r.meal, _MEAL), ("FORM", r.formulation, _FORM)):
        if (values >= 0).any():
            more[name] = pl.Series([codes.get(int(value)) for value in values], dtype=pl.Int64)
    person = np.repeat(np.arange(table.people.size), np.diff(table.starts))
    known = known_covariates(table.treatment)
    for name, column in table.covariates.items():
        if name == "sex":
            more["MALE"] = pl.Series(column[person] == known["sex"].levels.index("male")).cast(pl.Int64)
        else:
            more["WT" if name == "weight_kg" else name] = pl.Series(column[person]).fill_nan(None)
    if table.kg is not None:
        more["WT"] = pl.Series(table.kg).fill_nan(None)
    return frame.with_columns(**more)


def write_nonmem(frame: pl.DataFrame, path: Path, notices: tuple[str, ...]) -> None:
    """Write a frame as `.parquet` or as `.csv`; `notices` stand first, in lines that begin with @ (`$DATA ... IGNORE=@`
    passes over them), or in the metadata of Parquet.

    Raises:
        InputError: another ending.
    """
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(path, metadata={"anagen": "\n".join(notices)})
    elif path.suffix.lower() == ".csv":
        head = "".join(f"@ {line}\n" for notice in notices for line in textwrap.wrap(notice, 100))
        path.write_text(head + frame.write_csv(null_value="."), "utf-8")
    else:
        raise InputError(f"{path.name}: the ending {path.suffix or '(none)'} says no form", expected=".csv or .parquet")


def notices_of(regimen: Regimen, weight_kg: float, safety: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """What stands at the head of a file: the box first, then what the file is and what its columns mean."""
    from importlib.metadata import version

    stops = [f"{notice['title'].upper()}. {notice['text']}" for notice in safety if notice["level"] == "stop"]
    meals = ", ".join(f"{code} {name}" for code, name in MEAL_CODES.items())
    forms = ", ".join(f"{code} {name}" for code, name in FORM_CODES.items())
    return (
        *stops,
        f"Anagen {version('anagen')}: {regimen.text}; {weight_kg:g} kg; {regimen.treatment}. AMT in mg, TIME, II in h.",
        f"CMT: 1 depot, 2 central, 4 metabolite. MEAL: {meals}. FORM: {forms}. NONMEM: $DATA ... IGNORE=@",
    )


def _person(patient: Patient) -> dict[str, Any]:
    return {
        "WT": pl.lit(patient.weight_kg),
        "age_years": pl.lit(patient.age_years),
        "MALE": pl.lit(int(patient.sex == "male")),
    }


def _dose_rows(events: DoseEvents, identity: int) -> pl.DataFrame:
    """Records of dose events."""
    runs = _fewest(events)
    first = np.array([run[0] for run in runs], dtype=np.int64)
    frame = pl.DataFrame(
        {
            "TIME": events.time_h[first],
            "AMT": events.amount_mg[first],
            "II": np.array([run[2] for run in runs]),
            "ADDL": np.array([run[1] for run in runs], dtype=np.int64),
            "MEAL": np.array([_MEAL[int(meal)] for meal in events.meal[first]], dtype=np.int64),
            "FORM": np.array([_FORM[int(form)] for form in events.formulation[first]], dtype=np.int64),
        }
    )
    return _filled(frame.with_columns(ID=pl.lit(identity), EVID=pl.lit(1), MDV=pl.lit(1), CMT=pl.lit(1)))


_USUAL: dict[str, tuple[Any, Any]] = {
    "ID": (1, pl.Int64),
    "TIME": (0.0, pl.Float64),
    "AMT": (0.0, pl.Float64),
    "DV": (None, pl.Float64),
    "EVID": (0, pl.Int64),
    "MDV": (0, pl.Int64),
    "CMT": (0, pl.Int64),
    "II": (0.0, pl.Float64),
    "ADDL": (0, pl.Int64),
    "SS": (0, pl.Int64),
    "RATE": (0.0, pl.Float64),
    "MEAL": (None, pl.Int64),
    "FORM": (None, pl.Int64),
}


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    """All columns in their order, those not there with their usual value."""
    usual = [pl.lit(value).alias(name) for name, (value, _) in _USUAL.items() if name not in frame.columns]
    return frame.with_columns(usual).select(pl.col(name).cast(kind) for name, (_, kind) in _USUAL.items())


MOST_TIMES = 170
Run = tuple[int, int, float]
"""Index of the first dose, how many follow, and their interval in h (0 where none does)."""


def _fewest(events: DoseEvents) -> list[Run]:
    """Runs of equal doses at equal intervals: in the order of time, by the times of the day, or by those of the week,
    whichever needs fewest."""
    everything = np.arange(events.time_h.size)
    best = _runs(events, everything)
    for period in (24.0, 168.0):
        clock = np.round(events.time_h % period, 6) % period
        times = np.unique(clock)
        if times.size < min(len(best), MOST_TIMES):
            found = sorted(run for at in times for run in _runs(events, everything[clock == at]))
            best = min(best, found, key=len)
    return best


def _runs(events: DoseEvents, chosen: npt.NDArray[np.int64]) -> list[Run]:
    time = events.time_h[chosen]
    kind = np.stack([events.amount_mg[chosen], events.meal[chosen], events.formulation[chosen], events.course[chosen]])
    alike = (kind[:, 1:] == kind[:, :-1]).all(0)
    gaps = np.diff(time)
    found: list[Run] = []
    i = 0
    while i < chosen.size:
        j = i + 1
        while j < chosen.size and alike[j - 1] and abs(gaps[j - 1] - gaps[i]) < _SAME_H:
            j += 1
        follow = j - i - 1
        interval = round(float(time[j - 1] - time[i]) / follow, 9) if follow else 0.0
        if follow and not 1.0 <= interval <= 366 * 24:
            follow, interval, j = 0, 0.0, i + 1
        found.append((int(chosen[i]), follow, interval))
        i = j
    return found


assert tuple(_USUAL)[: len(EVENT_COLUMNS)] == EVENT_COLUMNS
