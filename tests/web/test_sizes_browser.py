"""The pages on a phone, on 4K and on paper: what is first, what folds, how long a line is, what is printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect
from tests.web.seen import fits
from tests.web.test_reading_browser import PAGES as READ

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
MAY_SAY = ("422", "404", "Password forms")  # pages that say what was wrong; the diary's key has no name to go with it

RUN = [("people", "20"), ("weeks", "8")]
A = "20 mg once daily with a standard meal for 4 weeks"
EXPLORE = READ["explore"]
FOLLICLES = "/follicles?people=20&weeks=8&show=fever&show=anagen-effluvium"
PAGES = {**READ, "follicles": FOLLICLES, "diary": "/diary", "trial": "/trial"}
PHONE = {"width": 360, "height": 740}
FIRST_SCREEN = 360
"""Pixels from the top at which a page's own heading must have begun on a phone of 360 x 740."""
LONGEST_LINE = 105
"""Characters; text that is read has fewer. Lists of sources, tables and code are not read line by line."""

LINES = """most => [...document.querySelectorAll('main p, main dd, .box p, footer p, main h1')].flatMap(e => {
  const shown = e.offsetParent && getComputedStyle(e).display === 'block';
  if (!shown || e.closest('table, .sources, pre, .hidden')) return [];
  const text = e.textContent.trim().replace(/\\s+/g, ' ');
  const range = document.createRange();
  range.selectNodeContents(e);
  const lines = new Set([...range.getClientRects()].map(box => Math.round(box.bottom / 8))).size;
  return text.length / lines > most ? [text.slice(0, 60)] : [];
})"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('body *')].filter(e => e.offsetParent &&
  [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .map(e => parseFloat(getComputedStyle(e).fontSize) * (e.currentCSSZoom || 1)))"""
PRINTED = """() => [...document.querySelectorAll('form, nav, button, .button, .menu, .strip, .below')]
  .filter(e => e.getClientRects().length).map(e => e.outerHTML.slice(0, 80))"""

MARKS_LEFT_OUT = """() => [...document.querySelectorAll('main .mark')]
  .filter(e => !e.closest('form, details, .phone') && !e.getClientRects().length).map(e => e.parentElement.outerHTML)"""


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return page


@pytest.fixture
def plain(page: Page) -> Iterator[Page]:
    """A phone without script."""
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False,
        viewport=PHONE,  # type: ignore[arg-type]
    )
    opened = context.new_page()
    opened.set_default_navigation_timeout(120_000)
    yield opened
    context.close()


# --- On a phone


@pytest.mark.parametrize("name", PAGES)
def test_the_box_is_whole_and_first_and_the_heading_on_the_first_screen(phone: Page, server: str, name: str) -> None:
    phone.goto(server + PAGES[name])
    box = phone.locator("aside.stop").first.bounding_box()
    heading = phone.locator("main h1").first.bounding_box()
    modes = phone.locator(".modes").bounding_box()
    assert box
    assert heading
    assert modes
    assert box["y"] < 12
    for one in phone.locator("aside.stop").first.locator("p").all():  # nothing of it is cut off, small or folded
        inside = one.bounding_box()
        assert inside
        assert inside["y"] + inside["height"] <= box["y"] + box["height"]
        assert one.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
    assert phone.locator("details aside.stop").count() == 0
    assert heading["y"] <= FIRST_SCREEN
    assert modes["height"] < 45  # one line
    assert phone.locator(".pages").is_hidden()
    fits(phone)


@pytest.mark.parametrize("mode", ["reader", "clinician"])
def test_pages_and_mode_are_one_line_that_opens_by_keyboard(phone: Page, server: str, mode: str) -> None:
    phone.goto(f"{server}/explore?{urlencode([('regimen', A), *RUN])}&mode={mode}")
    menu = phone.locator(".menu summary")
    expect(menu).to_contain_text("Explore doses")
    lines = [phone.locator(one).bounding_box() for one in (".menu summary", ".modes", ".mode", ".other-mode")]
    middles = [box["y"] + box["height"] / 2 for box in lines if box]
    assert len(middles) == 4
    assert max(middles) - min(middles) < 6
    menu.focus()
    phone.keyboard.press("Enter")
    expect(phone.locator(".pages [aria-current=page]")).to_have_text("Explore doses")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.closest('.pages') !== null")
    phone.get_by_role("link", name="Claims", exact=True).click()
    expect(phone.locator("h1")).to_have_text("Is it true?")
    other = "clinician" if mode == "reader" else "reader"
    expect(phone.get_by_role("link", name=f"to {other} mode")).to_be_visible()


def test_where_to_get_help_is_a_line_that_leads_to_the_whole_text(phone: Page, server: str) -> None:
    phone.goto(f"{server}/claims")
    whole = phone.locator("#below-emergency")
    assert "suicide" in whole.inner_text()
    phone.get_by_role("link", name="Get help at once").click()
    expect(whole).to_be_in_viewport()
    phone.set_viewport_size({"width": 1280, "height": 800})
    assert whole.is_hidden()  # on a desk it stands beside the first box
    assert phone.locator(".boxes .warn").is_visible()
    assert phone.locator(".menu").is_hidden()
    assert phone.locator(".pages").is_visible()


def test_menu_form_and_results_without_script(plain: Page, server: str, phone: Page) -> None:
    plain.goto(f"{server}/about")
    plain.locator(".menu summary").click()
    plain.get_by_role("link", name="Explore doses").click()
    plain.goto(server + EXPLORE)
    plain.get_by_text("Events").first.click()
    plain.get_by_text("Add an event").click()
    plain.get_by_label("What", exact=True).select_option("fever")
    plain.get_by_label("Day", exact=True).fill("9")
    plain.get_by_role("button", name="Show").click()
    assert "event=fever%409" in plain.url
    assert plain.url.endswith("#result")  # the results, not the form above them
    expect(plain.locator("#result .answer")).to_be_in_viewport()
    assert plain.locator(".event").count() == 2
    assert not plain.locator(".event").nth(1).is_visible()  # the empty one waits folded
    assert plain.get_by_text("Add another event").count() == 1


# --- The explorer with script, on a phone


def test_a_line_says_what_comes_out_and_leads_to_the_curves(phone: Page, server: str, screenshots: Path) -> None:
    phone.goto(server + EXPLORE)
    line, said = phone.locator(".to-result a"), phone.locator("#headline")
    expect(line).to_be_in_viewport()
    before = said.inner_text()
    assert re.fullmatch(r"Skin oil down by half.*: \d+ of 100 \(\d+.%\)\. ?", before)
    assert before.split(": ")[1].rstrip(". ") in phone.locator("#facts").inner_text()  # the number of the facts box
    phone.locator("#r0-dose").fill("1")
    expect(said).not_to_have_text(before)
    phone.wait_for_url("**regimen=1+mg**")  # all people are shown: nothing is put in its place any more
    phone.screenshot(path=screenshots / "web-explore-line-360.png")
    line.click()
    expect(phone.locator("#result .answer")).to_be_in_viewport()
    assert phone.evaluate("document.activeElement.id") == "result"


def test_enter_leads_to_the_results_and_a_moved_control_does_not(phone: Page, server: str) -> None:
    phone.goto(server + EXPLORE)
    dose = phone.locator("#r0-dose")
    dose.fill("5")
    expect(phone.locator("#r0-text")).to_have_value(re.compile("5 mg"))
    phone.wait_for_timeout(300)
    expect(dose).to_be_focused()
    dose.press("Enter")
    phone.wait_for_function("() => document.activeElement.id === 'result'")
    expect(phone.locator("#result .answer")).to_be_in_viewport()


def test_an_event_more_is_offered_once_the_last_is_filled(phone: Page, server: str) -> None:
    phone.goto(server + EXPLORE)
    phone.get_by_text("Events").first.click()
    phone.get_by_text("Add an event").click()
    phone.get_by_label("What", exact=True).select_option("fever")
    more = phone.get_by_text("Add another event")
    expect(more).to_be_visible()
    more.click()
    phone.get_by_label("What", exact=True).nth(1).select_option("surgery")
    expect(phone.locator("#events-line")).to_have_text("fever on day 0, surgery on day 0")
    expect(phone.locator(".event")).to_have_count(3)


# --- On a screen of 4K


@pytest.mark.parametrize("name", ["start", "explore", "follicles", "claims", "claim", "methods", "about"])
def test_on_4k_lines_are_short_text_is_large_and_figures_are_not_stretched(
    page: Page, server: str, screenshots: Path, name: str
) -> None:
    page.set_viewport_size({"width": 3840, "height": 2160})
    page.goto(server + PAGES[name])
    assert page.evaluate(LINES, LONGEST_LINE) == []
    assert page.evaluate(SMALLEST) >= 15
    assert page.evaluate("Math.max(0, ...[...document.querySelectorAll('figure svg')].map(e => e.clientWidth))") <= 700
    fits(page)
    page.screenshot(path=screenshots / f"web-{name}-3840.png")


# --- On paper


@pytest.mark.parametrize(
    "name", [name for name in PAGES if name not in ("diary", "trial", "analysis-bad", "explore-bad")]
)
def test_paper_has_the_box_and_the_text_and_no_controls(page: Page, server: str, name: str) -> None:
    page.emulate_media(media="print")
    page.goto(server + PAGES[name])
    assert page.evaluate(PRINTED) == []
    assert page.locator("aside.stop").first.is_visible()
    assert "Any amount" in page.locator("aside.stop").first.inner_text()
    assert page.locator("main h1").is_visible()
    assert page.locator("figure svg").count() == page.locator("figure svg:visible").count()
    assert page.evaluate(MARKS_LEFT_OUT) == []


@pytest.mark.parametrize(
    ("name", "sides"), [("explore", 2), ("follicles", 2), ("claim", 1), ("about", 1), ("methods", 1), ("parameters", 4)]
)
def test_sides_of_paper(page: Page, server: str, screenshots: Path, name: str, sides: int) -> None:
    """No side for a footer or a heading alone; the table of numbers is printed though it is folded."""
    page.emulate_media(media="print")
    page.goto(server + ("/methods/parameters" if name == "parameters" else PAGES[name]))
    pdf = page.pdf(format="A4", print_background=False, path=screenshots / f"web-{name}-A4.pdf")
    found = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    assert found >= sides if name == "parameters" else found <= sides
