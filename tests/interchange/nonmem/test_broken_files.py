"""Broken files: none crashes, none is half-read. What is refused says why; what is read is read to the last record."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.errors import InputError
from anagen.interchange.nonmem import from_nonmem

from .broken import BY_HAND, GOOD, mutated


@pytest.mark.parametrize(("name", "data", "said"), BY_HAND, ids=[case[0] for case in BY_HAND])
def test_broken_by_hand(name, data, said, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        from_nonmem(path)
    text = str(caught.value)
    assert said in text
    assert "expected: " in text
    assert text.startswith((name, "table"))
    assert all(line.isprintable() for line in text.splitlines())


def test_the_corpus_is_large_enough():
    assert len(BY_HAND) >= 70
    assert len({name for name, *_ in BY_HAND}) == len(BY_HAND)


def records(data: bytes) -> list[list[str]]:
    """The records of a file by the slowest of readers: no line is left out but blank ones and remarks."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.split("\n") if line.strip()]
    header = next(i for i, line in enumerate(lines) if line[0] not in "#@" or "ID" in line)
    kept = [
        line
        for line in lines[header + 1 :]
        if line[0] not in "#@" and not (line[0] == "C" and (line + ",")[1] in " ,;\t")
    ]
    mark = next((mark for mark in ",;\t" if mark in lines[header]), None)
    return [[field.strip().strip('"') for field in line.split(mark)] for line in kept]


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_broken_by_mutation(first, tmp_path):
    refused = 0
    for seed in range(first, first + 100):
        data = mutated(seed)
        path = tmp_path / "data.csv"
        path.write_bytes(data)
        try:
            table = from_nonmem(path)
        except InputError as error:
            said = str(error)
        else:
            said = ""
        if said:
            refused += 1
            assert said.startswith("data.csv"), seed
            assert "\nexpected: " in said, seed
            continue
        rows = records(data)
        assert len(rows) == len(table), seed
        column = [name.strip('#@ "').upper() for name in rows_header(data)].index("ID")
        np.testing.assert_array_equal([float(row[column]) for row in rows], table.records.id)
    assert refused > 50


def rows_header(data: bytes) -> list[str]:
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    line = next(line for line in text.split("\n") if line.strip() and (line[0] not in "#@" or "ID" in line))
    mark = next((mark for mark in ",;\t" if mark in line), None)
    return line.split(mark)


def test_the_good_file_is_good(tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(GOOD)
    table = from_nonmem(path)
    assert len(table) == len(records(GOOD)) == 7


def test_a_file_that_is_not_there(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path / "none.parquet", tmp_path):
        with pytest.raises(InputError):
            from_nonmem(path)
    for source in (3, None, [1, 2], {"ID": [1]}, b"ID,TIME"):
        with pytest.raises(InputError, match="an object of type"):
            from_nonmem(source)
