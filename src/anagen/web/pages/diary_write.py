"""Writing: an entry of any kind, a change, a withdrawal, an answer to a question. What is doubtful is asked first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from anagen.diary.checks import doubts
from anagen.diary.plain import kind_of
from anagen.diary.pregnancy import stop_if_pregnant
from anagen.diary.said import said
from anagen.errors import InputError

from ..diary_entry import DOSES, NOT_YET, from_form, keep, kept_as, now, questions
from ..diary_keys import diary_of
from ..state import State
from .diary_form import TITLES, all_fields, as_form, form_of, to_page

router = APIRouter()
SURE = "sure"


@router.get("/diary/add/{kind}")
def empty(request: Request, kind: str) -> Response:
    """The form of a kind of entry."""
    with diary_of(request):  # none, or locked: to the first page
        pass
    return _form(request, kind, {})


@router.post("/diary/add/{kind}")
def add(request: Request, kind: str, form: Mapping[str, str] = Depends(form_of)) -> Response:
    """Keep an entry, or ask about it."""
    return _keep(request, kind, form, NOT_YET)


@router.get("/diary/entry/{number}")
def entry(request: Request, number: int) -> Response:
    """An entry, to be changed, with all that it ever was."""
    with diary_of(request) as book:
        kept = kept_as(book, number)
        stop_if_pregnant([kept.entry])
        history = [
            {
                "recorded": f"{one.recorded:%Y-%m-%d %H:%M}",
                "act": one.act,
                "said": f"{one.entry.day}: {said(one.entry)}" if one.entry else one.why,
            }
            for one in book.history(number)
        ]
    return _form(request, kept.entry.kind, as_form(kept.entry), number=number, history=history)


@router.post("/diary/entry/{number}")
def change(request: Request, number: int, form: Mapping[str, str] = Depends(form_of)) -> Response:
    """Let another text stand in the place of an entry, or ask about it."""
    with diary_of(request) as book:
        kind = kept_as(book, number).entry.kind
    return _keep(request, kind, form, number)


@router.post("/diary/entry/{number}/withdraw")
def withdraw(request: Request, number: int) -> Response:
    """Let an entry no longer count; it stays in the history."""
    with diary_of(request) as book:
        book.withdraw(number)
    return _to(request, "/diary/entries")


@router.get("/diary/entries")
def entries(request: Request, kind: str = "") -> Response:
    """All that stands, the newest first."""
    with diary_of(request) as book:
        standing = book.entries()
    stop_if_pregnant(kept.entry for kept in standing)
    if kind:
        kind_of(kind)
    days: dict[str, list[dict[str, Any]]] = {}
    for kept in reversed(standing):
        one = kept.entry
        if kind in ("", one.kind):
            days.setdefault(f"{one.day}", []).append(
                {
                    "number": kept.number,
                    "time": f"{one.at:%H:%M}" if one.time_known else "",
                    "title": TITLES[one.kind],
                    "said": said(one),
                    "dose": one.kind in DOSES,
                    "changed": kept.versions > 1,
                }
            )
    there = {kept.entry.kind for kept in standing}
    kinds = {name: title for name, title in TITLES.items() if name in there}
    return to_page(request, "diary_list.html.j2", {"days": days, "kinds": kinds, "kind": kind, "total": len(standing)})


@router.get("/diary/check")
def check(request: Request) -> Response:
    """What looks doubtful, as questions."""
    with diary_of(request) as book:
        history, standing = book.history(), book.entries()
    stop_if_pregnant(kept.entry for kept in standing)
    by_number = {kept.number: kept.entry for kept in standing}
    asked = [
        {
            "number": one.numbers[-1],
            "name": one.name,
            "asks": one.asks,
            "entries": [
                {"number": n, "said": f"{by_number[n].day}: {TITLES[by_number[n].kind]}, {said(by_number[n])}"}
                for n in one.numbers
                if n in by_number
            ],
        }
        for one in doubts(standing, now=now(), history=history)
    ]
    return to_page(request, "diary_check.html.j2", {"asked": asked, "total": len(standing)})


@router.post("/diary/check/{number}")
def answer(request: Request, number: int, form: Mapping[str, str] = Depends(form_of)) -> Response:
    """An entry is right although it was asked about."""
    with diary_of(request) as book:
        open_ones = {
            one.name for one in doubts(book.entries(), now=now(), history=book.history()) if number in one.numbers
        }
        if form.get("name") not in open_ones:
            raise InputError(
                f"there is no open question of that name about entry {number}", expected="one that is shown"
            )
        book.confirm(number, form["name"])
    return _to(request, "/diary/check")


def _keep(request: Request, kind: str, form: Mapping[str, str], number: int) -> Response:
    kind_of(kind)
    try:
        made = from_form(kind, form)
        with diary_of(request) as book:
            asked = questions(book, made, number)
            if asked and form.get(SURE) != "yes":
                texts = [doubt.asks for doubt in asked]
                return _form(request, kind, dict(form), number=number, asked=texts, status=409)
            number = keep(book, made, asked, number)
    except InputError as error:
        return _form(request, kind, dict(form), number=number, error=error, status=422)
    return _to(request, "/diary", f"kept={number}")


def _form(
    request: Request,
    kind: str,
    form: Mapping[str, object],
    *,
    number: int = NOT_YET,
    asked: list[str] | None = None,
    error: InputError | None = None,
    history: list[dict[str, str]] | None = None,
    status: int = 200,
) -> Response:
    made = kind_of(kind)
    shown = {
        "kind": kind,
        "heading": TITLES[kind],
        "fields": all_fields(made, form),
        "at": form.get("at") or f"{now():%Y-%m-%dT%H:%M}",
        "number": number,
        "asked": asked or [],
        "error": error,
        "history": history or [],
        "dose": kind in DOSES,
        "titles": TITLES,
    }
    return to_page(request, "diary_form.html.j2", shown, status)


def _to(request: Request, address: str, more: str = "") -> Response:
    parts = [part for part in (State.of(request.query_params.multi_items()).query, more) if part]
    return RedirectResponse(address + (f"?{'&'.join(parts)}" if parts else ""), 303)
