"""GET /api/v1/products: all, or those whose names hold a part; and what `anagen product --json` prints of one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, Response

from anagen.analysis.products import look_up_json, products_json
from anagen.errors import InputError
from anagen.treatments.look_up import matching
from anagen.treatments.products import no_such_product as unknown

from ..problems import Problem, answer
from .results import PROBLEMS

router = APIRouter(tags=["products"], responses=PROBLEMS)
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {**PROBLEMS[422], "description": "No such product; `nearest` names some"}
}
LONGEST = 200
Part = Annotated[
    str, Query(max_length=LONGEST, description="A part of a name; all products where left out", examples=["roacc"])
]
Name = Annotated[
    str, Path(max_length=LONGEST, description="A brand name, however it is written", examples=["Roaccutane"])
]


@router.get("/products", summary="Brand names")
def products(request: Request, q: Part = "") -> Response:
    treatment = request.app.state.engine.treatment.name
    return JSONResponse(products_json(treatment, matching(q, treatment)))


@router.get("/products/{name}", summary="What a brand name is, or which one may be meant", responses=NOT_FOUND)
def product(request: Request, name: Name) -> Response:
    treatment = request.app.state.engine.treatment.name
    try:
        return JSONResponse(look_up_json(name, treatment))
    except InputError:
        return answer(request, no_such_product(name, treatment))


def no_such_product(name: str, treatment: str) -> Problem:
    """The problem of a name that no product has, with what is nearest."""
    error = unknown(name[:LONGEST], treatment)
    near = list(error.nearest)
    said = f"Nearest: {', or '.join(near)}" if near else "The list of products has all of them."
    return Problem(404, "There is no such product in our list", said, more={"nearest": near})
