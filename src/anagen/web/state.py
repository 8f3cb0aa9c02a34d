"""What a link holds: regimens, person and run, under the names of the command line's options.

`/explore?regimen=20 mg once daily&weight=70` is `anagen simulate "20 mg once daily" --weight 70`.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args
from urllib.parse import urlencode

from anagen.errors import InputError, unknown
from anagen.patient.patient import HairEvent, Patient
from anagen.simulation.result import Mode

from .engine import Run

MOST_REGIMENS = 4
LONGEST_TEXT = 2_000
YES = ("1", "true", "yes", "on")
NO = ("", "0", "false", "no", "off")


@dataclass(frozen=True, kw_only=True)
class State:
    """Regimens as text, the person, and the run; `State()` is the command line's defaults.

    >>> state = State.of([("regimen", "20 mg once daily"), ("weight", "82")])
    >>> state.patient.weight_kg, state.query
    (82.0, 'regimen=20+mg+once+daily&weight=82')
    """

    regimens: tuple[str, ...] = ()
    patient: Patient = field(default_factory=Patient)
    run: Run = field(default_factory=Run)

    @classmethod
    def of(
        cls, pairs: Iterable[tuple[str, str]], most_people: int | None = None, most_regimens: int = MOST_REGIMENS
    ) -> State:
        """Read the pairs of a query or a form; an empty value counts as left out, an unknown name is left alone.

        Raises:
            InputError: a value that is none, or out of range.
            PregnancyStop: `pregnant` is said.
        """
        given: dict[str, list[str]] = {}
        for name, value in pairs:
            if value.strip():
                given.setdefault(name, []).append(value.strip())

        def last(name: str, default: str = "") -> str:
            return given.get(name, [default])[-1]

        regimens = tuple(given.get("regimen", ()))
        if len(regimens) > most_regimens:
            raise InputError(f"{len(regimens)} regimens side by side", expected=f"at most {most_regimens}")
        person: dict[str, Any] = {
            "weight_kg": _number("weight", last("weight", "70")),
            "height_cm": _number("height", last("height")) if last("height") else None,
            "age_years": _number("age", last("age", "30")),
            "sex": last("sex", "female"),
            "seborrheic_dermatitis": last("seborrheic-dermatitis", "none"),
            "pattern_hair_loss": _yes("pattern-hair-loss", last("pattern-hair-loss")),
            "ferritin_ug_per_l": _number("ferritin", last("ferritin")) if last("ferritin") else None,
            "supplements": tuple(dict.fromkeys(given.get("supplement", ()))),
            "events": tuple(HairEvent.from_text(text) for text in given.get("event", ())),
            "pregnant": _yes("pregnant", last("pregnant")),
        }
        run = Run(
            weeks=_whole("weeks", last("weeks")) if last("weeks") else None,
            people=_whole("people", last("people", "1000")),
            seed=_whole("seed", last("seed", "1")),
            assume=tuple(dict.fromkeys(given.get("assume", ()))),
            spread=last("spread", "both"),
            mode=_mode(last("mode", "reader")),
        )
        if most_people is not None and run.people > most_people:
            raise InputError(
                f"people: {run.people:,}",
                expected=f"at most {most_people:,} on this page; `anagen simulate --people` takes more",
            )
        return cls(regimens=regimens, patient=Patient(**person), run=run)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What differs from the defaults, as names and values: what a link holds."""
        person, run, usual = self.patient, self.run, State()
        found = [("regimen", text) for text in self.regimens]
        single = {
            "weight": person.weight_kg,
            "height": person.height_cm,
            "age": person.age_years,
            "sex": person.sex,
            "seborrheic-dermatitis": person.seborrheic_dermatitis,
            "pattern-hair-loss": person.pattern_hair_loss,
            "ferritin": person.ferritin_ug_per_l,
        }
        who = usual.patient
        defaults: Mapping[str, Any] = {"weight": who.weight_kg, "age": who.age_years, "sex": who.sex}
        for name, value in single.items():
            if value not in (None, False, "none") and value != defaults.get(name):
                found.append((name, _said(value)))
        found += [("supplement", name) for name in person.supplements]
        found += [("event", f"{event.kind}@{event.day}") for event in person.events]
        found += [("assume", name) for name in run.assume]
        for name in (one.name for one in fields(Run)):
            value = getattr(run, name)
            if name != "assume" and value is not None and value != getattr(usual.run, name):
                found.append((name, _said(value)))
        return found

    @property
    def query(self) -> str:
        """The link's query: the shortest that gives this state again."""
        return urlencode(self.pairs)

    @property
    def command(self) -> str:
        """The same on the command line."""
        verb = "compare" if len(self.regimens) > 1 else "simulate"
        return " ".join(["anagen", verb, *(shlex.quote(text) for text in self.regimens), *self._options])

    @property
    def analyse_command(self) -> str:
        """The analysis on the command line."""
        regimens = [f"--regimen {shlex.quote(text)}" for text in self.regimens]
        return " ".join(["anagen analyse", *regimens, *self._options])

    @property
    def _options(self) -> list[str]:
        options = []
        for name, value in self.pairs:
            if name != "regimen":
                options += [f"--{name}"] if name == "pattern-hair-loss" else [f"--{name}", shlex.quote(value)]
        return options

    def with_(self, **changes: Any) -> State:
        """Another state; names of this class or of `Run`."""
        own = {name: changes.pop(name) for name in ("regimens", "patient") if name in changes}
        return replace(self, run=replace(self.run, **changes), **own)


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{name}: '{text}'", expected="a number, with a point for decimals")
    return value


def _whole(name: str, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 10:
        raise InputError(f"{name}: '{text}'", expected="a whole number")
    return int(text)


def _yes(name: str, text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise InputError(f"{name}: '{text}'", expected="yes or no")


def _mode(text: str) -> Mode:
    modes = get_args(Mode)
    if text not in modes:
        raise unknown("mode", text, modes)
    return text  # type: ignore[return-value]  # just checked


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
