"""The claims about isotretinoin: none of the article's is lost, verdicts and certainty as the evidence has them."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest

from anagen.errors import InputError
from anagen.evidence import load_sources, source
from anagen.evidence.claims import find_claim, load_claims, search

CLAIMS = load_claims("isotretinoin")
LOOKED_AT = date(2026, 11, 25)  # the day on which the whole of it was last checked

# The article's 29 claims by their ids, in its order, each with what is known of it as a verdict, written by hand.
VERDICTS = {
    "rating": "not studied",
    "acne-indication": "supported",
    "causes-hair-loss": "supported",
    "dose-question": "partly",
    "anagen-effluvium": "contradicted",
    "effluvium-types": "partly",  # the two courses are well known; that doctors mix them up was never counted
    "liver-intoxication": "contradicted",
    "ten-mg-liver": "partly",
    "nutrients": "partly",
    "biotin": "partly",
    "deficiency-te": "partly",
    "multivitamin": "not studied",
    "sebum": "supported",
    "seborrheic-dermatitis": "supported",
    "sd-hair-loss": "partly",  # worsens it: one trial; sets it off: nobody has shown
    "net-benefit": "not studied",
    "distinguish": "partly",
    "usual-dose": "partly",
    "japan": "contradicted",
    "ten-mg-70-percent": "contradicted",
    "micro-dose": "partly",
    "splitting": "partly",
    "threshold": "not studied",
    "weight": "supported",
    "aga": "not studied",
    "side-effects": "partly",
    "brands": "partly",
    "pregnancy": "safety rule",
    "consult": "safety rule",
}

# Where the evidence states how sure it is: section 4 of responses and safety grades nutrients after GRADE, section 8
# gives a confidence for what the model takes from it, and the claims table names two of low certainty.
CERTAINTY = {
    "nutrients": {"very low"},  # section 4, vitamin E
    "biotin": {"low"},  # section 4, biotinidase
    "sebum": {"moderate"},  # 8.1, greatest fall
    "liver-intoxication": {"low", "moderate"},  # 8.4, ALT: low to moderate
    "causes-hair-loss": {"very low"},  # 8.7
    "dose-question": {"very low"},  # 8.7
    "seborrheic-dermatitis": {"low"},  # claims table
    "sd-hair-loss": {"low"},  # claims table
}

ACCOUNTS = ("ten-mg-70-percent", "micro-dose", "threshold")  # each rests on one person's account

# Bodies in which `people` is not the sum over their sources, and why.
PEOPLE_OTHERWISE = {
    "effluvium-types": "a review table gives two groups, 57 and 526 people, and no sum",
    "ten-mg-liver": "388 of the 158,024 people of a review took low doses",
}


def test_every_claim_of_the_article_is_there_in_its_order() -> None:
    assert len(VERDICTS) == 29
    assert list(CLAIMS) == list(VERDICTS)
    assert {claim.claimed_by for claim in CLAIMS.values()} == {("article",)}


@pytest.mark.parametrize("identity", VERDICTS)
def test_verdict(identity: str) -> None:
    assert CLAIMS[identity].verdict == VERDICTS[identity]


@pytest.mark.parametrize("identity", CERTAINTY)
def test_certainty_where_the_evidence_states_it(identity: str) -> None:
    assert CLAIMS[identity].certainty.name in CERTAINTY[identity]


@pytest.mark.parametrize("identity", ACCOUNTS)
def test_one_account_is_of_very_low_certainty(identity: str) -> None:
    body = CLAIMS[identity].body
    assert (body.design, body.studies, body.people) == ("one account", 1, 1)
    assert CLAIMS[identity].certainty.level == 1


def test_a_claim_without_a_study_counts_none() -> None:
    without = [claim for claim in CLAIMS.values() if claim.body.design == "none"]
    assert without
    assert all((c.verdict, c.body.studies, c.body.people) == ("not studied", 0, 0) for c in without)


@pytest.mark.parametrize("identity", sorted(set(VERDICTS) - set(ACCOUNTS) - set(PEOPLE_OTHERWISE)))
def test_people_are_those_of_the_sources_named(identity: str) -> None:
    body = CLAIMS[identity].body
    if body.design in ("official text", "none", "theory", "one account"):
        assert body.people <= 1
    else:
        assert body.people == sum(source(key).n or 0 for key in body.source)


def test_every_source_exists_and_every_finding_rests_on_a_verified_one() -> None:
    assert {key for claim in CLAIMS.values() for key in claim.sources} <= set(load_sources())
    for identity, claim in CLAIMS.items():
        for part in claim.parts:
            if part.finding != "not studied":
                # That a name stands twice on the article's list is seen in the article.
                assert "article" in part.source or any(source(key).verified for key in part.source), identity
        assert claim.effect is None or any(source(key).verified for key in claim.effect.source)


def test_every_card_was_looked_at_and_not_in_the_future() -> None:
    assert all(LOOKED_AT <= claim.checked <= date.today() for claim in CLAIMS.values())


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("dandruff", "seborrheic-dermatitis"),
        ("zinc", "nutrients"),
        ("greasy", "sebum"),
        ("greasy scalp", "sebum"),
        ("Vitamin-E", "nutrients"),
        ("LIVER", "liver-intoxication"),
        ("telogen", "anagen-effluvium"),
        ("microdose", "micro-dose"),
        ("tinnitus", "side-effects"),
        ("pregnant", "pregnancy"),
    ],
)
def test_search_finds_first(words: str, first: str) -> None:
    assert search(words, "isotretinoin")[0] == first


def test_search_needs_every_word_and_puts_heads_first() -> None:
    assert search("dandruff xyzzy", "isotretinoin") == ()
    assert search("  ", "isotretinoin") == ()
    both = search("shedding", "isotretinoin")
    heads = [bool(re.search("shedding", f"{CLAIMS[key].title} {CLAIMS[key].words}", re.I)) for key in both]
    assert all(before >= after for before, after in pairwise(heads))
    assert any(heads)
    assert False in heads


def test_an_unknown_claim_offers_the_nearest() -> None:
    with pytest.raises(InputError, match=r"(?s)unknown claim: 'anagen-efluvium'.*nearest: anagen-effluvium"):
        find_claim("anagen-efluvium", "isotretinoin")
    with pytest.raises(InputError, match="nutrients"):
        find_claim("selenium", "isotretinoin")
