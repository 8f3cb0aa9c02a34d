"""The dose explorer asked as a browser asks: numbers of the engine, both sides of a regimen, links, errors, modes."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import polars
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

import anagen
from anagen import Patient, compare
from anagen.analysis.arms import columns
from anagen.analysis.content import content
from anagen.analysis.facts import facts
from anagen.analysis.paired import paired_figures
from anagen.analysis.total_dose import Total
from anagen.analysis.weekly import weekly_figure
from anagen.web.as_python import as_python
from anagen.web.pages.explore_asked import USUAL, Asked, another
from anagen.web.state import State

HTMX = {"hx-request": "true"}
A = "20 mg once daily with a standard meal for 4 weeks"
B = "10 mg every other day with a standard meal for 4 weeks"
RUN = {"people": "20", "weeks": "8"}
SIDE = {"dose": "20", "unit": "mg", "often": "once daily", "meal": "with a standard meal", "product": ""}
SIDE |= {"length": "4", "length_unit": "week", "text": A, "was": A, "set": A}


def form(*sides: Mapping[str, str], **more: str) -> dict[str, str]:
    """What the form sends: each regimen as it is first shown, with what differs."""
    found = {f"r{i}.{name}": value for i, side in enumerate(sides) for name, value in {**SIDE, **side}.items()}
    return {**found, **RUN, **more}


def asked(client: TestClient, sent: Mapping[str, str]) -> str:
    answer = client.get("/explore", params=dict(sent), headers=HTMX)
    assert answer.status_code == 200, answer.text[:400]
    return html.unescape(answer.text)


def words(page: str) -> str:
    """The text of a page, without tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def text_of(part: str, place: int = 0) -> str | None:
    found = re.search(rf'<textarea id="r{place}-text"[^>]*>(.*?)</textarea>', part, re.DOTALL)
    return found and found[1]


# --- Numbers


def test_every_number_is_that_of_the_report(client: TestClient) -> None:
    answer = client.get("/explore", params=[("regimen", A), ("regimen", B), ("weight", "82"), *RUN.items()])
    page = words(answer.text)
    direct = compare("isotretinoin", [A, B], Patient(weight_kg=82), people=20, weeks=8)
    named, data = columns(direct.arms), content("isotretinoin")
    for fact in facts(direct.arms, direct.untreated, data["facts"], 8):
        assert fact.question in page
        for cell in (fact.without, *fact.arms):
            assert words(cell) in page
    for figure in paired_figures(direct, named, data["paired"], lambda chart: ""):
        if "ermatitis" not in figure.title:
            assert words(figure.title) in page
    sebum = weekly_figure(direct.arms, named, "sebum_fraction")
    assert words(sebum.title) in page
    assert str(sebum.svg)[200:2000] in answer.text
    assert Total.of(direct.arms[0]) == Total(28, 560.0, 560 / 82)
    assert f"{560 / 82:.1f}" in page


def test_no_difference_is_said_to_be_none() -> None:
    direct = compare("isotretinoin", [f"20 mg once daily with food for {n} weeks" for n in (4, 5)], people=5, weeks=2)
    named, data = columns(direct.arms), content("isotretinoin")
    figures = paired_figures(direct, named, data["paired"], lambda chart: "")
    assert figures
    for figure in figures:
        assert figure.title.endswith(": the same with B as with A in 100 of 100 people")
        assert figure.table.rows == [["B against A", "0", "0", "0"]]


def test_the_data_are_those_of_the_command_line(client: TestClient) -> None:
    both = [("regimen", A), ("regimen", B), *RUN.items()]
    direct = compare("isotretinoin", [A, B], people=20, weeks=8)
    given = client.get("/explore/data.json", params=both)
    assert "attachment" in given.headers["content-disposition"]
    assert given.json()["paired"] == json.loads(json.dumps(direct.to_json()["paired"]))
    one = client.get("/explore/data.json", params=[both[0], *RUN.items()]).json()
    assert one["provenance"]["command"] == "simulate"
    table = client.get("/explore/data.csv", params=both)
    assert table.text.startswith("# ")
    assert "Never in pregnancy" in table.text.splitlines()[0] or "pregnan" in table.text.splitlines()[0]
    frame = polars.read_csv(io.BytesIO(table.content), comment_prefix="#")
    assert frame.equals(polars.read_csv(io.BytesIO(direct.frame().write_csv().encode())))


def test_a_quick_look_says_so_and_asks_for_all(client: TestClient) -> None:
    part = asked(client, form({}, people="120"))
    assert "A quick look at 100 people; all 120 follow." in part
    follow = re.search(r'hx-get="(/explore\?[^"]+)" hx-trigger="load delay:700ms"', part)
    assert follow
    whole = client.get(follow[1], headers=HTMX)
    assert "120 simulated adults" in whole.text
    assert whole.headers["hx-push-url"] == follow[1]
    assert "r0-text" not in whole.text  # the form is left alone
    here = {**HTMX, "hx-current-url": f"http://localhost{follow[1]}"}
    assert "hx-push-url" not in client.get(follow[1], headers=here).headers
    assert "follow." not in asked(client, form({}))  # 20 people are all there are


# --- Both sides of a regimen


def test_a_moved_control_changes_the_text_and_no_control(client: TestClient) -> None:
    part = asked(client, form({"dose": "25"}))
    assert text_of(part) == A.replace("20", "25", 1)
    assert 'id="r0-controls"' not in part
    assert 'id="r0-dose-place"' not in part
    assert "25 mg" in words(part)


def test_a_changed_text_changes_the_controls_and_not_the_text(client: TestClient) -> None:
    part = asked(client, form({"text": "0.5 mg/kg bid fasted for 2 months"}))
    assert text_of(part) is None
    assert 'value="0.5"' in part
    assert '<option value="twice daily" selected>' in part
    assert '<option value="fasted" selected>' in part
    assert '<option value="month" selected>' in part
    assert 'value="0.5 mg/kg twice daily fasted for 2 months"' in part  # what the controls say, to compare with


def test_nothing_changed_replaces_nothing(client: TestClient) -> None:
    part = asked(client, form({}, weight="90"))
    assert text_of(part) is None
    assert 'id="r0-controls"' not in part
    assert "female, 30 years, 90 kg" in part


def test_another_unit_keeps_the_amount(client: TestClient) -> None:
    part = asked(client, form({"unit": "mg/kg"}, weight="80"))
    assert text_of(part) == "0.25 mg/kg once daily with a standard meal for 4 weeks"
    assert 'id="r0-dose-place"' in part
    assert 'id="r0-controls"' not in part


def test_a_text_that_says_more_folds_the_controls(client: TestClient) -> None:
    part = asked(client, form({"text": "20 mg daily for 2 weeks then 10 mg daily for 2 weeks"}))
    assert "says more than the controls can" in part
    assert 'name="r0.dose"' not in part


def test_only_the_regimen_that_changed_is_shown_anew(client: TestClient) -> None:
    other = {"text": B, "was": B, "set": B, "dose": "10", "often": "every other day"}
    part = asked(client, form({}, other | {"dose": "12.5"}))
    assert text_of(part, 0) is None
    assert text_of(part, 1) == B.replace("10", "12.5", 1)


# --- Errors


def test_an_error_stands_under_its_regimen_and_the_results_stay(client: TestClient) -> None:
    answer = client.get("/explore", params=form({"text": "20 mgg once daily"}), headers=HTMX)
    assert answer.headers["hx-reswap"] == "none"
    assert "hx-push-url" not in answer.headers
    part = html.unescape(answer.text)
    assert "unknown unit: mgg" in part
    assert "20 mgg once daily\n   ^^^" in part
    assert "Expected: mg or mg/kg" in part
    assert re.search(r'<button class="quiet near" name="r0.use" value="20 mg once daily">', part)
    assert "The results are those of before." in part
    assert 'id="curves"' not in part


def test_the_nearest_form_is_put_in(client: TestClient) -> None:
    wrong = "20 mgg once daily"
    part = asked(client, form({"text": wrong, "was": wrong, "use": "20 mg once daily"}))
    assert text_of(part) == "20 mg once daily"
    assert 'id="r0-controls"' in part
    assert 'id="curves"' in part


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"weight": "20"}, "weight is 20.0 kg"),
        ({"weight": "heavy"}, "weight: 'heavy'"),
        ({"people": "5000"}, "people: 5,000"),
        ({"weeks": "9999"}, "weeks: 9999"),
        ({"spread": "wide"}, "spread"),
        ({"supplement": "vitamine"}, "unknown supplement: 'vitamine'"),
        ({"assume": "anchorrage"}, "unknown hypothesis: 'anchorrage'"),
        ({"series": "sebum"}, "unknown series: 'sebum'"),
        ({"event.kind": "fever", "event.day": "never"}, "not an event: 'fever@never'"),
        ({"seed": "-1"}, "seed: '-1'"),
    ],
)
def test_what_cannot_be_is_said_in_words(client: TestClient, sent: dict[str, str], said: str) -> None:
    part = asked(client, form({}, **sent))
    assert said in part
    assert 'id="curves"' not in part
    page = client.get("/explore", params=form({}, **sent))  # the form without script is led to the link
    assert page.status_code == 422
    assert said in html.unescape(page.text)
    assert "The results appear when what is marked is put right" in page.text
    assert page.text.index('class="box stop"') < page.text.index("<h1")


@pytest.mark.parametrize(
    "text", ["", "   ", "20 g daily", "<script>alert(1)</script>", "900 mg once daily", "2" * 1900]
)
def test_a_regimen_that_cannot_be_is_kept_as_written(client: TestClient, text: str) -> None:
    part = client.get("/explore", params=form({"text": text}), headers=HTMX)
    assert part.status_code == 200
    assert "<script>alert" not in part.text
    page = client.get("/explore", params={"regimen": text, **RUN})
    assert page.status_code == (422 if text.strip() else 200)
    assert "<script>alert" not in page.text


def test_the_same_regimen_twice_is_said_at_the_second(client: TestClient) -> None:
    page = client.get("/explore", params=[("regimen", A), ("regimen", A.replace("once daily", "qd")), *RUN.items()])
    assert page.status_code == 200
    assert "the same as regimen A" in page.text
    assert 'id="curves"' in page.text


def test_five_regimens_are_too_many(client: TestClient) -> None:
    answer = client.get("/explore", params=[("regimen", f"{mg} mg once daily") for mg in range(1, 6)])
    assert answer.status_code == 422
    assert "5 regimens side by side" in answer.text


def test_pregnant_stops(client: TestClient) -> None:
    for headers in ({}, HTMX):
        answer = client.get("/explore", params=form({}, pregnant="yes"), headers=headers)
        assert answer.status_code == 422
        assert "Nothing was simulated" in answer.text
        assert "<svg" not in answer.text
        assert client.get("/explore/data.json", params={"pregnant": "yes"}, headers=headers).status_code == 422


# --- Links


def canonical(answer: Response) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(answer.headers["location"]).query)


def test_a_form_without_script_leads_to_a_short_link(client: TestClient) -> None:
    sent = form({"dose": "25"}, weight="82", sex="female", age="30", spread="both", height="", seed="1")
    answer = client.get("/explore", params=sent, follow_redirects=False)
    assert answer.status_code == 303
    pairs = [("regimen", A.replace("20", "25", 1)), ("weight", "82"), ("weeks", "8"), ("people", "20")]
    assert canonical(answer) == pairs
    page = client.get(answer.headers["location"])
    assert text_of(page.text) == A.replace("20", "25", 1)
    assert 'value="82"' in page.text


def test_add_and_remove(client: TestClient) -> None:
    added = client.get("/explore", params=form({}, add="1"), follow_redirects=False)
    assert [value for name, value in canonical(added) if name == "regimen"] == [A, A.replace("20", "10", 1)]
    other = {"text": B, "was": B, "set": B, "dose": "10", "often": "every other day"}
    removed = client.get("/explore", params=form({}, other, remove="0"), follow_redirects=False)
    assert [value for name, value in canonical(removed) if name == "regimen"] == [B]
    for odd in ("7", "-1", "x", "99999999999999999999"):
        kept = client.get("/explore", params=form({}, other, remove=odd), follow_redirects=False)
        assert [value for name, value in canonical(kept) if name == "regimen"] == [A, B]
    part = client.get("/explore", params=form({}, add="1"), headers=HTMX)
    assert part.headers["hx-redirect"] == added.headers["location"]


def test_another_regimen_is_always_another() -> None:
    texts = [A]
    for _ in range(3):
        texts.append(another(texts))
    assert len(set(texts)) == 4
    assert another(["nonsense"])


def test_series_are_chosen_in_the_link(client: TestClient) -> None:
    some = client.get(
        "/explore", params=[("regimen", A), ("series", "zinc_fraction"), ("series", "hours"), *RUN.items()]
    )
    assert re.findall(r'<figure id="([^"]+)"', some.text) == ["hours", "weeks-zinc_fraction"]
    none = client.get("/explore", params={"regimen": A, "series": "none", **RUN})
    assert 'id="curves"' not in none.text
    assert Asked.of([("r0.text", A), ("series", "")]).series_pairs == [("series", "none")]
    assert Asked.of([("r0.text", A), *(("series", name) for name in USUAL)]).series_pairs == []


def test_events_and_what_is_assumed_stand_in_link_and_page(client: TestClient) -> None:
    sent = form({}, assume="anchorage", supplement="vitamin-a", **{"event.kind": "fever", "event.day": "14"})
    answer = client.get("/explore", params=sent, follow_redirects=False)
    assert {("event", "fever@14"), ("assume", "anchorage"), ("supplement", "vitamin-a")} <= set(canonical(answer))
    page = words(client.get(answer.headers["location"]).text)
    assert "ASSUMED, not shown: Resting hairs hold less firmly" in page
    assert "Vitamin A is to be avoided" in page
    assert "fever on day 14" in page


def test_a_dose_above_the_label_is_warned_of(client: TestClient) -> None:
    part = words(asked(client, form({"dose": "160"})))
    assert "Warning: 2.29 mg/kg in a day is above the label's maximum of 2 mg/kg" in part


def test_the_same_in_python_is_the_same(client: TestClient) -> None:
    pairs = [("regimen", A), ("regimen", B), ("weight", "82"), ("event", "fever@3"), ("people", "20"), ("weeks", "8")]
    lines = as_python(State.of(pairs))
    room: dict[str, anagen.Comparison] = {}
    exec(lines, room)  # what a person would type
    page = html.unescape(client.get("/explore", params=pairs).text)
    assert lines in page
    assert "anagen compare" in page
    given = client.get("/explore/data.json", params=pairs).json()
    assert given["arms"][0]["outcomes"] == room["result"].to_json()["arms"][0]["outcomes"]


# --- Modes


def test_only_clinicians_see_what_is_meant_for_them(client: TestClient) -> None:
    reader = client.get("/explore", params={"regimen": A, **RUN})
    clinician = client.get("/explore", params={"regimen": A, "mode": "clinician", **RUN})
    own = [t["title"] for t in anagen.treatment().outcomes.values() if t.get("mode") == "clinician"]
    assert own
    for title in own:
        assert title not in html.unescape(reader.text)
        assert title in html.unescape(clinician.text)
    assert '<input type="hidden" name="mode" value="clinician">' in clinician.text
    assert "mode=clinician" in re.search(r'class="link" readonly value="([^"]+)"', clinician.text)[1]  # type: ignore[index]


def test_every_regimen_and_column_carries_the_mark(client: TestClient) -> None:
    page = client.get("/explore", params=[("regimen", A), ("regimen", B), *RUN.items()]).text
    title = "Never in pregnancy, or where pregnancy may occur"
    for legend in re.findall(r"<legend><span.*?</legend>", page, re.DOTALL):
        assert title in legend
    facts_head = page.split('id="h-facts"')[1].split("</thead>")[0]
    assert facts_head.count(f"</span> {title}") >= 2
