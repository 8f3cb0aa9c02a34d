"""The pages: each reads a link's state, asks the engine, and fills a template; without script they work as forms."""

from __future__ import annotations

from fastapi import APIRouter

from . import about, explore, start

router = APIRouter(include_in_schema=False)
for room in (start, explore, about):
    router.include_router(room.router)
