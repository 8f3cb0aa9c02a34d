"""What the cards say: published numbers, what was only recalled, no advice, nothing that softens the pregnancy rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from anagen.evidence import source
from anagen.evidence.claims import Claim, Study, load_claims
from anagen.treatments.products import load_products

CLAIMS = load_claims("isotretinoin")
NOT_SAID = (r"\b(un)?safe(ly|ty)?\b", r"recommend", r"\byou\b", r"\byour\b", r"\bshould\b", r"better than")


def texts(claim: Claim) -> Iterator[str]:
    """All that a card says, but for words of the rule."""
    yield from (claim.title, claim.fact, claim.claim, claim.believed, claim.body.why, claim.change)
    yield from (part.says for part in claim.parts)
    for study in studies(claim):
        yield from (study.dose, study.result)


def studies(claim: Claim) -> tuple[Study, ...]:
    return tuple(study for study in (claim.best, claim.against) if study)


def whole(identity: str) -> str:
    return " ".join(texts(CLAIMS[identity]))


@pytest.mark.parametrize(
    ("identity", "key"),
    [
        ("causes-hair-loss", "acitretin-label"),
        ("deficiency-te", "trueb-2016"),
        ("biotin", "biotin-immunoassay"),
        ("side-effects", "label-back-pain-paediatric"),
        ("brands", "unverified-brand-entries"),
    ],
)
def test_what_was_only_recalled_says_so(identity: str, key: str) -> None:
    assert key in CLAIMS[identity].sources
    assert not source(key).verified
    assert "recalled, not checked" in whole(identity)


@pytest.mark.parametrize("identity", CLAIMS)
def test_a_card_asks_and_neither_advises_nor_calms(identity: str) -> None:
    claim = CLAIMS[identity]
    assert claim.title.endswith("?")
    assert [(words, text) for text in texts(claim) for words in NOT_SAID if re.search(words, text, re.I)] == []


def test_nothing_softens_the_rule_on_pregnancy() -> None:
    card = CLAIMS["pregnancy"]
    assert card.kind == "safety rule"
    assert card.against is None
    assert card.fact.startswith("Isotretinoin must never be used in pregnancy")
    assert "Any amount, even for a short time" in card.fact
    assert "1.04" not in " ".join(map(whole, CLAIMS))  # the later, selected odds ratio of Choi 2021
    assert not re.search(r"normal|healthy|low risk|small risk|no risk", whole("pregnancy"), re.I)
    for identity in ("micro-dose", "threshold"):  # cards that speak of very small doses
        assert "absolute stop" in CLAIMS[identity].fact


@pytest.mark.parametrize(
    ("identity", "numbers"),
    [  # published figures, as the evidence files print them
        ("causes-hair-loss", ["18 of 565", "3.2 %", "192 of 3,375", "5.7 %", "0.24", "0.59", "0.28 to 12 %"]),
        ("dose-question", ["18 of 565", "192 of 3,375", "two to three times"]),
        ("anagen-effluvium", ["22 people", "Of 19 people", "10 had", "week 12"]),
        ("liver-intoxication", ["5 of 1,000", "2.9 U/L"]),
        ("ten-mg-liver", ["8.2 % of 388", "7.2 %", "12.7 %", "9.0 %"]),
        ("nutrients", ["46 people", "43 of 46", "106 treated", "89 untreated"]),
        ("biotin", ["4.70 to 2.50", "30 days"]),
        ("multivitamin", ["140 and 82", "800 units", "10 mg of biotin"]),
        ("seborrheic-dermatitis", ["10.3 to 2.4", "11.0 to 2.2", "2.4 months", "22 people", "26 people"]),
        ("sd-hair-loss", ["17.3, 16.5 and 10.1 %", "150 men"]),
        ("ten-mg-70-percent", ["18 days", "1,478"]),
        ("usual-dose", ["0.5 to 1 mg/kg", "2 mg/kg"]),
        ("aga", ["8 men", "80 %", "0.7 mg/kg"]),
        ("threshold", ["47 of 100", "96 of 100"]),
        ("side-effects", ["25 %", "29 %", "4 %", "3.8 %", "1.08"]),
        ("pregnancy", ["36 pregnancies", "8 ended", "5 babies"]),
    ],
)
def test_published_numbers_stand_on_the_card(identity: str, numbers: list[str]) -> None:
    assert [number for number in numbers if number not in whole(identity)] == []


@pytest.mark.parametrize(
    ("identity", "before", "after"),
    [  # before and on the drug, as published; the effect is the difference in percent
        ("acne-indication", 11.3, 1.3),
        ("nutrients", 20.22, 16.24),
        ("biotin", 4.70, 2.50),
        ("seborrheic-dermatitis", 10.30, 2.35),
    ],
)
def test_effects_follow_from_the_published_values(identity: str, before: float, after: float) -> None:
    effect = CLAIMS[identity].effect
    assert effect is not None
    assert effect.value == pytest.approx(100 * (after - before) / before, abs=0.6)


def test_brands_are_counted_as_the_register_has_them() -> None:
    listed = [product for product in load_products("isotretinoin") if product.article_names]
    assert sum(len(product.article_names) for product in listed) == 26
    by_mouth = [p for p in listed if p.route == "oral" and not p.unverified and p.name not in ("Isotane", "Aknetrent")]
    assert f"{len(listed)} different ones" in CLAIMS["brands"].fact
    assert f"the other {len(by_mouth)} were found as capsules" in CLAIMS["brands"].fact
