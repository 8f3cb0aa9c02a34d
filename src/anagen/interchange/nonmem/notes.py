"""What the reader of an event table must know of it: what was assumed, and what is right but often not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .table import EventTable


def notes_of(table: EventTable) -> tuple[str, ...]:
    """Notes, each a sentence."""
    r, sheet = table.records, table.sheet
    notes = list(sheet.notes)
    if "EVID" not in sheet.frame.columns:
        notes.append(
            "EVID is not there: a record with an amount is a dose, one with a DV an observation, others neither."
        )
    if r.dosing.any() and "MEAL" not in sheet.frame.columns:
        notes.append("MEAL is not there: a standard meal is assumed with every dose.")
    if r.dosing.any() and "FORM" not in sheet.frame.columns:
        notes.append("FORM is not there: conventional capsules are assumed.")
    same = np.concatenate([[False], (np.diff(r.id) == 0) & (np.diff(r.time_h) == 0)])
    doubled = int((same & r.dosing & np.concatenate([[False], r.dosing[:-1]])).sum())
    if doubled:
        notes.append(f"{doubled:,} dose records come at the time of the one before: the doses are added.")
    cmt = np.where(r.cmt == 0, 2, r.cmt)
    twice = same & r.observed & np.concatenate([[False], r.observed[:-1] & (cmt[1:] == cmt[:-1])])
    if twice.any():
        notes.append(f"{int(twice.sum()):,} observations come at the time of the one before: they are replicates.")
    overlap = _overlapping(table)
    if overlap:
        notes.append(f"{overlap:,} additional doses (ADDL) come after a later dose record: both are taken.")
    if (r.dosing & (r.ss == 2)).any():
        notes.append("SS 2: the steady state is added to what is there.")
    without = [f"{identity:g}" for identity in _without_doses(table)]
    if without:
        more = ", ..." if len(without) > 10 else ""
        notes.append(f"{len(without):,} people have no dose: ID {', '.join(without[:10])}{more}.")
    if table.interpolation and table.kg is not None:
        notes.append(f"Weight between records: {table.interpolation}; held before the first value and after the last.")
    return tuple(notes)


def _overlapping(table: EventTable) -> int:
    doses = table.unrolled
    own = np.where(doses.number == 0, doses.row, -1)
    # Within an occasion, doses are in the order of time: one of an earlier record after a later record's own dose.
    base = np.maximum.accumulate(np.where(own >= 0, own, -1)) if own.size else own
    return int(((doses.number > 0) & (base > doses.row)).sum())


def _without_doses(table: EventTable) -> list[float]:
    dosed = np.add.reduceat(table.records.dosing.astype(int), table.starts[:-1]) > 0
    return [float(identity) for identity in table.people[~dosed]]
