"""In and out: a file is read and shown before it is kept; copies are written; all of it is removed when asked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from anagen.diary.entries import free_text_of
from anagen.diary.formats.files import WRITERS, format_of, read_text, without_words
from anagen.diary.plain import not_among
from anagen.diary.pregnancy import stop_if_pregnant
from anagen.diary.said import said
from anagen.diary.wipe import wipe
from anagen.errors import InputError

from ..diary_keys import COOKIE, diary_of
from ..state import State
from .diary_form import TITLES, form_of, to_page

router = APIRouter()
MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json", "fhir": "application/fhir+json"}
SHOWN = 200
"""Entries of a file that are listed before it is kept."""
MOST_WAITING = 3
"""Files that were read and wait for a yes."""
WORD = "remove"
"""What is typed before a diary is removed."""


@router.get("/diary/move")
def move(request: Request) -> Response:
    """The page: import, export, remove."""
    with diary_of(request) as book:
        entries = [kept.entry for kept in book.entries()]
    texts = sum(len(free_text_of(entry)) for entry in entries)
    return to_page(request, "diary_move.html.j2", {"total": len(entries), "texts": texts, "word": WORD, "error": None})


@router.post("/diary/import")
async def read(request: Request, file: UploadFile) -> Response:
    """What a file would add; nothing is kept yet."""
    name, content = _name(file), await file.read()
    found: Response = await request.app.state.work.run(lambda progress: _preview(request, name, content), request)
    return found


@router.post("/diary/import/{pending}")
def keep(request: Request, pending: str) -> Response:
    """Keep what was shown."""
    shown = request.app.state.diary.read_files.pop(pending, None)
    if shown is None:
        raise InputError("the file that was shown is not held any more", expected="the file once more")
    name, entries = shown
    with diary_of(request) as book:
        fresh = not_among(entries, (kept.entry for kept in book.entries()))
        book.add_all(fresh, source=name)
    query = State.of(request.query_params.multi_items()).query
    return RedirectResponse("/diary/check" + (f"?{query}" if query else ""), 303)


@router.get("/diary/export/{form}")
def export(request: Request, form: str, words: bool = False) -> Response:
    """A copy, to save; without own words unless they are asked for."""
    chosen = format_of(Path("diary.csv"), form)
    with diary_of(request) as book:
        entries = [kept.entry for kept in book.entries()]
    stop_if_pregnant(entries)
    text = WRITERS[chosen](entries if words else without_words(entries))
    name = "diary.csv" if chosen == "csv" else "diary.json"
    kept = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=MEDIA[chosen], headers=kept)


@router.post("/diary/wipe")
def remove(request: Request, form: Mapping[str, str] = Depends(form_of)) -> Response:
    """Remove the diary for good, where the word was typed."""
    keys = request.app.state.diary
    with diary_of(request) as book:
        entries = [kept.entry for kept in book.entries()]
    if form.get("word", "").strip().casefold() != WORD:
        error = InputError("nothing was removed", expected=f"the word '{WORD}' in the field")
        texts = sum(len(free_text_of(entry)) for entry in entries)
        shown = {"total": len(entries), "texts": texts, "word": WORD, "error": error}
        return to_page(request, "diary_move.html.j2", shown, 422)
    wipe(keys.folder)
    keys.lock(request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/diary", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response


def _preview(request: Request, name: str, content: bytes) -> Response:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: byte {error.start} is not UTF-8", expected="a text file in UTF-8") from None
    entries = read_text(text, name)
    with diary_of(request) as book:
        fresh = not_among(entries, (kept.entry for kept in book.entries()))
    waiting = request.app.state.diary.read_files
    pending = secrets.token_urlsafe(16)
    waiting[pending] = (name, entries)
    while len(waiting) > MOST_WAITING:
        waiting.pop(next(iter(waiting)), None)
    shown = {
        "file_name": name,
        "pending": pending,
        "total": len(entries),
        "fresh": len(fresh),
        "rows": [(f"{one.day}", TITLES[one.kind], said(one)) for one in fresh[:SHOWN]],
    }
    return to_page(request, "diary_import.html.j2", shown)


def _name(file: UploadFile) -> str:
    """The file's own name, for messages and for its ending; no path."""
    return (file.filename or "file").replace("\\", "/").rpartition("/")[2][:200]
