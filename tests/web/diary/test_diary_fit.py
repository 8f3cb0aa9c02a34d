"""The fit of the diary in the browser: there at once, with how long it has been at work; and the same tables as on the
terminal."""

from __future__ import annotations

import re
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from anagen.cli import fit as command
from anagen.errors import InputError
from anagen.web.pages import diary_fit
from anagen.web.work import Full, Left

ADDRESS = "/diary/fit?mode=clinician"
PART = {"hx-request": "true"}
PASSPHRASE = {"passphrase": "correct horse battery", "again": "correct horse battery"}


def made_up(record: Any) -> Any:
    """What a fit gives, without fitting."""
    group = SimpleNamespace(
        doses="10 mg once daily", day=SimpleNamespace(size=30), p05=range(30), p50=range(1, 31), p95=range(2, 32)
    )
    return SimpleNamespace(
        safety=(),
        record=record,
        verdict=SimpleNamespace(in_words="cannot tell", reasons=("few counts",)),
        probability={"none": 0.75, "drug": 0.0004},
        anticipated={"none": 0.6, "drug": 0.25},
        unknowns={"anagen_duration": {"p05": 535.4, "p50": 820.0, "p95": 1244.0, "unit": "d"}},
        forecast=SimpleNamespace(
            method="comb",
            with_drug=(10.0, 12.0, 15.0),
            without_drug=(8.0, 9.0, 10.0),
            difference=(0.0, 3.0, 6.0),
            groups={"halved": group, "other": group},
        ),
        causality=None,
        chains=None,
    )  # fmt: skip


class Slow:
    """In the place of the fit: waits until it is let go, then gives or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.go, self.calls, self.error = threading.Event(), 0, error
        self.ended: list[BaseException | None] = []

    def __call__(self, record: Any, **options: Any) -> Any:
        self.calls += 1
        assert options["mode"] == "clinician"
        options["progress"](0.2)
        assert self.go.wait(60)
        try:
            options["progress"](0.85)
        except BaseException as error:
            self.ended.append(error)
            raise
        if self.error:
            raise self.error
        return made_up(record)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    """A fit that waits."""
    slow = Slow()
    monkeypatch.setattr(diary_fit, "fit", slow)
    return slow


def kept(client: TestClient, hairs: int = 12) -> None:
    form = {"hairs": str(hairs), "method": "comb", "at": f"2026-03-{hairs:02d}T08:00"}
    assert client.post("/diary/add/count", data=form, follow_redirects=False).status_code == 303


def until(client: TestClient, done: str) -> str:
    """Open the page and ask as it does until it is told to show itself anew; then the page."""
    if done in (first := client.get(ADDRESS).text):
        return first
    for _ in range(600):
        answer = client.get(ADDRESS, headers=PART)
        if answer.headers.get("hx-refresh") == "true":
            page = client.get(ADDRESS).text
            assert done in page
            return page
        assert 'id="progress"' in answer.text
        time.sleep(0.02)
    raise AssertionError("it never came")


def test_the_page_is_there_at_once_and_tells_how_long_it_has_been_at_work(made: TestClient, slow: Slow) -> None:
    kept(made)
    first = made.get(ADDRESS)
    assert first.status_code == 200
    for words in ("<progress", "s so far", "Look again", 'hx-get="/diary/fit?mode=clinician"', "Never in pregnancy"):
        assert words in first.text
    assert '<noscript><meta http-equiv="refresh"' in first.text  # without script it asks by itself
    waited = made.get(ADDRESS, headers=PART).text
    assert waited.startswith('<div id="progress"')
    assert slow.calls == 1  # asked three times, begun once
    slow.go.set()
    page = until(made, "By design a verdict")
    assert "meta http-equiv" not in page
    assert slow.calls == 1


def test_it_tells_how_far_it_is(made: TestClient, slow: Slow) -> None:
    kept(made)
    assert '<progress id="progress-bar" max="100" value="20">' in made.get(ADDRESS).text
    slow.go.set()


def test_a_fit_that_is_stopped_ends_and_another_can_be_made(made: TestClient, slow: Slow) -> None:
    kept(made)
    assert 'action="/diary/fit?mode=clinician" method="post"' in made.get(ADDRESS).text
    stopped = made.post("/diary/fit?mode=clinician")
    assert (stopped.status_code, "No fit of this record is being made" in stopped.text) == (200, True)
    assert "Fit the record" in made.get(ADDRESS, headers=PART).text  # another window that waits begins none
    assert slow.calls == 1
    slow.go.set()
    for _ in range(300):
        if slow.ended:
            break
        time.sleep(0.02)
    assert [type(error) for error in slow.ended] == [Left]
    until(made, "By design a verdict")
    assert slow.calls == 2


def test_stopping_what_is_not_there_is_no_error(made: TestClient, slow: Slow) -> None:
    kept(made)
    assert made.post("/diary/fit?mode=clinician").status_code == 200
    slow.go.set()
    until(made, "By design a verdict")
    assert made.post("/diary/fit?mode=clinician").status_code == 200


def test_another_record_is_another_fit_and_reader_mode_begins_none(made: TestClient, slow: Slow) -> None:
    slow.go.set()
    kept(made)
    assert made.get("/diary/fit").status_code == made.post("/diary/fit").status_code == 403
    assert slow.calls == 0
    until(made, "1 counts in 0 days")
    kept(made, 15)
    until(made, "2 counts in 3 days")
    assert slow.calls == 2


def test_an_error_shows_and_the_next_time_it_is_tried_again(made: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = Slow(InputError("the record is too long", expected="fewer years"))
    failing.go.set()
    monkeypatch.setattr(diary_fit, "fit", failing)
    kept(made)
    for times in (1, 2):
        answer = made.get(ADDRESS)
        assert (answer.status_code, "fewer years" in answer.text) == (422, True)
        assert failing.calls == times


def test_without_counts_it_is_refused_at_once(made: TestClient, slow: Slow) -> None:
    answer = made.get(ADDRESS)
    assert answer.status_code == 422
    assert slow.calls == 0


def test_where_all_places_are_taken_it_says_so(made: TestClient, slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*words: object) -> None:
        raise Full

    kept(made)
    monkeypatch.setattr(made.app.state.work, "run", full)  # type: ignore[attr-defined]
    assert made.get(ADDRESS).status_code == 429


def test_a_lock_forgets_the_fit_and_sends_who_waits_to_the_diary(client: TestClient, slow: Slow) -> None:
    slow.go.set()
    client.post("/diary/new", data=PASSPHRASE)
    kept(client)
    until(client, "By design a verdict")
    fits = client.app.state.diary.fits  # type: ignore[attr-defined]
    assert fits.held == 1
    client.post("/diary/lock")
    assert fits.held == 0
    assert client.get(ADDRESS, headers=PART).headers["hx-refresh"] == "true"
    answer = client.get(ADDRESS, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/diary?mode=clinician")


@pytest.mark.parametrize("score", [False, True])
def test_the_terminal_and_the_page_print_the_same_rows(
    made: TestClient, slow: Slow, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, score: bool
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    kept(made)
    found = made_up(SimpleNamespace(counts=[1], first=0, last=0, left_out=()))
    if score:
        asked = SimpleNamespace(points=2, question="Did it come after?", found="yes")
        found.causality = SimpleNamespace(
            naranjo=3, band="possible", who_umc="possible", latency_days=56, latency="fits", base_rate="2 in 100",
            answers=(asked,),
        )  # fmt: skip
    monkeypatch.setattr(diary_fit, "fit", lambda record, **options: found)
    page = " ".join(re.sub("<[^>]+>", " ", made.get(ADDRESS).text).split())
    command._show(found)
    told = " ".join(re.sub("[│┃]", " ", capsys.readouterr().out).split())
    rows = [
        "no effluvium 75.0\u202f% 60.0\u202f%",
        "telogen effluvium by the drug under 0.1\u202f% 25.0\u202f%",
        "anagen duration 820 535 to 1244 d",
        "halved 10 mg once daily 13.0 (12.0 to 14.0) 25.0 (24.0 to 26.0)",
        "expected at 12.0 (10.0 to 15.0) hairs; without the drug at 9.0 (8.0 to 10.0); the difference is 3.0 (0.0",
        "no advice on a dose",
    ]
    rows += ["+2: Did it come after?: yes"] if score else []
    for words in rows:
        assert " ".join(words.split()) in page
        assert " ".join(words.split()) in told
    assert ("56 days: fits" in page) == ("56 days: fits" in told) == bool(score)
    assert "other 10 mg" not in page + told
