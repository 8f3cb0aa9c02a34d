"""Studies through the whole room: the file with a row of every kind, verdicts on constructed values, ratios."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from anagen.errors import InputError
from anagen.patient.patient import Patient
from anagen.simulation.simulate import simulate
from anagen.treatments.registry import treatment
from anagen.validation import Validation, validate
from anagen.validation.example import EXAMPLE
from anagen.validation.score import score
from anagen.validation.study import parse_study

REPLICATES = 24
LEVELS = """
study = "{study}"
title = "One dose"
treatment = "isotretinoin"
design = "{design}"
checked = 2026-11-25
[[arms]]
name = "fed"
n = 12
regimen = "40 mg once with a high-fat meal"
[[arms]]
name = "fasted"
n = 12
regimen = "40 mg once fasted"
[[rows]]
id = "area"
kind = "exposure"
quantity = "auc_inf"
arm = "fed"
observed = {observed}
unit = "ng*h/mL"
mean = "geometric"
{failure}
source = ["x"]
[[rows]]
id = "food"
kind = "exposure"
quantity = "auc_inf"
arm = "fasted"
observed = 0.37
unit = "ratio"
mean = "geometric"
compare = "ratio"
against = {{ arm = "fed" }}
source = ["x"]
"""


def one_dose(observed: float = 5000, design: str = "crossover", failure: str = "", study: str = "a") -> str:
    return LEVELS.format(observed=observed, design=design, failure=failure, study=study)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Validation:
    folder = tmp_path_factory.mktemp("studies")
    (folder / "example.toml").write_text(EXAMPLE, "utf-8")
    return validate(folder, replicates=REPLICATES)


@pytest.fixture(scope="module")
def predictions() -> Validation:
    return validate([parse_study(one_dose())], replicates=REPLICATES)


def test_every_kind_of_row_has_a_verdict(example: Validation) -> None:
    rows = {result.row.id: result.score for result in example.results}
    assert len(rows) == len(parse_study(EXAMPLE).rows)
    for found in rows.values():
        assert all(math.isfinite(x) for x in (found.p05, found.p50, found.p95, found.z))
        assert found.p05 <= found.p50 <= found.p95
    assert rows["auc"].p05 > 0
    for name in ("dry-lips/5 mg", "dry-lips/20 mg"):
        assert rows[name].p05 >= 0
        assert rows[name].p95 <= 40
    assert rows["dry-lips/20 mg"].p50 > rows["dry-lips/5 mg"].p50
    assert rows["vitamin-e"].p50 == pytest.approx(50, abs=5)  # the supplement raises the level by half
    assert 30 < rows["onset"].p50 < 90
    assert rows["telogen/day 84"].p50 > rows["telogen/day 140"].p50


def test_the_json_is_plain_and_whole(example: Validation) -> None:
    made = json.loads(json.dumps(example.to_json(), allow_nan=False))
    assert set(made) == {
        *("treatment", "people_per_study", "replicates", "rows", "coverage", "bounds", "known_failures", "provenance")
    }
    wanted = {
        "study",
        "row",
        "quantity",
        "title",
        "arm",
        "n",
        "observed",
        "unit",
        "observed_se",
        "predicted_p50",
        "p05",
    }
    wanted |= {"p95", "inside", "z", "known_failure", "kind", "course", "source", "assumed"}
    assert all(wanted <= set(row) for row in made["rows"])
    assert set(made["coverage"]) == {"rows", "inside", "share", "expected", "p05", "p95"}
    assert made["coverage"]["rows"] == len(made["rows"]) - 1  # the known failure does not count
    assert made["known_failures"] == {"rows": 1, "still_outside": 1, "now_inside": []}
    assert made["provenance"]["seed"] == 2026
    by_name = {row["row"]: row for row in made["rows"]}
    course = by_name["telogen/day 28"]["course"]
    assert course["observed"] == [[28, 11], [84, 22], [140, 15]]
    assert len(course["day"]) == len(course["p05"]) == len(course["p95"]) > 20
    assert by_name["telogen/day 84"]["course"] is None  # one picture for the three
    assert by_name["levels/2 h"]["course"]["observed"][1] == [0.25, 390]
    assert by_name["food"]["course"] is None
    assert "how much fat the meals had" in by_name["oil"]["assumed"]


def test_a_course_passes_through_the_prediction_of_its_row(example: Validation) -> None:
    for result in example.results:
        if result.course is not None and result.row.kind == "hair":
            at = float(np.interp(result.row.first.day or 0.0, result.course.day, result.course.p50))
            assert at == pytest.approx(result.score.p50, abs=0.35 * (result.score.p95 - result.score.p05) + 0.3)


def test_verdicts_on_constructed_values(predictions: Validation) -> None:
    found = predictions.results[0].score
    again = {
        observed: validate([parse_study(one_dose(observed))], replicates=REPLICATES).results[0]
        for observed in (round(found.p50, 3), round(1.5 * found.p95), round(found.p05 / 2))
    }
    middle, high, low = (result.score for result in again.values())
    assert {score.p50 for score in (middle, high, low)} == {found.p50}  # what was seen changes no prediction
    assert middle.inside
    assert abs(middle.z) < 0.1
    assert not high.inside
    assert high.z > 2
    assert not low.inside
    assert low.z < -2


def test_a_known_failure_that_passes_is_told(predictions: Validation) -> None:
    reason = 'known_failure = "It cannot be, for a good reason."'
    passing = one_dose(round(predictions.results[0].score.p50), failure=reason)
    failing = one_dose(50_000, failure=reason, study="b")
    found = validate([parse_study(passing), parse_study(failing)], replicates=REPLICATES)
    assert found.now_inside == ("a/area",)
    assert found.to_json()["known_failures"] == {"rows": 2, "still_outside": 1, "now_inside": ["a/area"]}
    assert found.coverage is not None
    assert found.coverage.rows == 2


def test_a_study_does_not_depend_on_its_neighbours(predictions: Validation) -> None:
    found = validate([parse_study(one_dose(study="b")), parse_study(one_dose())], replicates=REPLICATES)
    assert [result.score for result in found.results[2:]] == [result.score for result in predictions.results]


def test_a_fresh_process_gives_the_same(predictions: Validation, tmp_path: Path) -> None:
    """Nothing rests on what tests or doors set up before."""
    (tmp_path / "a.toml").write_text(one_dose(), "utf-8")
    code = (
        "import sys, pathlib, json; from anagen.validation import validate;"
        f"found = validate(pathlib.Path(sys.argv[1]), replicates={REPLICATES});"
        "print(json.dumps([[r.score.p05, r.score.p50, r.score.p95] for r in found.results]))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code, str(tmp_path)], capture_output=True, check=True)
    expected = [[r.score.p05, r.score.p50, r.score.p95] for r in predictions.results]
    np.testing.assert_allclose(json.loads(done.stdout), expected, rtol=1e-12)


def test_the_ratio_of_two_meals(predictions: Validation) -> None:
    """Geometric means of the same people: the ratio of the typical shares absorbed, lowered by the mean-preserving
    spreads; other people make it less sure."""
    parameters = treatment().parameters
    fed, fasted = (parameters[f"exposure.bioavailability.conventional.{meal}"] for meal in ("high_fat", "fasted"))
    expected = fasted.value / fed.value * math.exp((fed.between**2 - fasted.between**2) / 2)
    crossover = predictions.results[1].score
    parallel = validate([parse_study(one_dose(design="parallel"))], replicates=REPLICATES).results[1].score
    assert crossover.p50 == pytest.approx(expected, rel=0.15)
    assert parallel.p95 - parallel.p05 > crossover.p95 - crossover.p05


def test_means_of_people_are_those_of_the_verb(example: Validation) -> None:
    """HDL at 12 weeks: the mean of the possible studies beside the mean of 500 people of `simulate`."""
    result = next(result for result in example.results if result.row.id == "hdl")
    arm = result.row.first.arm
    alone = simulate("isotretinoin", arm.regimen, arm.patient, people=500, weeks=12, seed=5)
    values = alone.series("hdl_mg_per_dl").people
    expected = 100 * (values[12].mean() / values[0].mean() - 1)
    spread = (result.score.p95 - result.score.p05) / 3.29
    assert result.score.p50 == pytest.approx(expected, abs=5 * spread / math.sqrt(REPLICATES))


def test_progress_rises_to_the_end() -> None:
    told: list[tuple[float, str]] = []
    validate([parse_study(one_dose())], replicates=20, progress=lambda share, name: told.append((share, name)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert told[0][1] == "a"


def test_bounds() -> None:
    draws = np.linspace(0, 100, 1001)
    assert (score(draws, 3, "at most").inside, score(draws, 6, "at most").inside) == (False, True)
    assert (score(draws, 97, "at least").inside, score(draws, 94, "at least").inside) == (False, True)
    assert score(draws, 60, "at most").z == 0
    assert score(draws, 40, "at most").z < 0
    assert score(draws, 60, "at least").z > 0


def test_nothing_is_simulated_where_a_file_is_bad(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(one_dose(), "utf-8")
    (tmp_path / "b.toml").write_text(one_dose(study="b").replace('"fasted"', '"hungry"', 1), "utf-8")
    told: list[float] = []
    with pytest.raises(InputError, match=r"b\.toml"):
        validate(tmp_path, progress=lambda share, name: told.append(share))
    assert told == []


def test_a_person_weighs_what_the_arm_says() -> None:
    arm = parse_study(EXAMPLE).arms[0]
    assert arm.patient == Patient(weight_kg=76, sex="male", age_years=27)
