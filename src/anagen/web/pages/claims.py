"""Claims: what people read about the drug, checked; a list that follows what is typed, and a card for each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, get_args

from fastapi import APIRouter, Request
from starlette.responses import Response

from anagen.analysis.claim_cards import FINDINGS, people_said, said_date, who
from anagen.analysis.computed.store import shipped
from anagen.analysis.references import listed
from anagen.errors import unknown as unknown_word
from anagen.evidence.claims import Claim, chosen, load_claims
from anagen.evidence.verdict import Verdict
from anagen.safety import pregnancy_notice

from ..api.claims import LONGEST, no_such_claim
from ..links import state_of
from ..problems import answer
from ..render import is_part, page, part

router = APIRouter()
VERDICTS: tuple[str, ...] = get_args(Verdict)


@router.get("/claims")
def claims(request: Request) -> Response:
    """The list, or the part of it that follows what is typed."""
    state = state_of(request)
    treatment = request.app.state.engine.treatment.name
    known = load_claims(treatment)
    words = request.query_params.get("q", "").strip()[:LONGEST]
    verdict = request.query_params.get("verdict", "")
    named = chosen(words, treatment) if words else tuple(known)
    found = {key: known[key] for key in named if verdict in ("", known[key].verdict)}
    shown: dict[str, Any] = {
        "found": found,
        "words": words,
        "verdict": verdict,
        "total": len(known),
        "query": state.query,
        "unknown": _unknown_of(words if not named else "", verdict, treatment),
    }
    if is_part(request):
        return part("claims_found.html.j2", mode=state.run.mode, stop=[pregnancy_notice(treatment)], **shown)
    counts = Counter[str](claim.verdict for claim in known.values())
    choices = [("", "any verdict"), *((one, f"{one} ({counts[one]})") for one in VERDICTS if counts[one])]
    return page(request, "claims.html.j2", mode=state.run.mode, pairs=state.pairs, choices=choices, **shown)


@router.get("/claims/{identity}")
def claim(request: Request, identity: str) -> Response:
    """One card, the fact first."""
    state = state_of(request)
    treatment = request.app.state.engine.treatment
    known = load_claims(treatment.name)
    if identity not in known:
        return answer(request, no_such_claim(identity, treatment.name))
    card, numbers = known[identity], shipped(treatment.name)
    references = listed(card.sources)
    shown: dict[str, Any] = {
        "identity": identity,
        "card": card,
        "checked": said_date(card.checked),
        "findings": FINDINGS,
        "people_said": people_said,
        "numbers": [_number(treatment, numbers[name]) for name in card.numbers if name in numbers],
        "stale": bool(card.numbers) and not numbers,
        "references": references,
        "numbered": {reference.key: place for place, reference in enumerate(references, 1)},
        **_beside(known, identity),
    }
    return page(request, "claim.html.j2", mode=state.run.mode, query=state.query, **shown)


@dataclass(frozen=True)
class Unknown:
    """Words that no claim holds, as the command line says it, with the claims that are nearest."""

    message: str
    expected: str
    near: tuple[tuple[str, Claim], ...]


def unknown(words: str, treatment: str) -> Unknown:
    """What is to be said of words that no claim holds.

    >>> unknown("liver-intoxicaton", "isotretinoin").message
    "unknown claim: 'liver-intoxicaton'"
    """
    known, problem = load_claims(treatment), no_such_claim(words, treatment)
    near = tuple((key, known[key]) for key in problem.more.get("nearest", ()))
    return Unknown(problem.title, problem.more.get("expected", ""), near)


def _unknown_of(words: str, verdict: str, treatment: str) -> Unknown | None:
    """What is to be said of a verdict that there is not, or of words that nothing holds."""
    if verdict and verdict not in VERDICTS:
        error = unknown_word("verdict", verdict[:LONGEST], VERDICTS)
        return Unknown(error.message, error.expected or "", ())
    return unknown(words, treatment) if words else None


def _number(treatment: Any, number: Any) -> dict[str, Any]:
    assumed = [treatment.hypothesis(key)["title"] for key in number.assumed]
    return {"says": number.says, "assumed": assumed, "who": who(number), "table": number.table}


def _beside(known: Any, identity: str) -> dict[str, Any]:
    """The cards before and after it in the list."""
    keys = list(known)
    place = keys.index(identity)
    beside = {"before": keys[place - 1 : place], "after": keys[place + 1 : place + 2]}
    return {name: [(key, known[key].title) for key in found] for name, found in beside.items()}
