"""Computing beside the event loop: so many at once, so many in line, no more; and nothing that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TypeVar

from fastapi import Request

T = TypeVar("T")
Progress = Callable[[float], None]
LOOK_EVERY_S = 0.1


class Full(Exception):
    """All places are taken, those in line too: answered with 429."""

    retry_after_s = 2


class Left(Exception):
    """Who asked has gone; ends the computation at its next report of progress."""


class Work:
    """A pool of `workers` threads and a line of `waiting`; the engine lets Python's lock go while it computes.

    >>> from anyio.from_thread import start_blocking_portal  # as `await work.run(...)`, where no loop runs yet
    >>> with start_blocking_portal() as portal:
    ...     portal.call(Work(workers=1, waiting=0).run, lambda progress: 42)
    42
    """

    def __init__(self, workers: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="anagen-web")
        self._most = workers + waiting
        self._taken = 0

    @property
    def taken(self) -> int:
        """Computations that run or wait."""
        return self._taken

    async def run(self, call: Callable[[Progress], T], request: Request | None = None) -> T:
        """Run `call(progress)` and give its result; `progress(share)` raises `Left` once the asker has gone.

        Raises:
            Full: no place is free.
            Left: the request was dropped before it was answered.
        """
        if self._taken >= self._most:
            raise Full
        gone = Event()

        def progress(share: float) -> None:
            if gone.is_set():
                raise Left

        def begin() -> T:
            progress(0.0)
            return call(progress)

        self._taken += 1
        job = asyncio.get_running_loop().run_in_executor(self._pool, begin)
        job.add_done_callback(self._free)
        try:
            while True:
                done, _ = await asyncio.wait({job}, timeout=LOOK_EVERY_S if request else None)
                if done:
                    return job.result()
                if request and await request.is_disconnected():
                    gone.set()
        except asyncio.CancelledError:
            gone.set()
            raise

    def _free(self, job: asyncio.Future[T]) -> None:
        self._taken -= 1
        if not job.cancelled():
            job.exception()  # what nobody waits for any more is not told as an unhandled error

    def close(self) -> None:
        """Let what runs end; what waits never begins."""
        self._pool.shutdown(wait=False, cancel_futures=True)


async def computed(request: Request, call: Callable[[Progress], T]) -> T:
    """What `call` gives, computed beside the event loop for who asked; raises as `Work.run`."""
    work: Work = request.app.state.work
    return await work.run(call, request)
