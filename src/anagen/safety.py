"""The notices that stand on everything that names a dose. Pregnancy first, always, and nothing here can drop it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from anagen.treatments.registry import table

if TYPE_CHECKING:
    from anagen.patient.patient import Patient
    from anagen.regimen.regimen import Regimen
    from anagen.treatments.registry import Treatment

Notice = Mapping[str, str]


def pregnancy_notice(name: str = "isotretinoin") -> Notice:
    """The box that stands first.

    >>> pregnancy_notice()["level"]
    'stop'
    """
    return _notice("pregnancy", table(name, "safety.toml")["pregnancy"])


def _notice(identity: str, entry: Mapping[str, str]) -> Notice:
    return {"id": identity, "level": entry["level"], "title": entry.get("title", ""), "text": entry["text"]}


def regimen_notices(drug: Treatment, regimen: Regimen, weight_kg: float) -> tuple[Notice, ...]:
    """What is to be said of one regimen: what was assumed, a dose above the label, a known failure of the model."""
    said = [{"id": note.id, "level": note.level, "title": "", "text": note.text} for note in regimen.notes(weight_kg)]
    fasted = any(getattr(course, "meal", None) == "fasted" for course in regimen.courses)
    return (
        *said,
        *(_notice(name, entry) for name, entry in drug.safety.items() if fasted and entry.get("when") == "fasted"),
    )


def notices(drug: Treatment, regimen: Regimen | None, patient: Patient, assumed: Sequence[str]) -> tuple[Notice, ...]:
    """All notices of a run: the fixed ones, those of the regimen, of the person, and of what was assumed."""
    fixed = {name: entry for name, entry in drug.safety.items() if "when" not in entry}
    found = [_notice(name, entry) for name, entry in fixed.items()]
    if regimen is not None:
        found += regimen_notices(drug, regimen, patient.weight_kg)
    for name in patient.supplements:
        entry = drug.supplement(name)
        level = "warn" if "warn" in entry else "note"
        text = entry.get("warn") or f"{entry['title']}: {entry['known']}"
        found.append({"id": f"supplement-{name}", "level": level, "title": "", "text": text})
    for name in assumed:
        entry = drug.hypothesis(name)
        text = f"ASSUMED, not shown: {entry['title']}. {entry['says']} Known: {entry['known']}"
        found.append({"id": f"assumed-{name}", "level": "warn", "title": "", "text": text})
    return tuple(sorted(found, key=lambda notice: ("stop", "warn", "note").index(notice["level"])))
