"""The one verb: a treatment, a regimen, a person."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import get_args

import numpy as np

from anagen.errors import InputError, nearest
from anagen.patient.draws import Spread
from anagen.patient.patient import Patient
from anagen.regimen.events import DoseEvents
from anagen.regimen.regimen import Regimen
from anagen.safety import notices
from anagen.treatments.registry import Treatment
from anagen.treatments.registry import treatment as find_treatment

from .exposure import exposure_summary, last_interval
from .profile import begin, profile
from .provenance import provenance
from .result import Mode, Simulation
from .run import run_arm

FOLLOW_UP_WEEKS = 28
LONGEST_WEEKS = 6 * 52
MOST_PEOPLE = 100_000
NO_DOSES = DoseEvents(
    time_h=np.zeros(0),
    amount_mg=np.zeros(0),
    meal=np.zeros(0, np.int8),
    formulation=np.zeros(0, np.int8),
    course=np.zeros(0, np.int32),
    course_days=0.0,
    single_dose=False,
)


def simulate(
    treatment: str | Treatment,
    regimen: str | Regimen | None,
    patient: Patient | None = None,
    *,
    weeks: int | None = None,
    people: int = 1000,
    seed: int = 1,
    assume: Iterable[str] = (),
    spread: Spread = "both",
    mode: Mode = "reader",
    daily: bool = False,
    first_person: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Simulation:
    """Simulate a regimen for the typical person of the description and for `people` others like them.

    Args:
        treatment: a name, `"isotretinoin"`, or what `treatment()` gave.
        regimen: text in the regimen language, or a `Regimen`; None for no treatment.
        patient: who takes it; a 70 kg adult where left out.
        weeks: time simulated; by default the course and 28 weeks after.
        people: simulated people besides the typical one; series are `(rows, people)`.
        seed: from 0 to 4294967295; the same seed gives the same people in every regimen.
        assume: hypotheses to switch on, by name.
        spread: "both", or only what people differ in ("between"), or only what nobody knows ("unknown").
        mode: "reader", or "clinician" for the outcomes meant for clinicians and research only.
        daily: a row for every day instead of every week.
        first_person: number of the first person, to replay some of a larger group.
        progress: called with the share done, 0 to 1.

    Raises:
        InputError: an unknown name, or a number out of range.
        RegimenError: a regimen that cannot be read, or must not be simulated.
        PregnancyStop: by `Patient`, before anything is computed.

    >>> result = simulate("isotretinoin", "80 mg once with a high-fat meal", Patient(weight_kg=70), people=1, weeks=4)
    >>> round(result.exposure["auc_inf_ng_h_per_ml"])
    10000
    """
    drug = treatment if isinstance(treatment, Treatment) else find_treatment(treatment)
    patient = patient or Patient()
    assumed = tuple(dict.fromkeys(assume))
    for name in assumed:
        drug.hypothesis(name)
    _one_of("spread", spread, get_args(Spread))
    _one_of("mode", mode, get_args(Mode))
    course = Regimen.from_text(regimen, drug.name) if isinstance(regimen, str) else regimen
    events = course.events(patient.weight_kg) if course else NO_DOSES
    notes = notices(drug, course, patient, assumed)
    weeks = _whole("weeks", weeks, 1, LONGEST_WEEKS) if weeks is not None else default_weeks(events)
    window = _window(events)
    arm = run_arm(
        drug,
        events,
        patient,
        weeks=weeks,
        people=_whole("people", people, 1, MOST_PEOPLE),
        seed=_whole("seed", seed, 0, 2**32 - 1),
        assumed=frozenset(assumed),
        spread=spread,
        daily=daily,
        first_person=_whole("first person", first_person, 0, 2**31 - 1),
        progress=progress,
        begun=(lambda wiring: begin(wiring, events, *window)) if window else None,
    )
    within_day = profile(arm.wiring, events, *window) if window else None
    return Simulation(
        treatment=drug,
        regimen=course,
        patient=patient,
        assumed=assumed,
        mode=mode,
        safety=notes,
        exposure=exposure_summary(arm.wiring, events, None if events.single_dose else within_day),
        within_day=within_day,
        days=arm.days,
        course_days=events.course_days,
        signals=arm.series,
        wiring=arm.wiring,
        provenance=provenance(
            drug,
            [course.text if course else ""],
            seed=seed,
            people=people,
            weeks=weeks,
            tile=arm.tile,
            spread=spread,
            assumed=assumed,
            daily=daily,
            first_person=int(first_person),
        ),
    )


def _window(events: DoseEvents) -> tuple[float, float] | None:
    """Start and length, in h, of what is shown hour by hour: two days of a single dose, or the last interval."""
    if events.time_h.size == 0:
        return None
    return (0.0, 48.0) if events.single_dose else last_interval(events)


def default_weeks(events: DoseEvents) -> int:
    """The course and 28 weeks after, in whole weeks."""
    return min(math.ceil(events.course_days / 7) + FOLLOW_UP_WEEKS, LONGEST_WEEKS)


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InputError(f"unknown {name}: '{value}'", expected=", ".join(choices), nearest=nearest(value, choices))


def _whole(name: str, value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
        raise InputError(f"{name}: {value}", expected=f"a whole number from {low:,} to {high:,}")
    return int(value)
