"""FHIR R4: regimens in and out, doses taken and laboratory values in (`docs/fhir.md`). Other releases are refused."""

from .entries import Administration, Measurement
from .record import FhirRecord, from_fhir

__all__ = ["Administration", "FhirRecord", "Measurement", "from_fhir"]
