"""The first screen: what this is, one field to begin with, and the doors to the other pages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen.analysis.model_card.purpose import purpose

from ..render import page
from ..state import State

router = APIRouter()
DOORS = (
    ("/explore", "Explore doses", "Change a dose, a meal or a length, and see what changes in the same people."),
    ("/analysis", "Analysis", "All of it: ratings, facts, weeks, hair, claims, blood, questions for the visit."),
    ("/follicles", "Follicles", "A patch of scalp through the weeks: which hairs grow, which rest, which fall."),
    ("/claims", "Claims", "What people read about the drug, checked one by one."),
    ("/products", "Products", "What a brand name is: form, strengths, countries."),
    ("/diary", "Diary", "Doses, counts, blood values and events, kept on this machine; a report for the doctor."),
    ("/trial", "Trial", "Arms over one simulated population, with rules, endpoints and power."),
    ("/methods", "Methods", "Every number with its source, how well the model predicts, and where it fails."),
)


@router.get("/")
def start(request: Request) -> Response:
    state = State.of(request.query_params.multi_items())
    drug = request.app.state.engine.treatment
    about = purpose(drug.name)
    return page(request, "start.html.j2", mode=state.run.mode, query=state.query, about=about, doors=DOORS)
