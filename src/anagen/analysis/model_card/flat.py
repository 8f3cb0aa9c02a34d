"""Nested provenance as the lines of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def flat(table: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Provenance as lines.

    >>> flat({"seed": 1, "tile": {"people": 1024}, "studies": ["a", "b"], "folder": None})
    {'seed': '1', 'tile.people': '1024', 'studies': 'a; b'}
    """
    found: dict[str, str] = {}
    for key, value in table.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            found |= flat(value, f"{name}.")
        elif value is not None:
            found[name] = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return found
