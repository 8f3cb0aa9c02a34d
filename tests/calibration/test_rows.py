"""Calibration rows: the error of a figure on its scale, and rows that are refused with file, row and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from calibration.rows import Row, off_scale, on_scale, read_rows
from scipy.stats import norm

from anagen.errors import DataError
from anagen.evidence.bibliography import load_sources

GOOD = {
    "study": '"s"',
    "title": '"t"',
    "design": '"d"',
    "n": "16",
    "dose": '"20 mg once daily"',
    "meal": '"standard"',
    "time_weeks": "4",
    "outcome": '"x"',
    "value": "0.4",
    "unit": '"1"',
    "scale": '"linear"',
    "sd": "0.2",
    "method": '"m"',
    "source": '["assumed"]',
}


def read(folder: Path, **keys: str | None) -> Row:
    """The row of a file with some keys changed or, where None, left out."""
    lines = [f"{key} = {value}" for key, value in (GOOD | keys).items() if value is not None]
    (folder / "some.toml").write_text("[a-row]\n" + "\n".join(lines), "utf-8")
    return read_rows("some", folder)[0]


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ({}, 0.2 / 4),
        ({"sd": None, "se": "0.05"}, 0.05),
        ({"sd": None, "cv": "0.5"}, 0.5 * 0.4 / 4),
        ({"scale": '"log"'}, 0.2 / 4 / 0.4),
        ({"scale": '"logit"'}, 0.2 / 4 / (0.4 * 0.6)),
        ({"sd": None, "ci": "[0.3, 0.5]"}, 0.2 / (2 * norm.ppf(0.975))),
    ],
)
def test_the_error_of_a_mean_on_its_scale(tmp_path: Path, keys: dict[str, str | None], error: float) -> None:
    assert read(tmp_path, **keys).error == pytest.approx(error)


def test_a_share_has_the_error_of_its_counts(tmp_path: Path) -> None:
    row = read(tmp_path, sd=None, events="4", n="16", value="0.25")
    low, high = row.interval
    assert low < 0.25 < high
    assert row.error == pytest.approx((1 / 4.5 + 1 / 12.5) ** 0.5)


@pytest.mark.parametrize("scale", ["log", "logit", "linear"])
def test_scales_go_both_ways(scale: str) -> None:
    assert off_scale(scale, on_scale(scale, 0.37)) == pytest.approx(0.37)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"study": None}, "a-row.study is missing"),
        ({"value": '"much"'}, "a-row.value"),
        ({"scale": '"lag"'}, "a-row.scale"),
        ({"meal": '"supper"'}, "a-row.meal"),
        ({"sd": None}, "one of sd, se, cv, ci, events (here: none)"),
        ({"se": "0.1"}, "here: sd, se"),
        ({"n": None}, "n, which sd, cv and events are divided by"),
        ({"n": "0"}, "a-row.n"),
        ({"sd": "-0.1"}, "a-row.sd"),
        ({"time_weeks": "-1"}, "a-row.time_weeks"),
        ({"meal": '"not stated"'}, "meal_assumed"),
        ({"scale": '"logit"', "value": "1.2"}, "a value within the logit scale"),
        ({"scale": '"log"', "value": "-2"}, "a value within the log scale"),
        ({"sd": None, "events": "20", "value": "0.5"}, "events out of n"),
        ({"sd": None, "events": "4", "value": "0.5"}, "events out of n"),
        ({"limit": '"about"'}, "a-row.limit"),
        ({"source": "[]"}, "a-row.source"),
        ({"doze": '"5 mg"'}, "a-row.doze is not a key"),
    ],
)
def test_a_bad_row_is_refused_with_file_and_key(tmp_path: Path, keys: dict[str, str | None], said: str) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, **keys)
    assert "rows/some.toml: a-row" in str(error.value)
    assert said in str(error.value)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "some.toml").write_text("[a-row\n", "utf-8")
    with pytest.raises(DataError, match=r"some\.toml"):
        read_rows("some", tmp_path)


@pytest.mark.parametrize("block", ["exposure", "sebum", "dermatitis"])
def test_rows_cite_known_sources_and_say_what_they_assume(block: str) -> None:
    for row in read_rows(block):
        assert {row.study, *row.source} <= set(load_sources()), row.id
        assert row.se_assumed or row.sd or row.cv or row.ci or row.events is not None or row.outcome.endswith("_cv"), (
            row.id
        )
