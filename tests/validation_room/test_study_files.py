"""Study files: what a good one means; and every field that is wrong, missing, unknown or impossible."""

from __future__ import annotations

import datetime
import math
import re
import tomllib
from pathlib import Path

import pytest

from anagen.errors import InputError, PregnancyStop, RegimenError
from anagen.evidence.bibliography import load_sources
from anagen.validation.example import EXAMPLE
from anagen.validation.quantities import EXPOSURE, HAIR, TIMING
from anagen.validation.schema import RowTable, StudyTable
from anagen.validation.study import SHIPPED, parse_study, read_studies, read_study

DOCS = Path(__file__).parents[2] / "docs" / "validation.md"
GOOD = """
study = "made-up"
title = "A"
treatment = "isotretinoin"
design = "parallel"
checked = 2026-11-25
[[arms]]
name = "daily"
n = 20
regimen = "20 mg once daily with food for 12 weeks"
[arms.people]
weight_kg = 70
[[arms]]
name = "once"
n = 10
regimen = "40 mg once fasted"
[[arms]]
name = "none"
n = 30
regimen = "none"
[[rows]]
id = "a"
kind = "laboratory"
quantity = "ALT"
arm = "daily"
observed = 20.0
unit = "U/L"
at_week = 8
source = ["made-up"]
"""
EXPOSED = GOOD.replace(
    'kind = "laboratory"\nquantity = "ALT"\narm = "daily"\nobserved = 20.0\nunit = "U/L"\nat_week = 8',
    'kind = "exposure"\nquantity = "cmax"\narm = "once"\nobserved = 200.0\nunit = "ng/mL"',
)
SHARED = GOOD.replace('kind = "laboratory"', 'kind = "share"').replace(
    'unit = "U/L"', 'unit = "%"\nlimit = 60\nlimit_unit = "U/L"'
)


def swap(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def test_the_small_file_is_good() -> None:
    for text in (GOOD, EXPOSED, SHARED):
        assert parse_study(text).rows[0].id == "a"


def test_what_a_file_means() -> None:
    study = parse_study(GOOD)
    assert (study.name, study.design, study.checked) == ("made-up", "parallel", datetime.date(2026, 11, 25))
    daily, once, none = study.arms
    assert daily.regimen is not None
    assert daily.course_days == 84
    assert once.single_dose
    assert none.regimen is None
    row = study.rows[0]
    assert (row.first.arm, row.first.n, row.first.day, row.quantity.signal) == (daily, 20, 56.0, "alt_u_per_l")
    assert (row.measured.form, row.measured.factor, row.second, row.se) == ("level", 1.0, None, None)


def test_what_is_not_said_is_told() -> None:
    daily, once, _ = parse_study(GOOD).arms
    assert [text.split(":")[0] for text in daily.assumed] == [
        "sex not stated",
        "every dose taken, at the times of the regimen",
    ]
    assert "weight not stated: 70 kg" in once.assumed
    assert not any("meal" in text for text in once.assumed)
    unsaid = parse_study(swap(GOOD, ("with food ", ""))).arms[0]
    assert "meal not stated: a standard meal with every dose" in unsaid.assumed


def test_spread_becomes_a_standard_error() -> None:
    def se(spread: str) -> float | None:
        return parse_study(swap(GOOD, ("observed = 20.0", f"observed = 20.0\n{spread}"))).rows[0].se

    assert se("se = 1.5") == 1.5
    assert se("sd = 6.0") == pytest.approx(6 / math.sqrt(20))
    assert se("ci = [18.0, 22.0]") == pytest.approx(4 / (2 * 1.96), rel=1e-4)
    assert se("n = 16\nsd = 6.0") == pytest.approx(1.5)


def test_a_list_becomes_a_row_for_each() -> None:
    rows = parse_study(
        swap(GOOD, ("observed = 20.0", "observed = [20.0, 21.0]"), ("at_week = 8", "at_week = [4, 8]"))
    ).rows
    assert [(row.id, row.observed, row.first.day) for row in rows] == [
        ("a/day 28", 20.0, 28.0),
        ("a/day 56", 21.0, 56.0),
    ]
    many = parse_study(swap(GOOD, ('arm = "daily"', 'arms = ["daily", "none"]'), ("= 20.0", "= [20.0, 21.0]"))).rows
    assert [(row.id, row.first.arm.name, row.first.n) for row in many] == [
        ("a/daily", "daily", 20),
        ("a/none", "none", 30),
    ]


def test_pregnancy_stops() -> None:
    with pytest.raises(PregnancyStop):
        parse_study(swap(GOOD, ("weight_kg = 70", "weight_kg = 70\npregnant = true")))


LAB, COURSE = 'kind = "laboratory"\nquantity = "ALT"', '"20 mg once daily with food for 12 weeks"'
AREA = swap(EXPOSED, ('"ng/mL"', '"ng*h/mL"'))
MANY = swap(EXPOSED, ('arm = "once"', 'arm = "daily"'))
MANY_AREA = swap(MANY, ('"ng/mL"', '"ng*h/mL"'))
LEVEL = swap(EXPOSED, ('kind = "exposure"\nquantity = "cmax"', 'kind = "concentration"'))
SEBUM, SCORE = (swap(GOOD, (LAB, f'kind = "{kind}"')) for kind in ("sebum", "score"))
LIPS = swap(GOOD, (LAB, 'kind = "complaint"\nquantity = "cheilitis"\ntimes_usual = 2'))
ONSET = swap(GOOD, (LAB, 'kind = "timing"\nquantity = "onset"'))
UNTREATED = swap(ONSET, ('arm = "daily"', 'arm = "none"'), ("at_week = 8", ""))
BAD = [
    # (file, change, what is said, at which line's text, expected, nearest)
    (GOOD, ('study = "made-up"', ""), "study is missing", None, "the key of its source", None),
    (GOOD, ('treatment = "isotretinoin"', ""), "treatment is missing", None, "the name of a treatment", None),
    (GOOD, ('design = "parallel"', ""), "design is missing", None, "crossover, parallel", None),
    (GOOD, ("checked = 2026-11-25", ""), "checked is missing", None, "2026-11-25", None),
    (GOOD, ("checked = 2026-11-25", 'checked = "soon"'), 'checked is "soon"', "checked", "the day on which", None),
    (GOOD, ('design = "parallel"', 'design = "paralel"'), 'design is "paralel"', "design", "crossover", "parallel"),
    (GOOD, ('"isotretinoin"', '"isotretinion"'), "unknown treatment", "isotretinion", "isotretinoin", "isotretinoin"),
    (GOOD, ('title = "A"', 'titel = "A"'), "titel is not a key", "titel", "title", "title"),
    (GOOD, ('name = "daily"', ""), "arms[1].name is missing", "[[arms]]", "a name", None),
    (GOOD, ("n = 20\n", ""), "arms[1].n is missing", "[[arms]]", "the number of people", None),
    (GOOD, ("n = 20\n", "n = 0\n"), "arms[1].n is 0", "n = 0", "a whole number from 1", None),
    (GOOD, ("n = 20\n", "n = 2.5\n"), "arms[1].n is 2.5", "n = 2.5", "a whole number from 1", None),
    (GOOD, ('regimen = "none"\n', ""), "arms[3].regimen is missing", "[[arms]]", "a regimen", None),
    (GOOD, ("20 mg once daily with", "20 g once daily with"), "arms[1].regimen", "20 g once", None, None),
    (GOOD, ("20 mg once daily with", "900 mg once daily with"), "12.9 mg/kg", "900 mg", None, None),
    (GOOD, ('name = "once"', 'name = "daily"'), "already", "daily", "a name of its own", None),
    (GOOD, ("weight_kg = 70", "weight_kg = 20"), "weight_kg is 20", "weight_kg", "from 30 to 250", None),
    (GOOD, ("weight_kg = 70", "age = 15"), "age is 15", "age", "adults only", None),
    (GOOD, ("weight_kg = 70", 'sex = "woman"'), 'sex is "woman"', "sex", "female, male or mixed", None),
    (GOOD, ("weight_kg = 70", 'dermatitis = "bad"'), 'dermatitis is "bad"', "dermatitis", "mild", None),
    (GOOD, ("weight_kg = 70", 'events = [{ kind = "flu" }]'), 'kind is "flu"', "flu", "fever", None),
    (GOOD, (COURSE, COURSE + '\nsupplements = ["zync"]'), "unknown supplement", "zync", "zinc", "zinc"),
    (GOOD, ('id = "a"', 'id = "a b"'), "rows[1].id", "a b", "letters", None),
    (GOOD, ('kind = "laboratory"', 'kind = "lab"'), 'kind is "lab"', "lab", "laboratory", None),
    (GOOD, ('kind = "laboratory"\n', ""), "rows[1].kind is missing", "[[rows]]", "exposure", None),
    (GOOD, ("observed = 20.0\n", ""), "rows[1].observed is missing", "[[rows]]", "a number", None),
    (GOOD, ('unit = "U/L"\n', ""), "rows[1].unit is missing", "[[rows]]", "a unit", None),
    (GOOD, ('source = ["made-up"]\n', ""), "rows[1].source is missing", "[[rows]]", "source keys", None),
    (GOOD, ('source = ["made-up"]', "source = []"), "source is []", "source", "source keys", None),
    (GOOD, ('quantity = "ALT"\n', ""), "needs the key quantity", "laboratory", "alt", None),
    (GOOD, ('"ALT"', '"triglycerids"'), "unknown quantity", "triglycerids", "triglycerides", "triglycerides"),
    (GOOD, ('unit = "U/L"', 'unit = "ng/mL"'), "does not fit a value in U/L", "ng/mL", "U/L", None),
    (GOOD, ('"ALT"', '"triglycerides"'), "does not fit", "U/L", "mg/dL", None),
    (swap(GOOD, ('"ALT"', '"triglycerides"')), ('"U/L"', '"mmol/L"'), "counts moles", "mmol/L", "molar_mass", "mg/dL"),
    (GOOD, ('"ALT"', '"zinc"'), "relative to its start only", "U/L", "% of baseline", None),
    (GOOD, ('unit = "U/L"', 'unit = "%"\nmeasure = "level"'), "no unit of a level", '"%"', "U/L", None),
    (GOOD, ('unit = "U/L"', 'unit = "U/L"\nmeasure = "percent change"'), "percent change", "U/L", "%", "%"),
    (GOOD, ("observed = 20.0", "observed = -20.0"), "-20 U/L cannot be", "observed", "from 0", None),
    (GOOD, ("observed = 20.0", 'observed = "20"'), 'observed is "20"', "observed", "a number", None),
    (GOOD, ('arm = "daily"\n', ""), "the arm is not said", "id", "one of arm and arms", None),
    (GOOD, ('arm = "daily"', 'arm = "dayly"'), "unknown arm", "dayly", "daily", "daily"),
    (GOOD, ('arm = "daily"', 'arm = "daily"\narms = ["daily"]'), "said twice", "arm", "one of arm and arms", None),
    (GOOD, ('arm = "daily"', 'arms = ["daily", "none"]'), "1 numbers for 2", "observed", "a list of 2", None),
    (GOOD, ("observed = 20.0", "n = 21\nobserved = 20.0"), "21 people, of an arm of 20", "n = 21", "at most 20", "20"),
    (GOOD, ("at_week = 8\n", ""), "needs a time", "laboratory", "at_week", None),
    (GOOD, ("at_week = 8", "at_week = 400"), "at_week is 400", "at_week", "312", None),
    (GOOD, ("at_week = 8", "at_week = 8\nat_day = 56"), "said in at_week too", "at_day", "one of", None),
    (GOOD, ("at_week = 8", "at_week = [8, 4]"), "does not rise", "4", "rise", None),
    (GOOD, ("at_week = 8", "at_week = 0"), "nothing has changed yet", "at_week", "after 0", None),
    (GOOD, ("at_week = 8", "at_week = 8\nse = 1\nsd = 2"), "said in se too", "sd", "one of se, sd and ci", None),
    (GOOD, ("at_week = 8", "at_week = 8\nse = -1"), "below 0", "se", "0 or more", None),
    (GOOD, ("at_week = 8", "at_week = 8\nci = [21, 30]"), "does not hold 20", "ci", "around observed", None),
    (GOOD, ("at_week = 8", 'at_week = 8\nknown_failure = ""'), "without a reason", "known_failure", "sentence", None),
    (GOOD, ("at_week = 8", "at_week = 8\nknown_failure = true"), "known_failure is true", "known", "the reason", None),
    (GOOD, ("at_week = 8", "at_week = 8\nlimit = 60"), "does not belong", "limit", "share", None),
    (GOOD, ("at_week = 8", 'at_week = 8\nside = "below"'), "does not belong", "side", "share", None),
    (GOOD, ("at_week = 8", 'at_week = 8\ncompare = "ratio"'), "without the key against", "compare", "both keys", None),
    (
        GOOD,
        ('unit = "U/L"', 'unit = "U/L"\ncompare = "ratio"\nagainst = { arm = "none" }'),
        "no unit of a ratio",
        "U/L",
        "ratio",
        "ratio",
    ),
    (
        GOOD,
        ('unit = "U/L"', 'unit = "ratio"\ncompare = "ratio"\nagainst = { arm = "daily" }'),
        "compared with itself",
        "against",
        "another arm",
        None,
    ),
    (
        GOOD,
        ('unit = "U/L"', 'unit = "ratio"\ncompare = "ratio"\nagainst = { arm = "nobody" }'),
        "unknown arm",
        "nobody",
        "none",
        None,
    ),
    (SEBUM, ('"U/L"', '"%"'), "needs the key instrument", "sebum", "sebumeter", None),
    (SEBUM, ('"U/L"', '"%"\ninstrument = "nose"'), "unknown instrument", "nose", "direct", None),
    (SCORE, ('"U/L"', '"%"'), "has no dermatitis", "score", "moderate", None),
    (EXPOSED, ('arm = "once"', 'arm = "none"'), "takes nothing", "none", "an arm with a regimen", None),
    (EXPOSED, ('"cmax"', '"cmix"'), "unknown quantity", "cmix", "cmin", "cmin"),
    (EXPOSED, ('"cmax"', '"cmin"'), "takes one dose", "cmin", "concentration", None),
    (EXPOSED, ('"cmax"', '"auc_inf"'), "no area", "ng/mL", "ng*h/mL", None),
    (EXPOSED, ('"cmax"', '"tmax"'), "is no time", "ng/mL", "h, min", None),
    (AREA, ('"cmax"', '"auc_0_t"'), "needs the key auc_hours", "auc_0_t", "auc_hours", None),
    (MANY_AREA, ('"cmax"', '"auc_inf"'), "more than one dose", "auc_inf", "auc_tau", None),
    (MANY, ("observed", "at_day = 90\nobserved"), "not inside the course", "at_day", "84", None),
    (EXPOSED, ("observed", 'analyte = "oxo"\nobserved'), "unknown analyte", "oxo", "metabolite", None),
    (EXPOSED, ("observed", "at_hours = 4\nobserved"), "does not belong", "at_hours", "concentration", None),
    (LEVEL, ("200.0", "20.0"), "needs a time", "concentration", "at_hours", None),
    (SHARED, ("limit = 60\n", ""), "limit is not said", "share", "limit_uln", None),
    (SHARED, ('limit_unit = "U/L"\n', ""), "without the key limit_unit", "limit", "U/L", None),
    (SHARED, ('limit_unit = "U/L"', 'limit_unit = "mg/dL"'), "does not fit", "mg/dL", "U/L", None),
    (SHARED, ("limit = 60", "limit_uln = 1\nlimit = 60"), "said", "limit", "one of limit and limit_uln", None),
    (SHARED, ("observed = 20.0", "observed = 120.0"), "120 % cannot be", "observed", "from 0 to 100", None),
    (SHARED, ('unit = "%"', 'unit = "U/L"'), "no share of people", '"U/L"', "%, fraction, people", None),
    (SHARED, ("at_week = 8", "visits = [8, 4]"), "[8", "visits", "rise", None),
    (SHARED, ("at_week = 8", "at_week = 8\nsd = 2"), "no SD", "sd", "se or ci", None),
    (LIPS, ('"U/L"', '"%"'), "does not belong to cheilitis", "times_usual", "hair loss", None),
    (ONSET, ('"U/L"', '"d"'), "what is observed", "at_week", "no time", None),
    (UNTREATED, ('"U/L"', '"d"'), "nothing happens", "none", "an event", None),
    (GOOD, ('title = "A"', 'title = "A'), "not valid TOML", None, "key = value", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "change", "said", "place", "expected", "near"),
    BAD,
    ids=[f"{i}-{case[2][:30]}" for i, case in enumerate(BAD)],
)
def test_a_bad_file_is_told(
    text: str, change: tuple[str, str], said: str, place: str | None, expected: str | None, near: str | None
) -> None:
    with pytest.raises((InputError, RegimenError)) as told:
        parse_study(swap(text, change), "study.toml")
    error = told.value
    assert "study.toml" in error.message
    assert said in error.message
    if place is not None:
        assert re.search(r"line \d+", error.message)
        assert error.where is not None
        assert place in error.where.text
    if expected is not None:
        assert error.expected is not None
        assert expected in error.expected
    if near is not None:
        assert near in error.nearest


def test_two_rows_of_one_name() -> None:
    row = GOOD[GOOD.index("[[rows]]") :]
    with pytest.raises(InputError, match="there is a row 'a' already"):
        parse_study(GOOD + row)


@pytest.mark.parametrize(
    ("folder", "said"),
    [("missing", "there is no folder"), ("empty", "no study file"), ("twice", "stands in"), ("bytes", "UTF-8")],
)
def test_a_bad_folder_is_told(tmp_path: Path, folder: str, said: str) -> None:
    place = tmp_path / folder
    if folder != "missing":
        place.mkdir()
    if folder == "twice":
        for name in ("a.toml", "b.toml"):
            (place / name).write_text(GOOD, "utf-8")
    if folder == "bytes":
        (place / "a.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=said):
        read_studies(place)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(GOOD, "utf-8")
    with pytest.raises(InputError) as told:
        read_study(tmp_path / "studdy.toml")
    assert told.value.nearest == ("study.toml",)


def test_sources_are_looked_up_in_shipped_files_only(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(GOOD, "utf-8")
    assert read_study(file).name == "made-up"
    with pytest.raises(InputError, match="unknown source: 'made-up'"):
        read_study(file, "shipped")


def test_shipped_studies_can_be_read() -> None:
    studies = read_studies()
    assert {study.file for study in studies} == {file.name for file in SHIPPED.glob("*.toml")}
    assert all(set(row.table.source) <= set(load_sources()) for study in studies for row in study.rows)


CALIBRATION = {
    *("us-label-2024", "colburn-1983", "webster-2013", "farrell-1980", "leyden-1982", "hughes-1994", "geissler-2003"),
    *(
        "klin-derm-ven-2023",
        "zech-1983",
        "zane-2006",
        "lipid-dose-rct-2021",
        "lipids-20-mg",
        "barbieri-2020",
        "kim-2020",
    ),
    *(
        "transaminase-review-2025",
        "ck-154",
        "ck-442",
        "ck-baseline-44",
        "schulpis-2001",
        "schulpis-1999",
        "akturk-2013",
    ),
    *("rademaker-2010", "lytvyn-2022", "low-back-pain-2023"),
}
"""Sources of the rows that the parameters are fitted to (evidence files, "calibration set")."""


def test_no_calibration_row_is_shipped() -> None:
    assert set(load_sources()) >= CALIBRATION
    assert not CALIBRATION & {study.name for study in read_studies()}


def test_the_known_failures_are_there() -> None:
    """Fasted 20 and 40 mg, 8 mg/kg/d, the duration after COVID, the density study, and 4-oxo of one study."""
    failures = {study.name for study in read_studies() for row in study.rows if row.table.known_failure}
    assert failures == {
        *("colombia-bioequivalence", "india-bioequivalence", "kerr-1982", "covid-te-30", "kmiec-2013", "amory-2017")
    }


def test_the_docs_show_the_example() -> None:
    text = DOCS.read_text("utf-8")
    block = text.split("```toml\n", 1)[1].split("```", 1)[0]
    assert tomllib.loads(block) == tomllib.loads(EXAMPLE)
    assert block == EXAMPLE


def test_the_docs_name_every_key_and_quantity() -> None:
    text = DOCS.read_text("utf-8")
    schema = StudyTable.model_json_schema()
    keys = set(schema["properties"]) | {key for part in schema["$defs"].values() for key in part["properties"]}
    words = [*keys, *EXPOSURE, *HAIR, *TIMING]
    assert [word for word in sorted(words) if f"`{word}`" not in text] == []


def test_the_example_has_every_kind() -> None:
    kinds = {row.kind for row in parse_study(EXAMPLE).rows}
    assert kinds == set(RowTable.model_json_schema()["properties"]["kind"]["enum"])
