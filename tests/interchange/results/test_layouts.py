"""The tables of a result: each number where its names say, against the arrays of the engine; twins agree to the bit."""

from __future__ import annotations

import builtins
import re
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.analysis.trial_results import trial_result
from tests.interchange.results.results import DAILY, HALF, result

from anagen.errors import DataError, InputError
from anagen.interchange.results import cdisc as room
from anagen.interchange.results.cdisc import CODE, codes
from anagen.treatments.registry import treatment, treatment_names
from anagen.trial.result import TrialResult

COLUMNS = "STUDYID USUBJID TRTPN TRTP PARAMCD PARAM VISITNUM VISIT ADY AVAL AVALU BASE CHG"


@pytest.mark.parametrize("command", ["simulate", "compare", "analyse", "untreated"])
def test_long_and_wide_hold_the_same_numbers(command):
    long, wide = result(command).to_polars(), result(command).to_polars("wide")
    assert wide.width == 1 + 4 * len(treatment().series) + (command in ("compare", "analyse"))
    for row in long.iter_rows(named=True):
        at = pl.col("day") == row["day"]
        if "regimen" in row:
            at &= pl.col("regimen") == row["regimen"]
        (other,) = wide.filter(at).iter_rows(named=True)
        for statistic in ("typical", "p05", "p50", "p95"):
            assert other[f"{row['series']}_{statistic}"] == row[statistic]


def test_cdisc_rows_are_the_people_of_the_engine():
    two = result("compare")
    frame = two.to_polars("cdisc")
    assert frame.columns == COLUMNS.split()
    assert frame.height == 2 * len(treatment().series) * 9 * 21
    for place, arm in enumerate(two.arms, 1):
        for name, entry in treatment().series.items():
            rows = frame.filter((pl.col("TRTPN") == place) & (pl.col("PARAMCD") == codes("isotretinoin")[name]))
            values = rows["AVAL"].to_numpy().reshape(21, 9)
            signal = np.asarray(arm.signals[entry.get("signal", name)])  # (rows, 1 + people)
            assert np.array_equal(values, signal.T)
            assert np.array_equal(rows["CHG"].to_numpy(), (signal - signal[0]).T.reshape(-1))
            assert rows["AVALU"].unique().to_list() == [entry["unit"]]
            assert rows["PARAM"].unique().to_list() == [f"{entry['title']} ({entry['unit']})"]
            assert rows["TRTP"].unique().to_list() == [arm.label]
    person = frame.filter((pl.col("USUBJID") == "SIM-000004") & (pl.col("PARAMCD") == "TRIG") & (pl.col("TRTPN") == 2))
    assert person["ADY"].to_list() == [1, 8, 15, 22, 29, 36, 43, 50, 57], "day 1 is the day of the first dose"
    assert person["VISIT"].to_list()[:2] == ["BASELINE", "WEEK 1"]
    assert person["VISITNUM"].to_list() == list(range(9))


def test_percentiles_are_those_of_the_cdisc_rows():
    long, frame = result("simulate").to_polars(), result("simulate").to_polars("cdisc")
    for name, code in codes("isotretinoin").items():
        rows = frame.filter((pl.col("PARAMCD") == code) & (pl.col("USUBJID") != "SIM-TYPICAL"))
        found = np.quantile(rows["AVAL"].to_numpy().reshape(20, 9), (0.05, 0.5, 0.95), axis=0)
        told = long.filter(pl.col("series") == name).select("p05", "p50", "p95").to_numpy().T
        assert np.array_equal(found, told)


def test_people_that_begin_later_and_days_are_named_as_they_are():
    frame = result("daily").to_polars("cdisc").filter(pl.col("PARAMCD") == "ALT")
    assert frame["USUBJID"].unique(maintain_order=True).to_list()[:3] == ["SIM-TYPICAL", "SIM-000003", "SIM-000004"]
    assert frame["VISIT"].to_list()[:9] == ["BASELINE", *(f"DAY {d}" for d in range(2, 8)), "WEEK 1", "DAY 9"]


def test_every_series_of_every_treatment_has_a_code_of_cdisc():
    for name in treatment_names():
        known = codes(name)
        assert set(treatment(name).series) <= set(known)
        assert len(set(known.values())) == len(known)
        assert all(CODE.fullmatch(code) and len(code) <= 8 for code in known.values())


@pytest.mark.parametrize("code", ["TRIGLYCER", "trig", "1TRIG", "T-G", "", "TRIG"])
def test_codes_that_cdisc_does_not_have_are_refused(monkeypatch, code):
    monkeypatch.setattr(room, "table", lambda *_: {"of_a_drug": code})
    with pytest.raises(DataError, match=re.escape(f"of_a_drug = '{code}'") if code != "TRIG" else "TRIG"):
        codes.__wrapped__("isotretinoin")


def test_a_series_without_a_code_is_told(monkeypatch):
    monkeypatch.setattr(room, "codes", lambda _: {})
    with pytest.raises(DataError, match="no PARAMCD for isotretinoin_ng_per_ml"):
        result("simulate").to_polars("cdisc")


def test_too_many_rows_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr(room, "MOST_ROWS", 1000)
    with pytest.raises(InputError, match="at most 1,000 rows"):
        result("simulate").to_polars("cdisc")


@pytest.mark.parametrize("layout", ["long", "wide", "cdisc"])
@pytest.mark.parametrize("command", ["simulate", "compare"])
def test_pandas_is_polars(command, layout):
    pytest.importorskip("pandas")
    one, other = result(command).to_polars(layout), result(command).to_pandas(layout)
    assert list(other.columns) == one.columns
    for name in one.columns:
        if one[name].dtype.is_numeric():
            assert np.array_equal(other[name].to_numpy(), one[name].to_numpy())
        else:
            assert other[name].astype(str).tolist() == one[name].cast(pl.String).to_list()
    assert "NEVER IN PREGNANCY" in other.attrs["safety"]
    assert '"seed": 5' in other.attrs["anagen"]


def test_xarray_is_polars():
    pytest.importorskip("xarray")
    two = result("compare")
    data, long = two.to_xarray(), two.to_polars()
    assert data["shed_per_day"].dims == ("regimen", "day", "statistic")
    assert data.regimen.values.tolist() == [arm.label for arm in two.arms]
    for name, entry in treatment().series.items():
        assert (data[name].attrs["units"], data[name].attrs["long_name"]) == (entry["unit"], entry["title"])
        for arm in two.arms:
            rows = long.filter((pl.col("regimen") == arm.label) & (pl.col("series") == name))
            for statistic in ("typical", "p05", "p50", "p95"):
                found = data[name].sel(regimen=arm.label, statistic=statistic)
                assert np.array_equal(found.values, rows[statistic].to_numpy())
                assert np.array_equal(found.day.values, rows["day"].to_numpy())
    people = two.to_xarray(people=True)
    assert people.person.values.tolist() == [-1, *range(20)]
    rows = two.to_polars("cdisc").filter(
        (pl.col("TRTPN") == 2) & (pl.col("PARAMCD") == "SHEDDAY") & (pl.col("USUBJID") == "SIM-000007")
    )
    found = people["shed_per_day"].sel(regimen=two.arms[1].label, person=7)
    assert np.array_equal(found.values, rows["AVAL"].to_numpy())
    assert "NEVER IN PREGNANCY" in data.attrs["safety"]


@pytest.mark.parametrize(("package", "method"), [("pandas", "to_pandas"), ("xarray", "to_xarray")])
def test_what_is_not_installed_is_named_with_the_mend(monkeypatch, package, method):
    known = builtins.__import__
    monkeypatch.setitem(__import__("sys").modules, package, None)
    monkeypatch.setattr(builtins, "__import__", known)
    with pytest.raises(InputError, match=rf"{package} is not installed\n.*anagen\[frames\]"):
        getattr(result("simulate"), method)()


@pytest.mark.parametrize(("layout", "near"), [("wid", "wide"), ("CDISC", "cdisc"), ("", None), ("tidy", None)])
def test_an_unknown_layout_is_refused(layout, near):
    with pytest.raises(InputError, match="expected: long, wide, cdisc") as caught:
        result("simulate").to_polars(layout)
    assert near is None or near in caught.value.nearest


def test_a_trial_has_its_bands_long_and_wide():
    trial: Any = TrialResult(trial_result(3), None)
    long, wide = trial.to_polars(), trial.to_polars("wide")
    assert long.columns == ["arm", "regimen", "series", "unit", "day", "p05", "p50", "p95"]
    for arm in trial_result(3)["arms"]:
        for name, band in arm["series"].items():
            rows = long.filter((pl.col("arm") == arm["name"]) & (pl.col("series") == name))
            for level in ("p05", "p50", "p95"):
                assert rows[level].to_list() == band[level]
                assert wide.filter(pl.col("arm") == arm["name"])[f"{name}_{level}"].to_list() == band[level]
    with pytest.raises(InputError, match="keeps no series of every person"):
        trial.to_polars("cdisc")
    with pytest.raises(InputError, match="percentiles alone"):
        trial.to_xarray()


def test_regimen_text_is_a_twin():
    from anagen import Regimen

    for text in (DAILY, HALF, "0.5 mg/kg twice daily with a high-fat meal for 3 weeks, off 2 weeks, 40 mg once"):
        regimen = Regimen.from_text(text)
        assert Regimen.from_text(regimen.to_text()) == regimen
