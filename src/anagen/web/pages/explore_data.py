"""What the explorer shows, as a file: the JSON and the CSV of the command line, with the record that repeats it."""

from __future__ import annotations

from typing import Any, Literal

from starlette.responses import Response

from anagen.interchange.results.csv_file import csv_bytes
from anagen.interchange.results.json_file import document, json_text
from anagen.interchange.results.layouts import table
from anagen.interchange.results.record import record_of

from ..links import attachment

KINDS = {"json": "application/json", "csv": "text/csv"}


def data_file(result: Any, form: Literal["json", "csv"]) -> Response:
    """A simulation or a comparison as a file to keep."""
    layout: Literal["long"] = "long"
    if form == "json":
        content: str | bytes = json_text(document(result))
    else:
        content = csv_bytes(table(result, layout), record_of(result, layout=layout))
    return Response(content, media_type=KINDS[form], headers=attachment(f"anagen-explore.{form}"))
