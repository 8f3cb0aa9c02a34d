"""JSON: the object that `--json` prints, with the sealed record in its place under `provenance`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .record import record_of
from .seal import canonical, sealed

PLACE = "provenance"


def document(result: Any, **more: Any) -> dict[str, Any]:
    """What `--json` prints of a result; `more` is recorded besides (`structures`).

    >>> from anagen import simulate
    >>> made = document(simulate("isotretinoin", "20 mg once daily for 4 weeks", people=1, weeks=4))
    >>> made["provenance"]["command"], len(made["provenance"]["seal"])
    ('simulate', 64)
    """
    return with_record(result.to_json(), record_of(result, **more))


def with_record(table: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """A table with its sealed record under `provenance`."""
    return {**table, PLACE: sealed(record, json_content(table))}


def json_content(table: Mapping[str, Any]) -> bytes:
    """What is sealed: all but the record, however it is laid out on the lines."""
    return canonical({key: value for key, value in table.items() if key != PLACE})


def json_text(table: Mapping[str, Any]) -> str:
    """The text of a file."""
    return json.dumps(table, ensure_ascii=False, allow_nan=False) + "\n"
