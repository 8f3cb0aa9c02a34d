"""The same doses in simulated people: levels, laboratory values and shedding in a group, beside the diary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from anagen.diary.entries import Entry, Lab, Level
from anagen.diary.laboratory import find_test
from anagen.patient.patient import Patient
from anagen.simulation.result import Mode, Simulation
from anagen.simulation.simulate import LONGEST_WEEKS, simulate

from .counts import first_taken
from .doses import DRUG, as_regimen

LEAST_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Band:
    """Of the simulated people: 5 of 100 are below `low`, half below `middle`, 5 of 100 above `high`."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class LabSeen:
    """A laboratory value as written, where it lies in the range printed beside it, and the simulated group.

    `place` is "below", "within" or "above" the printed range, "" where none was printed. `group` and `group_before`
    are of simulated people at that time with the doses taken, and before the first; None where the model has none.
    """

    day: date
    name: str
    value: float
    unit: str
    low: float | None
    high: float | None
    place: str
    fasting: bool | None
    group: Band | None
    group_before: Band | None


@dataclass(frozen=True, slots=True)
class LevelSeen:
    """A measured level, and the simulated group's mean of that week, in ng/mL."""

    day: date
    analyte: str
    ng_per_ml: float
    group: Band | None


def simulated(entries: Sequence[Entry], patient: Patient, until: date, *, people: int, mode: Mode) -> Simulation | None:
    """The doses taken, in `people` simulated people; None where none was taken.

    Raises:
        InputError: the doses cannot be simulated.
    """
    regimen, first = as_regimen(entries), first_taken(entries)
    if regimen is None or first is None:
        return None
    weeks = min(max(((until - first).days + 6) // 7 + 1, LEAST_WEEKS), LONGEST_WEEKS)
    return simulate(DRUG, regimen, patient, weeks=weeks, people=people, mode=mode)


def band_at(result: Simulation, series: str, days: int) -> Band | None:
    """The group `days` after the first dose; before it, as at the start; None beyond what was simulated."""
    found = result.series(series)
    if days > found.day[-1]:
        return None
    row = int(np.searchsorted(found.day, max(days, 0)))
    low, middle, high = (float(value) for value in found.bands[:, row])
    return Band(low, middle, high)


def labs_seen(entries: Sequence[Entry], result: Simulation | None, first: date | None) -> tuple[LabSeen, ...]:
    """Every laboratory value, by time."""
    return tuple(_lab(entry, result, first) for entry in entries if isinstance(entry, Lab))


def _lab(lab: Lab, result: Simulation | None, first: date | None) -> LabSeen:
    place = ""
    if lab.low is not None or lab.high is not None:
        below, above = lab.low is not None and lab.value < lab.low, lab.high is not None and lab.value > lab.high
        place = "below" if below else "above" if above else "within"
    test = find_test(lab.name)
    factor = test.factor(lab.unit) if test else None
    series = test.series if test else None
    group = before = None
    if result is not None and first is not None and factor is not None and series:
        group, before = (_scaled(band_at(result, series, days), factor) for days in ((lab.day - first).days, -1))
    return LabSeen(lab.day, lab.name, lab.value, lab.unit, lab.low, lab.high, place, lab.fasting, group, before)


def _scaled(band: Band | None, factor: float) -> Band | None:
    return Band(band.low / factor, band.middle / factor, band.high / factor) if band else None


def levels_seen(entries: Sequence[Entry], result: Simulation | None, first: date | None) -> tuple[LevelSeen, ...]:
    """Every measured level, by time."""
    names = {"isotretinoin": "isotretinoin_ng_per_ml", "4-oxo": "oxo_ng_per_ml"}
    found = []
    for entry in entries:
        if isinstance(entry, Level):
            analyte = entry.analyte or "isotretinoin"
            days = (entry.day - first).days if first else -1
            group = band_at(result, names[analyte], days) if result is not None and days >= 0 else None
            found.append(LevelSeen(entry.day, analyte, entry.ng_per_ml, group))
    return tuple(found)


def shed_ratio(result: Simulation) -> tuple[list[float], list[Band]]:
    """Weeks, and the shedding of the simulated people over their own at the start."""
    shed = result.series("shed_per_day")
    ratio = shed.people / shed.people[:1]
    quantiles = np.quantile(ratio, (0.05, 0.5, 0.95), axis=1).T
    return [float(day) / 7 for day in shed.day], [Band(*(float(q) for q in row)) for row in quantiles]
