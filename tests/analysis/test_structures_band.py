"""The picture of what hangs on the choice of structure shows the numbers of the simulation."""

from __future__ import annotations

import re

import numpy as np
import pytest

from anagen.analysis.charts.structures import structures_chart
from anagen.analysis.structures_band import structures_figure
from anagen.errors import InputError
from anagen.simulation.structures import simulate_structures


@pytest.fixture(scope="module")
def result():
    return simulate_structures(
        "isotretinoin", "20 mg once daily fasted for 4 weeks", structures="all", weeks=8, people=100
    )


@pytest.mark.parametrize("series", ["oxo_ng_per_ml", "sebum_fraction", "shed_per_day", "b12_fraction"])
def test_every_series_has_a_figure(result, series):
    figure = structures_figure(result, series)
    assert figure.drawing.startswith("<svg")
    assert not re.search(r"\bNaN\b|\bundefined\b|\bnull\b", figure.drawing)
    assert all(sentence.endswith(".") for sentence in figure.sentences)
    assert len(figure.table.head) == 2 + len(result.structures)
    assert all(len(row) == len(figure.table.head) for row in figure.table.rows)
    assert figure.key.startswith("structures-")


def test_the_title_names_the_widest_week_and_the_sentence_what_moves_it(result):
    figure = structures_figure(result, "oxo_ng_per_ml")
    band = result.rivals.band("oxo_ng_per_ml")
    row = int((band.high - band.low).argmax())
    assert f"week {row}" in figure.title
    low, high = (float(x.replace(",", "")) for x in re.search(r"at ([\d,.]+) to ([\d,.]+)", figure.title).groups())
    assert low == pytest.approx(band.low[row], rel=0.01)
    assert high == pytest.approx(band.high[row], rel=0.01)
    moves = figure.sentences[-1]
    assert "2.5 times as much 4-oxo" in moves
    assert "A larger share of a smaller dose" in moves
    assert "Nothing lasts" not in moves


def test_where_nothing_moves_it_is_said(result):
    alone = simulate_structures(
        "isotretinoin", "20 mg once daily fasted for 4 weeks", structures="lasting-suppression", weeks=8, people=100
    )
    assert "None moves" in structures_figure(alone, "isotretinoin_ng_per_ml").sentences[0]


def test_an_unknown_series_is_refused(result):
    with pytest.raises(InputError, match="unknown series"):
        structures_figure(result, "shed")


def test_the_chart_holds_everything_drawn():
    week = np.arange(5.0)
    usual = (week, week + 2, week + 4)
    spec = structures_chart(week, usual, (week - 3, week + 6), {"a": week - 3, "b": week + 6}, "t")
    panel = spec["vconcat"][0]
    low, high = panel["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert low < -3 < 10 < high
    assert panel["data"]["values"][-1] == {"w": 4.0, "lo": 4.0, "mid": 6.0, "hi": 8.0, "from": 1.0, "to": 10.0}
    lines = [layer for layer in panel["layer"] if "data" in layer]
    assert [line["data"]["values"][-1]["v"] for line in lines] == [1.0, 10.0]
    styles = {(line["mark"]["color"], tuple(line["mark"]["strokeDash"])) for line in lines}
    assert len(styles) == 2
