"""Fits take minutes: `make validate` runs them. What is read, written and refused is tested with all else."""

from __future__ import annotations

import pytest

QUICK = {"test_rows.py", "test_response_rows.py", "test_write.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "calibration" and item.path.name not in QUICK:
            item.add_marker(pytest.mark.slow)
