"""The verb and its command: who may ask, what comes first, what is said, what stops; and diaries that are bad."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from tests.inference.diaries import START, record

import anagen
from anagen.diary.formats.table import write_table
from anagen.diary.plain import from_plain
from anagen.errors import InputError
from anagen.inference.causality import causality, change
from anagen.inference.chains import Chains, ChainsError, trusted
from anagen.inference.fit import fit
from anagen.inference.priors import NAMES, stated
from anagen.inference.record import Count, Dose, Record

RNG = np.random.default_rng(11)
FLAT = record(RNG.poisson(10, 36))
RAISED = record([int(n) for n in RNG.poisson(10 + 25 * (np.arange(36) > 16))], fever=False)


def test_readers_are_refused_and_told_why():
    with pytest.raises(InputError, match="clinicians"):
        fit(FLAT)
    with pytest.raises(InputError, match="clinician"):
        fit(FLAT, mode="clinicain")  # type: ignore[arg-type]


def test_every_stated_number_has_a_unit_a_meaning_and_a_known_source():
    from anagen.evidence import source

    def leaves(table):
        for row in table.values():
            if "source" in row:
                yield row
            else:
                yield from leaves(row)

    rows = list(leaves(stated()))
    assert len(rows) > 15
    for row in rows:
        assert row["unit"]
        assert row["meaning"]
        assert all(source(key) for key in row["source"])


@pytest.fixture(scope="module")
def fitted():
    return fit(RAISED, mode="clinician")


def test_a_course_with_a_marked_rise(fitted):
    assert not fitted.verdict.wrong("drug")
    assert fitted.drug_takes_part > 0.5
    drug = fitted.forecast
    assert drug.without_drug[1] < drug.with_drug[1]
    assert drug.difference[0] <= drug.difference[1] <= drug.difference[2]
    assert sum(fitted.probability.values()) == pytest.approx(1)
    assert "trigger" not in " ".join(fitted.probability)  # no event stands in the record


def test_groups_from_the_last_day_on_part_in_the_right_order(fitted):
    groups = fitted.forecast.groups
    assert groups["continued"].p50[0] == pytest.approx(groups["stopped"].p50[0], rel=0.02)
    assert groups["stopped"].p50[-1] < groups["halved"].p50[-1] < groups["continued"].p50[-1]


def test_the_json_begins_with_the_box_and_holds_plain_values(fitted):
    table = json.loads(json.dumps(fitted.to_json(), allow_nan=False))
    assert table["safety"][0]["id"] == "pregnancy"
    assert list(table)[:2] == ["mode", "safety"]
    assert table["mode"] == "clinician"
    assert set(table["unknowns"]) >= {"susceptibility", "capture_comb", "dispersion"}


def test_the_same_record_gives_the_same_answer(fitted):
    again = fit(RAISED, mode="clinician", forecast=False)
    assert again.probability == fitted.probability
    assert again.unknowns == fitted.unknowns


@pytest.mark.parametrize(
    ("hairs", "fever"),
    [
        ([10], False),  # one count
        ([0, 0, 0, 0], False),  # nothing found, ever
        ([10, 12, 2000, 9, 11, 10, 8, 12, 9], False),  # one that is wrong
        ([3, 90, 2, 120, 1, 80, 4, 150, 2], True),  # contradictory
        ([10, 9, 40, 11, 10, 9, 41, 10, 9, 40, 11, 10], True),
    ],
)
def test_of_bad_diaries_nothing_is_said(hairs, fever):
    assert fit(record(hairs, fever=fever), mode="clinician", forecast=False).verdict.says == "cannot tell"


def test_without_the_drug_it_is_not_blamed():
    found = fit(record(RNG.poisson(10, 18), fever=False, mg=0), mode="clinician", forecast=False)
    assert set(found.probability) == {"none", "unrecorded", "pattern"}
    assert found.causality is None


def test_chains_that_do_not_agree_are_refused():
    good = dict.fromkeys(NAMES, 1.0), dict.fromkeys(NAMES, 900.0)
    z = np.zeros((4, 500, len(NAMES)))
    assert trusted(Chains("drug", z, *good, divergences=3)).trouble == ()
    for bad in (
        Chains("drug", z, good[0] | {"drug": 1.2}, good[1], 0),
        Chains("drug", z, good[0] | {"drug": float("nan")}, good[1], 0),
        Chains("drug", z, good[0], good[1] | {"when": 30.0}, 0),
        Chains("drug", z, *good, divergences=50),
    ):
        with pytest.raises(ChainsError):
            trusted(bad)


# -- scores ------------------------------------------------------------------------------------------------------------


def _weekly(*levels, mg=((START, START + 168),), events=()):
    rng = np.random.default_rng(2)
    counts = [Count(7 * i, int(rng.poisson(level)), "comb") for i, level in enumerate(levels)]
    doses = [Dose(day, 20) for first, last in mg for day in range(first, last)]
    return Record(counts=counts, doses=doses, events=events)


def test_a_first_course_never_exceeds_eight():
    found = causality(_weekly(*[20] * 18, *[60] * 22, *[20] * 20))
    assert found.naranjo == 7  # 1 + 2 + 1 + 2 + 1
    assert found.band == "probable"
    assert found.who_umc == "probable"
    assert 30 <= found.latency_days <= 183


def test_a_rechallenge_can_make_it_definite():
    again = _weekly(*[20] * 18, *[60] * 22, *[20] * 26, *[60] * 24, mg=((56, 224), (400, 560)))
    found = causality(again)
    assert (found.naranjo, found.band, found.who_umc) == (9, "definite", "certain")


def test_another_trigger_takes_points():
    from anagen.inference.record import Happening

    found = causality(_weekly(*[20] * 18, *[60] * 22, events=[Happening(30, "fever")]))
    assert found.naranjo == 3
    assert found.who_umc == "possible"


def test_no_rise_is_doubtful():
    found = causality(_weekly(*[20] * 40))
    assert found.band == "doubtful" or found.naranjo <= 3
    assert found.latency_days is None


def test_the_interval_of_a_change_covers_the_truth():
    rng = np.random.default_rng(9)
    inside = 0
    for _ in range(300):
        rate = rng.gamma(10 / 1.5, 1.5, 18) * np.repeat([1.0, 1.6], 9)
        counts = [Count(i, int(n), "comb") for i, n in enumerate(rng.poisson(rate))]
        found = change(counts[:9], counts[9:])
        inside += found.low <= 1.6 <= found.high
    assert 0.80 <= inside / 300 <= 0.96  # a 90 % interval, with the dispersion estimated from 18 counts


# -- the command -------------------------------------------------------------------------------------------------------


def _run(tmp_path, rows, *options):
    file = tmp_path / "diary.csv"
    file.write_text(write_table([from_plain(row) for row in rows]), "utf-8")
    command = [sys.executable, "-m", "anagen", "fit", str(file), "--quiet", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


ROWS = [{"kind": "count", "at": f"2026-03-{d:02d}+00:00", "hairs": 10, "method": "comb"} for d in (1, 8, 15, 22)]


def test_the_command_refuses_readers_and_stops_for_pregnancy(tmp_path):
    refused = _run(tmp_path, ROWS)
    assert refused.returncode == 2
    assert "clinicians and research" in refused.stderr
    assert not refused.stdout
    stopped = _run(tmp_path, ROWS, "--mode", "clinician", "--pregnant")
    assert stopped.returncode == 3
    named = [*ROWS, {"kind": "event", "at": "2026-03-23+00:00", "what": "pregnancy"}]
    assert _run(tmp_path, named, "--mode", "clinician", "--json").returncode == 3


def test_the_command_shows_the_box_first(tmp_path):
    shown = _run(tmp_path, ROWS, "--mode", "clinician", "--no-forecast")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.index("⛔") < shown.stdout.index("Verdict")
    assert "cannot tell" in shown.stdout
    assert "Mode: clinician" in shown.stdout


def test_it_is_in_the_public_api():
    assert anagen.fit is fit
