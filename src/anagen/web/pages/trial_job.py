"""One trial: while it waits and runs, how far it is; then its own page in the frame of this one, and its files."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from anagen.analysis.trial.design import design
from anagen.analysis.trial_page import trial_shown

from ..api.trials import gone
from ..job import Job
from ..links import address, attachment, state_of
from ..problems import Problem, answer
from ..render import page
from ..state import State
from ..trial_process import PEOPLE
from ..zipped import zipped

router = APIRouter()
FILES = {
    "trial.html": "text/html; charset=utf-8",
    "trial.json": "application/json",
    "trial.toml": "application/toml",
    PEOPLE: "application/vnd.apache.parquet",
}
ZIP = "results.zip"


def shown_at(job: Job, query: str = "") -> str:
    """Where a trial is shown."""
    return address(f"/trial/{job.id}", query)


@router.get("/trial/{id}")
def show(request: Request, id: str) -> Response:
    state = state_of(request)
    job = request.app.state.jobs.find(id)
    if job is None:
        return gone(request)
    if refused := _other_mode(request, job, state):
        return refused
    shown: dict[str, Any] = {"mode": state.run.mode, "query": state.query, "job": job, "here_job": f"/trial/{job.id}"}
    if job.state == "done":
        try:
            result = json.loads((job.folder / "trial.json").read_text("utf-8"))
        except FileNotFoundError:  # forgotten just now
            return gone(request)
        kept = ("mode", "clinician")
        trial = {name: value for name, value in trial_shown(result).items() if name not in kept}
        return page(request, "trial_result.html.j2", **shown, **trial)
    return page(request, "trial_job.html.j2", **shown, plan=design(job.order.trial), who=job.order.who)


@router.post("/trial/{id}/cancel")
def cancel(request: Request, id: str) -> Response:
    """Cancel a trial, and say so on its page."""
    job = request.app.state.jobs.find(id)
    if job is None:
        return gone(request)
    request.app.state.jobs.cancel(job)
    return RedirectResponse(shown_at(job, request.url.query), 303)


@router.post("/trial/{id}/forget")
def forget(request: Request, id: str) -> Response:
    """Drop a trial and its files."""
    job = request.app.state.jobs.find(id)
    if job is not None:
        request.app.state.jobs.forget(job)
    return RedirectResponse(address("/trial", request.url.query), 303)


@router.get("/trial/{id}/files/{name}")
def file(request: Request, id: str, name: str) -> Response:
    """One of the files of a trial that is done, to save; `name` only chooses among ours."""
    state = state_of(request)
    job = request.app.state.jobs.find(id)
    if job is None or job.state != "done" or name not in (*FILES, ZIP):
        return gone(request)
    if refused := _other_mode(request, job, state):
        return refused
    headers = attachment(name)
    try:
        if name == ZIP:
            sent = job.order.sent
            packed = zipped(job.folder, "results", {sent.name: sent.content} if sent else {})  # as `anagen rerun` wants
            return StreamingResponse(packed, media_type="application/zip", headers=headers)
        path = next(job.folder / ours for ours in FILES if ours == name)
        return Response(path.read_bytes(), media_type=FILES[name], headers=headers)
    except FileNotFoundError:
        return gone(request)


def _other_mode(request: Request, job: Job, state: State) -> Response | None:
    """A trial that was run for clinicians is not shown to readers."""
    if job.order.mode == "clinician" and state.run.mode != "clinician":
        title = "This trial was run in clinician mode, and is shown only there"
        return answer(request, Problem(403, title, "The switch at the top changes the mode."))
    return None
