"""What the diary's calls take, and the parts of their answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field
from starlette.responses import JSONResponse, Response

from anagen.diary.doubt import Doubt
from anagen.diary.formats.rows import Row
from anagen.diary.plain import to_plain
from anagen.diary.store import Kept, Version
from anagen.safety import pregnancy_notice

from .bodies import Body, PatientBody
from .results import PROBLEMS

DIARY: dict[int | str, dict[str, Any]] = {
    404: {**PROBLEMS[422], "description": "There is no diary yet, or no such entry"},
    409: {**PROBLEMS[422], "description": "Doubtful: `questions` are asked, nothing was written. right=true keeps it"},
    423: {**PROBLEMS[422], "description": "The diary has a passphrase and is locked for who asks"},
}
EXAMPLE = {"kind": "count", "at": "2026-03-01T08:00", "hairs": 12, "method": "comb"}
Plain = str | int | float | bool | None


class EntryBody(Body):
    """An entry as `anagen diary export` writes it: `kind`, `at`, and the fields of its kind. `right` says that it is
    right although it is asked about."""

    entry: dict[str, Plain] = Field(examples=[EXAMPLE])
    right: bool = False


class RightBody(Body):
    """Numbers of entries that are right although they were asked about: `anagen diary check --right NUMBER`."""

    right: Annotated[list[int], Field(min_length=1, max_length=1000, examples=[[1]])]


class ImportBody(Body):
    """A file: its name, whose ending says what it is, and its text. `skip_faulty` reads the rows that can be read
    without the others."""

    name: Annotated[str, Field(max_length=200, examples=["mine.csv"])]
    text: Annotated[str, Field(examples=["kind,at,kg\nweight,2026-03-01,70\n"])]
    skip_faulty: bool = False


class ReportBody(Body):
    """Whom the diary is about, where it does not say."""

    patient: PatientBody = PatientBody()
    people: Annotated[int, Field(ge=1, le=1000)] = 1000
    mode: Literal["reader", "clinician"] = "reader"


def told(table: dict[str, Any], status: int = 200) -> Response:
    """An answer, with the notice about pregnancy first."""
    return JSONResponse({"safety": [dict(pregnancy_notice())], **table}, status)


def entry_json(kept: Kept) -> dict[str, Any]:
    """An entry as it stands."""
    return {"number": kept.number, "versions": kept.versions, **to_plain(kept.entry)}


def versions_json(versions: Iterable[Version]) -> list[dict[str, Any]]:
    """All that an entry ever was."""
    return [
        {
            "recorded": one.recorded.isoformat(),
            "act": one.act,
            "why": one.why,
            "entry": to_plain(one.entry) if one.entry else None,
        }
        for one in versions
    ]


def row_json(row: Row) -> dict[str, Any]:
    """A row that cannot be read, with all that is wrong in it."""
    faults = [{"says": one.message, "expected": one.expected, "nearest": list(one.nearest)} for one in row.faults]
    return {"place": row.place, "faults": faults}


def questions_json(found: tuple[Doubt, ...]) -> list[dict[str, Any]]:
    """What is asked; the last of the numbers is the entry to look at."""
    return [{"name": one.name, "numbers": list(one.numbers), "asks": one.asks} for one in found]
