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


def one_thread() -> bool:
    """Have JAX compute on one thread, so that results do not depend on the processors of a machine; False where it has
    begun otherwise. To be called before anything is computed."""
    from jax._src import xla_bridge  # nothing public says it

    if not xla_bridge.backends_are_initialized():
        os.environ["PJRT_NPROC"] = "1"
    return os.environ.get("PJRT_NPROC") == "1"


@lru_cache(maxsize=1)
def configure() -> None:
    """Set JAX to double precision, once."""
    jax.config.update("jax_enable_x64", True)
