"""The dose explorer: regimens and a person as controls, curves that follow them, the whole state in the link.

The form asks for a quick look at fewer people; the part that comes back asks for all of them when nothing has changed
for a moment, and then the state becomes the browser's address: one step back is one change, not each place of a slider.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from anagen.errors import AnagenError, PregnancyStop
from anagen.safety import pregnancy_notice

from ..as_python import as_python
from ..controls import LENGTH_UNITS, MEALS, UNITS, product_choices
from ..render import is_part, page, part
from ..state import MOST_REGIMENS, State
from ..work import Progress, computed
from .explore_asked import FIRST, Asked
from .explore_cards import Card, read_cards
from .explore_data import data_file
from .explore_person import SPREADS, Person
from .explore_shown import series_choices, shown_of

router = APIRouter()
QUICK_PEOPLE = 100


@router.get("/explore")
async def explore(request: Request) -> Response:
    asked = Asked.of(request.query_params.multi_items())
    if asked.sides and (asked.moved or not is_part(request)):
        address = f"/explore?{_short(asked)}{_place(request, asked)}"
        return Response(headers={"hx-redirect": address}) if is_part(request) else RedirectResponse(address, 303)
    if not asked.regimens and not asked.sides:
        asked = replace(asked, pairs=(("regimen", FIRST), *asked.pairs))
    return await computed(request, partial(_answer, request, asked))


@router.get("/explore/data.{form}")
async def data(request: Request, form: Literal["json", "csv"]) -> Response:
    app = request.app.state
    state = State.of(request.query_params.multi_items(), app.settings.most_people)
    state = state if state.regimens else state.with_(regimens=(FIRST,))

    def call(progress: Progress) -> Response:
        regimens = [app.engine.regimen(text) for text in state.regimens]
        found = app.engine.compare(regimens, state.patient, state.run, progress)
        return data_file(found.arms[0] if len(found.arms) == 1 else found, form)

    return await computed(request, call)


def _answer(request: Request, asked: Asked, progress: Progress) -> Response:
    """The page; a part of it, with a quick look, where the form asks; or all people, where that part asks."""
    app = request.app.state
    whole, quick = not is_part(request), bool(asked.sides)
    shown: dict[str, Any] = {}
    error: AnagenError | None = None
    state = None
    try:
        state = State.of(asked.pairs, app.settings.most_people)
        asked.check_series(app.engine.treatment.series)
    except PregnancyStop:
        raise
    except AnagenError as unreadable:
        error = unreadable
    texts = [side.text for side in asked.sides] or asked.regimens
    cards = read_cards(texts, state.patient.weight_kg if state else None)
    wrong = [card for card in cards if card.error]
    readable = [card.regimen for card in cards if card.regimen]
    if state and not error and readable and not (wrong and not whole):
        run = replace(state.run, people=min(QUICK_PEOPLE, state.run.people)) if quick else state.run
        state = state.with_(regimens=tuple(course.text for course in readable))
        try:
            found = app.engine.compare(readable, state.patient, run, progress)
            shown = shown_of(found, asked.series, run.people < state.run.people)
        except AnagenError as wrong_name:  # a name of a supplement, say, is looked up when it is simulated
            error = wrong_name
    mode = state.run.mode if state else "reader"
    shown |= _around(request, asked, state, cards, error, shown) | {"quick": quick}
    if whole:
        query = state.query if state and not wrong else urlencode(asked.pairs)
        return page(request, "explore.html.j2", mode=mode, query=query, status=_status(error, readable), **shown)
    headers = {} if shown["made"] else {"hx-reswap": "none"}
    if shown["made"] and not quick and not _is_here(request, shown["query_here"]):
        headers["hx-push-url"] = f"/explore?{shown['query_here']}"
    return part("explore_part.html.j2", headers=headers, mode=mode, **shown)


def _around(
    request: Request, asked: Asked, state: State | None, cards: list[Card], error: AnagenError | None, shown: Any
) -> dict[str, Any]:
    """What stands around the result: the form, the link, the sentence read out."""
    app, person = request.app.state, Person.of(asked.pairs)
    wrong = [card for card in cards if card.error]
    here = urlencode([*state.pairs, *asked.series_pairs]) if state and not wrong else asked.query
    most = state.run.people if state else 0
    kinds = request.query_params.getlist("event.kind")  # a row each; where none is empty, another is offered
    return {
        "made": bool(shown),
        "clinician": bool(state and state.run.mode == "clinician"),
        "cards": cards,
        "sides": {side: asked.sides[side].follow for side in range(len(asked.sides))},
        "wrong": wrong,
        "error": error,
        "stop": shown.get("stop") or [pregnancy_notice()],
        "person": person,
        "treatment": app.engine.treatment,
        "chosen": asked.series,
        "series": series_choices(app.engine.treatment),
        "more_events": bool(kinds) and all(kinds),
        "meals": MEALS,
        "units": {unit: unit for unit in UNITS},
        "length_units": LENGTH_UNITS,
        "spreads": SPREADS,
        "products": product_choices(app.engine.treatment.name),
        "room": len(cards) < MOST_REGIMENS,
        "most": most,
        "more": bool(shown) and shown["people"] < most,
        "query_here": here,
        "whole_link": f"{str(request.base_url).rstrip('/')}/explore?{here}",
        "state": state,
        "python": as_python(state) if state and state.regimens else "",
    }


def _short(asked: Asked) -> str:
    """The link's query without what is usual; as it was written where it cannot be read."""
    try:
        return urlencode([*State.of(asked.pairs).pairs, *asked.series_pairs])
    except AnagenError:
        return asked.query


def _place(request: Request, asked: Asked) -> str:
    """Where the page is to be read on from: at a regimen that was added, or at the form where one was taken away.
    Elsewhere the browser keeps the place that the form names: the results."""
    if not asked.moved:
        return ""
    return f"#r{len(asked.regimens) - 1}" if request.query_params.get("add") else "#explore"


def _status(error: AnagenError | None, readable: list[Any]) -> int:
    return 422 if error or not readable else 200


def _is_here(request: Request, query: str) -> bool:
    """Whether the browser's address is this state already."""
    address = urlsplit(request.headers.get("hx-current-url", ""))
    return address.path == "/explore" and parse_qsl(address.query) == parse_qsl(query)
