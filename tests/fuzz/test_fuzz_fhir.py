"""Fuzzing of the reader of FHIR: whatever the bytes or the object, it reads them or says why not. See `fuzzed`."""

from __future__ import annotations

import copy
import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.fuzzed import fuzzed

from anagen.errors import AnagenError, InputError, PregnancyStop
from anagen.interchange.fhir import from_fhir
from anagen.interchange.ucum import convert
from anagen.interchange.ucum.table import unit, units

CODES = st.sampled_from(
    [
        "mg",
        "mg/kg",
        "ug",
        "kg",
        "MG",
        "d",
        "wk",
        "h",
        "mo",
        "a",
        "min",
        "mon",
        "fri",
        "C",
        "MORN",
        "AC",
        "BID",
        "QOD",
        "MO",
        "active",
        "draft",
        "final",
        "completed",
        "not-done",
        "order",
        "plan",
        "Isotretinoin",
        "Patient/1",
        "#1",
        "2276-4",
        "http://loinc.org",
        "http://unitsofmeasure.org",
        "08:00:00",
        "2026-03-01",
        "9999-12-30",
        "0001-01-01T00:00:00+14:00",
        "2026-03-01T08:00:00Z",
        "20 mg once daily",
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-3, 30),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    CODES,
)
NAMES = st.sampled_from(
    [
        "resourceType",
        "type",
        "entry",
        "resource",
        "fullUrl",
        "status",
        "intent",
        "subject",
        "reference",
        "code",
        "coding",
        "system",
        "text",
        "display",
        "value",
        "unit",
        "comparator",
        "dosageInstruction",
        "timing",
        "repeat",
        "frequency",
        "period",
        "periodUnit",
        "count",
        "when",
        "timeOfDay",
        "dayOfWeek",
        "event",
        "boundsPeriod",
        "boundsDuration",
        "start",
        "end",
        "doseAndRate",
        "doseQuantity",
        "medicationCodeableConcept",
        "medicationReference",
        "contained",
        "sequence",
        "valueQuantity",
        "effectiveDateTime",
        "referenceRange",
        "low",
        "high",
        "meta",
        "profile",
        "fhirVersion",
        "id",
        "route",
        "clinicalStatus",
        "gender",
        "birthDate",
        "modifierExtension",
        "dosage",
        "dose",
        "asNeededBoolean",
        "offset",
        "_status",
        "component",
        "\ud800",
    ]
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=30
)
KINDS = st.sampled_from(
    ["Bundle", "MedicationRequest", "MedicationAdministration", "Observation", "Patient", "Condition", "Medication"]
)


def _request():
    quantity = {"value": 20, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
    timing = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "Isotretinoin"},
        "subject": {"reference": "Patient/1"},
        "dosageInstruction": [{"timing": timing, "doseAndRate": [{"doseQuantity": quantity}]}],
    }


def tried(source):
    with suppress(InputError, PregnancyStop):
        record = from_fhir(source)
        if record.regimen is not None:
            with suppress(AnagenError):  # beyond 8 mg/kg, or beyond what R4 can say
                record.regimen.events(70.0)
                assert from_fhir(record.to_fhir(weight_kg=70.0)).regimen is not None


@fuzzed
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_or_text(data):
    tried(data)
    if isinstance(data, str):
        tried("{" + data)


@fuzzed
@given(KINDS, st.dictionaries(NAMES, TREES, max_size=10))
def test_any_object(kind, table):
    tried({"resourceType": kind} | table)
    tried({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": kind} | table}]})


@fuzzed
@given(
    st.dictionaries(
        NAMES, LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(NAMES, LEAVES, max_size=3), max_size=6
    )
)
def test_any_repeat(said):
    request = _request()
    request["dosageInstruction"][0]["timing"]["repeat"] = said
    tried(request)


DAYS = st.sampled_from(["2026-03-01", "2026-03-28", "2199-12-30", "9999-12-30", "0001-01-01", "2026-02-30", "2026-03"])
REPEATS = st.fixed_dictionaries(
    {},
    optional={
        "frequency": st.integers(1, 30),
        "period": st.sampled_from([0, 0.5, 1, 2, 7, 8, 24, 1e9]),
        "periodUnit": st.sampled_from(["s", "min", "h", "d", "wk", "mo", "a"]),
        "count": st.integers(1, 5000),
        "when": st.lists(st.sampled_from(["MORN", "EVE", "C", "CM", "AC", "PHS", "HS"]), max_size=3),
        "timeOfDay": st.lists(st.sampled_from(["08:00:00", "14:00:00", "20:00:00", "00:00:00"]), max_size=3),
        "dayOfWeek": st.lists(st.sampled_from(["mon", "tue", "fri", "sun"]), max_size=3),
        "boundsPeriod": st.fixed_dictionaries({}, optional={"start": DAYS, "end": DAYS}),
        "boundsDuration": st.fixed_dictionaries(
            {"value": st.sampled_from([0, 1, 10, 24, 1e6]), "code": st.sampled_from(["d", "wk", "mo", "a", "h"])}
        ),
        "offset": st.integers(0, 120),
    },
)


@fuzzed
@given(REPEATS)
def test_timings_that_may_make_sense(said):
    request = _request()
    request["dosageInstruction"][0]["timing"]["repeat"] = said
    tried(request)


@fuzzed
@given(st.data())
def test_a_good_text_with_wrong_characters(data):
    text = json.dumps(copy.deepcopy(_request()))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.text(max_size=3)) + text[at + data.draw(st.integers(0, 4)) :]
    tried(text.encode("utf-8", "surrogatepass"))


@fuzzed
@given(st.text(max_size=12), st.sampled_from(sorted(units())), st.floats())
def test_any_unit(text, target, value):
    with suppress(InputError):
        unit(text, written=True)
    with suppress(InputError):
        convert(value, text, target, of=text)
