"""The follicle view: a square centimetre of scalp drawn follicle by follicle, a week at a time; two side by side.

Without script a week is a link; with it the slider and the play button draw all weeks from `/follicles/weeks.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from anagen.errors import InputError
from anagen.safety import Notice, pregnancy_notice

from ..render import is_part, page, part
from ..state import State
from ..work import Progress, computed
from .explore_asked import FIRST
from .follicles_cases import NONE, Case, Scalp, cases, chosen, scalps
from .follicles_figures import phases_figures, shed_figure
from .follicles_shown import View

router = APIRouter()
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """What a link of this page says; `state` has a regimen, `said` is the state as the link had it."""

    said: State
    state: State
    cases: list[Case]
    shown: list[Case]
    week: str

    @classmethod
    def of(cls, pairs: Pairs, most_people: int) -> Asked:
        """Read a query.

        Raises:
            InputError: a value that is none, or out of range.
            PregnancyStop: `pregnant` is said.
        """
        said = State.of(pairs, most_people)
        state = said if said.regimens else said.with_(regimens=(FIRST,))
        known = cases(state)
        show = chosen([value for name, value in pairs if name == "show"], known)
        return cls(said, state, known, show, next((v.strip() for n, v in reversed(pairs) if n == "week"), ""))

    @property
    def pairs(self) -> Pairs:
        """The shortest that gives the same scalps again; the week is not in it."""
        shown = [case.name for case in self.shown]
        return [*self.said.pairs, *(("show", name) for name in shown if shown != ["untreated", "regimen"])]

    def query(self, week: int = 0) -> str:
        """The link's query for a week."""
        return urlencode([*self.pairs, *([("week", str(week))] if week else [])])

    def week_of(self, last: int) -> int:
        """The week asked for.

        Raises:
            InputError: it is none of 0 to `last`.
        """
        if not self.week:
            return 0
        if not self.week.isascii() or not self.week.isdecimal() or len(self.week) > 4 or int(self.week) > last:
            raise InputError(f"week: '{self.week}'", expected=f"a whole number from 0 to {last}")
        return int(self.week)


@router.get("/follicles")
async def follicles(request: Request) -> Response:
    return await computed(request, partial(_answer, request))


@router.get("/follicles/weeks.json")
async def weeks(request: Request) -> Response:
    def call(progress: Progress) -> Response:
        made = _scalps(request, _asked(request), progress)
        return JSONResponse({"weeks": made[0].patch.weeks, "scalps": [View(scalp, 0).json for scalp in made]})

    return await computed(request, call)


def _asked(request: Request) -> Asked:
    return Asked.of(request.query_params.multi_items(), request.app.state.settings.most_people)


def _scalps(request: Request, asked: Asked, progress: Progress) -> list[Scalp]:
    return scalps(request.app.state.engine, asked.state, asked.shown, progress)


def _answer(request: Request, progress: Progress) -> Response:
    asked = _asked(request)
    made = _scalps(request, asked, progress)
    last = made[0].patch.weeks
    week = asked.week_of(last)
    shown: dict[str, Any] = {
        "views": [View(scalp, week) for scalp in made],
        "week": week,
        "last": last,
        "per_follicle": f"{made[0].patch.stands_for:,.0f}",
        "follicles": f"{made[0].course.follicles:,.0f}",
        "phases": phases_figures(made, week),
        "shed": shed_figure(made, week),
        "said": _notices(made),
        "data": f"/follicles/weeks.json?{asked.query()}",
        "before": f"/follicles?{asked.query(week - 1)}" if week else "",
        "after": f"/follicles?{asked.query(week + 1)}" if week < last else "",
        "kept": asked.pairs,
    }
    if is_part(request):
        headers = {"hx-push-url": f"/follicles?{asked.query(week)}"}
        return part("follicles_part.html.j2", headers=headers, stop=[pregnancy_notice()], **shown)
    names = [case.name for case in asked.shown]
    shown |= {
        "cases": asked.cases,
        "first": names[0],
        "second": names[1] if len(names) > 1 else NONE,
        "texts": asked.state.regimens,
        "hidden": [pair for pair in asked.said.pairs if pair[0] != "regimen"],
    }
    return page(request, "follicles.html.j2", mode=asked.said.run.mode, query=asked.said.query, **shown)


def _notices(made: Sequence[Scalp]) -> list[Notice]:
    """What is to be said of these regimens and this person, once each: all but the fixed notices of every page."""
    found: dict[str, Notice] = {}
    for simulation in (scalp.simulation for scalp in made if scalp.simulation):
        fixed = {name for name, table in simulation.treatment.safety.items() if "when" not in table}
        found |= {notice["text"]: notice for notice in simulation.safety if notice["id"] not in fixed}
    return list(found.values())
