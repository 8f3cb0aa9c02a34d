"""One line in the log for each request: method, route, status, time. No query, no body, no address of a person."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("anagen.web")


class Journal:
    """The outermost ASGI layer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def sends(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sends)
        finally:
            route = getattr(scope.get("route"), "path", "(none)")  # the pattern, never what was typed
            log.info("%s %s %d %.0f ms", scope["method"], route, status, 1000 * (time.perf_counter() - started))
