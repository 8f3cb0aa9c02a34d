"""Trials as jobs: POST a trial file, follow it, fetch what `anagen trial --json` prints, or cancel it."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from anagen.analysis.trial.design import design
from anagen.interchange.results.json_file import json_text

from ..job import Job
from ..job_events import stream
from ..problems import Problem, answer
from ..settings import is_loopback
from ..work import Progress, computed
from .results import JSON, PROBLEMS
from .trial_body import described, read_body

GONE = "It was never here, or it was forgotten: the latest are kept while the server runs."
MORE: dict[int | str, dict[str, Any]] = {
    404: {**PROBLEMS[422], "description": "No such trial, or forgotten"},
    409: {**PROBLEMS[422], "description": "Not in that state"},
}
BODY: dict[str, Any] = {"openapi_extra": {"requestBody": described()}}
router = APIRouter(tags=["trials"], responses=PROBLEMS)


@router.post("/trials/check", summary="What a trial file would do, in words; or what is wrong, and where", **BODY)
async def check(request: Request) -> Response:
    body, sent = await read_body(request)

    def call(progress: Progress) -> Response:
        order = body.order(request.app.state.settings, sent)
        return JSONResponse({**design(order.trial).to_json(), "who": order.who})

    return await computed(request, call)


@router.post("/trials", status_code=202, summary="Run a trial, put in line; a form brings a file of people", **BODY)
async def run(request: Request) -> Response:
    body, sent = await read_body(request)

    def call(progress: Progress) -> Job:
        job: Job = request.app.state.jobs.add(body.order(request.app.state.settings, sent))
        return job

    said = (await computed(request, call)).to_json()
    return JSONResponse(said, 202, {"location": said["links"]["self"]})


@router.get("/trials", responses={403: PROBLEMS[403]}, summary="The trials of this server, the latest first")
def all_trials(request: Request) -> Response:
    if not is_loopback(request.app.state.settings.host):
        detail = "Others may use this server too: only who knows the id of a trial may see it."
        return answer(request, Problem(403, "The trials are not listed here", detail))
    return JSONResponse([job.to_json() for job in request.app.state.jobs.all()])


@router.get("/trials/{id}", responses={404: MORE[404]}, summary="Where a trial stands")
def one(request: Request, id: str) -> Response:
    job = found(request, id)
    return JSONResponse(job.to_json()) if job else gone(request)


@router.get(
    "/trials/{id}/events",
    response_class=Response,
    responses={
        200: {"description": "Server-sent events: `progress`, then `end`, each with the trial as JSON",
              "content": {"text/event-stream": {"schema": {"type": "string"}}}},
        204: {"description": "All was told already"},
        404: MORE[404],
    },
    summary="Where a trial stands, told as it goes on",
)  # fmt: skip
def follow(request: Request, id: str) -> Response:
    job = found(request, id)
    if job is None:
        return gone(request)
    told = request.headers.get("last-event-id", "")
    if job.over and told == str(job.version):
        return Response(status_code=204)  # a browser does not ask again
    events = stream(job, request.app.state.jobs.closing, told)
    return StreamingResponse(events, media_type="text/event-stream")


@router.get("/trials/{id}/result", responses=MORE, summary="What `anagen trial --json` prints")
def result(request: Request, id: str) -> Response:
    job = found(request, id)
    if job is None:
        return gone(request)
    if job.state != "done":
        return answer(request, Problem(409, "The trial has no result", job.says))
    try:
        table = json.loads((job.folder / "trial.json").read_text("utf-8"))
    except FileNotFoundError:  # forgotten just now
        return gone(request)
    return Response(json_text(table), media_type=JSON)


@router.delete(
    "/trials/{id}",
    status_code=204,
    responses={404: MORE[404]},
    summary="Cancel a trial that waits or runs; forget one that has ended",
)
def end(request: Request, id: str) -> Response:
    job = found(request, id)
    if job is None:
        return gone(request)
    jobs = request.app.state.jobs
    if job.over:
        jobs.forget(job)
    else:
        jobs.cancel(job)
    return Response(status_code=204)


def found(request: Request, id: str) -> Job | None:
    """The job of an id."""
    job: Job | None = request.app.state.jobs.find(id)
    return job


def gone(request: Request) -> Response:
    """There is no such job."""
    return answer(request, Problem(404, "There is no such trial", GONE))
