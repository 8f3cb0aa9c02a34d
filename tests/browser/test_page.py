"""The page in a real browser: it opens from disk, leaves the machine alone, fits screens, and prints."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.contrast import faint

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from .conftest import Requests

pytestmark = pytest.mark.browser

SIDES = 2
MOST_PX = 12_000
"""Of a picture: the whole analysis on a phone is 95,000 high, which nobody looks at and takes a minute to draw."""


@pytest.fixture(params=["comparison", "analysis"])
def page_file(page_files: Callable[[str], Path], request: pytest.FixtureRequest) -> Path:
    return page_files(request.param)


@pytest.fixture
def analysis_file(page_files: Callable[[str], Path]) -> Path:
    return page_files("analysis")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (768, "light"), (1280, "light"), (360, "dark")])
def test_fits_the_screen_and_leaves_it_alone(
    browser_page: Page, requests: Requests, page_file: Path, screenshots: Path, width: int, scheme: str
) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.goto(page_file.as_uri())
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    box = browser_page.locator("aside.stop").bounding_box()
    assert box["y"] < 40
    assert box["y"] + box["height"] < 800
    shown = "[...document.querySelectorAll('p, h1')].filter(each => each.getClientRects().length)"
    assert box["y"] <= browser_page.evaluate(f"Math.min(...{shown}.map(each => each.getBoundingClientRect().y))")
    assert requests.off_disk == []
    height = min(browser_page.evaluate("document.documentElement.scrollHeight"), MOST_PX)
    browser_page.screenshot(
        path=screenshots / f"{page_file.stem}-{width}-{scheme}.png",
        full_page=True,
        clip={"x": 0, "y": 0, "width": width, "height": height},
    )


def test_text_of_figures_is_11_px_or_more_on_a_phone(browser_page: Page, page_file: Path) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 800})
    browser_page.goto(page_file.as_uri())
    smallest = browser_page.evaluate(
        """Math.min(...[...document.querySelectorAll('figure svg text')].map(text => {
             const svg = text.ownerSVGElement, scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
             return parseFloat(getComputedStyle(text).fontSize) * scale;
           }))"""
    )
    assert smallest >= 11


def test_tables_open_by_keyboard(browser_page: Page, page_file: Path) -> None:
    browser_page.goto(page_file.as_uri())
    summary = browser_page.locator("figure summary").first
    summary.focus()
    browser_page.keyboard.press("Enter")
    assert browser_page.locator("figure details[open] table").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_of_text_is_aa(browser_page: Page, page_file: Path, scheme: str) -> None:
    browser_page.emulate_media(color_scheme=scheme)
    browser_page.goto(page_file.as_uri())
    assert faint(browser_page) == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_prints_on_two_sides_with_the_box_first(
    browser_page: Page, page_file: Path, screenshots: Path, paper: str
) -> None:
    browser_page.emulate_media(media="print")
    browser_page.goto(page_file.as_uri())
    whole = browser_page.pdf(format=paper, print_background=False, path=screenshots / f"{page_file.stem}-{paper}.pdf")
    assert whole.startswith(b"%PDF")
    annexed = browser_page.evaluate("document.body.classList.contains('with-annex')")
    assert (sides(whole) > SIDES) == annexed
    browser_page.evaluate("document.querySelectorAll('.annex').forEach(section => section.remove())")
    assert sides(browser_page.pdf(format=paper, print_background=False)) == SIDES


def sides(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_the_annex_begins_on_a_side_of_its_own(browser_page: Page, analysis_file: Path) -> None:
    """On paper what belongs to the two sides comes first, whatever the order on the screen."""
    browser_page.emulate_media(media="print")
    browser_page.goto(analysis_file.as_uri())
    tops = browser_page.evaluate(
        """[...document.querySelectorAll('main > section')].map(
             section => [section.classList.contains('annex'), section.getBoundingClientRect().top])"""
    )
    two_sides, annex = ([top for in_annex, top in tops if in_annex == wanted] for wanted in (False, True))
    assert max(two_sides) < min(annex)
    assert browser_page.evaluate("getComputedStyle(document.querySelector('#weeks')).breakBefore") == "page"


def test_a_claim_can_be_linked_to(browser_page: Page, requests: Requests, analysis_file: Path) -> None:
    browser_page.goto(analysis_file.as_uri() + "#anagen-effluvium")
    box = browser_page.locator("#anagen-effluvium").bounding_box()
    assert box is not None
    assert -5 <= box["y"] < 900
    card = browser_page.locator("#anagen-effluvium summary").first
    card.focus()
    browser_page.keyboard.press("Enter")
    assert browser_page.locator("#anagen-effluvium dl").is_visible()
    assert requests.off_disk == []
