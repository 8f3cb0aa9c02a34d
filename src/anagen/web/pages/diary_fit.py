"""Which effluvium the diary shows: for clinicians and research; reader mode refuses, as `anagen fit` does."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen.errors import InputError
from anagen.inference.fit import clinicians_only, fit
from anagen.inference.from_diary import record_of
from anagen.inference.hypotheses import CLASSES
from anagen.inference.result import ASSUMED

from ..diary_keys import diary_of
from ..problems import Problem, answer
from ..render import page
from ..state import State
from ..work import Progress

router = APIRouter()


@router.get("/diary/fit")
async def diary_fit(request: Request) -> Response:
    """The fit of the diary's record, for the weight of the link where the diary has none."""
    state = State.of(request.query_params.multi_items())
    try:
        clinicians_only(state.run.mode)
    except InputError as error:
        return answer(request, Problem(403, error.message, str(error)))

    def call(progress: Progress) -> Response:
        with diary_of(request) as book:
            record = record_of([kept.entry for kept in book.entries()], weight_kg=state.patient.weight_kg)
        found = fit(record, mode="clinician", seed=state.run.seed)
        classes = sorted(found.probability, key=lambda name: -found.probability[name])
        shown: dict[str, Any] = {
            "found": found,
            "classes": [(CLASSES[name], found.probability[name], found.anticipated[name]) for name in classes],
            "assumed": ASSUMED,
        }
        return page(request, "diary_fit.html.j2", mode="clinician", query=state.query, **shown)

    response: Response = await request.app.state.work.run(call, request)
    return response
