"""The analysis in the browser: the report's sections and numbers, the wait, the form, errors, and the API."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from starlette.testclient import TestClient
from tests.web.apart import apart

import anagen
from anagen import Patient
from anagen.errors import InputError
from anagen.web.analyses import Analyses, analysis_for
from anagen.web.engine import Engine, Run
from anagen.web.pages.analysis import MOST, each_line
from anagen.web.state import State
from anagen.web.work import Work

HTMX = {"hx-request": "true"}
A = "20 mg once daily with a standard meal for 4 weeks"
B = "10 mg every other day with a standard meal for 4 weeks"
RUN = {"people": "20", "weeks": "8"}
ASKED: dict[str, Any] = {"regimen": [A, B], **RUN}


@pytest.fixture(scope="module")
def directly() -> Any:
    """The same analysis without a server."""
    return anagen.analyse("isotretinoin", [A, B], Patient(), people=20, weeks=8)


def page(client: TestClient, **asked: Any) -> str:
    """The page of an analysis once it is made."""
    for _ in range(240):
        answer = client.get("/analysis", params={**ASKED, **asked})
        assert answer.status_code == 200
        if 'id="progress"' not in answer.text:
            return answer.text
        time.sleep(0.2)
    raise AssertionError("it was never made")


def sections(html: str) -> list[str]:
    return re.findall(r'<section id="([a-z-]+)"', html)


def test_the_page_has_the_sections_figures_and_facts_of_the_report(client: TestClient, directly: Any) -> None:
    report, shown = directly.page(), page(client)
    assert sections(shown) == sections(report)
    start, end = '<section id="answer"', "<footer>"
    assert (
        shown.split(start)[1].split("</main>")[0].strip()
        == report.split(start)[1].split(end)[0].rsplit("</main>", 1)[0].strip()
    )
    body = shown.split("<body", 1)[1]
    assert body.index('class="box stop"') < body.index("<h1")
    assert "<script>" not in shown
    assert "<style" not in shown


def test_the_download_is_the_report_and_the_data_are_the_command_lines(client: TestClient, directly: Any) -> None:
    page(client)
    report = client.get("/analysis/report", params=ASKED)
    assert 'filename="analysis.html"' in report.headers["content-disposition"]
    assert report.text == directly.page()
    given = client.get("/analysis/data", params=ASKED).json()
    wanted = json.loads(json.dumps(directly.to_json()))
    assert {key: given[key] for key in wanted if key != "provenance"} == {
        key: value for key, value in wanted.items() if key != "provenance"
    }


def test_the_api_gives_the_same_object(client: TestClient, directly: Any) -> None:
    given = client.post("/api/v1/analyse", json={"regimens": [A, B], "people": 20, "weeks": 8}).json()
    wanted = json.loads(json.dumps(directly.to_json()))
    assert given["arms"] == wanted["arms"]
    assert given["ratings"] == wanted["ratings"]
    assert given["claims"] == wanted["claims"]
    assert given["safety"][0]["id"] == "pregnancy"


def test_one_regimen_is_analysed_without_pairs() -> None:
    found = analysis_for(Engine(), State(regimens=(A,), run=Run(people=20, weeks=8)))
    assert found.comparison is None
    assert found.to_json()["paired"] == []


def test_a_wait_shows_how_far_it_is_and_ends_with_the_page(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anagen.web.pages.analysis.AT_ONCE_S", 0.0)
    asked = {**ASKED, "seed": "7"}
    waiting = client.get("/analysis", params=asked)
    assert waiting.status_code == 200
    assert '<noscript><meta http-equiv="refresh"' in waiting.text
    assert "<progress" in waiting.text
    assert "Never in pregnancy" in waiting.text
    for _ in range(240):
        part = client.get("/analysis", params=asked, headers=HTMX)
        if part.headers.get("hx-refresh") == "true":
            break
        assert part.text.startswith('<div id="progress"')
        time.sleep(0.2)
    done = client.get("/analysis", params=asked).text
    assert "<progress" not in done
    assert "http-equiv=" not in done
    assert 'id="ratings"' in done


def test_lines_of_the_form_become_a_short_link(client: TestClient) -> None:
    sent = {"regimen": f"{A}\r\n\r\n{B}", "weight": "70", "height": "", "event.kind": "fever", "event.day": "10", **RUN}
    answer = client.get("/analysis", params=sent, follow_redirects=False)
    assert answer.status_code == 303
    pairs = parse_qsl(urlsplit(answer.headers["location"]).query)
    assert pairs == [("regimen", A), ("regimen", B), ("event", "fever@10"), ("weeks", "8"), ("people", "20")]
    again = client.get(answer.headers["location"], follow_redirects=False)
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"regimen": "20 g once daily"}, "unknown unit"),
        ({"regimen": [A, A]}, "the same regimen twice"),
        ({"regimen": [f"{n} mg once daily for 4 weeks" for n in range(1, 10)]}, "9 regimens"),
        ({"regimen": A, "weight": "much"}, "weight: &#39;much&#39;"),
        ({"regimen": A, "people": "2001"}, "people: 2,001"),
        ({"regimen": A, "supplement": "zink"}, "zink"),
        ({"regimen": A, "mode": "doctor"}, "unknown mode"),
    ],
)
def test_what_is_wrong_stands_at_the_form_with_what_was_written(
    client: TestClient, asked: dict[str, Any], said: str
) -> None:
    answer = client.get("/analysis", params={**RUN, **asked})
    for _ in range(100):  # some is only found out while it is made
        if answer.status_code != 200:
            break
        time.sleep(0.1)
        answer = client.get("/analysis", params={**RUN, **asked})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text
    first = asked["regimen"] if isinstance(asked["regimen"], str) else asked["regimen"][0]
    assert first in answer.text.split("<textarea", 1)[1]
    assert 'id="answer"' not in answer.text


def test_pregnancy_stops_pages_files_and_api(client: TestClient) -> None:
    for address in ("/analysis", "/analysis/report", "/analysis/data"):
        answer = client.get(address, params={**ASKED, "pregnant": "yes"})
        assert answer.status_code == 422
        assert "Nothing was simulated" in answer.text
        assert 'id="ratings"' not in answer.text
    answer = client.post("/api/v1/analyse", json={"regimens": [A], "patient": {"pregnant": True}})
    assert answer.json()["type"] == "urn:anagen:pregnancy-stop"


def test_a_hypothesis_is_stamped_first(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anagen.analysis.analyse.numbers", lambda *_: {})  # those on claims take a while, assumed
    name = next(iter(Engine().treatment.hypotheses))
    text = page(client, assume=name, regimen=[A])
    assert text.index('class="box assumed"') < text.index("<h1")
    assert "ASSUMED, not shown" in text


def test_eight_regimens_are_analysed_and_other_pages_take_four(client: TestClient) -> None:
    eight = [f"{n} mg once daily with a standard meal for 4 weeks" for n in range(1, MOST + 1)]
    answer = client.get("/analysis", params={**RUN, "regimen": eight})
    assert answer.status_code == 200
    explore = re.search(r'href="/explore\?([^"]+)"', answer.text)
    assert explore
    assert len([1 for name, _ in parse_qsl(explore[1].replace("&amp;", "&")) if name == "regimen"]) == 4
    assert client.post("/api/v1/analyse", json={"regimens": [*eight, A]}).status_code == 422


def test_each_line_keeps_all_else() -> None:
    assert each_line([("regimen", "a\nb"), ("seed", "2"), ("regimen", "")]) == [
        ("regimen", "a"),
        ("regimen", "b"),
        ("seed", "2"),
        ("regimen", ""),
    ]


def test_what_nobody_asks_for_is_ended_and_an_error_is_heard() -> None:
    async def abandoned() -> None:
        found = Analyses(Engine(), Work(1, 2), patience_s=-1.0)
        state = State(regimens=(A,), run=Run(people=20, weeks=8))
        assert isinstance(await found.find(state), float)
        for _ in range(100):
            if state not in found._making:
                break
            await asyncio.sleep(0.1)
        assert state not in found._making
        assert state not in found._kept

    async def wrong() -> None:
        found = Analyses(Engine(), Work(1, 2))
        with pytest.raises(InputError, match="supplement"):
            await found.find(State(regimens=(A,), patient=Patient(supplements=("no-such",))), 60)

    apart(abandoned())
    apart(wrong())
