"""Methods: every number with its source, the test on other studies, known failures, the fit, what decides, the card.

The heavy pages are those of the reports; they are filled once and kept, as nothing in them depends on a request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen.analysis.calibration_page import calibration_parts
from anagen.analysis.card_page import card_parts, group_title
from anagen.analysis.claim_cards import said_date
from anagen.analysis.model_card.card import model_card
from anagen.analysis.model_card.parameters import cells, groups, holding
from anagen.analysis.model_card.results import all_sources
from anagen.analysis.model_card.shell import shell
from anagen.analysis.model_card.stored import CALIBRATION, SENSITIVITY, VALIDATION, stored
from anagen.analysis.sensitivity_page import sensitivity_parts
from anagen.analysis.validation_page import validation_parts
from anagen.safety import pregnancy_notice

from ..links import state_of
from ..render import is_part, page, part

router = APIRouter()
LONGEST = 200
TABS = (
    ("/methods", "In short"),
    ("/methods/parameters", "All numbers"),
    ("/methods/validation", "Other studies"),
    ("/methods/failures", "Known failures"),
    ("/methods/calibration", "The fit"),
    ("/methods/sensitivity", "What decides"),
    ("/methods/card", "Model card"),
)
FRAME = "methods_frame.html.j2"
Shown = Mapping[str, Any]


@router.get("/methods")
def methods(request: Request) -> Response:
    return _answer(
        request, "methods.html.j2", {"title": "How this is made, and how well it holds", "card": card(_drug(request))}
    )


@router.get("/methods/parameters")
def parameters(request: Request) -> Response:
    """Every number of the model; the table follows what is typed."""
    sent = request.query_params
    words, group, status = (sent.get(name, "").strip()[:LONGEST] for name in ("q", "group", "status"))
    treatment = _drug(request)
    rows = card(treatment)["parameters"]
    found = holding(rows, words, group, status)
    keys = all_sources([found])
    shown: dict[str, Any] = {
        **shell(treatment, keys, None),
        "title": "All numbers of the model",
        "groups": {group_title(name): [(row, cells(row)) for row in own] for name, own in groups(found).items()},
        "count": len(found),
        "total": len(rows),
        "file": "",
        "provenance": {},
    }
    if is_part(request):
        stop = [pregnancy_notice(treatment)]
        return part("parameters_found.html.j2", **{**shown, "stop": stop, "query": state_of(request).query})
    more = {
        "words": words,
        "group": group,
        "come_by": status,
        "group_choices": [("", "any part"), *((name, group_title(name)) for name in groups(rows))],
        "status_choices": [("", "any way"), *((one["status"], one["status"]) for one in card(treatment)["by_status"])],
        "by_status": card(treatment)["by_status"],
        "pairs": state_of(request).pairs,
    }
    return _answer(request, "parameters.html.j2", {**shown, **more})


@router.get("/methods/validation")
def validation(request: Request) -> Response:
    return _report(request, "validation.html.j2", "The test on other studies", _validation)


@router.get("/methods/failures")
def failures(request: Request) -> Response:
    shown = card(_drug(request))
    keys = all_sources([shown["limits"], shown["validation"]["known_failures"]])
    return _answer(request, "failures.html.j2", shell(_drug(request), keys, None, title="Known failures", card=shown))


@router.get("/methods/calibration")
def calibration(request: Request) -> Response:
    return _report(request, "calibration.html.j2", "The fit to published studies", _calibration)


@router.get("/methods/sensitivity")
def sensitivity(request: Request) -> Response:
    return _report(request, "sensitivity.html.j2", "What decides the answer", _sensitivity)


@router.get("/methods/card")
def model_card_page(request: Request) -> Response:
    return _report(request, "card.html.j2", "Model card", _card)


@lru_cache(maxsize=4)
def card(treatment: str) -> dict[str, Any]:
    """The model card, made once."""
    return model_card(treatment)


@lru_cache(maxsize=4)
def _card(treatment: str) -> Shown:
    return card_parts(card(treatment))


@lru_cache(maxsize=4)
def _validation(treatment: str) -> Shown | str:
    found = stored(treatment, VALIDATION)
    return found.problem if found.table is None else validation_parts(found.table)


@lru_cache(maxsize=4)
def _calibration(treatment: str) -> Shown | str:
    found = stored(treatment, CALIBRATION)
    return found.problem if found.table is None else calibration_parts(found.table)


@lru_cache(maxsize=4)
def _sensitivity(treatment: str) -> Shown | str:
    found, fit = (stored(treatment, file) for file in (SENSITIVITY, CALIBRATION))
    return found.problem if found.table is None else sensitivity_parts(found.table, fit.table)


def _report(request: Request, name: str, title: str, parts: Callable[[str], Shown | str]) -> Response:
    """A report inside the frame, or the sentence that says why there is none."""
    found = parts(_drug(request))
    if isinstance(found, str):
        return _answer(request, "methods_missing.html.j2", {"title": title, "problem_said": found})
    return _answer(request, name, found)


def _answer(request: Request, name: str, found: Shown) -> Response:
    state = state_of(request)
    around = {"layout": FRAME, "tabs": TABS, "date": said_date(date.today()), "references": found.get("references", [])}
    shown = {**found, **around, "mode": state.run.mode, "query": state.query}
    if "notes" in found:  # the footer of every page says what this is
        shown["notes"] = [*found["purpose"], *found["notes"]]
    return page(request, name, **{"provenance": {}, "file": "", **shown})


def _drug(request: Request) -> str:
    name: str = request.app.state.engine.treatment.name
    return name
