"""The benchmark's table: which rows have a rate, what they are compared with, and how the page is rewritten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmarks.page import markers, write
from benchmarks.reference import table


def row(**changed: Any) -> dict[str, Any]:
    measured = {"peer": "p", "title": "P", "settings": "1e-6", "versions": "p 1", "people": 8, "variant": "all"}
    return measured | {"rates": [10.0, 30.0, 20.0], "error": 2e-6, "drug_found": 1.0, "compile_s": 1.5} | changed


def test_the_rate_is_the_median() -> None:
    assert table.rate(row()) == 20.0
    assert table.cells(row(), 10.0) == ["P, 1e-6", "20.0", "10.0 to 30.0", "2.00", "2e-6", "1.5", "", "8"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"missing": "no package p"}, "not installed (no package p)"),
        ({"failed": "exit code 1: no"}, "failed: exit code 1: no"),
        ({"drug_found": 0.4}, "wrong: accounts for 40 % of the drug"),
        ({"drug_found": 1.2}, "wrong: accounts for 120 % of the drug"),
        ({"drug_found": float("nan")}, "wrong: accounts for nan % of the drug"),
    ],
)
def test_a_row_that_cannot_be_trusted_has_no_rate(changed: dict[str, Any], says: str) -> None:
    result = row(**changed)
    assert table.rate(result) is None
    assert table.trouble(result) == says
    assert says in table.cells(result, 10.0)[0]


def test_rows_are_compared_with_the_first_baseline_measured() -> None:
    missing = {"peer": "mrgsolve", "missing": "no Rscript"}
    slow, quick = row(baseline=True, rates=[2.0]), row(rates=[3000.0])
    results = [missing, quick, slow]
    assert table.baseline(results) is slow
    assert table.cells(quick, 2.0)[3] == "1,500"
    assert table.baseline([missing, quick]) is None
    assert table.cells(quick, None)[3] == ""


def test_only_what_is_between_the_markers_is_rewritten(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    other, (begin, end) = "\n".join(markers("trials")), markers("peers")
    page.write_text(f"before\n{other}\n{begin}\nold\n{end}\nafter\n", "utf-8")
    text = table.markdown([row()], {"processor": "x"})
    write(page, "peers", text)
    write(page, "peers", text)
    written = page.read_text("utf-8")
    assert written.startswith(f"before\n{other}\n")
    assert written.endswith("\nafter\n")
    assert written.count("| P, 1e-6 |") == 1
    assert "old" not in written
    page.write_text("no markers", "utf-8")
    with pytest.raises(ValueError, match=r"page\.md: expected the lines"):
        write(page, "peers", text)
