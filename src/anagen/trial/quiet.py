"""Dask kept quiet: what matters reaches the person as our own errors, not as pages of log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from anagen.errors import InputError

_NOISY = ("distributed", "tornado", "asyncio")


def check_installed() -> None:
    """
    Raises:
        InputError: the extra `cluster` is not installed.
    """
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise InputError(
            "Dask is not installed", expected="the extra `cluster`: pip install 'anagen[cluster]'"
        ) from None


@contextmanager
def quiet() -> Iterator[None]:
    """Within, Dask logs nothing in this process; afterwards its levels are as before."""
    names = [*logging.root.manager.loggerDict, *_NOISY]
    loggers = [logging.getLogger(name) for name in names if name.split(".")[0] in _NOISY]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
