"""Arrays to bytes and back, and columns to Arrow without pandas: against what went in, and pyarrow's own way."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from anagen.trial.packed import packed, unpacked
from anagen.trial.part import _arrow

KINDS = st.sampled_from(["<i4", "<i8", "<u4", "<u8", "<f4", "<f8", "|b1", "<U7"])
SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
NO_PANDAS = """
import io, sys
import numpy as np
from anagen.trial.part import _parquet
_parquet([{"a": np.arange(3.0), "n": np.arange(3), "w": np.array(["yes", "no", "yes"])}])
sys.exit("pandas" in sys.modules)
"""


@given(st.dictionaries(st.text(max_size=9), arrays.arrays(KINDS, SHAPES), max_size=9))
def test_what_was_packed_comes_back(given_arrays: dict[str, npt.NDArray[np.generic]]) -> None:
    found = unpacked(packed(given_arrays))
    assert list(found) == list(given_arrays)
    for name, array in given_arrays.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
        assert found[name].tobytes() == array.tobytes()


def test_rows_of_a_table_that_lie_apart_are_packed_in_order() -> None:
    table = np.arange(12).reshape(3, 4)
    assert unpacked(packed({"x": table[:, 1:3].T}))["x"].tolist() == table[:, 1:3].T.tolist()


@settings(deadline=None)  # pyarrow's own way imports pandas first
@given(arrays.arrays(st.sampled_from(["<i8", "<i4", "<f4", "<f8"]), st.integers(0, 40)))
def test_a_column_of_numbers_is_the_array_that_pyarrow_makes(column: npt.NDArray[np.generic]) -> None:
    found, wanted = _arrow(column), pa.array(column)
    found.validate(full=True)
    assert found.type == wanted.type
    assert found.null_count == 0
    assert found.to_numpy().tobytes() == column.tobytes()


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=40))
def test_a_column_of_words_is_the_array_that_pyarrow_makes(words: list[str]) -> None:
    found = _arrow(np.array(words, dtype=np.str_))
    found.validate(full=True)
    assert found.equals(pa.array(words, pa.string()))


def test_other_columns_are_not_misread() -> None:
    with pytest.raises(AssertionError):
        _arrow(np.array([True, False]))


def test_a_part_is_written_without_pandas() -> None:
    """Which costs each worker half a second, and would be found only by looking."""
    assert subprocess.run([sys.executable, "-c", NO_PANDAS], check=False).returncode == 0
