"""From a form or a body to an entry that is kept: what is impossible is refused, what is doubtful is asked first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from anagen.diary.checks import doubts
from anagen.diary.doubt import Doubt
from anagen.diary.entries import Entry, fields_of
from anagen.diary.moment import write_moment
from anagen.diary.plain import from_plain, kind_of, to_plain
from anagen.diary.pregnancy import is_pregnancy, stop_if_pregnant
from anagen.diary.store import Diary, Kept, Version
from anagen.errors import InputError, PregnancyStop

NOT_YET = 0
"""Number of an entry that is not written yet."""
DOSES = ("dose", "planned-dose", "plan")


class NoEntry(InputError):
    """There is no entry of that number; answered with 404."""


def now() -> datetime:
    """This machine's own time."""
    return datetime.now().astimezone()


def from_form(kind: str, form: Mapping[str, str]) -> Entry:
    """The entry that a form says; its own fields only, an empty one was not said.

    Raises:
        InputError: a value that cannot be.
        PregnancyStop: it says that the person is pregnant.
    """
    made = kind_of(kind)
    said = {name: form[name].strip() for name in fields_of(made) if form.get(name, "").strip()}
    return _careful(from_plain({"kind": kind, "at": _at(form.get("at", "")), **said}, written=True))


def from_body(body: Mapping[str, Any]) -> Entry:
    """The entry of a JSON object with the names of the diary's own export. Raises as `from_form`."""
    return _careful(from_plain(body))


def _careful(entry: Entry) -> Entry:
    if is_pregnancy(entry):
        raise PregnancyStop("the entry says that the person is pregnant; it was not written")
    return entry


def _at(text: str) -> str:
    if not text.strip():
        return write_moment(now().replace(second=0, microsecond=0), True)
    return text.strip()


def questions(diary: Diary, entry: Entry, number: int = NOT_YET) -> tuple[Doubt, ...]:
    """What the checks would ask about an entry, if it stood as `number`; answered questions are asked anew where the
    entry is changed."""
    others = [kept for kept in diary.entries() if kept.number != number]
    as_if = sorted([*others, Kept(number, entry, now())], key=lambda kept: kept.entry.at)
    return tuple(doubt for doubt in doubts(as_if, now=now()) if number in doubt.numbers)


def keep(diary: Diary, entry: Entry, asked: Sequence[Doubt] = (), number: int = NOT_YET) -> int:
    """Write an entry, or let it stand in the place of `number`; what was `asked` is answered with yes."""
    if number == NOT_YET:
        number = diary.add(entry)
    else:
        diary.change(number, entry)
    for doubt in asked:
        diary.confirm(doubt.numbers[-1] or number, doubt.name)
    return number


def digest(entry: Entry, asked: Sequence[Doubt]) -> str:
    """What was asked about which entry, so that a yes is to no other question."""
    said = repr((sorted(to_plain(entry).items()), [doubt.name for doubt in asked]))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def kept_as(diary: Diary, number: int) -> Kept:
    """The entry of a number.

    Raises:
        NoEntry: there is none, or it was withdrawn.
    """
    found = next((kept for kept in diary.entries() if kept.number == number), None)
    if found is None:
        withdrawn = bool(diary.history(number))
        says = f"entry {number} was withdrawn" if withdrawn else f"there is no entry {number}"
        raise NoEntry(says, expected="a number that the list shows" + "; its history is still there" * withdrawn)
    return found


def history_of(diary: Diary, number: int) -> tuple[Version, ...]:
    """All that an entry ever was, withdrawn ones too.

    Raises:
        NoEntry: there never was one.
        PregnancyStop: the diary says that the person is pregnant, or this entry once said so.
    """
    versions = diary.history(number)
    if not versions:
        raise NoEntry(f"there is no entry {number}", expected="a number that the list shows")
    stop_if_pregnant(one.entry for one in versions if one.entry)
    stop_if_pregnant(kept.entry for kept in diary.entries())
    return versions
