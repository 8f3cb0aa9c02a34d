"""The scalps of the follicle page: the link's person with and without its regimens, and cases to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from anagen.analysis.effluvia.courses import STRUCK_SHARE, Course, effluvia, typical_follicles
from anagen.analysis.effluvia.regimen_phases import regimen_course
from anagen.analysis.numbers import count_of
from anagen.analysis.patch import Patch
from anagen.errors import InputError, nearest
from anagen.patient.patient import EventKind, HairEvent, Patient
from anagen.simulation.result import Simulation
from anagen.simulation.simulate import default_weeks

from ..engine import Engine
from ..state import State
from ..work import Progress

MOST = 2
EVENT_WEEK = 4
NONE = "none"
STRUCK = "anagen-effluvium"
EVENTS = {"fever": "Fever", "surgery": "Surgery", "crash-diet": "Crash diet"}
TEACHING = "A case to learn from. It does not say what a person has, or why."
PATTERN = (
    "In the model, more follicles then stay empty, and for longer. That single hairs get thinner is not in the model."
)


@dataclass(frozen=True)
class Case:
    """`name` stands in the link, `words` above the drawing; `kind` says of what it is made, `place` which regimen."""

    name: str
    words: str
    kind: Literal["usual", "untreated", "regimen", "event", "pattern", "struck"]
    place: int = 0

    @property
    def dose(self) -> bool:
        """Whether its words name a dose."""
        return self.kind == "regimen"


@dataclass(frozen=True, eq=False)
class Scalp:
    """A case, computed. Without a `simulation` it is one typical scalp and no group of people."""

    letter: str
    case: Case
    course: Course
    patch: Patch
    density: float
    """Visible hairs per cm² in week 0."""
    note: str
    simulation: Simulation | None


def cases(state: State) -> list[Case]:
    """What can be shown of a link, in the order of the form."""
    found = [Case("untreated", "This person, without treatment", "untreated")]
    if _usual(state.patient) != state.patient:
        found.insert(0, Case("usual", "A usual scalp, without treatment", "usual"))
    else:
        found[0] = replace(found[0], words="Usual scalp, without treatment")
    for place, text in enumerate(state.regimens):
        found.append(Case("regimen" if place == 0 else f"regimen-{place + 1}", text, "regimen", place))
    for kind in get_args(EventKind):
        found.append(Case(kind, f"{EVENTS[kind]} in week {EVENT_WEEK}, without treatment", "event"))
    found.append(Case("pattern", "Pattern hair loss, without treatment", "pattern"))
    found.append(Case(STRUCK, f"{count_of(STRUCK_SHARE)} growing hairs struck in week 0", "struck"))
    return found


def chosen(names: Sequence[str], known: Sequence[Case]) -> list[Case]:
    """The cases of some names, once each; where none is said, without treatment and with the first regimen.

    Raises:
        InputError: an unknown name, or more than two.
    """
    said = list(dict.fromkeys(name.strip() for name in names if name.strip() not in ("", NONE)))
    if not said:
        said = ["untreated", "regimen"]
    if len(said) > MOST:
        raise InputError(f"{len(said)} scalps side by side", expected=f"at most {MOST}")
    by_name = {case.name: case for case in known}
    if "usual" not in by_name:  # the person described has a usual scalp
        said = list(dict.fromkeys("untreated" if name == "usual" else name for name in said))
    for name in said:
        if name not in by_name:
            raise InputError(f"show: '{name}'", expected=", ".join(by_name), nearest=nearest(name, list(by_name)))
    return [by_name[name] for name in said]


def scalps(engine: Engine, state: State, shown: Sequence[Case], progress: Progress) -> list[Scalp]:
    """The cases computed over the same weeks, each with the follicles of its own typical person."""
    weeks = state.run.weeks
    if weeks is None:
        regimens = [engine.regimen(text) for text in state.regimens]
        weeks = max(default_weeks(one.events(state.patient.weight_kg)) for one in regimens)
    state = state.with_(weeks=weeks)
    return [_scalp(engine, state, case, letter, progress) for case, letter in zip(shown, "AB", strict=False)]


def _scalp(engine: Engine, state: State, case: Case, letter: str, progress: Progress) -> Scalp:
    patient, usual = state.patient, _usual(state.patient)
    if case.kind == "event":
        patient = replace(usual, events=(HairEvent(case.name, 7 * EVENT_WEEK),))  # type: ignore[arg-type]  # a kind
    elif case.kind == "pattern":
        patient = replace(usual, pattern_hair_loss=True)
    elif case.kind in ("usual", "struck"):
        patient = usual
    regimen = engine.regimen(state.regimens[case.place]) if case.kind == "regimen" else None
    simulation = engine.simulate(regimen, patient, state.run, progress)
    block, sizes = typical_follicles(engine.treatment, patient, simulation.assumed)
    note = ""
    if case.kind == "struck":
        course = effluvia(engine.treatment, days=7 * (state.run.weeks or 1)).anagen
        note = f"Growing hairs are struck at once and break, as in chemotherapy. {TEACHING}"
    else:
        course = regimen_course(simulation)
        if case.kind == "event":
            kinds = list(engine.treatment.model.event_days(engine.treatment.parameters))
            share = float(sizes[kinds.index(case.name), 0])
            note = f"The model sends {count_of(share)} growing hairs to rest; they fall weeks later. {TEACHING}"
        elif patient.pattern_hair_loss:
            note = PATTERN
    return Scalp(
        letter=letter,
        case=case,
        course=course,
        patch=Patch.of(course, block, state.run.seed),
        density=float(simulation.series("density_per_cm2").typical[0]),
        note=note,
        simulation=None if case.kind == "struck" else simulation,
    )


def _usual(patient: Patient) -> Patient:
    """The same person with nothing that the hair would show."""
    return replace(
        patient,
        seborrheic_dermatitis="none",
        pattern_hair_loss=False,
        ferritin_ug_per_l=None,
        supplements=(),
        events=(),
    )
