"""Who may ask: names, sites, tokens, sizes; and what every answer carries."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from anagen.errors import InputError
from anagen.web.app import create_app
from anagen.web.render import static_urls
from anagen.web.settings import Settings

TOKEN = "a-token-of-thirty-characters-.."
ASKED = {"regimen": "20 mg once daily for 4 weeks", "people": 5, "weeks": 4}


@pytest.fixture(scope="module")
def guarded() -> Iterator[TestClient]:
    """A server that wants a token."""
    app = create_app(Settings(host="192.0.2.7", token=TOKEN, warm=False))
    with TestClient(app, base_url="http://192.0.2.7:8000", follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "", "[", "0.0.0.0", "169.254.1.1"]
)
def test_another_name_in_the_host_header_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/about", headers={"host": host})
    assert answer.status_code == 421
    assert "isotretinoin" not in answer.text.lower()


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1234", "[::1]:8000", "LOCALHOST"])
def test_the_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/about", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},  # another server of this machine
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},  # a form of another site, sent here
    ],
)
def test_another_site_cannot_post(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/api/v1/simulate", json=ASKED, headers=headers)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "http://localhost"}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}]
)
def test_the_own_pages_and_programs_can_post(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/simulate", json=ASKED, headers=headers).status_code == 200


def test_another_site_cannot_embed_or_fetch_but_may_link(client: TestClient) -> None:
    cross = {"sec-fetch-site": "cross-site"}
    assert client.get("/about", headers={**cross, "sec-fetch-mode": "no-cors"}).status_code == 403
    assert client.get("/about", headers={**cross, "sec-fetch-mode": "navigate"}).status_code == 200


@pytest.mark.parametrize("address", ["/about", "/nowhere", "/api/v1/nowhere", "/api/v1/openapi.json", "/static/x.js"])
def test_every_answer_carries_the_strict_policy(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "set-cookie" not in headers
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


def test_static_files_are_kept_under_the_hash_of_what_is_in_them(client: TestClient) -> None:
    for address in static_urls().values():
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_htmx_is_the_file_of_its_release(client: TestClient) -> None:
    import hashlib

    script = client.get(static_urls()["htmx-2.0.11.min.js"]).content
    digest = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"  # of the npm package htmx.org 2.0.11
    assert hashlib.sha256(script).hexdigest() == digest


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/static/%00"]
)
def test_no_path_reaches_the_file_system(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_body_that_is_too_large_is_refused_by_its_length(client: TestClient) -> None:
    kind = {"content-type": "application/json"}
    answer = client.post("/api/v1/simulate", content=b"{" + b" " * 300_000, headers=kind)
    assert answer.status_code == 413
    assert "200,000 bytes" in answer.json()["detail"]


def test_a_body_without_a_length_is_counted(client: TestClient) -> None:
    pieces = (b" " * 50_000 for _ in range(10))
    answer = client.post("/api/v1/simulate", content=pieces, headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_without_the_token_nothing_is_shown(guarded: TestClient) -> None:
    for address in ("/", "/about", "/diary", "/api/v1/claims", "/api/v1/openapi.json", *static_urls().values()):
        answer = guarded.get(address)
        assert answer.status_code == 401
        assert len(answer.content) < 1_000
    assert guarded.post("/api/v1/simulate", json=ASKED).status_code == 401


def test_the_token_opens_by_header_and_by_link(guarded: TestClient) -> None:
    assert guarded.get("/about", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert guarded.get("/about", headers={"authorization": f"Bearer {TOKEN}x"}).status_code == 401
    assert guarded.get("/about?token=wrong").status_code == 401
    answer = guarded.get(f"/about?mode=clinician&token={TOKEN}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/about?mode=clinician"  # the token does not stay in the address
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert guarded.get("/about").status_code == 200  # the client kept the cookie
    guarded.cookies.clear()


@pytest.mark.parametrize("said", ["ä" * 30, "\ud800"])
def test_a_strange_token_is_only_wrong(guarded: TestClient, said: str) -> None:
    from urllib.parse import quote

    assert guarded.get(f"/about?token={quote(said, errors='surrogatepass')}").status_code == 401


def test_an_address_of_other_machines_needs_a_token() -> None:
    for host in ("0.0.0.0", "192.0.2.7", "::", "my-machine.example"):
        with pytest.raises(InputError, match="token"):
            Settings(host=host)
    with pytest.raises(InputError, match="guessed"):
        Settings(host="0.0.0.0", token="short")


def test_the_log_holds_no_query_no_body_and_no_address(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="anagen.web"):
        client.get("/about?weight=83.7&regimen=17+mg+once+daily")
        client.get("/nowhere/my-name-is-ada")
        client.post("/api/v1/simulate", json={**ASKED, "patient": {"weight_kg": 83.7}})
    assert "GET /about 200" in caplog.text
    assert "POST /simulate 200" in caplog.text or "POST /api/v1/simulate 200" in caplog.text
    for secret in ("83.7", "17", "ada", "testclient"):
        assert secret not in caplog.text.replace("ms", "")
