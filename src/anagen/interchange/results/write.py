"""Writing a result: each file beside and renamed, so that a stopped run leaves nothing half-written."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from .json_file import document, json_text
from .layouts import check_layout, table, units
from .record import record_of

Form = Literal["csv", "parquet", "arrow", "json"]


def write_result(result: Any, form: Form, path: Path, layout: str | None = "long") -> Path:
    """Write a result as a file with its record; gives the path.

    Raises:
        InputError: it cannot be written there; no such layout, or one that this result does not have.
    """
    from anagen.files.writing import check_writable, write, write_text

    check_writable({form: path})
    if form == "json":
        write_text(path, json_text(document(result)))
        return path
    layout = layout or "long"
    check_layout(layout)
    frame, record = table(result, layout), record_of(result, layout=layout)
    if form == "csv":
        from .csv_file import write_csv

        write(path, lambda file: write_csv(frame, record, file))
    else:
        from .arrow_file import write_packed

        columns = units(result, layout)
        write(path, lambda file: write_packed(frame, record, columns, file, form))
    return path
