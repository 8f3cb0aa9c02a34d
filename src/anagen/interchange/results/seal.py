"""The seal: a hash over a file's record and content, so that a file changed since it was written is found out.

It shows accidents and edits; it is no signature, as anybody can compute it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars

KEY = "seal"
EMPTY = "0" * 64


def seal_of(record: Mapping[str, Any], content: bytes) -> str:
    """The seal of a record (whatever seal it holds does not count) and a content.

    >>> whole = seal_of({"seed": 1}, b"1")
    >>> seal_of({"seal": "x", "seed": 1}, b"1") == whole, seal_of({"seed": 2}, b"1") == whole
    (True, False)
    """
    digest = hashlib.sha256(canonical({key: value for key, value in record.items() if key != KEY}))
    digest.update(b"\0" + content)
    return digest.hexdigest()


def sealed(record: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    """The record with its seal."""
    return {**record, KEY: seal_of(record, content)}


def canonical(value: Any) -> bytes:
    """JSON that is the same for the same values, whatever the order of keys and the blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def frame_bytes(frame: polars.DataFrame) -> bytes:
    """The values of a table column by column, numbers to the bit, without how a file packs them."""
    import polars

    parts = [canonical([frame.height, frame.columns])]
    for column in frame.get_columns():
        if column.dtype.is_float():
            parts.append(column.cast(polars.Float64).to_numpy().tobytes())
        else:
            parts.append(canonical(_texts(column)))
    return b"\0".join(parts)


def _texts(column: polars.Series) -> list[Any]:
    """What a column of words or whole numbers holds: each value once, then which of them stands in which row."""
    import polars

    plain = column if column.dtype.is_integer() else column.cast(polars.String)
    values = plain.unique(maintain_order=True)
    rows = plain.to_frame("v").join(values.to_frame("v").with_row_index("i"), "v", "left", nulls_equal=True)
    return [values.to_list(), hashlib.sha256(rows["i"].cast(polars.UInt32).to_numpy().tobytes()).hexdigest()]
