"""Doses of a table that come at one time: the engine takes all of them, whatever was swallowed with what."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.interchange.nonmem import from_nonmem
from anagen.interchange.nonmem.unroll import MOST_A_DAY
from anagen.regimen import MEALS
from anagen.simulation.doses import PLACES, Schedule
from anagen.simulation.exposure import last_interval
from anagen.treatments.registry import treatment

MODEL = treatment("isotretinoin").model
ROUTES = [MODEL.ROUTES.index(route) for route in MODEL.routes(MEALS)]
DAYS = 7


def events(time, mg, meal=None, form=None):
    columns = {"ID": [1] * len(time), "TIME": time, "AMT": mg}
    columns |= {"MEAL": meal or [1] * len(time), "FORM": form or [1] * len(time)}
    return from_nonmem(pl.DataFrame(columns)).doses().events(70.0)


def given_to_the_engine(found) -> tuple[float, float]:
    """What is handed over in blocks of a week, and what is said of the days, both in mg; doses of the day before a
    block are handed over with it again, and are left out here."""
    schedule = Schedule.of(found, ROUTES)
    total = taken = 0.0
    for first in range(0, int(found.time_h[-1] // 24) + 1, DAYS):
        block = schedule.block(first, DAYS)
        total += float(np.asarray(block.mg)[(np.asarray(block.time) >= -1e-6) & (np.asarray(block.time) < 1e8)].sum())
        taken += float(schedule.taken_mg(first, DAYS).sum())
    return total, taken


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20), st.integers(0, 2), st.integers(1, 3)), min_size=1))
def test_every_mg_is_handed_over(doses):
    doses = sorted(doses[:20], key=lambda dose: dose[0])
    time = [12.0 * dose[0] for dose in doses]
    found = events(time, *[[float(value) for value in column] for column in list(zip(*doses, strict=True))[1:]])
    whole = sum(dose[1] for dose in doses)
    assert given_to_the_engine(found) == pytest.approx((whole, whole))


def test_two_capsules_at_once_need_two_places():
    assert Schedule.of(events([0.0, 24.0], [20.0, 20.0]), ROUTES).shape.slots == 1  # by the clock
    assert Schedule.of(events([0.0, 0.0, 24.0], [20.0, 30.0, 20.0]), ROUTES).shape == (2, 0)


@pytest.mark.parametrize(
    ("time", "interval"),
    [
        ([0.0, 0.0], (0.0, 24.0)),
        ([0.0, 0.0, 24.0, 24.0], (24.0, 24.0)),
        ([0.0, 12.0, 12.0, 24.0], (24.0, 12.0)),
        ([0.0, 24.0, 48.0], (48.0, 24.0)),
    ],
)
def test_the_last_interval_lasts(time, interval):
    assert last_interval(events(time, [20.0] * len(time))) == interval


def test_the_limit_of_a_table_is_what_the_engine_has_places_for():
    assert PLACES[-1] == MOST_A_DAY
