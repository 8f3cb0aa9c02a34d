"""Pages that are read, as people use them: search as one types, keyboard, an analysis waited for, no script, axe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Requests
from tests.web.seen import clean, clean_in_both, fits, outside

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
MAY_SAY = ("htmx:sendAbort", "422", "404")  # a newer request; pages that say what was wrong

A = "20 mg once daily with a standard meal for 4 weeks"
B = "10 mg every other day with a standard meal for 4 weeks"
ANALYSIS = f"/analysis?{urlencode([('regimen', A), ('regimen', B), ('people', '20'), ('weeks', '8')])}"
PAGES = {
    "start": "/",
    "explore": f"/explore?{urlencode([('regimen', A), ('people', '20'), ('weeks', '8')])}",
    "explore-bad": "/explore?regimen=20+mgg+once+daily",
    "stopped": "/explore?pregnant=yes",
    "missing": "/no-such-page",
    "claims": "/claims",
    "claim": "/claims/liver-intoxication",
    "products": "/products",
    "products-asked": "/products?q=aknetrend",
    "product": "/products/isotrex",
    "methods": "/methods",
    "parameters": "/methods/parameters?group=sebum",
    "failures": "/methods/failures",
    "validation": "/methods/validation",
    "calibration": "/methods/calibration",
    "sensitivity": "/methods/sensitivity",
    "card": "/methods/card",
    "about": "/about",
    "api": "/api",
    "analysis-bad": "/analysis?regimen=20+g+once+daily",
}
REPORTS = ("validation", "calibration", "sensitivity", "card")
"""Long, and what folds in them is checked as reports (tests/browser): here they are seen as they open, in the frame."""
WIDE = ("start", "claims", "claim", "products", "parameters", "failures", "analysis-bad")
"""What a desk shows in other pieces than a phone: columns, tables that a phone stacks. axe reads these at both."""
WAIT = 120_000
"""Milliseconds at most, where something is computed or drawn for the first time."""


@pytest.mark.parametrize("name", PAGES)
def test_no_rule_is_broken_and_no_request_leaves(
    page: Page, server: str, requests: Requests, screenshots: Path, name: str
) -> None:
    page.goto(server + PAGES[name])
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900 if width > 400 else 740})
        fits(page)
        page.screenshot(path=screenshots / f"web-{name}-{width}.png", clip=_top(page, width), full_page=True)
    if name not in REPORTS:
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    clean_in_both(page, desk=name in WIDE)
    page.screenshot(path=screenshots / f"web-{name}-360-dark.png")
    assert outside(requests, server) == []


def test_claims_follow_what_is_typed_and_a_card_is_reached_by_keyboard(page: Page, server: str) -> None:
    page.goto(f"{server}/claims?weight=82")
    expect(page.locator(".count")).to_have_text("All 29 claims")
    page.get_by_label("Words in a claim").focus()
    page.keyboard.type("liver intox")
    expect(page.locator(".claim-rows li")).to_have_count(1)
    expect(page.get_by_label("Words in a claim")).to_be_focused()
    assert "q=liver+intox" in page.url or "q=liver%20intox" in page.url
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.claim-rows') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims/liver-intoxication?weight=82")
    expect(page.locator("h1")).to_have_text("Is the liver behind the hair loss?")
    page.go_back()
    expect(page.get_by_label("Words in a claim")).to_have_value("liver intox")


def test_a_verdict_is_chosen_without_script(page: Page, server: str) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    try:
        plain = context.new_page()
        plain.goto(f"{server}/claims")
        plain.get_by_label("Verdict").select_option("safety rule")
        plain.get_by_role("button", name="Search").click()
        expect(plain.locator(".claim-rows li").first).to_contain_text("Safety rule")
        plain.goto(f"{server}/products")
        plain.get_by_label("Name on the pack").fill("aknetrend")
        plain.keyboard.press("Enter")
        plain.get_by_role("link", name="Aknetrent").click()
        expect(plain.locator("h1")).to_have_text("Aknetrent")
    finally:
        context.close()


def test_numbers_are_searched_as_one_types(page: Page, server: str) -> None:
    page.goto(f"{server}/methods/parameters")
    page.get_by_label("Words in a number or a source").fill("clearance")
    expect(page.locator(".count")).to_contain_text("of 160 numbers")
    expect(page.locator("#found details.wide[open] tbody tr").first).to_be_visible()
    page.get_by_label("Part of the model").select_option("sebum")
    expect(page.locator(".count")).to_have_text("No number is like that")


def test_an_analysis_is_asked_for_waited_for_and_taken_along(
    page: Page, server: str, requests: Requests, screenshots: Path
) -> None:
    page.goto(server + ANALYSIS)
    expect(page.locator("#ratings")).to_be_visible(timeout=WAIT)
    page.locator("#regimens-text").fill(f"{B}\n{A}")
    page.locator("#group-person > summary").click()
    page.locator("#in-weight").fill("82")
    page.get_by_role("button", name="Analyse").click()
    page.wait_for_url("**weight=82**")
    expect(page.locator("#ratings")).to_be_visible(timeout=WAIT)
    expect(page.locator("p.who")).to_contain_text("82 kg")
    assert "%0D" not in page.url
    with page.expect_download() as file:
        page.get_by_role("link", name="Report, one HTML file").click()
    text = Path(file.value.path()).read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert "82 kg" in text
    page.set_viewport_size({"width": 1280, "height": 2400})  # a picture of all of it takes a minute
    clean(page)
    page.screenshot(path=screenshots / "web-analysis-1280.png")
    page.set_viewport_size({"width": 360, "height": 2400})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.screenshot(path=screenshots / "web-analysis-360.png")
    assert outside(requests, server) == []


def test_an_analysis_is_waited_for_without_script(page: Page, server: str) -> None:
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    try:
        plain = context.new_page()
        plain.goto(f"{server}{ANALYSIS}&seed=11", timeout=WAIT)
        expect(plain.locator("#ratings")).to_be_visible(timeout=WAIT)
    finally:
        context.close()


def _top(page: Page, width: int) -> dict[str, float]:
    """At most the first 6,000 pixels: more is no picture to look at."""
    height = page.evaluate("document.documentElement.scrollHeight")
    return {"x": 0, "y": 0, "width": width, "height": min(height, 6000)}
