"""Event combinations that are wrong: each refused with row, column, value and what would have been right."""

from __future__ import annotations

import pytest

from anagen.errors import InputError
from anagen.interchange.nonmem import from_nonmem

ALL = "ID,TIME,AMT,DV,EVID,MDV,CMT,II,ADDL,SS,RATE"
USUAL = "1,0,20,.,1,1,1,24,3,0,0"
LOOK = "1,8,.,120,0,0,2,.,.,.,."
WT = ALL + ",WT"
MEAL, FORM = "ID,TIME,AMT,EVID,MEAL", "ID,TIME,AMT,EVID,FORM"
TWO = "1,0,300,.,1,1,1,.,.,.,.,70\n1,5,300,.,1,1,1,.,.,.,.,70"
MANY = "\n".join(["1,0,1,.,1,1,1,.,.,.,."] * 49)

# name; header; records; row; column; value; part of what was wrong; part of what was expected
BAD = [
    ("amount in an observation", ALL, "1,8,20,120,0,0,2,.,.,.,.", 1, "AMT", "20", "an observation", "EVID 1 or 4"),
    ("rate in an observation", ALL, "1,8,.,120,0,0,2,.,.,.,5", 1, "RATE", "5", "an observation", "0 or ."),
    ("interval in an observation", ALL, "1,8,.,120,0,0,2,24,.,.,.", 1, "II", "24", "an observation", "0 or ."),
    ("ADDL in an observation", ALL, "1,8,.,120,0,0,2,.,2,.,.", 1, "ADDL", "2", "an observation", "0 or ."),
    ("SS in an observation", ALL, "1,8,.,120,0,0,2,.,.,1,.", 1, "SS", "1", "an observation", "0 or ."),
    ("amount in an other event", ALL, "1,8,20,.,2,1,.,.,.,.,.", 1, "AMT", "20", "an other event", "0 or ."),
    ("SS in an other event", ALL, "1,8,.,.,2,1,.,24,.,1,.", 1, "II", "24", "an other event", "0 or ."),
    ("amount in a reset", ALL, f"{USUAL}\n1,9,20,.,3,1,.,.,.,.,.", 2, "AMT", "20", "a reset", "EVID 1 or 4"),
    ("a dose of nothing", ALL, "1,0,0,.,1,1,1,.,.,.,.", 1, "AMT", "0", "without an amount", "EVID 2"),
    ("a dose without an amount", ALL, "1,0,.,.,1,1,1,.,.,.,.", 1, "AMT", ".", "without an amount", "mg above 0"),
    ("a reset and dose without an amount", ALL, "1,0,.,.,4,1,1,.,.,.,.", 1, "AMT", ".", "without an amount", "mg"),
    ("a dose below zero", ALL, "1,0,-20,.,1,1,1,.,.,.,.", 1, "AMT", "-20", "below zero", "mg above 0"),
    ("a dose of almost nothing", ALL, "1,0,0.00001,.,1,1,1,.,.,.,.", 1, "AMT", "0.00001", "too small", "0.001 mg"),
    ("a steady rate", ALL, "1,0,20,.,1,1,1,.,.,.,10", 1, "RATE", "10", "constant rate", "a dose at once"),
    ("a modelled rate", ALL, "1,0,20,.,1,1,1,.,.,.,-1", 1, "RATE", "-1", "this model has none", "0 or ."),
    ("a modelled duration", ALL, "1,0,20,.,1,1,1,.,.,.,-2", 1, "RATE", "-2", "this model has none", "0 or ."),
    ("a rate at a steady state", ALL, "1,0,20,.,1,1,1,24,.,1,1", 1, "RATE", "1", "constant rate", "0 or ."),
    ("ADDL below zero", ALL, "1,0,20,.,1,1,1,24,-1,0,0", 1, "ADDL", "-1", "below zero", "how many more"),
    ("a broken ADDL", ALL, "1,0,20,.,1,1,1,24,2.5,0,0", 1, "ADDL", "2.5", "not whole", "how many more"),
    ("ADDL without II", ALL, "1,0,20,.,1,1,1,0,3,0,0", 1, "II", "0", "ADDL asks", "hours between doses"),
    ("ADDL with II missing", ALL, "1,0,20,.,1,1,1,.,3,0,0", 1, "II", ".", "ADDL asks", "or ADDL 0"),
    ("ADDL without a column II", "ID,TIME,AMT,EVID,ADDL", "1,0,20,1,3", 1, "II", "not there", "ADDL asks", "hours"),
    ("II below zero", ALL, "1,0,20,.,1,1,1,-24,3,0,0", 1, "II", "-24", "below zero", "hours between"),
    ("II alone", ALL, "1,0,20,.,1,1,1,24,0,0,0", 1, "II", "24", "no meaning", "ADDL, or SS"),
    ("II in minutes", ALL, "1,0,20,.,1,1,1,0.5,3,0,0", 1, "II", "0.5", "no interval", "1 h to"),
    ("II of years", ALL, "1,0,20,.,1,1,1,9000,0,1,0", 1, "II", "9000", "no interval", "8,784 h"),
    ("SS without II", ALL, "1,0,20,.,1,1,1,0,0,1,0", 1, "II", "0", "steady state", "or SS 0"),
    ("SS 2 without II", ALL, "1,0,20,.,1,1,1,.,0,2,0", 1, "II", ".", "steady state", "or SS 0"),
    ("SS 3", ALL, "1,0,20,.,1,1,1,24,0,3,0", 1, "SS", "3", "initial conditions", "1, or 2"),
    ("SS 4", ALL, "1,0,20,.,1,1,1,24,0,4,0", 1, "SS", "4", "no kind", "0 none, 1"),
    ("SS below zero", ALL, "1,0,20,.,1,1,1,24,0,-1,0", 1, "SS", "-1", "no kind", "0 none, 1"),
    ("a broken SS", ALL, "1,0,20,.,1,1,1,24,0,0.5,0", 1, "SS", "0.5", "no kind", "0 none, 1"),
    ("EVID 5", ALL, "1,0,20,.,5,1,1,.,.,.,.", 1, "EVID", "5", "no kind of event", "0 observation, 1 dose"),
    ("EVID below zero", ALL, "1,0,20,.,-1,1,1,.,.,.,.", 1, "EVID", "-1", "no kind of event", "0 observation"),
    ("a broken EVID", ALL, "1,0,20,.,1.5,1,1,.,.,.,.", 1, "EVID", "1.5", "no kind of event", "0 observation"),
    ("EVID missing", ALL, f"{USUAL}\n1,8,.,120,.,0,2,.,.,.,.", 2, "EVID", ".", "is missing", "0 observation"),
    ("MDV 2", ALL, "1,8,.,120,0,2,2,.,.,.,.", 1, "MDV", "2", "neither 0 nor 1", "1 where it is none"),
    ("MDV 0 in a dose", ALL, "1,0,20,.,1,0,1,.,.,.,.", 1, "MDV", "0", "the record is none", "1, or EVID 0"),
    ("MDV 0 in an other event", ALL, "1,0,.,5,2,0,1,.,.,.,.", 1, "MDV", "0", "the record is none", "1, or EVID 0"),
    ("an observation without DV", ALL, "1,8,.,.,0,0,2,.,.,.,.", 1, "DV", ".", "missing in an observation", "MDV 1"),
    ("no column DV", "ID,TIME,AMT,EVID", "1,0,20,1\n1,8,.,0", 2, "DV", "not there", "missing", "MDV 1"),
    ("a logarithm as DV", ALL, "1,8,.,-0.5,0,0,2,.,.,.,.", 1, "DV", "-0.5", "below zero", "not a logarithm"),
    ("a dose into the centre", ALL, "1,0,20,.,1,1,2,.,.,.,.", 1, "CMT", "2", "a dose into central", "1 (depot)"),
    ("a dose into the periphery", ALL, "1,0,20,.,1,1,3,.,.,.,.", 1, "CMT", "3", "a dose into peripheral", "1 (depot)"),
    ("a dose of the metabolite", ALL, "1,0,20,.,1,1,4,.,.,.,.", 1, "CMT", "4", "a dose into metabolite", "1 (depot)"),
    ("no such compartment", ALL, "1,0,20,.,1,1,5,.,.,.,.", 1, "CMT", "5", "no compartment", "1 depot"),
    ("a compartment switched off", ALL, "1,0,.,.,2,1,-1,.,.,.,.", 1, "CMT", "-1", "switch a compartment off", "0, 1"),
    ("a broken compartment", ALL, "1,0,20,.,1,1,1.5,.,.,.,.", 1, "CMT", "1.5", "no compartment", "1 depot"),
    ("a look into the depot", ALL, "1,8,.,9,0,0,1,.,.,.,.", 1, "CMT", "1", "nothing is measured", "2 (isotretinoin"),
    ("a look into the periphery", ALL, "1,8,.,9,0,0,3,.,.,.,.", 1, "CMT", "3", "nothing is measured", "4 (4-oxo"),
    ("an unknown name of a compartment", "ID,TIME,AMT,EVID,CMT", "1,0,20,1,gut", 1, "CMT", "gut", "none", "depot"),
    ("unsorted", ALL, f"{USUAL}\n1,8,.,120,0,0,2,.,.,.,.\n1,4,.,90,0,0,2,.,.,.,.", 3, "TIME", "4", "by 4 h", "sort by"),
    ("a dose too early", ALL, f"1,9,20,.,1,1,1,.,.,.,.\n{USUAL}", 2, "TIME", "0", "before the record", "EVID"),
    ("people mixed", ALL, f"{USUAL}\n2{USUAL[1:]}\n{LOOK}", 3, "ID", "1", "another person between", "sort by ID"),
    ("ID missing", ALL, f".{USUAL[1:]}", 1, "ID", ".", "no whole number", "for each person"),
    ("a broken ID", ALL, f"1.5{USUAL[1:]}", 1, "ID", "1.5", "no whole number", "for each person"),
    ("TIME missing", ALL, "1,.,20,.,1,1,1,.,.,.,.", 1, "TIME", ".", "missing", "hours since"),
    ("ten times too much", WT, f"{USUAL},70\n1,100,800,.,1,1,1,.,.,.,.,70", 2, "AMT", "800", "11.4 mg/kg", "8 mg/kg"),
    ("too much by SS", WT, "1,0,80,.,1,1,1,2,0,1,0,70", 1, "AMT", "80", "13.7 mg/kg", "at most 8 mg/kg"),
    ("too much by ADDL", WT, "1,0,80,.,1,1,1,3,30,0,0,70", 1, "AMT", "80", "9.14 mg/kg", "at most 8 mg/kg"),
    ("too much together", WT, TWO, 1, "AMT", "300", "8.57", "8 mg/kg"),
    ("49 doses in a day", ALL, MANY, 1, "TIME", "0", "more than 48", "48 in 24 h"),
    ("ADDL for ever", ALL, "1,0,20,.,1,1,1,24,5000,0,0", 1, "ADDL", "5000", "5,001 days", "1,826 days"),
    ("more than 5 years", ALL, f"{USUAL}\n1,50000,20,.,1,1,1,.,.,.,.", 2, "TIME", "50000", "beyond 5 years", "1,826"),
    ("no meal with a dose", MEAL, "1,0,20,1,1\n1,24,20,1,.", 2, "MEAL", ".", "missing in a dose", "every dose"),
    ("an unknown meal", MEAL, "1,0,20,1,3", 1, "MEAL", "3", "none of the choices", "fasted (0)"),
    ("a meal misspelt", MEAL, "1,0,20,1,fastd", 1, "MEAL", "fastd", "none of the choices", "nearest: fasted"),
    ("an unknown form", FORM, "1,0,20,1,9", 1, "FORM", "9", "none of the choices", "micronised (3)"),
    ("derived: SS without an amount", "ID,TIME,AMT,DV,II,SS", "1,0,.,.,24,1", 1, "AMT", ".", "without an amount", "mg"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "records", "row", "column", "value", "wrong", "expected"), [b[1:] for b in BAD], ids=[b[0] for b in BAD]
)
def test_refused_with_row_column_value_and_mend(tmp_path, header, records, row, column, value, wrong, expected):
    path = tmp_path / "data.csv"
    path.write_text(f"{header}\n{records}\n")
    with pytest.raises(InputError) as caught:
        from_nonmem(path)
    first, *rest = str(caught.value).splitlines()
    assert first.startswith(f"data.csv: row {row} (line {row + 1}), column {column}: ")
    shown = value if value == "not there" else f"'{value}'"
    assert f": {shown}: " in first
    assert wrong in first
    assert any(expected in line for line in rest)
    if value != "not there":  # the caret stands under the value
        line, caret = rest[0], rest[1]
        assert line[caret.index("^") : caret.rindex("^") + 1] == value


def test_of_several_faults_that_of_the_first_row_is_told(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(f"{ALL}\n{USUAL}\n1,8,.,-1,0,0,2,.,.,.,.\n1,9,-20,.,1,1,1,.,.,.,.\n")
    with pytest.raises(InputError, match=r"row 2 .* column DV"):
        from_nonmem(path)


def test_at_least_sixty_combinations_are_in_the_two_tables():
    from .test_good_combinations import GOOD, MEALS

    assert len(GOOD) + len(MEALS) >= 50
    assert len(BAD) >= 60
    assert len({name for name, *_ in BAD}) == len(BAD)
