"""What rules may speak of: the signals and symptoms of a treatment, from its `trial.toml` and `series.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from anagen.errors import DataError, nearest
from anagen.treatments.registry import table

T = TypeVar("T")
FILE = "trial.toml"
_KEYS = {"words", "unit", "upper_limit", "noise_sd_log", "highest", "upper_limit_source", "noise_source"}


@dataclass(frozen=True)
class Signal:
    """A value measured at visits: `name` in the engine, `word` in a rule, `unit` in a rule (maybe empty).

    `upper_limit` is the upper limit of normal (ULN) in that unit, or None; a measured value is the true one times
    exp(`noise` · z); no value is above `highest`.
    """

    name: str
    word: str
    unit: str
    upper_limit: float | None = None
    noise: float = 0.0
    highest: float = float("inf")


@dataclass(frozen=True)
class Vocabulary:
    """Signals and symptoms (name in the engine) by every word, in small letters, that a rule may use for them."""

    signals: Mapping[str, Signal]
    symptoms: Mapping[str, str]
    symptom_words: Mapping[str, str]
    default_endpoints: tuple[str, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that some signal has."""
        return tuple(dict.fromkeys(signal.unit for signal in self.signals.values() if signal.unit))

    def words(self) -> tuple[str, ...]:
        """How signals and symptoms are printed."""
        return tuple(dict.fromkeys([*(s.word for s in self.signals.values()), *self.symptom_words.values()]))


@cache
def vocabulary(treatment: str = "isotretinoin") -> Vocabulary:
    """The words of a treatment.

    >>> words = vocabulary()
    >>> words.signals["tg"].name, words.signals["alt"].upper_limit, words.symptoms["dry lips"]
    ('triglycerides_mg_per_dl', 40.0, 'cheilitis')

    Raises:
        InputError: no such treatment.
        DataError: its `trial.toml` was edited wrongly.
    """
    tables, series = table(treatment, FILE), table(treatment, "series.toml")
    shown = {entry.get("signal", name): (name, entry) for name, entry in series.items()}
    signals: dict[str, Signal] = {}
    for name, entry in tables.get("signals", {}).items():
        unknown = sorted(set(entry) - _KEYS)
        if unknown:
            raise DataError(
                f"{FILE}: signals.{name}.{unknown[0]} is not a key that belongs here",
                expected=", ".join(sorted(_KEYS)),
                nearest=nearest(unknown[0], sorted(_KEYS)),
            )
        if name not in shown:
            raise DataError(f"{FILE}: signals.{name} is no signal of series.toml", nearest=nearest(name, list(shown)))
        signal = Signal(
            name,
            entry["words"][0],
            entry.get("unit", shown[name][1]["unit"]),
            entry.get("upper_limit"),
            entry.get("noise_sd_log", 0.0),
            entry.get("highest", float("inf")),
        )
        _enter(signals, {word: signal for word in dict.fromkeys([*entry["words"], name])})
    known = {signal.name for signal in signals.values()}
    for name, (own, entry) in shown.items():
        if name not in known:  # measured without error, for lack of anything known
            unit = "of baseline" if "baseline" in entry["unit"] else entry["unit"]
            word = own.rsplit("_fraction", 1)[0].replace("_", " ") if own.endswith("_fraction") else own
            _enter(signals, {word: Signal(name, word, unit)})
    symptoms: dict[str, str] = {}
    for name, words in tables.get("symptoms", {}).items():
        _enter(symptoms, dict.fromkeys(words, name))
    return Vocabulary(
        MappingProxyType(signals),
        MappingProxyType(symptoms),
        MappingProxyType({name: words[0] for name, words in tables.get("symptoms", {}).items()}),
        tuple(tables.get("default_endpoints", ())),
    )


def _enter(known: dict[str, T], words: Mapping[str, T]) -> None:
    for word, meant in words.items():
        if word.casefold() in known:
            raise DataError(f"{FILE}: '{word}' means two things", expected="a word for one signal or symptom")
        known[word.casefold()] = meant
