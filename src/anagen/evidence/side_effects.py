"""Side effects as data: plain name, how often, at which dose, how people were asked, and where that stands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from .records import Checked, Record, Sources, read_records

FILE = "side_effects.toml"
Often = Literal["very common", "common", "uncommon", "rare", "not known"]
OFTEN: dict[Often, str] = {
    "very common": "in 10 of 100 people or more",
    "common": "in 1 to 10 of 100 people",
    "uncommon": "in 1 to 10 of 1,000 people",
    "rare": "in fewer than 1 of 1,000 people",
    "not known": "how often is not known",
}
Asked = Literal[
    "recorded by doctors",
    "asked in a trial",
    "own report",
    "examined",
    "laboratory",
    "health records",
    "label",
    "reports to an agency",
    "published cases",
    "several ways",
    "the article",
]


class Frequency(Record):
    """How often, in percent of people: `percent`, or a range `low` to `high`; beside `percent`, the range is its 95 %
    interval. `affected` of `people` where counted. `in_words` where a source gives no number, or to explain one."""

    percent: float | None = Field(None, ge=0, le=100)
    low: float | None = Field(None, ge=0, le=100)
    high: float | None = Field(None, ge=0, le=100)
    affected: int | None = Field(None, ge=0)
    people: int | None = Field(None, gt=0)
    in_words: str = ""
    dose: str
    asked: Asked
    unverified: bool = False
    source: Sources

    @model_validator(mode="after")
    def _says_how_often(self) -> Frequency:
        if self.percent is None and self.low is None and not self.in_words:
            raise ValueError("a frequency needs percent, or low and high, or in_words")
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high belong together")
        if self.low is not None and self.high is not None:
            middle = self.low if self.percent is None else self.percent
            if not self.low <= middle <= self.high:
                raise ValueError(f"{self.low} to {self.high} is no range, or {self.percent} % lies outside it")
        if self.affected is not None:
            if self.people is None or self.affected > self.people:
                raise ValueError(f"{self.affected} affected needs the number of people it was counted in")
            counted = 100 * self.affected / self.people
            if self.percent is not None and abs(counted - self.percent) > 0.6:
                raise ValueError(f"{self.affected} of {self.people} is {counted:.1f} %, not {self.percent} %")
        return self


class SideEffect(Record):
    """`name` in plain words, `term` as doctors say it; `outcome`, the simulated one where there is one; `article`, what
    the article says of it, where it lists it."""

    name: str
    term: str
    group: Literal[
        "skin",
        "eyes",
        "nose and mouth",
        "muscles and bones",
        "mind",
        "head",
        "blood and liver",
        "gut",
        "hair",
        "senses",
        "pregnancy",
        "other",
    ]
    often: Often
    serious: bool = False
    article: str | None = None
    outcome: str | None = None
    frequency: tuple[Frequency, ...] = Field(min_length=1)
    note: str = ""
    checked: Checked

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for one in self.frequency for key in one.source))


@cache
def load_side_effects(treatment: str) -> Mapping[str, SideEffect]:
    """All side effects of a treatment by key, in the order of its file; none where it has no such file.

    >>> load_side_effects("isotretinoin")["cheilitis"].often
    'very common'

    Raises:
        DataError: the file was edited wrongly.
    """
    return read_records(treatment, FILE, dict[str, SideEffect]) or {}
