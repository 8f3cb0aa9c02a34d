"""How the engine is compiled: double precision, and a cache on disk so that a second start need not compile."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import jax


def cache_directory() -> Path:
    """Where compiled code is kept: `ANAGEN_CACHE_DIR`, else the user's cache directory."""
    if chosen := os.environ.get("ANAGEN_CACHE_DIR"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("anagen"))


@lru_cache(maxsize=1)
def configure() -> None:
    """Set JAX up, once. A cache directory that cannot be written is done without."""
    jax.config.update("jax_enable_x64", True)
    directory = cache_directory() / "compiled"
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(directory, os.W_OK):
        jax.config.update("jax_compilation_cache_dir", str(directory))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
