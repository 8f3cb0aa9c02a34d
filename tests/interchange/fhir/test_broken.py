"""Broken FHIR: a text is refused with a reason and what was expected, or read; nothing crashes or is half-read."""

from __future__ import annotations

import json

import pytest

from anagen import Regimen, from_fhir
from anagen.errors import InputError, PregnancyStop

from .broken import BY_HAND, GOOD, TEXT, mutated
from .requests import bundle, dosage, quantity, repeat, request


def test_the_good_one_is_good():
    record = from_fhir(TEXT)
    assert (
        record.regimen.text
        == "40 mg once daily for 8 weeks, 20 mg every other day at 08:00 with a standard meal for 39 days"
    )
    assert len(record.administrations) == 1
    assert [one.name for one in record.measurements] == ["ferritin", "triglycerides"]
    assert from_fhir(TEXT.encode()) == from_fhir(GOOD) == record


@pytest.mark.parametrize(("source", "reason"), [row[1:] for row in BY_HAND], ids=[row[0] for row in BY_HAND])
def test_broken_by_hand(source, reason):
    with pytest.raises(InputError) as caught:
        from_fhir(source)
    said = str(caught.value)
    assert reason in said
    assert caught.value.expected
    assert len(said) < 2000
    said.encode("utf-8")  # can be printed


def test_no_source_at_all():
    with pytest.raises(InputError, match="an object of type NoneType"):
        from_fhir(None)


FOUR_WEEKS = repeat(frequency=1, period=1, periodUnit="d", boundsDuration=quantity(4, "wk"))
OPEN = repeat(frequency=1, period=1, periodUnit="d")


@pytest.mark.parametrize(
    ("timing", "text", "reason"),
    [
        (FOUR_WEEKS, "20 mg once daily for 4 weeks", None),
        (FOUR_WEEKS, "20 mg once daily for 28 days", None),
        (FOUR_WEEKS, "20 mg once daily", None),
        (OPEN, "20 mg once daily", None),
        (FOUR_WEEKS, "20 mg once daily for 24 weeks", "another length"),
        (OPEN, "20 mg once daily for 24 weeks", "says how long"),
        (repeat(timeOfDay=["20:00:00"]), "20 mg at 20:00", None),
        (repeat(timeOfDay=["20:00:00"]), "20 mg at 08:00", "another hour"),
        (OPEN, "20 mg twice daily", "does not say what the structure says"),
        (OPEN, "20 mg of Absorica LD once daily", "another kind of product"),
    ],
)
def test_a_text_that_can_be_read_says_what_the_structure_says(timing, text, reason):
    source = request(dosage(timing, text=text))
    if reason is None:
        assert from_fhir(source).regimen is not None
        return
    with pytest.raises(InputError, match=reason):
        from_fhir(source)


@pytest.mark.parametrize("year", ["0001", "1899", "2200", "9999"])
def test_years_that_cannot_be_meant(year):
    bounds = {"boundsPeriod": {"start": f"{year}-12-30"}}
    with pytest.raises(InputError, match="no year that can be meant"):
        from_fhir(request(dosage(repeat(frequency=1, period=1, periodUnit="d", count=100, **bounds))))
    with pytest.raises(InputError, match="no year that can be meant"):
        Regimen.from_text("20 mg once daily for 4 weeks").to_fhir(start=f"{year}-12-20")


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_mutations_are_read_whole_or_refused(start):
    for seed in range(start, start + 50):
        text = mutated(seed)
        try:
            record = from_fhir(text)
        except PregnancyStop:
            continue
        except InputError as error:
            if not error.expected:
                raise
            continue
        resources = [entry["resource"]["resourceType"] for entry in json.loads(text).get("entry", ())]
        read = (len(record.administrations), len(record.measurements), record.regimen is not None)
        there = tuple(
            resources.count(kind) for kind in ("MedicationAdministration", "Observation", "MedicationRequest")
        )
        left_out = sum("left out" in note or "not read" in note.casefold() for note in record.notes)
        # What is there was read, or its being left out is told.
        assert read[0] == there[0] or left_out
        assert read[1] == there[1] or left_out
        assert read[2] == (there[2] > 0) or left_out


def test_nothing_is_left_where_one_resource_is_wrong():
    broken = request({"sequence": 1})
    with pytest.raises(InputError):
        from_fhir(bundle(*[entry["resource"] for entry in GOOD["entry"]], broken))


def test_files(tmp_path):
    good = tmp_path / "good.json"
    good.write_text("\ufeff" + TEXT, "utf-8")
    assert from_fhir(good) == from_fhir(str(good)) == from_fhir(TEXT)
    with pytest.raises(InputError) as caught:
        from_fhir(tmp_path / "gud.json")
    assert caught.value.nearest == ("good.json",)
    with pytest.raises(InputError):
        from_fhir(tmp_path)
    with pytest.raises(InputError):
        from_fhir("a\x00b")


def test_an_object_that_is_no_json():
    with pytest.raises(InputError, match="no JSON"):
        from_fhir({"resourceType": "Patient", "x": object()})


def test_an_error_shows_its_place():
    text = json.dumps(request({"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "day"}}}), indent=1)
    with pytest.raises(InputError) as caught:
        from_fhir(text)
    line = text[: text.index('"day"')].count("\n") + 1
    assert f"line {line}: MedicationRequest.dosageInstruction[0].timing.repeat.periodUnit" in caught.value.message
    assert '"periodUnit": "day"' in str(caught.value)


def test_unknown_treatment():
    with pytest.raises(InputError):
        from_fhir(TEXT, treatment="isotretinion")
