"""A trial in a real browser: a fault found while typing, the trial run and followed, read, saved, and cancelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser.test_axe import checked, described
from tests.trial.small_trials import BUSY

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page
    from tests.browser.conftest import Requests

pytestmark = pytest.mark.browser
LONG_MS = 240_000
MOST = "100000"
ENDLESS = BUSY.replace("follow_up_weeks = 24", "follow_up_weeks = 260")
"""With `MOST` people still at it whenever it is cancelled, however quick the machine."""
WIDTHS = {1280: 900, 360: 800}


@pytest.fixture
def page(browser_page: Page, requests: Requests, server: str) -> Iterator[Page]:
    """The browser; at the end nothing was asked elsewhere, and the console is empty but for refusals we tell."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "422" not in message.text:
            said.append(message.text)

    browser_page.on("console", note)
    browser_page.on("pageerror", lambda error: said.append(str(error)))
    yield browser_page
    browser_page.remove_listener("console", note)
    assert said == []
    assert [address for address in requests.off_disk if not address.startswith(server)] == []


def fits(page: Page, screenshots: Path, name: str) -> None:
    """On a desk and on a phone: no rule of axe is broken and nothing scrolls sideways. Leaves a picture of both."""
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=screenshots / f"web-trial-{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not (found := checked(page)["violations"]), described(found)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_trial_from_the_file_to_its_page(page: Page, server: str, screenshots: Path) -> None:
    page.goto(f"{server}/trial")
    fits(page, screenshots, "form")
    text = page.get_by_label("Trial file")
    text.fill(BUSY.replace("then stop", "then stopp"))
    fault = page.locator("#fault")
    fault.wait_for()
    assert "line 14" in fault.inner_text()
    assert "^^^^^" in fault.inner_text()
    assert "line 14" in page.locator("#verdict-said").inner_text()  # read aloud
    fits(page, screenshots, "fault")
    page.get_by_role("button", name="Show line 14").click()
    assert page.evaluate("getSelection().toString()").strip().startswith('"when ALT > 1 x ULN')
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")  # the p too many
    page.locator(".fine").wait_for()
    assert "3,000 simulated adults" in page.locator("#verdict").inner_text()

    page.get_by_label("People").fill("60")
    page.get_by_label("Power").fill("50")
    page.get_by_role("button", name="Check").press("Enter")  # by keyboard
    page.get_by_text("60 simulated adults").wait_for()
    fits(page, screenshots, "check")
    page.get_by_role("button", name="Run the trial").press("Enter")
    page.wait_for_url(re.compile(r"/trial/[0-9a-f]{32}$"))
    assert page.locator("progress").is_visible()
    assert not page.get_by_role("link", name="Look again").is_visible()  # the page follows by itself
    page.locator("#facts").wait_for(timeout=LONG_MS)  # it does, to the end
    assert page.locator("main h1").inner_text() == "Two doses with everything that can happen"
    assert page.locator("#power table").is_visible()
    assert page.locator("#facts thead .mark").count() == 2
    fits(page, screenshots, "result")
    for name, start in (
        ("Numbers", b"{"),
        ("This page", b"<!doctype html>"),
        ("Every person", b"PAR1"),
        ("All files", b"PK"),
    ):
        with page.expect_download() as saving:
            page.get_by_role("link", name=name).click()
        saved = Path(saving.value.path())
        assert saved.read_bytes().startswith(start)

    page.get_by_role("link", name="Change the file and run again").click()
    assert page.get_by_label("People").input_value() == "60"
    assert page.get_by_label("Trial file").input_value() == BUSY
    page.get_by_role("link", name="Two doses with everything").first.click()
    page.get_by_role("button", name="Forget this trial").click()
    page.wait_for_url(f"{server}/trial")


def test_a_trial_is_cancelled(page: Page, server: str, screenshots: Path) -> None:
    mine = ENDLESS.replace("Two doses", "Mine")
    page.goto(f"{server}/trial?mode=clinician")
    file = {"name": "mine.toml", "mimeType": "application/toml", "buffer": mine.encode()}
    page.get_by_label("Open a file").set_input_files(file)  # type: ignore[arg-type]
    page.locator(".fine").wait_for()
    assert page.get_by_label("Trial file").input_value() == mine
    page.get_by_label("People").fill(MOST)
    page.get_by_role("button", name="Run the trial").click()
    page.locator("#job").wait_for()
    fits(page, screenshots, "running")
    page.get_by_role("button", name="Cancel the trial").click()
    page.get_by_text("Cancelled. Nothing of it was kept.").wait_for(timeout=10_000)
    assert "mode=clinician" in page.url
    fits(page, screenshots, "cancelled")
    page.get_by_role("button", name="Forget this trial").click()


def test_people_of_a_file(page: Page, server: str, screenshots: Path) -> None:
    rows = "sex,age_years,weight_kg,alt_u_per_l\nmale,31,82,25\nfemale,24,58.5,old\n"
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.goto(f"{server}/trial")
    text = page.get_by_label("Trial file")
    text.fill(ENDLESS.replace('name = "adults"', 'table = "people.csv"'))
    fault = page.locator("#fault")
    page.get_by_text("was not sent").first.wait_for()
    page.get_by_label("Population file").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_text("row 2, column alt_u_per_l").first.wait_for()
    fits(page, screenshots, "population-fault")
    file["buffer"] = rows.replace("old", "14").encode()
    page.get_by_label("Population file").set_input_files(file)  # type: ignore[arg-type]
    page.locator(".fine").wait_for()
    assert "those of people.csv, 2 rows" in page.locator("#verdict").inner_text()
    text.press("End")
    text.press_sequentially(" ")  # what is typed is checked with the file
    page.wait_for_load_state("networkidle")
    assert fault.count() == 0
    fits(page, screenshots, "population")
    page.get_by_label("People", exact=False).first.fill(MOST)
    page.get_by_role("button", name="Run the trial").click()
    page.locator("#job").wait_for()
    assert "those of people.csv, 2 rows" in page.locator("main").inner_text()
    page.get_by_role("button", name="Cancel the trial").click()
    page.get_by_role("link", name="Change the file and run again").click()
    assert page.get_by_label("people.csv of the trial before").is_checked()
    fits(page, screenshots, "population-again")
    page.get_by_role("button", name="Check").click()
    page.locator(".fine").wait_for()
    page.get_by_label("people.csv of the trial before").uncheck()
    page.get_by_role("button", name="Check").click()
    page.get_by_text("was not sent").first.wait_for()


def test_without_script(browser_page: Page, server: str) -> None:
    context = browser_page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    page = context.new_page()
    page.goto(f"{server}/trial")
    page.get_by_label("Trial file").fill(BUSY.replace("then stop", "then stopp"))
    page.get_by_role("button", name="Check").click()
    assert "line 14" in page.locator("#fault").inner_text()
    page.get_by_label("Trial file").fill(ENDLESS)
    page.get_by_label("People").fill(MOST)
    page.get_by_role("button", name="Run the trial").click()
    page.get_by_role("link", name="Look again").click()
    page.locator("progress").wait_for()
    page.get_by_role("button", name="Cancel the trial").click()
    page.get_by_text("Cancelled. Nothing of it was kept.").wait_for(timeout=10_000)
    page.get_by_role("button", name="Forget this trial").click()
    page.get_by_label("Trial file").wait_for()
    context.close()
