"""A diary as JSON: `{"anagen_diary": 1, "safety": [...], "entries": [{"kind": ..., "at": ..., field: value}, ...]}`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import tzinfo
from typing import Any

from anagen.diary.entries import Entry
from anagen.diary.plain import faults_in, from_plain, to_plain
from anagen.errors import InputError, Where, nearest
from anagen.safety import pregnancy_notice

from .rows import Reading

MARK, FORM = "anagen_diary", 1
_KEYS = (MARK, "safety", "entries")
_DEEPEST = 12
_WIDEST = 160


def write_document(entries: Iterable[Entry]) -> str:
    """The JSON, one entry a line; the pregnancy box stands in it before anything that names a dose.

    >>> list(parsed(write_document([]), "mine.json"))
    ['anagen_diary', 'safety', 'entries']
    """
    safety = json.dumps([dict(pregnancy_notice())], ensure_ascii=False)
    lines = ",\n".join(json.dumps(to_plain(entry), ensure_ascii=False) for entry in entries)
    return f'{{"{MARK}": {FORM},\n"safety": {safety},\n"entries": [\n{lines}{chr(10) if lines else ""}]}}\n'


def read_document(table: Any, reading: Reading, zone: tzinfo | None = None) -> None:
    """The entries of a JSON object, each with its place in the list.

    Args:
        table: what `parsed` gave.
        reading: takes the entries, and what is wrong with the object as a whole.
        zone: for times without an offset.
    """
    name = reading.name
    for key in table:
        if key not in _KEYS:
            near = nearest(key, _KEYS)
            reading.broken.append(InputError(f"{name}: unknown key '{key}'", expected=", ".join(_KEYS), nearest=near))
    if table.get(MARK) != FORM or isinstance(table.get(MARK), bool):
        reading.broken.append(InputError(f"{name}: {MARK} is {table.get(MARK)}", expected=f'"{MARK}": {FORM}'))
    if not isinstance(table.get("entries"), list):
        expected = '"entries": [{"kind": ..., "at": ...}, ...]'
        reading.broken.append(InputError(f"{name}: entries is no list", expected=expected))
        return
    for number, one in enumerate(table["entries"], 1):
        entry, faults = _entry(one, zone)
        reading.take(f"entry {number}", entry, faults, one, in_short(one) if faults else "")


def _entry(table: Any, zone: tzinfo | None) -> tuple[Entry | None, list[InputError]]:
    if not isinstance(table, dict):
        return None, [InputError("it is no table", expected='{"kind": ..., "at": ..., field: value}')]
    try:
        return from_plain(table, zone=zone), []
    except InputError:
        return None, [fault.error for fault in faults_in(table, zone=zone)]


def in_short(value: Any) -> str:
    """A value as JSON in one line; the beginning of a long one."""
    text = json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def parsed(text: str, name: str) -> dict[str, Any]:
    """Strict JSON: one object, no key twice, no NaN, not too deep.

    Raises:
        InputError: with the line and a caret where it stops being JSON.

    >>> parsed('{"a": 1}', "x")
    {'a': 1}
    """
    text = text.removeprefix("\ufeff")
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_constant)
    except json.JSONDecodeError as error:
        line = text.split("\n")[error.lineno - 1].rstrip("\r") if text else ""
        raise InputError(
            f"{name}, line {error.lineno}: not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            where=Where(line, error.colno - 1),
            expected="JSON",
        ) from None
    except _NotTaken as error:
        raise InputError(f"{name}: {error}", expected="each key once, and plain numbers") from None
    except RecursionError:
        raise InputError(f"{name}: nested too deeply", expected=f"at most {_DEEPEST} levels") from None
    except ValueError as error:  # a whole number of thousands of digits
        raise InputError(f"{name}: {error}", expected="plain numbers") from None
    if not isinstance(found, dict):
        raise InputError(f"{name} holds no object", expected=f'{{"{MARK}": {FORM}, "entries": [...]}} or a FHIR Bundle')
    if _deep(found) > _DEEPEST:
        raise InputError(f"{name}: nested too deeply", expected=f"at most {_DEEPEST} levels")
    return found


class _NotTaken(Exception):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        raise _NotTaken(f"the key '{next(name for name in names if names.count(name) > 1)}' stands twice")
    return table


def _constant(word: str) -> Any:
    raise _NotTaken(f"{word} is no number of a diary")


def _deep(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_deep, value.values()), default=0)
    return 1 + max(map(_deep, value), default=0) if isinstance(value, list) else 0
