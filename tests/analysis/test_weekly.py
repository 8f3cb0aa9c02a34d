"""The words under a weekly figure name the week whose values they give, however short the course or the simulation."""

from __future__ import annotations

import re

import pytest

from anagen import simulate
from anagen.analysis.arms import columns
from anagen.analysis.numbers import number
from anagen.analysis.weekly import weekly_figure

SERIES = "sebum_fraction"


@pytest.mark.parametrize(
    ("regimen", "weeks", "named"),
    [
        ("80 mg once", 4, [1, 4]),
        ("20 mg once daily for 10 days", 4, [1, 4]),
        ("20 mg once daily for 4 weeks", 8, [4, 8]),
        ("20 mg once daily for 24 weeks", 5, [3, 5]),
        ("20 mg once daily for 24 weeks", 1, [1]),
    ],
)
def test_each_sentence_gives_the_values_of_the_week_it_names(regimen: str, weeks: int, named: list[int]) -> None:
    run = simulate("isotretinoin", regimen, people=20, weeks=weeks)
    sentences = weekly_figure([run], columns([run]), SERIES).sentences
    middle = 100 * run.series(SERIES).bands[1]
    assert [int(re.search(r"week (\d+)\b(?!\.)", sentence, re.IGNORECASE)[1]) for sentence in sentences] == named
    for week, sentence in zip(named, sentences, strict=True):
        assert f"at {number(middle[week])}\u202f%" in sentence or f"is {number(middle[week])}\u202f%" in sentence
