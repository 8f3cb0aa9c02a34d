"""The page of a validation says what the validation's JSON says: coverage, every row, known failures, pictures."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.model_results import validation_result
from tests.analysis.reading import passages, too_hard
from tests.analysis.test_page import FORBIDDEN, Reading

from anagen.analysis.charts.predicted_observed import Standing, course_chart, one_chart, standings_chart
from anagen.analysis.model_card.coverage import coverage_sentences, known_sentences, now_inside
from anagen.analysis.model_card.rounded import signed, value_and_range
from anagen.analysis.model_card.validation_rows import shared_start, validation_rows
from anagen.analysis.validation_page import validation_page
from anagen.treatments.registry import treatment

DATE = datetime.date(2026, 1, 2)


def changed(**changes: Any) -> dict[str, Any]:
    """A result whose every row has these changes."""
    result = validation_result()
    return result | {"rows": [row | changes for row in result["rows"]]}


CASES: dict[str, Callable[[], dict[str, Any]]] = {
    "twenty rows": validation_result,
    "one row": lambda: validation_result(1, known=()),
    "sixty rows": lambda: validation_result(60, known=(5,)),
    "no rows": lambda: validation_result(0, known=()),
    "known failures only": lambda: validation_result(2, known=(0, 1)),
    "a failure passes": lambda: validation_result(passing=(7,)),
    "never reached": lambda: changed(unit="d", p95=None, course=None),
    "never reached by most": lambda: changed(unit="d", p05=None, predicted_p50=None, p95=None, course=None),
    "no titles, no arms, no people": lambda: changed(title="", arm=None, n=None),
    "huge and tiny": lambda: changed(observed=1e18, p05=1e-12, predicted_p50=1e-9, p95=1e17, course=None),
    "nothing but one value": lambda: changed(observed=5, p05=5, predicted_p50=5, p95=5, observed_se=0, course=None),
    "unknown study": lambda: changed(study="nobody-2031", source=["nobody-2031"]),
    "what HTML would take for its own": lambda: changed(title="<b>a</b> & c", arm="<i>", assumed=["<u>"]),
}


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    return validation_result()


@pytest.fixture(scope="module")
def page(result: dict[str, Any]) -> str:
    return validation_page(result, date=DATE)


@pytest.fixture(scope="module")
def reading(page: str) -> Reading:
    return Reading(page)


@pytest.mark.parametrize("case", CASES)
def test_every_validation_has_a_whole_page(case: str) -> None:
    page = validation_page(CASES[case](), date=DATE)
    reading = Reading(page)
    assert not reading.open, "every element is closed"
    assert not re.search(r"\b(nan|inf|None|undefined)\b", reading.words(without=("fixed", "sources", "provenance")))
    assert len(page.encode()) < 1_500_000
    assert not re.search(r"<(script|link|iframe|object|embed|img)\b|@import|url\(", page)
    assert "<b>a</b>" not in page
    names = [attributes["id"] for _, attributes, _, _ in reading.elements if "id" in attributes]
    assert len(names) == len(set(names))
    links = [a["href"][1:] for _, a, _, _ in reading.elements if a.get("href", "").startswith("#")]
    assert set(links) <= set(names)
    levels = [int(tag[1]) for tag, *_ in reading.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not (report := too_hard(passages(page))), report


def test_the_pregnancy_box_stands_first(reading: Reading) -> None:
    box = reading.find("aside", class_="stop")[0]
    assert treatment().safety["pregnancy"]["text"] in reading.text(box)
    assert box in reading.elements[next(i for i, (tag, *_) in enumerate(reading.elements) if tag == "p")][3]
    assert box < reading.find("p", class_="purpose")[0] < reading.find("h1")[0]
    mark = treatment().safety["pregnancy"]["title"]
    for section in ("standing", "rows", "known", "studies"):
        assert mark in reading.text(reading.find("section", id_=section)[0])


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_reader_mode_never_says(reading: Reading, pattern: str) -> None:
    found = re.search(rf".*{pattern}.*", reading.words(without=("fixed", "sources", "assumed")), re.IGNORECASE)
    assert found is None, found[0]


def test_the_table_holds_every_row(reading: Reading, result: dict[str, Any]) -> None:
    section = reading.find("section", id_="rows")[0]
    rows = [reading.cells(i) for i in reading.find("tr", within=section)[1:]]
    assert len(rows) == len(result["rows"])
    for cells, entry in zip(rows, result["rows"], strict=True):
        factor = 100 if entry["unit"] == "fraction" else 1
        half = factor * (entry["p95"] - entry["p05"]) / 2
        seen = float(re.sub(r"[^\d.\-]", "", cells[2].replace("−", "-").split(" ")[0].split("\u202f")[0]))
        assert seen == pytest.approx(factor * entry["observed"], abs=0.1 * half)
        assert cells[5].startswith("inside" if entry["inside"] else "outside")
        assert ("known failure" in cells[5]) == bool(entry["known_failure"])
        assert float(cells[6].split(" ")[0].replace("−", "-")) == pytest.approx(entry["z"], abs=0.051)


def test_every_row_has_a_picture_with_its_table(reading: Reading, result: dict[str, Any]) -> None:
    studies = reading.find("section", id_="studies")[0]
    figures = reading.find("figure", within=studies)
    assert [reading.elements[i][1]["id"] for i in sorted(figures)] != []
    assert {reading.elements[i][1]["id"] for i in figures} == {f"row-{i + 1}" for i in range(len(result["rows"]))}
    titles = set()
    for place in reading.find("figure"):
        heading = [i for tag in ("h3", "h4") for i in reading.find(tag, within=place)]
        assert len(heading) == len(reading.find("svg", within=place)) == 1
        attributes = reading.elements[reading.find("svg", within=place)[0]][1]
        assert attributes["role"] == "img"
        assert len(reading.find("tr", within=reading.find("details", within=place)[0])) > 1
        titles.add(reading.text(heading[0]))
    assert len(titles) == len(reading.find("figure"))
    course = next(i for i in figures if reading.elements[i][1]["id"] == "row-4")
    days = [reading.cells(i)[0] for i in reading.find("tr", within=course)[1:]]
    assert {"0", "364", "112", "203"} <= set(days) | {"203"}
    seen = [reading.cells(i)[1] for i in reading.find("tr", within=course)[1:]]
    assert sum(cell != "–" for cell in seen) == 2


def test_what_a_study_did_not_say_stands_by_it(reading: Reading) -> None:
    study = reading.find("div", id_="study-1")[0]
    assert "King" in reading.text(study)
    assert "what was eaten" in reading.text(study)


def test_known_failures_stand_apart_with_their_reason(reading: Reading, result: dict[str, Any]) -> None:
    section = reading.find("section", id_="known")[0]
    rows = [reading.cells(i) for i in reading.find("tr", within=section)[1:]]
    assert len(rows) == 2
    assert all(row[3] == "outside" and "linear" in row[4] for row in rows)
    assert not Reading(validation_page(validation_result(known=()), date=DATE)).find("section", id_="known")


def test_the_page_depends_on_the_json_alone(result: dict[str, Any], page: str) -> None:
    assert validation_page(json.loads(json.dumps(result)), date=DATE) == page
    assert "2 January 2026" in page


@pytest.mark.parametrize(
    ("inside", "says"), [(18, "as it should be"), (15, "too few"), (20, "more do than should"), (16, "as it should be")]
)
def test_coverage_is_judged_by_what_chance_allows(inside: int, says: str) -> None:
    result = validation_result(0, known=())
    high = 0.95 if inside == 20 else 1.0
    result["coverage"] = {"rows": 20, "inside": inside, "expected": 0.9, "p05": 0.8, "p95": high}
    sentences = coverage_sentences(result)
    assert f"{inside} ({5 * inside}\u202f%)" in sentences[0]
    assert says in sentences[1]


def test_known_failures_that_pass_are_named() -> None:
    result = validation_result(passing=(7,))
    assert now_inside(result) == ["kerr-1982/tg-7"]
    assert "kerr-1982/tg-7" in known_sentences(result)[1]
    assert "1 of 2" in known_sentences(result)[0]
    assert now_inside(validation_result()) == []


def test_a_bound_is_said_and_not_counted() -> None:
    result = validation_result()
    result["rows"][1] |= {"bound": "at least", "inside": True}
    result["coverage"] |= {"rows": result["coverage"]["rows"] - 1}
    result["bounds"] = {"rows": 1, "inside": 1}
    row = validation_rows(result)[1]
    assert row.said[0].startswith("at least ")
    assert row.standing == "agrees with the bound"
    sentences = coverage_sentences(result)
    assert any("1 more result says only" in sentence and "the model agrees" in sentence for sentence in sentences)
    assert sentences[-1].startswith("2 more are failures")
    reading = Reading(validation_page(result, date=DATE))
    titles = [reading.text(i) for i in reading.find("h3", within=reading.find("section", id_="standing")[0])]
    assert titles[0].endswith("beside 1 known failure and 1 bound")


@pytest.mark.parametrize(
    ("titles", "start"),
    [
        (["Zinc: week 2", "Zinc: week 4"], "Zinc"),
        (["Zinc: a: 1", "Zinc: a: 2"], "Zinc: a"),
        (["Zinc", "Iron"], ""),
        (["One: row"], "One"),
        ([""], ""),
    ],
)
def test_what_titles_share_is_said_once(titles: list[str], start: str) -> None:
    assert shared_start(titles) == start


def test_units_are_said_with_their_factor() -> None:
    result = validation_result()
    row = next(row for row in validation_rows(result) if row.study == "kerr-1982")
    assert row.unit == "%"
    assert (row.low, row.high) == pytest.approx((22.5, 37.5))
    open_end = validation_rows(changed(unit="d", p95=None))[0]
    assert open_end.said[2].endswith("days or more")


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(1e-3, 1e6))
def test_rounding_keeps_a_twentieth_of_the_range(middle: float, below: float, above: float) -> None:
    low, high = middle - below, middle + above
    said = value_and_range(middle, low, middle, high)
    for text, value in zip((said[0], *said[2].split(" to ")), (middle, low, high), strict=False):
        number = float(text.replace("−", "-").replace(",", ""))
        assert abs(number - value) <= (high - low) / 19 + 1e-9


@given(st.floats(-30, 30))
def test_a_distance_keeps_its_sign_and_a_digit(z: float) -> None:
    text = signed(z)
    assert float(text.replace("−", "-")) == pytest.approx(z, abs=0.0501)
    assert text[0] in "+−" or text == "0.0"


def domain(spec: dict[str, Any], channel: str = "x") -> list[float]:
    layer = spec["vconcat"][0]["layer"][0]
    return list(layer["encoding"][channel]["scale"]["domain"])


@given(
    st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e5), st.booleans()
)
def test_pictures_hold_all_that_they_show(
    middle: float, below: float, above: float, observed: float, error: float, own: bool
) -> None:
    low, high = middle - below, middle + above
    interval = (observed - error, observed + error) if own else None
    start, end = domain(one_chart(low, middle, high, observed, interval, "t"))
    assert start < min(low, observed) <= max(high, observed) < end
    course = course_chart([0, 10, 300], [low] * 3, [middle] * 3, [high] * 3, [(100, observed)], "t")
    start, end = domain(course, "y")
    assert start <= min(low, observed) <= max(high, observed) <= end
    assert domain(course) == [0, pytest.approx(300 / 7)]


@given(st.lists(st.floats(-40, 40), min_size=1, max_size=20))
def test_standings_beyond_the_edge_stand_at_the_edge(distances: list[float]) -> None:
    rows = [Standing(f"row {i}", z, abs(z) < 1.64, i % 3 == 0) for i, z in enumerate(distances)]
    layers = standings_chart(rows, "t")["vconcat"][0]["layer"]
    drawn = [value["z"] for layer in layers for value in layer["data"]["values"] if "z" in value]
    assert len(drawn) == len(rows)
    assert sorted(drawn) == pytest.approx(sorted(max(-4.0, min(4.0, z)) for z in distances))
