"""Bad population files and bad tables: each error says what is wrong, where, and what would be right."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from anagen.errors import InputError, PregnancyStop
from anagen.patient.population import Population

W = '[covariates.weight_kg]\nunit = "kg"\ndistribution = "lognormal"\nmedian = 70\nsd_log = 0.2\n'
H = '[covariates.height_cm]\nunit = "cm"\ndistribution = "normal"\nmean = 170\nsd = 8\n'
A = '[covariates.age_years]\nunit = "years"\ndistribution = "uniform"\nlow = 18\nhigh = 60\n'
SD = '[covariates.seborrheic_dermatitis]\ndistribution = "choice"\n'


def pair(one: str, other: str, rho: object) -> str:
    return f'[[correlations]]\nbetween = ["{one}", "{other}"]\nrho = {rho}\n'


BAD_TEXTS = [
    ("", "no covariates", "tables such as"),
    ("covariates = 3", "no covariates", "tables such as"),
    ("[covariates.weight_kg", "p.toml: Expected ']'", "valid TOML"),
    (W + "[covariates.wieght_kg]", "unknown covariate 'wieght_kg'", "nearest: weight_kg"),
    ("titel = 'x'\n" + W, "unknown key 'titel'", "nearest: title"),
    (W.replace("sd_log", "sdlog"), "covariates.weight_kg.sdlog: unknown key 'sdlog'", "nearest: sd_log"),
    (W.replace("sd_log = 0.2\n", ""), "lognormal has no sd_log", "median and sd_log"),
    (W.replace("lognormal", "log-normal"), "distribution is 'log-normal'", "nearest: lognormal"),
    (W.replace('distribution = "lognormal"\n', ""), "has no distribution", "lognormal"),
    (W.replace('unit = "kg"\n', ""), "has no unit", 'unit = "kg"'),
    (W.replace('"kg"', '"lb"'), "unit is 'lb'", "not converted"),
    (W.replace("70", "7000"), "median: is 7000 kg", "from 30 to 250 kg"),
    (W.replace("70", "nan"), "median: is nan", "a number"),
    (W.replace("70", '"70"'), "median: is '70'", "a number"),
    (W.replace("70", "true"), "median: is True", "a number"),
    (W.replace("0.2", "0"), "sd_log is 0", "above 0"),
    (W.replace("0.2", "-0.2"), "sd_log is -0.2", "above 0"),
    (W + "bounds = [80, 60]", "80 is not below 60", "lower bound first"),
    (W + "bounds = [10, 60]", "bounds: is 10 kg", "from 30 to 250 kg"),
    (W + "bounds = 60", "bounds: is 60", "two numbers"),
    (W.replace("0.2", "0.001") + "bounds = [200, 210]", "less than a millionth", "wider bounds"),
    (W + 'source = "nhanes"', "source is no list", '["assumed"]'),
    (A.replace("18", "16"), "low: is 16 years", "from 18 to 100 years (simulated people are adults)"),
    (A.replace("60", "18"), "low 18 is not below high 18", "low below high"),
    (A + "bounds = [20, 30]", "uniform has no bounds besides", "low and high"),
    (SD, "choice has no shares", "shares"),
    (SD + "shares = { none = 0.5, mild = 0.4 }", "the shares add up to 0.9", "expected: 1"),
    (SD + "shares = { none = 1.5, mild = -0.5 }", "the share of none is 1.5", "from 0 to 1"),
    (SD + "shares = { none = 0.5, milde = 0.5 }", "unknown level 'milde'", "nearest: mild"),
    (SD + "shares = 1", "shares: is 1", "a share of each of none"),
    (SD.replace('"choice"', '"normal"'), "distribution is 'normal'", "choice, constant"),
    (W.replace('"lognormal"', '"choice"'), "distribution is 'choice'", "uniform"),
    (W + "[covariates.weight_kg.female]\nmedian = 60", "has a table for female alone", "for female and for male"),
    (W + "female = { median = 60 }\nmale = { median = 80 }", "differs by sex, but no sex", "[covariates.sex]"),
    ("[covariates.sex]\nfemale = { }\nmale = { }", "depends on itself", "shares of female and male"),
    (
        '[covariates.follicle_number]\nunit = "1"\ndistribution = "constant"\nvalue = 1e5\n'
        '[covariates.follicles_per_cm2]\nunit = "1/cm2"\ndistribution = "constant"\nvalue = 200',
        "follicle_number and follicles_per_cm2 both set follicles.number",
        "not both",
    ),
    (W + pair("weight_kg", "hieght_cm", 0.3), "'hieght_cm' in weight_kg and hieght_cm is not declared", "weight_kg"),
    (W + H + pair("weight_kg", "height_cm", 1.0), "rho of height_cm and weight_kg is 1.0", "between -1 and 1"),
    (W + H + pair("weight_kg", "height_cm", "true"), "rho of height_cm and weight_kg is True", "between -1 and 1"),
    (W + pair("weight_kg", "weight_kg", 0.3), "between is ['weight_kg', 'weight_kg']", "two covariates"),
    (W + H + pair("weight_kg", "height_cm", 0.3) + pair("height_cm", "weight_kg", 0.4), "named twice", "once"),
    (W + H + "[correlations]\nrho = 1", "are no list of tables", "[[correlations]]"),
    (
        W
        + '[covariates.height_cm]\nunit = "cm"\ndistribution = "constant"\nvalue = 170\n'
        + pair("weight_kg", "height_cm", 0.3),
        "height_cm is constant",
        "a column that varies",
    ),
    (
        W
        + H
        + A
        + pair("weight_kg", "height_cm", 0.9)
        + pair("weight_kg", "age_years", 0.9)
        + pair("height_cm", "age_years", -0.5),
        "height_cm and weight_kg 0.9; age_years and weight_kg 0.9; age_years and height_cm -0.5",
        "smaller ones",
    ),
    (
        '[covariates.missed_share]\nunit = "1"\ndistribution = "beta"\nalpha = 0\nbeta = 2',
        "alpha is 0",
        "from 0.2 to 10000",
    ),
    (
        '[covariates.missed_share]\nunit = "1"\ndistribution = "logit-normal"\nmedian = 1\nsd_logit = 1',
        "median is 1",
        "between 0 and 1",
    ),
    (W.replace('"lognormal"', '"beta"').replace("median", "alpha").replace("sd_log", "beta"), "within 0 to 1", "share"),
    (H.replace("cm", "kg").replace("height_kg", "height_cm"), "unit is 'kg'", '"cm"'),
]


@pytest.mark.parametrize(("text", "message", "right"), BAD_TEXTS, ids=[str(i) for i in range(len(BAD_TEXTS))])
def test_a_bad_file_is_refused(text: str, message: str, right: str) -> None:
    with pytest.raises(InputError) as caught:
        Population.parse(text, "p.toml")
    said = str(caught.value)
    assert said.startswith("p.toml: ")
    assert message in said
    assert right in said


def test_the_line_is_shown() -> None:
    with pytest.raises(InputError) as caught:
        Population.parse(H + W.replace("70", "7000"), "p.toml")
    assert str(caught.value).splitlines()[:3] == [
        "p.toml: covariates.weight_kg.median: is 7000 kg",
        "    median = 7000",
        "    ^^^^^^",
    ]


def test_pairs_that_have_no_part_in_the_clash_are_not_named() -> None:
    text = W + H + A + pair("weight_kg", "height_cm", 0.2) + SD + "shares = { none = 0.5, mild = 0.5 }\n"
    alt = '[covariates.alt_u_per_l]\nunit = "U/L"\ndistribution = "lognormal"\nmedian = 20\nsd_log = 0.4\n'
    ast = alt.replace("alt", "ast")
    clash = [("age_years", "alt_u_per_l", 0.9), ("age_years", "ast_u_per_l", 0.9), ("alt_u_per_l", "ast_u_per_l", 0)]
    with pytest.raises(InputError) as caught:
        Population.parse(text + alt + ast + "".join(pair(*p) for p in clash))
    assert "age_years and ast_u_per_l 0.9" in caught.value.message
    assert "height_cm" not in caught.value.message


ODD = [
    "''",
    "'x'",
    "-1",
    "0",
    "1e9",
    "nan",
    "inf",
    "-inf",
    "true",
    "[]",
    "{}",
    "[1]",
    "['a', 'b']",
    "2020-01-01",
    "9" * 400,
]
EXAMPLE = re.findall(
    r"```toml\n(.*?)```", (Path(__file__).parents[2] / "docs" / "populations.md").read_text("utf-8"), re.DOTALL
)[0].splitlines()


@pytest.mark.parametrize("line", [i for i, line in enumerate(EXAMPLE) if " = " in line])
def test_any_odd_value_is_read_or_refused_but_never_fails(line: int) -> None:
    key = EXAMPLE[line].partition(" = ")[0]
    for odd in ODD:
        text = "\n".join([*EXAMPLE[:line], f"{key} = {odd}", *EXAMPLE[line + 1 :]])
        error = None
        try:
            columns = Population.parse(text, "p.toml").people(np.arange(3), 1).columns
        except InputError as refused:
            error = refused
        if error is None:
            assert all(np.isfinite(column).all() for column in columns.values()), odd
        else:
            assert str(error).startswith("p.toml: ")
            assert error.expected


@pytest.mark.parametrize("rest", ['distribution = "constant"\nvalue = "no"', ""])
def test_a_population_that_may_be_pregnant_stops(rest: str) -> None:
    with pytest.raises(PregnancyStop):
        Population.parse(W + "[covariates.pregnant]\n" + rest)


BAD_TABLES = [
    ("weight_kg\n70\nseventy\n", "row 2, column weight_kg: 'seventy' is no number", "decimal point"),
    ("weight_kg,sex\n70,male\n,female\n", "row 2, column weight_kg: is missing", "in every row"),
    ("weight_kg,sex\n70,male\n60,\n", "row 2, column sex: is missing", "in every row"),
    ("weight_kg\n70\n71\nnan\n", "row 3, column weight_kg: 'nan' is not finite", "finite"),
    ("weight_kg\ninf\n", "row 1, column weight_kg: 'inf' is not finite", "finite"),
    ("weight_kg\n70\n7000\n", "row 2, column weight_kg: '7000' kg is out of bounds", "from 30 to 250 kg"),
    ("age_years\n30\n17\n", "row 2, column age_years: '17' years is out of bounds", "adults"),
    ("missed_share\n1.2\n", "row 1, column missed_share: '1.2' is out of bounds", "from 0 to 1"),
    ("weight\n70\n", "unknown covariate 'weight'", "nearest: weight_kg"),
    ("sex\nmale\nmael\n", "row 2, column sex: 'mael' is no level", "nearest: male"),
    ("sex\nm\n", "row 1, column sex: 'm' is no level", "female, male"),
    ("person,sex\n0,male\n2,male\n", "row 2, column person: '2' is no number of a person here", "from 0 to 1 once"),
    ("person,sex\n0,male\n0,male\n", "row 2, column person: '0' came before", "from 0 to 1 once"),
    ("weight_kg\n", "no people in it", "one row a person"),
    ("person\n0\n", "no people in it", "one row a person"),
    ("", "cannot be read as a table", "a header of covariates"),
    ("weight_kg\n70,80\n", "cannot be read as a table", "as many fields"),
    ("follicle_number,follicles_per_cm2\n100000,200\n", "both set follicles.number", "not both"),
    ("pregnant,weight_kg\nmaybe,70\n", "row 1, column pregnant: 'maybe' is neither yes nor no", "yes or no"),
]


@pytest.mark.parametrize(("text", "message", "right"), BAD_TABLES, ids=[str(i) for i in range(len(BAD_TABLES))])
def test_a_bad_table_is_refused(text: str, message: str, right: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(text)
    with pytest.raises(InputError) as caught:
        Population.read(tmp_path / "people.csv")
    assert str(caught.value).startswith("people.csv: ")
    assert message in str(caught.value)
    assert right in str(caught.value)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"weight_kg": [70.0, float("nan")]}, "row 2, column weight_kg: nan is not finite"),
        ({"weight_kg": [70.0, None]}, "row 2, column weight_kg: is missing"),
        ({"weight_kg": [70, 7]}, "row 2, column weight_kg: 7 kg is out of bounds"),
        ({"weight_kg": [[70.0]]}, "column weight_kg holds List"),
        ({"sex": [0, 1]}, "column sex holds numbers"),
    ],
)
def test_a_bad_parquet_table_is_refused(columns: dict, message: str, tmp_path: Path) -> None:
    pl.DataFrame(columns).write_parquet(tmp_path / "people.parquet")
    with pytest.raises(InputError) as caught:
        Population.read(tmp_path / "people.parquet")
    assert str(caught.value).startswith("people.parquet: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("said", ["true", "Yes", "1", "TRUE"])
def test_a_table_with_a_pregnant_person_stops(said: str, tmp_path: Path) -> None:
    """Before anything else in the file is looked at."""
    (tmp_path / "people.csv").write_text(f"pregnant,wieght\nno,70\n{said},80\n")
    with pytest.raises(PregnancyStop):
        Population.read(tmp_path / "people.csv")
    pl.DataFrame({"pregnant": [False, True]}).write_parquet(tmp_path / "people.parquet")
    with pytest.raises(PregnancyStop):
        Population.read(tmp_path / "people.parquet")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("people.xlsx", b"", "people.xlsx is no population"),
        ("people.toml", b"\xff\xfe\x00", "people.toml: byte 0 is not UTF-8"),
        ("people.parquet", b"weight_kg\n70\n", "people.parquet: cannot be read as Parquet"),
        ("missing.csv", None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(name: str, content: bytes | None, message: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        Population.read(tmp_path / name)


def test_an_unknown_shipped_population_names_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        Population.named("adult")
    assert caught.value.nearest == ("adults",)


@pytest.mark.parametrize("numbers", [[-1], [0.5], [[0, 1]], ["0"]])
def test_numbers_that_are_none_are_refused(numbers: list) -> None:
    with pytest.raises(InputError, match="no person numbers"):
        Population.parse(W).people(np.array(numbers), 1)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(InputError, match="seed is"):
        Population.parse(W).people(np.arange(2), seed)
