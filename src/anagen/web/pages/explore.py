"""The dose explorer: regimens and a person as controls, curves that follow them, the whole state in the link."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen.analysis.arms import columns
from anagen.analysis.weekly import weekly_figure

from ..render import is_part, page, part
from ..state import State
from ..work import Progress

router = APIRouter()
SHOWN = ("isotretinoin_ng_per_ml", "sebum_fraction", "shed_per_day", "density_per_cm2")
FIRST = "20 mg once daily with food for 24 weeks"


@router.get("/explore")
async def explore(request: Request) -> Response:
    app = request.app.state
    state = State.of(request.query_params.multi_items(), app.settings.most_people)
    state = state if state.regimens else state.with_(regimens=(FIRST,))

    def call(progress: Progress) -> Response:
        regimens = [app.engine.regimen(text) for text in state.regimens]
        found = app.engine.compare(regimens, state.patient, state.run, progress)
        shown = columns(found.arms)
        figures = [weekly_figure(found.arms, shown, name) for name in SHOWN]
        if is_part(request):
            return part("explore_result.html.j2", figures=figures, stop=[found.safety_json()[0]], state=state)
        mode, query = state.run.mode, state.query
        return page(request, "explore.html.j2", mode=mode, query=query, figures=figures, state=state)

    answer: Response = await app.work.run(call, request)
    return answer
