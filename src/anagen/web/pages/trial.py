"""Trials: a trial file is edited or opened, checked, and run; the trials of this server and where they stand."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from anagen.analysis.trial.design import design
from anagen.errors import AnagenError, PregnancyStop
from anagen.trial.file import EXAMPLE

from ..job import Job
from ..jobs import QueueFull
from ..links import state_of
from ..problems import Problem, problem_of
from ..render import is_part, page, part
from ..settings import is_loopback
from ..state import State
from ..work import Progress, computed
from . import trial_job
from .trial_asked import BUSY, Asked, read_form

router = APIRouter()
router.include_router(trial_job.router)


@router.get("/trial")
def trial(request: Request, again: str = "") -> Response:
    """The form: with the example, or with the file of an earlier trial."""
    job = request.app.state.jobs.find(again)
    asked = Asked(EXAMPLE) if job is None else Asked.of_job(job)
    return _page(request, asked)


@router.post("/trial/check")
async def check(request: Request) -> Response:
    """What is wrong with the file, and where; or what it will do."""
    state = state_of(request)
    asked = await read_form(request)

    def call(progress: Progress) -> Response:
        shown = _verdict(request, asked, state.run.mode)
        if is_part(request):
            mode = state.run.mode
            return part("trial_verdict.html.j2", stop=_stop(), mode=mode, clinician=mode == "clinician", **shown)
        return _page(request, asked, **shown)

    return await computed(request, call)


@router.post("/trial")
async def run(request: Request) -> Response:
    """Put the trial in line, and go to its page; where that cannot be done, say so beside what was typed."""
    state = state_of(request)
    asked = await read_form(request)
    return await computed(request, partial(_put_in_line, request, asked, state))


def _put_in_line(request: Request, asked: Asked, state: State, progress: Progress) -> Response:
    try:
        job = request.app.state.jobs.add(asked.order(request.app.state.settings, state.run.mode))
    except PregnancyStop:
        raise
    except AnagenError as error:
        return _page(request, asked, status=422, problem=problem_of(error), error=error)
    except QueueFull as full:
        response = _page(request, asked, status=429, problem=BUSY)
        response.headers["retry-after"] = str(full.retry_after_s)
        return response
    return RedirectResponse(trial_job.shown_at(job, state.query), 303)


def _verdict(request: Request, asked: Asked, mode: Any) -> dict[str, Any]:
    nothing = {"plan": None, "who": "", "problem": None, "error": None}
    try:
        order = asked.order(request.app.state.settings, mode)
        return {**nothing, "plan": design(order.trial), "who": order.who}
    except PregnancyStop:
        raise
    except AnagenError as error:
        return {**nothing, "problem": problem_of(error), "error": error}


def _page(
    request: Request,
    asked: Asked,
    *,
    status: int = 200,
    plan: Any = None,
    who: str = "",
    problem: Problem | None = None,
    error: AnagenError | None = None,
) -> Response:
    state, app = state_of(request), request.app.state
    return page(
        request,
        "trial_form.html.j2",
        mode=state.run.mode,
        query=state.query,
        status=status,
        asked=asked,
        plan=plan,
        who=who,
        problem=problem,
        error=error,
        jobs=_listed(request, state.run.mode),
        most_people=app.settings.most_trial_people,
        upload_mb=app.settings.upload_bytes // 1_000_000,
    )


def _listed(request: Request, mode: str) -> list[Job]:
    """The trials that may be shown to everybody who asks here; a reader sees none of the other mode."""
    if not is_loopback(request.app.state.settings.host):
        return []
    return [job for job in request.app.state.jobs.all() if mode == "clinician" or job.order.mode == "reader"]


def _stop() -> list[dict[str, str]]:
    from anagen.safety import pregnancy_notice

    return [dict(pregnancy_notice())]
