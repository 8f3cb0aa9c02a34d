"""The command line as a newcomer and as a program use it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars
import pytest

from anagen.cli import main

FEW = ["--people", "20", "--weeks", "8"]
REGIMEN = "20 mg once daily with food for 4 weeks"

SERIES = [
    "isotretinoin_ng_per_ml",
    "oxo_ng_per_ml",
    "sebum_fraction",
    "dermatitis_fraction",
    "triglycerides_mg_per_dl",
    "ldl_mg_per_dl",
    "hdl_mg_per_dl",
    "cholesterol_mg_per_dl",
    "alt_u_per_l",
    "ast_u_per_l",
    "ck_u_per_l",
    "biotinidase_fraction",
    "vitamin_e_fraction",
    "zinc_fraction",
    "selenium_fraction",
    "folate_fraction",
    "b12_fraction",
    "homocysteine_umol_per_l",
    "shed_per_day",
    "telogen_percent",
    "density_per_cm2",
    "volume_fraction",
    "comb_count_60s",
    "pull_test_count",
]


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and error stream of `anagen ARGUMENTS`, in this process."""
    monkeypatch.setattr(sys, "argv", ["anagen", *arguments])
    code = 0
    try:
        main()
    except SystemExit as left:
        code = int(left.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def anagen(capsys, monkeypatch):
    return lambda *arguments: run(capsys, monkeypatch, *arguments)


def test_simulate_json_is_the_contract(anagen):
    code, out, _ = anagen("simulate", REGIMEN, "--weight", "70", "--json", *FEW)
    assert code == 0
    answer = json.loads(out)
    keys = {"treatment", "regimen", "patient", "assumed", "safety", "exposure", "series", "outcomes", "provenance"}
    assert keys <= answer.keys()
    assert answer["safety"][0]["id"] == "pregnancy"
    assert answer["safety"][0]["level"] == "stop"
    assert {notice["level"] for notice in answer["safety"]} <= {"stop", "warn", "note"}
    assert set(SERIES) <= answer["series"].keys()
    for series in answer["series"].values():
        assert series.keys() == {"unit", "day", "p05", "p50", "p95", "typical"}
        assert series["day"] == [7.0 * week for week in range(9)]
        for low, middle, high in zip(series["p05"], series["p50"], series["p95"], strict=True):
            assert low <= middle <= high
    for prefix in ("", "oxo_"):
        for name in ("cmax_ng_per_ml", "tmax_h", "cavg_ng_per_ml", "cmin_ng_per_ml"):
            assert isinstance(answer["exposure"][prefix + name], float)
    for outcome in answer["outcomes"].values():
        assert outcome.keys() in ({"unit", "p05", "p50", "p95"}, {"probability"})
    wanted = {"anagen", "parameters", "seed", "tile", "platform", "regimens", "assumed"}
    assert wanted <= answer["provenance"].keys()
    assert "pregnant" not in json.dumps(answer["patient"])


def test_without_quotes_it_is_the_same(anagen):
    def said(*regimen: str) -> object:
        found = json.loads(anagen("simulate", *regimen, *FEW, "--json")[1])
        return found["regimen"], found["series"]

    assert said(*REGIMEN.split()) == said(REGIMEN)


def test_single_dose_has_area_and_half_life(anagen):
    code, out, _ = anagen("simulate", "80 mg once with a high-fat meal", "--weight", "70", "--json", *FEW)
    assert code == 0
    exposure = json.loads(out)["exposure"]
    assert exposure["auc_inf_ng_h_per_ml"] == pytest.approx(10_004, rel=0.005)
    assert exposure["half_life_h"] == pytest.approx(21.0, abs=0.1)


def test_a_run_can_be_repeated_from_its_own_output(anagen):
    _, first, _ = anagen("simulate", REGIMEN, "--seed", "7", "--json", *FEW)
    answer = json.loads(first)
    past = answer["provenance"]
    _, second, _ = anagen(
        "simulate", past["regimens"][0], "--seed", str(past["seed"]), "--people", str(past["people"]),
        "--weeks", str(past["weeks"]), "--weight", str(answer["patient"]["weight_kg"]), "--json",
    )  # fmt: skip
    assert json.loads(second)["series"] == answer["series"]


def test_another_seed_gives_other_people_and_the_same_typical_one(anagen):
    one, two = (json.loads(anagen("simulate", REGIMEN, "--seed", seed, "--json", *FEW)[1]) for seed in ("1", "2"))
    assert one["series"]["shed_per_day"]["typical"] == two["series"]["shed_per_day"]["typical"]
    assert one["series"]["shed_per_day"]["p50"] != two["series"]["shed_per_day"]["p50"]


@pytest.mark.parametrize(
    "hypothesis",
    ["anagen-effluvium", "nutrient-depletion", "peak-toxicity", "onset-arrest", "anchorage", "anti-androgen"],
)
def test_what_is_assumed_is_said(anagen, hypothesis):
    code, out, _ = anagen("simulate", REGIMEN, "--assume", hypothesis, *FEW)
    assert code == 0
    assert "ASSUMED" in out
    code, out, _ = anagen("simulate", REGIMEN, "--assume", hypothesis, "--json", *FEW)
    answer = json.loads(out)
    assert answer["assumed"] == [hypothesis]
    assert f"assumed-{hypothesis}" in {notice["id"] for notice in answer["safety"]}


def test_terminal_puts_the_pregnancy_box_first(anagen):
    _, out, _ = anagen("compare", REGIMEN, "10 mg once daily for 4 weeks", *FEW)
    assert "Never in pregnancy" in out.splitlines()[0]
    assert out.count("never in pregnancy") == 2, "every column with a dose carries the mark"


def test_pregnant_is_a_stop(anagen):
    code, out, err = anagen("simulate", REGIMEN, "--pregnant", "--json", "--weight", "5")
    assert code == 3
    assert json.loads(out)["safety"][0]["id"] == "pregnancy"
    assert "Nothing was simulated" in err
    code, out, err = anagen("compare", REGIMEN, "10 mg once daily", "--pregnant")
    assert code == 3
    assert not out
    assert "birth defects" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["20 mg once daily", "--weight", "29"], "from 30 to 250 kg"),
        (["20 mg once daily", "--weight", "251"], "from 30 to 250 kg"),
        (["20 mg once daily", "--weight", "nan"], "from 30 to 250 kg"),
        (["20 mg once daily", "--age", "17"], "adults only"),
        (["20 mg once daily", "--height", "20"], "from 100 to 250 cm"),
        (["20 mg once daily", "--ferritin", "-3"], "from 0 to 5000"),
        (["20 mg once daily", "--assume", "anagen-efluvium"], "nearest: anagen-effluvium"),
        (["20 mg once daily", "--supplement", "zink"], "nearest: zinc"),
        (["20 mg once daily", "--event", "fever"], "fever@30"),
        (["20 mg once daily", "--event", "feber@3"], "nearest: fever"),
        (["20 mg once daily", "--weeks", "0"], "from 1 to 312"),
        (["20 mg once daily", "--people", "0"], "from 1 to 100,000"),
        (["20 mg once daily", "--seed", "-1"], "from 0 to"),
        (["20 mg once daily", "--treatment", "isotretinoine"], "nearest: isotretinoin"),
        (["20 g once daily"], "^"),
        (["-20 mg once daily"], "^"),
        (["isotretinoin", "20 mg once daily"], "nearest: 20 mg once daily"),
        (["20 mg once daily", "40 mg once daily"], 'anagen compare "20 mg once daily" "40 mg once daily"'),
        (["700 mg once daily"], "at most 8 mg/kg"),
        (["20 mg of Isotrex gel once daily"], "gel for the skin"),
        (["20 mg once daily", "--html", "{folder}/no/such/page.html"], "no folder"),
        (["20 mg once daily", "--csv", "{folder}"], "is a folder"),
        (["20 mg once daily", "--csv", "{folder}/a", "--parquet", "{folder}/a"], "two outputs"),
    ],
)
def test_refused_before_anything_is_computed(anagen, monkeypatch, tmp_path, arguments, said):
    monkeypatch.setattr("anagen.simulation.simulate.run_arm", lambda *a, **k: pytest.fail("it was simulated"))
    code, out, err = anagen("simulate", *(text.replace("{folder}", str(tmp_path)) for text in arguments))
    assert code == 2
    assert said in err
    assert err.startswith("anagen: ")
    assert not out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("regimens", [["20 mg once daily"], ["20 mg once daily", "20 MG qd"], ["1 mg qd"] * 9])
def test_compare_wants_two_to_eight_different_regimens(anagen, regimens):
    code, _, err = anagen("compare", *regimens)
    assert code == 2
    assert "to compare" in err or "twice" in err


def test_files_hold_the_same_numbers(anagen, tmp_path):
    csv, parquet = tmp_path / "a.csv", tmp_path / "a.parquet"
    code, out, _ = anagen("simulate", REGIMEN, "--csv", str(csv), "--parquet", str(parquet), "--json", *FEW)
    assert code == 0
    wide = polars.read_csv(csv, comment_prefix="#")
    assert wide.columns == ["series", "unit", "day", "typical", "p05", "p50", "p95"]
    assert wide.equals(polars.read_parquet(parquet)) or wide.shape == polars.read_parquet(parquet).shape
    shown = json.loads(out)["series"]["shed_per_day"]["p50"]
    written = wide.filter(polars.col("series") == "shed_per_day")["p50"].to_list()
    assert written == pytest.approx(shown, rel=1e-5)
    assert {file.name for file in tmp_path.iterdir()} == {"a.csv", "a.parquet"}


def test_a_full_disk_leaves_the_old_file(anagen, monkeypatch, tmp_path):
    page = tmp_path / "a.csv"
    page.write_text("the old one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("polars.DataFrame.write_csv", full)
    code, _, err = anagen("simulate", REGIMEN, "--csv", str(page), *FEW)
    assert code == 2
    assert "No space left" in err
    assert page.read_text() == "the old one"
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


def test_ctrl_c_leaves_nothing_half_written(tmp_path):
    page = tmp_path / "series.csv"
    command = [sys.executable, "-m", "anagen", "simulate", REGIMEN, "--people", "100000", "--csv", str(page)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ}) as process:
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "nothing was written" in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_help_names_every_option_and_the_stop(anagen):
    code, out, _ = anagen("--help")
    assert code == 0
    assert "NEVER in pregnancy" in out
    _, out, _ = anagen("simulate", "--help")
    for option in ("--weight", "--seborrheic-dermatitis", "--assume", "--pregnant", "--mode", "--html", "--seed"):
        assert option in out


def test_doctor_works_here(anagen):
    code, out, _ = anagen("doctor", "--json")
    assert code == 0, out
    assert json.loads(out)["healthy"] is True


def test_help_loads_nothing_heavy():
    heavy = "('jax', 'numpy', 'polars', 'lark', 'altair')"
    code = f"import sys; from anagen.cli import main; import anagen; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_clinician_mode_is_stamped_and_says_more(anagen):
    reader = json.loads(anagen("simulate", REGIMEN, "--json", *FEW)[1])
    clinician = json.loads(anagen("simulate", REGIMEN, "--mode", "clinician", "--json", *FEW)[1])
    assert (reader["mode"], clinician["mode"]) == ("reader", "clinician")
    assert set(clinician["outcomes"]) - set(reader["outcomes"]) == {"telogen_effluvium", "anagen_effluvium"}
    assert not any("effluvium" in name for name in reader["outcomes"])


def test_module_and_command_are_the_same():
    assert Path(sys.executable).with_name("anagen").exists()
    out = subprocess.check_output([sys.executable, "-m", "anagen", "--version"], text=True)
    assert out.startswith("anagen ")
