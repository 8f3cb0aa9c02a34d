"""The diary's API: one entry with its history, numbers that are none, the yes to a question; and the key's cookie."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from anagen.diary.store import Diary
from anagen.web.app import create_app
from anagen.web.settings import Settings

API = "/api/v1/diary"
COUNT = {"kind": "count", "at": "2026-03-01T08:00+00:00", "hairs": 12, "method": "comb"}
MANY = {**COUNT, "at": "2026-03-02T08:00+00:00", "hairs": 3000}
LOCK = {"passphrase": "correct horse battery", "again": "correct horse battery"}


def test_one_entry_with_its_history(made: TestClient) -> None:
    made.post(f"{API}/entries", json={"entry": COUNT})
    made.put(f"{API}/entries/1", json={"entry": {**COUNT, "hairs": 13}})
    one = made.get(f"{API}/entries/1").json()
    assert {name: one[name] for name in ("number", "versions", "kind", "hairs")} == {
        "number": 1,
        "versions": 2,
        "kind": "count",
        "hairs": 13,
    }
    assert one["history"] == made.get(f"{API}/entries/1/history").json()["history"]
    assert [version["entry"]["hairs"] for version in one["history"]] == [12, 13]
    assert one["safety"][0]["id"] == "pregnancy"


@pytest.mark.parametrize("number", [2, 0, -1, 10**30])
def test_a_number_that_is_none_is_not_found(made: TestClient, number: int) -> None:
    made.post(f"{API}/entries", json={"entry": COUNT})
    answers = [
        made.get(f"{API}/entries/{number}"),
        made.get(f"{API}/entries/{number}/history"),
        made.put(f"{API}/entries/{number}", json={"entry": COUNT}),
        made.delete(f"{API}/entries/{number}"),
    ]
    for answer in answers:
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
        assert answer.json()["type"] == "urn:anagen:no-entry"
        assert str(number) in answer.json()["detail"]
    assert made.get(f"/diary/entry/{number}").status_code == 404
    assert made.post(f"/diary/entry/{number}/withdraw").status_code == 404
    assert len(made.get(f"{API}/entries").json()["entries"]) == 1


def test_what_was_withdrawn_is_not_found_and_keeps_its_history(made: TestClient) -> None:
    made.post(f"{API}/entries", json={"entry": COUNT})
    made.delete(f"{API}/entries/1")
    gone = made.get(f"{API}/entries/1")
    assert (gone.status_code, "withdrawn" in gone.json()["detail"]) == (404, True)
    history = made.get(f"{API}/entries/1/history").json()["history"]
    assert [one["act"] for one in history] == ["written", "withdrawn"]


def test_a_doubtful_entry_is_asked_about_and_kept_on_a_yes(made: TestClient, folder: Path) -> None:
    asked = made.post(f"{API}/entries", json={"entry": MANY})
    assert asked.status_code == 409
    (question,) = asked.json()["questions"]
    assert (question["name"], question["asks"] in asked.json()["detail"]) == ("count-high", True)
    with Diary.open(folder) as diary:
        assert diary.history() == ()
    assert made.post(f"{API}/entries", json={"entry": MANY, "right": True}).status_code == 201
    assert made.get(f"{API}/check").json()["questions"] == []


def test_questions_about_what_stands_are_answered_all_or_none(made: TestClient) -> None:
    text = "kind,at,hairs,method\ncount,2026-03-01,3000,comb\ncount,2026-03-02,4000,comb\ncount,2026-03-03,12,comb\n"
    made.post(f"{API}/import", json={"name": "mine.csv", "text": text})

    def asked() -> list[int]:
        return [one["numbers"][-1] for one in made.get(f"{API}/check").json()["questions"]]

    assert asked() == [1, 2]
    for numbers in ([1, 3], [1, 99], [0]):
        assert made.post(f"{API}/check", json={"right": numbers}).status_code == 422
        assert asked() == [1, 2]
    left = made.post(f"{API}/check", json={"right": [1, 1]}).json()["questions"]
    assert [one["numbers"][-1] for one in left] == asked() == [2]
    made.put(f"{API}/entries/1", json={"entry": {**MANY, "at": "2026-03-01", "hairs": 5000}, "right": True})
    assert asked() == [2]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_key_goes_back_over_tls_only_where_it_came_over_tls(folder: Path, scheme: str) -> None:
    with TestClient(create_app(Settings(diary=folder, warm=False)), base_url=f"{scheme}://localhost") as client:
        made = client.post("/diary/new", data=LOCK, follow_redirects=False)
        locked = client.post("/diary/lock", follow_redirects=False)
        opened = client.post("/diary/unlock", data=LOCK, follow_redirects=False)
        for answer in (made, locked, opened):
            cookie = answer.headers["set-cookie"]
            assert ("Secure" in cookie) == (scheme == "https")
            assert "HttpOnly" in cookie
            assert "SameSite=strict" in cookie
        assert client.get(f"{API}/entries").status_code == 200
