"""Double precision and a compile cache of the project's own, for every test."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("ANAGEN_CACHE_DIR", str(Path(__file__).parents[1] / ".cache" / "anagen"))

from anagen.simulation.compile import configure

configure()
