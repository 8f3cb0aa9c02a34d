"""Parquet and Arrow files: the table with units on its columns, the pregnancy box and the record in the schema's
metadata, where pyarrow, polars, DuckDB and R find them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from anagen.interchange.json_names import each_name_once

from .box import box
from .seal import canonical, frame_bytes, sealed

if TYPE_CHECKING:
    import polars

RECORD, SAFETY, UNIT = b"anagen", b"safety", b"unit"
PARQUET_MARK, ARROW_MARK = b"PAR1", b"ARROW1"
Packed = Literal["parquet", "arrow"]


def write_packed(
    frame: polars.DataFrame, record: Mapping[str, Any], units: Mapping[str, str], path: Path, form: Packed
) -> None:
    """Write the file at `path`."""
    import polars
    import pyarrow as pa

    said = box(record["treatment"]).encode()
    table = frame.to_arrow(compat_level=polars.CompatLevel.oldest())
    fields = [
        field.with_metadata({UNIT: units[field.name].encode()}) if field.name in units else field
        for field in table.schema
    ]
    made = canonical(sealed(record, _content(said, frame, units)))
    table = table.cast(pa.schema(fields, {SAFETY: said, RECORD: made}))
    if form == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(table, path, compression="zstd")
        return
    import pyarrow.ipc

    with pa.OSFile(str(path), "wb") as sink, pyarrow.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_packed(data: bytes, form: Packed) -> tuple[Any, bytes, polars.DataFrame] | None:
    """The record (as JSON gave it), the content that is sealed, and the table; None where it is not ours.

    Raises:
        Exception: whatever a damaged file makes pyarrow raise.
    """
    import polars
    import pyarrow as pa

    if form == "parquet":
        import pyarrow.parquet as pq

        file = pq.ParquetFile(pa.BufferReader(data))
        if RECORD not in (file.schema_arrow.metadata or {}):
            return None
        table = file.read()
    else:
        import pyarrow.ipc

        reader = pyarrow.ipc.open_file(pa.BufferReader(data))
        if RECORD not in (reader.schema.metadata or {}):
            return None
        table = reader.read_all()
    table.validate(full=True)
    metadata = table.schema.metadata
    units = {f.name: f.metadata[UNIT].decode() for f in table.schema if f.metadata and UNIT in f.metadata}
    frame = polars.from_arrow(table)
    assert isinstance(frame, polars.DataFrame)
    return (
        json.loads(metadata[RECORD], object_pairs_hook=each_name_once),
        _content(metadata.get(SAFETY, b""), frame, units),
        frame,
    )


def _content(said: bytes, frame: polars.DataFrame, units: Mapping[str, str]) -> bytes:
    named = {name: units[name] for name in frame.columns if name in units}
    return said + b"\0" + canonical(named) + b"\0" + frame_bytes(frame)
