"""Double precision and one thread for every published figure, and compiled code kept in the project's own cache."""

from __future__ import annotations

import os
from pathlib import Path

from anagen.compiled.configure import configure, one_thread

os.environ.setdefault("ANAGEN_CACHE_DIR", str(Path(__file__).parents[1] / ".cache" / "anagen"))
one_thread()  # as in tests/conftest.py: the same compiled programs, alone or beside the tests
configure()
