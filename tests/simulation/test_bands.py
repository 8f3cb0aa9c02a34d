"""Percentile bands, read off sorted rows: the bits of NumPy's own percentiles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from anagen.simulation.outcomes import LEVELS, bands

TABLES = arrays.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 60)), elements=st.floats(width=32))


@given(TABLES)
def test_bands_are_the_percentiles_of_each_row(people: npt.NDArray[np.float64]) -> None:
    before = people.copy()
    with np.errstate(invalid="ignore"):  # between infinities
        wanted = np.quantile(people, LEVELS, axis=1)
        found = bands(people)
    assert np.array_equal(found, wanted, equal_nan=True)
    assert people.tobytes() == before.tobytes(), "the people were sorted in place"


def test_a_part_of_a_table_that_lies_apart() -> None:
    table = np.arange(600.0).reshape(3, 200) % 97
    assert np.array_equal(bands(table[:, 1:]), np.quantile(table[:, 1:], LEVELS, axis=1))
