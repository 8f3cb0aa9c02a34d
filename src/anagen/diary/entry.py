"""What all entries have, and what a kind of entry holds: read by the store, the commands and every file format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar

from anagen.errors import InputError

from .field import Field, text
from .moment import FIRST_YEAR, LAST_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What all entries have: `at`, an aware local time; `time_known`, false where only the day was said (then noon).

    Raises:
        InputError: a time without an offset, or a value that cannot be.

    >>> from datetime import datetime, timedelta, timezone
    >>> from anagen.diary.entries import ShedCount
    >>> cet = timezone(timedelta(hours=1))
    >>> ShedCount(at=datetime(2026, 3, 1, 8, tzinfo=cet), hairs=12, method="comb").day
    datetime.date(2026, 3, 1)
    """

    kind: ClassVar[str] = ""
    at: datetime
    time_known: bool = True
    note: str = text("a remark", free=True)

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise InputError(
                f"at is {self.at}", expected="a time with its offset from UTC, such as 2026-03-01T08:00+01:00"
            )
        if not FIRST_YEAR <= self.at.year <= LAST_YEAR:
            raise InputError(f"at is {self.at:%Y-%m-%d}", expected=f"a day from {FIRST_YEAR} to {LAST_YEAR}")
        for name, spec in fields_of(type(self)).items():
            value = getattr(self, name)
            if value is not None:
                spec.check(name, value)
            elif spec.kind == "text" or name in required_of(type(self)):
                raise InputError(f"{name} is missing", expected=spec.expected)

    @property
    def day(self) -> date:
        """The person's own calendar day."""
        return self.at.date()


_BASE = ("at", "time_known")
_FIELDS: dict[type[Entry], dict[str, Field]] = {}
_REQUIRED: dict[type[Entry], tuple[str, ...]] = {}


def fields_of(entry: type[Entry]) -> Mapping[str, Field]:
    """The fields of a kind of entry besides its time, in the order they are written; the remark last.

    >>> from anagen.diary.entries import DoseTaken
    >>> list(fields_of(DoseTaken))
    ['mg', 'meal', 'product', 'note']
    """
    if entry not in _FIELDS:
        found = {f.name: f for f in fields(entry) if f.name not in _BASE}
        own = [name for name in found if name in entry.__annotations__ and name != "note"]
        order = [*own, *(name for name in found if name not in own and name != "note"), "note"]
        _FIELDS[entry] = {name: found[name].metadata["field"] for name in order}
    return _FIELDS[entry]


def required_of(entry: type[Entry]) -> tuple[str, ...]:
    """Names of the fields that must be said."""
    if entry not in _REQUIRED:
        _REQUIRED[entry] = tuple(f.name for f in fields(entry) if f.name not in _BASE and f.default is MISSING)
    return _REQUIRED[entry]


def free_text_of(entry: Entry) -> tuple[str, ...]:
    """What was written in the person's own words: left out of what is shared, and searched for what must stop.

    >>> from datetime import datetime, timezone
    >>> from anagen.diary.entries import Note
    >>> free_text_of(Note(at=datetime.now(timezone.utc), text="back from the sea"))
    ('back from the sea',)
    """
    named = fields_of(type(entry)).items()
    return tuple(words for name, spec in named if spec.free and (words := getattr(entry, name)))


def values_of(entry: Entry) -> dict[str, Any]:
    """What an entry says, by field, without its time; what was not said is left out."""
    named = {name: getattr(entry, name) for name in fields_of(type(entry))}
    return {name: value for name, value in named.items() if value is not None and value != ""}
