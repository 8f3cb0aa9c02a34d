"""The page of a trial says what the trial's JSON says, in the order and the words that were decided on."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.analysis.reading import passages, too_hard
from tests.analysis.test_page import FORBIDDEN, Reading
from tests.analysis.trial_results import NAMES, trial_result

from anagen.analysis.charts.events_curve import letter_places
from anagen.analysis.trial.cells import DENOMINATORS, count_in, denominator_of, percent_of, together
from anagen.analysis.trial_page import trial_page
from anagen.treatments.registry import treatment

DATE = datetime.date(2026, 1, 2)
MORE_FORBIDDEN = (r"winner", r"\bbest\b", r"\bworst\b", r"\bprefer\w*", r"outperform\w*", r"favou?r\w*", r"choose\b")
SAID_OF_RULES = r"stop\w*"
"""Simulated people are stopped by a rule: here the word tells what happened, and to nobody what to do."""

CASES: dict[str, Callable[[], dict[str, Any]]] = {
    "three arms": lambda: trial_result(3),
    "two arms, no more": lambda: trial_result(2, power=False, subgroups=False, times=False, series=False),
    "one arm": lambda: trial_result(1),
    "eight arms": lambda: trial_result(8, replicates=10),
    "one week of one person": lambda: trial_result(2, people=1, weeks=1),
    "huge numbers": lambda: trial_result(3, people=100_000_000, scale=1e18),
    "tiny numbers": lambda: trial_result(3, scale=1e-12),
    "nothing counted": lambda: emptied(trial_result(3)),
    "no endpoints": lambda: without_endpoints(trial_result(2)),
    "long names": lambda: renamed(trial_result(8)),
    "clinician": lambda: trial_result(3) | {"mode": "clinician"},
}


def emptied(result: dict[str, Any]) -> dict[str, Any]:
    """Every number that may be missing is."""
    for arm in result["arms"]:
        for entry in arm["endpoints"].values():
            for key in ("mean", "sd", "ci", "p05", "p50", "p95", "share", "share_by_end", "median"):
                if key in entry:
                    entry[key] = None
            entry["n"] = 0
            if "curve" in entry:
                entry["curve"] = {"week": [0, 1], "share": []}
        for series in arm["series"].values():
            for key in ("p05", "p50", "p95"):
                series[key] = [None] * len(series["day"])
        arm["flow"] |= dict.fromkeys(("started", "held", "reduced", "stopped", "left", "finished"), 0)
        arm["flow"]["on_treatment"] = {"week": [0, 1], "share": []}
        arm["doses"] = {"taken_share": None, "mg_per_kg": {"p05": None, "p50": None, "p95": None}}
    for contrast in (*result["contrasts"], *result["subgroups"]):
        contrast |= {"n": 0, "difference": None, "ci": None}
    return result


def without_endpoints(result: dict[str, Any]) -> dict[str, Any]:
    for arm in result["arms"]:
        arm["endpoints"] = {}
    return result | {"contrasts": [], "subgroups": [], "power": None}


def renamed(result: dict[str, Any]) -> dict[str, Any]:
    """Names of 200 letters with what HTML must not take for its own."""
    longer = {name: f"<b>{name}</b> & " + "very " * 36 + name for name in NAMES}
    for arm in result["arms"]:
        arm["name"] = longer[arm["name"]]
    for row in (*result["contrasts"], *result["subgroups"], *(result["power"] or ())):
        row["arm"], row["against"] = longer[row["arm"]], longer[row["against"]]
    return result


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    return trial_result(3, replicates=5)


@pytest.fixture(scope="module")
def page(result: dict[str, Any]) -> str:
    return trial_page(result, date=DATE)


@pytest.fixture(scope="module")
def reading(page: str) -> Reading:
    return Reading(page)


@pytest.mark.parametrize("case", CASES)
def test_every_trial_has_a_whole_page(case: str) -> None:
    result = CASES[case]()
    page = trial_page(result, date=DATE)
    reading = Reading(page)
    assert not reading.open, "every element is closed"
    assert not re.search(r"\b(nan|inf|None|undefined)\b", reading.words(without=("fixed", "sources", "provenance")))
    assert len(page.encode()) < 1_500_000
    assert not re.search(r"<(script|link|iframe|object|embed|img)\b|@import|url\(", page)
    mark = treatment().safety["pregnancy"]["title"]
    cards = reading.find("div", class_="regimen")
    assert len(cards) == len(result["arms"])
    for card, arm in zip(cards, result["arms"], strict=True):
        assert mark in reading.text(card)
        assert arm["name"] in reading.text(card)
    names = [attributes["id"] for _, attributes, _, _ in reading.elements if "id" in attributes]
    assert len(names) == len(set(names))
    levels = [int(tag[1]) for tag, *_ in reading.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    if case != "long names":  # which are not our words
        assert not (report := too_hard(passages(page))), report


@pytest.mark.parametrize("case", ["three arms", "one arm", "eight arms"])
@pytest.mark.parametrize("pattern", [*(p for p in FORBIDDEN if p != SAID_OF_RULES), *MORE_FORBIDDEN])
def test_reader_mode_never_says(case: str, pattern: str) -> None:
    words = Reading(trial_page(CASES[case](), date=DATE)).words(without=("fixed", "sources", "assumed"))
    found = re.search(rf".*{pattern}.*", words, re.IGNORECASE)
    assert found is None, found[0]


def test_the_boxes_stand_first_then_the_purpose_then_the_title(reading: Reading) -> None:
    safety = treatment().safety
    texts = [safety[name]["text"] for name in ("pregnancy", "emergency", "purpose")]
    box = reading.find("aside", class_="stop")[0]
    purpose = next(i for i in reading.find("p", class_="purpose") if texts[2] in reading.text(i))
    assert texts[0] in reading.text(box)
    assert texts[1] in reading.text(reading.find("aside", class_="warn")[0])
    assert not any(reading.elements[parent][0] == "details" for parent in reading.elements[box][3])
    first = next(i for i, (tag, *_) in enumerate(reading.elements) if tag == "p")
    assert box in reading.elements[first][3]
    assert box < purpose < reading.find("h1")[0]


@pytest.mark.parametrize("safety", [[], [{"id": "purpose", "level": "note", "title": "", "text": "x"}]])
def test_no_result_can_drop_the_pregnancy_box(result: dict[str, Any], safety: list[dict[str, str]]) -> None:
    reading = Reading(trial_page(result | {"safety": safety}, date=DATE))
    assert treatment().safety["pregnancy"]["text"] in reading.text(reading.find("aside", class_="stop")[0])


def test_the_sections_stand_in_order(reading: Reading) -> None:
    sections = [reading.elements[i][1]["id"] for i in reading.find("section")]
    order = ["arms", "facts", "differences", "flow", "weeks", "times", "rules", "subgroups", "power", "replicates"]
    assert sections == [*order, "population", "methods", "sources"]


def test_what_is_not_there_has_no_section() -> None:
    reading = Reading(trial_page(CASES["two arms, no more"](), date=DATE))
    sections = {reading.elements[i][1]["id"] for i in reading.find("section")}
    assert sections & {"weeks", "times", "subgroups", "power", "replicates"} == set()


def test_every_column_of_an_arm_carries_the_mark(reading: Reading) -> None:
    mark = treatment().safety["pregnancy"]["title"]
    heads = [reading.text(i) for i in reading.find("th") if reading.elements[i][1].get("scope") == "col"]
    of_arms = [head for head in heads if re.match(r"[A-H]:? (no treatment|10 mg|0\.5 mg)", head)]
    assert len(of_arms) > 20
    assert all(mark in head for head in of_arms)
    rules = reading.find("section", id_="rules")[0]
    assert mark in reading.text(rules)


def test_the_facts_are_those_of_the_json(reading: Reading, result: dict[str, Any]) -> None:
    table = reading.find("table", class_="facts")[0]
    rows = {
        reading.elements[i][1]["data-endpoint"]: [reading.text(j) for j in reading.find("td", within=i)]
        for i in reading.find("tr", within=table)
        if "data-endpoint" in reading.elements[i][1]
    }
    assert list(rows) == list(result["arms"][0]["endpoints"])
    for name, cells in rows.items():
        denominators = set()
        for cell, arm in zip(cells, result["arms"], strict=True):
            entry = arm["endpoints"][name]
            low, high = (float(x.replace("−", "-").replace(",", "")) for x in re.findall(LOW_HIGH, cell)[0])
            if entry["kind"] == "number":
                assert low == pytest.approx(entry["ci"][0], abs=(high - low) / 4 + 0.01)
                assert high == pytest.approx(entry["ci"][1], abs=(high - low) / 4 + 0.01)
                continue
            share = entry["share"] if entry["kind"] == "share" else entry["share_by_end"]
            assert low / 100 == pytest.approx(entry["ci"][0], abs=0.006)
            count, of = re.match(r"(?:fewer than )?([\d,]+) of ([\d,]+)", cell).groups()
            denominators.add(of)
            assert int(count) == pytest.approx(share * int(of.replace(",", "")), abs=1)
        assert len(denominators) <= 1


LOW_HIGH = r"95\s% interval: (−?[\d.,]+) to (−?[\d.,]+)"


def test_every_figure_has_a_result_a_description_and_a_table(reading: Reading) -> None:
    figures = reading.find("figure")
    assert len(figures) == 6 + 2 + 5 + 1
    titles = set()
    for place in figures:
        heading = reading.find("h3", within=place)
        svg = reading.find("svg", within=place)
        assert (len(heading), len(svg)) == (1, 1)
        assert re.search(r"\d", reading.text(heading[0])), reading.text(heading[0])
        attributes = reading.elements[svg[0]][1]
        assert attributes["role"] == "img"
        named = {
            reading.elements[i][1].get("id") for tag in ("title", "desc") for i in reading.find(tag, within=svg[0])
        }
        assert {attributes["aria-labelledby"], attributes["aria-describedby"]} <= named
        assert len(reading.find("tr", within=reading.find("details", within=place)[0])) > 1
        titles.add(reading.text(heading[0]))
    assert len(titles) == len(figures)


def test_a_difference_is_said_of_100_people(reading: Reading, result: dict[str, Any]) -> None:
    figure = next(
        i for i in reading.find("figure") if reading.elements[i][1]["id"] == "difference-sebum_change_percent"
    )
    title = reading.text(reading.find("h3", within=figure)[0])
    found = [c for c in result["contrasts"] if c["endpoint"] == "sebum_change_percent"]
    for letter, contrast in zip("BC", found, strict=True):
        assert re.search(rf"in {100 * contrast['lower_in']:.0f}( of 100 people)? with {letter}", title)
    assert "against A, lower" in title
    rows = [reading.cells(i) for i in reading.find("tr", within=figure)[1:]]
    assert [row[0] for row in rows] == ["B against A", "C against A"]
    for row, contrast in zip(rows, found, strict=True):
        assert float(row[1].replace("−", "-")) == pytest.approx(contrast["difference"], abs=0.5)


def test_flow_and_rules_hold_the_counts(reading: Reading, result: dict[str, Any]) -> None:
    figure = reading.find("figure", id_="flow-steps")[0]
    rows = [reading.cells(i) for i in reading.find("tr", within=figure)[1:]]
    for row, step in zip(rows, ("started", "held", "reduced", "stopped", "left", "finished"), strict=True):
        counts = [int(cell.split(" ")[0].replace(",", "")) for cell in row[1:]]
        assert counts == [arm["flow"][step] for arm in result["arms"]]
    rules = [reading.cells(i) for i in reading.find("tr", within=reading.find("section", id_="rules")[0])[1:]]
    fired = [rule for arm in result["arms"] for rule in arm["rules_fired"]]
    assert [int(row[2].replace(",", "")) for row in rules] == [rule["times"] for rule in fired]


def test_power_and_replicates_are_tables(reading: Reading, result: dict[str, Any]) -> None:
    power = [reading.cells(i) for i in reading.find("tr", within=reading.find("section", id_="power")[0])]
    assert power[0][3:6] == ["50 in each arm", "100 in each arm", "200 in each arm"]
    assert len(power) - 1 == len(result["power"]) / 3
    assert {row[-1] for row in power[1:]} == {"130", "more than 10 million"}
    replicates = reading.find("section", id_="replicates")[0]
    assert len(reading.find("tr", within=replicates)) - 1 == len(result["arms"][0]["endpoints"])


def test_rows_without_room_are_counted(result: dict[str, Any]) -> None:
    many = [row | {"level": f"{row['level']} {i}"} for i in range(40) for row in result["subgroups"]]
    words = Reading(trial_page(result | {"subgroups": many}, date=DATE)).words()
    shown, left_out = 3 * 120, (len(result["arms"][0]["endpoints"]) - 3) * 120
    assert f"{left_out} more rows are in the file trial.json" in words
    assert shown < 400 < shown + 120


def test_links_arrive_and_sources_are_listed(reading: Reading) -> None:
    names = {attributes["id"] for _, attributes, _, _ in reading.elements if "id" in attributes}
    links = [attributes["href"] for _, attributes, _, _ in reading.elements if "href" in attributes]
    inner = [link[1:] for link in links if link.startswith("#")]
    assert "source-king-1982" in inner
    assert set(inner) <= names


def test_what_was_assumed_stands_in_a_banner(result: dict[str, Any]) -> None:
    notice = {"id": "assumed-peak-toxicity", "level": "warn", "title": "", "text": "ASSUMED, not shown: peaks."}
    reading = Reading(
        trial_page(result | {"safety": [*result["safety"], notice], "assumed": ["peak-toxicity"]}, date=DATE)
    )
    assert "ASSUMED" in reading.text(reading.find("aside", class_="assumed")[0])
    assert "peak-toxicity" in reading.text(reading.find("footer")[0])


def test_the_page_depends_on_the_json_alone(result: dict[str, Any], page: str) -> None:
    import json

    assert trial_page(json.loads(json.dumps(result)), date=DATE) == page
    assert "2 January 2026" in page


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=4), st.floats(1e-6, 1e12))
def test_rounded_values_are_as_near_as_their_span_asks(values: list[float], span: float) -> None:
    assume(span > 1e-9 * max(map(abs, values)))
    for value, text in zip(values, together(values, span, 2, scale=0), strict=True):
        said = float(text.replace("−", "-").replace(",", ""))
        assert abs(said - value) <= 1.001 * span / 4
        assert not text.startswith("-")


@given(st.floats(0, 1), st.sampled_from(DENOMINATORS))
def test_a_frequency_is_never_a_false_none_or_all(share: float, of: int) -> None:
    said = count_in(share, of)
    assert (said == f"0 of {of:,}") == (share == 0)
    assert (said == f"{of:,} of {of:,}") == (share == 1)
    assert percent_of(share, of).startswith("0\u202f%" if of == 100 and share == 0 else ("", "0", "under")[0])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.integers(1, 10**8))
def test_one_denominator_shows_the_smallest_share_if_there_were_people_enough(shares: list[float], people: int) -> None:
    of = denominator_of(shares, people)
    assert of in DENOMINATORS
    assert of == 100 or of <= people
    smallest = min((share for share in shares if share), default=1.0)
    if smallest * min(people, DENOMINATORS[-1]) >= 10:
        assert round(smallest * of) >= 1


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_letters_stand_inside_and_apart(values: list[float]) -> None:
    places = letter_places(values, [0, 100], 130)
    assert all(-1e-9 <= place <= 100 + 1e-9 for place in places)
    for low, high in pairwise(sorted(places)):
        assert high - low > 4
