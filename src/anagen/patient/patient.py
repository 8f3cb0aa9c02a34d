"""The person described: what is known of them. Adults only; a person known to be pregnant is not simulated."""

from __future__ import annotations

import math
from dataclasses import InitVar, dataclass, field
from typing import Literal, get_args

from anagen.errors import InputError, PregnancyStop, nearest

Sex = Literal["female", "male"]
Severity = Literal["none", "mild", "moderate", "severe"]
EventKind = Literal["fever", "surgery", "crash-diet"]


@dataclass(frozen=True, slots=True)
class HairEvent:
    """Something that sends part of the anagen hairs to catagen: `kind`, first `day`, and the `fraction` if known."""

    kind: EventKind
    day: int
    fraction: float | None = None

    @classmethod
    def from_text(cls, text: str) -> HairEvent:
        """An event as words say it.

        >>> HairEvent.from_text("fever@30")
        HairEvent(kind='fever', day=30, fraction=None)

        Raises:
            InputError: not a kind and a day.
        """
        kind, _, day = text.partition("@")
        try:
            return cls(kind, int(day))  # type: ignore[arg-type]  # Patient checks the kind
        except ValueError:
            raise InputError(
                f"not an event: '{text}'",
                expected="a kind and the day it begins, such as fever@30",
                nearest=[f"{near}@30" for near in nearest(kind, get_args(EventKind))],
            ) from None


def _in_range(name: str, value: object, low: float, high: float, unit: str) -> None:
    if not isinstance(value, int | float) or not math.isfinite(value) or not low <= value <= high:
        raise InputError(f"{name} is {value} {unit}".rstrip(), expected=f"from {low:g} to {high:g} {unit}".rstrip())


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InputError(f"unknown {name} '{value}'", expected=", ".join(choices), nearest=nearest(value, choices))


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One adult. Weight in kg (30 to 250), height in cm, age in years (18 to 100), ferritin in ug/L.

    >>> Patient(weight_kg=70).sex
    'female'
    >>> Patient(weight_kg=20)
    Traceback (most recent call last):
    ...
    anagen.errors.InputError: ...

    Raises:
        InputError: a value outside its range, or an unknown choice.
        PregnancyStop: `pregnant` is true.
    """

    weight_kg: float = 70.0
    height_cm: float | None = None
    age_years: float = 30.0
    sex: Sex = "female"
    seborrheic_dermatitis: Severity = "none"
    pattern_hair_loss: bool = False
    ferritin_ug_per_l: float | None = None
    supplements: tuple[str, ...] = ()
    events: tuple[HairEvent, ...] = field(default=())
    pregnant: InitVar[bool] = False  # never stored: it stops, or it was not said

    def __post_init__(self, pregnant: bool) -> None:
        if pregnant:
            raise PregnancyStop("the input says the person is pregnant: nothing is simulated")
        _in_range("weight", self.weight_kg, 30, 250, "kg")
        _in_range("age", self.age_years, 18, 100, "years (adults only)")
        if self.height_cm is not None:
            _in_range("height", self.height_cm, 100, 250, "cm")
        if self.ferritin_ug_per_l is not None:
            _in_range("ferritin", self.ferritin_ug_per_l, 0, 5000, "ug/L")
        _one_of("sex", self.sex, get_args(Sex))
        _one_of("severity of seborrheic dermatitis", self.seborrheic_dermatitis, get_args(Severity))
        for event in self.events:
            _one_of("event", event.kind, get_args(EventKind))
            _in_range("day of the event", event.day, 0, 5 * 366, "")
            if event.fraction is not None:
                _in_range("fraction of hairs in the event", event.fraction, 0, 0.9, "")

    @property
    def severity(self) -> float:
        """Seborrheic dermatitis from 0 (none) to 1 (severe); the steps in between are assumed equal."""
        return get_args(Severity).index(self.seborrheic_dermatitis) / 3
