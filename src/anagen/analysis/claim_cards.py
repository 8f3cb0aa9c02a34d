"""Claim cards as they are shown: the claim, its sources, and what the model says on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from anagen.evidence import cite, link, source
from anagen.safety import pregnancy_notice

if TYPE_CHECKING:
    from anagen.analysis.computed.spec import ModelNumber
    from anagen.evidence.claims import Claim

FINDINGS = {
    "agrees": "The studies agree.",
    "disagrees": "The studies speak against it.",
    "mixed": "The studies disagree with each other.",
    "not studied": "Nobody has studied it.",
}


def said_date(day: date) -> str:
    """A day as people write it.

    >>> said_date(date(2026, 3, 5))
    '5 March 2026'
    """
    return f"{day.day} {day:%B %Y}"


def people_said(people: int) -> str:
    """A number of people.

    >>> people_said(1), people_said(3940)
    ('1 person', '3,940 people')
    """
    return "1 person" if people == 1 else f"{people:,} people"


def who(number: ModelNumber) -> str:
    """Of whom a model number speaks.

    >>> from anagen.analysis.computed.spec import ModelNumber
    >>> from anagen.analysis.figure import Table
    >>> who(ModelNumber("x", "X", "", {}, Table("", [], []), 1000, (), ()))
    '(1,000 simulated people)'
    """
    if number.people == 0:
        return "(a sum, no simulation)"
    return "(the typical person)" if number.people == 1 else f"({number.people:,} simulated people)"


def claims_json(treatment: str, identities: Iterable[str]) -> dict[str, Any]:
    """The object that `anagen claims --json` prints: the pregnancy box, and the cards of these ids.

    >>> found = claims_json("isotretinoin", ["pregnancy"])
    >>> [card["verdict"] for card in found["claims"]]
    ['safety rule']
    """
    from anagen.analysis.computed.store import shipped
    from anagen.evidence.claims import load_claims

    known, numbers = load_claims(treatment), shipped(treatment)
    cards = [claim_json(identity, known[identity], numbers) for identity in identities]
    return {"treatment": treatment, "safety": [dict(pregnancy_notice(treatment))], "claims": cards}


def claim_json(identity: str, claim: Claim, numbers: Mapping[str, ModelNumber]) -> dict[str, Any]:
    """A card for programs: verdict, certainty and sentence computed, sources spelled out."""
    written = claim.model_dump(mode="json", exclude={"numbers", "words", "body", "kind"})
    return {
        "id": identity,
        **written,
        "verdict": claim.verdict,
        "sentence": claim.sentence,
        "certainty": {
            "level": claim.certainty.level,
            "name": claim.certainty.name,
            "steps": list(claim.certainty.steps),
        },
        "evidence": claim.body.model_dump(mode="json"),
        "numbers": [numbers[name].to_json() for name in claim.numbers if name in numbers],
        "sources": [source_json(key) for key in claim.sources],
    }


def source_json(key: str) -> dict[str, Any]:
    """A source with its citation, address and whether it was verified."""
    one = source(key)
    return {"key": key, "citation": cite(one), "address": link(one), "kind": one.kind, "verified": one.verified}
