"""POST /api/v1/analyse: what `anagen analyse --json` prints."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from anagen.analysis.content import content

from ..analyses import analysis_for
from ..state import State
from ..work import Progress, computed
from .bodies import RunBody, Text
from .results import PROBLEMS, result_json

router = APIRouter(tags=["analyse"], responses=PROBLEMS)


class AnalyseBody(RunBody):
    """One to eight regimens; some usual ones where left out."""

    regimens: Annotated[list[Text], Field(min_length=1, max_length=8)] | None = None


@router.post("/analyse", summary="The treatment analysis: regimens, ratings, claims, and what drives what")
async def analyse(request: Request, body: AnalyseBody) -> Response:
    state = request.app.state
    usual = content(state.engine.treatment.name).get("regimens", ())
    asked = State(regimens=tuple(body.regimens or usual), patient=body.patient.patient(), run=body.run(request))

    def call(progress: Progress) -> Response:
        return result_json(analysis_for(state.engine, asked, progress))

    return await computed(request, call)
