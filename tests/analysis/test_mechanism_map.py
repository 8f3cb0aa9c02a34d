"""The mechanism map cannot lie: it describes every wire that runs, and no other; its sums are the engine's."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from tests.simulation.test_wires import wired

from anagen import Patient, simulate
from anagen.analysis.charts import theme
from anagen.analysis.map.data import map_text
from anagen.analysis.map.figure import map_figure
from anagen.analysis.map.mechanism_map import MechanismMap, mechanism_map
from anagen.analysis.map.typical_course import contributions
from anagen.mechanisms.anagen_exit import AnagenExit
from anagen.simulation.result import Simulation
from anagen.simulation.wires import wires
from anagen.treatments.registry import treatment

REGIMEN = "20 mg once daily with food for 16 weeks"
ILL = Patient(seborrheic_dermatitis="severe", ferritin_ug_per_l=20.0, pattern_hair_loss=True)
ALL = tuple(treatment().hypotheses)
TEXT = map_text("isotretinoin")
NODE_OF = TEXT.node_of


def run(**options) -> Simulation:
    return simulate("isotretinoin", REGIMEN, options.pop("patient", ILL), people=1, **options)


@pytest.fixture(scope="module")
def usual() -> Simulation:
    return run()


@pytest.fixture(scope="module")
def everything() -> Simulation:
    return run(assume=ALL, daily=True)


@pytest.fixture(scope="module")
def drawn(usual) -> MechanismMap:
    return mechanism_map(usual)


def joined(*assumed: str) -> set[tuple[str, str]]:
    """The pairs of nodes that wires join; every signal of a wire has a node, or is left out by name."""
    pairs = set()
    for wire in wires(wired(frozenset(assumed)), TEXT.kept):
        if wire.source not in TEXT.left_out:
            pairs.add((NODE_OF[wire.source], NODE_OF[wire.target]))
    return {pair for pair in pairs if pair[0] != pair[1]}


@pytest.mark.parametrize("assumed", [(), *((name,) for name in ALL), ALL], ids=str)
def test_every_wire_is_described(assumed: tuple[str, ...]) -> None:
    described = {
        (edge.source, edge.target) for edge in TEXT.edge if edge.hypothesis is None or edge.hypothesis in assumed
    }
    # A claim that only makes a wire stronger has its wire without it too.
    described |= {(e.source, e.target) for e in TEXT.edge if e.hypothesis == "nutrient-depletion"}
    assert joined(*assumed) <= described


@pytest.mark.parametrize("edge", TEXT.edge, ids=lambda e: f"{e.source} to {e.target}")
def test_every_edge_described_is_wired(edge) -> None:
    assert (edge.source, edge.target) in joined(*([edge.hypothesis] if edge.hypothesis else []))


def test_signals_and_hypotheses_that_are_named_exist() -> None:
    known = {name for w in wires(wired(frozenset(ALL)), TEXT.kept) for name in w}
    known |= {name for w in wires(wired(), TEXT.kept) for name in w}
    assert {*NODE_OF, *TEXT.left_out} <= known
    named = {name for edge in TEXT.edge for name in (edge.hypothesis, edge.shaped_by) if name}
    assert named == {*ALL}


def test_the_contributions_are_the_engines_sum(usual, everything) -> None:
    """At every row, with and without the damping; the ceiling is met in neither."""
    for simulation in (usual, everything):
        total = 1 + sum(contributions(simulation).values())
        np.testing.assert_allclose(total, simulation.signals["anagen_exit"][:, 0], rtol=1e-12)
    assert contributions(everything)["anagen_exit:damping"].min() < -0.05


def test_sizes_are_those_of_the_typical_person(usual, drawn) -> None:
    row = 16
    assert usual.days[row] == 16 * 7
    sebum = usual.signals["sebum_fraction"][:, 0]
    assert drawn.edge("sebum", "dermatitis").size == pytest.approx(
        100 * (usual.signals["dermatitis_fraction"][row, 0] - 1)
    )
    assert drawn.edge("level", "sebum").size == pytest.approx(100 * (sebum[row] - sebum[0]))
    assert drawn.edge("level", "sebum").shared
    assert drawn.edge("level", "triglycerides").unit == "mg/dL"
    weight = treatment().parameters["anagen_exit.dermatitis.weight"].value
    dermatitis = drawn.edge("dermatitis", "exit")
    assert dermatitis.standing == pytest.approx(100 * weight)
    assert dermatitis.size == pytest.approx(weight * drawn.edge("sebum", "dermatitis").size)
    iron = drawn.edge("iron", "exit")
    assert (iron.size, iron.direction) == (0.0, "raises")
    assert iron.standing == pytest.approx(100 * 0.5 * (1 - 20 / 40))


def test_claims_are_off_unless_assumed(drawn, everything) -> None:
    for pair in (("level", "zinc"), ("level", "selenium"), ("level", "biotin"), ("liver", "struck")):
        edge = drawn.edge(*pair)
        assert (edge.state, edge.size, edge.why) == ("off", None, "not supported by evidence")
        on = mechanism_map(everything).edge(*pair)
        assert on.state == "on"
        assert on.assumed
        assert on.direction == edge.direction, "what is claimed is what the model then does"
    assert drawn.edge("zinc", "exit").state == "not acting"
    assert drawn.edge("level", "vitamin-d").state == "not acting"


def test_assuming_anagen_effluvium_turns_the_liver_on() -> None:
    simulation = run(assume=["anagen-effluvium"])
    edge = mechanism_map(simulation).edge("liver", "struck")
    assert edge.state == "on"
    assert edge.size == pytest.approx(100 * simulation.signals["hit_fraction"][16, 0])
    assert edge.size > 1
    assert mechanism_map(simulation).edge("struck", "follicles").direction == "lowers"
    assert "assumed" in map_figure(mechanism_map(simulation)).svg


def test_a_weight_of_zero_has_no_effect_and_a_term_taken_out_no_wire(usual) -> None:
    drug = treatment()
    name = "anagen_exit.dermatitis.weight"
    none = replace(drug.parameters[name], value=0.0, between=0.0, unknown=None)
    other = simulate(replace(drug, parameters={**drug.parameters, name: none}), REGIMEN, ILL, people=1)
    edge = mechanism_map(other).edge("dermatitis", "exit")
    assert (edge.state, edge.direction, edge.size) == ("not acting", "none", None)

    def without(block):
        if not isinstance(block, AnagenExit):
            return block
        return replace(block, terms=tuple(term for term in block.terms if term.name != "dermatitis"))

    cut = replace(usual, wiring=replace(usual.wiring, mechanisms=tuple(map(without, usual.wiring.mechanisms))))
    edge = mechanism_map(cut).edge("dermatitis", "exit")
    assert (edge.state, edge.why) == ("off", "not wired in this simulation")
    assert mechanism_map(cut).edge("iron", "exit").state == "on"


def test_a_single_dose_is_read_after_a_week_not_before_it() -> None:
    """A course shorter than a week has no row inside it but the first: nothing would seem to move."""
    drawn = mechanism_map(simulate("isotretinoin", "80 mg once fasted", ILL, people=1, weeks=4))
    assert drawn.weeks == 1
    assert drawn.edge("level", "sebum").state == "on"
    assert drawn.nodes["sebum"].change < 0


def test_without_treatment_nothing_moves() -> None:
    still = mechanism_map(simulate("isotretinoin", None, Patient(), people=1, weeks=8))
    assert not [edge for edge in still.edges if edge.state == "on"]
    assert map_figure(still).title.startswith("None of 9")


def test_the_table_has_every_arrow_and_json_is_plain(drawn) -> None:
    figure = map_figure(drawn)
    assert len(figure.table.rows) == len(TEXT.edge)
    assert len(figure.table.head) == 7 == len(figure.table.rows[0])
    state = next(row[5] for row in figure.table.rows if row[:2] == ["Level in the blood", "Zinc"])
    assert state == "off: not supported by evidence"
    import json

    back = json.loads(json.dumps(drawn.to_json()))
    assert len(back["edges"]) == len(TEXT.edge)


def texts(svg: str) -> list[tuple[str, float, float, float, float]]:
    """Words and about where they stand, in a wide face: x from and to, y from and to."""
    found = []
    for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        width = len(node.text) * theme.TEXT * (0.63 if node.get("font-weight") else 0.57)
        x = float(node.get("x")) - width * {"start": 0, "middle": 0.5, "end": 1}[node.get("text-anchor", "start")]
        y = float(node.get("y"))
        found.append((node.text, x, x + width, y - 8, y))
    return found


@pytest.mark.parametrize("which", ["usual", "everything"])
def test_no_words_overlap_and_no_line_crosses_them(which: str, request: pytest.FixtureRequest) -> None:
    svg = map_figure(mechanism_map(request.getfixturevalue(which))).svg
    root = ET.fromstring(svg)
    assert (root.get("width"), root.get("font-size")) == ("336", "11.5")
    words = texts(svg)
    for text, x0, x1, *_ in words:
        assert x0 >= 0, text
        assert x1 <= theme.WIDTH, text
    for (a, ax0, ax1, ay0, ay1), (b, bx0, bx1, by0, by1) in combinations(words, 2):
        assert ax1 <= bx0 or bx1 <= ax0 or ay1 <= by0 or by1 <= ay0, (a, b)
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        points = [tuple(map(float, p)) for p in re.findall(r"([\d.-]+),([\d.-]+)", path.get("d"))]
        for (px, py), (qx, qy) in pairwise(points):
            for text, x0, x1, y0, y1 in words:
                apart = max(px, qx) <= x0 or min(px, qx) >= x1 or max(py, qy) <= y0 or min(py, qy) >= y1
                assert apart, (text, path.get("d"))


def test_kinds_of_lines_are_told_apart_without_colour(drawn) -> None:
    svg = map_figure(drawn).svg
    off = sum(edge.state == "off" for edge in drawn.edges)
    boxes = svg.count("<rect") - len(re.findall(r"<rect(?![^>]*dasharray)", svg))
    key = 1
    assert svg.count("stroke-dasharray") == off + boxes + key
    for color in set(re.findall(r"#[0-9a-f]{6}", svg)):
        assert color in {theme.INK, theme.QUIET, theme.HOLLOW, theme.MIDDLE, theme.TYPICAL}
