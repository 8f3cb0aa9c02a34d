"""A name that stands twice in one object of a JSON text: refused, since only one of the two would be read."""

from __future__ import annotations

from typing import Any


def each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The `object_pairs_hook` of `json.loads` for whatever others wrote.

    >>> import json
    >>> json.loads('{"a": 1, "a": 2}', object_pairs_hook=each_name_once)
    Traceback (most recent call last):
    ...
    ValueError: 'a' is said twice in one object
    """
    table = dict(pairs)
    if len(table) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"{name[:60]!r} is said twice in one object")
            seen.add(name)
    return table
