"""Verdicts by rule, from what studies find on each part of a claim; sentences from templates (size × certainty)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from .records import Record, SourceKey, Sources
from .size import Size, size

Finding = Literal["agrees", "disagrees", "mixed", "not studied"]
Verdict = Literal["supported", "partly", "unclear", "contradicted", "not studied", "safety rule"]

RULE: tuple[tuple[Verdict, str], ...] = (
    ("safety rule", "the claim is a rule of safety: it is kept, and no study is weighed against it"),
    ("not studied", "no part of the claim was studied"),
    ("supported", "every part was studied, and the studies agree with each"),
    ("contradicted", "every part that was studied is contradicted"),
    ("unclear", "no part is borne out, and studies disagree among themselves on at least one"),
    ("partly", "all else: some parts are borne out, others are not, or were not studied"),
)
"""The first line that holds gives the verdict."""

VERBS = {4: "results in", 3: "likely results in", 2: "may result in"}
NOUNS = {"less": "reduction in", "more": "rise in"}
FACTS: dict[Verdict, str] = {
    "supported": "The sources agree with the claim",
    "partly": "The sources agree with a part of the claim",
    "unclear": "The sources disagree with each other",
    "contradicted": "The sources speak against the claim",
    "not studied": "No study has looked",
    "safety rule": "This is a rule of safety, and it stands at every dose",
}


class Part(Record):
    """One assertion of a claim, and what the studies find on it."""

    says: str
    finding: Finding
    source: tuple[SourceKey, ...] = ()


class Effect(Record):
    """The effect that a verdict sentence speaks of. `value` in `unit`, against `minimal`, the smallest difference that
    would matter (a judgement of ours where `minimal_source` is `assumed`)."""

    subject: str
    outcome: str
    direction: Literal["less", "more"]
    value: float
    minimal: float
    unit: str
    source: Sources
    minimal_source: Sources

    @property
    def size(self) -> Size:
        return size(self.value, self.minimal)


def verdict(parts: Sequence[Part], safety: bool = False) -> Verdict:
    """The verdict on a claim, by `RULE`.

    >>> def parts(*findings):
    ...     return [Part(says="x", finding=f) for f in findings]
    >>> verdict(parts("agrees", "disagrees")), verdict(parts("disagrees", "not studied")), verdict(parts("mixed"))
    ('partly', 'contradicted', 'unclear')
    """
    if safety:
        return "safety rule"
    found = [part.finding for part in parts if part.finding != "not studied"]
    if not found:
        return "not studied"
    if all(f == "agrees" for f in found) and len(found) == len(parts):
        return "supported"
    if all(f == "disagrees" for f in found):
        return "contradicted"
    if "agrees" not in found:
        return "unclear"
    return "partly"


def sentence(verdict: Verdict, level: int, effect: Effect | None) -> str:
    """The verdict in one sentence; `level` is the certainty, 1 to 4.

    >>> oil = Effect(
    ...     subject="isotretinoin",
    ...     outcome="skin oil",
    ...     direction="less",
    ...     value=-75,
    ...     minimal=20,
    ...     unit="%",
    ...     source=("farrell-1980",),
    ...     minimal_source=("assumed",),
    ... )
    >>> sentence("supported", 3, oil)
    'Isotretinoin likely results in a large reduction in skin oil.'
    >>> sentence("not studied", 1, None)
    'No study has looked.'
    """
    if effect is None or verdict in ("safety rule", "not studied"):
        return FACTS[verdict] + "."
    subject = effect.subject[0].upper() + effect.subject[1:]
    if level == 1:
        return f"The evidence is very uncertain about the effect of {effect.subject} on {effect.outcome}."
    return f"{subject} {VERBS[level]} {_amount(effect)} {effect.outcome}."


def _amount(effect: Effect) -> str:
    if effect.size == "little to no":
        return "little to no difference in"
    article = {"slight": "a slight", "moderate": "a", "large": "a large"}[effect.size]
    return f"{article} {NOUNS[effect.direction]}"
