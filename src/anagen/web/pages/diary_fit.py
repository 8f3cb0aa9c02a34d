"""Which effluvium the diary shows: for clinicians and research; reader mode refuses, as `anagen fit` does.

The first fit after a start compiles its program: the page is there at once, and says for how long it has been at work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from anagen.analysis.fit_tables import WRONG, fit_tables
from anagen.diary.plain import to_plain
from anagen.errors import InputError
from anagen.inference.fit import clinicians_only, fit
from anagen.inference.from_diary import record_of
from anagen.inference.record import Record
from anagen.inference.result import ASSUMED, Fit

from ..diary_fits import Running
from ..diary_keys import DiaryKeys, Locked, NoDiary, diary_of
from ..links import state_of
from ..problems import Problem, answer
from ..render import is_part, page, part
from ..state import State
from ..work import Progress

router = APIRouter()
AT_ONCE_S = 0.6
"""A fit that takes no longer is shown at once."""


@router.get("/diary/fit")
async def diary_fit(request: Request) -> Response:
    """The fit of the diary's record, for the weight of the link where the diary has none."""
    state = state_of(request)
    if refused := _refused(request, state):
        return refused
    app = request.app.state
    keys: DiaryKeys = app.diary
    try:
        record, key = await run_in_threadpool(_record, request, state)
    except (Locked, NoDiary):
        if is_part(request):  # the page itself goes to where the diary is opened
            return Response(headers={"hx-refresh": "true"})
        raise
    call = None if is_part(request) else _call(record, state.run.seed)
    found = await keys.fits.find(app.work, key, call, AT_ONCE_S)
    if is_part(request):
        if found is None or isinstance(found, Running):
            return part("diary_fit_progress.html.j2", running=found, query=state.query)
        return Response(headers={"hx-refresh": "true"})
    return await run_in_threadpool(_page, request, state, found)


@router.post("/diary/fit")
async def stop(request: Request) -> Response:
    """Stop the fit that is being made: posted to its own address, so that links of the page lead back to it."""
    state = state_of(request)
    if refused := _refused(request, state):
        return refused
    keys: DiaryKeys = request.app.state.diary
    _, key = await run_in_threadpool(_record, request, state)
    keys.fits.stop(key)
    return await run_in_threadpool(_page, request, state, None)


def _refused(request: Request, state: State) -> Response | None:
    """The answer in reader mode."""
    try:
        clinicians_only(state.run.mode)
    except InputError as error:
        return answer(request, Problem(403, error.message, str(error)))
    return None


def _call(record: Record, seed: int) -> Callable[[Progress], Fit]:
    return lambda progress: fit(record, mode="clinician", seed=seed, progress=progress)


def _record(request: Request, state: State) -> tuple[Record, str]:
    """The record of the diary, and a key that no other has."""
    with diary_of(request) as book:
        entries = [kept.entry for kept in book.entries()]
    record = record_of(entries, weight_kg=state.patient.weight_kg)
    said = repr(([to_plain(entry) for entry in entries], state.patient.weight_kg, state.run.seed))
    return record, hashlib.sha256(said.encode()).hexdigest()


def _page(request: Request, state: State, found: Fit | Running | None) -> Response:
    """The fit; how far it is; or that none is being made."""
    if found is None or isinstance(found, Running):
        shown: dict[str, Any] = {"found": None, "running": found}
    else:
        tables = fit_tables(found)
        shown = {"found": found, "running": None, "shown": tables, "wrong": WRONG, "assumed": ASSUMED}
    return page(request, "diary_fit.html.j2", mode="clinician", query=state.query, **shown)
