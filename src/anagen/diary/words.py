"""An entry as typed on a command line: `count 14 comb`, `dose 20 mg meal=food`, `lab ferritin 24 ug/L low=15`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from anagen.errors import AnagenError, InputError, Where, nearest

from .entries import Entry, Lab, fields_of, required_of
from .field import Field
from .moment import read_moment
from .plain import kind_of, missing, read_value

_NUMBER = re.compile(r"([-+]?[\d.,]+)([^\d.,\s].*)?")
EXAMPLES = {
    "dose": "dose 20 mg meal=food product=roaccutane",
    "planned-dose": "planned-dose 20 mg",
    "plan": 'plan "20 mg once daily with food for 24 weeks"',
    "count": "count 14 comb",
    "pull": "pull 3 pulled=55 club=3",
    "trichogram": "trichogram 82 15 catagen=1 dystrophic=2",
    "scale": "scale sinclair 4",
    "symptom": "symptom itch 2",
    "lab": "lab ferritin 24 ug/L low=15 high=150",
    "level": "level 312 ng/mL hours_after_dose=4",
    "event": "event fever days=4 temperature_c=39.2",
    "weight": "weight 70.5 kg",
    "photo": "photo view=part-line",
    "note": 'note "new shampoo"',
}
"""One line for each kind, shown where a line cannot be read; each is read in a test."""


def read_words(
    kind: str, words: Sequence[str], at: str = "now", *, now: datetime | None = None, zone: tzinfo | None = None
) -> Entry:
    """The entry that some words say: what must be said in order, the rest as `name=value`.

    Raises:
        InputError: with a caret under the word that is wrong.

    >>> read_words("count", ["14", "comb"], "2026-03-01").hairs
    14
    """
    made = kind_of(kind)
    line = " ".join((kind, *words))
    try:
        values = _values(made, words)
    except _At as found:
        column = len(" ".join((kind, *words[: found.place]))) + 1
        raise InputError(
            found.error.message,
            where=Where(line, column, len(words[found.place])),
            expected=found.error.expected,
            nearest=found.error.nearest,
        ) from None
    except InputError as error:
        where = Where(line, len(line) + 1)
        raise InputError(error.message, where=where, expected=error.expected, nearest=EXAMPLES[kind]) from None
    when, known = read_moment(at, now=now, zone=zone)
    return made(at=when, time_known=known, **values)


def read_changes(entry: Entry, words: Sequence[str], at: str | None = None) -> Entry:
    """The entry with some fields changed, `name=value` each; an empty value takes away what was said.

    Raises:
        InputError: an unknown field, or a value that cannot be.

    >>> read_changes(read_words("count", ["14", "comb"]), ["hairs=15"]).hairs
    15
    """
    from dataclasses import replace

    changes: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        spec = _spec(type(entry), name) if "=" in word else None
        if spec is None:
            raise InputError(f"not a change: '{word}'", expected="name=value, such as hairs=15")
        empty = "" if spec.kind == "text" else None
        changes[name] = read_value(type(entry), name, spec, value, True) if value.strip() else empty
    if at is not None:
        changes["at"], changes["time_known"] = read_moment(at)
    return replace(entry, **changes)


class _At(Exception):
    def __init__(self, place: int, error: AnagenError) -> None:
        self.place, self.error = place, error


def _values(kind: type[Entry], words: Sequence[str]) -> dict[str, Any]:
    waiting = list(required_of(kind))
    values: dict[str, Any] = {}
    last: Field | None = None
    for place, word in enumerate(words):
        try:
            name, sign, value = word.partition("=")
            if sign and (
                spec := _spec(kind, name, known_only=bool(waiting) and fields_of(kind)[waiting[0]].kind == "text")
            ):
                if name in values:
                    raise InputError(f"{name} is said twice", expected="each once")
                waiting = [one for one in waiting if one != name]
            elif last is not None and last.unit and word in (last.unit, last.unit.rstrip("s")):
                continue  # the unit of the number before
            elif not waiting:
                raise _too_many(kind, word, last)
            else:
                name, value = waiting.pop(0), word
                spec = fields_of(kind)[name]
                if kind is Lab and name == "name" and waiting and _many_words(words[place + 1 :]):
                    raise InputError(
                        f"{word}: no value comes after it", expected='a name of more than one word in "quotes"'
                    )
            last = spec
            values[name] = read_value(kind, name, spec, _without_unit(spec, value), True)
        except AnagenError as error:
            raise _At(place, error) from None
    missing(kind, values)
    return values


def _many_words(rest: Sequence[str]) -> bool:
    """Whether the name of a test goes on: then it belongs in quotes."""
    return len(rest) > 1 and not rest[0][:1].isdigit() and rest[1][:1].isdigit()


def _spec(kind: type[Entry], name: str, known_only: bool = False) -> Field | None:
    known = fields_of(kind)
    if name in known:
        return known[name]
    if known_only:
        return None
    raise InputError(
        f"{kind.kind} has no field '{name}'", expected=", ".join(known), nearest=nearest(name, tuple(known))
    )


def _without_unit(spec: Field, text: str) -> str:
    """A number whose unit is written to it, `20mg`: without the unit, if it is the field's own."""
    found = _NUMBER.fullmatch(text.strip())
    if spec.kind not in ("number", "whole") or found is None or found[2] is None:
        return text
    if not spec.unit or found[2].strip() != spec.unit:
        raise InputError(f"'{text}' is not in {spec.unit or 'a plain number'}", expected=spec.expected)
    return found[1]


def _too_many(kind: type[Entry], word: str, last: Field | None) -> InputError:
    if last is not None and last.kind == "text" and not last.unit:
        return InputError(f"'{word}' is one word too many", expected='texts of more than one word in "quotes"')
    if last is not None and last.unit:
        return InputError(f"'{word}' is not expected here", expected=f"{last.unit}, or name=value")
    return InputError(f"'{word}' is not expected here", expected="name=value", nearest=EXAMPLES[kind.kind])
