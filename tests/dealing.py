"""How `make test` deals tests out to its two workers: whole files, those that take longest first.

A file's fixtures, pages and compiled programs live in one process: a file that two workers shared would make them
twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xdist.scheduler import LoadScopeScheduling

LONGEST_FIRST = (
    "tests/trial/test_identity.py",
    "tests/analysis/test_computed.py",
    "tests/analysis/test_analysis_page.py",
    "tests/trial/test_cluster.py",
    "tests/simulation/test_simulate.py",
    "tests/browser",
    "tests/trial/test_workers.py",
    "tests/web",
    "tests/simulation/test_slow_copy.py",
    "tests/simulation/test_structures.py",
    "tests/cli/test_commands.py",
    "tests/interchange/test_sbml_agreement.py",
    "validation/test_trials.py",
)
"""Files, or folders whose files are dealt out together. A long one dealt out last would leave a worker idle; only speed
hangs on this list."""
TOGETHER: Mapping[str, str] = {"tests/analysis/test_reading.py": "tests/browser"}
"""Files that need what another one makes: the pages of `tests/pages.py`."""


def share(nodeid: str) -> str:
    """What a test is dealt out with.

    >>> share("tests/browser/test_axe.py::test_no_rule[card]"), share("tests/analysis/test_reading.py::test_x")
    ('tests/browser', 'tests/browser')
    >>> share("src/anagen/safety.py::anagen.safety.notices")
    'src/anagen/safety.py'
    """
    file = nodeid.split("::")[0]
    return next((place for place in LONGEST_FIRST if file.startswith(f"{place}/")), TOGETHER.get(file, file))


def rank(nodeid: str) -> int:
    """Its share's place in LONGEST_FIRST; all others come after, as they were collected."""
    mine = share(nodeid)
    return LONGEST_FIRST.index(mine) if mine in LONGEST_FIRST else len(LONGEST_FIRST)


class WholeFiles(LoadScopeScheduling):
    """xdist's own dealing out by scope, in the order of collection, with shares as scopes."""

    def __init__(self, config: Any, log: Any) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return share(nodeid)
