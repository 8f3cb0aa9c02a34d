"""The diary in the browser and through the API: what is written is kept, asked about, changed, moved and removed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from anagen.diary.entries import ShedCount
from anagen.diary.moment import read_moment
from anagen.diary.store import Diary
from anagen.web.diary_keys import IDLE_S, DiaryKeys

API = "/api/v1/diary"
COUNT = {"kind": "count", "at": "2026-03-01T08:00+00:00", "hairs": 12, "method": "comb"}
PASSPHRASE = "correct horse battery"


def test_where_there_is_none_it_is_offered_and_nothing_is_made(client: TestClient, folder: Path) -> None:
    assert "Make the diary" in client.get("/diary").text
    assert client.get(f"{API}/entries").json()["type"] == "urn:anagen:no-diary"
    answer = client.get("/diary/entries", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/diary")
    assert not folder.exists()


def test_an_entry_of_the_form_is_in_the_file_when_it_is_answered(made: TestClient, folder: Path) -> None:
    form = {"hairs": "14", "method": "comb", "at": "2026-03-08T08:30"}
    answer = made.post("/diary/add/count", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/diary?kept=1")
    with Diary.open(folder) as diary:
        (kept,) = diary.entries()
    assert kept.entry == ShedCount(at=read_moment("2026-03-08T08:30")[0], hairs=14, method="comb")
    page = made.get("/diary?kept=1").text
    assert "Kept: <strong>Hair count</strong>, 14 hairs, comb" in page


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("dose", {"mg": "20", "meal": "food", "product": "roaccutane"}),
        ("dose", {"mg": "0"}),
        ("planned-dose", {"mg": "20"}),
        ("plan", {"regimen": "20 mg once daily with food for 24 weeks"}),
        ("count", {"hairs": "30", "method": "wash", "interval_h": "72", "protocol": "kept", "club": "20"}),
        ("pull", {"hairs": "3", "pulled": "55"}),
        ("trichogram", {"anagen": "82", "telogen": "15"}),
        ("scale", {"scale": "sinclair", "grade": "4"}),
        ("symptom", {"name": "itch", "grade": "2"}),
        ("lab", {"name": "ferritin", "value": "24", "unit": "ug/L", "low": "15", "high": "150", "fasting": "yes"}),
        ("level", {"ng_per_ml": "312", "hours_after_dose": "4"}),
        ("event", {"what": "fever", "days": "4", "temperature_c": "39.2", "name": "flu"}),
        ("weight", {"kg": "70.5"}),
        ("photo", {"view": "crown"}),
        ("note", {"text": "new shampoo"}),
    ],
)
def test_every_kind_has_a_form_that_keeps_it_and_shows_it_again(
    made: TestClient, kind: str, form: dict[str, str]
) -> None:
    page = made.get(f"/diary/add/{kind}").text
    for name in form:
        assert f'name="{name}"' in page
    answer = made.post(f"/diary/add/{kind}", data={**form, "at": "2026-03-08T08:30"}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    again = made.get("/diary/entry/1").text
    for value in form.values():
        assert f'value="{value}"' in again or f">{value}<" in again
    assert made.get("/diary/entries").text.count('class="entries"') == 1


def test_what_is_doubtful_is_asked_and_kept_on_a_second_yes(made: TestClient, folder: Path) -> None:
    form = {"hairs": "3000", "method": "comb", "at": "2026-03-08T08:30"}
    asked = made.post("/diary/add/count", data=form)
    assert asked.status_code == 409
    assert "Is this right?" in asked.text
    assert 'value="3000"' in asked.text  # nothing typed is lost
    with Diary.open(folder) as diary:
        assert diary.entries() == ()
    kept = made.post("/diary/add/count", data={**form, "sure": "yes"}, follow_redirects=False)
    assert kept.status_code == 303
    assert "No questions about the 1 entries" in made.get("/diary/check").text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"hairs": "many", "method": "comb"}, "many"),
        ({"hairs": "-1", "method": "comb"}, "-1"),
        ({"hairs": "12"}, "method"),
        ({"hairs": "12", "method": "brush"}, "brush"),
        ({"hairs": "1,2", "method": "comb"}, "1,2"),
        ({"hairs": "12", "method": "comb", "at": "31/02/2026"}, "31/02/2026"),
        ({"hairs": "12", "method": "comb", "club": "13"}, "more than hairs"),
        ({"hairs": "9" * 500, "method": "comb"}, "hairs"),
        ({"hairs": "12", "method": "comb", "note": "a\0b"}, "note"),
    ],
)
def test_what_cannot_be_is_refused_beside_what_was_typed(made: TestClient, form: dict[str, str], says: str) -> None:
    answer = made.post("/diary/add/count", data=form)
    assert answer.status_code == 422
    assert says in answer.text
    assert made.get(f"{API}/entries").json()["entries"] == []


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("event", {"what": "pregnancy"}),
        ("note", {"text": "I am pregnant"}),
        ("weight", {"kg": "70", "note": "pregnant"}),
    ],
)
def test_pregnancy_stops_and_is_not_written(made: TestClient, folder: Path, kind: str, form: dict[str, str]) -> None:
    answer = made.post(f"/diary/add/{kind}", data=form)
    assert answer.status_code == 422
    assert "Never in pregnancy" in answer.text
    given = made.post(f"{API}/entries", json={"entry": {"kind": kind, "at": "2026-03-01", **form}}).json()
    assert given["type"] in ("urn:anagen:pregnancy-stop", "urn:anagen:input-error")
    with Diary.open(folder) as diary:
        assert diary.history() == ()


def test_change_withdraw_and_history_by_the_api(made: TestClient) -> None:
    first = made.post(f"{API}/entries", json={"entry": COUNT})
    assert (first.status_code, first.json()["number"]) == (201, 1)
    changed = made.put(f"{API}/entries/1", json={"entry": {**COUNT, "hairs": 13}})
    assert (changed.json()["hairs"], changed.json()["versions"]) == (13, 2)
    history = made.get(f"{API}/entries/1/history").json()["history"]
    assert [(one["act"], one["entry"]["hairs"]) for one in history] == [("written", 12), ("changed", 13)]
    assert made.delete(f"{API}/entries/1").status_code == 204
    assert made.get(f"{API}/entries").json()["entries"] == []
    assert made.put(f"{API}/entries/1", json={"entry": COUNT}).status_code == 404
    doubtful = made.post(f"{API}/entries", json={"entry": {**COUNT, "hairs": 3000}})
    assert (doubtful.status_code, doubtful.json()["questions"][0]["name"]) == (409, "count-high")
    assert made.post(f"{API}/entries", json={"entry": {**COUNT, "hairs": 3000}, "right": True}).status_code == 201


def test_a_passphrase_locks_and_no_hint_is_given(client: TestClient, folder: Path) -> None:
    assert client.post("/diary/new", data={"passphrase": "a", "again": "b"}).status_code == 422
    made = client.post("/diary/new", data={"passphrase": PASSPHRASE, "again": PASSPHRASE}, follow_redirects=False)
    assert "HttpOnly" in made.headers["set-cookie"]
    assert "SameSite=strict" in made.headers["set-cookie"]
    client.post(f"{API}/entries", json={"entry": COUNT})
    client.post("/diary/lock")
    assert client.get(f"{API}/entries").status_code == 423
    assert "Unlock" in client.get("/diary").text
    wrong = client.post("/diary/unlock", data={"passphrase": PASSPHRASE + "x"})
    assert wrong.status_code == 422
    assert "12" not in re.sub(r'(?s)<head>.*?</head>|/static/[^"]+', "", wrong.text)
    client.post("/diary/unlock", data={"passphrase": PASSPHRASE})
    assert client.get(f"{API}/entries").json()["entries"][0]["hairs"] == 12
    client.cookies.clear()  # another browser
    assert client.get(f"{API}/entries").status_code == 423


def test_a_key_ends_when_it_is_not_used(folder: Path) -> None:
    time = [0.0]
    keys = DiaryKeys(folder, clock=lambda: time[0])
    name = keys.make(PASSPHRASE)
    time[0] += IDLE_S - 1
    assert keys.state(name) == "open"
    time[0] += IDLE_S - 1
    assert keys.state(name) == "open"  # it was used
    time[0] += IDLE_S + 1
    assert keys.state(name) == "locked"


def test_import_shows_first_and_keeps_on_a_yes(made: TestClient) -> None:
    text = "kind,at,hairs,method\ncount,2026-03-01,12,comb\ncount,2026-03-08,14,comb\n"
    shown = made.post("/diary/import", files={"file": ("mine.csv", text.encode("utf-8-sig"), "text/csv")})
    assert "holds 2 rows: 2 new" in shown.text
    assert made.get(f"{API}/entries").json()["entries"] == []
    found = re.search(r'action="(/diary/import/[^"]+)"', shown.text)
    assert found
    made.post(found[1])
    assert [one["hairs"] for one in made.get(f"{API}/entries").json()["entries"]] == [12, 14]
    assert made.post(found[1]).status_code == 422  # only once
    again = made.post(f"{API}/import", json={"name": "mine.csv", "text": text}).json()
    assert (again["read"], again["numbers"]) == (2, [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mine.csv", b"\xff\xfe\x00"),
        ("mine.csv", b"kind,at\ncount"),
        ("mine.json", b"{"),
        ("mine.exe", b"MZ"),
        ("../../etc/passwd", b"root"),
        ("mine.json", b"[" * 100_000),
        ("mine.csv", b""),
    ],
)
def test_a_broken_file_is_refused_whole(made: TestClient, name: str, content: bytes) -> None:
    assert made.post("/diary/import", files={"file": (name, content, "text/csv")}).status_code == 422
    assert made.get(f"{API}/entries").json()["entries"] == []


@pytest.mark.parametrize("form", ["csv", "json", "fhir"])
def test_an_export_reads_back_and_leaves_own_words_out(made: TestClient, form: str) -> None:
    made.post(f"{API}/entries", json={"entry": {**COUNT, "note": "at my mother's"}})
    text = made.get(f"/diary/export/{form}").text
    assert "mother" not in text
    assert "mother" in made.get(f"/diary/export/{form}?words=true").text
    name = "mine.csv" if form == "csv" else "mine.json"
    assert made.post(f"{API}/import", json={"name": name, "text": text}).json()["read"] == 1


def test_removal_wants_the_word(made: TestClient, folder: Path) -> None:
    assert made.post("/diary/wipe", data={"word": "yes"}).status_code == 422
    assert (folder / "diary.sqlite").exists()
    made.post("/diary/wipe", data={"word": "remove"})
    assert not folder.exists()


def test_reader_mode_names_no_cause(made: TestClient) -> None:
    answer = made.get("/diary/fit")
    assert answer.status_code == 403
    assert "clinician" in answer.text


def test_the_report_is_the_description_of_the_command_line(made: TestClient) -> None:
    for week in range(1, 9):
        entry = {**COUNT, "at": f"2026-0{1 + week // 5}-{1 + 7 * (week % 4):02d}T08:00+00:00", "hairs": 8 + week}
        made.post(f"{API}/entries", json={"entry": entry, "right": True})
    given = made.post(f"{API}/report", json={"people": 20}).json()
    page = made.get("/diary/report?people=20").text
    assert given["says"]
    for sentence in given["says"][:2]:
        assert sentence.split(":")[0] in page
    assert "Questions for the visit" in page
    assert "<!doctype html>" in made.get("/diary/report?people=20&file=true").text


def test_many_at_once_and_another_process_lose_nothing(made: TestClient, folder: Path) -> None:
    def write(start: int) -> None:
        for hairs in range(start, start + 10):
            made.post(f"{API}/entries", json={"entry": {**COUNT, "hairs": hairs}, "right": True})

    threads = [threading.Thread(target=write, args=(10 * i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    with Diary.open(folder) as other:  # as the command line would, beside
        for hairs in range(100, 110):
            other.add(ShedCount(at=read_moment("2026-03-02")[0], hairs=hairs, method="comb"))
    for thread in threads:
        thread.join()
    with Diary.open(folder) as diary:
        found = sorted(kept.entry.hairs for kept in diary.entries() if isinstance(kept.entry, ShedCount))
    assert found == [*range(40), *range(100, 110)]


def test_a_server_that_is_killed_has_lost_nothing_it_confirmed(folder: Path) -> None:
    with Diary.new(folder):
        pass
    command = [sys.executable, "-m", "anagen", "serve", "--port", "0", "--quiet", "--diary", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found
        for hairs in range(12):
            form = urllib.parse.urlencode(
                {"hairs": hairs, "method": "day", "at": f"2026-03-{1 + hairs:02d}", "sure": "yes"}
            )
            with urllib.request.urlopen(f"{found[0]}diary/add/count", form.encode(), timeout=60) as answer:
                assert answer.status == 200
        server.send_signal(signal.SIGKILL)
    with Diary.open(folder) as diary:
        assert len(diary.entries()) == 12
