"""SBML: the whole cascade of one person under one regimen, as equations that other programs run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from anagen.errors import InputError, unknown
from anagen.mechanisms.follicles import Follicles
from anagen.patient.draws import Spread
from anagen.patient.patient import Patient
from anagen.patient.streams import TYPICAL
from anagen.regimen.regimen import Regimen
from anagen.safety import notices
from anagen.simulation.provenance import provenance
from anagen.simulation.run import TILES
from anagen.simulation.simulate import LONGEST_WEEKS, NO_DOSES, default_weeks
from anagen.treatments.registry import Treatment
from anagen.treatments.registry import treatment as find_treatment

from .sbml_events import shares_by_day, write_life_events
from .sbml_exposure import write_doses, write_exposure
from .sbml_formula import libsbml
from .sbml_model import Model
from .sbml_notes import write_notes, write_provenance
from .sbml_person import Drawn, draw
from .sbml_registry import write_mechanism

LARGEST_NUMBER = 2**31 - 2


@dataclass(frozen=True)
class SbmlFile:
    """A written model: its `text` (XML); `names` of what Anagen publishes and the file holds; what is `left_out`, in
    sentences; `safety` notices; `findings` of libSBML's consistency check (severity, message); `doses` written."""

    text: str
    names: tuple[str, ...]
    left_out: tuple[str, ...]
    safety: tuple[Mapping[str, str], ...]
    findings: tuple[tuple[str, str], ...]
    doses: int
    weeks: int
    person: int | Literal["typical"]
    regimen: str
    provenance: Mapping[str, Any]


def export_sbml(
    treatment: str | Treatment,
    regimen: str | Regimen | None,
    patient: Patient | None = None,
    *,
    person: int | Literal["typical"] = "typical",
    weeks: int | None = None,
    seed: int = 1,
    assume: Iterable[str] = (),
    spread: Spread = "both",
    check: bool = True,
) -> SbmlFile:
    """The model of one person as SBML Level 3 Version 2, with doses as events and units on everything.

    Args:
        treatment, regimen, patient: as in `simulate`; no regimen is no treatment.
        person: "typical", or the number of a drawn person, who is the same as in `simulate` with this seed and spread.
        weeks: how long the file can be run; by default the course and 28 weeks after. Later doses are not in it.
        seed, assume, spread: as in `simulate`.
        check: run libSBML's consistency check, with units.

    Raises:
        InputError: an unknown name, a number out of range, a hypothesis or mechanism without SBML form, no libSBML.
        RegimenError: a regimen that cannot be read, or must not be simulated.
        PregnancyStop: by `Patient`, before anything is computed.

    >>> file = export_sbml("isotretinoin", "20 mg once daily with food for 4 weeks", Patient(weight_kg=70), weeks=8)
    >>> file.doses, [finding for finding in file.findings if finding[0] == "Error"], "shed_per_day" in file.names
    (28, [], True)
    """
    libsbml()
    drug = treatment if isinstance(treatment, Treatment) else find_treatment(treatment)
    patient = patient or Patient()
    assumed = tuple(dict.fromkeys(assume))
    for name in assumed:
        drug.hypothesis(name)
    if spread not in get_args(Spread):
        raise unknown("spread", spread, get_args(Spread))
    number = _number(person)
    if not 0 <= seed < 2**32:
        raise InputError(f"seed: {seed}", expected=f"a whole number from 0 to {2**32 - 1:,}")
    course = Regimen.from_text(regimen, drug.name) if isinstance(regimen, str) else regimen
    events = course.events(patient.weight_kg) if course else NO_DOSES
    if weeks is not None and not 1 <= weeks <= LONGEST_WEEKS:
        raise InputError(f"weeks: {weeks}", expected=f"a whole number from 1 to {LONGEST_WEEKS:,}")
    length = weeks if weeks is not None else default_weeks(events)
    safety = notices(drug, course, patient, assumed)
    drawn = draw(drug, events, patient, number=number, seed=seed, assumed=frozenset(assumed), spread=spread)

    label = course.text if course else "no treatment"
    model = Model(_identity(drug.name), f"{drug.name}: {label}", drawn.start)
    try:
        doses = _write_body(model, drug, patient, drawn, 7 * length)
    except InputError as error:
        if not assumed:
            raise
        message = f"{error.message} (assumed: {', '.join(assumed)})"
        raise InputError(message, expected=f"{error.expected}; leave out what was assumed") from None
    if later := events.time_h.size - doses:
        model.left_out.append(f"{later} dose{'s' if later > 1 else ''} after week {length}, where the file ends")
    facts = _facts(drawn.number, length, label, assumed)
    write_notes(model, safety, f"{drug.name}: {label}", facts, model.left_out)
    made = _provenance(drug, label, patient, number=person, weeks=length, seed=seed, spread=spread, assumed=assumed)
    write_provenance(model, made)
    return SbmlFile(
        text=model.text(),
        names=tuple(model.published),
        left_out=tuple(model.left_out),
        safety=safety,
        findings=tuple(model.findings()) if check else (),
        doses=doses,
        weeks=length,
        person=person,
        regimen=label,
        provenance=made,
    )


def _write_body(model: Model, drug: Treatment, patient: Patient, drawn: Drawn, days: int) -> int:
    """Exposure, doses, mechanisms in the order of the flow, events of the person's life; gives the doses written."""
    write_exposure(model, drawn.wiring.exposure, drawn.routes, float(drawn.wiring.off_drug))
    doses = write_doses(model, drawn.entries, drawn.routes, patient.weight_kg, days)
    for block in drawn.wiring.mechanisms:
        write_mechanism(model, block, days)
        if isinstance(block, Follicles):
            kinds = drug.model.event_days(drug.parameters)
            shares = shares_by_day(patient, kinds, drawn.pulses)
            write_life_events(model, shares, block.visible_after, days)
    model.finish()
    return doses


def _number(person: int | str) -> int:
    """The engine's number of a person: -1 for the typical one."""
    if person == "typical":
        return TYPICAL
    if isinstance(person, bool) or not isinstance(person, int) or not 0 <= person <= LARGEST_NUMBER:
        raise InputError(
            f"there is no person '{person}'",
            expected=f"typical, or the number of a simulated person from 0 to {LARGEST_NUMBER:,}",
            nearest="typical",
        )
    return person


def _identity(name: str) -> str:
    """An SBML identifier."""
    return "anagen_" + re.sub(r"\W", "_", name)


def _facts(number: int, weeks: int, label: str, assumed: tuple[str, ...]) -> list[str]:
    who = "the typical person (all random effects zero)" if number == TYPICAL else f"simulated person number {number}"
    facts = [
        f"Written by Anagen for {who}: {label}.",
        f"Made for {weeks} weeks; beyond that it has no doses, and hair volume is not followed.",
        "Simulated people are adults. The file describes a model and no real person.",
    ]
    if assumed:
        facts.append(f"ASSUMED, not shown by evidence: {', '.join(assumed)}.")
    return facts


def _provenance(
    drug: Treatment,
    label: str,
    patient: Patient,
    *,
    number: int | str,
    weeks: int,
    seed: int,
    spread: str,
    assumed: tuple[str, ...],
) -> dict[str, Any]:
    run = provenance(drug, [label], seed=seed, people=1, weeks=weeks, tile=TILES[0], spread=spread, assumed=assumed)
    who = {key: value for key, value in asdict(patient).items() if value not in (None, (), [])}
    described = "; ".join(f"{key} = {value}" for key, value in who.items())
    return {**run, "person": number, "patient": described}
