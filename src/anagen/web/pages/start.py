"""The first screen: what this is, one field to begin with, questions people ask, and the doors to the other pages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen.analysis.model_card.purpose import purpose

from ..links import address, state_of
from ..render import page

router = APIRouter()
DAILY = "20 mg once daily with food for 24 weeks"
MISSED = "20 mg once daily with food for 12 weeks, then pause 3 days, then 20 mg once daily with food for 81 days"
QUESTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "20 mg a day, 10 mg every other day, or split in three?",
        "/explore",
        (DAILY, "10 mg every other day with food for 24 weeks", "1.8 mg every 8 hours with food for 24 weeks"),
    ),
    ("Does food matter?", "/explore", (DAILY, "20 mg once daily on an empty stomach for 24 weeks")),
    ("What if three days are missed?", "/explore", (DAILY, MISSED)),
    ("When would shedding start, peak and end?", "/follicles", (DAILY,)),
    ("Is it true what people write?", "/claims", ()),
    ("Is my shed count really up?", "/diary", ()),
    ("What should I ask at the visit?", "/analysis", (DAILY,)),
    ("Can these numbers be trusted?", "/methods", ()),
)
"""Each with the page that answers it, and the regimens that its link holds."""
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
    state = state_of(request)
    asked = [(question, address(path, state.with_(regimens=regimens).query)) for question, path, regimens in QUESTIONS]
    about = purpose(request.app.state.engine.treatment.name)
    shown = {"about": about, "doors": DOORS, "questions": asked, "first": DAILY}
    return page(request, "start.html.j2", mode=state.run.mode, query=state.query, shown=shown)
