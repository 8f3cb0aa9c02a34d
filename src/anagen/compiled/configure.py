"""How the engine is compiled: in double precision, with what is compiled kept in one directory."""

from __future__ import annotations

import ctypes
import os
import sys
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
    """Set JAX to double precision, and have memory that was freed kept for what comes next, once."""
    jax.config.update("jax_enable_x64", True)
    _keep_freed_memory()


MMAP_THRESHOLD, TRIM_THRESHOLD = -3, -1  # of mallopt
LARGE = 1 << 30


def _keep_freed_memory() -> None:
    """The arrays of a block of weeks are given back and asked for again all the time; fetching fresh pages from the
    system for each of them costs a quarter of the time. Only where the C library is GNU's."""
    if sys.platform == "linux":
        try:
            library = ctypes.CDLL("libc.so.6")
            library.mallopt(MMAP_THRESHOLD, LARGE)
            library.mallopt(TRIM_THRESHOLD, LARGE)
        except (OSError, AttributeError):
            return
