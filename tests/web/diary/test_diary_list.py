"""The list of entries: fifty on a page, months, and the counts as a figure that is never left on the disk."""

from __future__ import annotations

import html
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from anagen.analysis.charts import svg
from anagen.diary.entries import DoseTaken, ShedCount, Weight
from anagen.diary.store import Diary

FIRST = datetime(2026, 1, 20, 8, tzinfo=UTC)


@pytest.fixture
def full(made: TestClient, folder: Path) -> TestClient:
    """One hundred and thirty entries in five months of two years, by day; every fourth is a weight."""
    days = [FIRST + timedelta(days=i - 30) for i in range(130)]
    with Diary.open(folder) as diary:
        diary.add_all(
            Weight(at=day, kg=70.0 + i / 100) if i % 4 == 3 else ShedCount(at=day, hairs=8 + i % 5, method="comb")
            for i, day in enumerate(days)
        )
    return made


def numbers(page: str) -> list[int]:
    """Entries on a page, in their order."""
    return [int(one) for one in re.findall(r'href="/diary/entry/(\d+)', page.split('<ul class="days">')[1])]


def test_pages_hold_every_entry_once_the_newest_first(full: TestClient) -> None:
    address, seen = "/diary/entries", []
    while address:
        page = full.get(address).text
        assert len(numbers(page)) <= 50
        seen += numbers(page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        address = html.unescape(older[1]) if older else ""
    assert seen == list(range(130, 0, -1))
    assert "page 1 of 3" in full.get("/diary/entries").text
    assert numbers(full.get("/diary/entries?page=99").text) == list(range(30, 0, -1))  # past the last is the last
    assert numbers(full.get("/diary/entries?page=-3").text)[0] == 130
    newer = re.search(r'href="([^"]+)" rel="prev"', full.get("/diary/entries?page=2&mode=clinician").text)
    assert newer
    assert newer[1] == "/diary/entries?mode=clinician"


@pytest.mark.parametrize(("kind", "of_kind"), [("", lambda i: True), ("weight", lambda i: i % 4 == 3)])
def test_a_link_for_each_month_leads_to_its_entries_alone(full: TestClient, kind: str, of_kind: object) -> None:
    page = full.get(f"/diary/entries?kind={kind}").text
    links = re.findall(r'<a href="([^"]+month=(\d{4}-\d{2}))">.*?class="unit">(\d+)<', page)
    days = [FIRST + timedelta(days=i - 30) for i in range(130) if of_kind(i)]  # type: ignore[operator]
    assert {month: int(number) for _, month, number in links} == Counter(f"{day:%Y-%m}" for day in days)
    for address, month, number in links:
        mine = full.get(html.unescape(address)).text
        assert len(numbers(mine)) == int(number)
        assert {day[:7] for day in re.findall(r"<h2>(\d{4}-\d{2}-\d{2})</h2>", mine)} == {month}
        assert f'href="{address}" aria-current="page"' in mine


@pytest.mark.parametrize("month", ["2026", "2026-13", "march", "2026-1", "٢٠٢٦-٠١"])
def test_a_month_that_is_none_is_refused(full: TestClient, month: str) -> None:
    answer = full.get(f"/diary/entries?month={month}")
    assert answer.status_code == 422
    assert "such as 2026-03" in answer.text


def test_the_counts_stand_on_top_of_the_first_page_and_follow_what_is_written(
    full: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: object) -> None:
        raise AssertionError("a person's counts were written to the disk")

    monkeypatch.setattr(svg.kept, "keep", fail)
    first = full.get("/diary/entries").text
    assert 'id="own-counts"' in first
    assert "Counts so far" in first
    assert full.get("/diary/entries").text == first
    for address in ("?page=2", "?kind=weight", "?month=2026-01"):
        assert 'id="own-counts"' not in full.get(f"/diary/entries{address}").text
    with Diary.open(folder) as diary:
        diary.add(DoseTaken(at=FIRST, mg=20.0))
    assert "No two counted weeks in a row were above the limit" in full.get("/diary/entries").text


def test_few_counts_are_no_figure(made: TestClient) -> None:
    for day in (1, 2):
        made.post("/diary/add/count", data={"hairs": "12", "method": "comb", "at": f"2026-03-0{day}T08:00"})
    assert 'id="own-counts"' not in made.get("/diary/entries").text
