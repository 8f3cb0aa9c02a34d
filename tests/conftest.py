"""Double precision for every test, compiled code kept in the project's own cache, and whole files for each worker."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from anagen.compiled.configure import configure, one_thread

os.environ.setdefault("ANAGEN_CACHE_DIR", str(Path(__file__).parents[1] / ".cache" / "anagen"))
one_thread()  # as a trial has it: a program is compiled for a number of threads, and one kind of it is enough
configure()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where nothing else is asked for by `--dist`."""
    from tests.dealing import WholeFiles

    return WholeFiles(config, log) if config.getvalue("dist") == "load" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A worker's tests in the order in which they are dealt out; otherwise they stay as they were collected."""
    if hasattr(config, "workerinput"):
        from tests.dealing import rank

        items.sort(key=lambda item: rank(item.nodeid))
