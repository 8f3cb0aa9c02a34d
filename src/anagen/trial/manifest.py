"""What a results folder holds: everything that determines its numbers, so that no other run is mixed into it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

MARK = "anagen trial"
"""Stands in the file under `holds`, so that another program's manifest.json is not taken for ours."""
_LONGEST = 40  # characters of a value that a message shows
_MOST = 6  # entries that a message names


def manifest_text(entries: Mapping[str, Any]) -> str:
    """The file's text: JSON, sorted, the same for the same entries.

    >>> print(manifest_text({"seed": 1}))
    {
     "holds": "anagen trial",
     "seed": 1
    }
    """
    if "holds" in entries:
        raise ValueError("the entry `holds` is the manifest's own")
    table = {"holds": MARK, **entries}
    return json.dumps(table, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)


def manifest_digest(entries: Mapping[str, Any]) -> str:
    """A hash that stands in every part, so that a part carried over from another trial is found out."""
    return hashlib.sha256(manifest_text(entries).encode()).hexdigest()


def read_manifest(text: str) -> dict[str, Any] | None:
    """The entries of a file; None where it is not ours, or not whole."""
    try:
        table = json.loads(text)
    except ValueError:
        return None
    if not isinstance(table, dict) or table.pop("holds", None) != MARK:
        return None
    return table


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """The entries that differ, in words; the empty text where none does.

    >>> differences({"seed": 1, "trial": {"text": "a", "people": 5}}, {"seed": 2, "trial": {"text": "a", "people": 6}})
    'seed (1 there, 2 here), trial.people (5 there, 6 here)'
    """
    old, new = _flat(json.loads(manifest_text(there))), _flat(json.loads(manifest_text(here)))
    names = [name for name in sorted({*old, *new}) if old.get(name, _Absent) != new.get(name, _Absent)]
    told = [_told(name, old.get(name, _Absent), new.get(name, _Absent)) for name in names[:_MOST]]
    more = [f"{len(names) - _MOST} more"] if len(names) > _MOST else []
    return ", ".join(told + more)


class _Absent:
    """Stands for an entry that one side lacks."""


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in table.items():
        flat |= _flat(value, f"{before}{name}.") if isinstance(value, dict) and value else {before + name: value}
    return flat


def _told(name: str, there: Any, here: Any) -> str:
    shown = ["absent" if value is _Absent else json.dumps(value, ensure_ascii=False) for value in (there, here)]
    short = all(len(text) <= _LONGEST for text in shown)
    return f"{name} ({shown[0]} there, {shown[1]} here)" if short else name
