"""Out and in again: regimens, tables and simulations as NONMEM-style data mean the same doses, people and levels."""

from __future__ import annotations

import numpy as np
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen import Patient, Regimen, simulate
from anagen.errors import InputError
from anagen.interchange.nonmem import from_nonmem
from anagen.interchange.nonmem.writing import regimen_frame, simulation_frame, write_nonmem

from .broken import GOOD

HOW_OFTEN = [
    *("once daily", "twice daily", "every other day", "every 8 h", "every 5.12345 h", "every 36 h", "3 times a week"),
    *("on Mon, Wed and Sat", "at 08:00 and 20:30", "at 07:00, 13:00 and 19:30", "every 3 days", "once a week"),
    *("every 2 h", "once"),
]
MEALS = ["fasted", "with a standard meal", "with a high-fat meal"]


@st.composite
def regimens(draw) -> Regimen:
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        often = draw(st.sampled_from(HOW_OFTEN))
        mg = draw(st.sampled_from(["1.8", "5", "10", "20", "0.1"])) if often != "every 2 h" else "0.5"
        length = "" if often == "once" else f" for {draw(st.integers(1, 9))} weeks"
        brand = draw(st.sampled_from(["", " of Absorica LD", " of Absorica"]))
        parts.append(f"{mg} mg{brand} {often} {draw(st.sampled_from(MEALS))}{length}")
    gap = draw(st.sampled_from([", ", ", off 2 weeks, "]))
    return Regimen.from_text(gap.join(parts))


def same_doses(one, other):
    np.testing.assert_allclose(one.time_h, other.time_h, rtol=0, atol=1e-6)
    for name in ("amount_mg", "meal", "formulation"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.single_dose == other.single_dose


@settings(max_examples=40, deadline=None)
@given(regimen=regimens(), form=st.sampled_from(["frame", "csv", "parquet"]))
def test_regimen_to_table_to_doses(regimen, form, tmp_path_factory):
    frame = regimen_frame(regimen, 70.0)
    source = frame
    if form != "frame":
        source = tmp_path_factory.mktemp("out") / f"data.{form}"
        write_nonmem(frame, source, ("Never in pregnancy.",))
    table = from_nonmem(source)
    doses = table.doses()
    same_doses(doses.events(70), regimen.events(70))
    assert table.patient().weight_kg == 70
    assert len(frame) <= regimen.events(70).time_h.size


def test_few_records_stand_for_many_doses():
    wanted = {
        "20 mg once daily for 24 weeks": 1,
        "1.8 mg every 8 h for 26 weeks": 1,
        "10 mg on Mon, Wed and Fri for 9 weeks": 3,
        "5 mg at 08:00 and 13:00 for 4 weeks": 2,
        "20 mg daily for 8 weeks, off 4 weeks, 10 mg daily for 8 weeks": 2,
    }
    for text, records in wanted.items():
        assert len(regimen_frame(Regimen.from_text(text), 70)) == records, text


@pytest.mark.parametrize("text", ["20 mg once daily for 24 weeks", "10 mg every other day for 24 weeks", "40 mg once"])
def test_the_course_ends_where_the_regimen_ends(text):
    regimen = Regimen.from_text(text)
    assert from_nonmem(regimen_frame(regimen, 70)).doses().events(70).course_days == regimen.events(70).course_days


def test_a_table_reads_back_as_itself(tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(GOOD)
    table = from_nonmem(path)
    again = from_nonmem(table.to_nonmem())
    for name, column in vars(table.records).items():
        np.testing.assert_array_equal(column, getattr(again.records, name), err_msg=name)
    for identity in table.people:
        assert again.patient(identity) == table.patient(identity)
    assert again.predict().equals(table.predict())


def test_files_say_the_box_first_and_are_read(tmp_path):
    frame = regimen_frame(Regimen.from_text("20 mg once daily"), 70)
    path = tmp_path / "data.csv"
    write_nonmem(frame, path, ("Never in pregnancy. " * 20, "more"))
    lines = path.read_text().splitlines()
    assert lines[0].startswith("@ Never in pregnancy")
    assert max(map(len, lines)) < 300  # the longest record that NONMEM reads everywhere
    assert next(line for line in lines if line[0] != "@").startswith("ID,TIME,AMT,DV,EVID,MDV,CMT,II,ADDL,SS,RATE")
    write_nonmem(frame, tmp_path / "data.parquet", ("Never in pregnancy.",))
    assert polars.read_parquet_metadata(tmp_path / "data.parquet")["anagen"] == "Never in pregnancy."
    with pytest.raises(InputError, match=r"ending \.txt"):
        write_nonmem(frame, tmp_path / "data.txt", ())


@pytest.mark.parametrize("regimen", ["20 mg once daily with food for 24 weeks", "80 mg once with a high-fat meal"])
def test_a_simulation_and_its_table_show_the_same_levels(regimen):
    """Two ways to the level: the engine's superposition of single doses, and the matrices of this room."""
    result = simulate("isotretinoin", regimen, Patient(weight_kg=82, sex="male"), people=1, weeks=4)
    table = from_nonmem(simulation_frame(result))
    shown = table.predict().filter(polars.col("EVID") == 0)
    assert len(shown) == 50
    np.testing.assert_allclose(shown["PRED"], shown["DV"], rtol=1e-9, atol=1e-9)
    assert shown["DV"].max() > 50
    assert table.patient() == Patient(weight_kg=82, sex="male")


def test_recorded_doses_go_through_the_whole_cascade_as_the_regimen_does():
    regimen = "20 mg once daily with food for 24 weeks"
    patient = Patient(weight_kg=82, sex="male")
    usual = simulate("isotretinoin", regimen, patient, people=1, weeks=13)
    frame = regimen_frame(Regimen.from_text(regimen), 82).with_columns(MALE=1)
    recorded = from_nonmem(frame).simulate(people=1, weeks=13)
    for name, series in usual.signals.items():
        np.testing.assert_array_equal(series, recorded.signals[name], err_msg=name)
    assert recorded.exposure == usual.exposure
    assert recorded.safety[0]["id"] == "pregnancy"
    assert recorded.label == "doses of table, ID 1"
    assert any(notice["id"] == "event-table" for notice in recorded.safety) or not from_nonmem(frame).notes


def test_a_steady_state_goes_into_the_cascade_as_doses_before_it(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,EVID,II,SS,MEAL,WT\n7,100,20,1,24,1,1,70\n7,124,20,1,.,.,1,70\n")
    doses = from_nonmem(path).doses()
    events = doses.events(70)
    assert events.time_h.tolist() == [24.0 * k for k in range(44)]
    assert doses.start_h == 100 - 42 * 24
    assert any("Steady state" in note.text for note in doses.notes(70))


RESETS = [
    ("1,0,20,1,.,.\n1,24,.,3,.,.\n", r"row 2 .*column EVID: '3': a reset: no living person is emptied"),
    ("1,0,20,1,.,.\n1,24,20,4,.,.\n", r"row 2 .*column EVID: '4': a reset"),
    ("1,0,20,1,.,.\n1,24,20,1,24,1\n", r"row 2 .*column SS: '1': a steady state in place of the doses before it"),
]


@pytest.mark.parametrize(("records", "said"), RESETS)
def test_a_person_is_not_emptied(records, said, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,EVID,II,SS\n" + records)
    table = from_nonmem(path)
    assert table.predict().height == 2
    with pytest.raises(InputError, match=said):
        table.doses()


def test_a_reset_before_all_doses_is_none(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,EVID\n1,0,.,3\n1,5,20,4\n1,29,20,1\n")
    assert from_nonmem(path).doses().events(70).time_h.tolist() == [0, 24]


def test_people_are_asked_for_by_their_number(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,WT\n1,0,20,40\n2,0,20,80\n20,0,500,.\n".replace("20,0,500,.", "20,0,500,90"))
    table = from_nonmem(path)
    assert table.doses(2).events(80).amount_mg.tolist() == [20]
    with pytest.raises(InputError, match="3 people, and none was named"):
        table.doses()
    with pytest.raises(InputError, match=r"no person 22(.|\n)*nearest: 2"):
        table.doses(22)
    with pytest.raises(InputError, match="mg/kg in 24 h"):
        table.doses(20).events(50)


def test_a_weight_that_changes_is_not_for_the_cascade(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,WT\n1,0,20,70\n1,24,20,72\n")
    with pytest.raises(InputError, match="changes in time"):
        from_nonmem(path, interpolation="nocb").simulate(people=1, weeks=4)


CANCELLED = [
    ("1,0,20,1,24,5,0\n1,50,.,3,.,.,.\n", [0, 24, 48]),
    ("1,0,20,1,24,5,0\n1,48,20,4,.,.,.\n", [0, 24, 48]),
    ("1,0,20,1,24,5,0\n1,50,20,1,24,1,1\n", [0, 24, 48, 50, 74]),
    ("1,0,20,1,24,2,0\n1,30,20,1,24,1,2\n", [0, 24, 30, 48, 54]),
    ("1,0,20,1,24,2,0\n2,1,.,3,.,.,.\n", [0, 24, 48]),
]


@pytest.mark.parametrize(("records", "times"), CANCELLED)
def test_resets_cancel_doses_to_come_of_the_same_person(records, times, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,EVID,II,ADDL,SS\n" + records)
    assert from_nonmem(path).unrolled.time_h.tolist() == times


def test_more_doses_a_day_than_the_engine_has_places_for(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(
        "ID,TIME,AMT,II,ADDL,MEAL\n1,0,1,1,30,1\n1,100,1,1,30,0\n1,150.5,1,.,.,0\n1,200,1,1,40,0\n1,200.5,1,1,40,0\n"
    )
    table = from_nonmem(path)
    with pytest.raises(InputError, match="ID 1: 48 doses within 24 hours taken in 2 ways"):
        table.doses()
    assert from_nonmem(table.to_nonmem().filter(polars.col("MEAL") == 0)).doses().recorded.time_h.size == 114
