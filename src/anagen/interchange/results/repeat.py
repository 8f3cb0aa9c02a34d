"""The run of a record carried out again, by the same verbs as the first time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anagen.errors import InputError

from .request import RunTable

Progress = Callable[[float], None]


def repeat(asked: RunTable, progress: Progress | None = None) -> Any:
    """The result of a simulation, a comparison or an analysis.

    Raises:
        InputError, RegimenError: an input that cannot be simulated by this version.
        PregnancyStop: by `Patient`.
    """
    patient = asked.patient.patient()
    regimens: list[Any] = asked.courses()
    options: dict[str, Any] = {
        "weeks": asked.weeks,
        "people": asked.people,
        "seed": asked.seed,
        "assume": tuple(asked.assumed),
        "spread": asked.spread,
        "mode": asked.mode,
        "progress": progress,
    }
    if asked.structures is not None:
        options["structures"] = asked.structures
    if asked.command == "analyse":
        from anagen.analysis.analyse import analyse

        return analyse(asked.treatment, regimens, patient, **options)
    if asked.command == "compare":
        from anagen.simulation.compare import compare
        from anagen.simulation.structures import compare_structures

        verb: Callable[..., Any] = compare if asked.structures is None else compare_structures
        return verb(asked.treatment, regimens, patient, **options)
    if len(regimens) != 1:
        raise InputError(f"a simulation of {len(regimens)} regimens", expected="one")
    from anagen.simulation.simulate import simulate
    from anagen.simulation.structures import simulate_structures

    further: dict[str, Any] = {"daily": asked.daily, "first_person": asked.first_person}
    verb = simulate if asked.structures is None else simulate_structures
    return verb(asked.treatment, regimens[0], patient, **options, **further)
