"""What could go wrong for a person who keeps the diary in the browser: a key that is old, a yes to something else, an
undo, a lock that falls while somebody types, words that a file cannot hold."""

from __future__ import annotations

import html
import json
import re
import threading
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from anagen.diary import store
from anagen.diary.entries import Event, ShedCount
from anagen.diary.moment import read_moment
from anagen.diary.store import Diary
from anagen.diary.wipe import wipe
from anagen.errors import InputError
from anagen.web import diary_keys
from anagen.web.diary_keys import DiaryKeys

API = "/api/v1/diary"
COUNT = {"kind": "count", "at": "2026-03-01T08:00+00:00", "hairs": 12, "method": "comb"}
FORM = {"hairs": "3000", "method": "comb", "at": "2026-03-08T08:30"}
PASSPHRASE = "correct horse battery"
HALF = "\ud800"
LOCKED = {"passphrase": PASSPHRASE, "again": PASSPHRASE}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    return {name: html.unescape(value) for name, value in re.findall(r'hidden" name="([^"]+)" value="([^"]*)"', page)}


@pytest.mark.parametrize("passphrase", ["another horse", PASSPHRASE])
def test_a_key_never_writes_into_another_diary(client: TestClient, folder: Path, passphrase: str) -> None:
    client.post("/diary/new", data=LOCKED)
    wipe(folder)
    with Diary.new(folder, passphrase):  # as the command line, or another browser, would
        pass
    assert client.post(f"{API}/entries", json={"entry": COUNT}).status_code == 423
    assert "Unlock" in client.post("/diary/add/count", data={**FORM, "hairs": "14"}).text
    with Diary.open(folder, passphrase) as diary:
        assert diary.history() == ()


def test_again_is_the_same_diary_or_none(folder: Path) -> None:
    with Diary.new(folder) as diary:
        diary.add(ShedCount(at=read_moment("2026-03-01")[0], hairs=12, method="comb"))
        with diary.again() as second:
            assert second.entries() == diary.entries()
        wipe(folder)
        with Diary.new(folder), pytest.raises(InputError, match="another diary"):
            diary.again()


def test_an_undone_change_brings_the_older_text_back(client: TestClient) -> None:
    client.post("/diary/new")
    client.post(f"{API}/entries", json={"entry": COUNT})
    page = client.post("/diary/entry/1", data={"hairs": "13", "method": "comb", "at": COUNT["at"]}).text
    undo = re.search(r'action="([^"]+)"[^>]*><button[^>]*>Undo the change', page)
    assert undo
    client.post(undo[1])
    (entry,) = client.get(f"{API}/entries").json()["entries"]
    assert (entry["hairs"], entry["versions"]) == (12, 3)
    history = client.get(f"{API}/entries/1/history").json()["history"]
    assert [one["entry"]["hairs"] for one in history] == [12, 13, 12]


def test_an_entry_that_was_never_changed_has_nothing_to_bring_back(client: TestClient) -> None:
    client.post("/diary/new")
    client.post(f"{API}/entries", json={"entry": COUNT})
    assert client.post("/diary/entry/1/back").status_code == 422
    assert client.post("/diary/entry/2/back").status_code == 404
    assert len(client.get(f"{API}/entries/1/history").json()["history"]) == 1


@pytest.mark.parametrize("other", [{"hairs": "90000"}, {"at": "2099-03-08T08:30"}])
def test_a_yes_is_to_what_was_shown(client: TestClient, other: dict[str, str]) -> None:
    client.post("/diary/new")
    shown = client.post("/diary/add/count", data=FORM)
    yes = {"sure": "yes", "asked": hidden(shown.text)["asked"]}
    again = client.post("/diary/add/count", data={**FORM, **other, **yes})
    assert again.status_code == 409
    assert client.get(f"{API}/entries").json()["entries"] == []
    assert client.post("/diary/add/count", data={**FORM, **yes}, follow_redirects=False).status_code == 303


def test_a_question_answered_with_yes_is_not_put_again(client: TestClient) -> None:
    client.post("/diary/new")
    client.post(f"{API}/entries", json={"entry": {**COUNT, "at": "2026-03-01T20:00+00:00"}})
    earlier = {"hairs": "14", "method": "comb", "at": "2026-03-01T08:30+00:00"}  # the question is about the later one
    assert client.post("/diary/add/count", data=earlier).status_code == 409
    client.post("/diary/add/count", data={**earlier, "sure": "yes"})
    assert client.get(f"{API}/check").json()["questions"] == []


def test_the_dose_of_the_plan_is_one_tap_until_it_is_written(client: TestClient) -> None:
    client.post("/diary/new")
    client.post("/diary/add/plan", data={"regimen": "20 mg once daily with food for 24 weeks"})
    first = client.get("/diary").text
    assert "As planned: 20 mg, with food, now" in first
    assert "Left out" in first
    tap = hidden(first[first.index('id="h-dose"') :].split("</form>")[0])
    assert client.post("/diary/add/dose", data=tap, follow_redirects=False).status_code == 303
    (dose,) = client.get(f"{API}/entries?kind=dose").json()["entries"]
    assert (dose["mg"], dose["meal"]) == (20.0, "food")
    assert "Today’s doses are written as they were planned" in client.get("/diary").text


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/diary/add/note", {"text": 'a long note with "quotes" & <signs>', "at": "2026-03-08T08:30"}),
        ("/diary/entry/1", {"kind": "count", "hairs": "15", "method": "comb", "at": "2026-03-08T08:30"}),
    ],
)
def test_what_is_typed_survives_the_lock(client: TestClient, address: str, form: dict[str, str]) -> None:
    client.post("/diary/new", data=LOCKED)
    client.post(f"{API}/entries", json={"entry": COUNT})
    client.cookies.clear()  # as after a quarter of an hour
    locked = client.post(address, data=form)
    assert "Unlock" in locked.text
    wrong = client.post("/diary/unlock", data={**hidden(locked.text), "passphrase": "something else"})
    open_again = client.post("/diary/unlock", data={**hidden(wrong.text), "passphrase": PASSPHRASE})
    shown = html.unescape(open_again.text)
    assert f'action="{address}"' in shown
    for value in form.values():
        assert f'value="{value}"' in shown or f">{value}</textarea>" in shown
    assert client.post(address, data=form, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/diary/wipe", "/diary/add/../../x", ""])
def test_unlocking_leads_nowhere_else(client: TestClient, then: str) -> None:
    client.post("/diary/new", data=LOCKED)
    client.post("/diary/lock")
    answer = client.post("/diary/unlock", data={"passphrase": PASSPHRASE, "then": then}, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/diary")


def test_passphrases_are_tried_one_at_a_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = DiaryKeys(folder)
    keys.make(PASSPHRASE)
    waiting: list[int] = []
    at_once = []

    def sleep(seconds: float) -> None:
        waiting.append(1)
        at_once.append(len(waiting))
        threading.Event().wait(0.01)
        waiting.pop()

    monkeypatch.setattr(diary_keys.time, "sleep", sleep)

    def guess() -> None:
        with pytest.raises(InputError):
            keys.unlock("a wrong guess")

    threads = [threading.Thread(target=guess) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert at_once == [1] * 6


def test_a_diary_that_says_pregnant_shows_no_dose_and_can_be_written_in(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/diary/new")
    client.post(f"{API}/entries", json={"entry": {"kind": "dose", "at": "2026-03-01", "mg": 27.5, "meal": "food"}})
    monkeypatch.setattr(store, "stop_if_pregnant", lambda entries: None)  # as an older version could have kept it
    with Diary.open(folder) as diary:
        diary.add(Event(at=read_moment("2026-03-02")[0], what="pregnancy"))
    monkeypatch.undo()
    first = client.get("/diary")
    assert first.status_code == 200
    assert "no dose is shown" in first.text
    for address in ("/diary", "/diary?kept=1"):
        assert "27.5" not in client.get(address).text
    for address in ("/diary/entries", "/diary/entry/1", "/diary/check", "/diary/report", "/diary/export/csv"):
        answer = client.get(address)
        assert answer.status_code == 422
        assert "27.5" not in answer.text
        assert "Never in pregnancy" in answer.text
    for address in ("entries", "check", "entries/1/history", "export"):
        assert client.get(f"{API}/{address}").json()["type"] == "urn:anagen:pregnancy-stop"
    form = {"hairs": "14", "method": "comb", "at": "2026-03-08T08:30"}
    assert client.post("/diary/add/count", data=form, follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("address", "body"),
    [
        *((f"{API}/entries", {"entry": {**COUNT, name: HALF}}) for name in ("kind", "at", "method", "note", HALF)),
        (f"{API}/import", {"name": f"{HALF}.csv", "text": f"kind,at\n{HALF},2026"}),
        (f"{API}/import", {"name": "x.csv", "text": f"kind,at,note,kg\nweight,2026-01-01,{HALF},70"}),
        ("/api/v1/simulate", {"regimen": HALF}),
    ],
)
def test_half_a_character_is_refused_and_no_fault(client: TestClient, address: str, body: dict[str, object]) -> None:
    client.post("/diary/new")
    answer = client.post(address, content=json.dumps(body), headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.text)["status"] == 422
    assert client.get(f"{API}/entries").json()["entries"] == []


def test_nothing_typed_is_in_the_log_or_an_address(
    client: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    caplog.set_level("DEBUG", "anagen")
    secret = "zaubernuss"
    client.post("/diary/new", data={"passphrase": f"{secret}-{secret}", "again": f"{secret}-{secret}"})
    client.post("/diary/add/note", data={"text": secret, "at": "2026-03-08T08:30"})
    client.post("/diary/add/count", data={"hairs": secret, "method": "comb", "at": "2026-03-08T08:30"})
    answer = client.post("/diary/add/count", data={**FORM, "hairs": "41"}, follow_redirects=False)
    assert answer.headers["location"] == "/diary?kept=2"
    client.post(f"{API}/entries", json={"entry": {"kind": "note", "at": "2026-03-09", "text": secret}})
    client.post("/diary/import", files={"file": ("mine.csv", f"kind,at\n{secret},2026".encode(), "text/csv")})
    client.post("/diary/unlock", data={"passphrase": secret})
    assert caplog.records
    assert secret not in caplog.text
