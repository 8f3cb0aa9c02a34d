"""What would take more than its share of memory or time to read is refused before it is read: files that are sent."""

from __future__ import annotations

import csv

from anagen.errors import InputError

LONGEST_TEXT = 100_000
MOST_DOTS = 100
"""In a line: a key of many names with dots between takes long to read, with the square of their number."""
MOST_COLUMNS = 100
"""A header of a million columns takes minutes to read, and gigabytes."""
MOST_VALUES = 5_000_000
"""Rows times columns."""
MOST_BYTES = 200_000_000
"""Of a Parquet file once it is unpacked: a few of its bytes may stand for very many."""


def bounded_toml(text: str | bytes, name: str) -> None:
    """Refuse TOML that is too long, or has too many dots in a line.

    Raises:
        InputError: says how much there is, and how much may be.
    """
    text = text if isinstance(text, str) else text.decode("utf-8", "replace")
    if len(text) > LONGEST_TEXT:
        raise InputError(f"{name}: {len(text):,} characters", expected=f"at most {LONGEST_TEXT:,}")
    crowded = next((n for n, line in enumerate(text.split("\n"), 1) if line.count(".") > MOST_DOTS), None)
    if crowded is not None:
        raise InputError(f"{name}, line {crowded}: more than {MOST_DOTS} dots", expected="shorter lines")


def decoded(content: bytes, name: str) -> str:
    """The text of a trial file that was sent as a file.

    Raises:
        InputError: it is too long, or no text in UTF-8.
    """
    if len(content) > 4 * LONGEST_TEXT:
        raise InputError(f"{name}: {len(content):,} bytes", expected=f"at most {LONGEST_TEXT:,} characters")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: byte {error.start} is not UTF-8", expected="a trial file (TOML), a text in UTF-8"
        ) from None


def bounded_csv(content: bytes, name: str) -> None:
    """Refuse a table of too many columns or values.

    Raises:
        InputError: as `bounded_toml`; or the header does not end where its line does in whatever way quotes are read.
    """
    line = content.partition(b"\n")[0].decode("utf-8-sig", "replace").rstrip("\r")
    try:
        if line.count('"') % 2:
            raise csv.Error
        columns = len(next(csv.reader([line], strict=True), []))
    except csv.Error:
        expected = "names of columns, with commas between"
        raise InputError(f"{name}: the header ends within quotes or a name too long", expected=expected) from None
    _bounded(name, columns, content.count(b"\n"))


def bounded_parquet(content: bytes, name: str) -> None:
    """Refuse a table of too many columns or values, or too large once it is unpacked: by what it says of itself; then
    unpacked but for its texts, each of which may stand there once for many rows.

    Raises:
        InputError: as `bounded_toml`; or a column holds what is neither a number nor a text.
    """
    import pyarrow
    from pyarrow import compute, parquet

    types = pyarrow.types
    try:
        about = parquet.ParquetFile(pyarrow.BufferReader(content))
        columns, rows = about.metadata.num_columns, about.metadata.num_rows
        _bounded(name, columns, rows)
        size = sum(about.metadata.row_group(place).total_byte_size for place in range(about.num_row_groups))
        for column in about.schema_arrow:
            kind = column.type.value_type if types.is_dictionary(column.type) else column.type
            if not (types.is_primitive(kind) or types.is_string(kind) or types.is_large_string(kind)):
                raise InputError(f"{name}: column {column.name} holds {kind}", expected="numbers or names")
        if size <= MOST_BYTES:
            names = about.schema_arrow.names
            table = parquet.ParquetFile(pyarrow.BufferReader(content), read_dictionary=names).read()
            chunks = (chunk for column in table.columns for chunk in column.chunks if types.is_dictionary(chunk.type))
            size += sum(len(one) * (compute.max(compute.binary_length(one.dictionary)).as_py() or 0) for one in chunks)
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, NotImplementedError):
        return  # what the reader says of it is said
    if size > MOST_BYTES:
        raise InputError(f"{name} is too large once it is unpacked", expected=f"at most {MOST_BYTES:,} bytes")


def _bounded(name: str, columns: int, rows: int) -> None:
    if columns > MOST_COLUMNS or columns * rows > MOST_VALUES:
        raise InputError(
            f"{name}: columns {columns:,}, rows {rows:,}",
            expected=f"at most {MOST_COLUMNS} columns and {MOST_VALUES:,} values here; `anagen trial` takes more",
        )
