"""Fits of the diary that are being made, and the latest that were: in memory only, and forgotten when it is locked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .work import Progress, Work

if TYPE_CHECKING:
    from anagen.inference.result import Fit

MOST = 2
"""Fits kept, with those that are being made."""


@dataclass(frozen=True)
class Running:
    """How far a fit is: seconds since it was begun, and the share done, 0 to 1."""

    seconds: float
    share: float


@dataclass(eq=False)
class _Making:
    begun: float = field(default_factory=time.monotonic)
    share: float = 0.0
    task: asyncio.Task[Fit] = field(init=False)


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

    async def find(
        self, work: Work, key: str, call: Callable[[Progress], Fit] | None, wait_s: float = 0.0
    ) -> Fit | Running | None:
        """The fit, or how far it is where `wait_s` more are not enough. Without a `call` none is begun: None where none
        is there, and None for one that was stopped meanwhile.

        Raises:
            AnagenError: it cannot be made.
            Full: no place is free.
        """
        making = self._making.get(key)
        if making is None:
            if call is None:
                return None
            making = self._begin(work, call)
            self._making[key] = making
            while len(self._making) > MOST:
                self.stop(next(iter(self._making)))
        await asyncio.wait({making.task}, timeout=wait_s)
        if not making.task.done():
            return Running(time.monotonic() - making.begun, making.share)
        if making.task.cancelled():
            return None
        if making.task.exception() is not None:
            self._making.pop(key, None)  # asked again, it is tried again
        return making.task.result()

    def _begin(self, work: Work, call: Callable[[Progress], Fit]) -> _Making:
        making = _Making()

        def told(progress: Progress) -> Fit:
            def tell(share: float) -> None:
                making.share = share
                progress(share)

            return call(tell)

        making.task = asyncio.create_task(work.run(told))
        making.task.add_done_callback(_heard)
        return making

    def stop(self, key: str) -> None:
        """Let go of a fit; one that is being made ends at its next report of progress. From any thread."""
        making = self._making.pop(key, None)
        if making is not None and not (loop := making.task.get_loop()).is_closed():
            loop.call_soon_threadsafe(making.task.cancel)

    def forget(self) -> None:
        """Let go of all, as `stop` does."""
        for key in list(self._making):
            self.stop(key)


def _heard(task: asyncio.Task[Fit]) -> None:
    """What nobody comes back for is not told as an unhandled error."""
    if not task.cancelled():
        task.exception()
