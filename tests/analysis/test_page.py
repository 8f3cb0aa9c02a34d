"""The page says what the comparison says, in the order and the words that were decided on. Pages are read as HTML."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from anagen import Comparison, Patient, compare, simulate
from anagen.analysis import comparison_page, simulation_page
from anagen.analysis.content import content
from anagen.analysis.numbers import number, spread
from anagen.analysis.paired import in_100
from anagen.analysis.references import cited
from anagen.errors import InputError
from anagen.evidence import load_sources
from anagen.treatments.registry import treatment

REGIMENS = (
    "20 mg once daily with food for 12 weeks",
    "10 mg every other day with food for 12 weeks",
    "1.8 mg every 8 hours with food for 12 weeks",
)
DATE = datetime.date(2026, 1, 2)
VOID = {"meta", "br", "link", "img", "input", "hr"}

FORBIDDEN = (
    r"switch\w*",
    r"stop\w*",
    r"continu\w*",
    r"\bsafe\b",
    r"safest",
    r"\bbest\b",
    r"recommend\w*",
    r"diagnos\w*",
    r"you (have|should|must|need)",
    r"caused? by",
    r"causes? your",
    r"\b(un)?likely\b",
    r"probabl[ey]\b",
    r"winner",
    r"superior",
    r"better than",
    r"worse than",
)
"""What reader mode never says outside the fixed notices and the titles of sources."""


class Reading(HTMLParser):
    """Elements of a page in order: (tag, attributes, text), with what stands inside of what."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[int] = []
        self.elements: list[tuple[str, dict[str, str], list[str], tuple[int, ...]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}, [], tuple(self.open)))
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}, [], tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.elements[self.open[-1]][0] == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for place in self.open:
            self.elements[place][2].append(data)

    def find(self, tag: str, within: int | None = None, **attributes: str) -> list[int]:
        """Places of elements of a tag whose attributes hold the given words."""
        return [
            i
            for i, (name, attrs, _, parents) in enumerate(self.elements)
            if name == tag
            and (within is None or within in parents)
            and all(value in attrs.get(key.strip("_"), "").split() for key, value in attributes.items())
        ]

    def text(self, place: int) -> str:
        return re.sub(r"[ \n]+", " ", "".join(self.elements[place][2])).strip()

    def cells(self, row: int) -> list[str]:
        """Texts of the cells of a row of a table, its heading first."""
        return [
            self.text(i)
            for i in range(row, len(self.elements))
            if row in self.elements[i][3] and self.elements[i][0] in {"th", "td"}
        ]

    def words(self, without: tuple[str, ...] = ()) -> str:
        """All text but that of the head and of elements with one of the classes."""
        skipped = {
            i
            for i, (tag, attrs, _, _) in enumerate(self.elements)
            if tag == "head" or any(name in attrs.get("class", "").split() for name in without)
        }
        leaves = []
        for i, (_, _, _, parents) in enumerate(self.elements):
            if i not in skipped and not skipped.intersection(parents) and self.elements[i][0] in LEAVES:
                leaves.append(self.text(i))
        return "\n".join(leaves)


LEAVES = {"p", "li", "td", "th", "h1", "h2", "h3", "h4", "summary", "caption", "title", "desc", "dd", "dt", "text"}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    patient = Patient(weight_kg=70, seborrheic_dermatitis="moderate")
    return compare("isotretinoin", REGIMENS, patient, weeks=24, people=120)


@pytest.fixture(scope="module")
def page(comparison: Comparison) -> str:
    return comparison_page(comparison, date=DATE)


@pytest.fixture(scope="module")
def reading(page: str) -> Reading:
    return Reading(page)


def test_the_pregnancy_box_is_the_first_thing_on_the_page(reading: Reading) -> None:
    shown = next(i for i, (tag, *_) in enumerate(reading.elements) if tag in LEAVES and i > reading.find("body")[0])
    box = reading.find("aside", class_="stop")[0]
    assert box in reading.elements[shown][3]
    notice = treatment().safety["pregnancy"]
    assert notice["text"] in reading.text(box)
    assert not any(reading.elements[parent][0] == "details" for parent in reading.elements[box][3])
    assert treatment().safety["emergency"]["text"] in reading.text(reading.find("aside", class_="warn")[0])


def test_every_column_carries_the_same_pregnancy_mark(reading: Reading, comparison: Comparison) -> None:
    mark = treatment().safety["pregnancy"]["title"]
    cards = reading.find("div", class_="regimen")
    heads = reading.find("th", within=reading.find("table", class_="facts")[0], role="columnheader")[2:]
    keys = reading.find("th", within=reading.find("table", class_="key")[0])
    for places in (cards, heads, keys):
        assert len(places) == len(comparison.arms)
        for place, arm in zip(places, comparison.arms, strict=True):
            assert mark in reading.text(place)
            assert arm.label in reading.text(place)


def test_a_regimen_that_no_capsule_makes_says_so_under_it(reading: Reading) -> None:
    cards = [reading.text(i) for i in reading.find("div", class_="regimen")]
    assert ["cannot be made" in card for card in cards] == [False, False, True]


def test_the_facts_box_holds_the_numbers_of_the_comparison(reading: Reading, comparison: Comparison) -> None:
    table = reading.find("table", class_="facts")[0]
    rows = {
        reading.elements[i][1]["data-outcome"]: i
        for i in reading.find("tr", within=table)
        if "data-outcome" in reading.elements[i][1]
    }
    assert {"marked_shedding", "triglycerides_above_150", "cheilitis", "dermatitis_relapse"} <= set(rows)
    for name in ("marked_shedding", "triglycerides_above_150", "cheilitis"):
        cells = [reading.text(i) for i in reading.find("td", within=rows[name])]
        denominators = set()
        for cell, arm in zip(cells, (comparison.untreated, *comparison.arms), strict=True):
            count, of, percent = re.match(r"([\d,]+) of ([\d,]+) \(([\d.]+)", cell).groups()
            share = arm.outcomes[name]["probability"]
            denominators.add(of)
            assert int(count) == round(share * int(of.replace(",", "")))
            assert float(percent) == pytest.approx(100 * share, abs=0.51)
        assert len(denominators) == 1


def test_figures_hold_the_numbers_of_the_comparison(reading: Reading, comparison: Comparison) -> None:
    figure = next(i for i in reading.find("figure") if reading.elements[i][1]["id"] == "weeks-sebum_fraction")
    rows = [reading.cells(i) for i in reading.find("tr", within=figure)]
    row = next(row for row in rows if row[0] == "12")
    for arm in comparison.arms:
        low, middle, high = 100 * arm.series("sebum_fraction").bands[:, 12]
        assert spread(middle, low, high) in row
    pair = next(i for i in reading.find("figure") if reading.elements[i][1]["id"] == "pair-peak_level_ng_per_ml")
    first = reading.cells(reading.find("tr", within=pair)[1])
    found = next(d for d in comparison.differences[0, 1] if d.outcome == "peak_level_ng_per_ml")
    assert first == [
        "B against A",
        spread(found.p50, found.p05, found.p95),
        in_100(found.lower_in_100),
        in_100(found.higher_in_100),
    ]


def test_every_figure_has_a_result_a_description_and_a_table(reading: Reading) -> None:
    figures = reading.find("figure")
    assert len(figures) >= 15
    titles = set()
    for place in figures:
        heading = [i for tag in ("h3", "h4") for i in reading.find(tag, within=place)]
        svg = reading.find("svg", within=place)
        assert len(heading) == 1
        assert len(svg) == 1
        assert re.search(r"\d", reading.text(heading[0])), reading.text(heading[0])
        attributes = reading.elements[svg[0]][1]
        assert attributes["role"] == "img"
        named = {
            reading.elements[i][1].get("id") for tag in ("title", "desc") for i in reading.find(tag, within=svg[0])
        }
        assert {attributes["aria-labelledby"], attributes["aria-describedby"]} <= named
        details = reading.find("details", within=place)
        assert details
        assert len(reading.find("tr", within=details[0])) > 1
        titles.add(reading.text(heading[0]))
    assert len(titles) == len(figures)


def test_text_in_figures_is_never_small(page: str) -> None:
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', page)]
    widths = [float(width) for width in re.findall(r'<svg[^>]*class="?[^>]*width="([\d.]+)"', page)]
    assert min(sizes) * min(1.0, 336 / max(widths, default=336)) >= 11


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_reader_mode_never_says(reading: Reading, pattern: str) -> None:
    words = reading.words(without=("fixed", "sources", "assumed"))
    found = re.search(rf".*{pattern}.*", words, re.IGNORECASE)
    assert found is None, found[0]


def test_nothing_is_loaded_and_nothing_runs(page: str, reading: Reading) -> None:
    assert not re.search(r"<(script|link|iframe|object|embed|img)\b", page)
    assert not re.search(r"@import|url\(", page)
    for tag, attributes, _, _ in reading.elements:
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if "href" in attributes:
            assert tag == "a"
    assert len(page.encode()) < 1_500_000


def test_links_within_the_page_arrive_and_names_are_unique(reading: Reading) -> None:
    names = [attributes["id"] for _, attributes, _, _ in reading.elements if "id" in attributes]
    assert len(names) == len(set(names))
    for _, attributes, _, _ in reading.elements:
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in names
        for reference in ("aria-labelledby", "aria-describedby"):
            if reference in attributes:
                assert attributes[reference] in names


def test_headings_go_down_one_step_at_a_time(reading: Reading) -> None:
    levels = [int(tag[1]) for tag, *_ in reading.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert reading.elements[reading.find("html")[0]][1]["lang"] == "en"


def test_the_sections_stand_in_order(reading: Reading) -> None:
    sections = [reading.elements[i][1]["id"] for i in reading.find("section")]
    order = ["answer", "facts", "regimens", "weeks", "hair", "labs", "harms", "questions", "methods", "sources"]
    assert sections == order


def test_mode_date_and_provenance_are_stamped(reading: Reading, comparison: Comparison) -> None:
    words = reading.words()
    assert "Reader mode" in words
    assert "2 January 2026" in words
    assert comparison.arms[0].provenance["parameters"] in words
    assert words.count("none declared") == 2


def test_what_rests_on_assumed_numbers_is_counted_and_said(reading: Reading) -> None:
    parameters = treatment().parameters.values()
    assumed = sum(p.status == "assumed" and not p.name.startswith("hypotheses.") for p in parameters)
    cells = {
        reading.elements[i][1]["data-status"]: reading.text(i)
        for i in reading.find("td")
        if "data-status" in reading.elements[i][1]
    }
    assert cells["assumed"] == str(assumed)
    assert "claimed" not in cells
    for place in reading.find("figure"):
        if reading.elements[place][1]["id"] in {"hair-how-many", "weeks-dermatitis_fraction", "weeks-shed_per_day"}:
            assert "Rests on assumed numbers" in reading.text(place)


def test_what_was_assumed_stands_in_a_banner_and_at_every_figure() -> None:
    patient = Patient(seborrheic_dermatitis="none")
    result = simulate("isotretinoin", REGIMENS[0], patient, weeks=16, people=40, assume=("peak-toxicity",))
    reading = Reading(simulation_page(result, date=DATE))
    banner = reading.find("aside", class_="assumed")
    assert "ASSUMED" in reading.text(banner[0])
    assert not any(reading.elements[parent][0] == "details" for parent in reading.elements[banner[0]][3])
    for place in reading.find("figure"):
        assert "peak-toxicity" in reading.text(place)
    assert not any(reading.elements[i][1]["id"] == "weeks-dermatitis_fraction" for i in reading.find("figure"))
    assert "peak-toxicity" in reading.text(reading.find("footer")[0])


@pytest.mark.parametrize("regimen", ["80 mg once fasted", None])
def test_a_single_dose_and_no_treatment_have_a_page(regimen: str | None) -> None:
    reading = Reading(simulation_page(simulate("isotretinoin", regimen, weeks=8, people=40), date=DATE))
    assert reading.find("aside", class_="stop")
    assert not re.search(r"\bnan\b|\binf\b|None", reading.words())


def test_the_page_of_one_regimen_stands_beside_the_same_people_without_treatment() -> None:
    result = simulate("isotretinoin", REGIMENS[0], weeks=16, people=60)
    reading = Reading(simulation_page(result, date=DATE))
    untreated = simulate("isotretinoin", None, weeks=16, people=60)
    table = reading.find("table", class_="facts")[0]
    row = next(
        i
        for i in reading.find("tr", within=table)
        if reading.elements[i][1].get("data-outcome") == "triglycerides_above_150"
    )
    share = untreated.outcomes["triglycerides_above_150"]["probability"]
    assert reading.text(reading.find("td", within=row)[0]).startswith(f"{round(100 * share)} of 100")


def test_reader_mode_leaves_out_the_type_of_effluvium_even_of_a_clinicians_run(comparison: Comparison) -> None:
    arms = tuple(replace(arm, mode="clinician") for arm in comparison.arms)
    run = replace(comparison, arms=arms, untreated=replace(comparison.untreated, mode="clinician"))
    assert "features of" not in comparison_page(run, "reader")
    page = comparison_page(run, "clinician")
    assert "Clinician and research mode" in page
    assert "features of" in page


def test_unknown_mode_offers_the_nearest(comparison: Comparison) -> None:
    with pytest.raises(InputError) as error:
        comparison_page(comparison, "raeder")
    assert "nearest: reader" in str(error.value)


def test_the_same_comparison_gives_the_same_page(comparison: Comparison, page: str) -> None:
    assert comparison_page(comparison, date=DATE) == page


def test_page_data_names_what_exists() -> None:
    drug, data = treatment(), content("isotretinoin")
    assert set(cited(data)) <= set(load_sources())
    assert set(data["weekly"]) <= set(drug.series)
    assert set(data["weekly_result"]) <= set(data["weekly"])
    assert {row["outcome"] for row in (*data["paired"], *data["facts"])} <= set(drug.outcomes)
    assert set(data["important"]) <= set(drug.parameters)


def test_numbers_never_pretend(comparison: Comparison) -> None:
    for arm in comparison.arms:
        for name in arm.treatment.series:
            for value in np.ravel(arm.series(name).bands):
                assert len(number(value).replace("−", "").replace(",", "").replace(".", "").rstrip("0")) <= 3
