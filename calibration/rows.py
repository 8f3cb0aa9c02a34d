"""Calibration rows: what a study measured, as data. One file for each block, `rows/<block>.toml`, one table a row.

    [farrell-1980-1.0-week-12]
    study = "farrell-1980"        # key of the bibliography
    title = "..."                 # one line for the page
    design, n, dose (regimen text), meal, weight_kg, time_weeks, outcome, value, unit, scale, sd | se | ci | events, ...

A row is a mean (`sd`, `se` or `ci`), a share (`events` of `n`), or a limit (`limit`: the truth is at least, at most).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from anagen.evidence.records import Record, checked
from anagen.evidence.toml_file import read_toml
from anagen.patient.parameters import NORMAL_95

FOLDER = Path(__file__).with_name("rows")
Scale = Literal["log", "logit", "linear"]
Positive = Annotated[float, Field(gt=0)]


class Row(Record):
    """One observed figure.

    `scale` is that on which its error counts as normal; `sd` and `se` are in `unit`, unless `cv` (share of the mean) is
    given instead. `discrepancy` is an SD on `scale` for what the model's structure leaves out, added to the error.
    `se_assumed` says that the study gave no spread. `details` holds what only its block needs (dose in mg/kg, say).
    """

    id: str = ""
    study: str
    title: str
    design: str
    n: Annotated[int, Field(gt=0)] | None = None
    dose: str
    meal: Literal["fasted", "standard", "high-fat", "not stated"]
    meal_assumed: bool = False
    weight_kg: Positive = 70.0
    weight_assumed: bool = True
    time_weeks: Annotated[float, Field(ge=0)]
    outcome: str
    value: float
    unit: str
    scale: Scale = "linear"
    sd: Positive | None = None
    se: Positive | None = None
    cv: Positive | None = None
    ci: tuple[float, float] | None = None
    events: Annotated[int, Field(ge=0)] | None = None
    se_assumed: bool = False
    limit: Literal["at least", "at most"] | None = None
    discrepancy: Annotated[float, Field(ge=0)] = 0.0
    method: str
    source: Annotated[tuple[str, ...], Field(min_length=1)]
    note: str = ""
    details: dict[str, float | str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _spread(self) -> Row:
        given = [name for name in ("sd", "se", "cv", "ci", "events") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"one of sd, se, cv, ci, events (here: {', '.join(given) or 'none'})")
        if self.n is None and {"sd", "cv", "events"} & {*given}:
            raise ValueError("n, which sd, cv and events are divided by")
        if (
            self.events is not None
            and self.n
            and (self.events > self.n or abs(self.events / self.n - self.value) > 0.006)
        ):
            raise ValueError("events out of n, and value their share")
        if self.meal == "not stated" and not self.meal_assumed:
            raise ValueError("meal_assumed = true where the meal is not stated")
        inside = self.scale == "linear" or (self.value > 0 and (self.scale == "log" or self.value < 1))
        if self.events is None and not inside:
            raise ValueError(f"a value within the {self.scale} scale")
        return self

    @property
    def centre(self) -> float:
        """The observed figure on its scale; of shares, half an event more of each kind."""
        if self.events is not None and self.n:
            return math.log((self.events + 0.5) / (self.n - self.events + 0.5))
        return on_scale(self.scale, self.value)

    @property
    def error(self) -> float:
        """SD of the observed figure on its scale, without `discrepancy`."""
        if self.events is not None and self.n:
            return math.sqrt(1 / (self.events + 0.5) + 1 / (self.n - self.events + 0.5))
        if self.ci is not None:
            low, high = (on_scale(self.scale, edge) for edge in self.ci)
            return (high - low) / (2 * NORMAL_95)
        if self.cv is not None:
            own = self.cv * abs(self.value) / math.sqrt(self.n or 1)
        else:
            own = self.se if self.se is not None else (self.sd or 0.0) / math.sqrt(self.n or 1)
        if self.scale == "log":
            return own / self.value
        return own / (self.value * (1 - self.value)) if self.scale == "logit" else own

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the observed figure, in its unit."""
        scale = "logit" if self.events is not None else self.scale
        reach = NORMAL_95 * self.error
        return off_scale(scale, self.centre - reach), off_scale(scale, self.centre + reach)


def on_scale(scale: str, value: float) -> float:
    """A value on the scale on which its error counts as normal.

    >>> on_scale("logit", 0.5)
    0.0
    """
    if scale == "log":
        return math.log(value)
    return math.log(value / (1 - value)) if scale == "logit" else value


def off_scale(scale: str, value: float) -> float:
    """The way back.

    >>> round(off_scale("logit", on_scale("logit", 0.3)), 12)
    0.3
    """
    if scale == "log":
        return math.exp(value)
    return 1 / (1 + math.exp(-value)) if scale == "logit" else value


def read_rows(block: str, folder: Path = FOLDER) -> tuple[Row, ...]:
    """The rows of a block, in the order of the file.

    Raises:
        DataError: file, row, key and what was expected.
    """
    file = folder / f"{block}.toml"
    found = checked(read_toml(file), f"rows/{file.name}", dict[str, Row])
    return tuple(row.model_copy(update={"id": key}) for key, row in found.items())


def without(rows: Sequence[Row], *ids: str) -> tuple[Row, ...]:
    """All rows but some."""
    return tuple(row for row in rows if row.id not in ids)
