"""What people ask (the twenty jobs), each done in a browser as a person would do it, from the first screen on.

Small groups of people, so that the sentences are looked for and not their numbers. `run` says which are simulated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect
from tests.web.seen import outside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page
    from tests.browser.conftest import Requests

pytestmark = pytest.mark.browser
RUN = {"people": "20", "weeks": "12"}
DAILY = "20 mg once daily with food for 8 weeks"
SLOW = 240_000  # milliseconds: the first run of a horizon compiles its program


@pytest.fixture
def start(browser_page: Page, server: str, requests: Requests) -> Iterator[Page]:
    """The first screen, of a small group."""
    browser_page.set_default_navigation_timeout(SLOW)
    browser_page.set_default_timeout(SLOW)
    browser_page.goto(f"{server}/?{urlencode(RUN)}")
    yield browser_page
    browser_page.set_default_timeout(30_000)
    assert not outside(requests, server)


def main_text(page: Page) -> str:
    return page.locator("main").inner_text()


def explore(page: Page, server: str, *regimens: str, **more: str) -> None:
    page.goto(f"{server}/explore?{urlencode([*(('regimen', one) for one in regimens), *RUN.items(), *more.items()])}")


# --- Before starting -------------------------------------------------------------------------------------------------


def test_01_what_does_it_do_and_how_sure(start: Page) -> None:
    start.get_by_label("A regimen, in words").fill(DAILY)
    start.get_by_role("button", name="Simulate").click()
    expect(start.get_by_role("heading", name=re.compile("Facts box"))).to_be_visible()
    assert re.search(r"\d+ of 100", main_text(start))  # frequency
    assert "90 of 100 people" in main_text(start)  # and range


def test_02_is_this_claim_true(start: Page) -> None:
    start.get_by_role("link", name="Is it true what people write?").click()
    start.get_by_label("Words in a claim").fill("zinc")
    start.get_by_role("button", name="Search").click()
    start.get_by_role("link", name=re.compile("zinc", re.IGNORECASE)).first.click()
    assert re.search("Supported|Partly|Unclear|Contradicted|Not studied|Safety rule", main_text(start), re.IGNORECASE)
    assert "What would change" in main_text(start)


def test_03_which_questions_to_ask(start: Page, server: str) -> None:
    start.goto(f"{server}/analysis?{urlencode({'regimen': DAILY, **RUN})}")
    expect(start.get_by_role("heading", name=re.compile("Questions"))).to_be_visible(timeout=SLOW)


# --- Choosing words with the doctor ----------------------------------------------------------------------------------


def test_04_daily_every_other_day_or_split(start: Page) -> None:
    start.get_by_role("link", name=re.compile("20 mg a day, 10 mg every other day")).click()
    expect(start.get_by_role("heading", name=re.compile("The regimens in the same people"))).to_be_visible()
    assert re.search(r"lower with [A-C].* in \d+ of \d+ people", main_text(start))
    assert not re.search(r"\b(switch|choose|better|best|recommend)", main_text(start), re.IGNORECASE)


def test_05_does_food_matter(start: Page) -> None:
    start.get_by_role("link", name="Does food matter?").click()
    expect(
        start.get_by_text("Known failure of the model: fasted doses").or_(start.get_by_text("fasted doses")).first
    ).to_be_visible()


def test_06_what_if_three_days_are_missed(start: Page) -> None:
    start.get_by_role("link", name="What if three days are missed?").click()
    expect(start.get_by_text("off 3 days").first).to_be_visible()
    assert "Difference in the middle person" in main_text(start)


def test_07_the_total_dose_is_a_counter_and_no_target(start: Page, server: str) -> None:
    explore(start, server, DAILY)
    part = start.locator("section", has=start.get_by_role("heading", name=re.compile("Counter"))).last
    assert "mg/kg" in part.inner_text()
    assert "no target" in part.inner_text()


# --- While taking ----------------------------------------------------------------------------------------------------


def test_08_when_shedding_starts_peaks_and_ends(start: Page) -> None:
    start.get_by_role("link", name=re.compile("When would shedding")).click()
    week = start.get_by_role("spinbutton", name=re.compile("Week"))
    week.fill("8")
    week.press("Enter")
    expect(start.get_by_text(re.compile("Week 8: of 200 follicles")).first).to_be_visible()
    assert "Hairs shed each day" in main_text(start)


@pytest.fixture
def diary(start: Page, server: str) -> Page:
    """A diary with counts, doses, labs, a fever and a supplement."""
    start.goto(f"{server}/diary")
    if start.get_by_role("button", name="Make the diary").count() == 0:  # of another test
        start.goto(f"{server}/diary/move")
        start.get_by_label("Type the word").fill("remove")
        start.get_by_role("button", name="Remove it for good").click()
    start.get_by_role("button", name="Make the diary").click()

    def keep(kind: str, day: str, **form: str) -> None:
        start.request.post(f"{server}/diary/add/{kind}", form={**form, "at": f"{day}T08:00", "sure": "yes"})

    for place in range(16):
        month, day = divmod(place, 4)
        keep(
            "count", f"2026-0{3 + month}-{1 + 7 * day:02d}", hairs=str(10 + place % 3 + 8 * (place > 9)), method="comb"
        )
    keep("dose", "2026-04-10", mg="20", meal="food")
    keep("dose", "2026-04-11", mg="20", meal="food")
    keep("lab", "2026-05-02", name="triglycerides", value="171", unit="mg/dL", low="0", high="150")
    keep("event", "2026-04-01", what="fever", days="3")
    keep("event", "2026-04-05", what="supplement", name="zinc")
    start.goto(f"{server}/diary/report?{urlencode(RUN)}")
    return start


def test_09_could_it_be_something_else(diary: Page) -> None:
    part = diary.locator("#happened-part").inner_text()
    assert "ever" in part  # the fever, by date
    assert not re.search(r"\b(caused|because of|due to)\b", main_text(diary))


def test_10_is_my_count_really_up(diary: Page) -> None:
    assert re.search(r"Your own usual, from \d+ counts", main_text(diary))
    assert "two counted weeks in a row" in main_text(diary)


def test_11_what_do_my_labs_mean(diary: Page) -> None:
    row = diary.get_by_role("row", name=re.compile("triglycerides"))
    assert "0 to 150: above" in row.inner_text()
    assert re.search(r"\d+ \(\d+ to \d+\)", row.inner_text())  # simulated people then


def test_12_which_supplements_were_tried(start: Page, server: str) -> None:
    explore(start, server, DAILY, supplement="vitamin-a")
    expect(start.get_by_text(re.compile("vitamin A", re.IGNORECASE)).first).to_be_visible()
    assert "vitamin A" in start.locator("body").inner_text()


# --- For the doctor --------------------------------------------------------------------------------------------------


def test_13_two_pages_to_take_along(diary: Page) -> None:
    diary.emulate_media(media="print")
    pdf = diary.pdf(prefer_css_page_size=True, print_background=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", pdf)) <= 3  # two, and a third where sources run over
    assert "Questions for the visit" in main_text(diary)


def test_14_and_15_which_effluvium_and_how_likely_the_drug(diary: Page, server: str) -> None:
    assert diary.request.get(f"{server}/diary/fit").status == 403
    diary.get_by_role("link", name="to clinician mode").click()
    diary.get_by_role("link", name="Which effluvium").click()
    diary.get_by_text("By design a verdict").wait_for(timeout=300_000)  # the first fit compiles its program
    for said in ("Naranjo", "WHO-UMC", "Latency", "Base rate", "effluvium by the drug"):
        assert said in main_text(diary)


def test_16_labs_and_the_share_that_crosses_limits(start: Page, server: str) -> None:
    explore(start, server, DAILY)
    assert re.search(r"Triglycerides \(a blood fat\) above 150 mg/dL", main_text(start))
    assert re.search(r"ALT \(a liver enzyme\) above", main_text(start))


def test_17_which_dose_was_studied_in_dermatitis(start: Page, server: str) -> None:
    start.goto(f"{server}/claims?q=dermatitis")
    start.get_by_role("link", name=re.compile("dermatitis", re.IGNORECASE)).first.click()
    assert re.search(r"dose: .*mg", main_text(start))


# --- For the researcher, and for all ---------------------------------------------------------------------------------


def test_18_reproduce_and_find_the_parameters(start: Page, server: str) -> None:
    explore(start, server, DAILY)
    start.get_by_text("On the command line, and in Python").click()
    assert "anagen simulate" in main_text(start)
    start.goto(f"{server}/methods/parameters?q=clearance")
    assert "clearance" in main_text(start)


def test_19_test_a_hypothesis(start: Page, server: str) -> None:
    explore(start, server, DAILY)
    start.locator("summary", has_text="Claims to assume").click()
    start.get_by_label(re.compile("anagen effluvium")).check()
    expect(start.get_by_text(re.compile("ASSUMED, not shown")).first).to_be_visible(timeout=SLOW)


def test_20_plan_a_trial_and_its_power(start: Page, server: str) -> None:
    start.goto(f"{server}/trial")
    start.get_by_role("button", name="Check").click()
    expect(start.get_by_text(re.compile("Visits|visits")).first).to_be_visible()
    assert start.get_by_label(re.compile("Power")).count() == 1


def test_21_can_it_be_trusted_and_is_it_current(start: Page) -> None:
    start.get_by_role("link", name="Can these numbers be trusted?").click()
    assert re.search(r"Of \d+ results of studies", main_text(start))
    assert "known to fail" in main_text(start)
    assert re.search(r"Version \d", main_text(start))
