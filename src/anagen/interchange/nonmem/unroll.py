"""Dose records -> single doses: ADDL laid out, what a reset cancels left out, the limits of any regimen.

A reset (EVID 3 or 4) and a steady state in place of what came before (SS 1) cancel additional doses still to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from anagen.errors import InputError
from anagen.regimen.checks import LABEL_MG_PER_KG, REFUSED_MG_PER_KG
from anagen.regimen.course import LIMIT_DAYS

from .faults import Faults
from .records import Records

Array = npt.NDArray[Any]
MOST_DOSES = 20_000_000
MOST_A_DAY = 48
"""As many as the engine has places for in a day (`simulation.doses.PLACES`); a test holds them together."""
_SAME_TIME_H = 1e-6


@dataclass(frozen=True, eq=False)
class Unrolled:
    """Single doses, `(doses,)` each, by person, then occasion (what lies between two resets), then time: the `row` of
    their record, `number` 0 for the record's own dose, `time_h`, `mg`."""

    row: Array
    number: Array
    occasion: Array
    time_h: Array
    mg: Array


def resets(r: Records) -> Array:
    """Which records put the amounts back: EVID 3, EVID 4, or a dose with SS 1."""
    return np.asarray((r.evid == 3) | (r.evid == 4) | (r.dosing & (r.ss == 1)))


def unroll(r: Records, name: str) -> Unrolled:
    """All single doses of all people.

    Raises:
        InputError: more doses than can be laid out.
    """
    rows = np.flatnonzero(r.dosing)
    counts = r.addl[rows].astype(np.int64) + 1
    if counts.sum() > MOST_DOSES:
        raise InputError(
            f"{name}: ADDL makes {counts.sum():,} doses", expected=f"at most {MOST_DOSES:,} doses in a table"
        )
    row = np.repeat(rows, counts)
    number = np.arange(row.size) - np.repeat(np.cumsum(counts) - counts, counts)
    time = r.time_h[row] + number * r.ii_h[row]
    # An occasion is numbered over all people: a new person begins one, and so does every reset.
    begins = resets(r) | np.concatenate([[True], r.id[1:] != r.id[:-1]])
    occasion = np.cumsum(begins)
    end = _ends(begins, r.id, r.time_h)[row]
    kept = (number == 0) | (time < end - _SAME_TIME_H)
    row, number, time = row[kept], number[kept], time[kept]
    order = np.lexsort((row, time, occasion[row]))
    row, number, time = row[order], number[order], time[order]
    return Unrolled(row, number, occasion[row], time, r.amt_mg[row])


def _ends(begins: Array, identity: Array, time_h: Array) -> Array:
    """When the occasion of each record is ended by a reset; infinite where none does."""
    at = np.flatnonzero(begins)
    following = np.append(at[1:], -1)
    ended = (following >= 0) & (identity[following] == identity[at])
    end = np.where(ended, time_h[following], np.inf)
    return end[np.cumsum(begins) - 1]


def check_limits(r: Records, doses: Unrolled, kg: Array | None, faults: Faults) -> None:
    """Faults of doses that no regimen may have: beyond 5 years, more than `MOST_A_DAY`, more than 8 mg/kg in 24 h; `kg`
    at each record, where it is known. A steady state counts the doses before it."""
    if doses.row.size == 0:
        return
    group = np.unique(doses.occasion, return_inverse=True)[1]
    first = np.searchsorted(group, np.arange(group[-1] + 1))
    since = doses.time_h - doses.time_h[first][group]
    size = r.id.size
    late = since > 24.0 * LIMIT_DAYS
    faults.add(
        _of(doses.row[late], size), "TIME", "has doses beyond 5 years after the first", f"at most {LIMIT_DAYS:,} days"
    )
    if late.any():
        return
    # Whole numbers, so that the times of the last of a million people are as sharp as those of the first.
    tick = np.round(since / _SAME_TIME_H).astype(np.int64)
    key = group.astype(np.int64) * (1 << 36) + tick  # 5 years are fewer than 2^36 ticks
    ends = np.searchsorted(key, key + round(24 / _SAME_TIME_H) - 1)
    many = ends - np.arange(key.size) > MOST_A_DAY
    faults.add(
        _of(doses.row[many], size),
        "TIME",
        f"begins more than {MOST_A_DAY} doses in 24 h",
        f"at most {MOST_A_DAY} in 24 h",
    )
    if kg is None:
        return
    running = np.concatenate([[0.0], np.cumsum(doses.mg)])
    total = running[ends] - running[:-1]
    steady = (r.ss[doses.row] > 0) & (doses.number == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        a_day = np.where(steady, doses.mg * np.ceil(24 / r.ii_h[doses.row] - 1e-9), 0.0)
    per_kg = np.maximum(total, a_day) / kg[doses.row]
    refused = per_kg > REFUSED_MG_PER_KG + 1e-6
    faults.add(
        _of(doses.row[refused], size),
        "AMT",
        lambda row: f"brings {per_kg[doses.row == row].max():.3g} mg/kg in 24 h",
        f"at most {REFUSED_MG_PER_KG:g} mg/kg in any 24 h; the label's maximum is {LABEL_MG_PER_KG:g} mg/kg",
    )


def _of(rows: Array, size: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(size, bool)
    mask[rows] = True
    return mask
