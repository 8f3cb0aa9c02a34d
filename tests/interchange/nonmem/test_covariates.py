"""Covariates: weights that change, against an adaptive solver of the differential equations; and a second table."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars
import pytest
from scipy.integrate import solve_ivp

from anagen.errors import InputError, PregnancyStop
from anagen.interchange.nonmem import from_nonmem
from anagen.interchange.nonmem.recorded import person_of

from .oracle import Oracle, train

TIMES = [0.0, 10.0, 24.0, 30.0, 48.0, 75.0, 100.0]
KG = [50.0, 60.0, 58.0, 90.0, 90.0, 70.0, 75.0]


def weight(time: float, how: str) -> float:
    if how == "linear":
        return float(np.interp(time, TIMES, KG))
    known = [kg for t, kg in zip(TIMES, KG, strict=True) if (t <= time if how == "locf" else t >= time)]
    return known[-1] if how == "locf" else known[0]


def solved(how: str, doses: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Levels of parent and metabolite at `TIMES`, by LSODA on the equations themselves, cut where anything jumps."""
    one = Oracle()
    lag, ka, share = one.lag["standard"], one.ka["standard"], one.share["conventional", "standard"]
    fast, slow = one.poles
    k10 = fast * slow / one.k21
    k12 = fast + slow - k10 - one.k21
    enters = {t + lag: mg * share for t, mg in doses}
    cuts = sorted({*TIMES, *enters})

    def rates(t: float, amounts):
        depot, centre, periphery, own = amounts
        rest = (weight(t, how) / 70) ** (0.75 - 1.0)  # all rates but absorption scale so
        return [
            -ka * depot,
            ka * depot - rest * ((k10 + k12) * centre - one.k21 * periphery),
            rest * (k12 * centre - one.k21 * periphery),
            rest * (one.formation * centre - one.own * own),
        ]

    amounts, found = np.zeros(4), []
    for start, end in zip(cuts, [*cuts[1:], None], strict=True):
        amounts[0] += enters.get(start, 0.0)
        if start in TIMES:
            now = Oracle(weight(start, how))
            found.append((1e3 * amounts[1] / now.volume, 1e3 * amounts[3] / now.own_volume))
        if end is not None:
            inside = (start + 1e-9, end - 1e-9)  # the weight of the piece, not of its ends
            amounts = solve_ivp(
                lambda t, y, inside=inside: rates(min(max(t, inside[0]), inside[1]), y),
                (start, end), amounts, method="LSODA", rtol=1e-10, atol=1e-13,
            ).y[:, -1]  # fmt: skip
    return found


@pytest.mark.parametrize(("how", "close"), [("locf", 1e-7), ("nocb", 1e-7), ("linear", 5e-4)])
def test_a_weight_that_changes(how, close):
    doses = [(0.0, 40.0), (24.0, 40.0), (48.0, 40.0)]
    rows = [(t, mg, 1, 0, kg) for t, mg in doses for s, kg in zip(TIMES, KG, strict=True) if s == t]
    rows += [(t, 0.0, 0, cmt, kg) for t, kg in zip(TIMES, KG, strict=True) for cmt in (2, 4)]
    frame = polars.DataFrame(rows, schema=["TIME", "AMT", "EVID", "CMT", "WT"], orient="row").sort("TIME", "EVID")
    frame = frame.with_columns(ID=1, MDV=1)
    shown = from_nonmem(frame, interpolation=how).predict().filter(polars.col("EVID") == 0)
    expected = np.array(solved(how, doses))
    for column, cmt in enumerate((2, 4)):
        found = shown.filter(polars.col("CMT") == cmt)["PRED"].to_numpy()
        np.testing.assert_allclose(found, expected[:, column], rtol=close, atol=1e-6)
    assert expected[-1].min() > 1


def test_interpolations_differ_and_missing_weights_are_filled_by_them():
    frame = polars.DataFrame(
        {
            "ID": [1] * 4,
            "TIME": [0.0, 24.0, 48.0, 72.0],
            "AMT": [40.0, 0, 0, 0],
            "WT": [60.0, None, None, 90.0],
            "MDV": [1] * 4,
        }
    ).with_columns(EVID=polars.Series([1, 0, 0, 0]))
    levels = {
        how: from_nonmem(frame, interpolation=how).predict()["PRED"].to_list()[1] for how in ("locf", "nocb", "linear")
    }
    assert levels["locf"] == pytest.approx(Oracle(60).level(24, [(0, 40, "standard", "conventional")]), rel=1e-9)
    assert levels["nocb"] == pytest.approx(Oracle(90).level(24, [(0, 40, "standard", "conventional")]), rel=1e-9)
    assert levels["nocb"] < levels["linear"] < levels["locf"]


def test_a_steady_state_at_a_weight_that_changes_is_of_the_weight_at_its_record():
    frame = polars.DataFrame(
        {
            "ID": [1, 1],
            "TIME": [0.0, 0.0],
            "AMT": [40.0, 0],
            "II": [24.0, 0],
            "SS": [1, 0],
            "WT": [60.0, 60.0],
            "EVID": [1, 0],
        }
    ).with_columns(MDV=1)
    later = frame.tail(1).with_columns(TIME=polars.lit(100.0), WT=polars.lit(90.0))
    shown = from_nonmem(polars.concat([frame, later]), interpolation="locf").predict()["PRED"][1]
    doses = [*train(0, 40, 24), (0, 40, "standard", "conventional")]
    assert shown == pytest.approx(Oracle(60).level(0, doses), rel=1e-9)


WEIGHTS = [
    ("1,0,20,70\n1,24,20,72\n", None, r"row 2 .*column WT: '72': changes in time"),
    (
        "1,0,20,.\n1,24,20,72\n1,30,20,75\n",
        "locf",
        r"row 1 .*column WT: '.': is missing in the first record, where locf",
    ),
    (
        "1,0,20,70\n1,24,20,72\n1,30,20,.\n",
        "nocb",
        r"row 3 .*column WT: '.': is missing in the last record, where nocb",
    ),
    ("1,0,20,.\n1,24,20,72\n1,30,20,75\n", "linear", r"row 1 .*missing in the first record, where linear"),
    ("1,0,20,70\n1,0,20,72\n", "locf", r"row 2 .*differs from another value at the same time"),
    ("1,0,20,70\n2,0,20,.\n", "locf", r"row 2 .*missing in every record"),
    ("1,0,20,70\n1,24,20,72\n", "spline", r"unknown interpolation: 'spline'"),
]


@pytest.mark.parametrize(("records", "how", "said"), WEIGHTS)
def test_weights_that_cannot_be_known(records, how, said, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,WT\n" + records)
    with pytest.raises(InputError, match=said):
        from_nonmem(path, interpolation=how)


def test_one_weight_needs_no_interpolation(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("ID,TIME,AMT,WT\n1,0,20,.\n1,24,20,70\n1,48,20,.\n2,0,20,80\n2,24,20,80\n")
    table = from_nonmem(path)
    assert table.weight(1).kg.tolist() == [70]
    assert table.patient(2).weight_kg == 80


def test_a_second_table_in_any_order():
    events = polars.DataFrame({"ID": [3, 3, 1], "TIME": [0.0, 24, 0], "AMT": [20.0, 20, 10]})
    people = polars.DataFrame({"ID": [1, 3], "WT": [80.0, 60.0], "SEX": ["F", "male"], "AGE": [25.0, 41.0]})
    table = from_nonmem(events, covariates=people)
    assert table.patient(3).weight_kg == 60
    assert (table.patient(3).sex, table.patient(1).sex) == ("male", "female")
    assert table.patient(1).age_years == 25


SECOND = [
    ({"ID": [1], "WT": [70.0]}, r"there is no row for ID 3, who is in the event table"),
    ({"ID": [1, 3, 4], "WT": [70.0] * 3}, r"row 3, column ID: 4: is a person without a record"),
    ({"ID": [1, 3, 3], "WT": [70.0] * 3}, r"row 3, column ID: 3: is there twice"),
    ({"ID": [1, None], "WT": [70.0] * 2}, r"row 2, column ID: empty: is missing"),
    ({"ID": [1, 3], "WT": [70.0, None]}, r"row 2, column WT: empty: is missing"),
    ({"ID": [1, 3], "WT": [70.0, 700.0]}, r"row 2, column WT: 700.0: is out of bounds"),
    ({"ID": [1, 3], "AMT": [70.0, 70.0]}, r"column AMT in a table of covariates"),
    ({"WT": [70.0]}, r"no column ID"),
    ({"ID": [1, 3], "IQ": [100, 100]}, r"column IQ is not known"),
    ({"ID": [1, 3], "MALE": [0, 1]}, r"sex is in both tables"),
]


@pytest.mark.parametrize(("people", "said"), SECOND)
def test_second_tables_that_do_not_fit(people, said):
    events = polars.DataFrame(
        {"ID": [3, 3, 1], "TIME": [0.0, 24, 0], "AMT": [20.0, 20, 10], "SEX": ["male", "male", "female"]}
    )
    with pytest.raises(InputError, match=said):
        from_nonmem(events, covariates=polars.DataFrame(people))


def test_a_pregnancy_in_the_second_table_stops():
    events = polars.DataFrame({"ID": [1], "TIME": [0.0], "AMT": [20.0]})
    with pytest.raises(PregnancyStop):
        from_nonmem(events, covariates=polars.DataFrame({"ID": [1], "PREG": [1]}))


def test_the_cascade_refuses_a_weight_that_changes_and_says_the_way_out():
    """Without the column, one weight is said of the person."""
    frame = polars.DataFrame({"ID": [1, 1], "TIME": [0.0, 24.0], "AMT": [20.0, 20.0], "WT": [70.0, 77.0]})
    table = from_nonmem(frame, interpolation="locf")
    with pytest.raises(InputError, match="the weight of ID 1 changes in time") as caught:
        person_of(table)
    assert "--drop" in str(caught.value.expected)
    doses, patient = person_of(from_nonmem(frame, drop=["WT"]), others={"weight_kg": 77.0})
    assert patient.weight_kg == 77.0
    assert doses.events(77.0).amount_mg.tolist() == [20.0, 20.0]


@pytest.mark.parametrize("name", ["PREG", "pregnant", " Pregnancy "])
def test_a_pregnancy_stops_also_in_a_column_that_is_left_out(name):
    frame = polars.DataFrame({"ID": [1], "TIME": [0.0], "AMT": [20.0], name: ["1"]})
    with pytest.raises(PregnancyStop):
        from_nonmem(frame, drop=[name])
    assert len(from_nonmem(frame.with_columns(polars.lit("no").alias(name)), drop=[name])) == 1


def test_a_typed_date_with_a_time_of_day_is_refused():
    """It would be dropped: the hour belongs in TIME."""
    days = [datetime(2024, 1, 1), datetime(2024, 1, 2)]
    frame = polars.DataFrame({"ID": [1, 1], "DATE": days, "TIME": [8.0, 8.0], "AMT": [20.0, 20.0]})
    assert from_nonmem(frame).records.time_h.tolist() == [8.0, 32.0]
    late = frame.with_columns(DATE=polars.Series([days[0], datetime(2024, 1, 2, 8, 30)]))
    with pytest.raises(InputError, match=r"row 2, column DATE: .*has a time of day, which belongs in TIME"):
        from_nonmem(late)


@pytest.mark.parametrize("source", [polars.scan_csv("nothing.csv"), polars.LazyFrame({"ID": [1]}).select("x")])
def test_lazy_frames_that_cannot_be_collected(source):
    with pytest.raises(InputError, match=r"^table: "):
        from_nonmem(source)


def test_a_person_that_is_no_number():
    table = from_nonmem(polars.DataFrame({"ID": [1], "TIME": [0.0], "AMT": [20.0]}))
    with pytest.raises(InputError, match="there is no person 'x'"):
        table.doses("x")
