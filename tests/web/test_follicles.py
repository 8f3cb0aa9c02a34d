"""The follicle view asked as a browser asks: counts of the engine, all weeks as data, links, errors, modes."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from anagen import Patient, simulate
from anagen.analysis.effluvia.courses import PHASES, effluvia
from anagen.analysis.effluvia.regimen_phases import regimen_course
from anagen.analysis.numbers import number
from anagen.patient.patient import HairEvent
from anagen.treatments.registry import treatment
from anagen.web.pages.follicles_cases import cases
from anagen.web.pages.follicles_shown import SIGN_OF_PHASE
from anagen.web.state import State

A = "20 mg once daily with a standard meal for 4 weeks"
RUN = [("people", "20"), ("weeks", "8")]
NAMES = [case.name for case in cases(State(regimens=(A,)))]
SHAPES = {
    "anagen": "growing",
    "catagen": "ending",
    "telogen": "resting",
    "exogen": "loose",
    "kenogen": "empty",
    "struck": "struck",
    "repair": "repairing",
}


def asked(client: TestClient, *pairs: tuple[str, str], htmx: bool = False) -> str:
    answer = client.get("/follicles", params=[*RUN, *pairs], headers={"hx-request": "true"} if htmx else {})
    assert answer.status_code == 200, answer.text[:400]
    return html.unescape(answer.text)


def data(client: TestClient, *pairs: tuple[str, str]) -> Any:
    return client.get("/follicles/weeks.json", params=[*RUN, *pairs]).json()


def cells(page: str, what: str) -> list[list[str]]:
    """By scalp, what stands in the cells marked `data-count` or `data-percent`, in the order of the phases."""
    scalps = page.split('<section class="scalp"')[1:]
    return [re.findall(rf'data-{what}="\w+">([\d.]+)<', scalp) for scalp in scalps]


def signs(page: str) -> list[str]:
    return ["".join(re.findall(r"#hair-(\w)\"", part)) for part in re.findall(r'<g class="hairs">(.*?)</g>', page)]


def unfolded(scalp: Any, week: int) -> str:
    hairs = list(scalp["start"])
    for change in scalp["changes"][: week + 1]:
        for follicle, sign in re.findall(r"(\d+)([a-z])", change):
            hairs[int(follicle)] = sign
    return "".join(hairs)


def test_counts_shares_and_shed_are_those_of_the_engine(client: TestClient) -> None:
    """Against the simulation asked directly: no treatment and the regimen in week 7, fever in the same week."""
    page = asked(client, ("regimen", A), ("show", "fever"), ("show", "regimen"), ("week", "7"))
    fever = simulate("isotretinoin", None, Patient(events=(HairEvent("fever", 28),)), people=20, weeks=8)
    regimen = simulate("isotretinoin", A, people=20, weeks=8)
    for arm, counts, percents in zip((fever, regimen), cells(page, "count"), cells(page, "percent"), strict=True):
        course = regimen_course(arm)
        shares = [float(course.phases[name][49]) for name in PHASES[:5]]
        assert [float(x) for x in percents] == pytest.approx([100 * share for share in shares], abs=0.051)
        assert np.abs(np.array(counts, float) - 200 * np.array(shares)).max() < 1
        assert sum(map(int, counts)) == 200
    scalps = page.split('<section class="scalp"')[1:]
    for arm, scalp in zip((fever, regimen), scalps, strict=True):
        row = int(np.flatnonzero(arm.days == 49)[0])
        assert f"data-shed>{number(arm.series('shed_per_day').typical[row])}<" in scalp
        assert f"data-density>{number(arm.series('density_per_cm2').typical[row])}<" in scalp
        assert "Week 7: of 200 follicles, " in scalp


def test_every_case_can_be_shown_and_names_what_it_is(client: TestClient) -> None:
    for name in NAMES:
        page = asked(client, ("regimen", A), ("show", name))
        assert page.count('<section class="scalp"') == 1, name
        assert ('data-count="struck"' in page) == (name == "anagen-effluvium")
        if name in ("fever", "surgery", "crash-diet", "anagen-effluvium"):
            assert "It does not say what a person has, or why." in page


def test_the_struck_case_is_the_teaching_course(client: TestClient) -> None:
    found = data(client, ("show", "anagen-effluvium"))["scalps"][0]
    course = effluvia(treatment()).anagen
    for name in PHASES:
        assert np.abs(np.array(found["counts"][name]) - 200 * course.phases[name][:57:7]).max() < 1, name
    assert found["shed"] == [number(value) for value in course.shed_per_day[:57:7]]


@pytest.mark.parametrize("week", [0, 5, 8])
def test_the_data_of_the_script_is_what_the_server_draws(client: TestClient, week: int) -> None:
    pairs = (("regimen", A), ("show", "regimen"), ("show", "anagen-effluvium"))
    page, found = asked(client, *pairs, ("week", str(week))), data(client, *pairs)
    assert found["weeks"] == 8
    assert signs(page) == [unfolded(scalp, week) for scalp in found["scalps"]]
    fallen = [re.findall(r"#hair-(\w+)\"", part) for part in re.findall(r'<g class="fallen">(.*?)</g>', page)]
    for scalp, drawn, said in zip(found["scalps"], fallen, re.findall(r'id="said-.">(.*?)<', page), strict=True):
        assert ["bc"[what == "club"] for what in drawn] == re.findall(r"[bc]", scalp["fallen"][week])
        counts = {name: values[week] for name, values in scalp["counts"].items()}
        assert said == scalp["sentence"].format(
            week=week,
            all=200,
            resting=counts["telogen"] + counts["exogen"],
            empty=counts["kenogen"] + counts.get("repair", 0),
            shed=scalp["shed"][week],
            **counts,
        )


def test_all_weeks_are_small(client: TestClient) -> None:
    """Two scalps of four years, as many bytes a week as here, stay below 60 kB."""
    found = data(client, ("show", "fever"), ("show", "pattern"))
    size = len(json.dumps(found, separators=(",", ":")))
    once = sum(len(scalp["start"]) + len(scalp["sentence"]) for scalp in found["scalps"])
    assert once + (size - once) / 9 * 209 < 60_000


def test_each_phase_has_a_shape_of_its_own(client: TestClient) -> None:
    page = asked(client)
    drawn = dict(re.findall(r'<g id="hair-(\w)" class="hair (\w+)', page))
    assert {phase: drawn[sign] for phase, sign in SIGN_OF_PHASE.items()} == SHAPES
    bodies = re.findall(r'<g id="hair-(?:\w|club|broken)" class="[^"]*">(.*?)</g>\n', page)
    assert len(bodies) == len(set(bodies)) == 12


def test_a_link_without_regimen_shows_the_usual_one_and_does_not_pass_it_on(client: TestClient) -> None:
    page = asked(client)
    assert "20 mg once daily with food for 24 weeks" in page
    assert 'href="/explore?weeks=8&people=20"' in page


def test_weeks_are_links_without_script(client: TestClient) -> None:
    page = asked(client, ("week", "5"), ("show", "fever"))
    (before,), (after,) = (re.findall(rf'href="([^"]*)" rel="{way}"', page) for way in ("prev", "next"))
    assert "Week 6:" in html.unescape(client.get(after).text)
    assert "Week 4:" in html.unescape(client.get(before).text)
    assert "show=fever" in after
    assert 'rel="prev"' not in asked(client)
    assert 'rel="next"' not in asked(client, ("week", "8"))


def test_a_part_holds_the_scalps_only_and_the_address_of_the_page(client: TestClient) -> None:
    answer = client.get("/follicles", params=[*RUN, ("show", "pattern")], headers={"hx-request": "true"})
    assert "<html" not in answer.text
    assert "single hairs get thinner is not in the model" in answer.text
    assert answer.headers["hx-push-url"] == "/follicles?weeks=8&people=20&show=pattern"


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("show", "fevr")], "fever"),
        ([("show", "regimen-2")], "show: 'regimen-2'"),
        ([("show", "fever"), ("show", "surgery"), ("show", "pattern")], "at most 2"),
        ([("week", "9")], "from 0 to 8"),
        ([("week", "-1")], "from 0 to 8"),
        ([("week", "1.5")], "from 0 to 8"),
        ([("week", "²")], "from 0 to 8"),
        ([("week", "9" * 4000)], "from 0 to 8"),
        ([("regimen", "20 mgg once daily")], "unknown unit: mgg"),
        ([("weight", "7")], "from 30 to 250"),
        ([("people", "1000000")], "at most"),
        ([("supplement", "gold")], "gold"),
    ],
)
def test_what_cannot_be_used_is_said_on_a_page(client: TestClient, pairs: list[tuple[str, str]], said: str) -> None:
    for address in ("/follicles", "/follicles/weeks.json"):
        if address.endswith("json") and pairs[0][0] == "week":
            continue
        given = dict(RUN) | {name: value for name, value in pairs if name != "show"}
        answer = client.get(address, params=[*given.items(), *(pair for pair in pairs if pair[0] == "show")])
        assert answer.status_code == 422, answer.text[:200]
        assert said in html.unescape(answer.text)
        assert 'class="box stop"' in answer.text


def test_a_person_who_is_pregnant_is_not_drawn(client: TestClient) -> None:
    for address in ("/follicles", "/follicles/weeks.json"):
        answer = client.get(address, params={"pregnant": "yes", "people": "20", "weeks": "8"})
        assert answer.status_code == 422
        assert 'class="patch"' not in answer.text
        assert 'class="box stop"' in answer.text


def test_what_names_a_dose_has_the_mark(client: TestClient) -> None:
    page = asked(client, ("regimen", A))
    for heading in (r'<h2 id="scalp-B".*?</h2>', r'<h2 id="h-curves">.*?</h2>', r'<p class="what">.*?</p>'):
        (found,) = re.findall(heading, page, re.DOTALL)
        assert 'class="mark"' in found


def test_modes_show_the_same_and_the_mode_goes_along(client: TestClient) -> None:
    reader, clinician = (asked(client, ("show", "fever"), ("mode", mode)) for mode in ("reader", "clinician"))
    assert cells(reader, "count") == cells(clinician, "count")
    assert "mode=clinician" in clinician
    assert "Clinician and research mode" in clinician


def test_what_is_assumed_and_taken_besides_is_said(client: TestClient) -> None:
    page = asked(client, ("regimen", A), ("assume", "anti-androgen"), ("supplement", "biotin"))
    assert "ASSUMED, not shown" in page
    assert "iotin" in page.split('id="found"')[1]
