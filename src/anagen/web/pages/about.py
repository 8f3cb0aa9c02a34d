"""About: what this is for and not for, and the version."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen import __version__
from anagen.analysis.model_card.purpose import purpose

from ..render import page
from ..state import State

router = APIRouter()


@router.get("/about")
def about(request: Request) -> Response:
    state = State.of(request.query_params.multi_items())
    drug = request.app.state.engine.treatment
    shown = {"about": purpose(drug.name), "version": __version__, "parameters": drug.parameter_hash()}
    return page(request, "about_page.html.j2", mode=state.run.mode, query=state.query, **shown)
