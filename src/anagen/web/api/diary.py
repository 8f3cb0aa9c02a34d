"""/api/v1/diary: entries with the names of the diary's own export, questions, description, files in and out."""

from __future__ import annotations

import pathlib
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from anagen.analysis.diary_sentences import sentences
from anagen.diary.answers import confirm_right
from anagen.diary.checks import doubts
from anagen.diary.describe.describe import describe
from anagen.diary.formats.files import WRITERS, format_of, given_text, without_words
from anagen.diary.incoming import incoming
from anagen.diary.plain import kind_of
from anagen.diary.pregnancy import stop_if_pregnant
from anagen.errors import InputError

from ..diary_entry import NOT_YET, from_body, history_of, keep, kept_as, now, questions
from ..diary_keys import diary_of
from ..problems import Problem, answer, problem_of
from ..work import Progress, computed
from .diary_bodies import (
    DIARY,
    EntryBody,
    ImportBody,
    ReportBody,
    RightBody,
    entry_json,
    questions_json,
    row_json,
    told,
    versions_json,
)
from .results import PROBLEMS, result_json_of

COPY: dict[int | str, dict[str, Any]] = {200: {"description": "The file", "content": {"text/csv": {}}}}
router = APIRouter(prefix="/diary", tags=["diary"], responses=PROBLEMS | DIARY)
Kind = Annotated[str, Query(max_length=40, examples=["count"])]
Number = Annotated[int, Path(description="The number that the list shows", examples=[1])]


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
    return told({"entries": [entry_json(kept) for kept in chosen]})


@router.get("/entries/{number}", summary="One entry, and all that it ever was")
def entry(request: Request, number: Number) -> Response:
    with diary_of(request) as book:
        kept = kept_as(book, number)
        versions = history_of(book, number)
    return told({**entry_json(kept), "history": versions_json(versions)})


@router.post("/entries", summary="Write an entry", status_code=201)
def add(request: Request, body: EntryBody) -> Response:
    return _keep(request, body, None)


@router.put("/entries/{number}", summary="Let another entry stand in its place; the older one stays in the history")
def change(request: Request, number: Number, body: EntryBody) -> Response:
    return _keep(request, body, number)


@router.delete("/entries/{number}", summary="Let an entry no longer count; it stays in the history", status_code=204)
def withdraw(request: Request, number: Number) -> Response:
    with diary_of(request) as book:
        kept_as(book, number)
        book.withdraw(number)
    return Response(status_code=204)


@router.get("/entries/{number}/history", summary="All that an entry ever was")
def history(request: Request, number: Number) -> Response:
    with diary_of(request) as book:
        versions = history_of(book, number)
    return told({"number": number, "history": versions_json(versions)})


@router.get("/check", summary="What looks doubtful, as questions")
def check(request: Request) -> Response:
    with diary_of(request) as book:
        standing = book.entries()
        found = doubts(standing, now=now(), history=book.history())
    stop_if_pregnant(kept.entry for kept in standing)
    return told({"questions": questions_json(found)})


@router.post("/check", summary="Entries are right although they were asked about; all or none")
def right(request: Request, body: RightBody) -> Response:
    with diary_of(request) as book:
        standing = book.entries()
        stop_if_pregnant(kept.entry for kept in standing)
        confirm_right(book, doubts(standing, now=now(), history=book.history()), body.right)
        left = doubts(book.entries(), now=now(), history=book.history())
    return told({"questions": questions_json(left)})


@router.post("/report", summary="What the diary shows: `anagen diary report --json`")
async def report(request: Request, body: ReportBody) -> Response:
    def call(progress: Progress) -> Response:
        with diary_of(request) as book:
            standing = [kept.entry for kept in book.entries()]
        stop_if_pregnant(standing)
        found = describe(standing, body.patient.patient(), mode=body.mode, people=body.people)
        return result_json_of({**found.to_json(), "says": sentences(found)})

    return await computed(request, call)


@router.post("/import", summary="Add the entries of a file; those that stand already are left out")
def read(request: Request, body: ImportBody) -> Response:
    given = given_text(body.text, body.name)
    with diary_of(request) as book:
        found = incoming(given, book.entries())
        left = [row_json(row) for row in found.faulty]
        try:
            fresh = found.entries(skip_faulty=body.skip_faulty)
        except InputError as error:
            more = {"can_skip": given.can_skip, "faulty": left}
            problem = problem_of(error)
            return answer(request, replace(problem, more={**problem.more, **more}))
        numbers = book.add_all(fresh, source=body.name)
    there = [number for _, number in found.there]
    return told({"read": len(given.rows), "numbers": numbers, "there": there, "left_out": left})


@router.get("/export", summary="A copy; without own words and names unless they are asked for", responses=COPY)
def export(request: Request, form: Literal["csv", "json", "fhir"] = "json", words: bool = False) -> Response:
    with diary_of(request) as book:
        standing = [kept.entry for kept in book.entries()]
    stop_if_pregnant(standing)
    text = WRITERS[format_of(pathlib.Path("diary.csv"), form)](standing if words else without_words(standing))
    return Response(text, media_type="text/csv" if form == "csv" else "application/json")


def _keep(request: Request, body: EntryBody, stands_as: int | None) -> Response:
    made = from_body(body.entry)
    with diary_of(request) as book:
        number = NOT_YET if stands_as is None else kept_as(book, stands_as).number
        found = questions(book, made, number)
        if found and not body.right:
            asks = " ".join(one.asks for one in found)
            return answer(request, Problem(409, "Is this right?", asks, more={"questions": questions_json(found)}))
        kept = kept_as(book, keep(book, made, found, number))
    return told(entry_json(kept), 201 if stands_as is None else 200)
