"""The claims that people read about a treatment: parts, evidence, and what would change the verdict."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from anagen.errors import InputError, nearest

from .bibliography import source
from .grade import Body, Certainty, Design, certainty
from .records import Checked, Record, SourceKey, Sources, read_records
from .verdict import Effect, Part, Verdict, sentence, verdict

FILE = "claims.toml"


class Study(Record):
    """One study as a card shows it; `people` is left out where the number was not seen."""

    source: SourceKey
    design: Design
    people: int | None = None
    dose: str
    result: str

    @property
    def unverified(self) -> bool:
        """Whether the bibliography marks the source as not verified."""
        return not source(self.source).verified


class Claim(Record):
    """A claim card. `title` never states the claim as true; `fact` comes first; `numbers` names model numbers."""

    title: str
    fact: str
    claim: str
    claimed_by: Sources
    believed: str
    parts: tuple[Part, ...] = Field(min_length=1)
    body: Body
    effect: Effect | None = None
    best: Study
    against: Study | None = None
    change: str
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    kind: Literal["claim", "safety rule"] = "claim"
    checked: Checked

    @model_validator(mode="after")
    def _parts_have_sources(self) -> Claim:
        for place, part in enumerate(self.parts, 1):
            if part.finding != "not studied" and not part.source:
                raise ValueError(f"part {place} has a finding ({part.finding}) and names no source for it")
        return self

    @property
    def verdict(self) -> Verdict:
        return verdict(self.parts, safety=self.kind == "safety rule")

    @property
    def certainty(self) -> Certainty:
        return certainty(self.body)

    @property
    def sentence(self) -> str:
        return sentence(self.verdict, self.certainty.level, self.effect)

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source of the card, once, in the order of reading."""
        studies = [study.source for study in (self.best, self.against) if study]
        effect = [*self.effect.source, *self.effect.minimal_source] if self.effect else []
        parts = [key for part in self.parts for key in part.source]
        return tuple(dict.fromkeys([*studies, *parts, *self.body.source, *effect, *self.claimed_by]))


@cache
def load_claims(treatment: str) -> Mapping[str, Claim]:
    """All claims about a treatment by their id, in the order of its file; none where it has no such file.

    >>> load_claims("isotretinoin")["pregnancy"].verdict
    'safety rule'

    Raises:
        DataError: the file was edited wrongly.
    """
    return read_records(treatment, FILE, dict[str, Claim]) or {}


def find_claim(identity: str, treatment: str) -> Claim:
    """One claim by its id.

    Raises:
        InputError: no such claim; the nearest ids are offered, by spelling and by words.
    """
    claims = load_claims(treatment)
    if identity in claims:
        return claims[identity]
    near = [
        *nearest(identity, list(claims)),
        *search(identity, treatment),
        *search(_respelled(identity, claims), treatment),
    ]
    raise InputError(
        f"unknown claim: '{identity}'",
        expected="an id that `anagen claims` lists, or words to search for",
        nearest=tuple(dict.fromkeys(near))[:3],
    )


def search(text: str, treatment: str) -> tuple[str, ...]:
    """Ids of the claims that hold every word of `text`, those whose id or title holds them first.

    >>> search("liver", "isotretinoin")[0]
    'liver-intoxication'
    """
    wanted = _plain(text).split()
    if not wanted:
        return ()
    found = []
    for place, (identity, claim) in enumerate(load_claims(treatment).items()):
        head = _head(identity, claim)
        whole = f"{head} {_plain(' '.join([claim.fact, claim.claim, *(part.says for part in claim.parts)]))}"
        if all(word in whole for word in wanted):
            found.append((sum(word not in head for word in wanted), place, identity))
    return tuple(identity for *_, identity in sorted(found))


def chosen(words: str, treatment: str) -> tuple[str, ...]:
    """Ids that words name: an id itself, or those that a search finds.

    >>> chosen("Liver intoxication", "isotretinoin"), chosen("no such words", "isotretinoin")
    (('liver-intoxication',), ())
    """
    identity = "-".join(words.casefold().split())
    return (identity,) if identity in load_claims(treatment) else search(words, treatment)


def _head(identity: str, claim: Claim) -> str:
    return _plain(f"{identity} {claim.title} {' '.join(claim.words)}")


def _respelled(text: str, claims: Mapping[str, Claim]) -> str:
    """The text with each word as the heads of the claims spell it."""
    known = [*dict.fromkeys(re.findall(r"\w+", " ".join(_head(*item) for item in claims.items())))]
    return " ".join(next(iter(nearest(word, known, 1, 0.75)), word) for word in _plain(text).split())


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().replace("-", " ")
    return "".join(c for c in folded if not unicodedata.combining(c))
