"""Who may ask, and what a browser may do with an answer: checked before anything else sees a request."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import TITLES, Problem, answer
from .settings import LOOPBACK, Settings

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
COOKIE = "anagen_token"
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with no-referrer a browser sends its own forms with Origin: null
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Guard:
    """An ASGI layer around the whole application."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] != "websocket":  # none is offered; the connection is simply not taken
                await self.app(scope, receive, send)
            return
        sends = with_headers(send)
        refused = self._refusal(scope)
        if refused is not None:
            await refused(scope, receive, sends)
            return
        await self.app(scope, bounded(receive, self._most(Headers(scope=scope))), sends)

    def _most(self, headers: Mapping[str, str]) -> int:
        upload = headers.get("content-type", "").startswith("multipart/form-data")
        return self.settings.upload_bytes if upload else self.settings.body_bytes

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        # Behind a token any name will do: a web site that points its own name here does not know the token.
        if self.settings.token is None and _name(headers.get("host", "")) not in LOOPBACK:
            return answer(Request(scope), Problem(421, "This server does not go by that name", "Host header"))
        if not _from_here(headers, scope["method"]):
            return answer(Request(scope), Problem(403, "Another site may not ask this server for that", "cross-site"))
        size, most = headers.get("content-length", "0"), self._most(headers)
        if not size.isdecimal() or int(size[:20]) > most:
            return answer(Request(scope), Problem(413, TITLES[413], _at_most(most)))
        return self._without_token(scope, headers)

    def _without_token(self, scope: Scope, headers: Headers) -> Response | None:
        """None where the token is known or none is wanted; a link with `?token=` leaves it in a cookie."""
        token = self.settings.token
        if token is None:
            return None
        scheme, _, said = headers.get("authorization", "").partition(" ")
        if scheme.casefold() == "bearer" and _same(said.strip(), token):
            return None
        if _same(_cookie(headers), token):
            return None
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if _same(query.pop("token", [""])[0], token):
            where = scope["path"] + (f"?{urlencode(query, doseq=True)}" if query else "")
            response = RedirectResponse(where, 303)
            response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=scope.get("scheme") == "https")
            return response
        problem = Problem(401, "A token is needed", "Open the link that the server printed when it was started.")
        return answer(Request(scope), problem, {"www-authenticate": "Bearer"})


def with_headers(send: Send) -> Send:
    """Every answer leaves with the headers above, and is not kept where it does not say that it may be."""

    async def sends(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sends


def bounded(receive: Receive, most: int) -> Receive:
    """A body that says no length is counted while it comes."""
    had = 0

    async def receives() -> Message:
        nonlocal had
        message = await receive()
        if message["type"] == "http.request":
            had += len(message.get("body", b""))
            if had > most:
                raise HTTPException(413, _at_most(most))
        return message

    return receives


def _at_most(most: int) -> str:
    return f"expected: at most {most:,} bytes"


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _from_here(headers: Headers, method: str) -> bool:
    """Whether a request comes from these pages, from no page at all, or is somebody following a link."""
    site = headers.get("sec-fetch-site")
    if site in ("cross-site", "same-site"):
        return method in SAFE_METHODS and headers.get("sec-fetch-mode") == "navigate"
    origin = headers.get("origin")
    if method in SAFE_METHODS or origin is None:
        return True
    return urlsplit(origin).netloc == headers.get("host")


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _same(said: str, token: str) -> bool:
    return hmac.compare_digest(said.encode("utf-8", "replace"), token.encode())
