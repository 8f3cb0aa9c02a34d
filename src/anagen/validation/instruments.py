"""How a thing is measured, where that changes what is seen: gains of instruments, and who complains of hair loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from anagen.evidence.toml_file import read_toml

FILE = Path(__file__).with_name("instruments.toml")
HAIR_LOSS = "hair loss"


@dataclass(frozen=True)
class Instrument:
    """Shows the share `gain` (lowest, highest) of a true change."""

    name: str
    gain: tuple[float, float]


@cache
def _tables() -> Mapping[str, Any]:
    return read_toml(FILE)


@cache
def instruments(kind: str) -> Mapping[str, Instrument]:
    """Instruments for a kind of row by every word, in small letters; empty where any is as good.

    >>> instruments("sebum")["sebumeter"].gain, dict(instruments("hair"))
    ((0.4, 1.0), {})
    """
    known: dict[str, Instrument] = {}
    for name, entry in _tables().get(kind, {}).items():
        instrument = Instrument(name, (float(entry["gain"][0]), float(entry["gain"][1])))
        known |= {word.casefold(): instrument for word in entry["words"]}
    return known


@dataclass(frozen=True)
class Complaint:
    """Who complains of hair loss: shedding over `times_usual` times the own usual, and a `background` share of all."""

    times_usual: float
    background: tuple[float, float]


@cache
def hair_loss() -> Complaint:
    """The rule of `docs/trial-lytvyn.md`.

    >>> hair_loss()
    Complaint(times_usual=2.0, background=(0.0, 0.028))
    """
    entry = _tables()[HAIR_LOSS]
    return Complaint(float(entry["times_usual"]), (float(entry["background"][0]), float(entry["background"][1])))
