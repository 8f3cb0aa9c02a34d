"""GET /api/v1/claims: what `anagen claims --json` prints; all, those that hold words, or one."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, Response

from anagen.analysis.claim_cards import claims_json
from anagen.errors import InputError
from anagen.evidence.claims import chosen, find_claim, load_claims

from ..problems import Problem, answer, problem_of
from .results import PROBLEMS

router = APIRouter(tags=["claims"], responses=PROBLEMS)
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {**PROBLEMS[422], "description": "No such claim; `nearest` names ids"}
}
LONGEST = 200
Words = Annotated[
    str, Query(max_length=LONGEST, description="Words that a claim must hold; all where left out", examples=["liver"])
]
Identity = Annotated[str, Path(max_length=LONGEST, description="The id of a claim", examples=["liver-intoxication"])]


@router.get("/claims", summary="What people read about the drug, checked")
def claims(request: Request, q: Words = "") -> Response:
    treatment = request.app.state.engine.treatment.name
    return JSONResponse(claims_json(treatment, chosen(q, treatment) if q.strip() else load_claims(treatment)))


@router.get("/claims/{identity}", summary="One claim", responses=NOT_FOUND)
def claim(request: Request, identity: Identity) -> Response:
    treatment = request.app.state.engine.treatment.name
    if identity not in load_claims(treatment):
        return answer(request, no_such_claim(identity, treatment))
    return JSONResponse(claims_json(treatment, [identity]))


def no_such_claim(identity: str, treatment: str) -> Problem:
    """The problem of an id that no claim has, in the words of the command line."""
    try:
        find_claim(identity[:LONGEST], treatment)
    except InputError as error:
        return replace(problem_of(error), status=404)
    return Problem(404, "There is no such claim")
