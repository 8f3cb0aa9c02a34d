"""One person replayed: the row of the whole trial to the last bit, and a story that its own numbers bear out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.trial.small_trials import BUSY, busy, plan, regimen

from anagen.errors import InputError, PregnancyStop
from anagen.trial.plan import Trial
from anagen.trial.replay import replay
from anagen.trial.run import run_trial
from anagen.trial.setting import TILE

LAST = 2999


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    return run_trial(busy(), tmp_path_factory.mktemp("whole") / "results").people().collect()


@cache
def replayed(person: int) -> dict[str, Any]:
    return replay(busy(), person)


def as_row(found: dict[str, Any]) -> dict[str, Any]:
    """A replay as a row of the trial's people, in part."""
    row: dict[str, Any] = {"person": found["person"], **found["covariates"]}
    for arm in found["arms"]:
        row |= {f"{arm['name']}/{name}": value for name, value in arm["endpoints"].items()}
        row |= {f"{arm['name']}/{name}": arm[name] for name in ("mg_taken", "held_weeks", "left_week")}
        row[f"{arm['name']}/stop_week"] = arm["stopped_week"]
    return row


def _plain(name: str, value: Any) -> Any:
    """What is not finite, or never, as the replay has it."""
    if isinstance(value, float) and (not np.isfinite(value) or (value == -1 and name.endswith("_week"))):
        return None
    return value


@pytest.mark.parametrize("person", [0, 517, TILE - 1, TILE, LAST])
def test_the_row_of_the_whole_trial(rows: pl.DataFrame, person: int) -> None:
    found = as_row(replayed(person))
    row = rows.row(person, named=True)
    assert found == {name: _plain(name, row[name]) for name in found}
    assert {name for name in row if not name.rpartition("/")[2].startswith("first_")} == set(found)


def test_the_same_in_another_process() -> None:
    """Said in JSON, which keeps every digit."""
    script = (
        "import json; from tests.trial.small_trials import busy; from anagen.trial.replay import replay; "
        f"print(json.dumps(replay(busy(), {LAST}), allow_nan=False))"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == replayed(LAST)


def test_the_same_alone_among_more() -> None:
    more = replay(busy().with_people(30_000), LAST)
    assert as_row(more) == as_row(replayed(LAST))


def test_what_stands_in_it() -> None:
    found = replayed(LAST)
    assert (found["title"], found["person"], found["assumed"]) == (
        "Two doses with everything that can happen",
        LAST,
        [],
    )
    assert next(notice["level"] for notice in found["safety"]) == "stop"
    assert found["provenance"]["people"] == 3000
    arm = found["arms"][1]
    assert arm["regimen"] == "0.5 mg/kg once daily with a standard meal for 24 weeks"
    assert arm["rules"][1] == "until 45 mg/kg"
    assert arm["mg_per_kg"] == arm["mg_taken"] / found["covariates"]["weight_kg"]
    assert arm["series"]["isotretinoin_ng_per_ml"]["unit"] == "ng/mL"
    for entry in arm["series"].values():
        assert entry["day"] == [7 * week for week in range(25)]
        assert len(entry["value"]) == 25
        assert all(isinstance(value, float) for value in entry["value"])


def _people(rows: pl.DataFrame, column: str, most: int = 4) -> list[int]:
    """Some to whom something happened."""
    return rows.filter(pl.col(column) > 0)["person"].to_list()[:most]


def _visits(person: int, arm: int) -> dict[int, dict[str, Any]]:
    return {visit["week"]: visit for visit in replayed(person)["arms"][arm]["visits"]}


def test_who_is_held_stopped_reduced_and_leaves(rows: pl.DataFrame) -> None:
    """The weeks of the row are those in which the visits say so."""
    for column, verb in (("first_hold_week", "held"), ("stop_week", "stopped"), ("first_reduction_week", "reduced")):
        for person in _people(rows, f"20 mg/{column}"):
            visits = _visits(person, 0)
            week = int(rows[f"20 mg/{column}"][person])
            assert verb in (visits[week]["did"] or ""), (person, week, visits)
            if column != "stop_week":
                earlier = [visit["did"] for other, visit in visits.items() if other < week]
                assert not any(verb in did for did in earlier if did)
            assert visits[week]["taking"] == (verb == "reduced")
    for person in _people(rows, "20 mg/left_week"):
        week = int(rows["20 mg/left_week"][person])
        visits = _visits(person, 0)
        assert max(visits) == week
        assert "left" in visits[week]["did"]
        assert not visits[week]["taking"]


def _limit(text: str) -> float:
    match = re.search(r"> ([0-9.]+) mg/dL", text)
    assert match
    return float(match[1])


def test_a_rule_acts_where_what_was_measured_says_so(rows: pl.DataFrame) -> None:
    """Every visit of the first people: a hold is there if, and only if, the value was above the limit."""
    told = {"held": 0, "not": 0}
    for person in [*range(20), *_people(rows, "20 mg/first_hold_week")]:
        for visit in _visits(person, 0).values():
            if not visit["measured"] or visit["week"] == 0 or visit["did"] == "left":
                continue
            said = visit["did"] or ""
            if "stopped" in said or "left" in said or (not visit["taking"] and "held" not in said):
                continue  # who has stopped or left is not held
            high = visit["measured"]["triglycerides_mg_per_dl"] > 180
            assert ("held 4 weeks by" in said) == high, (person, visit)
            told["held" if high else "not"] += 1
    assert min(told.values()) > 10


def test_what_a_rule_compares_with_is_shown() -> None:
    """A rule of a rise is met where the value is so much above that of week 0."""
    visits = _visits(LAST, 0)
    assert list(visits[0]["measured"]) == ["triglycerides_mg_per_dl"]
    assert 0 not in _visits(LAST, 1)
    for person in range(20):
        visits = _visits(person, 0)
        start = visits[0]["measured"]["triglycerides_mg_per_dl"]
        for visit in visits.values():
            if "rises" in (visit["did"] or ""):
                assert visit["measured"]["triglycerides_mg_per_dl"] > 2.5 * start


def test_who_reaches_the_total(rows: pl.DataFrame) -> None:
    """The total is said in the week of the last dose, and nobody takes doses after it."""
    reached = rows.filter(pl.col("0.5 mg/kg/mg_taken") >= 45 * pl.col("weight_kg"))["person"].to_list()
    assert reached
    for person in reached[:4]:
        visits = _visits(person, 1)
        said = {week: visit["did"] for week, visit in visits.items() if "total reached" in (visit["did"] or "")}
        assert len(said) == 1
        week = next(iter(said))
        assert week >= 90 / 7  # 45 mg/kg are 90 doses
        assert not any(visit["taking"] for other, visit in visits.items() if other >= week)
        assert any(visit["taking"] for other, visit in visits.items() if other < week)


def test_a_course_that_is_over_between_visits() -> None:
    """Said in its own week, though weeks are computed several at once."""
    arms = [regimen("20 mg once daily with food for 5 weeks"), regimen("20 mg once daily until 420 mg")]
    found = replay(plan(arms), 3)["arms"]
    for arm, week, words in ((found[0], 5, "course over"), (found[1], 3, "total reached: 420 mg")):
        assert [(visit["week"], visit["did"]) for visit in arm["visits"] if visit["did"]] == [(week, words)]
        assert [visit["week"] for visit in arm["visits"]] == sorted({week, 4, 8, 12, 16, 20, 24})
        assert [visit["taking"] for visit in arm["visits"]] == [visit["week"] < week for visit in arm["visits"]]


def test_a_hold_that_ends_between_visits() -> None:
    arm = regimen(
        "20 mg once daily with food for 24 weeks", 'rules = ["when week >= 8 and week <= 8 then hold 4 weeks"]'
    )
    visits = {v["week"]: v for v in replay(plan([arm], top="visits = [8, 24]"), 3)["arms"][0]["visits"]}
    assert list(visits) == [8, 12, 24]
    assert visits[8]["did"] == "held 4 weeks by: when week >= 8 and week <= 8 then hold 4 weeks"
    assert not visits[8]["taking"]
    assert visits[12] == {"week": 12, "did": "resumed: the hold was over", "taking": True, "measured": {}}


@pytest.mark.parametrize("person", [-1, 3000, 10**12])
def test_nobody_of_that_number(person: int) -> None:
    with pytest.raises(InputError, match=rf"there is no person {person}\n.*from 0 to 2,999"):
        replay(busy(), person)


def test_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "trial.toml"
    file.write_text(BUSY)
    assert replay(file, LAST) == replayed(LAST)
    with pytest.raises(InputError, match=r"cannot read .*missing\.toml"):
        replay(tmp_path / "missing.toml", 0)


def test_nobody_pregnant_is_replayed(tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("weight_kg,pregnant\n70,yes\n")
    trial: Trial = replace(busy(), population=("table", table), subgroups=())
    with pytest.raises(PregnancyStop):
        replay(trial, 0)
