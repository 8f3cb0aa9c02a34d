"""Trials through the API and the pages: checked, run, followed, fetched, refused; with the numbers of `run_trial`."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.trial.small_trials import BUSY

from anagen.interchange.results.json_file import json_text
from anagen.trial.file import EXAMPLE, parse_trial
from anagen.trial.run import run_trial
from anagen.web.app import create_app
from anagen.web.settings import Settings

PEOPLE = 60
ASKED = {"trial": BUSY, "people": PEOPLE, "power": [50]}
PATHS = [
    "/etc/passwd",
    "people.csv",
    "../../x.toml",
    "population.toml",
    "/proc/self/environ.csv",
    "\\\\\\\\host\\\\x.csv",
]


def until(true: Callable[[], object], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def state(client: TestClient, id: str) -> str:
    return str(client.get(f"/api/v1/trials/{id}").json()["state"])


@pytest.fixture(scope="module")
def done(client: TestClient) -> str:
    """The id of a trial that was run."""
    given = client.post("/api/v1/trials", json=ASKED)
    assert given.status_code == 202
    id = given.json()["id"]
    assert given.headers["location"] == f"/api/v1/trials/{id}"
    until(lambda: state(client, id) not in ("waiting", "running"))
    return str(id)


def test_the_result_is_that_of_run_trial(client: TestClient, done: str) -> None:
    asked = client.get(f"/api/v1/trials/{done}")
    assert asked.json()["state"] == "done", asked.text
    given = client.get(f"/api/v1/trials/{done}/result")
    direct = run_trial(parse_trial(BUSY).with_people(PEOPLE), power=(50,)).to_json()
    found = given.json()
    assert found["provenance"]["command"] == "trial"
    assert len(found["provenance"]["seal"]) == 64
    assert json_text({**found, "provenance": 0}) == json_text({**direct, "provenance": 0})
    assert given.text == json_text(found)  # compact, as `anagen trial --json` prints


def test_the_files_are_those_of_the_command_line(client: TestClient, done: str) -> None:
    here = f"/trial/{done}/files"
    packed = zipfile.ZipFile(io.BytesIO(client.get(f"{here}/results.zip").content))
    assert packed.testzip() is None
    names = set(packed.namelist())
    single = ("trial.html", "trial.json", "trial.toml", "people.parquet")
    assert {f"results/{name}" for name in (*single, "manifest.json", "parts/part-00000.people.parquet")} <= names
    assert not any(".lock" in name for name in names)
    for name in single:
        answer = client.get(f"{here}/{name}")
        assert answer.content == packed.read(f"results/{name}")
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    people = polars.read_parquet(io.BytesIO(packed.read("results/people.parquet")))
    assert people["person"].to_list() == list(range(PEOPLE))
    assert packed.read("results/trial.toml").decode() == BUSY


@pytest.mark.parametrize("name", ["manifest.json", ".lock", "..%2f..%2fx", "%2e%2e", "parts", "trial.toml%00"])
def test_no_other_file_is_given(client: TestClient, done: str, name: str) -> None:
    assert client.get(f"/trial/{done}/files/{name}").status_code == 404


def test_the_page_of_the_trial_stands_in_the_frame(client: TestClient, done: str) -> None:
    page = client.get(f"/trial/{done}").text
    own = client.get(f"/trial/{done}/files/trial.html").text
    body = page.split("<body", 1)[1]
    assert body.index('class="box stop"') < body.index("<h1")
    first, last = '<section id="arms"', '<dl class="provenance">'  # what repeats it is said as the file says it
    assert page[page.index(first) : page.index(last)] == own[own.index(first) : own.index(last)]
    assert "<style" not in page
    assert 'style="' not in page


def test_events_tell_how_far_it_is_and_end(client: TestClient, done: str) -> None:
    answer = client.get(f"/api/v1/trials/{done}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = [block for block in answer.text.split("\n\n") if block]
    assert blocks[0].startswith("retry: ")
    fields = dict(line.split(": ", 1) for line in blocks[-1].split("\n"))
    assert fields["event"] == "end"
    assert json.loads(fields["data"])["state"] == "done"
    again = client.get(f"/api/v1/trials/{done}/events", headers={"last-event-id": fields["id"]})
    assert again.status_code == 204  # a browser asks no more
    before = client.get(f"/api/v1/trials/{done}/events", headers={"last-event-id": "1"})
    assert "event: end" in before.text


def test_it_is_listed_on_the_page_and_in_the_api(client: TestClient, done: str) -> None:
    assert done in [one["id"] for one in client.get("/api/v1/trials").json()]
    assert f"/trial/{done}" in client.get("/trial").text
    again = client.get(f"/trial?again={done}").text
    assert "Two doses with everything that can happen" in again
    assert f'name="people" value="{PEOPLE}"' in again
    assert 'name="power" value="50"' in again


def test_check_says_what_a_trial_will_do(client: TestClient) -> None:
    given = client.post("/api/v1/trials/check", json={"trial": EXAMPLE, "people": 300}).json()
    assert given["says"][0] == "300 simulated adults, the same in each of 3 arms, are followed for 52 weeks."
    assert given["arms"][2]["rules"][1] == "when ALT > 3 x ULN then stop"
    assert given["safety"][0]["id"] == "pregnancy"
    page = client.post("/trial/check", data={"trial": EXAMPLE}).text
    assert "The file can be run." in page
    assert page.count("Never in pregnancy") >= 5  # box, strip, footer, and each arm
    part = client.post("/trial/check", data={"trial": EXAMPLE}, headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert part.count('class="mark"') == 3


@pytest.mark.parametrize(
    ("text", "line", "marked"),
    [
        (EXAMPLE.replace("then stop", "then stopp"), 27, "stopp"),
        (EXAMPLE.replace("10 mg every other day with", "10 mgg every other day with"), 20, "mgg"),
        (EXAMPLE.replace("people = 2000", "peple = 2000"), 4, "peple"),
        (EXAMPLE.replace("seed = 1", "seed = -1"), 5, "-1"),
        (EXAMPLE.replace('process = "clustered"', 'process = "clusterd"'), 33, '"clusterd"'),
    ],
)
def test_a_fault_is_told_with_line_and_caret(client: TestClient, text: str, line: int, marked: str) -> None:
    given = client.post("/api/v1/trials/check", json={"trial": text})
    assert given.status_code == 422
    said = given.json()
    assert f"trial.toml, line {line}: " in said["title"]
    where = said["where"]
    assert where["text"][where["column"] : where["column"] + where["length"]] == marked
    assert where["text"] == text.split("\n")[line - 1]
    assert said["expected"]
    page = client.post("/trial", data={"trial": text}, follow_redirects=False)
    assert page.status_code == 422  # nothing was run, and what was typed is still there
    assert f"trial.toml, line {line}: " in page.text
    assert "^" * len(marked) in page.text


@pytest.mark.parametrize("key", ["file", "table"])
@pytest.mark.parametrize("path", PATHS)
def test_no_path_in_a_trial_file_is_read(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, key: str, path: str
) -> None:
    from pathlib import Path

    text = EXAMPLE.replace('name = "adults"', f'{key} = "{path}"')
    client.post("/api/v1/trials/check", json={"trial": EXAMPLE})  # what is loaded once is loaded
    touched: list[str] = []
    for name in ("is_file", "exists", "stat", "open", "read_text", "read_bytes", "iterdir"):
        original = getattr(Path, name)

        def watched(self: Path, *args: Any, _original: Any = original, **more: Any) -> Any:
            touched.append(str(self))
            return _original(self, *args, **more)

        monkeypatch.setattr(Path, name, watched)
    given = client.post("/api/v1/trials", json={"trial": text})
    monkeypatch.undo()
    assert given.status_code == 422
    assert "is not read here" in given.json()["title"]
    assert not [one for one in touched if one.endswith(path.rsplit("/", 1)[-1])]


@pytest.mark.parametrize(
    "more",
    [{"people": 100_001}, {"people": 0}, {"seed": -1}, {"seed": 2**32}, {"power": [1]}, {"power": [50] * 21},
     {"mode": "doctor"}, {"trial": ""}, {"trial": "x" * 100_001}, {"path": "trial.toml"},
     {"trial": "a=" + "[" * 50_000}, {"trial": "a" + ".a" * 20_000 + "=1"}, {"trial": "seed=" + "9" * 5_000},
     {"trial": "seed=0x" + "f" * 50_000}, {"trial": "\x00"}, {"trial": "\ud800"}],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(client: TestClient, more: dict[str, Any]) -> None:
    body = json.dumps({"trial": EXAMPLE, **more})
    for address in ("/api/v1/trials", "/api/v1/trials/check"):
        given = client.post(address, content=body, headers={"content-type": "application/json"})
        assert given.status_code in (400, 422), given.text[:300]
        assert given.headers["content-type"] == "application/problem+json"


@given(st.integers(0, len(EXAMPLE) - 1), st.integers(0, 40), st.text(max_size=12))
@settings(deadline=None, max_examples=60)
def test_a_file_changed_anywhere_is_run_or_refused_in_words(client: TestClient, at: int, cut: int, typed: str) -> None:
    text = EXAMPLE[:at] + typed + EXAMPLE[at + cut :]
    given = client.post("/trial/check", data={"trial": text}, headers={"hx-request": "true"})
    assert given.status_code in (200, 422)
    assert "The file can be run" in given.text or "problem" in given.text


@pytest.mark.parametrize(
    "fields",
    [{"people": "many"}, {"people": "1e3"}, {"people": "-5"}, {"people": "100001"}, {"seed": "x"}, {"power": "1"},
     {"power": "50;100"}, {"power": "٣"}, {"trial": ""}],
)  # fmt: skip
def test_the_form_says_what_a_field_wants(client: TestClient, fields: dict[str, str]) -> None:
    given = client.post("/trial", data={"trial": EXAMPLE, **fields}, follow_redirects=False)
    assert given.status_code == 422
    assert "Expected:" in given.text
    for value in fields.values():
        assert value in given.text


def test_a_file_counts_instead_of_the_text(client: TestClient) -> None:
    opened = {"file": ("my trial.toml", EXAMPLE.replace("Two doses", "From a file").encode(), "text/plain")}
    page = client.post("/trial/check", data={"trial": "nothing"}, files=opened).text
    assert "The file can be run." in page
    assert page.count("From a file, with stopping rules") == 2  # in the text, and in what it will do
    empty = {"file": ("", b"", "application/octet-stream")}
    assert "The file can be run." in client.post("/trial/check", data={"trial": EXAMPLE}, files=empty).text
    for content in (b"\xff\xfe", b"x" * 500_000):
        wrong = client.post("/trial/check", data={"trial": EXAMPLE}, files={"file": ("t.toml", content)})
        assert wrong.status_code == 422


def test_people_who_are_pregnant_are_not_simulated(client: TestClient) -> None:
    text = "pregnant = true\n" + EXAMPLE
    given = client.post("/api/v1/trials", json={"trial": text})
    assert given.json()["type"] == "urn:anagen:pregnancy-stop"
    for address in ("/trial", "/trial/check"):
        page = client.post(address, data={"trial": text})
        assert page.status_code == 422
        assert "Nothing was simulated" in page.text


def test_unknown_trials_are_told(client: TestClient) -> None:
    for address in ("", "/events", "/result"):
        given = client.get(f"/api/v1/trials/{'0' * 32}{address}")
        assert given.status_code == 404
        assert given.json()["title"] == "There is no such trial"
    assert client.delete(f"/api/v1/trials/{'0' * 32}").status_code == 404
    assert client.get(f"/trial/{'0' * 32}").status_code == 404
    assert client.post(f"/trial/{'0' * 32}/cancel").status_code == 404


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """An application of its own whose trials never begin to compute."""
    from tests.web.test_jobs import Fake

    from anagen.web.jobs import Jobs

    app = create_app(Settings(warm=False, trials_waiting=1))
    app.state.jobs = Jobs(waiting=1, start=Fake)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


def test_when_the_line_is_full_it_says_so(held: TestClient) -> None:
    first = held.post("/trial", data={"trial": EXAMPLE})
    assert first.status_code == 303
    until(lambda: state(held, first.headers["location"].rsplit("/", 1)[1]) == "running")
    second = held.post("/api/v1/trials", json={"trial": EXAMPLE}).json()
    assert (second["state"], second["before"]) == ("waiting", 1)
    third = held.post("/api/v1/trials", json={"trial": EXAMPLE})
    assert third.status_code == 429
    assert third.headers["retry-after"] == "30"
    assert third.headers["content-type"] == "application/problem+json"
    typed = EXAMPLE.replace("Two doses", "What I typed")
    page = held.post("/trial", data={"trial": typed})
    assert page.status_code == 429
    assert page.headers["retry-after"] == "30"
    assert "What I typed" in page.text
    early = held.get(f"/api/v1/trials/{second['id']}/result")
    assert early.status_code == 409
    waits = held.get(f"/trial/{second['id']}").text
    assert "Waiting: 1 other trial first." in waits
    assert "Look again" in waits
    cancelled = held.post(f"/trial/{second['id']}/cancel?weight=82")
    assert cancelled.headers["location"] == f"/trial/{second['id']}?weight=82"
    assert "Cancelled. Nothing of it was kept." in held.get(f"/trial/{second['id']}").text
    assert held.delete(f"/api/v1/trials/{second['id']}").status_code == 204
    assert held.get(f"/api/v1/trials/{second['id']}").status_code == 404
    running = first.headers["location"].rsplit("/", 1)[1]
    assert held.delete(f"/api/v1/trials/{running}").status_code == 204
    assert state(held, running) == "cancelled"
    assert held.post(f"/trial/{running}/forget").headers["location"] == "/trial"
    assert held.get(f"/trial/{running}").status_code == 404


def test_what_was_run_for_clinicians_is_shown_to_clinicians(held: TestClient) -> None:
    there = held.post("/trial?mode=clinician", data={"trial": EXAMPLE}).headers["location"]
    assert there.endswith("?mode=clinician")
    assert held.get(there).status_code == 200
    refused = held.get(there.partition("?")[0])
    assert refused.status_code == 403
    assert "clinician mode" in refused.text
    assert there.partition("?")[0] in held.get("/trial?mode=clinician").text
    assert there.partition("?")[0] not in held.get("/trial").text


def test_an_endpoint_for_clinicians_is_refused_in_reader_mode(client: TestClient) -> None:
    text = EXAMPLE.replace('outcome = "triglycerides_above_500"', 'outcome = "telogen_effluvium"')
    given = client.post("/api/v1/trials", json={"trial": text})
    assert given.status_code == 422
    assert "for clinicians and research only" in given.json()["title"]
    assert client.post("/api/v1/trials/check", json={"trial": text, "mode": "clinician"}).status_code == 200


def test_elsewhere_than_here_trials_are_not_listed(client: TestClient, done: str) -> None:
    token = "a-token-of-thirty-characters-.."
    app = create_app(Settings(host="192.0.2.7", token=token, warm=False))
    app.state.jobs = client.app.state.jobs  # type: ignore[attr-defined]
    other = TestClient(app, base_url="http://192.0.2.7", headers={"authorization": f"Bearer {token}"})
    assert other.get("/api/v1/trials").status_code == 403
    assert done not in other.get("/trial").text
    assert other.get(f"/api/v1/trials/{done}").status_code == 200


def test_the_documented_calls_are_those_of_the_api(client: TestClient) -> None:
    import re
    from pathlib import Path

    text = (Path(__file__).parents[2] / "docs/trials.md").read_text("utf-8")
    documented = {tuple(found) for found in re.findall(r"^\| `(\w+) (/api/v1/trials\S*)` \|", text, re.MULTILINE)}
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    there = {(method.upper(), path) for path, of in paths.items() if "/trials" in path for method in of}
    assert documented == there
    (example,) = re.findall(r"'(\{trial: [^']*)'", text)
    content = paths["/api/v1/trials"]["post"]["requestBody"]["content"]
    body = content["application/json"]["schema"]["properties"]
    assert set(re.findall(r"(\w+):", example)) == {"trial", "people", "power"} <= set(body)
    fields = set(re.findall(r" -F '?(\w+)=", text))
    assert fields == {"trial", "people", "population"} <= set(content["multipart/form-data"]["schema"]["properties"])
