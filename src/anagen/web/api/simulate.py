"""POST /api/v1/simulate: what `anagen simulate --json` prints."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from ..work import Progress, computed
from .bodies import SimulateBody
from .results import PROBLEMS, result_json

router = APIRouter(tags=["simulate"], responses=PROBLEMS)


@router.post("/simulate", summary="One regimen, one person, people like them")
async def simulate(request: Request, body: SimulateBody) -> Response:
    state = request.app.state
    run, patient = body.run(request), body.patient.patient()

    def call(progress: Progress) -> Response:
        return result_json(state.engine.simulate(state.engine.regimen(body.regimen), patient, run, progress))

    return await computed(request, call)
