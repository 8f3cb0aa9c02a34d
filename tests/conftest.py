"""Double precision for every test, and compiled code kept in the project's own cache."""

from __future__ import annotations

import os
from pathlib import Path

from anagen.simulation.compile import configure

os.environ.setdefault("ANAGEN_CACHE_DIR", str(Path(__file__).parents[1] / ".cache" / "anagen"))
configure()
