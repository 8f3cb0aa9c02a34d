"""A million records are read, and checked to the last one. How long it takes is not tested, but in docs/nonmem.md."""

from __future__ import annotations

import numpy as np
import polars
import pytest

from anagen.errors import InputError
from anagen.interchange.nonmem import from_nonmem

ROWS, EACH = 1_000_000, 20


def frame() -> polars.DataFrame:
    place = np.tile(np.arange(EACH), ROWS // EACH)
    dose = place % 4 == 0
    return polars.DataFrame(
        {
            "ID": np.repeat(np.arange(1, ROWS // EACH + 1), EACH),
            "TIME": place * 12.5,
            "AMT": np.where(dose, 20.0, 0.0),
            "DV": np.where(dose, 0.0, 100.0 + place),
            "EVID": dose.astype(int),
            "MDV": dose.astype(int),
            "CMT": np.where(dose, 1, 2),
            "II": np.where(dose, 24.0, 0.0),
            "ADDL": np.where(dose, 1, 0),
        }
    )


def test_a_million_records(tmp_path):
    path = tmp_path / "data.csv"
    frame().write_csv(path)
    table = from_nonmem(path)
    assert len(table) == ROWS
    assert table.people.size == ROWS // EACH
    assert table.unrolled.time_h.size == ROWS // EACH * 5 * 2
    text = path.read_text()
    last = text.rindex("\n", 0, -1) + 1
    path.write_text(text[:last] + text[last:].replace(",0,0,2,", ",0,0,3,"))
    with pytest.raises(InputError, match=r"row 1000000 \(line 1000001\), column CMT: '3'"):
        from_nonmem(path)
