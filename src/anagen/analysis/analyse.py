"""The treatment analysis: regimens in people like the one described, with claims, ratings and evidence around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from functools import cached_property, partial
from typing import Any

from anagen.errors import InputError
from anagen.evidence.claims import load_claims
from anagen.evidence.monograph import load_monograph
from anagen.patient.draws import Spread
from anagen.patient.patient import Patient
from anagen.regimen.regimen import Regimen
from anagen.simulation.compare import Comparison, beside_untreated
from anagen.simulation.forms import Forms
from anagen.simulation.result import Mode, Simulation
from anagen.treatments.registry import Treatment
from anagen.treatments.registry import treatment as find_treatment

from .claim_cards import claim_json
from .computed.spec import ModelNumber
from .computed.store import numbers
from .content import content
from .map.mechanism_map import MechanismMap, mechanism_map
from .ratings import Rating, rate

SIMULATED = 0.7
"""Share of the progress bar for the simulations; the rest is for the numbers on claims."""


@dataclass(frozen=True, eq=False)
class Analysis(Forms):
    """`arms` of the same people in the order given, and `untreated`; `comparison` where there are two arms or more.
    `numbers`, what the model says on claims."""

    arms: tuple[Simulation, ...]
    untreated: Simulation
    comparison: Comparison | None
    numbers: Mapping[str, ModelNumber]

    @property
    def treatment(self) -> Treatment:
        return self.arms[0].treatment

    @cached_property
    def ratings(self) -> tuple[Rating, ...]:
        """Each outcome on three scales, for the person described."""
        return rate(self.arms, self.untreated)

    @cached_property
    def map(self) -> MechanismMap:
        """What drives what, from the wiring of the first arm."""
        return mechanism_map(self.arms[0])

    def page(self, *, date: Date | None = None) -> str:
        """The page, as one HTML file; `date` is the date on it, today where left out."""
        from .analysis_page import analysis_page

        return analysis_page(self, date=date)

    def to_json(self) -> dict[str, Any]:
        """The object that `anagen analyse --json` prints."""
        if self.comparison:
            run = self.comparison.to_json()
        else:
            arm = self.arms[0].to_json()
            shared = {key: arm[key] for key in ("treatment", "patient", "assumed", "mode", "safety", "provenance")}
            run = {**shared, "arms": [arm], "untreated": self.untreated.to_json(), "paired": []}
        name = self.treatment.name
        return {
            **run,
            "ratings": [rating.to_json() for rating in self.ratings],
            "map": self.map.to_json(),
            "claims": [claim_json(identity, claim, self.numbers) for identity, claim in load_claims(name).items()],
        }


def analyse(
    treatment: str | Treatment = "isotretinoin",
    regimens: Sequence[str | Regimen] | None = None,
    patient: Patient | None = None,
    *,
    weeks: int | None = None,
    people: int = 1000,
    seed: int = 1,
    assume: Iterable[str] = (),
    spread: Spread = "both",
    mode: Mode = "reader",
    progress: Callable[[float], None] | None = None,
) -> Analysis:
    """Analyse a treatment for one person and people like them.

    Args:
        treatment: a name, or what `treatment()` gave.
        regimens: one to eight; those of the treatment's own page where left out.
        progress: called with the share done, 0 to 1.
        patient, weeks, people, seed, assume, spread, mode: as for `simulate`.

    Raises:
        DataError: the treatment has no monograph, or a data file was edited wrongly.
        InputError: no regimen, more than eight, the same one twice, an unknown name, or a number out of range.
        RegimenError: a regimen that cannot be read, or must not be simulated.
        PregnancyStop: by `Patient`, before anything is computed.

    >>> analysis = analyse("isotretinoin", ["10 mg once daily with food for 8 weeks"], weeks=12, people=60)
    >>> analysis.ratings[0].harm
    4
    """
    drug = treatment if isinstance(treatment, Treatment) else find_treatment(treatment)
    load_monograph(drug.name)  # without one there is nothing to analyse, and no need to simulate
    patient = patient or Patient()
    assumed = tuple(dict.fromkeys(assume))
    chosen = list(content(drug.name).get("regimens", ()) if regimens is None else regimens)
    if not 1 <= len(chosen) <= 8:
        raise InputError(f"{len(chosen)} regimens to analyse", expected="from 1 to 8")
    report = partial(_part, progress, 0.0, SIMULATED) if progress else None
    options: dict[str, Any] = {"people": people, "seed": seed, "assume": assumed, "spread": spread, "mode": mode}
    arms, untreated = beside_untreated(drug, chosen, patient, weeks=weeks, progress=report, **options)
    later = partial(_part, progress, SIMULATED, 1.0) if progress else None
    found = analysis_of(arms, untreated, later)
    if progress:
        progress(1.0)
    return found


def analysis_of(
    arms: Sequence[Simulation], untreated: Simulation, progress: Callable[[float], None] | None = None
) -> Analysis:
    """The analysis of regimens that were simulated already, in the same people; `untreated` are these without any.

    `progress` is called with the share done, 0 to 1, where the numbers on claims have to be computed.
    """
    both = Comparison(tuple(arms), untreated) if len(arms) > 1 else None
    return Analysis(tuple(arms), untreated, both, numbers(arms[0].treatment, tuple(arms[0].assumed), progress))


def _part(progress: Callable[[float], None], start: float, end: float, share: float) -> None:
    progress(start + (end - start) * share)
