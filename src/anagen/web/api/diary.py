"""/api/v1/diary: entries with the names of the diary's own export, questions, description, files in and out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from anagen.analysis.diary_sentences import sentences
from anagen.diary.checks import doubts
from anagen.diary.describe.describe import describe
from anagen.diary.doubt import Doubt
from anagen.diary.formats.files import WRITERS, format_of, read_text, without_words
from anagen.diary.plain import kind_of, not_among, to_plain
from anagen.diary.pregnancy import stop_if_pregnant
from anagen.diary.store import Kept
from anagen.safety import pregnancy_notice

from ..diary_entry import NOT_YET, from_body, keep, kept_as, now, questions
from ..diary_keys import diary_of
from ..problems import Problem, answer
from ..work import Progress
from .bodies import Body, PatientBody
from .results import PROBLEMS, result_json_of

DIARY: dict[int | str, dict[str, Any]] = {
    404: {**PROBLEMS[422], "description": "There is no diary yet"},
    409: {**PROBLEMS[422], "description": "Doubtful; nothing was written. Ask again with sure=true"},
    423: {**PROBLEMS[422], "description": "The diary has a passphrase and is locked for who asks"},
}
COPY: dict[int | str, dict[str, Any]] = {200: {"description": "The file", "content": {"text/csv": {}}}}
router = APIRouter(prefix="/diary", tags=["diary"], responses=PROBLEMS | DIARY)
Kind = Annotated[str, Query(max_length=40, examples=["count"])]
EXAMPLE = {"kind": "count", "at": "2026-03-01T08:00", "hairs": 12, "method": "comb"}
Plain = str | int | float | bool | None


class EntryBody(Body):
    """An entry as `anagen diary export` writes it: `kind`, `at`, and the fields of its kind. `sure` keeps a doubtful
    one."""

    entry: dict[str, Plain] = Field(examples=[EXAMPLE])
    sure: bool = False


class ImportBody(Body):
    """A file: its name, whose ending says what it is, and its text."""

    name: Annotated[str, Field(max_length=200, examples=["mine.csv"])]
    text: str


class ReportBody(Body):
    """Whom the diary is about, where it does not say."""

    patient: PatientBody = PatientBody()
    people: Annotated[int, Field(ge=1, le=1000)] = 1000
    mode: Literal["reader", "clinician"] = "reader"


def _json(table: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse({"safety": [dict(pregnancy_notice())], **table}, status)


def _shown(kept: Kept) -> dict[str, Any]:
    return {"number": kept.number, "versions": kept.versions, **to_plain(kept.entry)}


def _asked(found: tuple[Doubt, ...]) -> list[dict[str, Any]]:
    return [{"name": one.name, "numbers": list(one.numbers), "asks": one.asks} for one in found]


@router.get("/entries", summary="What stands in the diary")
def entries(
    request: Request, kind: Kind | None = None, first: date | None = None, last: date | None = None
) -> Response:
    if kind is not None:
        kind_of(kind)
    with diary_of(request) as book:
        standing = book.entries()
    stop_if_pregnant(kept.entry for kept in standing)
    chosen = [
        kept
        for kept in standing
        if kind in (None, kept.entry.kind)
        and (first is None or kept.entry.day >= first)
        and (last is None or kept.entry.day <= last)
    ]
    return _json({"entries": [_shown(kept) for kept in chosen]})


@router.post("/entries", summary="Write an entry", status_code=201)
def add(request: Request, body: EntryBody) -> Response:
    return _keep(request, body, NOT_YET)


@router.put("/entries/{number}", summary="Let another entry stand in its place; the older one stays in the history")
def change(request: Request, number: int, body: EntryBody) -> Response:
    return _keep(request, body, number)


@router.delete("/entries/{number}", summary="Let an entry no longer count; it stays in the history", status_code=204)
def withdraw(request: Request, number: int) -> Response:
    with diary_of(request) as book:
        kept_as(book, number)
        book.withdraw(number)
    return Response(status_code=204)


@router.get("/entries/{number}/history", summary="All that an entry ever was")
def history(request: Request, number: int) -> Response:
    with diary_of(request) as book:
        kept_as(book, number)
        versions = book.history(number)
        stop_if_pregnant(kept.entry for kept in book.entries())
    stop_if_pregnant(one.entry for one in versions if one.entry)
    rows = [
        {
            "recorded": one.recorded.isoformat(),
            "act": one.act,
            "why": one.why,
            "entry": to_plain(one.entry) if one.entry else None,
        }
        for one in versions
    ]
    return _json({"number": number, "history": rows})


@router.get("/check", summary="What looks doubtful, as questions")
def check(request: Request) -> Response:
    with diary_of(request) as book:
        standing = book.entries()
        found = doubts(standing, now=now(), history=book.history())
    stop_if_pregnant(kept.entry for kept in standing)
    return _json({"questions": _asked(found)})


@router.post("/report", summary="What the diary shows: `anagen diary report --json`")
async def report(request: Request, body: ReportBody) -> Response:
    def call(progress: Progress) -> Response:
        with diary_of(request) as book:
            standing = [kept.entry for kept in book.entries()]
        stop_if_pregnant(standing)
        found = describe(standing, body.patient.patient(), mode=body.mode, people=body.people)
        return result_json_of({**found.to_json(), "says": sentences(found)})

    response: Response = await request.app.state.work.run(call, request)
    return response


@router.post("/import", summary="Add the entries of a file, all or none; those that stand already are left out")
def read(request: Request, body: ImportBody) -> Response:
    given = read_text(body.text, body.name)
    with diary_of(request) as book:
        fresh = not_among(given, (kept.entry for kept in book.entries()))
        numbers = book.add_all(fresh, source=body.name)
    return _json({"read": len(given), "numbers": numbers})


@router.get("/export", summary="A copy; without own words and names unless they are asked for", responses=COPY)
def export(request: Request, form: Literal["csv", "json", "fhir"] = "json", words: bool = False) -> Response:
    with diary_of(request) as book:
        standing = [kept.entry for kept in book.entries()]
    stop_if_pregnant(standing)
    text = WRITERS[format_of(Path("diary.csv"), form)](standing if words else without_words(standing))
    return Response(text, media_type="text/csv" if form == "csv" else "application/json")


def _keep(request: Request, body: EntryBody, number: int) -> Response:
    made = from_body(body.entry)
    with diary_of(request) as book:
        if number != NOT_YET:
            kept_as(book, number)
        found = questions(book, made, number)
        if found and not body.sure:
            problem = Problem(
                409, "Is this right?", " ".join(one.asks for one in found), more={"questions": _asked(found)}
            )
            return answer(request, problem)
        kept = kept_as(book, keep(book, made, found, number))
    return _json(_shown(kept), 201 if number == NOT_YET else 200)
