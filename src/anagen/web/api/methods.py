"""GET /api/v1/methods: the numbers of the model, the stored `anagen validate --json`, and `anagen card --json`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from anagen.analysis.model_card.card import model_card
from anagen.analysis.model_card.parameters import holding
from anagen.analysis.model_card.shell import pregnancy_boxes
from anagen.analysis.model_card.stored import VALIDATION, stored

from ..problems import Problem, answer
from .results import PROBLEMS

router = APIRouter(tags=["methods"], responses=PROBLEMS)
MISSING: dict[int | str, dict[str, Any]] = {404: {**PROBLEMS[422], "description": "It has not been made yet"}}
Words = Annotated[
    str, Query(max_length=200, description="Words that a number or its source must hold", examples=["clearance"])
]
Group = Annotated[str, Query(max_length=80, description="The first part of the names", examples=["exposure"])]


@router.get("/methods/parameters", summary="Every number of the model, with unit, range, spread and sources")
def parameters(request: Request, q: Words = "", group: Group = "") -> Response:
    card = model_card(request.app.state.engine.treatment)
    shared = {key: card[key] for key in ("treatment", "safety", "version", "parameter_hash", "by_status")}
    return JSONResponse({**shared, "parameters": holding(card["parameters"], q, group)})


@router.get("/methods/validation", summary="The test on studies that the model was not fitted to", responses=MISSING)
def validation(request: Request) -> Response:
    treatment = request.app.state.engine.treatment.name
    found = stored(treatment, VALIDATION)
    if found.table is None:
        return answer(request, Problem(404, "There is no validation", found.problem))
    return JSONResponse({"safety": pregnancy_boxes(found.table["treatment"]), **found.table})


@router.get("/methods/card", summary="The model card")
def card(request: Request) -> Response:
    return JSONResponse(model_card(request.app.state.engine.treatment))
