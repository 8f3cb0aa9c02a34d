"""The diary as a person keeps it on a phone: made, written in with few taps, asked about, read, and removed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.browser.test_axe import WIDTHS
from tests.web.seen import clean, outside

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page
    from tests.browser.conftest import Requests

pytestmark = pytest.mark.browser


@pytest.fixture
def diary(server: str, browser_page: Page, diary_folder: Path) -> Page:
    """A phone with an empty diary of its own."""
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto(f"{server}/diary")
    if (diary_folder / "diary.sqlite").exists():
        browser_page.goto(f"{server}/diary/move")
        browser_page.get_by_label("Type the word").fill("remove")
        browser_page.get_by_role("button", name="Remove it for good").click()
    browser_page.get_by_role("button", name="Make the diary").click()
    return browser_page


def test_a_count_and_the_dose_of_every_day_are_a_few_taps(
    diary: Page, requests: Requests, server: str, screenshots: Path
) -> None:
    diary.get_by_label("Hairs").fill("14")  # one number, one tap: the test and the time stand there already
    diary.get_by_role("button", name="Keep, now").click()
    assert diary.get_by_role("status").inner_text().startswith("Kept: Hair count, 14 hairs, comb")
    diary.get_by_role("link", name="Write a dose").click()
    diary.get_by_label("Amount").fill("20")
    diary.get_by_text("More, if known").click()
    diary.get_by_label("Taken").select_option("food")
    diary.get_by_role("button", name="Keep", exact=True).click()
    diary.get_by_role("button", name=re.compile("As the last time: 20 mg, with food")).click()  # from now on, one tap
    diary.get_by_role("alert").wait_for()  # two doses at the same time are asked about
    diary.get_by_role("button", name="Yes, keep it as it is").click()
    diary.get_by_role("button", name="Undo").click()
    diary.get_by_role("link", name=re.compile("Dose taken")).wait_for()  # one, or it is refused
    diary.screenshot(path=screenshots / "web-diary-list-360.png", full_page=True)
    assert not outside(requests, server)


def test_with_the_keyboard_alone(diary: Page) -> None:
    diary.get_by_label("Hairs").focus()
    diary.keyboard.type("11")
    diary.keyboard.press("Enter")
    assert "11 hairs" in diary.get_by_role("status").inner_text()


def test_what_is_doubtful_is_asked_and_what_cannot_be_is_said(diary: Page) -> None:
    diary.get_by_label("Hairs").fill("3000")
    diary.get_by_role("button", name="Keep, now").click()
    assert "Is this right?" in diary.get_by_role("alert").inner_text()
    hairs = diary.get_by_label("Hairs needed")
    assert hairs.input_value() == "3000"
    hairs.fill("30.5")
    diary.get_by_role("button", name="Keep", exact=True).click()
    assert "a whole number" in diary.get_by_role("alert").inner_text()


def test_a_pregnancy_stops(diary: Page, server: str) -> None:
    diary.goto(f"{server}/diary/add/event")
    diary.get_by_label("What").select_option("pregnancy")
    diary.get_by_role("button", name="Keep", exact=True).click()
    assert "Nothing was simulated" in diary.locator("main").inner_text()
    assert diary.locator(".box.stop").is_visible()
    diary.goto(f"{server}/diary/entries")
    assert "There is no such entry" in diary.locator("main").inner_text()


MIXED = b"""kind,at,hairs,method,mg
count,2026-03-01,14,comb,
count,01.03.2026,some,comb,
dose,2026-03-02,,,"20,5"
dose,2026-03-03,,,20
"""


@pytest.mark.parametrize("width", WIDTHS)
def test_a_file_is_shown_row_by_row_before_it_is_kept(diary: Page, server: str, screenshots: Path, width: str) -> None:
    diary.set_viewport_size({"width": WIDTHS[width], "height": 900})
    diary.goto(f"{server}/diary/move")
    diary.set_input_files("#file", {"name": "mine.csv", "mimeType": "text/csv", "buffer": MIXED})
    diary.get_by_role("button", name="Read it").click()
    assert "4 rows: 2 new, 2 that cannot be read" in diary.locator("main").inner_text()
    assert diary.locator(".faults li").count() == 3  # two faults in one row, one in the other
    assert diary.locator(".faults mark").all_inner_texts() == ["01.03.2026", "some", '"20,5"']
    diary.screenshot(path=screenshots / f"web-diary-import-{WIDTHS[width]}.png", full_page=True)
    clean(diary)
    diary.get_by_role("button", name="Keep the 2 new entries, leave 2 rows out").click()
    assert "2 entries were added from the file. 2 rows were left out." in diary.get_by_role("status").inner_text()


def test_a_clinician_sees_which_effluvium(diary: Page, server: str, screenshots: Path) -> None:
    for day, hairs in ((1, 9), (8, 11), (15, 12), (22, 10)):
        count = {"hairs": str(hairs), "method": "comb", "at": f"2026-03-{day:02d}T08:00", "sure": "yes"}
        diary.request.post(f"{server}/diary/add/count", form=count)
    diary.request.post(f"{server}/diary/add/dose", form={"mg": "20", "at": "2026-03-09T20:00"})
    diary.goto(f"{server}/diary")
    assert diary.get_by_role("link", name="Which effluvium").count() == 0
    diary.get_by_role("link", name="to clinician mode").click()
    diary.get_by_role("link", name="Which effluvium").click()
    diary.get_by_text("By design a verdict").wait_for(timeout=300_000)  # the first fit compiles its program
    assert "Cannot tell" in diary.locator("main").inner_text()
    assert "Naranjo" in diary.locator("main").inner_text()
    diary.screenshot(path=screenshots / "web-diary-fit-360.png", full_page=True)
    clean(diary)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "address",
    ["", "/add/count", "/add/lab", "/entries", "/check", "/report?people=20", "/move"],
)
def test_every_page_is_accessible_and_fits(
    diary: Page, server: str, screenshots: Path, width: str, address: str
) -> None:
    for day, hairs in ((1, 9), (8, 11), (15, 12), (22, 10)):
        diary.request.post(
            f"{server}/diary/add/count",
            form={"hairs": str(hairs), "method": "comb", "at": f"2026-03-{day:02d}T08:00", "sure": "yes"},
        )
    diary.set_viewport_size({"width": WIDTHS[width], "height": 900})
    diary.goto(f"{server}/diary{address}")
    name = address.split("?")[0].strip("/").replace("/", "-") or "home"
    diary.screenshot(path=screenshots / f"web-diary-{name}-{WIDTHS[width]}.png", full_page=True)
    clean(diary)
