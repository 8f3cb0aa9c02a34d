"""An entry as a flat table of plain values, and back: what the store keeps and every file format carries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, NamedTuple

from anagen.errors import InputError, nearest

from .entries import KINDS, Entry, fields_of, required_of, values_of
from .field import Field
from .moment import read_moment, write_moment

KIND, AT = "kind", "at"
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}


class Fault(NamedTuple):
    """What is wrong with a table: the `field` it is in, empty where two do not fit together."""

    field: str
    error: InputError


def to_plain(entry: Entry) -> dict[str, Any]:
    """`kind`, `at`, and what was said.

    >>> from anagen.diary.entries import Weight
    >>> at, known = read_moment("2026-03-01 08:00+01:00")
    >>> to_plain(Weight(at=at, time_known=known, kg=71.5))
    {'kind': 'weight', 'at': '2026-03-01T08:00+01:00', 'kg': 71.5}
    """
    return {KIND: entry.kind, AT: write_moment(entry.at, entry.time_known), **values_of(entry)}


def from_plain(table: Mapping[str, Any], *, zone: tzinfo | None = None, written: bool = False) -> Entry:
    """The entry that a table says.

    Args:
        table: as `to_plain` gives; None and "" mean not said.
        zone: for times without an offset; that of this machine where left out.
        written: values may be texts, as in CSV or on a command line: "12", "yes".

    Raises:
        InputError: an unknown kind or field, one that is missing, or a value that cannot be.
    """
    kind = kind_of(table.get(KIND))
    known = fields_of(kind)
    for name in table:
        if name not in (KIND, AT, *known):
            raise unknown_field(kind, name)
    at, time_known = _moment(kind.kind, table, zone)
    said = {name: table[name] for name in known if table.get(name) not in (None, "")}
    missing(kind, said)
    values = {name: read_value(kind, name, known[name], value, written) for name, value in said.items()}
    return kind(at=at, time_known=time_known, **values)


def faults_in(table: Mapping[str, Any], *, zone: tzinfo | None = None, written: bool = False) -> list[Fault]:
    """All that is wrong with a table that `from_plain` refuses, in the order in which it would; none where it reads it.

    >>> faults = faults_in({"kind": "count", "at": "yesterday", "hairs": "many", "method": "comb"}, written=True)
    >>> [(fault.field, fault.error.message) for fault in faults]
    [('at', "not a day or a time: 'yesterday'"), ('hairs', "count: hairs is 'many'")]
    """
    try:
        kind = kind_of(table.get(KIND))
    except InputError as error:
        return [Fault(KIND, error), *_faults_of(AT, partial(_moment, "entry", table, zone))]
    known = fields_of(kind)
    found = [Fault(name, unknown_field(kind, name)) for name in table if name not in (KIND, AT, *known)]
    found += _faults_of(AT, partial(_moment, kind.kind, table, zone))
    said = {name: table[name] for name in known if table.get(name) not in (None, "")}
    for name in required_of(kind):
        if name not in said:
            found.append(Fault(name, _missing(kind, name)))
    for name, value in said.items():
        found += _faults_of(name, partial(read_value, kind, name, known[name], value, written))
    return found or _faults_of("", partial(from_plain, table, zone=zone, written=written))


def _faults_of(name: str, read: Callable[[], object]) -> list[Fault]:
    try:
        read()
    except InputError as error:
        return [Fault(name, error)]
    return []


def kind_of(name: object) -> type[Entry]:
    """The kind of entry by its word.

    Raises:
        InputError: there is no such kind, with the nearest.
    """
    if not isinstance(name, str) or name not in KINDS:
        near = nearest(name, tuple(KINDS)) if isinstance(name, str) else ()
        said = f"unknown kind of entry: '{name}'" if name not in (None, "") else "the kind of entry is missing"
        raise InputError(said, expected=", ".join(KINDS), nearest=near)
    return KINDS[name]


def unknown_field(kind: type[Entry], name: str) -> InputError:
    """The error for a field that this kind of entry does not have."""
    names = tuple(fields_of(kind))
    return InputError(
        f"{kind.kind}: '{name}' is no field of it", expected=", ".join(("at", *names)), nearest=nearest(name, names)
    )


def _moment(kind: str, table: Mapping[str, Any], zone: tzinfo | None) -> tuple[datetime, bool]:
    if not isinstance(table.get(AT), str):
        raise InputError(f"{kind}: at is {table.get(AT)}", expected="a day or a time as text")
    return read_moment(table[AT], zone=zone, dated=True)


def missing(kind: type[Entry], said: Iterable[str]) -> None:
    """Refuse an entry without what it must say.

    Raises:
        InputError: naming the first field that is missing, and what belongs there.
    """
    told = set(said)
    for name in required_of(kind):
        if name not in told:
            raise _missing(kind, name)


def _missing(kind: type[Entry], name: str) -> InputError:
    spec = fields_of(kind)[name]
    return InputError(f"{kind.kind}: {name} is missing", expected=f"{spec.says}: {spec.expected}")


def read_value(kind: type[Entry], name: str, spec: Field, value: Any, written: bool) -> Any:
    """A value of the right type; `written` ones are read from text, never guessed (no decimal comma, no thousands).

    Raises:
        InputError: it is not what the field holds.
    """
    called = f"{kind.kind}: {name}"
    if written and isinstance(value, str):
        value = _read(called, spec, value.strip())
    spec.check(called, value)
    return float(value) if spec.kind == "number" else value


def _read(called: str, spec: Field, text: str) -> Any:
    if spec.kind == "flag":
        if text.casefold() not in _FLAGS:
            raise InputError(f"{called} is '{text}'", expected="yes or no")
        return _FLAGS[text.casefold()]
    if spec.kind == "choice":
        return text.casefold()
    if spec.kind == "text":
        return text
    near = (text.replace(",", "."),) if text.count(",") == 1 and "." not in text else ()
    try:
        if not text.isascii() or "_" in text:
            raise ValueError
        return int(text) if spec.kind == "whole" else float(text)
    except ValueError:
        expected = spec.expected + ("" if spec.kind == "whole" else ", with a point")
        raise InputError(f"{called} is '{text}'", expected=expected, nearest=near) from None
