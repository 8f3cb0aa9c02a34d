"""The notices that stand on everything that names a dose. Pregnancy first, always, and nothing here can drop it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anagen.patient.patient import Patient
from anagen.regimen.regimen import Regimen
from anagen.treatments.registry import Treatment, treatment

Notice = Mapping[str, str]


def pregnancy_notice(name: str = "isotretinoin") -> Notice:
    """The box that stands first.

    >>> pregnancy_notice()["level"]
    'stop'
    """
    return _notice("pregnancy", treatment(name).safety["pregnancy"])


def _notice(identity: str, table: Mapping[str, str]) -> Notice:
    return {"id": identity, "level": table["level"], "title": table.get("title", ""), "text": table["text"]}


def notices(drug: Treatment, regimen: Regimen | None, patient: Patient, assumed: Sequence[str]) -> tuple[Notice, ...]:
    """All notices of a run: the fixed ones, those of the regimen, of the person, and of what was assumed."""
    fixed = {name: table for name, table in drug.safety.items() if "when" not in table}
    found = [_notice(name, table) for name, table in fixed.items()]
    if regimen is not None:
        for note in regimen.notes(patient.weight_kg):
            found.append({"id": note.id, "level": note.level, "title": "", "text": note.text})
        if any(getattr(course, "meal", None) == "fasted" for course in regimen.courses):
            found += [_notice(name, table) for name, table in drug.safety.items() if table.get("when") == "fasted"]
    for name in patient.supplements:
        table = drug.supplement(name)
        level = "warn" if "warn" in table else "note"
        text = table.get("warn") or f"{table['title']}: {table['known']}"
        found.append({"id": f"supplement-{name}", "level": level, "title": "", "text": text})
    for name in assumed:
        table = drug.hypothesis(name)
        text = f"ASSUMED, not shown: {table['title']}. {table['says']} Known: {table['known']}"
        found.append({"id": f"assumed-{name}", "level": "warn", "title": "", "text": text})
    return tuple(sorted(found, key=lambda notice: ("stop", "warn", "note").index(notice["level"])))
