"""Answers of the API: the sealed document of a result, and the problems that any call may give."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from anagen.interchange.results.json_file import document, json_text

JSON = "application/json"


class ProblemBody(BaseModel):
    """RFC 9457, with what the command line's errors say."""

    type: str
    title: str
    status: int
    detail: str
    safety: list[dict[str, str]]


_BODY = {"content": {"application/problem+json": {"schema": ProblemBody.model_json_schema()}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"description": "Not JSON, or not what a form sends", **_BODY},
    401: {"description": "A token is needed", **_BODY},
    403: {"description": "Asked by another site", **_BODY},
    413: {"description": "Too large", **_BODY},
    421: {"description": "Not this server's name", **_BODY},
    422: {"description": "Input that cannot be used, or a person who is pregnant", **_BODY},
    429: {"description": "Busy; ask again after Retry-After seconds", **_BODY},
}


def result_json_of(table: dict[str, Any]) -> Response:
    """A table that is JSON already, as the command line prints it."""
    return Response(json_text(table), media_type=JSON)


def result_json(result: Any) -> Response:
    """What `--json` prints of a result, with what repeats it under `provenance`."""
    return result_json_of(document(result))
