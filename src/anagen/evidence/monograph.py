"""The monograph of a treatment: identity, licence, what forbids it, what it does not go with, how it is watched, and
the pregnancy programmes of countries, each with the day it was last checked."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from anagen.errors import DataError

from .records import Checked, Record, Sources, read_records

FILE = "monograph.toml"


class Stated(Record):
    """A statement with its source; `where` is a jurisdiction (`EU`, `US`, `UK`, ...) or a body of experts."""

    text: str
    where: str
    unverified: bool = False
    source: Sources
    checked: Checked


class Identifier(Record):
    """A code in a system of names."""

    system: str
    code: str
    unverified: bool = False
    source: Sources


class Form(Record):
    """A form of the drug, and the formulation by which the model knows it (none for what the model does not take)."""

    name: str
    route: Literal["oral", "topical"]
    formulation: str = ""
    text: str
    unverified: bool = False
    source: Sources


class Indication(Stated):
    """What it is used for: `standing` is that of the use in `where`; `advised` is what a body of experts says."""

    use: str
    standing: Literal["licensed", "off label", "not approved", "advised"]


class Interaction(Stated):
    """What it does not go with: `other` is the drug, supplement or habit; `level` says how serious."""

    other: str
    level: Literal["forbidden", "caution", "note"]


class Monitoring(Stated):
    """A test: `test`, and `when`."""

    test: str
    when: str


DAY = r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$"


class Point(Stated):
    """A rule of a programme, `since` and `until` when (`2021-12` or `2026-01-22`), as far as that is known."""

    since: str = Field("", pattern=DAY)
    until: str = Field("", pattern=DAY)

    @model_validator(mode="after")
    def _in_order(self) -> Point:
        if self.until and self.until < self.since:
            raise ValueError(f"a rule cannot end ({self.until}) before it begins ({self.since})")
        return self


class Programme(Record):
    """The pregnancy programme of a country: `points` in the order of time, and how it stands (`status`) on the day
    `checked`."""

    where: str
    name: str
    points: tuple[Point, ...] = Field(min_length=1)
    status: str
    checked: Checked


class Monograph(Record):
    """All of it, in the order in which the page shows it. `teratogenic` sets the harm to its highest level."""

    name: str
    systematic_name: str
    formula: str
    molar_mass_g_per_mol: float
    teratogenic: bool
    harm: int = Field(4, ge=1, le=4)
    identifiers: tuple[Identifier, ...] = Field(min_length=1)
    identity_source: Sources
    forms: tuple[Form, ...]
    indications: tuple[Indication, ...]
    contraindications: tuple[Stated, ...]
    interactions: tuple[Interaction, ...]
    monitoring: tuple[Monitoring, ...]
    pregnancy_programmes: tuple[Programme, ...]
    evidence_on_pregnancy: tuple[Stated, ...]


@cache
def load_monograph(treatment: str) -> Monograph:
    """The monograph of a treatment.

    >>> load_monograph("isotretinoin").teratogenic
    True

    Raises:
        DataError: there is none, or it was edited wrongly.
    """
    found: Monograph | None = read_records(treatment, FILE, Monograph)
    if found is None:
        raise DataError(f"the treatment {treatment} has no {FILE}", expected="a file with its monograph")
    return found
