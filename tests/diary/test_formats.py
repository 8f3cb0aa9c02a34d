"""CSV, JSON and JSON in the manner of FHIR: what goes out comes back; what is broken is refused whole."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.diary.examples import a_rise, at
from tests.diary.strategies import entries

from anagen.diary.entries import DoseTaken, Event, Lab, Note, Weight, free_text_of
from anagen.diary.formats.bundle import write_bundle
from anagen.diary.formats.document import parsed, write_document
from anagen.diary.formats.files import WRITERS, format_of, read_file, read_text, without_words
from anagen.diary.formats.table import write_table
from anagen.errors import InputError, PregnancyStop

CET = timezone(timedelta(hours=1))
ENDINGS = {"csv": "d.csv", "json": "d.json", "fhir": "d.json"}


@pytest.mark.parametrize("form", WRITERS)
def test_every_kind_goes_out_and_comes_back(form):
    written = a_rise()
    assert read_text(WRITERS[form](written), ENDINGS[form]) == written


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(WRITERS)), st.lists(entries(), max_size=4))
def test_anything_goes_out_and_comes_back(form, written):
    back = read_text(WRITERS[form](written), ENDINGS[form])
    assert back == written
    assert [entry.at.utcoffset() for entry in back] == [entry.at.utcoffset() for entry in written]


def test_the_csv_is_what_others_read():
    """Python's own reader, which shares no code with ours."""
    rows = list(csv.DictReader(io.StringIO(write_table([Note(at=at(0), text='a, "b"\nc'), Weight(at=at(1), kg=70.5)]))))
    assert [row["kind"] for row in rows] == ["note", "weight"]
    assert rows[0]["text"] == 'a, "b"\nc'
    assert float(rows[1]["kg"]) == 70.5


def test_the_json_is_json_with_the_box_first():
    table = json.loads(write_document(a_rise()))
    assert list(table) == ["anagen_diary", "safety", "entries"]
    assert table["safety"][0]["id"] == "pregnancy"


def test_the_bundle_has_the_shape_of_fhir():
    table = json.loads(write_bundle(a_rise()))
    kinds = {one["resource"]["resourceType"] for one in table["entry"]}
    assert kinds == {"MedicationAdministration", "MedicationRequest", "Observation"}
    (lab,) = [r["resource"] for r in table["entry"] if r["resource"].get("code", {}).get("text") == "ferritin"]
    assert lab["valueQuantity"] == {"value": 18.0, "unit": "ug/L"}
    assert lab["referenceRange"] == [{"low": {"value": 15.0, "unit": "ug/L"}, "high": {"value": 150.0, "unit": "ug/L"}}]


def test_what_is_shared_leaves_out_the_persons_own_words():
    shared = without_words(a_rise())
    assert all(not free_text_of(entry) for entry in shared)
    assert len(shared) == len(a_rise()) - 1  # the note was only words
    for form, write in WRITERS.items():
        assert not [word for word in ("Dr X", "pillow", "album") if word in write(shared)], form
    assert free_text_of(a_rise()[-1])


TABLE = "kind,at,hairs,method,mg,name,value,unit,fasting\n"
ROW = "count,2026-01-05,14,comb,,,,,\n"
BROKEN_TABLES = {
    "": "is empty",
    "\n": "is empty",
    "hello": "unknown column: 'hello'",
    "kind;at;hairs\n": "not separated by commas",
    "kind\tat\n": "not separated by commas",
    "kind,hairs\n": "no column 'at'",
    "at,hairs\n": "no column 'kind'",
    "kind,at,hairs,hairs\n": "two columns",
    "kind,at,hiars\n": "unknown column: 'hiars'",
    TABLE + "count,2026-01-05,14,comb\n": "line 2: 4 cells, fewer",
    TABLE + ROW.replace("\n", ",,\n"): "line 2: 11 cells, more",
    TABLE + ROW + "cuont,2026-01-05,14,comb,,,,,\n": "line 3: unknown kind of entry: 'cuont'",
    TABLE + ",2026-01-05,14,comb,,,,,\n": "kind of entry is missing",
    TABLE + "count,,14,comb,,,,,\n": "not a day or a time",
    TABLE + "count,20:00,14,comb,,,,,\n": "not a day or a time: '20:00'",
    TABLE + "count,yesterday,14,comb,,,,,\n": "not a day or a time: 'yesterday'",
    TABLE + "count,0001-01-01,14,comb,,,,,\n": "the year is 1",
    (TABLE + ROW).replace("\n", "\r"): "carriage return",
    TABLE + "count,05.01.2026,14,comb,,,,,\n": "not a day or a time",
    TABLE + "count,2026-02-30,14,comb,,,,,\n": "there is no day",
    TABLE + "count,2026-01-05,fourteen,comb,,,,,\n": "hairs is 'fourteen'",
    TABLE + "count,2026-01-05,,comb,,,,,\n": "hairs is missing",
    TABLE + "count,2026-01-05,14,comp,,,,,\n": "method is 'comp'",
    TABLE + "count,2026-01-05,-3,comb,,,,,\n": "hairs is -3",
    TABLE + "count,2026-01-05,14,comb,20,,,,\n": "'mg' is no field of it",
    TABLE + 'dose,2026-01-05,,,"20,5",,,,\n': "mg is '20,5'",
    TABLE + 'dose,2026-01-05,,,"20,,,,\n': "a quote that does not end",
    TABLE + 'dose,2026-01-05,,,20"x",,,,\n': "a quote inside a cell",
    TABLE + 'dose,2026-01-05,,,"20"x,,,,\n': "a quote",
    TABLE + "lab,2026-01-05,,,,ferritin,1e999,ug/L,\n": "value is inf",
    TABLE + "lab,2026-01-05,,,,ferritin,24,ug/L,perhaps\n": "fasting is 'perhaps'",
    TABLE + "lab,2026-01-05,,,,ferritin,24,,\n": "unit is missing",
}


@pytest.mark.parametrize("text", BROKEN_TABLES)
def test_a_broken_table_is_refused_with_its_place(text):
    with pytest.raises(InputError, match=BROKEN_TABLES[text]) as told:
        read_text(text, "d.csv")
    error = told.value
    assert error.message.startswith("d.csv")
    assert error.expected
    if "empty" not in error.message:
        assert error.where is not None
        line = error.where.text
        assert line in text
        assert 0 <= error.where.column <= len(line)


def test_the_caret_stands_under_the_cell():
    with pytest.raises(InputError) as told:
        read_text(TABLE + ROW + "count,2026-01-05,14,comp,,,,,\n", "d.csv")
    assert str(told.value).splitlines()[1:3] == ["    count,2026-01-05,14,comp,,,,,", "                        ^^^^"]
    assert told.value.nearest == ("comb",)


def entry(**changes: object) -> str:
    table = {"kind": "count", "at": "2026-01-05", "hairs": 14, "method": "comb"} | changes
    return json.dumps({"anagen_diary": 1, "entries": [{k: v for k, v in table.items() if v != "gone"}]})


BROKEN_DOCUMENTS = {
    "": "not valid JSON",
    "{": "not valid JSON",
    "[1, 2]": "holds no object",
    "3": "holds no object",
    '{"anagen_diary": 1,, "entries": []}': "not valid JSON",
    "{'anagen_diary': 1}": "not valid JSON",
    '{"entries": []}': "anagen_diary is None",
    '{"anagen_diary": 2, "entries": []}': "anagen_diary is 2",
    '{"anagen_diary": true, "entries": []}': "anagen_diary is True",
    '{"anagen_diary": 1}': "entries is no list",
    '{"anagen_diary": 1, "entries": {}}': "entries is no list",
    '{"anagen_diary": 1, "entries": [3]}': "entry 1: it is no table",
    '{"anagen_diary": 1, "entreis": []}': "unknown key 'entreis'",
    '{"anagen_diary": 1, "anagen_diary": 1, "entries": []}': "stands twice",
    '{"anagen_diary": 1, "entries": [{"kind": "weight", "at": "2026-01-05", "kg": NaN}]}': "NaN is no number",
    '{"anagen_diary": 1, "entries": [{"kind": "weight", "at": "2026-01-05", "kg": 1e999}]}': "kg is inf",
    '{"a":' * 3000 + "1" + "}" * 3000: "nested too deeply",
    '{"a":' * 20 + "1" + "}" * 20: "nested too deeply",
    entry(kind="cuont"): "unknown kind of entry: 'cuont'",
    entry(kind=3): "unknown kind of entry: '3'",
    entry(kind="gone"): "the kind of entry is missing",
    entry(at="gone"): "at is None",
    entry(at=20260105): "at is 20260105",
    entry(hairs="14"): "hairs is '14'",
    entry(hairs=14.5): "hairs is 14.5",
    entry(hairs="gone"): "hairs is missing",
    entry(hairs=[14]): "hairs is \\[14\\]",
    entry(hairs=True): "hairs is True",
    entry(mg=20): "'mg' is no field of it",
    entry(kind=["count"]): "unknown kind of entry",
    entry(note={"a": 1}): "note is",
    entry(note="\ud800"): "note is",
    entry(at="now"): "not a day or a time: 'now'",
    entry(kind="weight", hairs="gone", method="gone", kg=10**400): "kg is 1000",
}


@pytest.mark.parametrize("text", BROKEN_DOCUMENTS, ids=range(len(BROKEN_DOCUMENTS)))
def test_a_broken_document_is_refused(text):
    with pytest.raises(InputError, match=BROKEN_DOCUMENTS[text]) as told:
        read_text(text, "d.json")
    assert told.value.message.startswith("d.json")
    assert told.value.expected


DOSE = {
    "resourceType": "MedicationAdministration",
    "status": "completed",
    "effectiveDateTime": "2026-01-05T20:00:00+01:00",
    "medicationCodeableConcept": {"text": "isotretinoin"},
    "dosage": {"dose": {"value": 20, "unit": "mg"}},
}
LAB = json.loads(write_bundle([Lab(at=at(0), name="ferritin", value=24.0, unit="ug/L", low=15.0)]))["entry"][0][
    "resource"
]
PLAN = {
    "resourceType": "MedicationRequest",
    "status": "active",
    "intent": "plan",
    "authoredOn": "2026-01-05",
    "medicationCodeableConcept": {"text": "isotretinoin"},
    "dosageInstruction": [{"text": "20 mg daily"}],
}
FASTING = {"code": {"coding": [{"code": "fasting"}]}, "valueBoolean": True}
DATED = {"url": "urn:anagen:diary:date-only"}
WEIGHED = json.loads(write_bundle([Weight(at=at(0), kg=70.0)]))["entry"][0]["resource"]
WEIGHED["component"][0]["valueQuantity"]["unit"] = "lb"
GONE = "gone"
BROKEN_BUNDLES = [
    ({"resourceType": "Patient"}, "resourceType is Patient"),
    ({"resourceType": "Bundle", "entry": {}}, "entry is no list"),
    ({"resourceType": "Bundle", "entry": [3]}, "resource 1: it is no table"),
    ({"resourceType": "Bundle", "entry": [{}]}, "resource 1: it is no table"),
    (DOSE | {"resourceType": "MedicationAdministartion"}, "is a MedicationAdministartion"),
    (DOSE | {"resourceType": None}, "is a None"),
    (DOSE | {"status": "entered-in-error"}, "status is entered-in-error"),
    (DOSE | {"status": GONE}, "status is None"),
    (DOSE | {"modifierExtension": []}, "has a modifierExtension"),
    (DOSE | {"medicationCodeableConcept": {"text": "aspirin"}}, "the drug is aspirin"),
    (DOSE | {"medicationCodeableConcept": GONE}, "medicationCodeableConcept is missing"),
    (DOSE | {"dosage": {"dose": {"value": 20, "unit": "g"}}}, "the dose is in g"),
    (DOSE | {"dosage": {"dose": {"value": "20", "unit": "mg"}}}, "mg is '20'"),
    (DOSE | {"dosage": {"dose": {"value": -20, "unit": "mg"}}}, "mg is -20"),
    (DOSE | {"dosage": []}, "its parts are not"),
    (DOSE | {"effectiveDateTime": GONE}, "at is None"),
    (DOSE | {"effectiveDateTime": "yesteryear"}, "not a day or a time"),
    (DOSE | {"extension": [{"url": "urn:x", "valueString": "y"}]}, "unknown extension"),
    (DOSE | {"extension": [{"url": "urn:anagen:diary:field:mael", "valueString": "food"}]}, "'mael' is no field"),
    (DOSE | {"extension": [{"url": "urn:anagen:diary:field:meal", "valueString": "lunch"}]}, "meal is 'lunch'"),
    (DOSE | {"extension": [3]}, "its parts are not"),
    (DOSE | {"note": [{"words": "x"}]}, "text is missing"),
    (PLAN | {"dosageInstruction": []}, "its parts are not"),
    (PLAN | {"dosageInstruction": [{}]}, "doseAndRate is missing"),
    (LAB | {"code": {"coding": []}}, "its parts are not"),
    (LAB | {"code": {"coding": [{"system": "urn:anagen:diary", "code": "lba"}]}}, "unknown kind of entry: 'lba'"),
    (LAB | {"valueQuantity": GONE}, "valueQuantity is missing"),
    (LAB | {"referenceRange": [{"low": {"value": 15.0, "unit": "mg/L"}}]}, "the range is in mg/L"),
    (LAB | {"component": [{"code": {"coding": [{"code": "hue"}]}, "valueString": "x"}]}, "unknown field: 'hue'"),
    (LAB | {"component": [{"code": {"coding": [{"code": "fasting"}]}}]}, "its parts are not"),
    (LAB | {"component": 2 * [FASTING]}, "fasting is said twice"),
    (LAB | {"component": [FASTING | {"code": {"coding": [{"code": "kind"}]}}]}, "kind is said twice"),
    (LAB | {"referenceRange": 2 * LAB["referenceRange"]}, "two reference ranges"),
    (LAB | {"referenceRange": [LAB["referenceRange"][0] | {"text": "men"}]}, "its parts are not"),
    (LAB | {"dataAbsentReason": {"text": "lost"}}, "'dataAbsentReason' is not of the diary"),
    (DOSE | {"valueQuantity": {"value": 40, "unit": "mg"}}, "'valueQuantity' is not of the diary"),
    (DOSE | {"extension": [DATED | {"valueString": "2026-02-01"}]}, "two days: 2026-02-01 and 2026-01-05"),
    (WEIGHED, "the value is in lb"),
]


@pytest.mark.parametrize(("table", "message"), BROKEN_BUNDLES, ids=range(len(BROKEN_BUNDLES)))
def test_a_broken_bundle_is_refused(table, message):
    if table.get("resourceType") != "Bundle" and message != "resourceType is Patient":
        table = {"resourceType": "Bundle", "entry": [{"resource": {k: v for k, v in table.items() if v != GONE}}]}
    table = table | {"identifier": {"system": "urn:anagen:diary", "value": "1"}}
    with pytest.raises(InputError, match=message) as told:
        read_text(json.dumps(table), "d.json")
    assert told.value.message.startswith("d.json")
    assert told.value.expected


PREGNANT = {
    "a.csv": "kind,at,what\nevent,2026-01-05,pregnancy\n",
    "b.csv": "kind,at,text\nnote,2026-01-05,I am 8 weeks pregnant\n",
    "c.json": json.dumps({"anagen_diary": 1, "entries": [{"kind": "event", "at": "2026-01-05", "what": "pregnancy"}]}),
    "d.json": write_bundle([Event(at=at(0), what="pregnancy")]),
    "f.csv": "kind,at,name,value,unit\nlab,2026-01-05,pregnancy test,1,positive\n",
    "e.json": json.dumps(
        {
            "resourceType": "Bundle",
            "entry": [{"resource": {"resourceType": "Condition", "code": {"text": "Pregnancy"}}}, {"resource": DOSE}],
        }
    ),
}


@pytest.mark.parametrize("name", PREGNANT)
def test_a_file_that_says_pregnant_stops(tmp_path, name):
    (tmp_path / name).write_text(PREGNANT[name], "utf-8")
    with pytest.raises(PregnancyStop):
        read_file(tmp_path / name)
    with pytest.raises(PregnancyStop):
        read_text(PREGNANT[name], name)


def test_fhir_of_other_systems_is_read_by_the_room_for_fhir():
    dose = DOSE | {"subject": {"reference": "Patient/1"}}
    value = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2571-8"}]},
        "effectiveDateTime": "2026-01-02",
        "valueQuantity": {"value": 1.9, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
    }
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": dose}, {"resource": value}]}
    first, second = read_text(json.dumps(bundle), "other.json", CET)
    assert isinstance(first, Lab)
    assert (first.name, first.unit, first.time_known) == ("triglycerides", "mg/dL", False)
    assert first.value == pytest.approx(1.9 * 88.57, rel=1e-3)
    assert "1.9" in first.note  # as it was sent
    assert isinstance(second, DoseTaken)
    assert (second.mg, second.at.isoformat()) == (20.0, "2026-01-05T20:00:00+01:00")
    for broken in ({"resourceType": "Bundle", "type": "collection", "entry": []}, {"resourceType": "Medicatoin"}):
        with pytest.raises(InputError):
            read_text(json.dumps(broken), "other.json")


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "mine.csv").write_text(TABLE, "utf-8")
    (tmp_path / "latin.csv").write_bytes("kind,at\nnote,Öl".encode("latin-1"))
    (tmp_path / "mine.xlsx").write_bytes(b"PK")
    (tmp_path / "big.csv").write_bytes(b"x" * 20_000_001)
    for name, message in (
        ("mien.csv", "cannot read .*mien.csv"),
        ("latin.csv", "byte 13 is not UTF-8"),
        ("mine.xlsx", "not a format"),
        ("big.csv", "larger than"),
        (".", "cannot read"),
    ):
        with pytest.raises(InputError, match=message):
            read_file(tmp_path / name)
    with pytest.raises(InputError) as told:
        read_file(tmp_path / "mien.csv")
    assert told.value.nearest[0] == "mine.csv"
    for name, named in (("x.txt", None), ("x.csv", "xml")):
        with pytest.raises(InputError):
            format_of(Path(name), named)


def test_windows_files_are_read():
    text = "\ufeff" + TABLE.replace("\n", "\r\n") + ROW.replace("\n", "\r\n") + "\r\n"
    assert len(read_text(text, "d.csv")) == 1


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(WRITERS)), st.integers(0, 10**6), st.text(max_size=3), st.integers(0, 3))
def test_a_file_damaged_anywhere_is_read_whole_or_refused(form, where, put, cut):
    """Whatever is done to a file, it gives entries or one of our errors; nothing else, and never a part."""
    some = a_rise()[60:64] + a_rise()[-10:]
    text = WRITERS[form](some)
    place = where % len(text)
    with suppress(InputError, PregnancyStop):
        found = read_text(text[:place] + put + text[place + cut :], ENDINGS[form])
        assert isinstance(found, list)


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda v: (
            st.lists(v, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "resourceType",
                        "entry",
                        "resource",
                        "code",
                        "coding",
                        "component",
                        "anagen_diary",
                        "entries",
                        "kind",
                    ]
                ),
                v,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused(value):
    with suppress(InputError, PregnancyStop):
        read_text(json.dumps(value), "d.json")
    with suppress(InputError, PregnancyStop):
        read_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": value}]}), "d.json")


def test_parsed_refuses_numbers_of_any_length():
    with pytest.raises(InputError):
        parsed('{"a": ' + "9" * 5000 + "}", "d.json")


def test_a_condition_of_pregnancy_in_the_own_bundle_stops() -> None:
    import json

    from anagen.diary.formats.bundle import write_bundle
    from anagen.diary.formats.files import read_text
    from anagen.diary.words import read_words
    from anagen.errors import PregnancyStop

    table = json.loads(write_bundle([read_words("count", ["14", "comb"], "2026-03-01")]))
    condition = {
        "resourceType": "Condition",
        "subject": {"display": "x"},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "77386006"}], "text": "Pregnancy"},
    }
    table["entry"].append({"resource": condition})
    with pytest.raises(PregnancyStop):
        read_text(json.dumps(table), "mine.json")
