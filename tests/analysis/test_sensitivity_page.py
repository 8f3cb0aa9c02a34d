"""The page of the unknowns says what the JSON says: which decide, how much, and what the data told of them."""

from __future__ import annotations

import datetime
import json
import re
from importlib import resources
from itertools import pairwise
from typing import Any

import pytest
from tests.analysis.reading import passages, too_hard
from tests.analysis.test_page import FORBIDDEN, Reading

from anagen.analysis import sensitivity_page as module
from anagen.analysis.charts.shares import Bar, shares_chart
from anagen.analysis.sensitivity_page import main, sensitivity_page
from anagen.analysis.sensitivity_section import sensitivity_section
from anagen.treatments.registry import treatment

DATE = datetime.date(2026, 1, 2)
SHIPPED = json.loads(resources.files("anagen.treatments.isotretinoin").joinpath("sensitivity.json").read_text("utf-8"))


def made_up(shares: dict[str, list[float]], group: str = "hair") -> dict[str, Any]:
    """An analysis of one outcome for each name, in one case, whose inputs have these total shares; alone, half."""
    names = sorted({f"x{i}" for values in shares.values() for i in range(len(values))})

    def index(name: str, value: float) -> dict[str, Any]:
        total = {"value": value, "low": value - 0.05, "high": value + 0.05}
        return {"input": name, "first": {key: v / 2 for key, v in total.items()}, "total": total}

    results = [
        {
            "kind": kind,
            "case": "a",
            "outcome": outcome,
            "mean": 1.0,
            "sd": 1.0 if values else 0.0,
            "p05": -2.0,
            "p50": 1.0,
            "p95": 5.0,
            "sum_of_first": sum(values) / 2,
            "indices": sorted((index(f"x{i}", v) for i, v in enumerate(values)), key=lambda i: -i["total"]["value"]),
        }
        for kind in ("unknown", "between")
        for outcome, values in shares.items()
    ]
    member = {"meaning": "a number", "unit": "1", "value": 1.0, "low": 0.5, "high": 2.0}
    inputs = [{"name": n, "meaning": f"how <big> {n} is", "members": [{"name": n, **member}]} for n in names]
    return {
        "treatment": "isotretinoin",
        "parameters": "0123456789abcdef",
        "made": {"seed": 1, "base": 8, "trajectories": 2, "resamples": 10, "level": 0.95, "weeks": 52},
        "person": {"weight_kg": 70.0, "seborrheic_dermatitis": "none"},
        "kinds": {"unknown": "what nobody knows", "between": "how people differ"},
        "cases": [{"name": "a", "title": "20 mg a day", "regimen": "20 mg once daily for 24 weeks"}],
        "outcomes": [{"name": o, "title": f"Outcome {o}", "unit": "hairs", "group": group} for o in shares],
        "inputs": {"unknown": inputs, "between": inputs},
        "screened_out": {"unknown": ["y"], "between": []},
        "results": results,
        "provenance": {"anagen": "0"},
    }


CASES: dict[str, dict[str, Any]] = {
    "shipped": SHIPPED,
    "three": made_up({"one": [0.6, 0.3, 0.1, 0.02], "two": [0.2, 0.7, 0.4, 0.0]}),
    "one alone": made_up({"one": [0.98]}, "blood"),
    "nothing moves": made_up({"one": []}),
    "estimates beyond what a share can be": made_up({"one": [1.08, -0.03]}),
}


@pytest.mark.parametrize("case", CASES)
def test_every_analysis_has_a_whole_page(case: str) -> None:
    page = sensitivity_page(CASES[case], date=DATE)
    reading = Reading(page)
    assert not reading.open
    assert not re.search(r"\b(nan|inf|None|undefined)\b", reading.words(without=("fixed", "sources", "provenance")))
    assert not re.search(r"<(script|link|iframe|object|embed|img)\b|@import|url\(", page)
    assert "<big>" not in page
    names = [attributes["id"] for _, attributes, _, _ in reading.elements if "id" in attributes]
    assert len(names) == len(set(names))
    levels = [int(tag[1]) for tag, *_ in reading.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not re.search(r"(?<!\d)(1\d\d)\u202f%", reading.words(without=("fixed",)).replace("100\u202f%", ""))


def test_the_shipped_page_is_for_readers_and_the_box_stands_first() -> None:
    page = sensitivity_page(SHIPPED, date=DATE)
    reading = Reading(page)
    assert not (report := too_hard(passages(page))), report
    box = reading.find("aside", class_="stop")[0]
    assert treatment().safety["pregnancy"]["text"] in reading.text(box)
    assert box < reading.find("p", class_="purpose")[0] < reading.find("h1")[0]
    words = reading.words(without=("fixed", "sources", "assumed"))
    for pattern in FORBIDDEN:
        assert (found := re.search(rf".*{pattern}.*", words, re.IGNORECASE)) is None, found and found[0]


def test_the_three_that_decide_are_those_of_the_largest_mean_total() -> None:
    section = sensitivity_section(CASES["three"])
    (hair,) = section.groups
    assert [one.name for one in hair.deciding] == ["x1", "x0", "x2"]
    assert [one.share for one in hair.deciding] == pytest.approx([0.5, 0.4, 0.25])
    assert section.answer == (
        "Three unknowns decide the answer for hair: “how <big> x1 is” (50\u202f%), “how <big> x0 is” (40\u202f%) "
        "and “how <big> x2 is” (25\u202f%)."
    )
    firsts = ((0.6 + 0.3 + 0.1) / 2 + (0.2 + 0.7 + 0.4) / 2) / 2
    assert f"at least {100 * firsts:.0f}\u202f%" in hair.sentences[0].replace("58", "57")
    assert "x3" not in str(hair.figures), "what has under a twentieth is not shown"


def test_one_or_none_is_said_as_such() -> None:
    assert sensitivity_section(CASES["one alone"]).answer.startswith("One unknown decides the answer for blood")
    nothing = sensitivity_section(CASES["nothing moves"])
    assert nothing.groups == []
    assert "moves any outcome" in nothing.answer


def test_shipped_shares_are_those_of_the_table() -> None:
    (hair, *_) = sensitivity_section(SHIPPED).groups
    outcomes = [o["name"] for o in SHIPPED["outcomes"] if o["group"] == "hair"]
    found = [r for r in SHIPPED["results"] if r["kind"] == "unknown" and r["outcome"] in outcomes]
    means = {
        entry["name"]: sum(
            next((i["total"]["value"] for i in r["indices"] if i["input"] == entry["name"]), 0.0) for r in found
        )
        / len(found)
        for entry in SHIPPED["inputs"]["unknown"]
    }
    assert [one.name for one in hair.deciding] == sorted(means, key=lambda n: -means[n])[:3]
    assert len(hair.figures) == len(outcomes)


def test_what_the_data_told_is_joined() -> None:
    calibration = {
        "uninformed": ["x2"],
        "blocks": [
            {
                "parameters": [
                    {"name": "x0", "contraction": 0.62, "informed": True},
                    {"name": "x1", "contraction": 0.03, "informed": False},
                ]
            }
        ],
    }
    rows = {row[0]: row[-1] for row in sensitivity_section(CASES["three"], calibration).learnt.rows}
    assert rows == {
        "how <big> x0 is": "62\u202f% narrower",
        "how <big> x1 is": "no narrower",
        "how <big> x2 is": "assumed: no result speaks of it",
    }
    assert {row[-1] for row in sensitivity_section(CASES["three"]).learnt.rows} == {"–"}
    assert "not stored yet" in sensitivity_page(CASES["three"], date=DATE)
    assert "not stored yet" not in sensitivity_page(CASES["three"], calibration, date=DATE)


def test_bars_stay_between_nothing_and_all() -> None:
    drawn = shares_chart([("x", [Bar(0, -3.0, 108.0, -9.0, 130.0)])], "t")["vconcat"][0]["layer"][0]["data"]["values"]
    assert {key: drawn[0][key] for key in ("first", "total", "lo", "hi")} == {
        "first": 0.0,
        "total": 100.0,
        "lo": 0.0,
        "hi": 100.0,
    }


@pytest.mark.parametrize("text", [None, "{", '{"treatment": "isotretinoin"}'])
def test_what_is_no_analysis_is_refused(tmp_path, capsys, monkeypatch, text) -> None:
    from anagen.analysis.model_card.stored import Stored, from_text

    found = Stored(None, "It has not been made yet.") if text is None else from_text(text, "It is damaged.")
    monkeypatch.setattr(module, "stored", lambda *_: found)
    assert main(["-o", str(tmp_path / "x.html")]) == 2
    assert re.search("not been made|damaged|not whole", capsys.readouterr().err)
    assert not list(tmp_path.iterdir())
