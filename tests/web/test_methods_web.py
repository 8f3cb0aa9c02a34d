"""Methods, about and the API described: the numbers of the card, examples that work, nothing left out."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
from starlette.testclient import TestClient

from anagen import __version__
from anagen.analysis.model_card.card import model_card
from anagen.analysis.model_card.stored import VALIDATION, stored
from anagen.treatments.registry import treatment
from anagen.web.api_described import Call, calls, example, words
from anagen.web.app import create_app
from anagen.web.pages.methods import TABS
from anagen.web.settings import Settings

HTMX = {"hx-request": "true"}


@pytest.fixture(scope="module")
def card() -> Any:
    return json.loads(json.dumps(model_card()))


@pytest.mark.parametrize("address", [address for address, _ in TABS])
def test_every_tab_opens_with_box_purpose_and_its_own_tab_marked(client: TestClient, address: str) -> None:
    answer = client.get(address, params={"weight": "82"})
    assert answer.status_code == 200
    body = answer.text.split("<body", 1)[1]
    assert body.index('class="box stop"') < body.index("<h1")
    assert "What this is." in body
    assert f'<a href="{address}?weight=82" aria-current="page">' in body
    assert "<style" not in body
    assert 'style="' not in re.sub(r"<svg.*?</svg>", "", body, flags=re.S)


def test_the_table_holds_every_number_with_unit_status_and_source(client: TestClient, card: Any) -> None:
    text = client.get("/methods/parameters").text
    for row in card["parameters"]:
        shown = text.split(f'id="p-{row["name"]}"', 1)[1].split("</tr>", 1)[0]
        assert row["status"] in shown
        assert row["unit"] in shown or row["unit"] == "1"
        for key in row["source"]:
            assert f'href="#source-{key}"' in shown or key == "assumed"


@pytest.mark.parametrize(
    "asked", [{"q": "clearance"}, {"group": "sebum"}, {"status": "assumed"}, {"q": "king-1982"}, {"q": "zzz"}]
)
def test_the_filters_hold_what_a_slow_reading_holds(client: TestClient, card: Any, asked: dict[str, str]) -> None:
    def holds(row: Any) -> bool:
        text = (
            f"{row['name']} {row['name'].replace('_', ' ')} {row['meaning']} {row['status']} {' '.join(row['source'])}"
        )
        return (
            asked.get("q", "") in text.lower()
            and row["name"].startswith(asked.get("group", ""))
            and row["status"] == asked.get("status", row["status"])
        )

    wanted = [row["name"] for row in card["parameters"] if holds(row)]
    part = client.get("/methods/parameters", params=asked, headers=HTMX).text
    assert sorted(re.findall(r'id="p-([^"]+)"', part)) == sorted(wanted)
    if "status" not in asked:
        given = client.get("/api/v1/methods/parameters", params=asked).json()
        assert [row["name"] for row in given["parameters"]] == wanted
        assert given["safety"][0]["level"] == "stop"


def test_the_api_gives_card_and_validation(client: TestClient, card: Any) -> None:
    assert client.get("/api/v1/methods/card").json() == card
    found = client.get("/api/v1/methods/validation")
    table = stored("isotretinoin", VALIDATION).table
    if table is None:
        assert found.status_code == 404
    else:
        assert found.json() == table
        assert found.json()["safety"][0]["id"] == "pregnancy"


def test_failures_are_those_of_the_card(client: TestClient, card: Any) -> None:
    from html import unescape

    text = unescape(client.get("/methods/failures").text)
    for limit in card["limits"]:
        assert limit["text"] in text
    for row in card["validation"]["known_failures"]:
        assert row["why"] in text


def test_what_has_not_been_made_is_said(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from anagen.web.pages import methods

    monkeypatch.setattr(methods, "_validation", lambda drug: "The validation has not been made yet.")
    answer = client.get("/methods/validation")
    assert answer.status_code == 200
    assert "The validation has not been made yet." in answer.text


def test_about_says_purpose_version_place_and_how_to_end_it(client: TestClient) -> None:
    text = client.get("/about").text
    for said in (__version__, treatment().parameter_hash(), "MIT", "Ctrl", "cite", "medical device"):
        assert said in text


def test_a_server_for_others_does_not_tell_its_folders() -> None:
    token = "a-token-of-thirty-characters-.."
    app = create_app(Settings(host="192.0.2.7", token=token, warm=False))
    folder = str(app.state.diary.folder)
    with TestClient(app, base_url="http://192.0.2.7") as other:
        text = other.get("/about", headers={"authorization": f"Bearer {token}"}).text
    assert folder not in text
    assert "Ctrl" in text


@pytest.fixture(scope="module")
def described(client: TestClient) -> list[Call]:
    return calls(client.get("/api/v1/openapi.json").json())


def test_every_call_of_the_document_is_on_the_page(client: TestClient, described: list[Call]) -> None:
    text = client.get("/api").text
    assert described
    for call in described:
        shown = text.split(f'id="{call.key}"', 1)[1].split("</article>", 1)[0]
        assert call.address in shown
        assert all(f"<code>{field.name}</code>" in shown for field in call.fields)
    assert len({call.key for call in described}) == len(described)


def test_the_examples_work_as_they_stand(client: TestClient, described: list[Call]) -> None:
    tried = 0
    for call in described:
        if not call.complete or "/diary/" in call.address or "/trials" in call.address:
            continue  # these change what is kept; the rooms' own tests write and run
        said = shlex.split(call.curl("http://localhost").replace("\\\n", " "))
        assert said[:2] == ["curl", "-s"]
        body = said[said.index("-d") + 1] if "-d" in said else None
        if body is not None:  # fewer people: the same call in less time
            body = json.dumps({**json.loads(body), "people": 20, "weeks": 8})
        address = next(word for word in said if word.startswith("http://"))
        answer = client.request(call.method, address, content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 200, (call, answer.text[:300])
        tried += 1
    assert tried >= 8


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "string", "maxLength": 80}, "text, at most 80 characters"),
        ({"enum": ["a", "b"]}, "one of a, b"),
        ({"type": "array", "maxItems": 8, "minItems": 2, "items": {"type": "boolean"}}, "list, 2 to 8: true or false"),
        ({"$ref": "#/components/schemas/X"}, "whole number, 1 or more"),
        ({}, "any value"),
    ],
)
def test_schemas_in_words(schema: dict[str, Any], said: str) -> None:
    document = {"components": {"schemas": {"X": {"type": "integer", "minimum": 1}}}}
    assert words(document, schema) == said


def test_an_example_is_whole_or_none() -> None:
    text = {"type": "string", "examples": ["a"]}
    body = {"type": "object", "properties": {"x": text, "y": {"type": "string"}}, "required": ["x"]}
    assert example({}, body) == {"x": "a"}
    assert example({}, {**body, "required": ["x", "y"]}) is None
