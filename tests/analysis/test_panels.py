"""Small multiples drawn here, against Vega's drawing of the same Vega-Lite."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
import pytest

from anagen import Simulation, simulate
from anagen.analysis.charts.panels import panels_svg
from anagen.analysis.charts.plot import series_chart
from anagen.analysis.charts.svg import to_svg
from anagen.analysis.charts.theme import Spec

NEAR = 4.0
"""Headings and whole panels may stand this far, in px, from where Vega puts them."""


class Drawn(NamedTuple):
    """What is seen: words and where they stand, and the points of each curve, from the corner of the first panel."""

    words: dict[tuple[str, int], tuple[float, float]]
    curves: list[np.ndarray]
    looks: list[tuple[str | None, ...]]
    height: float


def seen(svg: str) -> Drawn:
    root = ElementTree.fromstring(svg)
    words, curves, looks = {}, [], []

    def walk(element: ElementTree.Element, x: float, y: float) -> None:
        if found := re.match(r"translate\(([-\d.]+),([-\d.]+)\)", element.get("transform", "")):
            x, y = x + float(found[1]), y + float(found[2])
        tag = element.tag.split("}")[1]
        if tag == "text":
            first = next(iter(element), element)
            text = " ".join(piece.strip() for piece in element.itertext())
            place = (x + float(first.get("x") or element.get("x") or 0), y + float(element.get("y") or 0))
            words[text, sum(text == other for other, _ in words)] = place
            return
        color = element.get("stroke") or element.get("fill")
        look = (color, *(element.get(name) for name in ("stroke-width", "stroke-dasharray", "opacity")))
        for line in element.get("d", "").split("M"):  # one path of ours may hold the lines of many people
            points = re.findall(r"([-\d.]+),([-\d.]+)", line)
            if len(points) > 8 and color != "none":
                curves.append(np.array(points, float) + np.array([x, y]))
                looks.append(look)
        for child in element:
            walk(child, x, y)

    walk(root, 0.0, 0.0)
    return Drawn(words, curves, looks, float(root.attrib["height"]))


@pytest.fixture(scope="module")
def arms() -> list[Simulation]:
    texts = [f"{mg} mg once daily for 4 weeks" for mg in (10, 20, 30, 40)]
    return [simulate("isotretinoin", text, weeks=9, people=20) for text in texts]


@pytest.fixture(params=[(1, "alt_u_per_l"), (3, "density_per_cm2"), (4, "isotretinoin_ng_per_ml")])
def spec(request: pytest.FixtureRequest, arms: list[Simulation]) -> Spec:
    count, name = request.param
    return series_chart(arms[:count], name)


def test_curves_run_where_vega_draws_them(spec: Spec) -> None:
    ours, vega = seen(panels_svg(spec)), seen(to_svg(spec))
    assert ours.looks == vega.looks
    for one, other in zip(ours.curves, vega.curves, strict=True):
        assert one.shape == other.shape
        assert one - one[0] == pytest.approx(other - other[0], abs=0.21)  # both rounded to tenths
        assert one[0] == pytest.approx(other[0], abs=NEAR)


def test_words_stand_where_vega_puts_them(spec: Spec) -> None:
    ours, vega = seen(panels_svg(spec)), seen(to_svg(spec))
    assert ours.words.keys() == vega.words.keys()
    for text, place in ours.words.items():
        assert place == pytest.approx(vega.words[text], abs=NEAR), text
    assert ours.height == pytest.approx(vega.height, abs=NEAR)
