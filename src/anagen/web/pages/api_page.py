"""The API described for people: each call with its fields, limits and an example that works as it stands."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from ..api_described import Call, calls
from ..links import state_of
from ..render import page

router = APIRouter()


@router.get("/api")
def api(request: Request) -> Response:
    state = state_of(request)
    settings = request.app.state.settings
    rooms: dict[str, list[Call]] = {}
    for call in calls(request.app.openapi()):
        rooms.setdefault(call.room, []).append(call)
    shown = {
        "rooms": rooms,
        "base": str(request.base_url).rstrip("/"),
        "settings": settings,
        "token": settings.token is not None,
    }
    return page(request, "api.html.j2", mode=state.run.mode, query=state.query, **shown)
