"""The rating rule: three axes, never averaged. Effect 0 to 5 stars, certainty 1 to 4 dots, harm 1 to 4.

Effect: absolute size against a stated minimal difference (`size.STARS_FROM`); no more stars than dots plus `ABOVE`.
Certainty: that of the claim behind it, capped for a laboratory surrogate (`grade.CAPS`). Harm: a treatment that can
harm an unborn child has the highest harm, at any dose: nothing of the regimen or the person enters.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from .grade import CAPS
from .monograph import load_monograph
from .records import Record, Sources, read_records
from .size import stars

FILE = "ratings.toml"
ABOVE = 1
MAXIMAL_HARM = 4
HARMS: dict[int, str] = {1: "mild", 2: "moderate", 3: "serious", 4: "maximal"}


class Published(Record):
    """A size that stands in a study, where the model has none: shown as published, at the dose studied."""

    value: float
    dose: str
    people: int
    source: Sources


class Outcome(Record):
    """An outcome to rate. `series` is compared with the same people untreated: at the end of the course, or the mean
    over all weeks; in percent of the own start. `claim`: whose certainty is taken. Blank where `not_studied`."""

    title: str
    series: str = ""
    at: Literal["course end", "mean of all weeks"] = "course end"
    wanted: Literal["less", "more"] = "less"
    minimal_percent: float = 0.0
    minimal_says: str = ""
    minimal_source: Sources = ("assumed",)
    claim: str
    surrogate: bool = False
    needs: str = ""
    published: Published | None = None
    not_studied: str = ""


class Ratings(Record):
    """All outcomes of a treatment, and the article's own rating with the reason for the difference."""

    outcomes: Mapping[str, Outcome]
    article_stars: int
    article_of: int
    article_says: str
    article_source: Sources


@cache
def load_ratings(treatment: str) -> Ratings | None:
    """What is rated of a treatment; None where nothing is.

    >>> load_ratings("isotretinoin").article_stars
    4

    Raises:
        DataError: the file was edited wrongly.
    """
    found: Ratings | None = read_records(treatment, FILE, Ratings)
    return found


def harm(treatment: str) -> int:
    """The harm of a treatment, 1 to 4. There is no other argument: no dose and no person can lower it.

    >>> harm("isotretinoin")
    4
    """
    monograph = load_monograph(treatment)
    return MAXIMAL_HARM if monograph.teratogenic else monograph.harm


def capped_certainty(level: int, surrogate: bool) -> int:
    """Dots of a rating: those of the claim, at most two where a laboratory value stands for what people notice.

    >>> capped_certainty(3, surrogate=True), capped_certainty(3, surrogate=False)
    (2, 3)
    """
    return min(level, CAPS["laboratory surrogate"]) if surrogate else level


def capped_stars(effect_percent: float, minimal_percent: float, dots: int) -> int:
    """Stars for an effect in the wanted direction, no more than dots plus one.

    >>> capped_stars(85, 20, 2), capped_stars(85, 20, 4), capped_stars(-5, 20, 4)
    (3, 5, 0)
    """
    return min(stars(effect_percent, minimal_percent), dots + ABOVE)
