"""The trial file: what a good one means; and every field that is wrong, missing, unknown or impossible."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.errors import AnagenError, InputError, PregnancyStop, RegimenError
from anagen.files.place import places
from anagen.regimen import Until
from anagen.simulation.outcomes import PROBABILITIES, STATISTICS
from anagen.treatments.registry import table, treatment_names
from anagen.trial.file import EXAMPLE, json_schema, parse_trial, read_trial
from anagen.trial.plan import Adherence, Meals, Subgroup
from anagen.trial.schema import TrialTable
from anagen.trial.vocabulary import vocabulary

SMALL = """
title = "A"
follow_up_weeks = 24
[population]
name = "adults"
[[arms]]
name = "none"
regimen = "none"
[[arms]]
name = "daily"
regimen = "20 mg once daily for 24 weeks"
"""


def test_the_example_means_what_it_says() -> None:
    trial = parse_trial(EXAMPLE)
    assert [arm.name for arm in trial.arms] == ["no treatment", "10 mg every other day", "0.5 mg/kg daily"]
    assert trial.arms[0].regimen is None
    assert trial.arms[2].limits == (Until(120.0, True),)
    assert trial.arms[1].adherence == Adherence("clustered", 0.1, 0.5, 4.0, 3.0)
    assert trial.arms[1].meals == Meals(0.8, 0.5)
    assert trial.visits == tuple(range(4, 53, 4))
    assert trial.dropouts is not None
    assert dict(trial.dropouts.factor_when) == {"cheilitis": 1.5}
    assert [(e.name, e.kind, e.unit) for e in trial.endpoints] == [
        ("shed_change_peak_percent", "number", "%"),
        ("extra_hairs_shed", "number", "hairs"),
        ("triglycerides_above_500", "share", None),
        ("tg_200", "time", "weeks"),
    ]
    assert trial.net_benefit is not None
    assert dict(trial.net_benefit.weights) == {"extra_hairs_shed": -1.0}
    assert trial.subgroups == (Subgroup("sex"), Subgroup("weight_kg", (60.0, 80.0)))
    assert (trial.against, trial.population, trial.text) == ("no treatment", ("name", "adults"), EXAMPLE)


def test_the_example_is_short_and_comes_from_the_package(tmp_path: Path) -> None:
    assert len(EXAMPLE.splitlines()) < 75
    file = tmp_path / "trial.toml"
    file.write_text(EXAMPLE, "utf-8")
    assert read_trial(file) == parse_trial(EXAMPLE)


def test_the_file_in_the_docs_is_read() -> None:
    text = (Path(__file__).parents[2] / "docs" / "trials.md").read_text("utf-8")
    block = text.split("    title = ", 1)[1].split("\n## ")[0]
    shown = "title = " + "\n".join(line.removeprefix("    ") for line in block.splitlines())
    assert len(parse_trial(shown).arms) == 2


def test_the_docs_name_every_key() -> None:
    text = (Path(__file__).parents[2] / "docs" / "trials.md").read_text("utf-8")
    schema = json_schema()
    keys = set(schema["properties"]) | {key for part in schema["$defs"].values() for key in part["properties"]}
    assert [key for key in sorted(keys) if key not in text] == []


def test_left_out() -> None:
    trial = parse_trial(SMALL)
    assert (trial.people, trial.seed, trial.uncertainty, trial.replicates) == (10_000, 1, "each", 1)
    assert (trial.after_leaving, trial.precision, trial.assume, trial.dropouts) == ("last", "single", (), None)
    assert trial.visits == (4, 8, 12, 16, 20, 24)
    assert trial.arms[1].adherence == Adherence("full", 0.0, 0.0)
    assert trial.arms[1].meals == Meals(1.0, 0.0)
    assert tuple(e.name for e in trial.endpoints) == vocabulary().default_endpoints
    assert trial.against == "none"


def test_own_tables_of_an_arm_replace_the_common_ones() -> None:
    own = SMALL + '[arms.adherence]\nprocess = "weekend"\nmissed_share = 0.2\n[adherence]\nmissed_share = 0.3\n'
    trial = parse_trial(own)
    assert trial.arms[1].adherence == Adherence("weekend", 0.2, 0.5)
    assert trial.arms[0].adherence == Adherence("independent", 0.3, 0.5)


def test_product_of_the_arm() -> None:
    trial = parse_trial(SMALL + 'product = "absorica ld"\n')
    assert trial.arms[1].regimen is not None
    assert trial.arms[1].regimen.text == "20 mg of Absorica LD once daily for 24 weeks"
    assert trial.arms[1].regimen.courses[0].formulation == "micronised"  # type: ignore[union-attr]


def test_a_total_in_the_regimen_is_a_limit_and_the_plan_goes_on() -> None:
    text = SMALL.replace("daily for 24 weeks", "daily for 4 weeks then 40 mg once daily until 120 mg/kg")
    arm = parse_trial(text).arms[1]
    assert arm.limits == (Until(120.0, True),)
    planned = arm.planned(24)
    assert planned is not None
    events = planned.events(70)
    assert events.course_days >= 24 * 7
    assert events.amount_mg[28:].tolist() == [40.0] * (events.amount_mg.size - 28)


def test_own_endpoints_know_the_engine_and_their_unit() -> None:
    def made(lines: str) -> tuple[object, ...]:
        trial = parse_trial(f'{SMALL}[[endpoints]]\nname = "x"\ntitle = "X"\n{lines}')
        end = trial.endpoints[0]
        return end.kind, end.unit, end.table["series"], end.table.get("limit"), end.table.get("week")

    assert made('series = "isotretinoin_ng_per_ml"\nstatistic = "at_week"\nweek = 12') == (
        *("number", "ng/mL", "concentration_mean"), None, 12,
    )  # fmt: skip
    assert made('series = "shed_per_day"\nstatistic = "area_over_start"')[:2] == ("number", "hairs")
    assert made('series = "shed_per_day"\nstatistic = "change_at_week"\nweek = 24')[:2] == ("number", "%")
    assert made('series = "alt_u_per_l"\nstatistic = "ever_above"\nlimit = 80')[:2] == ("share", None)
    assert made('series = "alt_u_per_l"\nstatistic = "first_below"\nlimit = 80')[:2] == ("time", "weeks")


def test_files_of_the_population_stand_beside_the_trial(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("sex\n")
    trial = parse_trial(SMALL.replace('name = "adults"', 'table = "people.csv"'), folder=tmp_path)
    assert trial.population == ("table", tmp_path / "people.csv")


def test_with_people() -> None:
    trial = parse_trial(SMALL.replace('title = "A"', 'title = "A"\nuncertainty = "shared"\nreplicates = 100'))
    assert trial.with_people(300).people == 300
    with pytest.raises(InputError, match="cannot be dealt") as caught:
        trial.with_people(250)
    assert caught.value.nearest == ("200", "300")
    with pytest.raises(InputError, match="0 people"):
        trial.with_people(0)


def refused(text: str, folder: Path = Path()) -> AnagenError:
    with pytest.raises(AnagenError) as caught:
        parse_trial(text, "t.toml", folder)
    # Where Dask was loaded, errors are pickled with what they came from, and a parser's error cannot be. Trials are
    # read before anything is sent, so the error alone must survive.
    caught.value.__context__ = None
    error = pickle.loads(pickle.dumps(caught.value))
    assert str(error) == str(caught.value)
    return caught.value


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def wrong_kinds() -> list[tuple[str, str]]:
    """For every key of the example, values of a kind that it does not have."""
    found = []
    for line in EXAMPLE.splitlines():
        key = line.split(" = ")[0].strip()
        if " = " in line and not line.startswith("#") and not line.startswith("["):
            value = line.split(" = ", 1)[1].split("  #")[0].strip()
            kinds = (
                ['"many"', "true", "[[1]]", "1979-05-27", "nan"] if value[0] not in '"[{' else ["7", "true", "[[1]]"]
            )
            if value[0] in "[{":
                kinds = ["7", '"many"', "true"]
            found += [(line, f"{key} = {kind}") for kind in kinds]
    return found


@pytest.mark.parametrize(("line", "wrong"), wrong_kinds())
def test_every_key_of_a_wrong_kind(line: str, wrong: str) -> None:
    if line.startswith("rules"):
        return  # several lines: below
    text = EXAMPLE.replace(line + "\n", wrong + "\n", 1)
    error = refused(text)
    key, value = wrong.split(" = ")
    assert isinstance(error, InputError)
    assert error.message.startswith(f"t.toml, line {line_of(text, wrong)}: ")
    assert key in error.message
    assert error.where is not None
    assert error.where.text[error.where.column :].startswith(value)
    assert error.expected


REQUIRED = [
    ('title = "Two doses, with stopping rules"\n', "title is missing"),
    (EXAMPLE[EXAMPLE.index("[population]") : EXAMPLE.index("[[arms]]")], "population is missing"),
    ('name = "no treatment"\n', "arms[1].name is missing"),
    ('regimen = "none"\n', "arms[1].regimen is missing"),
    ("missed_share = 0.1         # of the doses, in the middle person\n", "adherence.missed_share is missing"),
    ("with_food_share = 0.8      # of the doses that should be taken with food\n", "meals.with_food_share is missing"),
    ("per_year = 0.1             # hazard\n", "dropouts.per_year is missing"),
    ("limit = 200\n", "endpoints[4].limit is missing"),
    ('statistic = "first_above"\n', "endpoints[4].statistic is missing"),
    ('series = "triglycerides_mg_per_dl"\n', "endpoints[4].series is missing"),
    ("weights = { extra_hairs_shed = -1 }\n", "net_benefit.weights is missing"),
    ('covariate = "sex"\n', "subgroups[1].covariate is missing"),
    ('against = "no treatment"   # the arm that the others are compared with\n', "contrast.against is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message"), REQUIRED)
def test_every_key_that_is_missing(line: str, message: str) -> None:
    error = refused(EXAMPLE.replace(line, "", 1))
    assert message in error.message
    assert error.expected
    assert (error.where is None) == ("[" not in message and "." not in message)


TABLES = ["", "[population]", "[[arms]]", "[adherence]", "[meals]", "[dropouts]", "[[endpoints]]", "[net_benefit]",
          "[[subgroups]]", "[contrast]"]  # fmt: skip


@pytest.mark.parametrize("header", TABLES)
def test_every_table_refuses_an_unknown_key(header: str) -> None:
    at = EXAMPLE.index(header)
    end = EXAMPLE.index("\n", at) + 1
    text = EXAMPLE[:end] + "zzz = 1\n" + EXAMPLE[end:]
    error = refused(text)
    assert "zzz is not a key that belongs here" in error.message
    assert f"line {line_of(text, 'zzz')}:" in error.message
    assert error.where is not None
    assert (error.where.text, error.where.column, error.where.length) == ("zzz = 1", 0, 3)


@pytest.mark.parametrize(
    ("right", "wrong", "near"),
    [
        ("visits_every_weeks", "visit_every_weeks", "visits_every_weeks"),
        ("follow_up_weeks", "folow_up_weeks", "follow_up_weeks"),
        ("regimen = ", "regimem = ", "regimen"),
        ("break_days", "brake_days", "break_days"),
        ("per_year", "peryear", "per_year"),
        ("[[subgroups]]", "[[subgroup]]", "subgroups"),
        ("edges", "edge", "edges"),
    ],
)
def test_the_nearest_key(right: str, wrong: str, near: str) -> None:
    error = refused(EXAMPLE.replace(right, wrong))
    assert error.nearest[:1] == (near,)


def test_a_key_that_slid_into_a_table() -> None:
    error = refused(SMALL + "seed = 3\n")
    assert "arms[2].seed" in error.message
    assert "seed belongs before the first [table]" in str(error.expected)


IMPOSSIBLE = [
    # old, new, part of the message, what the caret stands under (None: not looked at), part of a nearest
    ("people = 2000 ", "people = 0 ", "people is 0", "0", ""),
    ("people = 2000 ", "people = 2.5 ", "people is 2.5", "2.5", ""),
    ("people = 2000 ", "people = 2000.0 ", "people is 2000.0", "2000.0", ""),
    ("seed = 1", "seed = -1", "seed is -1", "-1", ""),
    ("follow_up_weeks = 52 ", "follow_up_weeks = 313 ", "follow_up_weeks is 313", "313", ""),
    ('uncertainty = "each" ', 'uncertainty = "eech" ', 'uncertainty is "eech"', '"eech"', "each"),
    ('after_leaving = "last"', 'after_leaving = "left out"', "after_leaving", '"left out"', "left-out"),
    ('process = "clustered" ', 'process = "cluster" ', "process", '"cluster"', "clustered"),
    ('treatment = "isotretinoin"', 'treatment = "isotretinoine"', "unknown treatment", None, "isotretinoin"),
    ("seed = 1", 'seed = 1\nassume = ["anagen-efluvium"]', "unknown hypothesis", None, "anagen-effluvium"),
    ("seed = 1", "seed = 1\nreplicates = 7", "cannot be dealt into 7", "7", "1,995"),
    ("seed = 1", "seed = 1\nreplicates = 10", 'uncertainty is "each"', "10", ""),
    ("visits_every_weeks = 4 ", "visits_every_weeks = 60 ", "after the follow-up", "60", "52"),
    ("visits_every_weeks = 4 ", "visits = [4, 60] ", "outside the follow-up", "60", "52"),
    ("visits_every_weeks = 4 ", "visits = [0, 4] ", "outside the follow-up", "0", "1"),
    ("visits_every_weeks = 4 ", "visits = [8, 4] ", "does not follow", "4", "[4, 8]"),
    ("visits_every_weeks = 4 ", "visits = [4]\nvisits_every_weeks = 4 ", "said twice", "visits", ""),
    ("visits_every_weeks = 4 ", "visits = [] ", "no visits", None, ""),
    ('name = "adults"', "", "not said", "[population]", ""),
    ('name = "adults"', 'name = "adults"\nfile = "p.toml"', "said 2 times", "[population]", ""),
    ('name = "adults"', 'table = "people.xlsx"', "is not a table", '"people.xlsx"', ""),
    ('name = "adults"', 'table = "people.csv"', "there is no file", '"people.csv"', ""),
    ('name = "10 mg every other day"', 'name = "no treatment"', "two arms are called", '"no treatment"', ""),
    ('regimen = "none"', 'regimen = "none"\nproduct = "Roaccutane"', "without treatment", "product", ""),
    ('regimen = "none"', 'regimen = "none"\nrules = ["when cheilitis then stop"]', "without treatment", None, ""),
    ('regimen = "none"', 'regimen = "none"\nsupplements = ["zink"]', "unknown supplement", '"zink"', "zinc"),
    ('regimen = "none"', 'regimen = "none"\nsupplements = ["zinc", "zinc"]', "stands twice", '"zinc"', ""),
    ('[[arms]]\nname = "0.5', 'product = "Roacutane"\n[[arms]]\nname = "0.5', "unknown product", None, "Roaccutane"),
    ("[[arms]]\nname = \"0.5", "product = \"Isotrex\"\n[[arms]]\nname = \"0.5", "for the skin", None, ""),
    ("hold 4 weeks", "hold 53 weeks", "longer than the follow-up", None, "then stop"),
    ("ALT > 3 x ULN", "ALT > 3 x ULN and ALT < 20", "exclude each other", None, ""),
    ("ALT > 3 x ULN", "cheilitis or ALT > 3 x ULN and ALT <= 3 x ULN", "exclude each other", None, ""),
    ("ALT > 3 x ULN", "telogen > 100 %", "cannot be", None, ""),
    ("ALT > 3 x ULN", "ALT < 0", "cannot be", None, ""),
    ("ALT > 3 x ULN", "ALT rises by 20 % and ALT falls by 10 %", "exclude each other", None, ""),
    ("ALT > 3 x ULN", "ALT > 3 x ULN and week > 52", "no visit is at week > 52", None, ""),
    ("ALT > 3 x ULN", "ALT > 3 x ULN at 14 visits in a row", "14 visits in a row, and there are 13", None, "13 visits"),
    ("ALT > 3 x ULN", "week >= 48 and ALT > 3 x ULN at 3 visits in a row", "there are 2", None, "2 visits"),
    ("then stop", "then hold until ALT < 0", "would never end", None, ""),
    ("then stop", "then hold until ALTT < 40", "unknown signal", "ALTT", "then hold until ALT < 40"),
    ("when cheilitis and", "when chelitis and", "unknown signal or symptom", "chelitis", "when cheilitis and"),
    ("reduce to 10 mg", "reduce to 125 mg", "not below the smallest planned dose of 125 mg", None, "by half"),
    ("reduce to 10 mg", "resume at 125 mg", "not below the smallest planned dose", None, "then resume"),
    ("then stop", "then stop\", \"if alt > 3 times uln then stop", "the rule stands twice", None, ""),
    ("until 120 mg/kg", "until 0.4 mg/kg", "exceeded by the first dose", None, "until 1 mg/kg"),
    ("until 120 mg/kg", "until 141 mg/kg", "never reached: the arm plans at most 140 mg/kg", None, "until 140 mg/kg"),
    ("until 120 mg/kg", "until 36000 mg", "never reached", None, ""),
    ('"until 120 mg/kg"', '"until 120 mg/kg", "until 100 mg/kg"', "a second total", None, ""),
    ("missed_share = 0.1 ", "missed_share = 1 ", "missed_share is 1", "1", ""),
    ("break_days = 4 ", "break_days = 0.5 ", "break_days is 0.5", "0.5", ""),
    ("break_days = 4 ", "weekend_factor = 4 ", "does nothing", "weekend_factor", ""),
    ("cheilitis = 1.5", "chelitis = 1.5", "unknown symptom", "chelitis", "cheilitis"),
    ("cheilitis = 1.5", "cheilitis = -1", "factor_when", "-1", ""),
    ('outcome = "extra_hairs_shed"', 'outcome = "extra_hair_shed"', "unknown outcome", None, "extra_hairs_shed"),
    ('outcome = "extra_hairs_shed"', 'outcome = "extra_hairs_shed"\nunit = "x"', "beside outcome", "unit", ""),
    ('outcome = "extra_hairs_shed"', 'outcome = "shed_change_peak_percent"', "two endpoints are called", None, ""),
    ('name = "tg_200"', 'name = "tg 200"', "endpoints[4].name", '"tg 200"', ""),
    ('name = "tg_200"', 'name = "cheilitis"', "is an outcome of the treatment", '"cheilitis"', ""),
    ('series = "triglycerides_mg_per_dl"', 'series = "triglycerids"', "unknown series", '"triglycerids"', ""),
    ('series = "triglycerides_mg_per_dl"', 'series = "alt_u_per_1"', "unknown series", None, "alt_u_per_l"),
    ('"first_above"', '"first_abov"', "unknown statistic", '"first_abov"', "first_above"),
    ('"first_above"', '"highest"', "highest has no limit", "limit", ""),
    ("limit = 200", "limit = 200\nweek = 4", "has no week", "week", ""),
    ("limit = 200", 'limit = 200\nunit = "d"', "not in d", '"d"', "weeks"),
    ('statistic = "first_above"\nlimit = 200', 'statistic = "at_week"\nweek = 53', "after the follow-up", "53", "52"),
    ('statistic = "first_above"', 'statistic = "ever_above"\nunit = "%"', "without a unit", "unit", ""),
    ("extra_hairs_shed = -1", "extra_hair_shed = -1", "unknown endpoint", "extra_hair_shed", "extra_hairs_shed"),
    ("extra_hairs_shed = -1", "extra_hairs_shed = 0", "is 0", "0", ""),
    ("extra_hairs_shed = -1", "extra_hairs_shed = inf", "inf", "inf", ""),
    ("extra_hairs_shed = -1", "tg_200 = -1", "is a time", "-1", ""),
    ("{ extra_hairs_shed = -1 }", "{}", "weights", "{}", ""),
    ("edges = [60, 80]", "edges = [60, 60]", "not above 60", "60", "[60.0]"),
    ('covariate = "weight_kg"\nedges = [60, 80]', 'covariate = "sex"', "stand twice", None, ""),
    ('against = "no treatment"', 'against = "no treatmnt"', "unknown arm", '"no treatmnt"', "no treatment"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message", "marked", "near"), IMPOSSIBLE)
def test_impossible(old: str, new: str, message: str, marked: str | None, near: str) -> None:
    assert old in EXAMPLE
    text = EXAMPLE.replace(old, new, 1)
    error = refused(text)
    assert isinstance(error, InputError)
    assert message in error.message
    assert error.message.startswith("t.toml, line ")
    assert error.where is not None
    line = int(error.message.removeprefix("t.toml, line ").split(":")[0])
    assert error.where.text == text.splitlines()[line - 1]
    if marked is not None:
        assert error.where.text[error.where.column : error.where.column + error.where.length] == marked
    assert error.expected
    assert any(near in offered for offered in error.nearest) or not near


def test_resume_needs_something_to_resume() -> None:
    text = SMALL + 'rules = ["when cheilitis then reduce by half", "when ALT < 40 then resume"]\n'
    error = refused(text)
    assert "nothing to resume" in error.message
    assert error.where is not None
    assert error.where.text[error.where.column :].startswith('"when ALT < 40')
    parse_trial(text.replace("reduce by half", "hold 4 weeks"))


@pytest.mark.parametrize("quote", ['"', "'", '"""', "'''"])
def test_an_arm_whose_regimen_does_not_parse(quote: str) -> None:
    text = SMALL.replace('"20 mg once daily for 24 weeks"', f"{quote}20 mg once dialy for 24 weeks{quote}  # x")
    error = refused(text)
    assert isinstance(error, RegimenError)
    assert error.message == "t.toml, line 11: arms[2].regimen: not understood: dialy"
    assert error.where is not None
    assert error.where.text == text.splitlines()[10]
    assert error.where.text[error.where.column : error.where.column + error.where.length] == "dialy"
    assert error.nearest == ("20 mg once daily for 24 weeks",)


def test_a_regimen_with_escapes_is_marked_as_a_whole() -> None:
    error = refused(SMALL.replace("20 mg once daily", "20 mg\\u0020once dialy"))
    assert error.where is not None
    assert error.where.text[error.where.column :].startswith('"20 mg')


def test_a_total_before_the_last_course() -> None:
    text = SMALL.replace("daily for 24 weeks", "daily until 60 mg/kg then 10 mg once daily for 8 weeks")
    error = refused(text)
    assert "a course before the last runs until a total" in error.message
    assert error.where is not None
    at = error.where.column
    assert error.where.text[at : at + error.where.length] == "20 mg once daily until 60 mg/kg"
    assert error.nearest == ("20 mg once daily for 16 weeks, 10 mg once daily for 8 weeks",)


@pytest.mark.parametrize("header", [*TABLES[:4], "[dropouts]", "[[subgroups]]"])
@pytest.mark.parametrize("said", ["true", '"yes"', "1"])
def test_pregnant_stops(header: str, said: str) -> None:
    end = EXAMPLE.index("\n", EXAMPLE.index(header)) + 1
    with pytest.raises(PregnancyStop):
        parse_trial(EXAMPLE[:end] + f"pregnant = {said}\n" + EXAMPLE[end:])


def test_pregnant_is_no_key() -> None:
    assert "pregnant is not a key" in refused(SMALL.replace('title = "A"', 'title = "A"\npregnant = false')).message


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('title = "A', "not valid TOML", 1),
        ('title = "A"\ntitle = "B"', "not valid TOML", 2),
        ('title = "A"\n[arms', "not valid TOML", 2),
        ("", "title is missing", None),
        ("arms = []\n" + SMALL.split("[[arms]]")[0], "arms is []", 1),
        (SMALL.split("[[arms]]")[0] + '[arms]\nname = "x"\n', "arms is a table", 6),
        (SMALL + '[[arms]]\nname = "x"\nregimen = "none"\n' * 9, "arms is", None),
    ],
)
def test_not_a_trial_file(text: str, message: str, line: int | None) -> None:
    error = refused(text)
    assert message in error.message
    assert line is None or f"line {line}:" in error.message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "trial.toml").write_text(SMALL)
    with pytest.raises(InputError, match="cannot read") as caught:
        read_trial(tmp_path / "trail.toml")
    assert caught.value.nearest == ("trial.toml",)
    with pytest.raises(InputError, match="cannot read"):
        read_trial(tmp_path)
    (tmp_path / "latin.toml").write_bytes('title = "é"'.encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        read_trial(tmp_path / "latin.toml")


# --- the places of keys and values


keys = st.sampled_from(["a", "b-1", '"q x"', "'l.y'"])
scalars = st.sampled_from(
    [
        "1",
        "-1.5e3",
        "true",
        "1979-05-27T07:32:00Z",
        "07:32:00",
        '"a # b \\" c"',
        "'x]y'",
        '"""\nm"" "\\n"""',
        "'''l\n'l'''",
    ]
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda v: "[ " + ",\n  # c ] \n ".join(v) + "]"),
        st.dictionaries(keys, inner, max_size=2).map(
            lambda d: "{" + ", ".join(f"{k} = {v}" for k, v in d.items()) + "}"
        ),
    ),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = [f"{k} = {v} # comment [x]\n" for k, v in draw(st.dictionaries(keys, values, max_size=3)).items()]
    for i in range(draw(st.integers(0, 3))):
        header = draw(st.sampled_from([f"[t{i}.u]", "[[w]]", f"[ t{i} . 'v w' ]", f"[[ z{i} ]]  # x"]))
        lines.append(header + "\n")
        lines += [f"  {k}.d={v}\r\n" for k, v in draw(st.dictionaries(keys, values, max_size=2)).items()]
        if header == "[[w]]":
            lines.append("[w.inner]\nx = 1\n")
    return "".join(lines)


def leaves(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], object]]:
    if isinstance(value, dict) and path:
        return [(path, value)] + [leaf for k, v in value.items() for leaf in leaves(v, (*path, k))]
    if isinstance(value, dict):
        return [leaf for k, v in value.items() for leaf in leaves(v, (k,))]
    if isinstance(value, list):
        return [(path, value)] + [leaf for i, v in enumerate(value) for leaf in leaves(v, (*path, i))]
    return [(path, value)]


@settings(deadline=None)
@given(documents())
def test_every_value_is_found_where_it_stands(text: str) -> None:
    found = places(text)
    for path, value in leaves(tomllib.loads(text)):
        assert path in found.values or path in found.keys
        if path in found.values:
            start, end = found.values[path]
            assert tomllib.loads("x = " + text[start:end])["x"] == value


def test_every_statistic_of_a_chance_is_known() -> None:
    assert set(STATISTICS) >= PROBABILITIES


@pytest.mark.parametrize("treatment", treatment_names())
def test_the_words_of_every_treatment(treatment: str) -> None:
    words, outcomes = vocabulary(treatment), table(treatment, "outcomes.toml")
    assert [name for name in words.default_endpoints if name not in outcomes] == []
    assert [name for name in words.symptoms.values() if name not in outcomes] == []
    for name, entry in table(treatment, "trial.toml").get("signals", {}).items():
        for number, source in (("upper_limit", "upper_limit_source"), ("noise_sd_log", "noise_source")):
            assert (number in entry) == (source in entry), name


def test_the_schema_is_a_json_schema() -> None:
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(TrialTable.model_fields)
    undescribed = [key for key, field in schema["properties"].items() if "description" not in field]
    assert undescribed == []
