"""docs/evidence-rules.md prints the rules that the code uses: each of its tables is held against the data."""

from __future__ import annotations

import re
from pathlib import Path

from anagen.evidence.grade import CAPS, DOWN, NAMES, SMALL, START, UP
from anagen.evidence.rating import ABOVE, MAXIMAL_HARM
from anagen.evidence.size import SIZES, STARS_FROM
from anagen.evidence.verdict import RULE, VERBS

PAGE = (Path(__file__).parents[2] / "docs" / "evidence-rules.md").read_text("utf-8")


def tables() -> dict[str, list[list[str]]]:
    """Each table of the page by the first word of its head: rows of cells."""
    found: dict[str, list[list[str]]] = {}
    for block in re.findall(r"((?:^\|.*\n)+)", PAGE, re.M):
        rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in block.splitlines()]
        found[rows[0][0]] = rows[2:]
    return found


def test_start_of_each_design() -> None:
    assert {design: level for design, level in tables()["design"]} == {d: NAMES[level] for d, level in START.items()}


def test_steps_down() -> None:
    printed = {(what, judged): steps for what, judged, steps in tables()["what"] if what != "imprecision"}
    used = {(what, judged): f"−{cost}" for what, costs in DOWN.items() for judged, cost in costs.items() if cost}
    assert printed == used
    assert f"fewer than {SMALL} people" in PAGE


def test_steps_up_and_caps() -> None:
    assert set(UP) == {"large_effect", "dose_response"}
    assert set(UP.values()) == {1}
    assert set(CAPS.values()) == {2}
    assert "A step up, each, for a large effect and for a dose-response" in PAGE


def test_verdict_rule() -> None:
    assert [tuple(row) for row in tables()["verdict"]] == list(RULE)


def test_verbs_and_sizes() -> None:
    verbs = {name: verb for name, verb in tables()["certainty"]}
    assert {verbs[NAMES[level]] for level in VERBS} == set(VERBS.values())
    steps = [(float(ratio), int(stars), word) for ratio, stars, word in tables()["effect ÷ minimal difference from"]]
    assert steps == [(ratio, stars, SIZES[stars]) for stars, ratio in enumerate(STARS_FROM)]


def test_ratings() -> None:
    assert ABOVE == 1
    assert MAXIMAL_HARM == 4
    assert "stars than dots plus one" in PAGE.replace("\n", " ").replace("  ", " ")
