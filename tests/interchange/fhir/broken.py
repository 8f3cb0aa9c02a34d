"""Broken FHIR texts: by hand, each with words of the error it must give; and mutations of a Bundle that is good."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from .requests import administration, bundle, daily, dosage, observation, quantity, repeat, request, without

PERSON = {"resourceType": "Patient", "id": "1", "gender": "female", "birthDate": "1990-05-06"}
GOOD = bundle(
    PERSON,
    request(
        dosage(daily(8), quantity(40, "mg"), sequence=1, text="40 mg once daily"),
        dosage(repeat(frequency=1, period=2, periodUnit="d", when=["CM"], count=20), sequence=2),
        meta={"tag": [{"code": "x"}]},
    ),
    administration(),
    observation(),
    observation("14927-8", 1.7, "mmol/L"),
)
TEXT = json.dumps(GOOD)
R, A, O, B = request(dosage(daily())), administration(), observation(), bundle  # noqa: E741


def _deep(levels: int) -> str:
    return '{"resourceType": "Patient", "extension": ' + "[" * levels + "]" * levels + "}"


BY_HAND: list[tuple[str, Any, str]] = [
    # texts
    ("empty", "", "is empty"),
    ("blank", "  \n ", "is empty"),
    ("nothing but bytes", b"\xff\xfe\x00", "is not UTF-8"),
    ("Latin 1", '{"resourceType": "Patient", "gender": "fémale"}'.encode("latin-1"), "is not UTF-8"),
    ("UTF-16", TEXT.encode("utf-16"), "is not UTF-8"),
    ("XML", "<Bundle xmlns='http://hl7.org/fhir'/>", "is XML"),
    ("cut off", TEXT[:500], "not valid JSON"),
    ("cut in a string", TEXT[: TEXT.index("Isotretinoin") + 3], "not valid JSON"),
    ("two objects", TEXT + TEXT, "not valid JSON"),
    ("a comma too many", '{"resourceType": "Patient",}', "not valid JSON"),
    ("single quotes", "{'resourceType': 'Patient'}", "not valid JSON"),
    ("a comment", '{"resourceType": "Patient" /* x */}', "not valid JSON"),
    ("an array", "[1, 2]", "holds an array"),
    ("lines of JSON", '{"resourceType": "Patient"}\n{"resourceType": "Patient"}', "not valid JSON"),
    ("NaN", '{"resourceType": "Patient", "x": NaN}', "NaN"),
    ("Infinity", '{"resourceType": "Patient", "x": -Infinity}', "Infinity"),
    ("1e999", '{"resourceType": "Observation", "valueQuantity": {"value": 1e999}}', "too large a number"),
    ("5,000 digits", '{"resourceType": "Patient", "x": ' + "9" * 5000 + "}", "not valid JSON"),
    ("a name twice", '{"resourceType": "Patient", "id": "1", "id": "2"}', "said twice"),
    ("nested 100 deep", _deep(100), "nested too deep"),
    ("nested 100,000 deep", _deep(100_000), "nested too deep"),
    ("20 million bytes", b" " * 20_000_001, "too large"),
    ("a tab in a string", '{"resourceType": "Pati\tent"}', "not valid JSON"),
    ("half a character as it is", '{"resourceType": "\ud800"}', "half of a character"),
    ("half a character in the kind", '{"resourceType": "\\ud800"}', "half of a character"),
    ("half a character in a name", '{"resourceType": "Patient", "\\ud800": 1}', "half of a character"),
    ("half a character twice", '{"resourceType": "Patient", "\\ud800": 1, "\\ud800": 1}', "said twice"),
    ("half a character", '{"resourceType": "Patient", "gender": "\\ud800"}', "half of a character"),
    # what it is
    ("a string that never ends", '{"x": "' + '\\"' * 200_000, "not valid JSON"),
    ("a text that begins wrongly", "}" + TEXT, "cannot read"),
    ("no resourceType", {"status": "active"}, "has no resourceType"),
    ("resourceType is a number", {"resourceType": 4}, "resourceType"),
    ("a wrong resourceType", {"resourceType": "MedicationRequests"}, "is no resource of FHIR R4"),
    ("a Bundle without a type", {"resourceType": "Bundle"}, "type: is missing"),
    ("a Bundle of another type", B(R) | {"type": "stack"}, "type: is 'stack'"),
    ("entry is an object", {"resourceType": "Bundle", "type": "collection", "entry": {"resource": R}}, "entry"),
    ("an entry that is a text", {"resourceType": "Bundle", "type": "collection", "entry": ["x"]}, "entry[0]"),
    ("an entry without a resource", {"resourceType": "Bundle", "type": "collection", "entry": [{}]}, "has no resource"),
    (
        "a resource that is a number",
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": 3}]},
        "without a resourceType",
    ),
    ("a Bundle in a Bundle", B(B(R)), "is a Bundle in a Bundle"),
    (
        "one address twice",
        {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:a", "resource": O}] * 2},
        "stands twice",
    ),
    ("two people", B(PERSON, PERSON | {"id": "2"}), "second person"),
    ("requests of two people", B(R, request(dosage(daily()), subject={"reference": "Patient/2"})), "another person"),
    ("a value of another person", B(PERSON, observation(subject={"reference": "Patient/9"})), "another person"),
    # form
    ("null", R | {"note": None}, "is null"),
    ("an empty array", R | {"note": []}, "is empty"),
    ("an empty object", R | {"subject": {}}, "is empty"),
    ("an empty string", R | {"status": ""}, "is empty"),
    (
        "modifierExtension",
        R | {"modifierExtension": [{"url": "http://a", "valueBoolean": True}]},
        "changes the meaning",
    ),
    (
        "modifierExtension in a dosage",
        request(dosage(daily(), modifierExtension=[{"url": "http://a"}])),
        "changes the meaning",
    ),
    ("implicitRules", R | {"implicitRules": "http://a"}, "changes the meaning"),
    ("an unknown element", R | {"dosageInstructions": []}, "is empty"),
    ("a misspelled element", R | {"dosageInstrucion": [1]}, "dosageInstrucion: no element of FHIR R4"),
    ("a misspelled element within", request(dosage({"repeat": {"frequncy": 1}})), "frequncy: no element of FHIR R4"),
    # the request
    ("no status", without(R, "status"), "status: is missing"),
    ("another status", R | {"status": "aktiv"}, "status: is 'aktiv'"),
    ("no intent", without(R, "intent"), "intent: is missing"),
    ("no subject", without(R, "subject"), "subject: is missing"),
    ("entered in error", R | {"status": "entered-in-error"}, "nothing to simulate"),
    ("cancelled", R | {"status": "cancelled"}, "nothing to simulate"),
    ("stopped", R | {"status": "stopped"}, "was stopped"),
    ("on hold", R | {"status": "on-hold"}, "is on hold"),
    ("status unknown", R | {"status": "unknown"}, "unknown status"),
    ("do not perform", R | {"doNotPerform": True}, "be not taken"),
    ("an option", R | {"intent": "option"}, "one of several options"),
    ("no drug", without(R, "medicationCodeableConcept"), "which drug is not said"),
    ("two drugs", R | {"medicationReference": {"reference": "#a"}}, "stands beside"),
    (
        "a drug that is not here",
        without(R, "medicationCodeableConcept") | {"medicationReference": {"reference": "Medication/7"}},
        "not here",
    ),
    (
        "a contained drug that is not",
        without(R, "medicationCodeableConcept") | {"medicationReference": {"reference": "#7"}},
        "not contained",
    ),
    ("a gel", R | {"medicationCodeableConcept": {"text": "Isotretinoin 0.05% gel"}}, "for the skin"),
    (
        "two kinds of capsule",
        R | {"medicationCodeableConcept": {"text": "Absorica LD", "coding": [{"display": "Roaccutane"}]}},
        "different kinds",
    ),
    ("no dosage", without(R, "dosageInstruction"), "no dosageInstruction"),
    # the dosage
    ("as needed", request(dosage(daily(), asNeededBoolean=True)), "as needed is no schedule"),
    ("as needed for", request(dosage(daily(), asNeededCodeableConcept={"text": "acne"})), "as needed is no schedule"),
    ("no timing", request(dosage(None)), "how often is not said"),
    ("no dose", request(without(dosage(daily()), "doseAndRate")), "how much is not said"),
    ("nothing", request({"sequence": 1}), "neither how much nor how often"),
    ("a text that is no regimen", request({"text": "take some"}), "dosageInstruction[0].text"),
    (
        "a text against its structure",
        request(dosage(daily(), text="40 mg once daily")),
        "does not say what the structure says",
    ),
    (
        "a text of another schedule",
        request(dosage(daily(), text="20 mg twice daily")),
        "does not say what the structure says",
    ),
    ("a dose of 0", request(dosage(daily(), quantity(0, "mg"))), "no dose"),
    ("a dose below 0", request(dosage(daily(), quantity(-20, "mg"))), "no dose"),
    ("a dose as text", request(dosage(daily(), quantity(20, "mg") | {"value": "20"})), "is '20'"),
    ("a dose that is true", request(dosage(daily(), quantity(20, "mg") | {"value": True})), "is true"),
    ("a dose without a unit", request(dosage(daily(), {"value": 20})), "has no unit"),
    ("a dose without a value", request(dosage(daily(), without(quantity(20, "mg"), "value"))), "has no value"),
    ("below a dose", request(dosage(daily(), quantity(20, "mg") | {"comparator": "<"})), "no single value"),
    ("capsules", request(dosage(daily(), {"value": 1, "unit": "capsule"})), "not an accepted UCUM unit"),
    ("mL", request(dosage(daily(), quantity(5, "mL"))), "mL is a volume"),
    ("MG", request(dosage(daily(), quantity(20, "MG"))), "'MG' is not an accepted UCUM unit"),
    (
        "units of another system",
        request(dosage(daily(), quantity(20, "mg") | {"system": "http://snomed.info/sct"})),
        "is not UCUM",
    ),
    (
        "a range of doses",
        request(
            without(dosage(daily()), "doseAndRate") | {"doseAndRate": [{"doseRange": {"low": quantity(20, "mg")}}]}
        ),
        "is a range",
    ),
    (
        "a rate",
        request(without(dosage(daily()), "doseAndRate") | {"doseAndRate": [{"rateQuantity": quantity(20, "mg/h")}]}),
        "a rate is no dose",
    ),
    (
        "two doses",
        request(dosage(daily()) | {"doseAndRate": [{"doseQuantity": quantity(20, "mg")}] * 2}),
        "more than one dose",
    ),
    ("into a vein", request(dosage(daily(), route={"text": "intravenous"})), "not known to be by mouth"),
    (
        "two meals",
        request(dosage(daily(), patientInstruction="fasted", additionalInstruction=[{"text": "with food"}])),
        "says two meals",
    ),
    ("8.1 mg/kg is read, a ton is not", request(dosage(daily(), quantity(1e14, "kg"))), "number with too many digits"),
    ("sequence as text", request(dosage(daily(), sequence="1")), "sequence: is '1'"),
    ("at the same time", request(dosage(daily()), dosage(daily())), "at the same time"),
    ("one sequence twice", request(dosage(daily(), sequence=1), dosage(daily(), sequence=1)), "at the same time"),
    (
        "an open course before another",
        request(dosage(repeat(frequency=1, period=1, periodUnit="d"), sequence=1), dosage(daily(), sequence=2)),
        "how long is not said",
    ),
    ("two requests without dates", B(R, R), "second request"),
    (
        "dates that overlap",
        request(
            *(
                dosage(
                    repeat(frequency=1, period=1, periodUnit="d", boundsPeriod={"start": start, "end": "2026-06-01"})
                )
                for start in ("2026-01-01", "2026-02-01")
            )
        ),
        "never run at the same time",
    ),
    (
        "a start in one only",
        request(
            dosage(daily(), sequence=1),
            dosage(repeat(frequency=1, period=1, periodUnit="d", boundsPeriod={"start": "2026-01-01"}), sequence=2),
        ),
        "has no start",
    ),
    ("longer than 5 years", request(dosage(daily(200), sequence=1), dosage(daily(200), sequence=2)), "beyond 5 years"),
    # doses taken
    ("a dose in progress", A | {"status": "in-progress"}, "is not known"),
    ("a dose without its time", without(A, "effectiveDateTime"), "when it was taken is not said"),
    ("a dose in a year", A | {"effectiveDateTime": "2026"}, "no single day"),
    ("a time without an offset", A | {"effectiveDateTime": "2026-03-01T08:00:00"}, "no date or time of FHIR"),
    ("another order of the day", A | {"effectiveDateTime": "01.03.2026"}, "no date or time of FHIR"),
    ("30 February", A | {"effectiveDateTime": "2026-02-30"}, "no such day"),
    ("an offset of 20 h", A | {"effectiveDateTime": "2026-02-03T08:00:00+20:00"}, "no such day or time"),
    (
        "over hours",
        without(A, "effectiveDateTime") | {"effectivePeriod": {"start": "2026-03-01", "end": "2026-03-02"}},
        "span of time",
    ),
    ("a dose without an amount", without(A, "dosage"), "how much was taken"),
    ("taken per kg", A | {"dosage": {"dose": quantity(0.5, "mg/kg")}}, "is per kg"),
    # measurements
    ("a value without its time", without(O, "effectiveDateTime"), "when it was measured is not said"),
    ("a value below 0", observation(value=-1), "is below zero"),
    ("ferritin in kg", observation(ucum="kg"), "kg is a mass and ug/L is a mass concentration"),
    ("TSH in mol/L", observation("3016-3", 1, "mmol/L"), "neither can be turned into the other"),
    ("ferritin in IU", observation(ucum="[iU]/L"), "neither can be turned into the other"),
    ("an unknown unit", observation(ucum="furlong"), "not an accepted UCUM unit"),
    ("a value as text", O | {"valueQuantity": quantity(1, "ug/L") | {"value": "24"}}, "is '24'"),
    (
        "codes of two measurements",
        O | {"code": {"coding": [{"system": "http://loinc.org", "code": c} for c in ("2276-4", "2571-8")]}},
        "different measurements",
    ),
    (
        "a range upside down",
        O | {"referenceRange": [{"low": quantity(50, "ug/L"), "high": quantity(10, "ug/L")}]},
        "not below its high",
    ),
    ("status unknown of a value", O | {"status": "unknown"}, "whether the value holds"),
    # the person
    (
        "a condition misspelled",
        {"resourceType": "Condition", "subject": {"display": "a"}, "cod": {"text": "x"}},
        "cod: no element",
    ),
    ("another gender", PERSON | {"gender": "F"}, "gender: is 'F'"),
    ("born on no day", PERSON | {"birthDate": "1990-13-01"}, "no such day"),
    ("born at a time", PERSON | {"birthDate": "1990-01-01T00:00:00Z"}, "has a time of day"),
]

JUNK: list[Any] = [
    None,
    "",
    "x",
    "\u0000",
    0,
    -1,
    1e308,
    10**30,
    True,
    [],
    {},
    [[]],
    {"a": {}},
    "2026-99-99",
    ["mg"],
    "#1",
]


def mutated(seed: int) -> str:
    """A good Bundle with one to four places broken: a value changed, removed, doubled or moved; or the text cut."""
    draw = random.Random(seed)
    tree = copy.deepcopy(GOOD)
    for _ in range(draw.randint(1, 4)):
        holder, key = draw.choice(list(_places(tree)))
        what = draw.randrange(5)
        if what == 0:
            holder[key] = draw.choice(JUNK)
        elif what == 1:
            del holder[key]
        elif what == 2 and isinstance(holder, dict):
            holder[f"{key}{draw.choice(['s', 'X', ' '])}"] = holder.pop(key)
        elif what == 3:
            other, name = draw.choice(list(_places(tree)))
            holder[key] = copy.deepcopy(other[name])
        else:
            holder[key] = [holder[key]] * draw.randint(1, 3)
    text = json.dumps(tree)
    if draw.randrange(4) == 0:
        at = draw.randrange(len(text))
        text = text[:at] + draw.choice(["", '"', "}", ",", "\\", "\u0000", "null"]) + text[at + draw.randint(0, 3) :]
    return text


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(items):
        yield tree, key
        yield from _places(value)
