"""POST /api/v1/compare: what `anagen compare --json` prints."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from ..work import Progress, computed
from .bodies import CompareBody
from .results import PROBLEMS, result_json

router = APIRouter(tags=["compare"], responses=PROBLEMS)


@router.post("/compare", summary="Regimens side by side in the same simulated people")
async def compare(request: Request, body: CompareBody) -> Response:
    state = request.app.state
    run, patient = body.run(request), body.patient.patient()

    def call(progress: Progress) -> Response:
        regimens = [state.engine.regimen(text) for text in body.regimens]
        return result_json(state.engine.compare(regimens, patient, run, progress))

    return await computed(request, call)
