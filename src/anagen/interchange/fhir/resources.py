"""Resources of FHIR R4 that are read: MedicationRequest, MedicationAdministration, Observation, Patient, Medication.

Own small models, R4 (4.0.1) only. What R4 has besides is named and passed over; `release` refuses what others have.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .datatypes import (
    CodeableConcept,
    Dosage,
    Element,
    Flag,
    Period,
    Quantity,
    Range,
    Ratio,
    Reference,
    Text,
)

DOMAIN = frozenset({"meta", "implicitRules", "language", "text", "contained", "modifierExtension"})


class Medication(Element):
    passed = DOMAIN | {"identifier", "manufacturer", "amount", "batch"}
    resourceType: Literal["Medication"]
    code: CodeableConcept | None = None
    status: Literal["active", "inactive", "entered-in-error"] | None = None
    form: CodeableConcept | None = None
    ingredient: Annotated[tuple[Ingredient, ...], Field(strict=False)] = ()


class Ingredient(Element):
    passed = frozenset({"isActive", "strength", "modifierExtension"})
    itemCodeableConcept: CodeableConcept | None = None
    itemReference: Reference | None = None


class MedicationRequest(Element):
    passed = DOMAIN | {
        *("identifier", "statusReason", "category", "priority", "reportedBoolean", "reportedReference", "encounter"),
        *("supportingInformation", "authoredOn", "requester", "performer", "performerType", "recorder", "reasonCode"),
        *("reasonReference", "instantiatesCanonical", "instantiatesUri", "basedOn", "groupIdentifier"),
        *("courseOfTherapyType", "insurance", "note", "dispenseRequest", "substitution", "priorPrescription"),
        *("detectedIssue", "eventHistory"),
    }
    resourceType: Literal["MedicationRequest"]
    status: Literal["active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"]
    intent: Literal[
        "proposal",
        "plan",
        "order",
        "original-order",
        "reflex-order",
        "filler-order",
        "instance-order",
        "option",
    ]
    doNotPerform: Flag | None = None
    medicationCodeableConcept: CodeableConcept | None = None
    medicationReference: Reference | None = None
    subject: Reference
    dosageInstruction: Annotated[tuple[Dosage, ...], Field(strict=False, max_length=1000)] = ()


class AdministrationDosage(Element):
    passed = frozenset({"site", "method", "modifierExtension"})
    text: Text | None = None
    route: CodeableConcept | None = None
    dose: Quantity | None = None
    rateRatio: Ratio | None = None
    rateQuantity: Quantity | None = None


class MedicationAdministration(Element):
    passed = DOMAIN | {
        *("identifier", "instantiates", "partOf", "statusReason", "category", "context", "supportingInformation"),
        *("performer", "reasonCode", "reasonReference", "request", "device", "note", "eventHistory"),
    }
    resourceType: Literal["MedicationAdministration"]
    status: Literal["in-progress", "not-done", "on-hold", "completed", "entered-in-error", "stopped", "unknown"]
    medicationCodeableConcept: CodeableConcept | None = None
    medicationReference: Reference | None = None
    subject: Reference
    effectiveDateTime: Text | None = None
    effectivePeriod: Period | None = None
    dosage: AdministrationDosage | None = None


class ReferenceRange(Element):
    passed = frozenset({"type", "appliesTo", "age", "text", "modifierExtension"})
    low: Quantity | None = None
    high: Quantity | None = None


class Observation(Element):
    passed = DOMAIN | {
        *("identifier", "basedOn", "partOf", "category", "focus", "encounter", "issued", "performer", "interpretation"),
        *("note", "bodySite", "method", "specimen", "device", "hasMember", "derivedFrom", "component"),
    }
    resourceType: Literal["Observation"]
    status: Literal[
        "registered",
        "preliminary",
        "final",
        "amended",
        "corrected",
        "cancelled",
        "entered-in-error",
        "unknown",
    ]
    code: CodeableConcept
    subject: Reference | None = None
    effectiveDateTime: Text | None = None
    effectivePeriod: Period | None = None
    effectiveTiming: Any = None
    effectiveInstant: Text | None = None
    valueQuantity: Quantity | None = None
    valueCodeableConcept: CodeableConcept | None = None
    valueString: Text | None = None
    valueBoolean: Flag | None = None
    valueInteger: Annotated[int, Field(strict=True)] | None = None
    valueRange: Range | None = None
    valueRatio: Ratio | None = None
    valueSampledData: Any = None
    valueTime: Text | None = None
    valueDateTime: Text | None = None
    valuePeriod: Period | None = None
    dataAbsentReason: CodeableConcept | None = None
    referenceRange: Annotated[tuple[ReferenceRange, ...], Field(strict=False)] = ()


class Condition(Element):
    """Read for its form alone: what it says is asked by `pregnancy`, before anything else is."""

    passed = DOMAIN | {
        *("identifier", "category", "severity", "bodySite", "encounter", "onsetDateTime", "onsetAge", "onsetPeriod"),
        *("onsetRange", "onsetString", "abatementDateTime", "abatementAge", "abatementPeriod", "abatementRange"),
        *("abatementString", "recordedDate", "recorder", "asserter", "stage", "evidence", "note"),
    }
    resourceType: Literal["Condition"]
    clinicalStatus: CodeableConcept | None = None
    verificationStatus: CodeableConcept | None = None
    code: CodeableConcept | None = None
    subject: Reference


class Patient(Element):
    # Names, addresses and numbers are passed over and never kept.
    passed = DOMAIN | {
        *("identifier", "active", "name", "telecom", "deceasedBoolean", "deceasedDateTime", "address"),
        *("maritalStatus", "multipleBirthBoolean", "multipleBirthInteger", "photo", "contact", "communication"),
        *("generalPractitioner", "managingOrganization", "link"),
    }
    resourceType: Literal["Patient"]
    gender: Literal["male", "female", "other", "unknown"] | None = None
    birthDate: Text | None = None


class Entry(Element):
    passed = frozenset({"link", "search", "request", "response", "modifierExtension"})
    fullUrl: Text | None = None
    resource: Any = None


class Bundle(Element):
    passed = frozenset({"meta", "implicitRules", "language", "identifier", "timestamp", "total", "link", "signature"})
    resourceType: Literal["Bundle"]
    type: Literal[
        "document",
        "message",
        "transaction",
        "transaction-response",
        "batch",
        "batch-response",
        "history",
        "searchset",
        "collection",
    ]
    entry: Annotated[tuple[Entry, ...], Field(strict=False, max_length=100_000)] = ()


Medication.model_rebuild()
