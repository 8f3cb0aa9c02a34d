"""What was ever written in a diary, as versions of entries; and what stands after all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .entries import Entry

Act = Literal["written", "changed", "withdrawn", "confirmed"]


@dataclass(frozen=True, slots=True)
class Version:
    """One thing that was done to entry `number`: `entry` as it then stood (None once withdrawn), `recorded` by the
    clock of the machine, and `why` in words; for "confirmed", `why` is the question that was answered."""

    place: int
    number: int
    act: Act
    recorded: datetime
    entry: Entry | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it stands: its `number`, how many `versions` there were, and the questions already answered."""

    number: int
    entry: Entry
    recorded: datetime
    versions: int = 1
    confirmed: frozenset[str] = frozenset()


def standing(versions: Iterable[Version]) -> tuple[Kept, ...]:
    """What counts after all that was written: the newest of each entry, by time."""
    found: dict[int, Kept] = {}
    for version in versions:
        before = found.get(version.number)
        if version.act == "withdrawn":
            found.pop(version.number, None)
        elif version.act == "confirmed" and before:
            confirmed = before.confirmed | {version.why}
            found[version.number] = Kept(before.number, before.entry, before.recorded, before.versions, confirmed)
        elif version.entry is not None:
            number = before.versions + 1 if before else 1
            found[version.number] = Kept(version.number, version.entry, version.recorded, number)
    return tuple(sorted(found.values(), key=lambda kept: (kept.entry.at, kept.number)))
