"""Event combinations that are right, each against the slow oracle: what a reader of NONMEM's rules expects of them.

`records`: one line each, in the order of the header; short lines end in dots. Looks (EVID 0) are predicted.
`taken`: the doses that these records mean, written out by hand as (h, mg) or (h, mg, meal, form); a `train` is the
doses of a steady state.
"""

from __future__ import annotations

import numpy as np
import pytest

from anagen.interchange.nonmem import from_nonmem

from .oracle import Oracle, train

HEADER = "TIME AMT EVID II ADDL SS"
LOOKS = "\n0.5 . 0\n3 . 0\n8 . 0\n30 . 0\n75.5 . 0\n200 . 0"


def doses(*times: float, mg: float = 20.0):
    return [(t, mg) for t in times]


GOOD = [
    ("one dose", "0 20 1", doses(0)),
    ("a dose later than the first record", "0 . 2\n10 20 1", doses(10)),
    ("a dose at a broken hour", "7.25 20 1", doses(7.25)),
    ("two doses", "0 20 1\n24 20 1", doses(0, 24)),
    ("two doses at one time are added", "0 20 1\n0 20 1", doses(0, 0)),
    ("two amounts at one time", "0 20 1\n0 10 1", [(0, 20), (0, 10)]),
    ("doses closer than the lag", "0 20 1\n1 20 1", doses(0, 1)),
    ("different amounts", "0 20 1\n12 40 1\n36 5 1", [(0, 20), (12, 40), (36, 5)]),
    ("ADDL", "0 20 1 24 3", doses(0, 24, 48, 72)),
    ("ADDL 0 and II 0", "0 20 1 0 0", doses(0)),
    ("ADDL every 8 h", "0 20 1 8 5", doses(0, 8, 16, 24, 32, 40)),
    ("ADDL at broken hours", "0 20 1 7.5 2", doses(0, 7.5, 15)),
    ("ADDL that goes on past the next dose", "0 20 1 24 3\n36 10 1", [(0, 20), (24, 20), (36, 10), (48, 20), (72, 20)]),
    ("two records with ADDL that cross", "0 20 1 24 2\n12 10 1 24 2", [*doses(0, 24, 48), *doses(12, 36, 60, mg=10)]),
    ("ADDL whose last dose is after the last record", "0 20 1 24 300", doses(*range(0, 24 * 301, 24))),
    ("ADDL and a dose at the same hour", "0 20 1 24 1\n24 10 1", [(0, 20), (24, 20), (24, 10)]),
    ("SS 1", "0 20 1 24 0 1", [*train(0, 20, 24), (0, 20)]),
    ("SS 1 every 12 h", "0 20 1 12 0 1", [*train(0, 20, 12), (0, 20)]),
    ("SS 1, its interval shorter than the lag", "0 5 1 1.25 0 1", [*train(0, 5, 1.25), (0, 5)]),
    ("SS 1, its interval as long as half the lag", "0 5 1 1.3 0 1", [*train(0, 5, 1.3), (0, 5)]),
    ("SS 1, its interval the lag", "0 5 1 2.6 0 1", [*train(0, 5, 2.6), (0, 5)]),
    ("SS 1 once a week", "0 20 1 168 0 1", [*train(0, 20, 168), (0, 20)]),
    ("SS 1 with ADDL", "0 20 1 24 2 1", [*train(0, 20, 24), *doses(0, 24, 48)]),
    ("SS 1 in place of earlier doses", "0 80 1\n5 20 1 24 0 1", [*train(5, 20, 24), (5, 20)]),
    ("SS 1 in place of a dose that still waits", "0 80 1\n1 20 1 24 0 1", [*train(1, 20, 24), (1, 20)]),
    ("SS 1 cancels doses to come", "0 80 1 24 9\n5 20 1 24 0 1", [*train(5, 20, 24), (5, 20)]),
    ("SS 1 twice", "0 80 1 12 0 1\n2 20 1 24 0 1", [*train(2, 20, 24), (2, 20)]),
    ("SS 2 with nothing before", "0 20 1 24 0 2", [*train(0, 20, 24), (0, 20)]),
    ("SS 2 is added to a dose", "0 80 1\n5 20 1 24 0 2", [*train(5, 20, 24), (0, 80), (5, 20)]),
    ("SS 2 leaves doses to come", "0 9 1 24 2\n5 20 1 24 0 2", [*train(5, 20, 24), *doses(0, 24, 48, mg=9), (5, 20)]),
    ("SS 1 and SS 2 at once", "0 20 1 24 0 1\n0 9 1 24 0 2", [*train(0, 20, 24), *train(0, 9, 24), (0, 20), (0, 9)]),
    ("SS 1, then SS 2", "0 20 1 24 0 1\n12 9 1 24 0 2", [*train(0, 20, 24), *train(12, 9, 24), (0, 20), (12, 9)]),
    ("SS 2 with ADDL", "0 20 1\n5 20 1 24 2 2", [*train(5, 20, 24), (0, 20), *doses(5, 29, 53)]),
    ("a reset", "0 80 1\n2.8 . 3\n2.9 20 1", doses(2.9)),
    ("a reset cancels doses to come", "0 20 1 24 5\n2 . 3", []),
    ("a reset and a dose", "0 80 1\n2 20 4", doses(2)),
    ("a reset and a dose, first of all", "0 20 4", doses(0)),
    ("a reset and a dose with ADDL", "0 80 1\n2 20 4 24 2", doses(2, 26, 50)),
    ("a reset and a dose with SS 1", "0 80 1\n2 20 4 24 0 1", [*train(2, 20, 24), (2, 20)]),
    ("a reset and a dose with SS 2", "0 80 1\n2 20 4 24 0 2", [*train(2, 20, 24), (2, 20)]),
    ("two resets", "0 80 1\n1 . 3\n1.5 80 1\n2 . 3\n2.25 20 1", doses(2.25)),
    ("time goes back at a reset", "100 80 1\n0 20 4", doses(0)),
    ("time goes back at a reset without a dose", "100 80 1\n0 . 3\n0 20 1", doses(0)),
    ("other events change nothing", "0 20 1\n1 . 2\n2 . 2", doses(0)),
    ("times below zero", "-24 20 1 24 1", doses(-24, 0)),
    ("times that begin far from zero", "-1000 20 1", doses(-1000)),
    ("dots and zeros are one", "0 20 1 . 0 .", doses(0)),
    ("a very small dose", "0 0.001 1", doses(0, mg=0.001)),
    ("24 doses in a day", "0 1 1 1 23", doses(*range(24), mg=1)),
    ("no dose at all", "0 . 2", []),
]  # fmt: skip


def read(header: str, records: str, **options):
    import polars

    names = ["ID", *header.split()]
    rows = [["1", *line.split()] for line in records.strip().splitlines()]
    rows = [row + ["."] * (len(names) - len(row)) for row in rows]
    frame = polars.DataFrame({name: [row[i] for row in rows] for i, name in enumerate(names)})
    looks = polars.Series((frame["EVID"] == "0").cast(polars.Int64))
    return from_nonmem(
        frame.with_columns(MDV=polars.when(looks == 1).then(polars.lit("1")).otherwise(polars.lit("."))), **options
    )


def full(taken):
    return sorted((t if len(t) == 4 else (*t, "standard", "conventional") for t in taken), key=lambda d: d[0])


def in_order(records: str) -> str:
    """The records with looks after them, those before the last record left out."""
    last = float(records.splitlines()[-1].split()[0])
    return records + "".join("\n" + line for line in LOOKS.strip().splitlines() if float(line.split()[0]) >= last)


@pytest.mark.parametrize(("records", "taken"), [case[1:] for case in GOOD], ids=[case[0] for case in GOOD])
def test_levels_are_those_of_the_doses_that_the_records_mean(records, taken):
    oracle = Oracle()
    for metabolite in (False, True):
        lines = in_order(records).splitlines()
        table = read(
            HEADER + " CMT",
            "\n".join(
                f"{' '.join((line.split() + ['.'] * 6)[:6])} {4 if metabolite and line.split()[2] == '0' else '.'}"
                for line in lines
            ),
        )
        shown = table.predict().filter(table.predict()["EVID"] == 0)
        expected = [oracle.level(t, full(taken), metabolite) for t in shown["TIME"]]
        assert len(expected) >= 2
        np.testing.assert_allclose(shown["PRED"].to_numpy(), expected, rtol=1e-8, atol=1e-9)


FED, FASTED, MICRO = ("standard", "conventional"), ("fasted", "conventional"), ("fasted", "micronised")
MEALS = [
    ("fasted", "0 20 1 . . . 0 1", [(0, 20, *FASTED)]),
    ("standard", "0 20 1 . . . 1 1", [(0, 20, *FED)]),
    ("high fat, lidose", "0 20 1 . . . 2 2", [(0, 20, "high_fat", "lidose")]),
    ("micronised, steady", "0 20 1 24 . 1 0 3", [*train(0, 20, 24, *MICRO), (0, 20, *MICRO)]),
    ("names", "0 20 1 . . . high-fat micronised", [(0, 20, "high_fat", "micronised")]),
    ("meals change", "0 20 1 . . . 1 1\n24 20 1 24 1 . 0 1", [(0, 20, *FED), *((t, 20, *FASTED) for t in (24, 48))]),
    ("no dose overtakes", "0 20 1 . . . 1 1\n1 20 1 . . . 0 1", [(0, 20, *FED), (1, 20, *FASTED)]),
]  # fmt: skip


@pytest.mark.parametrize(("records", "taken"), [case[1:] for case in MEALS], ids=[case[0] for case in MEALS])
def test_meals_and_capsules(records, taken):
    shown = read(HEADER + " MEAL FORM", in_order(records)).predict()
    shown = shown.filter(shown["EVID"] == 0)
    expected = [Oracle().level(t, full(taken)) for t in shown["TIME"]]
    np.testing.assert_allclose(shown["PRED"].to_numpy(), expected, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("kg", [45.0, 70.0, 120.0])
def test_weight_scales_as_the_treatment_says(kg):
    table = read(
        HEADER + " WT",
        "\n".join(f"{' '.join((line.split() + ['.'] * 6)[:6])} {kg}" for line in in_order("0 20 1 24 2").splitlines()),
    )
    shown = table.predict()
    shown = shown.filter(shown["EVID"] == 0)
    expected = [Oracle(kg).level(t, full(doses(0, 24, 48))) for t in shown["TIME"]]
    np.testing.assert_allclose(shown["PRED"].to_numpy(), expected, rtol=1e-8, atol=1e-9)


def test_the_order_of_records_at_one_time_is_that_of_the_table():
    before = read(HEADER, "0 20 1 24 2\n48 . 0\n48 . 3").predict()["PRED"].to_list()
    after = read(HEADER, "0 20 1 24 2\n48 . 3\n48 . 0").predict()["PRED"].to_list()
    assert before[1] == pytest.approx(Oracle().level(48, full(doses(0, 24, 48))), rel=1e-8)
    assert after[2] == 0.0
