"""Progress of a job as server-sent events: one with every change, the last named `end`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from threading import Event

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from .job import Job

LOOK_EVERY_S = 0.2
ALIVE_EVERY_S = 15.0
RETRY_MS = 2000
"""After which a browser asks again, where the line broke."""


async def stream(job: Job, closing: Event, told: str = "") -> AsyncIterator[bytes]:
    """The events; `told` is the id of the last one that the asker had, `closing` ends them early."""
    quiet = 0.0
    yield f"retry: {RETRY_MS}\n\n".encode()
    while not closing.is_set():
        over, version = job.over, job.version  # in this order: with its end the version rises
        if over or str(version) != told:
            name = "end" if over else "progress"
            yield format_sse_event(data_str=json.dumps(job.to_json()), event=name, id=str(version))
            told, quiet = str(version), 0.0
        if over:
            return
        await asyncio.sleep(LOOK_EVERY_S)
        quiet += LOOK_EVERY_S
        if quiet >= ALIVE_EVERY_S:
            yield KEEPALIVE_COMMENT
            quiet = 0.0
