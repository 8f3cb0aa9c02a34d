"""The diary's first page: make or unlock it, the entries of every day in one tap, and what was written last."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from anagen.diary.due import due
from anagen.diary.entries import DosePlanned, DoseTaken, ShedCount
from anagen.diary.pregnancy import is_pregnancy
from anagen.diary.said import said
from anagen.diary.seal import SHORTEST
from anagen.diary.store import Diary, Kept
from anagen.errors import InputError

from ..diary_entry import DOSES, kept_as, now
from ..diary_keys import COOKIE, IDLE_S, DiaryKeys, diary_of, with_key, without_key
from ..links import state_of
from ..render import page
from . import diary_fit, diary_list, diary_move, diary_report, diary_write
from .diary_form import CHOICES, TITLES, form_of, locked, shown_field, to_page

router = APIRouter()
for room in (diary_write, diary_list, diary_report, diary_move, diary_fit):
    router.include_router(room.router)
LATEST = 7


@router.get("/diary")
def diary(request: Request, kept: int = 0) -> Response:
    """What fits the state of the diary; `kept` is the number of the entry that was just written."""
    keys: DiaryKeys = request.app.state.diary
    state = keys.state(request.cookies.get(COOKIE, ""))
    if state != "open":
        return _closed(request, state)
    with diary_of(request) as book:
        entries = book.entries()
        just = _found(book, kept)
    stopped = any(is_pregnancy(one.entry) for one in entries)
    if stopped:  # it can still be written in, and names no dose
        entries, just = (), None
    shown = {
        "stopped": stopped,
        "title": "Diary",
        "titles": TITLES,
        "again": _again(entries),
        "count": _count_form(entries),
        "latest": [_line(one) for one in reversed(entries[-LATEST:])],
        "total": len(entries),
        "just": _line(just) if just else None,
        "locks": bool(request.cookies.get(COOKIE)),
        "minutes": round(IDLE_S / 60),
    }
    return to_page(request, "diary_home.html.j2", shown)


@router.post("/diary/new")
def make(request: Request, form: Mapping[str, str] = Depends(form_of)) -> Response:
    """A new diary; with a passphrase where one was typed twice."""
    first, second = form.get("passphrase", ""), form.get("again", "")
    try:
        if first != second:
            raise InputError("the two passphrases differ", expected="the same twice; nothing was made")
        name = request.app.state.diary.make(first or None)
    except InputError as error:
        return _closed(request, "none", error)
    return with_key(request, _home(request), name)


@router.post("/diary/unlock")
async def unlock(request: Request, form: Mapping[str, str] = Depends(form_of)) -> Response:
    """Open the diary for this browser."""
    loop = asyncio.get_running_loop()
    try:
        name = await loop.run_in_executor(None, request.app.state.diary.unlock, form.get("passphrase", ""))
    except InputError as error:
        return locked(request, form, error)
    return with_key(request, diary_write.resumed(request, form) or _home(request), name)


@router.post("/diary/lock")
def lock(request: Request) -> Response:
    """Forget the key."""
    request.app.state.diary.lock(request.cookies.get(COOKIE, ""))
    return without_key(request, _home(request))


def _closed(request: Request, state: str, error: InputError | None = None) -> Response:
    """The page where the diary is not there, or locked."""
    mode = state_of(request)
    if state == "locked":
        return locked(request, {}, error)
    folder = str(request.app.state.diary.folder)
    shown = {"error": error, "folder": folder, "shortest": SHORTEST}
    status = 422 if error else 200
    return page(request, "diary_none.html.j2", mode=mode.run.mode, query=mode.query, status=status, **shown)


def _home(request: Request) -> RedirectResponse:
    query = state_of(request).query
    return RedirectResponse("/diary" + (f"?{query}" if query else ""), 303)


def _found(book: Diary, number: int) -> Kept | None:
    try:
        return kept_as(book, number) if number else None
    except InputError:
        return None


def _line(kept: Kept) -> dict[str, object]:
    entry = kept.entry
    time = f"{entry.at:%H:%M}" if entry.time_known else ""
    title = TITLES[entry.kind]
    return {
        "number": kept.number,
        "day": f"{entry.day}",
        "time": time,
        "title": title,
        "said": said(entry),
        "dose": entry.kind in DOSES,
        "changed": kept.versions > 1,
    }


def _again(entries: tuple[Kept, ...]) -> dict[str, object] | None:
    """The dose that one tap writes: today's as planned, else that of the last time; None where there was none."""
    planned = due([one.entry for one in entries], now().date())
    if planned is not None:
        if not planned:
            return {"done": True, "planned": True}
        return {"done": False, "planned": True, **_dose(planned[0].mg, planned[0].meal, planned[0].product)}
    doses = [one.entry for one in entries if isinstance(one.entry, DoseTaken | DosePlanned) and one.entry.mg > 0]
    if not doses:
        return None
    return {"done": False, "planned": False, **_dose(doses[-1].mg, doses[-1].meal, doses[-1].product)}


def _dose(mg: float, meal: str | None, product: str) -> dict[str, object]:
    fields = {"mg": f"{mg:g}", "meal": meal or "", "product": product}
    words = [f"{mg:g} mg", CHOICES[meal] if meal else "", product]
    return {"fields": fields, "says": ", ".join(word for word in words if word)}


def _count_form(entries: tuple[Kept, ...]) -> list[dict[str, object]]:
    """Hairs and test, the test as the last time."""
    counts = [one.entry for one in entries if isinstance(one.entry, ShedCount)]
    method = counts[-1].method if counts else "comb"
    return [shown_field(ShedCount, name, value) for name, value in (("hairs", ""), ("method", method))]
