"""What the dose explorer was asked: by a link, or by its form, where each regimen stands as text and as controls.

A form sends both sides of a regimen, and both as they were shown; the side that changed is the regimen, and the other
follows it. `pairs` are those of a link, whichever was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from anagen.errors import InputError, RegimenError, nearest
from anagen.regimen.regimen import Regimen

from ..controls import UNITS, Controls
from ..state import MOST_REGIMENS

FIRST = "20 mg once daily with food for 24 weeks"
SECOND = "10 mg every other day with food for 24 weeks"
HOURS = "hours"
NONE = "none"
USUAL = (
    HOURS,
    "isotretinoin_ng_per_ml",
    "sebum_fraction",
    "dermatitis_fraction",
    "triglycerides_mg_per_dl",
    "alt_u_per_l",
    "shed_per_day",
    "density_per_cm2",
)
"""Drawn where the link does not say which series."""
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Side:
    """One regimen of a form: its text, and what must be shown anew: the text, the controls, or only the dose."""

    text: str
    follow: frozenset[Literal["text", "controls", "dose"]] = frozenset()

    @classmethod
    def of(cls, fields: Mapping[str, str], weight_kg: float | None) -> Side:
        """`fields` are those of one regimen: text, was, set (the controls' text as shown), and the controls."""
        text, was, used, shown = (" ".join(fields.get(name, "").split()) for name in ("text", "was", "use", "set"))
        controls, before = Controls.sent(fields), shown.split()
        if used:
            return cls(used, frozenset({"text", "controls"}))
        if text != was:
            return cls(text, frozenset({"controls"}))
        if controls is None or controls.text == shown:
            return cls(text)
        only_unit = len(before) > 1 and before[0] == controls.dose and before[1] in UNITS
        if weight_kg and only_unit and controls.unit != before[1]:
            other = replace(controls, unit=before[1]).in_unit(controls.unit, weight_kg)
            return cls(other.text, frozenset({"text", "dose"}))
        return cls(controls.text, frozenset({"text"}))


@dataclass(frozen=True)
class Asked:
    """`pairs` as a link has them, without the series; `sides`, one for each regimen of a form, none of a link."""

    pairs: Pairs
    series: tuple[str, ...] = USUAL
    sides: tuple[Side, ...] = ()
    moved: bool = False
    """Whether a regimen was added or removed."""

    @classmethod
    def of(cls, sent: Iterable[tuple[str, str]]) -> Asked:
        """Read the pairs of a query: a link's, or the form's, whose names are `r0.text`, `r0.dose` and so on.

        >>> Asked.of([("regimen", "20 mg daily"), ("weight", "82"), ("series", "none")]).series
        ()
        """
        sent = list(sent)
        cards: dict[int, dict[str, str]] = {}
        rest: list[tuple[str, str]] = []
        for name, value in sent:
            place, dot, field = name.partition(".")
            if dot and place in [f"r{i}" for i in range(MOST_REGIMENS)]:
                cards.setdefault(int(place[1:]), {})[field] = value
            else:
                rest.append((name, value))
        chosen = [value.strip() for name, value in rest if name == "series" and value.strip()]
        none = bool(cards) and any(name == "series" for name, _ in rest)  # the form says that it has such boxes
        series = tuple(dict.fromkeys(name for name in chosen if name != NONE)) if chosen or none else USUAL
        own = ("series", "add", "remove", "event.kind", "event.day", *(("regimen",) if cards else ()))
        plain = [(name, value.strip()) for name, value in rest if name not in own and value.strip()]
        plain += [("event", event) for event in _events(rest)]
        if not cards:
            return cls(tuple(plain), series)
        weight = _weight(plain)
        sides = [Side.of(fields, weight) for _, fields in sorted(cards.items())]
        texts = [side.text for side in sides]
        adds, removes = (_last(rest, name) for name in ("add", "remove"))
        if removes.isdecimal() and int(removes[:2]) < len(texts) and len(texts) > 1:
            texts.pop(int(removes))
        elif adds and len(texts) < MOST_REGIMENS:
            texts.append(another(texts))
        regimens = [("regimen", text) for text in texts if text]
        return cls((*regimens, *plain), series, tuple(sides), bool(adds or removes))

    @property
    def regimens(self) -> tuple[str, ...]:
        """The texts, as they were written."""
        return tuple(value for name, value in self.pairs if name == "regimen")

    @property
    def series_pairs(self) -> list[tuple[str, str]]:
        """What the link says of the series; nothing where they are the usual ones."""
        if set(self.series) == set(USUAL):
            return []
        return [("series", name) for name in self.series] or [("series", NONE)]

    @property
    def query(self) -> str:
        """The link's query, whether or not it can be read."""
        return urlencode([*self.pairs, *self.series_pairs])

    def check_series(self, known: Iterable[str]) -> None:
        """Refuse a series that there is not.

        Raises:
            InputError: with the nearest names.
        """
        names = (HOURS, *known)
        for name in self.series:
            if name not in names:
                raise InputError(f"unknown series: '{name}'", expected=", ".join(names), nearest=nearest(name, names))


def another(texts: Iterable[str]) -> str:
    """A regimen to set beside these: the last with half the dose, halved again where that is there already.

    >>> another(["20 mg once daily for 8 weeks"])
    '10 mg once daily for 8 weeks'
    """
    texts = list(texts)
    try:
        regimen = Regimen.from_text(texts[-1])
        controls = Controls.of(regimen)
        while controls and regimen.text in texts:
            controls = replace(controls, dose=f"{float(controls.dose) / 2:.6g}")
            regimen = Regimen.from_text(controls.text)
        if controls:
            return regimen.text
    except (RegimenError, IndexError):
        pass
    return next((text for text in (FIRST, SECOND) if text not in texts), "5 mg once daily with food for 24 weeks")


def _events(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """`fever@30` of each row of the form; a row without a kind is empty."""
    pairs = list(pairs)
    kinds, days = ([value.strip() for name, value in pairs if name == f"event.{part}"] for part in ("kind", "day"))
    return [f"{kind}@{day or 0}" for kind, day in zip(kinds, days, strict=False) if kind]


def _last(pairs: Iterable[tuple[str, str]], name: str) -> str:
    return next((value.strip() for key, value in reversed(list(pairs)) if key == name), "")


def _weight(pairs: Iterable[tuple[str, str]]) -> float | None:
    try:
        weight = float(_last(pairs, "weight") or 70)
    except ValueError:
        return None
    return weight if 30 <= weight <= 250 else None
