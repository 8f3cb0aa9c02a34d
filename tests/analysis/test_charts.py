"""Charts: one definition, drawn the same for the page, for files and for `.plot()`; readable without colour."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest

from anagen import Simulation, simulate
from anagen.analysis import plot, to_svg
from anagen.analysis.charts.dots import DOTS, dots_chart, quantile_weeks
from anagen.analysis.charts.icons import icons_chart
from anagen.analysis.charts.plot import series_chart
from anagen.analysis.charts.theme import MARKS, PAPER, WIDTH
from anagen.analysis.charts.weeks import SAMPLE, Curve
from anagen.errors import InputError


@pytest.fixture(scope="module")
def arms() -> list[Simulation]:
    texts = ("20 mg once daily for 12 weeks", "10 mg once daily for 12 weeks")
    return [simulate("isotretinoin", text, weeks=20, people=60) for text in texts]


def test_importing_the_room_loads_neither_altair_nor_jinja() -> None:
    code = "import sys, anagen.analysis; print([m for m in ('altair', 'jinja2', 'vl_convert') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_plot_draws_the_hair_series_where_none_is_named(arms: list[Simulation]) -> None:
    chart = plot(arms)
    hair = [name for name, table in arms[0].treatment.series.items() if table["group"] == "hair"]
    assert len(chart.to_dict(validate=False)["vconcat"]) == len(hair)
    assert "Never in pregnancy" in to_svg(chart)
    ElementTree.fromstring(to_svg(chart))


def test_what_was_assumed_stands_on_the_chart() -> None:
    run = simulate("isotretinoin", "20 mg once daily", people=10, weeks=4, assume=["anchorage"])
    assert "ASSUMED: anchorage" in to_svg(plot([run], ["shed_per_day"]))


def test_plot_refuses_what_it_cannot_draw(arms: list[Simulation]) -> None:
    with pytest.raises(InputError, match="unknown series"):
        plot(arms, ["sebun_fraction"])
    with pytest.raises(InputError, match="0 regimens"):
        plot([])


def test_curves_draw_the_people_of_the_simulation(arms: list[Simulation]) -> None:
    spec = series_chart(arms, "shed_per_day")
    panel = spec["vconcat"][0]["hconcat"][0]
    series = arms[0].series("shed_per_day")
    assert [row["mid"] for row in panel["data"]["values"]] == pytest.approx(series.bands[1], rel=1e-3)
    paths = panel["layer"][1]["data"]["values"]
    assert len(paths) == SAMPLE * series.day.size
    assert [row["v"] for row in paths if row["i"] == 3] == pytest.approx(series.people[:, 3], rel=1e-3)


def test_against_the_own_start_everyone_begins_at_100(arms: list[Simulation]) -> None:
    curve = Curve.of(arms[0], "shed_per_day", own_start=True)
    assert curve.people[0] == pytest.approx(100)
    assert curve.typical[0] == pytest.approx(100)


@pytest.mark.parametrize("count", [1, 2])
def test_figures_fit_a_phone_with_text_of_11_px(arms: list[Simulation], count: int) -> None:
    svg = ElementTree.fromstring(to_svg(series_chart(arms[:count], "shed_per_day")))
    scale = min(1.0, WIDTH / float(svg.attrib["width"]))
    sizes = [float(e.attrib["font-size"].removesuffix("px")) for e in svg.iter() if "font-size" in e.attrib]
    assert min(sizes) * scale >= 11


def test_fifty_dots_are_the_quantiles() -> None:
    weeks = np.random.default_rng(1).gamma(20, 1, 400)
    dots = quantile_weeks(weeks)
    assert len(dots) == DOTS
    assert np.median(dots) == pytest.approx(np.median(weeks), abs=0.2)
    spec = dots_chart([(0, "A", weeks, 12.0)], 52, "weeks")
    assert len(spec["vconcat"][0]["layer"][0]["data"]["values"]) == DOTS


def test_an_icon_array_has_a_hundred_icons() -> None:
    spec = icons_chart([("A", "20 mg", 7), ("Without", "no treatment", 0)], "people")
    panels = spec["vconcat"][0]["hconcat"]
    assert [sum(icon["on"] for icon in panel["data"]["values"]) for panel in panels] == [7, 0]
    assert all(len(panel["data"]["values"]) == 100 for panel in panels)
    assert panels[0]["title"]["text"][0] == "7 of 100"


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_regimens_are_told_apart_without_colour() -> None:
    for one, other in combinations(MARKS, 2):
        assert one.letter != other.letter
        assert one.dash != other.dash
        assert one.shape != other.shape
    for mark in MARKS:
        assert (_luminance(PAPER) + 0.05) / (_luminance(mark.color) + 0.05) >= 4.5
