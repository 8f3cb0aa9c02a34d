"""A whole trial: arms over the same people, their covariates, what nobody knows, and runs that are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.trial.small_trials import DAILY, WEEKS, WOMAN, busy, endpoint, plan, regimen, run_tile

from anagen.errors import InputError, PregnancyStop, RegimenError
from anagen.trial.file import parse_trial
from anagen.trial.result import TrialResult
from anagen.trial.run import check, manifest, run_trial
from anagen.trial.setting import Setting, read_population
from anagen.trial.store import Store

HALF = DAILY.replace("20 mg", "10 mg")
ENDPOINTS = "".join(
    f'[[endpoints]]\noutcome = "{name}"\n'
    for name in (
        "sebum_change_percent",
        "extra_hairs_shed",
        "triglycerides_above_500",
        "dermatitis_halved",
        "cheilitis",
    )
)
LEVEL = "concentration_mean"


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> TrialResult:
    """Two arms that are the same, and one of half the dose."""
    trial = plan([regimen(), regimen(), regimen(HALF)], ENDPOINTS + '[[subgroups]]\ncovariate = "sex"')
    return run_trial(trial, tmp_path_factory.mktemp("twins") / "results", power=(50,))


def of(result: TrialResult, arm: str, name: str) -> dict[str, Any]:
    """The contrast of an arm for an endpoint."""
    return next(row for row in result.to_json()["contrasts"] if (row["arm"], row["endpoint"]) == (arm, name))


def test_the_same_arm_twice_differs_in_nothing(twins: TrialResult) -> None:
    people = twins.people().collect()
    for name in people.columns:
        if name.startswith("arm 0/"):
            assert people[name].equals(people["arm 1" + name[5:]], null_equal=True), name
    for row in twins.to_json()["contrasts"]:
        if row["arm"] == "arm 1":
            assert (row["difference"], row["sd"], row["lower_in"], row["higher_in"]) == (0, 0, 0, 0), row
            assert row["ci"] == [0, 0]
            assert row["same_in"] == 1


def test_pairs_tell_more_than_groups(twins: TrialResult) -> None:
    """The difference of a person in two arms spreads far less than two people do; and it is that of the rows."""
    arms = {arm["name"]: arm["endpoints"] for arm in twins.to_json()["arms"]}
    people = twins.people().collect()
    for name in ("sebum_change_percent", "extra_hairs_shed"):
        row = of(twins, "arm 2", name)
        apart = (arms["arm 0"][name]["sd"] ** 2 + arms["arm 2"][name]["sd"] ** 2) ** 0.5
        assert row["sd"] < apart / 2
        rows = (people[f"arm 2/{name}"] - people[f"arm 0/{name}"]).to_numpy()
        assert row["difference"] == pytest.approx(rows.mean(), rel=1e-5)
        assert row["sd"] == pytest.approx(rows.std(ddof=1), rel=1e-5)
        assert arms["arm 2"][name]["mean"] == pytest.approx(people[f"arm 2/{name}"].to_numpy().mean(), rel=1e-5)
    power = {
        row["design"]: row["power"]
        for row in twins.to_json()["power"]
        if row["endpoint"] == "sebum_change_percent" and row["arm"] == "arm 2"
    }
    assert power["paired"] > power["parallel"]


def test_another_arm_changes_none(twins: TrialResult, tmp_path: Path) -> None:
    """An arm is the same whatever stands beside it, be it in rules, adherence or meals."""
    other = regimen(
        DAILY,
        'rules = ["when TG > 150 then hold 4 weeks"]',
        "[arms.adherence]",
        'process = "clustered"',
        "missed_share = 0.3",
        "[arms.meals]",
        "with_food_share = 0.5",
    )
    more = run_trial(plan([regimen(), regimen(), regimen(HALF), other], ENDPOINTS), tmp_path / "results")
    people, alone = more.people().collect(), twins.people().collect()
    for name in alone.columns:
        assert people[name].equals(alone[name], null_equal=True), name
    for arm, before in zip(more.to_json()["arms"], twins.to_json()["arms"], strict=False):
        assert arm == before


def test_the_parquet_and_the_json_say_the_same(twins: TrialResult) -> None:
    result, people = twins.to_json(), twins.people().collect()
    arm = result["arms"][0]
    assert people.height == result["trial"]["people"] == arm["flow"]["started"] == 1024
    assert people["person"].to_list() == list(range(1024))
    share = arm["endpoints"]["triglycerides_above_500"]
    assert share["count"] == people["arm 0/triglycerides_above_500"].sum()
    band = result["population"]["columns"]["weight_kg"]
    for key, q in (("p05", 0.05), ("p50", 0.5), ("p95", 0.95)):
        assert band[key] == pytest.approx(float(np.quantile(people["weight_kg"].to_numpy(), q)), rel=0.011)
    women = people.filter(pl.col("sex") == "female")
    row = next(
        row
        for row in result["subgroups"]
        if (row["level"], row["arm"], row["endpoint"]) == ("female", "arm 2", "extra_hairs_shed")
    )
    assert row["n"] == women.height
    own = (women["arm 2/extra_hairs_shed"] - women["arm 0/extra_hairs_shed"]).mean()
    assert row["difference"] == pytest.approx(own, rel=1e-5)


def test_a_folder_is_not_needed() -> None:
    result = run_trial(plan([regimen()], ENDPOINTS))
    with pytest.raises(ValueError, match="without a folder"):
        result.people()


def test_heavier_people_have_lower_levels() -> None:
    """Clearance goes with weight to the power 0.75: the same people once of 70 and once of 105 kg."""
    trial = plan([regimen()])
    levels = [run_tile(trial, WOMAN.replace("70", kg))[1][0].series[LEVEL][WEEKS].astype(float) for kg in ("70", "105")]
    np.testing.assert_allclose(levels[1] / levels[0], (70 / 105) ** 0.75, rtol=0.02)
    tile, [course] = run_tile(trial)
    slope = np.polyfit(np.log(tile.weight_kg), np.log(course.series[LEVEL][4:].mean(0)), 1)[0]
    assert slope == pytest.approx(-0.75, abs=0.25)  # other things differ too: five SDs of the slope


def test_endpoints_of_dermatitis_are_of_those_who_have_it(twins: TrialResult) -> None:
    people = twins.people().collect()
    has = (people["seborrheic_dermatitis"] != "none").to_numpy()
    assert 0 < has.sum() < 1024
    np.testing.assert_array_equal(np.isnan(people["arm 0/dermatitis_halved"].to_numpy()), ~has)
    entry = twins.to_json()["arms"][0]["endpoints"]["dermatitis_halved"]
    assert (entry["n"], entry["missing"]) == (has.sum(), 1024 - has.sum())


def test_given_values_of_blood_are_where_the_series_begin() -> None:
    population = WOMAN + "".join(
        f'[covariates.{name}]\nunit = "{unit}"\ndistribution = "lognormal"\nmedian = {median}\nsd_log = 0.4\n'
        for name, unit, median in (("triglycerides_mg_per_dl", "mg/dL", 110), ("alt_u_per_l", "U/L", 25))
    )
    tile, [course] = run_tile(plan([regimen()]), population)
    for name in ("triglycerides_mg_per_dl", "alt_u_per_l"):
        given = tile.people.columns[name]
        assert given.std() > 0.2 * given.mean()
        np.testing.assert_allclose(course.series[name][0], given, rtol=1e-6)
    end, start = (course.series["triglycerides_mg_per_dl"][row] for row in (-1, 0))
    assert np.corrcoef(end, start)[0, 1] > 0.75


def test_a_table_of_people(tmp_path: Path) -> None:
    """Rows in turn: person 3 is row 1 of two; the draws are the person's own all the same."""
    (tmp_path / "people.csv").write_text("weight_kg,sex\n50,female\n120,male\n")
    trial = plan([regimen()], '[population]\ntable = "people.csv"\n' + ENDPOINTS, folder=tmp_path)
    people = run_trial(trial, tmp_path / "results").people().collect()
    assert people["weight_kg"].to_list() == [50.0, 120.0] * 512
    assert people["sex"].to_list() == ["female", "male"] * 512
    hairs = people["arm 0/extra_hairs_shed"].to_numpy()
    assert len(np.unique(hairs)) > 1000


@pytest.fixture(scope="module")
def replicates() -> tuple[Any, Any, Any]:
    """One tile under uncertainty none, each, and shared by four replicates of 256."""
    ends = ENDPOINTS
    none = plan([regimen()], ends, top='uncertainty = "none"')
    each = plan([regimen()], ends, top='uncertainty = "each"')
    four = plan([regimen()], ends, top='uncertainty = "shared"\nreplicates = 4')
    return tuple((trial, run_tile(trial, WOMAN)[1][0]) for trial in (none, each, four))  # type: ignore[return-value]


def test_what_nobody_knows_widens_the_spread(replicates: tuple[Any, Any, Any]) -> None:
    (none, surely), (each, unsurely), _ = replicates
    for name in ("sebum_change_percent", "cheilitis"):
        assert endpoint(each, unsurely, name).std() > 1.03 * endpoint(none, surely, name).std()
    # Nothing but ignorance makes people differ in the chance of back pain.
    assert np.ptp(surely.series["back_pain"][WEEKS]) == 0
    assert len(np.unique(unsurely.series["back_pain"][WEEKS])) > 1000


def test_a_replicate_shares_what_nobody_knows(replicates: tuple[Any, Any, Any]) -> None:
    *_, (_, course) = replicates
    chance = course.series["back_pain"][WEEKS][:1024].reshape(4, 256)
    assert (np.ptp(chance, axis=1) == 0).all()
    assert len(np.unique(chance[:, 0])) == 4
    assert len(np.unique(course.series["shed_per_day"][WEEKS])) > 1000  # people differ as ever


def test_the_same_person_in_two_replicates(replicates: tuple[Any, Any, Any]) -> None:
    """The first replicate is the same however many there are; the people of another are then other people."""
    *_, (_, four) = replicates
    _, [one] = run_tile(plan([regimen()], ENDPOINTS, top='uncertainty = "shared"'), WOMAN)
    for name in ("shed_per_day", "back_pain", "triglycerides_mg_per_dl"):
        np.testing.assert_array_equal(four.series[name][:, :256], one.series[name][:, :256])
        assert (four.series[name][WEEKS, 256:] != one.series[name][WEEKS, 256:]).mean() > 0.99
    start = "triglycerides_mg_per_dl"  # what people are before the drug is their own, whatever the replicate
    np.testing.assert_allclose(four.series[start][0], one.series[start][0], rtol=1e-6)


def test_replicates_spread_more_than_chance() -> None:
    trial = plan([regimen()], ENDPOINTS, top='uncertainty = "shared"\nreplicates = 32\npeople = 2048')
    result = run_trial(trial).to_json()
    rows = {row["endpoint"]: row for row in result["spread_of_replicates"]}
    for name in ("sebum_change_percent", "cheilitis"):
        entry = result["arms"][0]["endpoints"][name]
        sd = entry.get("sd") or (entry["share"] * (1 - entry["share"])) ** 0.5
        by_chance = 2 * 1.645 * sd / 64**0.5
        assert rows[name]["p95"] - rows[name]["p05"] > 1.3 * by_chance, name


REFUSED = [
    (
        {},
        [regimen()],
        '[[subgroups]]\ncovariate = "follicle_number"\nedges = [90000]',
        InputError,
        "a subgroup by follicle_number",
    ),
    ({}, [regimen("9 mg/kg once daily for 4 weeks")], "", RegimenError, "arm 'arm 0'|mg/kg"),
    ({}, [regimen(), regimen("300 mg once daily for 4 weeks")], "", RegimenError, "arm 'arm 1': .*mg/kg"),
]


@pytest.mark.parametrize(("options", "arms", "more", "kind", "said"), REFUSED)
def test_what_the_population_does_not_allow(
    options: dict[str, Any], arms: list[str], more: str, kind: type[Exception], said: str, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=said):
        run_trial(plan(arms, more), tmp_path / "results", **options)
    assert not (tmp_path / "results").exists()


def test_nobody_pregnant(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("weight_kg,pregnant\n50,no\n60,yes\n")
    trial = plan([regimen()], '[population]\ntable = "people.csv"', folder=tmp_path)
    with pytest.raises(PregnancyStop):
        run_trial(trial, tmp_path / "results")
    assert not (tmp_path / "results").exists()


def test_folders_that_are_taken(tmp_path: Path) -> None:
    trial = plan([regimen()])
    setting = Setting(trial, read_population(trial))
    with Store.open(tmp_path / "results", manifest(setting, 1)), pytest.raises(InputError, match="another run"):
        run_trial(trial, tmp_path / "results", resume=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match=r"holds other files \(letter\.txt\)"):
        run_trial(trial, tmp_path / "mine")
    with pytest.raises(InputError, match=r"cannot write in .*folder"):
        run_trial(trial, tmp_path / "no" / "such" / "folder")


def test_numbers_of_people_and_workers(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0 workers"):
        run_trial(plan([regimen()]), tmp_path / "results", workers=0)
    with pytest.raises(InputError, match="0 people"):
        busy().with_people(0)
    with pytest.raises(InputError, match="unknown mode: 'doctor'"):
        run_trial(plan([regimen()]), mode="doctor")  # type: ignore[arg-type]


def test_one_person(tmp_path: Path) -> None:
    """The smallest trial: no interval can be given, and nothing breaks."""
    result = run_trial(replace(busy().with_people(1), replicates=1), tmp_path / "results")
    assert result.people().collect().height == 1
    entry = result.to_json()["arms"][0]["endpoints"]["extra_hairs_shed"]
    assert entry["n"] == 1
    assert entry["mean"] == pytest.approx(result.people().collect()["20 mg/extra_hairs_shed"][0], rel=1e-5)


@pytest.mark.parametrize("outcome", ["telogen_effluvium", "anagen_effluvium"])
def test_the_kind_of_effluvium_is_for_clinicians(outcome: str) -> None:
    """A type of effluvium is never told in reader mode, in a trial as little as elsewhere."""
    text = plan([regimen()]).text + f'\n[[endpoints]]\noutcome = "{outcome}"\n'
    wanted = parse_trial(text)
    with pytest.raises(InputError, match="for clinicians and research only") as refused:
        run_trial(wanted)
    assert "--mode clinician" in str(refused.value)
    check(Setting(wanted, read_population(wanted), "clinician"))
