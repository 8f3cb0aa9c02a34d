"""The application as a whole: every page opens, and the API's numbers are the command line's."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from anagen import Patient, compare
from anagen import simulate as simulate_directly
from anagen.web.render import NAVIGATION

REGIMEN = "20 mg once daily with food for 4 weeks"


@pytest.mark.parametrize("address", [address for address, _ in NAVIGATION])
def test_every_page_of_the_navigation_opens_with_the_pregnancy_box_first(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}?people=20")
    assert answer.status_code == 200
    body = answer.text.split("<body", 1)[1]
    assert body.index('class="box stop"') < body.index("<h1")
    assert "Never in pregnancy" in body


def test_simulate_gives_the_numbers_of_the_engine(client: TestClient) -> None:
    asked = {"regimen": REGIMEN, "people": 20, "weeks": 8, "patient": {"weight_kg": 82, "sex": "male"}}
    given = client.post("/api/v1/simulate", json=asked).json()
    direct = simulate_directly("isotretinoin", REGIMEN, Patient(weight_kg=82, sex="male"), people=20, weeks=8)
    assert {k: v for k, v in given.items() if k != "provenance"} == {
        k: v for k, v in direct.to_json().items() if k != "provenance"
    }


def test_compare_gives_the_numbers_of_the_engine(client: TestClient) -> None:
    regimens = [REGIMEN, "10 mg every other day with food for 8 weeks"]
    given = client.post("/api/v1/compare", json={"regimens": regimens, "people": 20, "weeks": 12}).json()
    direct = compare("isotretinoin", regimens, people=20, weeks=12).to_json()
    assert given["paired"] == direct["paired"]
    assert given["untreated"]["outcomes"] == direct["untreated"]["outcomes"]


def test_a_person_who_is_pregnant_is_not_simulated(client: TestClient) -> None:
    given = client.post("/api/v1/simulate", json={"regimen": REGIMEN, "patient": {"pregnant": True}})
    assert given.status_code == 422
    assert given.headers["content-type"] == "application/problem+json"
    assert given.json()["type"] == "urn:anagen:pregnancy-stop"
    assert "series" not in given.json()
