"""Fits of the diary that are being made, and the latest that were: in memory only, and forgotten when it is locked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .work import Work

if TYPE_CHECKING:
    from anagen.inference.result import Fit

MOST = 2
"""Fits kept, with those that are being made."""


@dataclass(eq=False)
class _Making:
    task: asyncio.Task[Fit]
    begun: float = field(default_factory=time.monotonic)


class Fits:
    """By a key that names the record: another record is another fit.

    >>> Fits().held
    0
    """

    def __init__(self) -> None:
        self._making: dict[str, _Making] = {}

    @property
    def held(self) -> int:
        """Fits that are made or being made."""
        return len(self._making)

    async def find(self, work: Work, key: str, call: Callable[[], Fit], wait_s: float = 0.0) -> Fit | float:
        """The fit, or the seconds since it was begun where `wait_s` more are not enough.

        Raises:
            AnagenError: it cannot be made.
            Full: no place is free.
        """
        making = self._making.get(key)
        if making is None:
            making = _Making(asyncio.create_task(work.run(lambda progress: call())))
            making.task.add_done_callback(_heard)
            self._making[key] = making
            while len(self._making) > MOST:
                self._making.pop(next(iter(self._making)))
        await asyncio.wait({making.task}, timeout=wait_s)
        if not making.task.done():
            return time.monotonic() - making.begun
        if making.task.cancelled() or making.task.exception() is not None:
            self._making.pop(key, None)  # asked again, it is tried again
        return making.task.result()

    def forget(self) -> None:
        """Let go of all; what is being made ends unheard."""
        self._making.clear()


def _heard(task: asyncio.Task[Fit]) -> None:
    """What nobody comes back for is not told as an unhandled error."""
    if not task.cancelled():
        task.exception()
