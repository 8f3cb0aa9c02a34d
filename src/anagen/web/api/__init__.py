"""The REST API under /api/v1: the same JSON as the command line prints."""

from __future__ import annotations

from fastapi import APIRouter

from . import analyse, claims, compare, diary, methods, products, simulate, trials

router = APIRouter(prefix="/api/v1")
for room in (simulate, compare, analyse, claims, products, trials, diary, methods):
    router.include_router(room.router)
