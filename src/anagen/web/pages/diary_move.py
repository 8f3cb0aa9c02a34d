"""In and out: a file is read and shown before it is kept; copies are written; all of it is removed when asked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from anagen.diary.entries import free_text_of
from anagen.diary.formats.files import WRITERS, format_of, given_text, without_words
from anagen.diary.incoming import incoming
from anagen.diary.pregnancy import stop_if_pregnant
from anagen.diary.wipe import wipe
from anagen.errors import InputError

from ..diary_keys import COOKIE, diary_of, without_key
from ..links import attachment, state_of
from ..work import computed
from .diary_form import form_of, to_page
from .diary_incoming import shown_file

router = APIRouter()
MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json", "fhir": "application/fhir+json"}
SKIP = "skip-faulty"
"""Says that the good rows of a file are wanted without the others; the name of the command line's option."""
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
    return await computed(request, lambda progress: _preview(request, name, content))


@router.post("/diary/import/{pending}")
def keep(request: Request, pending: str, form: Mapping[str, str] = Depends(form_of)) -> Response:
    """Keep what was shown; of a file with rows that cannot be read, the others, where that was said."""
    waiting = request.app.state.diary.read_files
    with diary_of(request) as book:
        given = waiting.get(pending)
        if given is None:
            raise InputError("the file that was shown is not held any more", expected="the file once more")
        found = incoming(given, book.entries())
        numbers = book.add_all(found.entries(skip_faulty=form.get(SKIP) == "yes"), source=given.name)
        waiting.pop(pending, None)
    query = state_of(request).query
    told = urlencode({"added": len(numbers), "left": len(found.faulty)})
    return RedirectResponse(f"/diary/check?{query}{'&' * bool(query)}{told}", 303)


@router.get("/diary/export/{form}")
def export(request: Request, form: str, words: bool = False) -> Response:
    """A copy, to save; without own words unless they are asked for."""
    chosen = format_of(Path("diary.csv"), form)
    with diary_of(request) as book:
        entries = [kept.entry for kept in book.entries()]
    stop_if_pregnant(entries)
    text = WRITERS[chosen](entries if words else without_words(entries))
    name = "diary.csv" if chosen == "csv" else "diary.json"
    kept = attachment(name)
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
    return without_key(request, RedirectResponse("/diary", 303))


def _preview(request: Request, name: str, content: bytes) -> Response:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: byte {error.start} is not UTF-8", expected="a text file in UTF-8") from None
    given = given_text(text, name)
    with diary_of(request) as book:
        found = incoming(given, book.entries())
    kept = found.fresh and not given.broken
    pending = secrets.token_urlsafe(16) if kept else ""
    if kept:
        waiting = request.app.state.diary.read_files
        waiting[pending] = given
        while len(waiting) > MOST_WAITING:
            waiting.pop(next(iter(waiting)), None)
    status = 422 if given.broken or (given.faulty and not given.good) else 200
    return to_page(request, "diary_import.html.j2", shown_file(found) | {"pending": pending, "skip": SKIP}, status)


def _name(file: UploadFile) -> str:
    """The file's own name, for messages and for its ending; no path."""
    return (file.filename or "file").replace("\\", "/").rpartition("/")[2][:200]
