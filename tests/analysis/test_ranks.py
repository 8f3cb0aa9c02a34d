"""Rank histograms: bars relative to an even spread, the band, and signs where a bar leaves it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from anagen.analysis.charts.ranks import MOST, Ranks, ranks_chart
from anagen.analysis.charts.svg import to_svg

EVEN = Ranks("length of anagen", [50] * 10, 35, 66, 1.0)
PILED = Ranks("dispersion of counts", [10] * 9 + [410], 35, 66, 1e-9)
FEW = Ranks("strike on anagen hairs, day", [1, 0, 2], 0, 4, 0.5)


def panels(spec):
    return [panel for row in spec["vconcat"] for panel in row["hconcat"]]


def test_an_even_spread_is_one_everywhere_and_has_no_sign():
    (panel,) = panels(ranks_chart([EVEN], "ranks"))
    band, bars, _, signs = panel["layer"]
    assert [bar["times"] for bar in bars["data"]["values"]] == [1.0] * 10
    assert [(bar["lo"], bar["hi"]) for bar in bars["data"]["values"]][::9] == [(0.0, 0.1), (0.9, 1.0)]
    assert (band["data"]["values"][0]["zero"], band["data"]["values"][0]["times"]) == (0.7, 1.32)
    assert signs["data"]["values"] == []


def test_bars_outside_the_band_have_a_sign_and_high_ones_are_cut():
    (panel,) = panels(ranks_chart([PILED], "ranks"))
    _, bars, _, signs = panel["layer"]
    assert [bar["times"] for bar in bars["data"]["values"]] == [0.2] * 9 + [MOST]
    assert [sign["mid"] for sign in signs["data"]["values"]] == pytest.approx([0.05 + 0.1 * i for i in range(10)])
    assert all(0 < sign["times"] < MOST for sign in signs["data"]["values"])
    assert panel["title"]["text"][-2:] == ["500 records", "p < 0.001"]


def test_panels_of_a_row_have_heads_of_one_height_and_it_can_be_drawn():
    spec = ranks_chart([EVEN, PILED, FEW, EVEN], "Where the true value lies")
    assert [len(row["hconcat"]) for row in spec["vconcat"]] == [3, 1]
    assert len({len(panel["title"]["text"]) for panel in panels(spec)}) == 1
    drawing = to_svg(spec)
    ElementTree.fromstring(drawing)
    assert "length of" in drawing
    assert all(words in drawing for words in ("3 records", "p 0.50"))
