"""The REST API under /api/v1: the same JSON as the command line prints."""

from __future__ import annotations

from fastapi import APIRouter

from . import compare, simulate

router = APIRouter(prefix="/api/v1")
for room in (simulate, compare):
    router.include_router(room.router)
