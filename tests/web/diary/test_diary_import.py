"""A file in the browser and through the API: shown row by row, kept on a yes; what cannot be read is left out only when
that is said."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from anagen.diary.formats.files import given_text
from anagen.diary.store import Diary

API = "/api/v1/diary"
PASSPHRASE = "correct horse battery"
MIXED = (
    "kind,at,hairs,method,mg,note\n"
    "count,2026-03-01,14,comb,,\n"
    "count,01.03.2026,some,comp,,<b>new</b>\n"
    'dose,2026-03-02,,,"20,5",\n'
    "dose,2026-03-03,,,20,\n"
    "count,2026-03-04,15,comb,,\n"
    "count,2026-03-04,15,comb,,\n"
)


def shown(client: TestClient, text: str, name: str = "mine.csv") -> str:
    """The page that a file gives, as text, with what a browser shows of entities."""
    return html.unescape(client.post("/diary/import", files={"file": (name, text.encode(), "text/csv")}).text)


def keep_of(page: str) -> str:
    """Where the button of a page sends to."""
    found = re.search(r'action="(/diary/import/[^"]+)"', page)
    assert found
    return found[1]


def hairs(client: TestClient) -> list[int]:
    return [one["hairs"] for one in client.get(f"{API}/entries?kind=count").json()["entries"]]


def test_every_row_stands_on_the_page_before_anything_is_kept(made: TestClient) -> None:
    made.post(f"{API}/entries", json={"entry": {"kind": "count", "at": "2026-03-01", "hairs": 14, "method": "comb"}})
    page = shown(made, MIXED)
    assert "mine.csv holds 6 rows: 3 new, 1 in the diary already, 2 that cannot be read. Nothing is kept yet." in page
    given = given_text(MIXED, "mine.csv")  # the same list as the command line's
    faults = [fault for row in given.faulty for fault in row.faults]
    assert len(faults) == 4
    for fault in faults:
        assert fault.message in page
        assert (fault.expected or "") in page
    for marked in ("01.03.2026", "some", "comp", '"20,5"'):
        assert f"<mark>{marked}</mark>" in page
    assert "Write <strong>2026-03-01, or 2026-01-03</strong>" in page  # said, not guessed
    for cells in (("line 5", "2026-03-03", "Dose taken", "20 mg"), ("line 6", "2026-03-04", "Hair count", "15 hairs")):
        row = next(row for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL) if f">{cells[0]}<" in row)
        assert all(cell in row for cell in cells)
    assert "Says the same as line 6" in page
    assert re.search(r">line 2</th>.*entry 1</a>", page)
    assert "<b>new</b>" not in made.post("/diary/import", files={"file": ("m.csv", MIXED.encode())}).text
    assert len(made.get(f"{API}/entries").json()["entries"]) == 1


def test_the_good_rows_are_kept_only_when_that_is_said(made: TestClient, folder: Path) -> None:
    page = shown(made, MIXED)
    assert "Keep the 4 new entries, leave 2 rows out" in page
    assert made.post(keep_of(page)).status_code == 422  # without the field of the button's form
    assert hairs(made) == []
    assert '<input type="hidden" name="skip-faulty" value="yes">' in page
    after = made.post(keep_of(page), data={"skip-faulty": "yes"})
    assert "4 entries were added from the file. 2 rows were left out." in after.text
    assert "Was it written twice?" in after.text
    assert hairs(made) == [14, 15, 15]
    with Diary.open(folder) as diary:
        assert len(diary.history()) == 4
    assert "0 new, 4 in the diary already, 2 that cannot be read" in shown(made, MIXED)
    assert "/diary/import/" not in re.sub(r'action="/diary/import"', "", shown(made, MIXED))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("mine.csv", "knd,at,hiars\ncount,2026-03-01,14\n", ["Write <strong>kind", "Write <strong>hairs"]),
        (
            "mine.csv",
            MIXED + 'count,2026-03-01,14,comb,,"open\n',
            ["quote that does not end", "Rows that could be read"],
        ),
        ("mine.csv", "kind,at,kg\nweight,2026-03-01,x\nweight,2026-03-02,y\n", ["kg is 'x'", "kg is 'y'"]),
        (
            "mine.json",
            '{"anagen_diary": 1, "entries": [{"kind": "cuont"}, 3]}',
            ["Write <strong>count", "it is no table"],
        ),
    ],
)
def test_nothing_is_offered_where_that_is_not_safe(made: TestClient, name: str, text: str, says: list[str]) -> None:
    answer = made.post("/diary/import", files={"file": (name, text.encode())})
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    for words in says:
        assert words in page
    assert 'action="/diary/import/' not in page
    assert made.app.state.diary.read_files == {}  # type: ignore[attr-defined]


def test_many_faults_are_all_listed(made: TestClient) -> None:
    text = "kind,at,kg\n" + "".join(f"weight,2026-03-01,x{i}\n" for i in range(700)) + "weight,2026-03-01,70\n"
    page = shown(made, text)
    assert all(f"<mark>x{i}</mark>" in page for i in range(700))
    assert "Keep the 1 new entry, leave 700 rows out" in page


def test_a_row_that_says_pregnant_stops_the_whole_file(made: TestClient) -> None:
    text = "kind,at,what,kg\nweight,2026-03-01,,70\nevent,31.02.2026,pregnancy,\n"
    answer = made.post("/diary/import", files={"file": ("mine.csv", text.encode())})
    assert answer.status_code == 422
    assert "Nothing was simulated" in answer.text
    body = {"name": "mine.csv", "text": text, "skip_faulty": True}
    assert made.post(f"{API}/import", json=body).json()["type"] == "urn:anagen:pregnancy-stop"
    assert made.get(f"{API}/entries").json()["entries"] == []


def test_the_api_gives_the_same_list_and_wants_the_same_yes(made: TestClient) -> None:
    body = {"name": "mine.csv", "text": MIXED}
    refused = made.post(f"{API}/import", json=body)
    assert refused.status_code == 422
    problem = refused.json()
    assert [row["place"] for row in problem["faulty"]] == ["line 3", "line 4"]
    assert [len(row["faults"]) for row in problem["faulty"]] == [3, 1]
    assert problem["faulty"][1]["faults"][0]["nearest"] == ["20.5"]
    assert problem["can_skip"] is True
    assert hairs(made) == []
    done = made.post(f"{API}/import", json={**body, "skip_faulty": True}).json()
    assert (done["read"], done["numbers"], done["there"]) == (6, [1, 2, 3, 4], [])
    assert done["left_out"] == problem["faulty"]
    again = made.post(f"{API}/import", json={**body, "skip_faulty": True}).json()
    assert (again["numbers"], again["there"]) == ([], [1, 2, 3, 3])
    broken = made.post(f"{API}/import", json={"name": "x.csv", "text": "knd\n", "skip_faulty": True})
    assert (broken.status_code, broken.json()["can_skip"]) == (422, False)


HALVES = [
    '{"anagen_diary": 1, "entries": [{"kind": "weight", "at": "2026-03-01", "kg": 70}, {"kind": "\\ud800", "at": 1}]}',
    '{"anagen_diary": 1, "entries": [{"kind": "weight", "at": "\\ud800", "kg": 70, "\\ud800": 1, "note": "\\ud800"}]}',
    '{"anagen_diary": 1, "\\ud800": 1, "entries": []}',
    '{"anagen_diary": "\\ud800", "entries": ["\\ud800"]}',
]


@pytest.mark.parametrize("text", HALVES)
def test_half_a_character_in_a_file_is_a_fault_of_the_file_alone(made: TestClient, text: str) -> None:
    assert made.post("/diary/import", files={"file": ("mine.json", text.encode())}).status_code in (200, 422)
    for skip in (False, True):
        answer = made.post(f"{API}/import", json={"name": "mine.json", "text": text, "skip_faulty": skip})
        assert answer.status_code == (200 if skip and text == HALVES[0] else 422)
        assert "faulty" in answer.json() or answer.json()["left_out"]


def test_a_lock_forgets_a_file_that_waits(client: TestClient) -> None:
    client.post("/diary/new", data={"passphrase": PASSPHRASE, "again": PASSPHRASE})
    address = keep_of(shown(client, MIXED))
    client.post("/diary/lock")
    assert client.app.state.diary.read_files == {}  # type: ignore[attr-defined]
    client.post("/diary/unlock", data={"passphrase": PASSPHRASE})
    gone = client.post(address, data={"skip-faulty": "yes"})
    assert (gone.status_code, "not held any more" in gone.text) == (422, True)
    assert hairs(client) == []
