"""From a diary's entries to the record that a fit reads. What the fit cannot use is left out and named."""

from __future__ import annotations

from collections.abc import Iterable

from anagen.diary.entries import DoseTaken, Entry, Event, Lab, Level, PullTest, ShedCount, Symptom, Trichogram, Weight
from anagen.diary.laboratory import in_unit
from anagen.diary.pregnancy import stop_if_pregnant

from .record import TRIGGERS, Count, Dose, Happening, Method, Pull, Record, Roots, Value

MEALS = {"food": "standard", "high-fat": "high_fat", "fasted": "fasted", None: "standard"}
WASHES: dict[str, float | None] = {"wash": None, "wash-refined": 1.0, "wash-modified": 5.0}
"""Days since the last wash that the protocol of a wash test means; None where it must be said."""
LEAST_KG = 5.0
"""A smaller loss of weight is not published as a trigger (assumed)."""


def record_of(entries: Iterable[Entry], *, weight_kg: float | None = None) -> Record:
    """The record in a diary; days are counted from the first entry.

    Args:
        entries: in any order; planned doses never count.
        weight_kg: where the diary has none (else 70 kg).

    Raises:
        PregnancyStop: an entry says that the person is pregnant.
        InputError: no count of shed hairs, or a record that cannot be.

    >>> from anagen.diary.plain import from_plain
    >>> rows = [{"kind": "count", "at": f"2026-03-{day:02d}+00:00", "hairs": 10, "method": "comb"} for day in (1, 8)]
    >>> [count.day for count in record_of([from_plain(row) for row in rows]).counts]
    [0, 7]
    """
    kept = sorted(entries, key=lambda entry: entry.at)
    stop_if_pregnant(kept)
    first = kept[0].day if kept else None
    counts: list[Count] = []
    pulls: list[Pull] = []
    roots: list[Roots] = []
    doses: list[Dose] = []
    events: list[Happening] = []
    levels: list[Value] = []
    labs: dict[str, list[Value]] = {"ferritin": [], "triglycerides": []}
    weights: list[float] = []
    severity: float | None = None
    left: list[str] = []
    for entry in kept:
        assert first is not None
        day = (entry.day - first).days
        if isinstance(entry, ShedCount):
            count = _count(entry, day)
            if isinstance(count, str):
                left.append(count)
            else:
                counts.append(count)
        elif isinstance(entry, PullTest):
            pulls.append(Pull(day, entry.hairs, entry.pulled))
        elif isinstance(entry, Trichogram):
            roots.append(Roots(day, entry.telogen + (entry.catagen or 0), entry.dystrophic or 0, entry.hairs))
        elif isinstance(entry, DoseTaken):
            if entry.mg > 0:
                doses.append(Dose(day, entry.mg, MEALS[entry.meal]))
        elif isinstance(entry, Event):
            small = entry.what == "weight-loss" and entry.kg is not None and entry.kg > -LEAST_KG
            if entry.what in TRIGGERS and not small:
                events.append(Happening(day, entry.what))
        elif isinstance(entry, Level):
            if entry.analyte in (None, "isotretinoin"):
                levels.append(Value(day, entry.ng_per_ml))
        elif isinstance(entry, Lab):
            found = in_unit(entry)
            if found is not None and found[0].name in labs:
                labs[found[0].name].append(Value(day, found[1]))
        elif isinstance(entry, Weight):
            weights.append(entry.kg)
        elif isinstance(entry, Symptom) and entry.name == "dermatitis" and severity is None:
            severity = entry.grade / 4
    return Record(
        counts=counts,
        pulls=pulls,
        roots=roots,
        doses=doses,
        events=events,
        levels=levels,
        ferritin=labs["ferritin"],
        triglycerides=labs["triglycerides"],
        weight_kg=weights[0] if weights else weight_kg or 70.0,
        severity=severity or 0.0,
        left_out=tuple(left),
    )


def _count(entry: ShedCount, day: int) -> Count | str:
    """The count, or why it is left out."""
    called = f"the {entry.method} count of {entry.day}"
    if entry.protocol == "not-kept":
        return f"{called}: not done by its rules"
    method: Method = "comb"
    interval: float | None = 1.0
    if entry.method == "day":
        method, interval = "day", (entry.interval_h or 24.0) / 24
    elif entry.method in WASHES:
        method, interval = "wash", entry.interval_h / 24 if entry.interval_h else WASHES[entry.method]
    if interval is None:
        return f"{called}: it does not say how long it was since the wash before"
    looked = any(part is not None for part in (entry.club, entry.tapered, entry.broken))
    return Count(
        day,
        entry.hairs,
        method,
        interval,
        club=(entry.club or 0) if looked else None,
        broken=(entry.tapered or 0) + (entry.broken or 0) if looked else None,
        short=entry.short_hairs if entry.method == "wash-modified" else None,
    )
