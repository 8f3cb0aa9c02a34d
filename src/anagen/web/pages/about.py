"""About: what this is for and not for, what is kept where, how to cite it and end it, and the version."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen import __version__
from anagen.analysis.model_card.purpose import purpose
from anagen.compiled.configure import cache_directory

from ..links import state_of
from ..render import page

router = APIRouter()


@router.get("/about")
def about(request: Request) -> Response:
    state = state_of(request)
    app = request.app.state
    drug = app.engine.treatment
    shown: dict[str, Any] = {
        "about": purpose(drug.name),
        "version": __version__,
        "parameters": drug.parameter_hash(),
        "fingerprint": drug.fingerprint(),
        # Where others can reach the server, they are not told how this machine's folders are called.
        "diary": str(app.diary.folder) if app.settings.token is None else "",
        "cache": str(cache_directory()) if app.settings.token is None else "",
        "year": date.today().year,
    }
    return page(request, "about_page.html.j2", mode=state.run.mode, query=state.query, **shown)
