"""What a row measures: from its words to a signal of the engine, its unit and how well it can be measured."""

from __future__ import annotations

from dataclasses import dataclass, replace

from anagen.errors import nearest
from anagen.treatments.registry import table
from anagen.trial.vocabulary import vocabulary
from anagen.validation.instruments import HAIR_LOSS
from anagen.validation.units import UnitFault

EXPOSURE = ("auc_inf", "auc_0_t", "auc_tau", "cmax", "tmax", "half_life", "cavg", "cmin")
AREAS, LEVELS, TIMES = EXPOSURE[:3], ("cmax", "cavg", "cmin"), ("tmax", "half_life")
ANALYTES = ("parent", "metabolite")
TIMING = ("onset", "duration", "peak")
LEVEL_SIGNALS = {"parent": "concentration_mean", "metabolite": "metabolite_mean"}
HAIR = {
    "shedding": "shed_per_day",
    "telogen": "telogen_percent",
    "anagen": "telogen_percent",  # the rest of the visible hairs
    "anagen follicles": "anagen_percent",
    "clubs": "club_percent",
    "density": "density_per_cm2",
    "volume": "volume_fraction",
    "comb count": "comb_count_60s",
    "wash count": "wash_count",
    "pull test": "pull_test_count",
}
_HAIR_UNITS = {"anagen_percent": "% of follicles", "club_percent": "% of hairs", "wash_count": "hairs"}
COUNTS = {"comb_count_60s", "wash_count", "pull_test_count"}
"""Whole hairs are counted, so that a person's count varies about what is expected of it."""
SEBUM, SCORE = "sebum_fraction", "dermatitis_fraction"


class NoSuchQuantity(UnitFault):
    """A word that names nothing of this kind."""


@dataclass(frozen=True)
class Quantity:
    """What is measured: `label` as the row says it, `signal` in the engine, own `unit`, `noise` (SD of the log of a
    reading), `upper_limit` of normal, whether it is `counted`, and whether it is the `rest` to 100 % of the signal."""

    label: str
    signal: str
    unit: str = ""
    noise: float = 0.0
    upper_limit: float | None = None
    counted: bool = False
    rest: bool = False

    @property
    def relative(self) -> bool:
        """Whether the engine gives it only as a share of the person's own value before."""
        return self.unit.startswith("fraction")


def quantity_of(kind: str, word: str | None, treatment: str) -> Quantity:
    """The quantity that a row of a kind names.

    >>> quantity_of("laboratory", "ALT", "isotretinoin").signal, quantity_of("sebum", None, "isotretinoin").noise
    ('alt_u_per_l', 0.2)

    Raises:
        NoSuchQuantity: a word that is missing, or names nothing of this kind.
    """
    if kind in ("sebum", "score"):
        _among(kind, word or kind, (kind,))
        return _series(kind, SEBUM if kind == "sebum" else SCORE, treatment)
    if kind == "exposure":
        word = _among(kind, word, EXPOSURE)
        return Quantity(word, word)
    if kind == "concentration":
        _among(kind, word or kind, (kind,))
        return Quantity(kind, kind)
    if kind == "timing":
        word = _among(kind, word, TIMING)
        return Quantity(word, word)
    if kind == "hair":
        word = _among(kind, word, tuple(HAIR))
        return _series(word, HAIR[word], treatment, rest=word == "anagen")
    if kind == "complaint":
        symptoms = {**vocabulary(treatment).symptoms, HAIR_LOSS: HAIR["shedding"]}
        word = _among(kind, word, tuple(symptoms))
        return Quantity(word, symptoms[word])
    known = laboratory(treatment)
    return replace(known[_among(kind, word, tuple(known))], label=str(word))


def laboratory(treatment: str) -> dict[str, Quantity]:
    """Blood values and nutrients by every word, in small letters."""
    series = table(treatment, "series.toml")
    blood = {name for name, entry in series.items() if entry.get("group") in ("blood", "nutrients")}
    signals = vocabulary(treatment).signals
    names = {word: signal.name for word, signal in signals.items() if signal.name in blood}
    names |= {name: name for name in blood}
    names |= {name.removesuffix("_fraction").replace("_", " "): name for name in blood if name.endswith("_fraction")}
    return {word.casefold(): _series(word, name, treatment) for word, name in sorted(names.items())}


def _series(label: str, signal: str, treatment: str, *, rest: bool = False) -> Quantity:
    entry = table(treatment, "series.toml").get(signal, {})
    known = {s.name: s for s in vocabulary(treatment).signals.values()}.get(signal)
    return Quantity(
        label,
        signal,
        entry.get("unit", _HAIR_UNITS.get(signal, "")),
        known.noise if known else 0.0,
        known.upper_limit if known else None,
        signal in COUNTS,
        rest,
    )


def _among(kind: str, word: str | None, known: tuple[str, ...]) -> str:
    if word is None:
        raise NoSuchQuantity(f"a row of kind {kind} needs the key quantity", ", ".join(known))
    folded = {choice.casefold(): choice for choice in known}
    if word.casefold() not in folded:
        raise NoSuchQuantity(f"unknown quantity of kind {kind}: '{word}'", ", ".join(known), nearest(word, known))
    return folded[word.casefold()]
