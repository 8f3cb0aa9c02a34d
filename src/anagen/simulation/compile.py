"""How the engine is compiled: in double precision, with what is compiled kept in one directory."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import jax


def cache_directory() -> Path:
    """Where compiled programs are kept: `ANAGEN_CACHE_DIR`, else the user's cache directory."""
    if chosen := os.environ.get("ANAGEN_CACHE_DIR"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("anagen"))


@lru_cache(maxsize=1)
def configure() -> None:
    """Set JAX to double precision, once."""
    jax.config.update("jax_enable_x64", True)
