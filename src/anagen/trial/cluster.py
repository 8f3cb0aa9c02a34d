"""The parts of a trial computed by a Dask cluster that is running already, and stored here as they come.

The same function computes a part here and there, so the same numbers come out: for that, every worker must have the
same Anagen, to the last line of its source, and the same numeric libraries. Needs the extra `cluster`.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

from anagen.errors import InputError

from .cluster_address import connect, knock
from .cluster_worker import Fingerprint, compute, different, fingerprint, tells
from .events import Finished, Lost, Noted, Report
from .process import Answer, Work
from .quiet import check_installed, quiet
from .store import KEPT, Store
from .workers import outstanding, too_many_deaths

if TYPE_CHECKING:
    from distributed import Client, Future

RETRIES = 3
"""So often Dask tries a part again, when the work raises something that is not ours."""
AHEAD = 2
"""Parts at most under way, times the threads of the cluster."""
_LOOK_S = 1.0  # how often the cluster's workers are counted
_PAUSE_S = 0.02


def run_parts_dask(
    work: Work,
    parts: Mapping[int, int],
    store: Store,
    *,
    scheduler: str,
    report: Report | None = None,
    timeout_s: float = 10,
) -> None:
    """Compute the parts that are not on disk yet with the workers of a Dask scheduler, and store them here.

    Args:
        work: computes one part from its number; of a module that the workers can import.
        parts: the people in each part, by its number.
        store: where finished parts go; what it holds already, whole, is not computed again.
        scheduler: its address, `tcp://host:port`.
        report: is told what happens (see `events`).
        timeout_s: how long to wait for the scheduler to answer, and for workers where there are none.

    Raises:
        InputError: the extra is missing; the scheduler does not answer or goes away; a worker has another Anagen, or
            other libraries; the workers die of a part; the disk is full.
        Exception: whatever `work` raised; the finished parts stay.
    """
    check_installed()
    tell = report or (lambda event: None)
    with quiet():
        knock(scheduler, timeout_s)
        todo = outstanding(parts, store, tell)
        if not todo:
            return
        client = connect(scheduler, timeout_s)
        try:
            with client.as_current():
                _Run(client, work, parts, todo, store, tell, timeout_s).run()
        except _RaisedByWork as raised:
            raise raised.error from None
        except (OSError, CancelledError, asyncio.CancelledError):
            raise InputError(
                f"the scheduler at {scheduler} went away",
                expected=f"a scheduler that stays; {KEPT}",
            ) from None
        finally:
            client.close(timeout=timeout_s)


class _RaisedByWork(Exception):
    """Carries what `work` raised past the handlers for a lost connection."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


class _Run:
    """Parts under way on the cluster, and the loop that stores them."""

    def __init__(
        self,
        client: Client,
        work: Work,
        parts: Mapping[int, int],
        todo: deque[int],
        store: Store,
        report: Report,
        timeout_s: float,
    ) -> None:
        from distributed import as_completed

        self._client, self._work, self._parts, self._todo = client, work, parts, todo
        self._store, self._report, self._timeout_s = store, report, timeout_s
        self._here = fingerprint()
        self._coming = as_completed(with_results=True, raise_errors=False)
        self._under_way: dict[Future[Any], int] = {}
        self._suspects: deque[int] = deque()
        self._tried_alone: set[int] = set()
        self._threads = 0
        self._looked = 0.0

    def run(self) -> None:
        """Until every part is stored."""
        try:
            self._wait_for_workers()
            self._compare_workers()
            while self._todo or self._under_way or self._suspects:
                if time.monotonic() - self._looked > _LOOK_S:
                    self._wait_for_workers()  # more may have come; all may have died
                self._submit()
                for future, answer in self._come():
                    self._take(future, answer)
        finally:
            if self._under_way and self._client.status == "running":
                self._client.cancel(list(self._under_way))

    def _wait_for_workers(self) -> None:
        until = time.monotonic() + self._timeout_s
        while not (threads := sum(self._client.nthreads(callback_timeout=self._timeout_s).values())):
            if time.monotonic() > until:
                raise InputError(
                    f"the scheduler has no workers, and none came in {self._timeout_s:g} s",
                    expected=f"`dask worker` started with the scheduler's address; {KEPT}",
                )
            time.sleep(_PAUSE_S)
        self._threads, self._looked = threads, time.monotonic()

    def _compare_workers(self) -> None:
        """Refuse at once where a worker is not like us; who joins later is compared before each part."""
        here = self._here
        for address, told in self._client.get_versions()["workers"].items():
            version = ".".join(told["host"]["python"].split(".")[:2])
            if version != here.python:  # asked first, as a function cannot be sent from one version to another
                raise different(address, "python", version, here.python)
        there = {address: Fingerprint(**told) for address, told in self._client.run(tells).items()}
        for address, worker in there.items():
            here.compare(worker, address)
        if {worker.processor for worker in there.values()} - {here.processor}:
            self._report(Noted("the workers' processors differ: another run may differ in the last digits of numbers"))

    def _submit(self) -> None:
        if not self._todo and not self._under_way:  # Dask may blame a part for the one beside it, so it is tried alone
            self._todo.append(part := self._suspects.popleft())
            self._tried_alone.add(part)
        while self._todo and len(self._under_way) < AHEAD * self._threads:
            part = self._todo.popleft()
            future = self._client.submit(compute, self._work, part, self._here, pure=False, retries=RETRIES)
            self._under_way[future] = part
            self._coming.add(future)

    def _come(self) -> list[tuple[Future[Any], Any]]:
        """What has come, with its results; empty after a while without any. Never waits on one that is lost."""
        until = time.monotonic() + _LOOK_S
        while not self._coming.has_ready() and time.monotonic() < until:
            time.sleep(_PAUSE_S)
        return list(self._coming.next_batch(block=False))

    def _take(self, future: Future[Any], answer: Any) -> None:
        from distributed import KilledWorker

        part = self._under_way.pop(future)
        if isinstance(answer, Answer):  # the future's own status may have changed since: its worker may be dead
            self._keep(answer)
            return
        error = answer[1] if isinstance(answer, tuple) else answer
        if isinstance(error, KilledWorker):
            reason, deaths = "its worker died (often out of memory)", error.allowed_failures + 1
            if part in self._tried_alone:
                raise too_many_deaths(part, reason, 2 * deaths)
            self._report(Lost(part, f"{deaths} times {reason}"))
            self._suspects.append(part)
        elif isinstance(error, MemoryError):
            raise too_many_deaths(part, "its worker found no more memory", RETRIES + 1)
        elif isinstance(answer, tuple):
            raise _RaisedByWork(error)
        else:
            raise ConnectionError(str(error))

    def _keep(self, answer: Answer) -> None:
        if answer.error is not None:
            raise answer.error
        assert answer.payload is not None
        self._store.put(answer.part, answer.payload)
        self._report(Finished(answer.part, self._parts[answer.part], answer.seconds))
