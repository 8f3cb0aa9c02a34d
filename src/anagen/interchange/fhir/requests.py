"""MedicationRequest of FHIR -> the steps of a regimen. What was withdrawn is told; what is not sure is refused."""

from __future__ import annotations

from collections.abc import Sequence

from anagen.errors import InputError

from .dosage import Step, step_of
from .drug import drug_of
from .opening import Opened, Resource
from .resources import MedicationRequest

_WITHDRAWN = ("entered-in-error", "cancelled")
_UNSURE = {
    "on-hold": "is on hold: when it goes on is not known",
    "stopped": "was stopped: how much of it was taken is not known",
    "unknown": "has an unknown status",
}


def steps_of(requests: Sequence[Resource], opened: Opened, treatment: str) -> list[Step]:
    """The steps of all requests for the treatment; those for other drugs are told and left out.

    Raises:
        InputError: a request that cannot be simulated, with the reason; or only withdrawn ones.
    """
    steps: list[Step] = []
    withdrawn: InputError | None = None
    for resource in requests:
        request = resource.read(MedicationRequest)
        spot = resource.spot
        drug = drug_of(opened, resource, request.medicationCodeableConcept, request.medicationReference, treatment)
        if drug is None:
            spot.note(f"A request for another drug than {treatment} was left out.")
            continue
        if request.status in _WITHDRAWN:
            spot.note(f"A request that is {request.status} was left out.")
            withdrawn = withdrawn or spot.at("status").error(
                f"is {request.status}: there is nothing to simulate", expected="active, completed or draft"
            )
            continue
        if request.status in _UNSURE:
            raise spot.at("status").error(_UNSURE[request.status], expected="active, completed or draft")
        if request.doNotPerform:
            raise spot.at("doNotPerform").error("asks that it be not taken", expected="a request to take it")
        if request.intent == "option":
            raise spot.at("intent").error("is one of several options", expected="an order or a plan")
        if not request.dosageInstruction:
            raise spot.error("says nothing of the dose: there is no dosageInstruction", expected="dosageInstruction")
        if request.status == "draft":
            spot.note("A request is a draft.")
        for k, dosage in enumerate(request.dosageInstruction):
            steps.append(step_of(dosage, drug, treatment, spot.at("dosageInstruction", k)))
    if withdrawn is not None and not steps:
        raise withdrawn
    return steps
