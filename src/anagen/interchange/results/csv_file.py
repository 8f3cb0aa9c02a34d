"""CSV: the pregnancy box and the record as two lines that begin with `#`, then the table.

One file, so that nothing of it is left behind when it is sent on; readers of CSV can be told to pass over such lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.interchange.json_names import each_name_once

from .box import box
from .seal import canonical, sealed

if TYPE_CHECKING:
    import polars

MARK = "# anagen "


def csv_bytes(frame: polars.DataFrame, record: Mapping[str, Any]) -> bytes:
    """The whole file. Numbers are written so that reading them gives the same number to the bit."""
    head = f"# {box(record['treatment'])}\n".encode()
    body = frame.write_csv().encode()
    return head + MARK.encode() + canonical(sealed(record, head + body)) + b"\n" + body


def write_csv(frame: polars.DataFrame, record: Mapping[str, Any], path: Path) -> None:
    """Write the file at `path`."""
    path.write_bytes(csv_bytes(frame, record))


def split(data: bytes) -> tuple[Any, bytes, bytes] | None:
    """The record (as JSON gave it), the content that is sealed, and the table's text; None where it is not ours.

    Raises:
        ValueError: the record is no JSON.
    """
    head, _, rest = data.partition(b"\n")
    said, _, body = rest.partition(b"\n")
    if not head.startswith(b"# ") or not said.startswith(MARK.encode()):
        return None
    return json.loads(said[len(MARK) :], object_pairs_hook=each_name_once), head + b"\n" + body, body
