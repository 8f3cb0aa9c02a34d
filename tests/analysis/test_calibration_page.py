"""The page of a calibration says what its JSON says: data beside the fit, before and after, what stayed unknown."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.model_results import calibration_result
from tests.analysis.reading import passages, too_hard
from tests.analysis.test_page import FORBIDDEN, Reading

from anagen.analysis.calibration_page import calibration_page, main
from anagen.analysis.charts.fit_rows import FitRow, fit_rows_chart
from anagen.analysis.charts.prior_posterior import Learnt, axis_domain
from anagen.analysis.model_card.calibration_parts import answer, block_parts
from anagen.analysis.model_card.learnt import pairs
from anagen.treatments.registry import treatment

DATE = datetime.date(2026, 1, 2)


def altered(**changes: Any) -> dict[str, Any]:
    """A calibration whose every row has these changes."""
    result = calibration_result()
    for block in result["blocks"]:
        block["rows"] = [row | changes for row in block["rows"]]
    return result


CASES: dict[str, Callable[[], dict[str, Any]]] = {
    "two blocks": calibration_result,
    "one block": lambda: calibration_result(1),
    "no blocks": lambda: calibration_result(0),
    "little is said of rows": lambda: altered(lower=None, upper=None, z=None, n=None, dose="", meal="", title=""),
    "a block without rows": lambda: {
        **calibration_result(),
        "blocks": [{"name": "x", "title": "X", "parameters": [], "rows": []}],
    },
    "nothing is uninformed": lambda: calibration_result() | {"uninformed": []},
    "what HTML would take for its own": lambda: altered(title="<b>a</b>", note="<u>", method="<i>"),
}


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    return calibration_result()


@pytest.fixture(scope="module")
def page(result: dict[str, Any]) -> str:
    return calibration_page(result, date=DATE)


@pytest.fixture(scope="module")
def reading(page: str) -> Reading:
    return Reading(page)


@pytest.mark.parametrize("case", CASES)
def test_every_calibration_has_a_whole_page(case: str) -> None:
    page = calibration_page(CASES[case](), date=DATE)
    reading = Reading(page)
    assert not reading.open, "every element is closed"
    assert not re.search(r"\b(nan|inf|None|undefined)\b", reading.words(without=("fixed", "sources", "provenance")))
    assert len(page.encode()) < 1_500_000
    assert not re.search(r"<(script|link|iframe|object|embed|img)\b|@import|url\(", page)
    assert "<b>a</b>" not in page
    names = [attributes["id"] for _, attributes, _, _ in reading.elements if "id" in attributes]
    assert len(names) == len(set(names))
    labels = [a["aria-label"] for _, a, _, _ in reading.elements if a.get("role") == "region" and "aria-label" in a]
    assert len(labels) == len(set(labels)), "regions are told apart"
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
    for section in ("block-exposure", "block-side-effects"):
        assert mark in reading.text(reading.find("section", id_=section)[0])


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_reader_mode_never_says(reading: Reading, pattern: str) -> None:
    found = re.search(rf".*{pattern}.*", reading.words(without=("fixed", "sources", "assumed")), re.IGNORECASE)
    assert found is None, found[0]


def test_the_first_sentences_count_what_the_json_holds(result: dict[str, Any]) -> None:
    own = [p for block in result["blocks"] for p in block["parameters"] if not p["nuisance"]]
    rows = [row for block in result["blocks"] for row in block["rows"]]
    first, learnt, near = answer(block_parts(result))
    assert first.startswith(f"{len(rows)} results of 2 studies were used to fit {len(own)} numbers")
    much = sum(p["contraction"] >= 0.5 for p in own)
    nothing = sum(p["contraction"] < 0.1 for p in own)
    assert learnt == (
        f"The results told much of {much}, something of {len(own) - much - nothing}, and nothing of {nothing}."
    )
    assert near.startswith(f"{sum(abs(row['z']) <= 2 for row in rows)} of {len(rows)}")


def test_what_the_data_could_not_tell_is_said(reading: Reading) -> None:
    text = reading.text(reading.find("section", id_="untold")[0])
    assert "delay before absorption, fasted" in text
    assert "odds of effect 0" in text
    assert "odds of effect 2" not in text
    assert "how high the laboratory reads" not in text
    assert text.count("delay before absorption, fasted") == 1, "what was fitted is not among what was never fitted"
    assert treatment().parameters["dermatitis.relapse_hazard"].meaning in text


def test_each_block_shows_data_beside_the_fit_and_before_and_after(reading: Reading, result: dict[str, Any]) -> None:
    for block in result["blocks"]:
        section = reading.find("section", id_=f"block-{block['name'].replace('_', '-')}")[0]
        tables = [
            [reading.cells(i) for i in reading.find("tr", within=figure)]
            for figure in reading.find("figure", within=section)
        ]
        fits = [row for rows in tables if rows[0][0] == "Result" for row in rows[1:]]
        learnt = [row for rows in tables if rows[0][0] == "Number" for row in rows[1:]]
        assert len(fits) == len(block["rows"])
        own = [p for p in block["parameters"] if not p["nuisance"]]
        assert len(learnt) == len(own)
        for cells, entry in zip(learnt, own, strict=True):
            for cell, levels in zip(cells[1:3], (entry["prior"], entry["posterior"]), strict=True):
                said = [float(x.replace(",", "")) for x in re.findall(r"[\d.,]+", cell)]
                wide = levels["upper"] - levels["lower"]
                assert said[0] == pytest.approx(levels["median"], abs=0.06 * wide + 1e-9)
        assert all(re.search(r"\d", reading.text(i)) for i in reading.find("h4", within=section))


def test_units_and_limits_are_said(reading: Reading) -> None:
    section = reading.find("section", id_="block-side-effects")[0]
    assert "at most 20.0\u202f%" in reading.text(section)
    assert "spread assumed" in reading.text(section)
    assert "In 2 places the search went wrong" in reading.text(section)


def test_numbers_that_hang_together_are_named(result: dict[str, Any], reading: Reading) -> None:
    (block, _) = result["blocks"]
    part = block_parts(result)[0]
    assert pairs(block, part.parameters) == [
        ("apparent central volume", "apparent oral clearance of isotretinoin", pytest.approx(0.72))
    ]
    assert "correlation +0.7" in reading.text(reading.find("section", id_="block-exposure")[0])


def test_the_page_depends_on_the_json_alone(result: dict[str, Any], page: str) -> None:
    assert calibration_page(json.loads(json.dumps(result)), date=DATE) == page


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "calibration.json", tmp_path / "out.html"
    source.write_text(json.dumps(calibration_result()), "utf-8")
    assert main(["--from", str(source), "-o", str(target)]) == 0
    assert target.read_text("utf-8").startswith("<!doctype html>")
    assert "wrote" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "cannot read"),
        ("{", "no JSON object"),
        ("[]", "no JSON object"),
        ('{"treatment": "isotretinoin"}', "not whole"),
        ('{"treatment": "isotretinoin", "blocks": [{"name": "x", "rows": [{}]}]}', "not whole"),
        ('{"treatment": "isotretinon", "blocks": []}', "unknown|isotretinoin"),
    ],
)
def test_what_is_no_calibration_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, says: str
) -> None:
    source, target = tmp_path / "calibration.json", tmp_path / "out.html"
    if text is not None:
        source.write_text(text, "utf-8")
    assert main(["--from", str(source), "-o", str(target)]) == 2
    assert re.search(says, capsys.readouterr().err)
    assert not target.exists()


def test_an_output_that_cannot_be_written_is_refused_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--from", str(tmp_path / "none.json"), "-o", str(tmp_path / "no" / "out.html")]) == 2
    assert "there is no folder" in capsys.readouterr().err


levels = st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3, unique=True).map(lambda found: tuple(sorted(found)))


@given(levels, levels, st.booleans())
def test_an_axis_holds_both_ranges(
    before: tuple[float, float, float], after: tuple[float, float, float], log: bool
) -> None:
    kind, (low, high) = axis_domain(Learnt("x", before, after, log))
    assert low < min(before[0], after[0]) < max(before[2], after[2]) < high
    assert kind == "linear" or low > 0


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.booleans()), min_size=1, max_size=9))
def test_a_picture_holds_all_its_rows(rows: list[tuple[float, float, bool]]) -> None:
    drawn = [
        FitRow(f"row {i}", middle, (middle - wide, middle + wide) if own else None, middle - 1, middle, middle + 1)
        for i, (middle, wide, own) in enumerate(rows)
    ]
    layers = fit_rows_chart(drawn, "t")["vconcat"][0]["layer"]
    low, high = layers[0]["encoding"]["x"]["scale"]["domain"]
    for row in drawn:
        assert low < min(row.low, row.observed) <= max(row.high, row.observed) < high
    assert [value["seen"] for value in layers[0]["data"]["values"]] == [row.observed for row in drawn]
