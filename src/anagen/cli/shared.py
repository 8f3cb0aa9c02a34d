"""The options of a person and of a run, for every command that simulates: listed once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypedDict, get_type_hints

from anagen.patient.patient import Patient

from . import person as options
from .person import Mode, Severity, Sex, SpreadChoice

PERSON: dict[str, tuple[Any, Any]] = {
    "weight": (options.Weight, 70.0),
    "height": (options.Height, None),
    "age": (options.Age, 30.0),
    "sex": (options.SexOption, Sex.female),
    "dermatitis": (options.Dermatitis, Severity.none),
    "pattern_loss": (options.PatternLoss, False),
    "ferritin": (options.Ferritin, None),
    "supplements": (options.Supplements, None),
    "events": (options.Events, None),
    "pregnant": (options.Pregnant, False),
}
RUN: dict[str, tuple[Any, Any]] = {
    "assume": (options.Assume, None),
    "weeks": (options.Weeks, None),
    "people": (options.People, 1000),
    "seed": (options.Seed, 1),
    "spread": (options.SpreadOption, SpreadChoice.both),
    "mode": (options.ModeOption, Mode.reader),
}
"""By name of the parameter: how the command line shows it, and what holds where it is left out."""


class Run(TypedDict):
    """What `simulate`, `compare` and `analyse` take besides treatment, regimens and patient."""

    assume: tuple[str, ...]
    weeks: int | None
    people: int
    seed: int
    spread: Any
    mode: Any


def simulates(command: Callable[..., None]) -> Callable[..., None]:
    """A command that also has the options of a person and of a run, and gets them as `patient` and `run`."""
    own = inspect.signature(command).parameters.values()
    hints = get_type_hints(command, include_extras=True)
    kept = [p.replace(annotation=hints[p.name]) for p in own if p.name not in ("patient", "run")]
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    more = [
        inspect.Parameter(name, kind, default=default, annotation=shown)
        for name, (shown, default) in (PERSON | RUN).items()
    ]

    def described(**given: Any) -> None:
        patient: Patient = options.person(**{name: given.pop(name) for name in PERSON})
        run = Run(
            assume=tuple(given.pop("assume") or ()),
            weeks=given.pop("weeks"),
            people=given.pop("people"),
            seed=given.pop("seed"),
            spread=given.pop("spread").value,
            mode=given.pop("mode").value,
        )
        command(**given, patient=patient, run=run)

    parameters = [*kept, *more]
    described.__name__, described.__doc__ = command.__name__, command.__doc__
    described.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    described.__annotations__ = {p.name: p.annotation for p in parameters}
    return described
