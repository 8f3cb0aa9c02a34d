"""The text of a population file while it is read: errors that name the table and show the line, and its sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from anagen.errors import InputError, Where, nearest

Keys = tuple[str, ...]


@dataclass(frozen=True)
class PopulationText:
    """The text being read, for errors that show the line."""

    name: str
    text: str

    def refuse(self, message: str, keys: Keys, expected: str, near: Sequence[str] = ()) -> NoReturn:
        place = ".".join(key for key in keys if key)
        raise InputError(
            f"{self.name}: {place}: {message}" if place else f"{self.name}: {message}",
            where=self._where(keys),
            expected=expected,
            nearest=near,
        )

    def _where(self, keys: Keys) -> Where | None:
        """The line of the last key, under the header of the table it stands in; the header where it has no line."""
        lines = self.text.splitlines()
        found: tuple[int, str] | None = None
        for depth in range(len(keys), 0, -1):
            header = re.compile(r"\s*\[\[?\s*" + r"\s*\.\s*".join(map(re.escape, keys[:depth])) + r"\s*\]")
            starts = [i for i, line in enumerate(lines) if header.match(line)]
            if starts:
                found = (starts[0], keys[depth - 1])
                for i in range(starts[0] + 1, len(lines)):
                    if lines[i].lstrip().startswith("["):
                        break
                    if depth < len(keys) and re.match(rf"\s*{re.escape(keys[depth])}\s*=", lines[i]):
                        found = (i, keys[depth])
                        break
                break
        if found is None:
            return None
        line = lines[found[0]]
        return Where(line, line.find(found[1]), len(found[1]))


def only(file: PopulationText, table: Mapping[str, Any], keys: Keys, allowed: Sequence[str]) -> None:
    for key in table:
        if key not in allowed:
            file.refuse(f"unknown key '{key}'", (*keys, key), ", ".join(allowed), nearest(key, allowed))


def sources_of(file: PopulationText, table: Mapping[str, Any], keys: Keys) -> list[str]:
    source = table.get("source", [])
    if not isinstance(source, list) or not all(isinstance(key, str) and key for key in source):
        file.refuse("source is no list of texts", (*keys, "source"), 'a list such as ["assumed"]')
    return source
