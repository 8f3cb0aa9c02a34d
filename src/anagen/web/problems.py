"""Errors as they leave: problem+json (RFC 9457) from the API, a page or a part of one for a browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from anagen.errors import AnagenError, PregnancyStop
from anagen.safety import pregnancy_notice

from .diary_entry import NoEntry
from .diary_keys import Locked, NoDiary
from .work import Full, Left

API = "/api/"
TYPES = {
    400: "bad-request",
    401: "token-needed",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    413: "too-large",
    421: "wrong-host",
    422: "input-error",
    429: "busy",
    499: "left",
    500: "fault",
}

TITLES = {404: "There is no such page", 405: "That cannot be done here", 413: "That is too much at once"}


@dataclass(frozen=True)
class Problem:
    """What was wrong: `title` in one line, `detail` in the words that the command line prints."""

    status: int
    title: str
    detail: str = ""
    kind: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The object of RFC 9457; `safety` stands on every one, as a detail may name a dose."""
        kind = self.kind or TYPES.get(self.status, "error")
        return {
            "type": f"urn:anagen:{kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.more,
            "safety": [dict(pregnancy_notice())],
        }


def problem_of(error: AnagenError) -> Problem:
    """An error of the engine: 422, with the place, what was expected and what is nearest.

    >>> problem_of(AnagenError("unknown unit: g", expected="mg")).to_json()["expected"]
    'mg'
    """
    if isinstance(error, PregnancyStop):
        title = "Nothing was simulated: the input says the person is pregnant"
        return Problem(422, title, pregnancy_notice()["text"], "pregnancy-stop")
    where = error.where
    more = {
        "where": {"text": where.text, "column": where.column, "length": where.length} if where else None,
        "expected": error.expected,
        "nearest": list(error.nearest),
    }
    return Problem(422, error.message, str(error), more=more)


def answer(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem in the form that was asked for."""
    if request.url.path.startswith(API):
        # In ASCII: what is repeated of a request may hold half a character, which UTF-8 cannot carry.
        text = json.dumps(problem.to_json(), allow_nan=False)
        return Response(text, problem.status, dict(headers or {}), "application/problem+json")
    from .render import problem_page

    return problem_page(request, problem, headers)


def closed(request: Request, problem: Problem) -> Response:
    """A diary that cannot be read now: a program is told, a person is brought to the page where it is opened."""
    if request.url.path.startswith(API):
        return answer(request, problem)
    return RedirectResponse(
        "/diary" + ("?mode=clinician" if request.query_params.get("mode") == "clinician" else ""), 303
    )


def install(app: FastAPI) -> None:
    """Have every error leave through `answer`."""

    @app.exception_handler(AnagenError)
    async def known(request: Request, error: AnagenError) -> Response:
        return answer(request, problem_of(error))

    @app.exception_handler(NoEntry)
    async def no_entry(request: Request, error: NoEntry) -> Response:
        return answer(request, replace(problem_of(error), status=404, kind="no-entry"))

    @app.exception_handler(Full)
    async def full(request: Request, error: Full) -> Response:
        problem = Problem(429, "Many are being simulated just now", "Ask again in a few seconds.")
        return answer(request, problem, {"retry-after": str(error.retry_after_s)})

    @app.exception_handler(NoDiary)
    async def no_diary(request: Request, error: NoDiary) -> Response:
        return closed(request, Problem(404, "There is no diary yet", "The page of the diary makes one.", "no-diary"))

    @app.exception_handler(Locked)
    async def locked(request: Request, error: Locked) -> Response:
        return closed(request, Problem(423, "The diary is locked", "Unlock it on the page of the diary.", "locked"))

    @app.exception_handler(Left)
    async def left(request: Request, error: Left) -> Response:
        return Response(status_code=499)  # nobody reads it

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        found = [
            {"pointer": "/" + "/".join(str(part) for part in one["loc"]), "detail": one["msg"]}
            for one in error.errors()
        ]
        said = "; ".join(f"{one['pointer']}: {one['detail']}" for one in found)
        return answer(request, Problem(422, "The request cannot be used as it is", said, more={"errors": found}))

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        title = TITLES.get(error.status_code, "The request cannot be used as it is")
        said = "" if error.detail == HTTPStatus(error.status_code).phrase else str(error.detail)  # the title says it
        return answer(request, Problem(error.status_code, title, said), error.headers)

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        return answer(request, Problem(500, "A fault in Anagen", "What was saved is still there. The log says more."))
