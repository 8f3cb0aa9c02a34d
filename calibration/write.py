"""What calibration writes: parameters.toml, line by line, so that comments and order stay; files whole or not at all.

tomlkit sets values but loses the place of a new key in a table that is written in pieces, so lines are edited here and
the result is read again and compared with what was meant.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anagen.errors import DataError

ORDER = (
    "value",
    "unit",
    "scale",
    "between",
    "unknown",
    "unknown_with",
    "bounds",
    "mean_preserving",
    "status",
    "calibrated",
)
"""Where a new key goes: after the last of those before it."""
_KEY = re.compile(r"^(?P<key>[A-Za-z_]+)\s*=\s*")


@dataclass(frozen=True)
class Change:
    """What becomes of one parameter: keys with their new values; None takes a key away."""

    name: str
    keys: Mapping[str, Any] = field(default_factory=dict)


def changed(text: str, changes: list[Change]) -> str:
    """The text of parameters.toml with changes; all else stays as it is.

    Raises:
        DataError: a parameter that the text does not have.

    >>> text = '[a.b]\\nvalue = 1.0 # why\\nunit = "h"\\n'
    >>> print(changed(text, [Change("a.b", {"value": 2.0, "unknown": [1.5, 3.0]})]))
    [a.b]
    value = 2.0 # why
    unit = "h"
    unknown = [1.5, 3.0]
    <BLANKLINE>
    """
    lines = text.split("\n")
    for change in changes:
        first, last = _table(lines, change.name)
        body = lines[first:last]
        for key, value in change.keys.items():
            body = _with(body, key, value)
        lines[first:last] = body
    new = "\n".join(lines)
    _check(text, new, changes)
    return new


def _table(lines: list[str], name: str) -> tuple[int, int]:
    """The lines of a table after its header, without the blank lines and comments that lead to the next."""
    header = f"[{name}]"
    found = [i for i, line in enumerate(lines) if line.split("#")[0].strip() == header]
    if not found:
        raise DataError(f"parameters.toml: [{name}] is missing", expected="every parameter that a prior names")
    first = last = found[0] + 1
    while last < len(lines) and not lines[last].startswith("["):
        last += 1
    while last > first and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1
    return first, last


def _with(body: list[str], key: str, value: Any) -> list[str]:
    keys = [match["key"] if (match := _KEY.match(line)) else "" for line in body]
    if key in keys:
        at = keys.index(key)
        if value is None:
            return body[:at] + body[at + 1 :]
        comment = re.search(r"\s+#[^\"\]]*$", body[at])
        return [*body[:at], f"{key} = {shown(value)}{comment[0] if comment else ''}", *body[at + 1 :]]
    if value is None:
        return body
    before = [i for i, own in enumerate(keys) if own in ORDER[: ORDER.index(key)]]
    at = max(before, default=-1) + 1
    return [*body[:at], f"{key} = {shown(value)}", *body[at:]]


def shown(value: Any) -> str:
    """A value as TOML.

    >>> shown(0.0004), shown([1.0, 2.5]), shown({"a.b": -0.4}), shown("fitted")
    ('0.0004', '[1.0, 2.5]', '{ "a.b" = -0.4 }', '"fitted"')
    """
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f'"{name}" = {shown(own)}' for name, own in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(shown, value)) + "]"
    if isinstance(value, str):
        return f'"{value}"'
    text = f"{value:.10f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def _check(old: str, new: str, changes: list[Change]) -> None:
    """Refuse a text that says anything else than was meant."""
    before, after = tomllib.loads(old), tomllib.loads(new)
    for change in changes:
        table: Any = before
        for part in change.name.split("."):
            table = table[part]
        for key, value in change.keys.items():
            if value is None:
                table.pop(key, None)
            else:
                table[key] = value
    if before != after:
        raise DataError("parameters.toml: a line that calibration cannot edit", expected="one key a line")


def three_digits(value: float) -> float:
    """Rounded to three significant digits.

    >>> three_digits(0.022345)
    0.0223
    """
    return float(f"{value:.3g}")


def write_whole(files: Mapping[Path, str]) -> None:
    """Write all files or, where something fails or is stopped before the end, none half: beside, then renamed."""
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in files}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside[path].write_text(text, "utf-8")
        for path in files:
            beside[path].replace(path)
    finally:
        for part in beside.values():
            part.unlink(missing_ok=True)
