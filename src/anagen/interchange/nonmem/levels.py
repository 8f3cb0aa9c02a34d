"""Typical levels at the records of an event table, and residuals: exact, whatever the events. After the table.

Between events, amounts are carried by the exact map of the linear model; a steady state is set in closed form; a weight
that changes is held over pieces (`weights`). The order of records that share a time is the order of the table.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from anagen.regimen import FORMULATIONS, MEALS
from anagen.treatments.registry import treatment as find_treatment

from .kinetics import Kinetics
from .typical import Typical
from .unroll import resets

if TYPE_CHECKING:
    import polars

    from .table import EventTable

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]
ENTERS, MOVES, RECORD = range(3)
STANDARD, CONVENTIONAL = MEALS.index("standard"), FORMULATIONS.index("conventional")


def predict(table: EventTable, default_kg: float = 70.0) -> polars.DataFrame:
    """All records with what the typical person of each weight would show.

    Columns: `ID, TIME` (h), `EVID, CMT, DV` (ng/mL; null where there is no observation), `PRED` (ng/mL: isotretinoin,
    or 4-oxo-isotretinoin in compartment 4; null for a dose), `RES` = DV - PRED. The person's spread is not in it: a
    residual holds how this person differs, and what was measured wrongly. `default_kg` is the weight where the table
    has none.

    >>> import polars
    >>> from anagen.interchange.nonmem import from_nonmem
    >>> one = polars.DataFrame(
    ...     {"ID": [1, 1], "TIME": [0.0, 8.0], "AMT": [80.0, None], "DV": [None, 500.0], "MEAL": [2, 2]}
    ... )
    >>> from_nonmem(one).predict()["PRED"].round(0).to_list()
    [None, 641.0]
    """
    import polars

    r = table.records
    weights = [table.weight_of(index, default_kg) for index in range(table.people.size)]
    own = [slice(int(a), int(b)) for a, b in pairwise(table.starts)]
    pieces = [
        weight.pieces(float(r.time_h[rows].min()), float(r.time_h[rows].max()))
        for weight, rows in zip(weights, own, strict=True)
    ]
    at_records = np.concatenate([weight.at(r.time_h[rows]) for weight, rows in zip(weights, own, strict=True)])
    typical = Typical.of(
        find_treatment(table.treatment), np.concatenate([at_records, *(kg for _, kg in pieces)]).tolist()
    )
    begins = resets(r)
    begins[table.starts[:-1]] = True
    first = np.flatnonzero(begins)
    person = np.searchsorted(table.starts, first, side="right") - 1
    doses = np.searchsorted(table.unrolled.occasion, np.arange(1, first.size + 2))
    parent, metabolite = np.zeros(len(table)), np.zeros(len(table))
    for i, rows in enumerate(slice(int(a), int(b)) for a, b in pairwise(np.append(first, len(table)))):
        mine = np.arange(doses[i], doses[i + 1])
        parent[rows], metabolite[rows] = _occasion(table, rows, mine, typical, at_records, pieces[person[i]])
    asked = r.evid == 0
    predicted = np.where(asked, np.where(r.cmt == 4, metabolite, parent), np.nan)
    observed = np.where(r.observed, r.dv, np.nan)
    columns = {
        "ID": r.id.astype(np.int64),
        "TIME": r.time_h,
        "EVID": r.evid.astype(np.int64),
        "CMT": r.cmt.astype(np.int64),
        "DV": observed,
        "PRED": predicted,
        "RES": observed - predicted,
    }
    return polars.DataFrame(columns).with_columns(polars.col("DV", "PRED", "RES").fill_nan(None))


def _occasion(
    table: EventTable, rows: slice, own: Array, typical: Typical, at_records: Floats, pieces: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Parent and metabolite at the records from one reset to the next, beginning with empty compartments."""
    entries, steady = _entries(table, own, typical)
    time = table.records.time_h[rows]
    edges, kg = pieces
    # What happens, in order of time: a dose enters, or the weight moves on; then, record by record, a look, or before
    # it a steady state.
    happens = [(t, ENTERS, i) for i, (t, _, _) in enumerate(entries)]
    happens += [(float(t), MOVES, 0) for t in edges[1:-1]]
    happens += [(float(t), RECORD, i) for i, t in enumerate(time)]
    happens = sorted(what for what in happens if what[0] <= time[-1])
    at = np.array([what[0] for what in happens])
    piece = np.clip(np.searchsorted(edges, at, side="left") - 1, 0, kg.size - 1)
    gaps = np.diff(at, prepend=at[0])
    maps = _maps(typical, kg, piece, gaps)
    amounts = np.zeros(next(iter(typical.kinetics.values())).rates.shape[0])
    parent, metabolite = np.zeros(time.size), np.zeros(time.size)
    for step, (_, kind, index) in enumerate(happens):
        if gaps[step] > 0:
            amounts = maps[step] @ amounts
        if kind == ENTERS:
            _, route, mg = entries[index]
            amounts[route] += mg
        elif kind == RECORD:
            now = typical.kinetics[float(at_records[rows.start + index])]
            if rows.start + index in steady:
                amounts = amounts + _steady(table, rows.start + index, typical, now)
            parent[index], metabolite[index] = now.levels(amounts)
    return parent, metabolite


def _maps(typical: Typical, kg: Floats, piece: Array, gaps: Floats) -> dict[int, Floats]:
    """The map of each step: one computation for all equal ones of a weight."""
    found: dict[int, Floats] = {}
    for weight in np.unique(kg[piece]) if piece.size else ():
        steps = np.flatnonzero((kg[piece] == weight) & (gaps > 0))
        hours, which = np.unique(gaps[steps], return_inverse=True)
        made = typical.kinetics[float(weight)].maps(hours)
        found |= {int(step): made[which[i]] for i, step in enumerate(steps)}
    return found


def _taken(table: EventTable, rows: Array) -> tuple[Array, Array]:
    meal, formulation = table.records.meal[rows], table.records.formulation[rows]
    return np.where(meal < 0, STANDARD, meal), np.where(formulation < 0, CONVENTIONAL, formulation)


def _entries(table: EventTable, own: Array, typical: Typical) -> tuple[list[tuple[float, int, float]], set[int]]:
    """Doses as they enter (time, route, mg absorbed), none before one taken earlier; and the records that ask for a
    steady state. Its doses that were taken before the record and still wait are among the entries."""
    r, doses = table.records, table.unrolled
    rows, time = doses.row[own], doses.time_h[own]
    meal, formulation = _taken(table, rows)
    route, lag = typical.waits(meal)
    mg = typical.absorbed(doses.mg[own], formulation, meal)
    enters = np.maximum.accumulate(time + lag) if own.size else time
    found = [(float(t), int(s), float(m)) for t, s, m in zip(enters, route, mg, strict=True)]
    asking = np.flatnonzero((r.ss[rows] > 0) & (doses.number[own] == 0))
    for i in asking:
        every = float(r.ii_h[rows[i]])
        for k in range(1, _entered(every, float(lag[i]))):
            found.append((float(time[i] + lag[i] - k * every), int(route[i]), float(mg[i])))
    return found, set(rows[asking].tolist())


def _entered(every_h: float, lag_h: float) -> int:
    """How many intervals ago the latest dose of a steady state was taken that has entered by now; at least one."""
    return max(1, int(np.ceil(lag_h / every_h - 1e-12)))


def _steady(table: EventTable, row: int, typical: Typical, now: Kinetics) -> Floats:
    """Amounts at the record of a steady-state dose, of all doses before it that have entered by then."""
    r = table.records
    meal, formulation = _taken(table, np.array([row]))
    route, lag = typical.waits(meal)
    mg = typical.absorbed(r.amt_mg[[row]], formulation, meal)
    every = float(r.ii_h[row])
    entry = np.zeros(now.rates.shape[0] - 3)
    entry[int(route[0])] = float(mg[0])
    return now.steady(entry, every, _entered(every, float(lag[0])) * every - float(lag[0]))
