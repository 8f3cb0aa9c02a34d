"""The model card says what the treatment's folder holds, and says what is not there; so does its page."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.analysis.model_results import calibration_result, sensitivity_result, validation_result
from tests.analysis.reading import passages, too_hard
from tests.analysis.test_page import FORBIDDEN, Reading

from anagen.analysis.card_page import card_page
from anagen.analysis.model_card import card as card_file
from anagen.analysis.model_card import checks, structure
from anagen.analysis.model_card.card import model_card
from anagen.analysis.model_card.checks import automated
from anagen.analysis.model_card.parameters import groups
from anagen.analysis.model_card.stored import CALIBRATION, SENSITIVITY, VALIDATION, Stored, stored
from anagen.errors import InputError
from anagen.evidence import load_sources
from anagen.treatments.registry import table, treatment

DATE = datetime.date(2026, 1, 2)
MISSING = Stored(None, "This has not been made yet.")
SAID_OF_PURPOSE = {r"stop\w*", r"diagnos\w*", r"you (have|should|must|need)"}


@pytest.fixture
def holding(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """The card of a folder that holds these results, and no others."""

    def make(**found: Stored) -> dict[str, Any]:
        names = {"calibration": CALIBRATION, "validation": VALIDATION, "sensitivity": SENSITIVITY}
        held = {names[name]: value for name, value in found.items()}
        monkeypatch.setattr(card_file, "stored", lambda _, file: held.get(file, MISSING))
        return model_card()

    return make


@pytest.fixture
def whole(holding: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    return holding(calibration=Stored(calibration_result()), validation=Stored(validation_result()))


CASES: Mapping[str, Mapping[str, Stored]] = {
    "nothing made yet": {},
    "calibration and validation": {
        "calibration": Stored(calibration_result()),
        "validation": Stored(validation_result()),
    },
    "validation of nothing": {"validation": Stored(validation_result(0, known=()))},
    "not whole": {
        "calibration": Stored({"blocks": [{}]}),
        "validation": Stored({"rows": []}),
        "sensitivity": Stored({}),
    },
    "sensitivity": {"sensitivity": Stored(sensitivity_result())},
    "a failure passes": {"validation": Stored(validation_result(passing=(7,)))},
}


@pytest.mark.parametrize("case", CASES)
def test_every_card_is_whole(case: str, holding: Callable[..., dict[str, Any]]) -> None:
    card = holding(**CASES[case])
    assert json.loads(json.dumps(card, allow_nan=False)) == card
    page = card_page(card, date=DATE)
    reading = Reading(page)
    assert not reading.open, "every element is closed"
    assert not re.search(r"\b(nan|inf|None|undefined)\b", reading.words(without=("fixed", "sources", "provenance")))
    assert len(page.encode()) < 1_500_000
    assert not re.search(r"<(script|link|iframe|object|embed|img)\b|@import|url\(", page)
    names = [attributes["id"] for _, attributes, _, _ in reading.elements if "id" in attributes]
    assert len(names) == len(set(names))
    links = [a["href"][1:] for _, a, _, _ in reading.elements if a.get("href", "").startswith("#")]
    assert set(links) <= set(names)
    levels = [int(tag[1]) for tag, *_ in reading.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not (report := too_hard(passages(page))), report


def test_the_box_stands_first_then_the_purpose(whole: dict[str, Any]) -> None:
    safety = treatment().safety
    reading = Reading(card_page(whole, date=DATE))
    box = reading.find("aside", class_="stop")[0]
    assert safety["pregnancy"]["text"] in reading.text(box)
    assert box < reading.find("p", class_="purpose")[0] < reading.find("h1")[0]
    assert safety["purpose"]["text"] in reading.text(reading.find("p", class_="purpose")[0])
    assert whole["safety"][0]["id"] == "pregnancy"
    sections = [reading.elements[i][1]["id"] for i in reading.find("section")]
    order = [
        "purpose",
        "population",
        "data",
        "validation",
        "failures",
        "unknowns",
        "structure",
        "unmeasured",
        "checked",
    ]
    assert sections == [*order, "parameters", "updates", "sources"]


@pytest.mark.parametrize("pattern", [p for p in FORBIDDEN if p not in SAID_OF_PURPOSE])
def test_reader_mode_never_says(pattern: str) -> None:
    words = Reading(card_page(model_card(), date=DATE)).words(without=("fixed", "sources", "assumed"))
    found = re.search(rf".*{pattern}.*", words, re.IGNORECASE)
    assert found is None, found[0]


def test_every_parameter_stands_in_the_card_once(whole: dict[str, Any]) -> None:
    known = treatment().parameters
    assert [row["name"] for row in whole["parameters"]] == list(known)
    for row in whole["parameters"]:
        p = known[row["name"]]
        assert (row["value"], row["unit"], row["status"], row["certainty"]) == (p.value, p.unit, p.status, p.certainty)
        assert row["source"]
        assert set(row["source"]) <= set(load_sources())
    reading = Reading(card_page(whole, date=DATE))
    rows = reading.find("tr", within=reading.find("section", id_="parameters")[0])
    named = [reading.elements[i][1]["id"] for i in rows if "id" in reading.elements[i][1]]
    by_group = [f"p-{row['name']}" for rows in groups(whole["parameters"]).values() for row in rows]
    assert named == by_group
    place = rows[1 + by_group.index("p-exposure.clearance")]
    clearance = known["exposure.clearance"]
    cells = reading.cells(place)
    assert float(cells[1]) == pytest.approx(clearance.value, rel=1e-3)
    assert [float(x) for x in cells[3].split(" to ")] == pytest.approx(clearance.unknown, rel=1e-3)
    assert cells[2] == clearance.unit


def test_statuses_are_counted(whole: dict[str, Any]) -> None:
    counts = Counter(p.status for p in treatment().parameters.values())
    assert {entry["status"]: entry["count"] for entry in whole["by_status"]} == counts


def test_what_was_never_measured_is_what_is_assumed_or_not_informed(whole: dict[str, Any]) -> None:
    never = {row["name"]: row["why"] for row in whole["never_measured"]}
    known = treatment().parameters
    assert not any(name.startswith("hypotheses.") for name in never)
    assert never["exposure.lag_fasted"] == "fitted, but the data told nothing of it"
    expected = {n for n, p in known.items() if p.status in ("assumed", "claimed") and not n.startswith("hypotheses.")}
    informed = {p["name"] for b in calibration_result()["blocks"] for p in b["parameters"] if p["informed"]}
    assert expected - informed <= set(never)
    assert set(never) - expected <= {"exposure.lag_fasted", "dermatitis.relapse_hazard", "side_effects.p0"}


def test_the_data_are_counted_by_block(whole: dict[str, Any]) -> None:
    fit = whole["data_and_fit"]
    made = calibration_result()
    assert [b["rows"] for b in fit["blocks"]] == [len(b["rows"]) for b in made["blocks"]]
    assert fit["rows"] == sum(len(b["rows"]) for b in made["blocks"])
    assert fit["within_2_sd"] == fit["rows"] - 1
    assert fit["source"] == ["us-label-2024", "rademaker-2010"]
    assert fit["parameters"] == sum(not p["nuisance"] for b in made["blocks"] for p in b["parameters"])
    assert fit["uninformed"] == 1, "the lag was fitted, and a spread goes with its number"


def test_failures_are_those_of_the_validation_and_of_the_folder(whole: dict[str, Any]) -> None:
    made = validation_result()
    fair = [row for row in made["rows"] if not row["known_failure"]]
    assert len(whole["validation"]["outside"]) == sum(not row["inside"] for row in fair)
    assert len(whole["validation"]["known_failures"]) == 2
    assert [limit["text"] for limit in whole["limits"]] == [
        x["text"] for x in table("isotretinoin", "page.toml")["limits"]
    ]
    text = Reading(card_page(whole, date=DATE)).words()
    assert all(limit["text"] in text for limit in whole["limits"])


def test_the_unknowns_that_decide_hair_are_ranked_by_their_shares(holding: Callable[..., dict[str, Any]]) -> None:
    card = holding(sensitivity=Stored(sensitivity_result()))
    found = card["sensitivity"]
    assert len(found["outcomes"]) == 4, "what nobody knows, of two doses and two outcomes"
    assert [u["share"] for u in found["outcomes"][0]["unknowns"]] == [0.7, 0.3, 0.1]
    places = [found["says"][0].index(name) for name in ("susceptibility", "telogen", "clearance")]
    assert places == sorted(places)
    assert "(70\u202f%)" in found["says"][0]
    section = Reading(card_page(card, date=DATE))
    rows = [section.cells(i) for i in section.find("tr", within=section.find("section", id_="unknowns")[0])[1:]]
    assert [row[:2] for row in rows][:2] == [["Extra hairs shed", "5.4 mg daily"], ["Fall of skin oil", "5.4 mg daily"]]
    assert rows[1][2] == "meaning of exposure.clearance (90\u202f%)"


def test_what_is_missing_is_said(holding: Callable[..., dict[str, Any]]) -> None:
    card = holding()
    for part in ("data_and_fit", "validation", "sensitivity"):
        assert card[part]["problem"] == MISSING.problem
    reading = Reading(card_page(card, date=DATE))
    for section in ("data", "validation", "unknowns"):
        assert MISSING.problem in reading.text(reading.find("section", id_=section)[0])


def test_nobody_checked_unless_the_folder_names_them(monkeypatch: pytest.MonkeyPatch, whole: dict[str, Any]) -> None:
    assert "Checked by people: none" in Reading(card_page(whole, date=DATE)).words()
    review = {"one": {"who": "A. Reader", "what": "the exposure rows", "when": "2026-11-01"}}
    monkeypatch.setattr(checks, "table", lambda *_: review)
    card = whole | {"checked": whole["checked"] | {"people": checks.people_who_checked("isotretinoin")}}
    words = Reading(card_page(card, date=DATE)).words()
    assert "Checked by people: 1" in words
    assert "A. Reader" in card_page(card, date=DATE)


def passed(**given: Any) -> dict[str, bool | None]:
    """The checks by their first five words."""
    known = given.pop("parameters", treatment().parameters)
    given = {"calibration": None, "validation": None, "sensitivity": None, "parameter_hash": "x"} | given
    return {" ".join(c["says"].split()[:5]): c["passed"] for c in automated(known, **given)}


def test_checks_pass_fail_and_wait() -> None:
    known = treatment().parameters
    assert set(passed().values()) == {True, None}
    clearance = known["exposure.clearance"]
    strange = {**known, "exposure.clearance": replace(clearance, source=("nobody-2031",))}
    assert passed(parameters=strange)["Every number has a source"] is False
    assert passed(parameters={**known, "a": replace(clearance, unit="")})["Every number has a unit"] is False
    assert passed(validation=validation_result())["No failure that was known"] is True
    assert passed(validation=validation_result(passing=(7,)))["No failure that was known"] is False
    current = {"provenance": {"parameters": "x"}}
    assert passed(validation=validation_result() | current)["The validation was made with"] is True
    assert passed(validation=validation_result())["The validation was made with"] is False


def test_a_calibration_that_is_not_in_use_is_found() -> None:
    known = treatment().parameters
    made = calibration_result(1)
    (block,) = made["blocks"]
    names = [p["name"] for p in block["parameters"] if not p["nuisance"] and ":" not in p["name"]]
    for p in block["parameters"]:
        name, _, between = p["name"].partition(":")
        if name in known:
            p["written"] = known[name].between if between else known[name].value
    assert passed(calibration=made)["The numbers in use are"] is True
    block["parameters"][0]["written"] *= 1.1
    assert passed(calibration=made)["The numbers in use are"] is False
    assert names


def test_a_search_that_went_astray_is_found() -> None:
    made = calibration_result(1)
    says = "The search of the calibration"
    assert passed(calibration=made)[says] is True
    assert passed(calibration=calibration_result(2))[says] is False, "two places astray"
    made["blocks"][0]["parameters"][0]["rhat"] = 1.2
    assert passed(calibration=made)[says] is False


def test_a_damaged_file_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from anagen.analysis.model_card import stored as file

    monkeypatch.setattr(file.resources, "files", lambda _: tmp_path)
    assert "has not been made yet" in stored("isotretinoin", CALIBRATION).problem
    for text in ("{", "[]", "3"):
        (tmp_path / CALIBRATION).write_text(text, "utf-8")
        assert "is damaged" in stored("isotretinoin", CALIBRATION).problem
    (tmp_path / CALIBRATION).write_text("{}", "utf-8")
    assert stored("isotretinoin", CALIBRATION).table == {}


def test_mechanisms_are_those_that_the_model_imports() -> None:
    folder = Path(structure.import_module("anagen.treatments.isotretinoin").__file__).parent
    text = "\n".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    imported = set(re.findall(r"from anagen\.mechanisms\.(\w+) import [A-Z]", text))
    found = {entry["name"]: entry["says"] for entry in structure.mechanisms("isotretinoin")}
    assert imported <= set(found)
    assert "sebum" in found["sebum"].casefold()


def test_links_are_those_of_the_map(whole: dict[str, Any]) -> None:
    edges = table("isotretinoin", "map.toml")["edge"]
    assert len(whole["structure"]["links"]) == len(edges) == sum(whole["structure"]["links_by_certainty"].values())


def test_structures_carried_side_by_side_are_those_of_the_folder(whole: dict[str, Any]) -> None:
    found = table("isotretinoin", "structures.toml")
    assert [question["name"] for question in whole["structure"]["side_by_side"]] == list(found)
    for question in whole["structure"]["side_by_side"]:
        names = [one["name"] for one in question["alternatives"] if not one["in_use"]]
        assert names == list(found[question["name"]]["alternatives"])
        assert sum(one["in_use"] for one in question["alternatives"]) == 1
    assert whole["structure"]["missing"] == ("" if found else structure.NONE)


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, float):
        yield value


def test_the_card_names_its_version_and_fingerprint(whole: dict[str, Any]) -> None:
    drug = treatment()
    assert whole["parameter_hash"] == drug.parameter_hash()
    assert whole["fingerprint"] == drug.fingerprint()
    page = card_page(whole, date=DATE)
    assert drug.parameter_hash() in page
    assert whole["version"] in page
    assert all(abs(number) < 1e18 for number in numbers(whole))


def test_an_unknown_treatment_is_refused() -> None:
    with pytest.raises(InputError, match="isotretinoin"):
        model_card("isotretinon")
