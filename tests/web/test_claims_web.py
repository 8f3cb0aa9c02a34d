"""Claims and products in the browser and through the API: the objects of the command line, found or asked about."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from anagen.cli.main import app as command_line
from anagen.errors import InputError
from anagen.evidence.claims import load_claims
from anagen.treatments.products import load_products

DRUG = "isotretinoin"
HTMX = {"hx-request": "true"}


def printed(*words: str) -> Any:
    """What the command line prints as JSON."""
    found = CliRunner().invoke(command_line, [*words, "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/api/v1/claims", ["claims"]),
        ("/api/v1/claims?q=liver", ["claims", "liver"]),
        ("/api/v1/claims/pregnancy", ["claims", "pregnancy"]),
        ("/api/v1/products/ROACCUTÁNE", ["product", "ROACCUTÁNE"]),
        ("/api/v1/products/aknetrend", ["product", "aknetrend"]),
    ],
)
def test_the_api_gives_what_the_command_line_prints(client: TestClient, address: str, words: list[str]) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.json() == printed(*words)


def test_the_list_has_every_claim_with_verdict_in_words(client: TestClient) -> None:
    text = client.get("/claims").text
    for key, claim in load_claims(DRUG).items():
        row = text.split(f'data-claim="{key}"', 1)[1].split("</li>", 1)[0]
        assert claim.verdict.capitalize() in row
        assert f"certainty {claim.certainty.name}" in row
        assert f'href="/claims/{key}"' in row


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({"q": "liver-intoxication"}, ["liver-intoxication"]),
        ({"q": "zzzz"}, []),
        ({"verdict": "safety rule"}, [k for k, c in load_claims(DRUG).items() if c.verdict == "safety rule"]),
        ({"q": "", "verdict": "no such verdict"}, []),
    ],
)
def test_search_and_filter(client: TestClient, asked: dict[str, str], keys: list[str]) -> None:
    for headers in ({}, HTMX):
        text = client.get("/claims", params=asked, headers=headers).text
        assert [part.split('"', 1)[0] for part in text.split('data-claim="')[1:]] == keys
        assert ("<html" in text) == (not headers)


def test_a_verdict_that_there_is_not_is_said_with_those_there_are(client: TestClient) -> None:
    page = client.get("/claims", params={"verdict": "partyl"}).text
    assert "Unknown verdict: &#39;partyl&#39;" in page
    assert "Expected: supported, partly" in page


def test_a_card_has_the_fact_first_and_each_part_of_people_md(client: TestClient) -> None:
    from html import escape

    for key, claim in load_claims(DRUG).items():
        answer = client.get(f"/claims/{key}")
        assert answer.status_code == 200
        text = answer.text.split("<article", 1)[1]
        wanted = [
            claim.fact,
            claim.claim,
            claim.sentence,
            claim.believed,
            claim.best.result,
            claim.body.why,
            claim.change,
        ]
        for one in wanted:
            assert escape(one, quote=False).replace("'", "&#39;").replace('"', "&#34;") in text, (key, one)
        assert text.index(claim.fact[:20].replace("'", "&#39;")) < text.index("<h2>The claim</h2>")
        assert f'<h1 id="title">{escape(claim.title)}' in text or "&#39;" in text


def test_the_state_goes_along(client: TestClient) -> None:
    text = client.get("/claims?weight=82&q=liver&mode=clinician").text
    assert 'href="/claims/liver-intoxication?weight=82&amp;mode=clinician"' in text
    assert '<input type="hidden" name="weight" value="82">' in text


@pytest.mark.parametrize("address", ["/claims/liver-intoxicaton", "/api/v1/claims/liver-intoxicaton"])
def test_an_unknown_claim_is_404_with_the_nearest(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "liver-intoxication" in answer.text


def test_the_table_of_products_has_all_and_its_filters(client: TestClient) -> None:
    known = load_products(DRUG)
    text = client.get("/products").text
    assert all(f'href="/products/{p.key}"' in text for p in known)
    gels = client.get("/products?form=gel", headers=HTMX).text
    assert [p.key for p in known if f'/products/{p.key}"' in gels] == [p.key for p in known if p.form == "gel"]
    german = client.get("/products?country=DE", headers=HTMX).text
    assert [p.key for p in known if f'/products/{p.key}"' in german] == [p.key for p in known if "DE" in p.country]


def test_a_name_nearly_right_is_asked_about_not_taken(client: TestClient) -> None:
    text = client.get("/products?q=aknetrend").text
    assert "Did you mean Aknetrent?" in text
    assert 'href="/products/aknetrent"' in text
    assert "nknown product" in client.get("/products?q=zzzzzz").text


def test_a_product_says_what_to_beware_of(client: TestClient) -> None:
    text = client.get("/products/isotrex").text
    assert "It goes on the skin" in text
    assert client.get("/products/Isotrex%20gel").status_code == 200
    for address in ("/products/zzzz", "/api/v1/products/zzzz"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("room", ["claims", "products"])
@pytest.mark.parametrize(
    "bad", ["<script>alert(1)</script>", "\x00", "%", "a" * 5000, "../../etc/passwd", "\u202e", "'\""]
)
def test_nothing_that_is_typed_breaks_a_page(client: TestClient, room: str, bad: str) -> None:
    answer = client.get(f"/{room}", params={"q": bad})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert client.get(f"/api/v1/{room}", params={"q": bad}).status_code in (200, 422)


@pytest.mark.parametrize("mode", ["reader", "clinician"])
@pytest.mark.parametrize("words", ["zzzz", "liver-intoxicaton"])
def test_words_that_no_claim_holds_are_answered_as_on_the_command_line(
    client: TestClient, words: str, mode: str
) -> None:
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(command_line, ["claims", words], catch_exceptions=False)
    message, expected, *nearest = str(caught.value).splitlines()
    for address in ("/claims", f"/claims/{words}"):
        text = unescape(client.get(address, params={"q": words, "mode": mode}).text)
        assert message.casefold() in text.casefold()
        assert expected.casefold() in text.casefold()
        for line in nearest:
            assert all(key in text for key in line.removeprefix("nearest: ").split(", or "))
    problem = client.get(f"/api/v1/claims/{words}").json()
    assert problem["title"] == message
    assert problem["detail"].splitlines() == [message, expected, *nearest]
