"""What a model number is asked to be (`numbers.toml`), and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from anagen.analysis.figure import Table
from anagen.errors import InputError, nearest
from anagen.evidence.records import Record, Sources, read_records

FILE = "numbers.toml"


class Rate(Record):
    """A published rate of reports: `affected` of `people`, and the percent that was published."""

    label: str
    percent: float
    affected: int
    people: int


class Spec(Record):
    """`function` names the function; `says` is its sentence, with the function's values in braces. The rest is what
    functions read: regimens, the person, outcomes; `said_as` gives short names to values for the sentence."""

    title: str
    function: str
    says: str
    regimens: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    weights_kg: tuple[float, ...] = (70.0,)
    dermatitis: tuple[str, ...] = ("none",)
    pattern_hair_loss: bool = False
    supplements: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    weeks: int = 52
    days: tuple[int, ...] = (7,)
    share_percent: float = 70.0
    rates: tuple[Rate, ...] = ()
    backgrounds_percent: tuple[float, ...] = ()
    said_as: Mapping[str, str] = {}
    source: Sources


@dataclass(frozen=True)
class ModelNumber:
    """A computed number: its sentence, the values it is made of, and the table behind it. `people` simulated people, or
    the typical person alone where it is 1; `assumed` hypotheses acted."""

    name: str
    title: str
    says: str
    values: Mapping[str, float]
    table: Table
    people: int
    assumed: tuple[str, ...]
    source: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The number as the command line prints it."""
        return asdict(self)

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> ModelNumber:
        """The same back again."""
        lists = {key: tuple(table[key]) for key in ("assumed", "source")}
        return cls(**{**table, **lists, "table": Table(**table["table"])})


@cache
def specs(treatment: str) -> Mapping[str, Spec]:
    """All model numbers of a treatment by name; none where it has no such file.

    >>> specs("isotretinoin")["splitting-levels"].function
    'levels'

    Raises:
        DataError: the file was edited wrongly.
    """
    return read_records(treatment, FILE, dict[str, Spec]) or {}


def spec(name: str, treatment: str) -> Spec:
    """One of them.

    Raises:
        InputError: no such number; the nearest names are offered.
    """
    known = specs(treatment)
    if name not in known:
        raise InputError(
            f"unknown model number: '{name}'", expected=", ".join(known), nearest=nearest(name, list(known))
        )
    return known[name]
