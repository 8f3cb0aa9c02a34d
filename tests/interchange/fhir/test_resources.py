"""What each resource says: requests, doses taken, measurements, the person; references; releases; pregnancy."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

import pytest

from anagen import from_fhir
from anagen.errors import InputError, PregnancyStop
from anagen.interchange.fhir.observations import known_codes

from .requests import administration, bundle, coded, daily, dosage, observation, quantity, repeat, request, without

SCT, LOINC = "http://snomed.info/sct", "http://loinc.org"


def concept(text="", **codes):
    systems = {"sct": SCT, "loinc": LOINC, "icd": "http://hl7.org/fhir/sid/icd-10-cm"}
    coding = [{"system": systems[name], "code": code} for name, code in codes.items()]
    return ({"coding": coding} if coding else {}) | ({"text": text} if text else {})


def condition(code, **more):
    return {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, "code": code} | more


# -- requests ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dose", "mg_for_70_kg"),
    [
        (quantity(20, "mg"), 20),
        (quantity(0.02, "g"), 20),
        (quantity(1800, "ug"), 1.8),
        (quantity(0.5, "mg/kg"), 35),
        (quantity(500, "ug/kg"), 35),
        ({"value": 20, "unit": "mg"}, 20),
        ({"value": 20000, "unit": "mcg"}, 20),
    ],
)
def test_doses(dose, mg_for_70_kg):
    record = from_fhir(request(dosage(daily(), dose)))
    assert record.regimen.events(70.0).amount_mg[0] == pytest.approx(mg_for_70_kg)


def test_steps_in_sequence_follow_one_another():
    record = from_fhir(
        request(dosage(daily(8), quantity(10, "mg"), sequence=2), dosage(daily(4), quantity(40, "mg"), sequence=1))
    )
    assert record.regimen.text == "40 mg once daily for 4 weeks, 10 mg once daily for 8 weeks"


def test_requests_with_dates_are_one_regimen_with_its_pause():
    def period(start, end):
        return repeat(frequency=1, period=1, periodUnit="d", boundsPeriod={"start": start, "end": end})

    second = request(dosage(period("2026-03-02", "2026-03-29"), quantity(40, "mg")))
    first = request(dosage(period("2026-05-04", "2026-05-31")))
    record = from_fhir(bundle(first, second, request(dosage(daily()), status="cancelled")))
    assert record.regimen.text == "40 mg once daily for 28 days, off 35 days, 20 mg once daily for 28 days"
    assert record.start == date(2026, 3, 2)
    assert "A request that is cancelled was left out." in record.notes


@pytest.mark.parametrize(
    ("said", "meal"),
    [
        ({"additionalInstruction": [concept(sct="311504000")]}, "standard"),
        ({"additionalInstruction": [{"text": "with a high-fat meal"}]}, "high_fat"),
        ({"patientInstruction": "on an empty stomach"}, "fasted"),
        ({}, None),
    ],
)
def test_meals(said, meal):
    assert from_fhir(request(dosage(daily(), **said))).regimen.courses[0].meal == meal


def test_an_instruction_that_is_not_read_is_told():
    record = from_fhir(request(dosage(daily(), patientInstruction="not on Sundays")))
    assert any("not on Sundays" in note for note in record.notes)


@pytest.mark.parametrize(
    ("text", "product", "formulation"),
    [
        ("Isotretinoin", None, "conventional"),
        ("ROACCUTANE 20 mg capsules", "Roaccutane", "conventional"),
        ("Absorica LD 16 mg", "Absorica LD", "micronised"),
        ("Absorica 20 mg", "Absorica", "lidose"),
    ],
)
def test_products(text, product, formulation):
    course = from_fhir(request(dosage(daily()), medicationCodeableConcept={"text": text})).regimen.courses[0]
    assert (course.product, course.formulation) == (product, formulation)


def test_a_code_names_the_drug():
    rxnorm = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "6064"}]}
    assert from_fhir(request(dosage(daily()), medicationCodeableConcept=rxnorm)).regimen is not None


MEDICATION = {"resourceType": "Medication", "id": "m1", "code": {"text": "Isotretinoin 20 mg oral capsule"}}


@pytest.mark.parametrize(
    "build",
    [
        lambda ref: request(dosage(daily()), contained=[MEDICATION], **ref("#m1")),
        lambda ref: bundle(request(dosage(daily()), **ref("Medication/m1")), MEDICATION),
        lambda ref: bundle(request(dosage(daily()), **ref("http://a.example/r4/Medication/m1")), MEDICATION),
        lambda ref: (
            bundle(request(dosage(daily()), **ref("urn:uuid:1")))
            | {
                "entry": [
                    {"resource": request(dosage(daily()), **ref("urn:uuid:1"))},
                    {"fullUrl": "urn:uuid:1", "resource": MEDICATION},
                ]
            }
        ),
    ],
    ids=["contained", "relative", "absolute", "urn"],
)
def test_references_are_followed(build):
    def ref(target):
        return {"medicationReference": {"reference": target}}

    source = build(ref)

    def strip(table):
        for entry in table.get("entry", []):
            strip(entry["resource"])
        if "medicationReference" in table:
            table.pop("medicationCodeableConcept")
        return table

    assert from_fhir(strip(source)).regimen.text == "20 mg once daily for 24 weeks"


IN_ERROR = {"status": "entered-in-error"}
BY_REFERENCE = {"medicationReference": {"reference": "Medication/m1"}}


@pytest.mark.parametrize(
    ("resource", "note"),
    [
        (request(dosage(daily()), **IN_ERROR), "A request that is entered-in-error was left out."),
        (administration(**IN_ERROR), "A dose that was entered in error was left out."),
        (without(administration(**IN_ERROR), "medicationCodeableConcept") | BY_REFERENCE, "A dose that was entered in"),
        (observation(**IN_ERROR), "An observation was entered in error, and was left out: '2276-4'."),
        (MEDICATION | IN_ERROR, "A Medication that was entered in error was left out."),
        (condition(concept("Acne"), verificationStatus={"coding": [{"code": "entered-in-error"}]}), "Not read: 1 Cond"),
        (
            condition(concept("Pregnancy"), verificationStatus={"coding": [{"code": "entered-in-error"}]}),
            "A pregnancy that has ended, was ruled out or was entered in error is in the record.",
        ),
    ],
    ids=lambda value: value.get("resourceType") if isinstance(value, dict) else "",
)
def test_what_was_entered_in_error_is_left_out_and_told(resource, note):
    right = request(dosage(daily()))
    record = from_fhir(bundle(resource, right))
    assert record.regimen == from_fhir(right).regimen
    assert (record.administrations, record.measurements) == ((), ())
    assert [said for said in record.notes if said.startswith(note)]
    assert not [said for said in from_fhir(right).notes if said.startswith(note)]


@pytest.mark.parametrize("given", [request(dosage(daily())), administration()], ids=lambda one: one["resourceType"])
@pytest.mark.parametrize("contained", [True, False])
def test_what_names_a_drug_that_was_entered_in_error_is_refused(given, contained):
    given = without(given, "medicationCodeableConcept")
    wrong = MEDICATION | IN_ERROR
    if contained:
        source = given | {"contained": [wrong], "medicationReference": {"reference": "#m1"}}
    else:
        source = bundle(given | BY_REFERENCE, wrong)
    with pytest.raises(InputError, match="was entered in error: which drug is meant is not known") as caught:
        from_fhir(source)
    assert caught.value.expected == "active"
    assert caught.value.where.text.strip().startswith('"status"')


def test_another_drug_is_left_out_and_told():
    record = from_fhir(bundle(request(dosage(daily()), medicationCodeableConcept={"text": "Metformin"})))
    assert record.regimen is None
    assert "A request for another drug than isotretinoin was left out." in record.notes


def test_a_text_alone_is_read_by_the_regimen_language():
    only = without(dosage(None), "doseAndRate") | {"text": "20 mg every other day with food for 8 weeks"}
    assert from_fhir(request(only)).regimen.text == "20 mg every other day with a standard meal for 8 weeks"


# -- doses taken, measurements ----------------------------------------------------------------------------------------


def test_doses_taken_and_left_out():
    later = administration(effectiveDateTime="2026-03-02", status="not-done")
    error = administration(status="entered-in-error")
    record = from_fhir(bundle(later, administration(), error))
    taken, left_out = record.administrations
    assert (taken.when, taken.dose_mg) == (datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=1))), 20.0)
    assert (left_out.when, left_out.dose_mg) == (date(2026, 3, 2), 0.0)
    assert any("entered in error" in note for note in record.notes)


VALUES = [
    ("2276-4", 24, "ug/L", "ferritin", 24, "ug/L"),
    ("2276-4", 24, "ng/mL", "ferritin", 24, "ug/L"),
    ("14927-8", 1.7, "mmol/L", "triglycerides", 150.5, "mg/dL"),
    ("2093-3", 200, "mg/dL", "cholesterol", 200, "mg/dL"),
    ("1742-6", 0.5, "ukat/L", "alt", 30, "U/L"),
    ("1920-8", 31, "[iU]/L", "ast", 31, "U/L"),
    ("2157-6", 3, "ukat/L", "ck", 180, "U/L"),
    ("14635-7", 50, "nmol/L", "vitamin-d", 20.03, "ng/mL"),
    ("29463-7", 154.323584, "[lb_av]", "weight", 70, "kg"),
    ("8302-2", 1.7, "m", "height", 170, "cm"),
    ("718-7", 140, "g/L", "hemoglobin", 14, "g/dL"),
]


@pytest.mark.parametrize(("loinc", "value", "unit", "name", "expected", "target"), VALUES)
def test_measurements_are_brought_to_one_unit(loinc, value, unit, name, expected, target):
    (found,) = from_fhir(observation(loinc, value, unit)).measurements
    assert (found.name, found.unit, found.when) == (name, target, date(2026, 3, 1))
    assert found.value == pytest.approx(expected, rel=2e-3)
    assert found.sent == f"{value:g} {unit}"


def test_every_code_has_one_name_and_an_accepted_unit():
    from anagen.interchange.ucum import unit

    assert len(known_codes()) > 40
    assert all(unit(known.unit) for known in known_codes().values())
    assert all(re.fullmatch(r"\d{1,5}-\d", code) for code in known_codes())


@pytest.mark.parametrize("code", sorted(known_codes()))
def test_loinc_codes_have_their_check_digit(code):
    """The last digit of a LOINC code is its Mod 10 check digit."""
    digits, check = code.split("-")
    odd = str(int("".join(digits[::-1][::2][::-1])) * 2)
    even = digits[::-1][1::2][::-1]
    total = sum(int(digit) for digit in even + odd)
    assert (10 - total % 10) % 10 == int(check)


def test_the_laboratory_range_is_brought_along():
    ranged = observation(
        "14927-8", 1.0, "mmol/L", referenceRange=[{"low": {"value": 0.5}, "high": quantity(1.7, "mmol/L")}]
    )
    (found,) = from_fhir(ranged).measurements
    assert (found.low, found.high) == (pytest.approx(44.27, rel=1e-3), pytest.approx(150.5, rel=1e-3))


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"status": "entered-in-error"}, "was entered in error"),
        ({"status": "cancelled"}, "was cancelled"),
        ({"status": "registered"}, "has no result yet"),
        ({"valueQuantity": quantity(5, "ug/L") | {"comparator": "<"}}, r"is a bound \(<\)"),
        ({"code": concept("mood")}, "is not in the table"),
    ],
)
def test_what_is_not_read_is_told(more, note):
    record = from_fhir(observation(**more))
    assert record.measurements == ()
    assert any(re.search(note, said) for said in record.notes)


def test_the_person():
    person = {
        "resourceType": "Patient",
        "id": "1",
        "gender": "male",
        "birthDate": "1996-03-02",
        "name": [{"family": "Nobody"}],
    }
    weight, ferritin = observation("29463-7", 80, "kg"), observation()
    record = from_fhir(bundle(person, weight, ferritin))
    patient = record.patient()
    assert (patient.sex, patient.age_years, patient.weight_kg, patient.ferritin_ug_per_l) == ("male", 29.0, 80.0, 24.0)
    assert record.patient(on=date(2026, 3, 2)).age_years == 30.0
    assert "Nobody" not in repr(record)


# -- releases ---------------------------------------------------------------------------------------------------------

RELEASES = [
    (
        "R5",
        without(request(dosage(daily())), "medicationCodeableConcept")
        | {"medication": {"concept": {"text": "Isotretinoin"}}},
    ),
    ("R5", request(dosage(daily(), asNeeded=False))),
    ("R5", request(dosage(daily()), renderedDosageInstruction="20 mg")),
    ("R5", without(administration(), "effectiveDateTime") | {"occurenceDateTime": "2026-03-01"}),
    ("R5", observation(triggeredBy=[{"type": "reflex"}])),
    ("R5", bundle(observation(), issues={"resourceType": "OperationOutcome"})),
    ("R5", observation(meta={"profile": ["http://hl7.org/fhir/5.0/StructureDefinition/Observation"]})),
    ("R5", bundle({"resourceType": "InventoryItem", "status": "active"})),
    ("R5", observation() | {"fhirVersion": "5.0.0"}),
    ("R4B", observation() | {"fhirVersion": "4.3.0"}),
    ("R4B", observation(meta={"profile": ["http://hl7.org/fhir/StructureDefinition/Observation|4.3.0"]})),
    ("R3", request(without(dosage(daily()), "doseAndRate") | {"doseQuantity": quantity(20, "mg")})),
    ("R3", request(dosage(daily()), context={"reference": "Encounter/1"})),
    ("an older release", {"resourceType": "MedicationOrder"}),
    ("DSTU2", observation() | {"fhirVersion": "1.0.2"}),
    ("R6", request(dosage(repeat(frequency=1, period=1, periodUnit="d", startOffset=quantity(1, "d"))))),
]


@pytest.mark.parametrize(("release", "source"), RELEASES)
def test_other_releases_are_refused_by_name(release, source):
    with pytest.raises(InputError, match=re.escape(f"this is FHIR {release}")) as caught:
        from_fhir(source)
    assert caught.value.expected == "FHIR R4 (4.0.1)"


def test_r4_by_name_passes():
    assert from_fhir(observation(meta={"profile": ["http://hl7.org/fhir/StructureDefinition/Observation|4.0.1"]}))
    assert from_fhir(observation() | {"meta": {"profile": ["http://hl7.org/fhir/us/core/StructureDefinition/a"]}})


# -- pregnancy --------------------------------------------------------------------------------------------------------


def panel(*components):
    """Several questions in one observation."""
    return without(observation("8302-2"), "valueQuantity") | {"component": [*components]}


ACTIVE = {"clinicalStatus": concept(), "verificationStatus": {"coding": [{"code": "confirmed"}]}}
STOPS = [
    condition(concept("Pregnancy")),
    condition(concept(sct="77386006")),
    condition(concept(icd="O09.90")),
    condition(concept(icd="Z34.01")),
    condition(concept(icd="Z33.1")),
    condition(concept("Gestational diabetes mellitus")),
    condition(concept("Schwangerschaft")),
    condition(concept(sct="77386006"), clinicalStatus={"coding": [{"code": "active"}]}),
    condition(concept(sct="77386006"), verificationStatus={"coding": [{"code": "provisional"}]}),
    without(observation("82810-3"), "valueQuantity") | {"valueCodeableConcept": concept(loinc="LA15173-0")},
    without(observation("82810-3"), "valueQuantity") | {"valueCodeableConcept": concept(sct="77386006")},
    without(observation("82810-3"), "valueQuantity") | {"valueCodeableConcept": concept("pregnant")},
    without(observation("2106-3"), "valueQuantity") | {"valueString": "Positive"},
    without(observation("2106-3"), "valueQuantity") | {"valueCodeableConcept": concept(sct="10828004")},
    without(observation("11778-8"), "valueQuantity") | {"valueDateTime": "2026-09-01"},
    request(dosage(daily()), contained=[condition(concept("Pregnancy"))]),
    condition({"coding": [{"system": "urn:oid:2.16.840.1.113883.6.90", "code": "O80"}]}),  # ICD-10 by another name
    condition({"coding": [{"code": "Z34.00"}]}),
    condition({"coding": [{"system": "urn:oid:2.16.840.1.113883.6.96", "code": "77386006"}]}),
    panel({"code": concept(loinc="82810-3"), "valueCodeableConcept": concept(sct="77386006")}),
    panel({"code": concept("Weight")}, {"code": concept("Pregnancy test"), "valueString": "positive"}),
    panel({"code": concept(loinc="11778-8"), "valueDateTime": "2026-09-01"}),
    without(observation("8302-2"), "valueQuantity") | {"valueCodeableConcept": concept("Currently pregnant")},
    {"resourceType": "Nonsense", "x": condition(concept("Pregnancy"))},  # whatever else is wrong
    {"pregnant": True},
]


@pytest.mark.parametrize("resource", STOPS)
def test_pregnancy_stops(resource):
    for source in (resource, bundle(request(dosage(daily())), resource)):
        with pytest.raises(PregnancyStop, match="nothing is simulated") as caught:
            from_fhir(source)
        assert caught.value.exit_code == 3


ENDED = [
    condition(concept("Pregnancy"), abatementDateTime="2020-01-01"),
    condition(concept("Pregnancy"), clinicalStatus={"coding": [{"code": "resolved"}]}),
    condition(concept("Pregnancy"), verificationStatus={"coding": [{"code": "refuted"}]}),
    condition(concept("Pregnancy"), verificationStatus={"coding": [{"code": "entered-in-error"}]}),
    condition(concept("Not pregnant")),
    condition(concept("Acne")),
    condition(concept("Contraception, pregnancy prevention")),
    without(observation("82810-3"), "valueQuantity") | {"valueCodeableConcept": concept(loinc="LA26683-5")},
    without(observation("2106-3"), "valueQuantity") | {"valueString": "Negative"},
    panel({"code": concept(loinc="82810-3"), "valueCodeableConcept": concept("Not pregnant")}),
    panel({"code": concept(loinc="82810-3"), "valueCodeableConcept": concept(sct="77386006")})
    | {"status": "entered-in-error"},
    without(observation("2106-3"), "valueQuantity") | {"valueCodeableConcept": concept("Not detected")},
]


@pytest.mark.parametrize("resource", ENDED)
def test_what_is_no_pregnancy_now_does_not_stop(resource):
    assert from_fhir(bundle(request(dosage(daily())), resource)).regimen is not None


def test_the_code_of_a_schedule_is_no_pregnancy():
    assert from_fhir(request(dosage(coded("BID")))).regimen.text == "20 mg twice daily"
