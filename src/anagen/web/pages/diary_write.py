"""Writing: an entry of any kind, a change, a withdrawal, an answer to a question. What is doubtful is asked first."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from anagen.diary.checks import doubts
from anagen.diary.plain import kind_of
from anagen.diary.pregnancy import stop_if_pregnant
from anagen.diary.said import said
from anagen.errors import InputError

from ..diary_entry import DOSES, NOT_YET, digest, from_form, keep, kept_as, now, questions
from ..diary_keys import Locked, diary_of
from ..links import state_of
from .diary_form import KEPT, TITLES, all_fields, as_form, form_of, locked, to_page

router = APIRouter()
SURE, ASKED = "sure", "asked"
_FORM = re.compile(r"/diary/(?:add/([a-z-]{1,20})|entry/(\d{1,9}))", re.ASCII)


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
        stop_if_pregnant(one.entry for one in book.entries())
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
    try:
        with diary_of(request) as book:
            kind = kept_as(book, number).entry.kind
    except Locked:
        return _locked(request, form)
    return _keep(request, kind, form, number)


@router.post("/diary/entry/{number}/back")
def back(request: Request, number: int) -> Response:
    """Undo the latest change: the entry stands as it did before, and both stay in the history."""
    with diary_of(request) as book:
        kept_as(book, number)
        before = [one.entry for one in book.history(number) if one.entry][:-1]
        if not before:
            raise InputError(f"entry {number} was never changed", expected="an entry that was changed")
        book.change(number, before[-1], why="the change was undone")
    return _to(request, f"/diary/entry/{number}")


@router.post("/diary/entry/{number}/withdraw")
def withdraw(request: Request, number: int) -> Response:
    """Let an entry no longer count; it stays in the history."""
    with diary_of(request) as book:
        kept_as(book, number)
        book.withdraw(number)
    return _to(request, "/diary/entries")


@router.get("/diary/check")
def check(request: Request, added: int | None = None, left: int = 0) -> Response:
    """What looks doubtful, as questions; `added` and `left` out are rows of the file that was just read."""
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
    shown = {"asked": asked, "total": len(standing), "added": added, "left": left}
    return to_page(request, "diary_check.html.j2", shown)


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
            about = digest(made, asked)
            # A yes is to what was shown: another value, or another question, is asked about again.
            if asked and (form.get(SURE) != "yes" or form.get(ASKED, about) != about):
                texts = [doubt.asks for doubt in asked]
                return _form(request, kind, dict(form), number=number, asked=texts, asked_of=about, status=409)
            number = keep(book, made, asked, number)
    except Locked:
        return _locked(request, form)
    except InputError as error:
        return _form(request, kind, dict(form), number=number, error=error, status=422)
    return _to(request, "/diary", f"kept={number}")


def resumed(request: Request, form: Mapping[str, str]) -> Response | None:
    """The form that was being filled when the diary locked itself, with what was typed; None where there was none."""
    found = _FORM.fullmatch(form.get("then", ""))
    typed = {name.removeprefix(KEPT): value for name, value in form.items() if name.startswith(KEPT)}
    if found is None or (found[1] or typed.get("kind")) not in TITLES:
        return None
    return _form(request, found[1] or typed["kind"], typed, number=int(found[2] or NOT_YET))


def _locked(request: Request, form: Mapping[str, str]) -> Response:
    kept = {f"{KEPT}{name}": value for name, value in form.items() if name not in (SURE, ASKED)}
    return locked(request, {"then": request.url.path, **kept})


def _form(
    request: Request,
    kind: str,
    form: Mapping[str, object],
    *,
    number: int = NOT_YET,
    asked: list[str] | None = None,
    asked_of: str = "",
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
        "asked_of": asked_of,
        "error": error,
        "history": history or [],
        "dose": kind in DOSES,
        "titles": TITLES,
    }
    return to_page(request, "diary_form.html.j2", shown, status)


def _to(request: Request, address: str, more: str = "") -> Response:
    parts = [part for part in (state_of(request).query, more) if part]
    return RedirectResponse(address + (f"?{'&'.join(parts)}" if parts else ""), 303)
