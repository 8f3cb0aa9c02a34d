"""Double precision for every published figure, and compiled code kept in the project's own cache."""

from __future__ import annotations

import os
from pathlib import Path

import jax

from anagen.simulation.compile import configure

CACHE = Path(__file__).parents[1] / ".cache"
os.environ.setdefault("ANAGEN_CACHE_DIR", str(CACHE / "anagen"))
configure()
jax.config.update("jax_compilation_cache_dir", str(CACHE / "jax"))
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
