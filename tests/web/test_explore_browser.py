"""The dose explorer as people use it: slider, keys, text, back, without script; axe and the network beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Requests
from tests.browser.contrast import faint
from tests.browser.test_axe import WIDTHS
from tests.web.seen import clean

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
MAY_SAY = ("htmx:sendAbort",)  # a request that a newer one replaced

A = "20 mg once daily with a standard meal for 4 weeks"
B = "10 mg every other day with a standard meal for 4 weeks"
RUN = [("people", "20"), ("weeks", "8")]
SECONDS, NAVIGATION = 20_000, 120_000
"""Milliseconds to wait at most: for new curves, and for a page whose program must be compiled first."""


def link(*pairs: tuple[str, str]) -> str:
    return f"/explore?{urlencode([*pairs, *RUN])}"


def regimens(page: Page) -> list[str]:
    return [value for name, value in parse_qsl(urlsplit(page.url).query) if name == "regimen"]


def settled(page: Page, *texts: str) -> None:
    """Wait until the address holds these regimens, which it does when all people are shown."""
    wanted = f"?{urlencode([('regimen', text) for text in texts])}"
    page.wait_for_function("wanted => location.search.startsWith(wanted)", arg=wanted, timeout=SECONDS)


def test_the_slider_moves_text_curves_and_link_and_keeps_the_focus(page: Page, server: str, requests: Requests) -> None:
    page.goto(server + link(("regimen", A)))
    before = page.locator("#weeks-isotretinoin_ng_per_ml svg").inner_html()
    slider = page.get_by_label("Dose of regimen A, mg", exact=True).and_(page.locator("[type=range]"))
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    settled(page, A.replace("20", "30", 1))
    expect(page.locator("#r0-text")).to_have_value(A.replace("20", "30", 1))
    assert page.locator("#weeks-isotretinoin_ng_per_ml svg").inner_html() != before
    expect(slider).to_be_focused()
    expect(page.locator("#said")).to_contain_text("In the model, over 8 weeks")
    assert {urlsplit(url).netloc for url in requests} == {urlsplit(server).netloc}
    page.go_back()
    expect(page.locator("#r0-text")).to_have_value(A)


def test_buttons_and_keys_change_a_dose(page: Page, server: str) -> None:
    page.goto(server + link(("regimen", A)))
    page.get_by_role("button", name="more: Dose").click()
    settled(page, A.replace("20", "22.5", 1))
    page.get_by_label("How often").select_option(label="every other day")
    settled(page, A.replace("20", "22.5", 1).replace("once daily", "every other day"))


def test_a_text_is_followed_while_it_is_typed_and_an_error_is_put_right(page: Page, server: str) -> None:
    page.goto(server + link(("regimen", A)))
    text = page.get_by_label("In words")
    text.fill("15 mgg once daily for 4 weeks")
    says = page.locator("#r0-says")
    expect(says).to_contain_text("unknown unit: mgg")
    expect(page.locator("#curves")).to_be_visible()
    expect(page.locator("#said")).to_contain_text("The results are those of before")
    expect(text).to_be_focused()
    says.get_by_role("button").first.click()
    settled(page, "15 mg once daily for 4 weeks")
    expect(page.locator("#r0-dose")).to_have_value("15")
    expect(says).to_contain_text("a standard meal is assumed")


def test_two_regimens_are_compared_and_one_is_taken_away(page: Page, server: str) -> None:
    page.goto(server + link(("regimen", A)))
    page.get_by_role("button", name="Add a regimen to compare").click()
    settled(page, A, A.replace("20", "10", 1))
    expect(page.locator("#pairs")).to_contain_text("lower with B than with A in 100 of 100 people")
    details = page.locator("#pairs details").first
    details.locator("summary").click()
    expect(details.locator("svg")).to_be_visible()
    page.locator("#r1-meal").select_option("fasted")
    settled(page, A, A.replace("20", "10", 1).replace("with a standard meal", "fasted"))
    expect(details).to_have_attribute("open", "")  # what was open stays open
    page.get_by_role("button", name="Remove regimen A").click()
    settled(page, A.replace("20", "10", 1).replace("with a standard meal", "fasted"))
    assert len(regimens(page)) == 1


def test_the_person_is_in_the_link_and_a_wrong_one_is_said(page: Page, server: str) -> None:
    page.goto(server + link(("regimen", A)))
    page.locator("#group-person > summary").click()
    page.get_by_label("Weight kg", exact=True).and_(page.locator("[type=number]")).fill("12")
    expect(page.locator("#explore-error")).to_contain_text("weight is 12.0 kg")
    page.get_by_label("Weight kg", exact=True).and_(page.locator("[type=number]")).fill("82")
    page.wait_for_function("() => location.search.includes('weight=82')", timeout=SECONDS)
    expect(page.locator("#explore-error")).to_be_empty()
    expect(page.locator("#person-line")).to_have_text("female, 30 years, 82 kg")
    address = page.locator("#explore-link").input_value()
    page.goto(address)
    expect(page.locator("#person-line")).to_have_text("female, 30 years, 82 kg")


def test_without_script_it_is_a_form(browser_page: Page, server: str) -> None:
    browser = browser_page.context.browser
    assert browser
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    plain = context.new_page()
    plain.set_default_navigation_timeout(NAVIGATION)
    plain.goto(server + link(("regimen", A)))
    plain.locator("#r0-dose").fill("30")
    plain.get_by_role("button", name="Show").click()
    assert regimens(plain) == [A.replace("20", "30", 1)]
    assert plain.locator("#r0-text").input_value() == A.replace("20", "30", 1)
    assert plain.locator("#weeks-sebum_fraction svg").is_visible()
    plain.get_by_role("button", name="Add a regimen to compare").click()
    assert len(regimens(plain)) == 2
    context.close()


@pytest.mark.parametrize(("device", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_no_rule_is_broken_and_nothing_scrolls_sideways(
    page: Page, server: str, screenshots: Path, device: str, scheme: str
) -> None:
    width = WIDTHS[device]
    page.set_viewport_size({"width": width, "height": 900})
    pairs = (("regimen", A), ("regimen", B), ("assume", "anchorage"), ("seborrheic-dermatitis", "mild"))
    page.goto(server + link(*pairs))
    page.screenshot(path=screenshots / f"web-explore-two-{width}.png", full_page=True)
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert faint(page) == []
    clean(page)
