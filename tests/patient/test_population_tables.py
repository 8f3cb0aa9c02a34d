"""A covariate table gives its own people back; what columns mean to a model; the files that are shipped."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from anagen.errors import InputError, PregnancyStop
from anagen.evidence import load_sources
from anagen.patient import Patient
from anagen.patient.covariates import covariates
from anagen.patient.population import Population
from anagen.treatments.registry import table, treatment

FOLDER = Path(__file__).parents[2] / "src" / "anagen" / "patient" / "populations"
SHIPPED = sorted(FOLDER.glob("*.toml"))
DOCS = Path(__file__).parents[2] / "docs" / "populations.md"
ROWS = {
    "sex": ["male", "Female", "female"],
    "weight_kg": [70.5, 60, 55],
    "pattern_hair_loss": ["yes", "no", "no"],
    "diet": ["omnivore", "vegan", "vegetarian"],
    "follicles_per_cm2": [180, 200, 220.5],
}


@pytest.fixture(params=["csv", "parquet"])
def people_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"people.{request.param}"
    frame = pl.DataFrame(ROWS, strict=False)
    if request.param == "csv":
        frame.write_csv(path)
    else:
        frame.with_columns(pl.col("pattern_hair_loss") == "yes").write_parquet(path)
    return path


def test_row_and_person_and_round_again(people_file: Path) -> None:
    population = Population.read(people_file)
    assert set(population.columns) == set(ROWS)
    people = population.people([2, 0, 1, 3, 302], seed=9)
    assert people.columns["weight_kg"].tolist() == [55, 70.5, 60, 70.5, 55]
    assert people.columns["sex"].tolist() == [0, 1, 0, 1, 0]
    assert people.columns["pattern_hair_loss"].tolist() == [0, 1, 0, 1, 0]
    assert people.value("diet", 0) == "vegetarian"
    assert all(column.dtype == np.float64 for column in people.columns.values())
    other = population.people([2, 0, 1, 3, 302], seed=10)
    assert other.columns["weight_kg"].tolist() == people.columns["weight_kg"].tolist()


def test_person_numbers_put_rows_in_order(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("person,weight_kg,pregnant\n2,52,no\n0,50,\n1,51,no\n")
    population = Population.read(tmp_path / "p.csv")
    assert population.columns == ("weight_kg",)  # nothing about pregnancy is kept
    assert population.people(np.arange(3), 1).columns["weight_kg"].tolist() == [50, 51, 52]


def test_what_the_columns_set_in_the_model(people_file: Path) -> None:
    people = Population.read(people_file).people(np.arange(3), 1)
    assert {key: value.tolist() for key, value in people.parameters(treatment().parameters).items()} == {
        "follicles.number": [90_000, 100_000, 110_250]
    }
    raised = people.raised()
    factors = table("isotretinoin", "covariates.toml")["diet"]["raises"]
    assert raised["b12"].tolist() == [1, factors["vegan"]["b12"], factors["vegetarian"]["b12"]]
    assert people.patient(0) == Patient(sex="male", weight_kg=70.5, pattern_hair_loss=True)


def test_laboratory_columns_stand_in_for_the_baselines() -> None:
    people = Population.named("adults").people(np.arange(10), 1)
    found = people.parameters(treatment().parameters)
    assert found["laboratory.triglycerides.baseline"].tolist() == people.columns["triglycerides_mg_per_dl"].tolist()
    for sex in ("men", "women"):
        assert found[f"laboratory.ck.baseline_{sex}"].tolist() == people.columns["ck_u_per_l"].tolist()
    assert "laboratory.ldl.baseline" not in found  # not declared: drawn by the model


# --- The tables of covariates


@pytest.mark.parametrize("name", list(covariates()))
def test_a_covariate_is_complete_and_sets_what_exists(name: str) -> None:
    entry, model = covariates()[name], treatment()
    assert entry.unit
    assert entry.meaning
    assert entry.source
    assert set(entry.source) <= set(load_sources())
    assert bool(entry.levels) != (entry.bounds[0] < entry.bounds[1])
    assert name.endswith(("_kg", "_cm", "_years", "_l", "_dl", "_share", "_days", "_cm2", "_number")) or entry.levels
    for key in entry.parameter:
        value = model.parameters[key]
        in_model = value.value / (model.parameters[entry.times].value if entry.times else 1)
        assert entry.bounds[0] < in_model < entry.bounds[1]
        if entry.times is None:
            assert entry.unit == value.unit
    nutrients = {n for supplement in model.supplements.values() for n in supplement["raises"]}
    assert set(entry.raises) <= set(entry.levels)
    assert {nutrient for factors in entry.raises.values() for nutrient in factors} <= nutrients


@pytest.mark.parametrize("name", ["weight_kg", "height_cm", "age_years", "ferritin_ug_per_l"])
def test_bounds_are_those_of_a_patient(name: str) -> None:
    low, high = covariates()[name].bounds
    for value in (low, high):
        Patient(**{name: value})
    for value in (low - 1, high + 1):
        with pytest.raises(InputError):
            Patient(**{name: value})


@pytest.mark.parametrize("name", ["sex", "seborrheic_dermatitis"])
def test_levels_are_those_of_a_patient(name: str) -> None:
    for level in covariates()[name].levels:
        Patient(**{name: level})


# --- The files that are shipped


def test_the_shipped_files_are_the_names() -> None:
    assert Population.names() == tuple(path.stem for path in SHIPPED)
    assert "adults" in Population.names()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_number_that_is_shipped_has_unit_and_source(path: Path) -> None:
    data, population = tomllib.loads(path.read_text("utf-8")), Population.named(path.stem)
    for entry in data["covariates"].values():
        assert entry["unit"]
        assert entry["source"]
    assert all(entry["source"] for entry in data.get("correlations", []))
    assert set(population.sources) <= set(load_sources())
    said = population.to_json()
    assert all(column["sources"] != "not stated" for column in said["columns"].values())
    assert re.fullmatch("[0-9a-f]{16}", said["text_hash"])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_everyone_who_is_shipped_can_be_simulated(path: Path) -> None:
    people = Population.named(path.stem).people(np.arange(3000), 1)
    for name, column in people.columns.items():
        entry = covariates()[name]
        assert np.isfinite(column).all()
        low, high = (0, len(entry.levels) - 1) if entry.levels else entry.bounds
        assert low <= column.min()
        assert column.max() <= high
    for index in range(0, 3000, 50):
        people.patient(index)


def test_adults_are_like_the_surveys() -> None:
    """Figures of the sources that the file does not hold as such, within what the fit allows."""
    columns = Population.named("adults").people(np.arange(60_000), 1).columns
    male = columns["sex"] == 1
    high = columns["triglycerides_mg_per_dl"] >= 150
    assert high[male].mean() == pytest.approx(0.287, abs=0.01)
    assert high[~male].mean() == pytest.approx(0.215, abs=0.01)
    assert np.exp(np.log(columns["alt_u_per_l"]).mean()) == pytest.approx(19.19, rel=0.03)
    assert np.quantile(columns["alt_u_per_l"], 0.95) == pytest.approx(49, rel=0.1)
    assert (columns["seborrheic_dermatitis"] > 0).mean() == pytest.approx(0.0564, abs=0.005)
    lost, age = columns["pattern_hair_loss"] == 1, columns["age_years"]
    assert lost[male & (age < 30)].mean() == pytest.approx(0.16, abs=0.08)
    assert lost[male & (age >= 40) & (age < 50)].mean() == pytest.approx(0.53, abs=0.05)
    assert lost[~male & (age < 30)].mean() == pytest.approx(0.03, abs=0.015)
    assert 0.29 < lost[~male & (age >= 70)].mean() < 0.52


# --- The page of documentation


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)


def test_the_examples_of_the_page_can_be_read(tmp_path: Path) -> None:
    (whole,) = examples("toml")
    population = Population.parse(whole, "population.toml")
    people = population.people(np.arange(100), 1)
    assert {"sex", "weight_kg", "missed_share"} <= set(people.columns)
    assert population.to_json()["columns"]["ferritin_ug_per_l"]["sources"] == "not stated"
    (rows,) = examples("csv")
    (tmp_path / "people.csv").write_text(rows)
    assert len(Population.read(tmp_path / "people.csv").people(np.arange(5), 1)) == 5
    (program,) = examples("python")
    exec(compile(program, "populations.md", "exec"), {})


def test_the_page_lists_every_covariate_and_every_shipped_population() -> None:
    page = DOCS.read_text("utf-8")
    for name, entry in covariates().items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        low_high = [f"{bound:.10g}" for bound in entry.bounds]
        assert all(word in row for word in (entry.levels or (entry.unit, *low_high)))
    assert all(f"`{name}`" in page for name in Population.names())


def test_the_page_says_what_stops() -> None:
    with pytest.raises(PregnancyStop):
        Population.parse("[covariates.pregnant]")
    assert "pregnant" in DOCS.read_text("utf-8")
