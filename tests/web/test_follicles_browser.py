"""The follicle view as people use it: slider, keys, play and pause, less motion, no script; axe and the network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Requests
from tests.browser.contrast import faint
from tests.browser.test_axe import WIDTHS
from tests.web.seen import clean

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LINK = "/follicles?people=20&weeks=8&show=fever&show=anagen-effluvium"
NAVIGATION = 120_000
"""Milliseconds to wait at most for a page whose program must be compiled first."""
SHAPES = "Array.from(document.querySelectorAll('.hairs use'), use => use.getAttribute('href')).join()"
LINES = "Array.from(document.querySelectorAll('.week-line'), line => Math.round(line.getAttribute('x1')))"


def opened(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#play")).to_be_visible(timeout=20_000)


def test_the_slider_draws_the_week_that_the_server_draws(page: Page, server: str, requests: Requests) -> None:
    opened(page, server + LINK)
    assert page.evaluate("document.querySelectorAll('.moving').length") == 0  # nothing plays by itself
    slider = page.locator(".week-bar [type=range]")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#week-said")).to_contain_text("A. Week 3: of 200 follicles")
    page.wait_for_url("**week=3")
    expect(slider).to_be_focused()
    moved, lines, said = page.evaluate(SHAPES), page.evaluate(LINES), page.locator("#said-B").inner_text()
    counted = page.locator(".phases td").all_inner_texts()
    page.reload()
    assert page.evaluate(SHAPES) == moved
    assert page.evaluate(LINES) == lines
    assert page.locator("#said-B").inner_text() == said
    assert page.locator(".phases td").all_inner_texts() == counted
    assert {urlsplit(url).netloc for url in requests} == {urlsplit(server).netloc}


def test_keys_on_the_scalps_change_the_week(page: Page, server: str) -> None:
    opened(page, server + LINK)
    page.locator(".follicles .scalps").focus()
    for key, week in (("ArrowRight", "1"), ("PageUp", "5"), ("ArrowLeft", "4"), ("End", "8"), ("Home", "0")):
        page.keyboard.press(key)
        expect(page.locator("#week")).to_have_value(week)
        expect(page.locator("#said-A")).to_contain_text(f"Week {week}:")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_goes_on_until_paused(page: Page, server: str, motion: str) -> None:
    page.emulate_media(reduced_motion=motion)
    opened(page, server + LINK)
    play = page.get_by_role("button", name="Play")
    play.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#week")).to_have_value("2", timeout=10_000)
    expect(page.locator("#week-said")).to_be_empty()  # nothing is read out while it plays
    moves = page.evaluate("getComputedStyle(document.querySelector('#patch-B .fallen use')).animationName")
    assert (moves == "none") == (motion == "reduce")
    page.keyboard.press("Space")
    week = page.locator("#week").input_value()
    page.wait_for_timeout(1200)
    assert page.locator("#week").input_value() == week
    expect(page.locator("#week-said")).to_contain_text(f"Week {week}:")


def test_another_case_comes_without_a_new_page_and_back_brings_the_old(page: Page, server: str) -> None:
    opened(page, server + LINK)
    page.get_by_role("button", name="more: Week").click()
    page.get_by_label("Scalp B").select_option("none")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("section.scalp")).to_have_count(1)
    page.wait_for_url(re.compile("show=fever$"))
    expect(page.locator("#play")).to_be_visible()
    page.get_by_role("button", name="more: Week").click()
    expect(page.locator("#said-A")).to_contain_text("Week 2:")  # the week is kept
    page.go_back()
    expect(page.locator("section.scalp")).to_have_count(2)


def test_all_of_it_without_script(page: Page, server: str) -> None:
    context = page.context.browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    plain = context.new_page()
    plain.goto(server + LINK, timeout=NAVIGATION)
    plain.get_by_role("link", name="Next week").click()
    assert "Week 1:" in plain.locator("#said-A").inner_text()
    plain.locator("#week").fill("7")
    plain.get_by_role("button", name="Go").click()
    assert "Week 7:" in plain.locator("#said-A").inner_text()
    assert not plain.locator("#play").is_visible()
    plain.get_by_label("Scalp A").select_option("pattern")
    plain.get_by_role("button", name="Show").click()
    assert "Pattern hair loss" in plain.locator("#scalp-A").inner_text()
    context.close()


@pytest.mark.parametrize(("device", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_axe_finds_nothing_and_nothing_goes_sideways(
    page: Page, server: str, device: str, scheme: str, screenshots: Path
) -> None:
    page.set_viewport_size({"width": WIDTHS[device], "height": 900})
    opened(page, server + LINK + "&week=3")
    page.screenshot(path=screenshots / f"web-follicles-{WIDTHS[device]}.png", full_page=True)
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert faint(page) == []
    clean(page)
