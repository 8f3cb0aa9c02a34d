"""The pages: each reads a link's state, asks the engine, and fills a template; without script they work as forms."""

from __future__ import annotations

from fastapi import APIRouter

from . import about, analysis, api_page, claims, diary, explore, follicles, methods, products, start, trial

router = APIRouter(include_in_schema=False)
for room in (start, explore, analysis, follicles, claims, products, diary, trial, methods, about, api_page):
    router.include_router(room.router)
