"""What a FHIR text says was taken and measured, as plain values: the diary makes its own entries of them."""

from __future__ import annotations

from dataclasses import dataclass

from .moments import Moment


@dataclass(frozen=True, slots=True)
class Administration:
    """A dose that was taken, in mg; 0 where it is said that it was not.

    `when` is a `date` where only the day is known, else an aware `datetime`; `path`, where it stands in the text.
    """

    when: Moment
    dose_mg: float
    product: str | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measured value in `unit`, a UCUM code, and the laboratory's range in the same; `sent` is as it was sent.

    `name` is that of `loinc.toml`, such as `ferritin`; `when` as of an `Administration`.
    """

    when: Moment
    name: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    loinc: str = ""
    sent: str = ""
    path: str = ""
