"""A Parquet file as a data frame, whole, or an error that says why not. Before any meaning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anagen.errors import InputError

if TYPE_CHECKING:
    import polars


def parquet_frame(path: Path) -> polars.DataFrame:
    """The table in a Parquet file. Read by pyarrow, and validated: on damaged bytes the reader of polars takes the
    whole program down.

    Raises:
        InputError: it cannot be read, or is damaged.
    """
    import polars
    import pyarrow
    import pyarrow.parquet

    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # a path with a null character is a ValueError
        reason = getattr(error, "strerror", None) or "it is no path"
        raise InputError(f"{path.name}: cannot be read: {reason}", expected="a Parquet file") from None
    try:
        table = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data)).read()
        table.validate(full=True)
        names = [name.encode().decode() for name in table.column_names]  # a damaged name is found here, not later
        fields = [pyarrow.field(name, field.type) for name, field in zip(names, table.schema, strict=True)]
        frame = polars.from_arrow(pyarrow.table(table.columns, pyarrow.schema(fields)))
    except (Exception, polars.exceptions.PanicException) as error:  # whatever damaged bytes make these two raise
        first = str(error).strip().splitlines()
        raise InputError(
            f"{path.name}: cannot be read as Parquet: {first[0] if first else type(error).__name__}",
            expected="a whole Parquet file",
        ) from None
    assert isinstance(frame, polars.DataFrame)
    return frame
