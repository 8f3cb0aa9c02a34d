"""The parts of a trial computed here or by worker processes, and stored as they come; the coordinator's loop.

The bytes of a part depend on its number alone, so that neither the number of workers, nor the order, nor a worker that
dies and is replaced, nor a run that is stopped and resumed, changes what is on disk.
"""

from __future__ import annotations

import pickle
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from multiprocessing import connection

from anagen.errors import InputError

from .events import Event, Finished, Lost, Redone, Report, Started
from .process import Answer, Work, Worker
from .store import KEPT, Store

DEATHS = 3
"""So many workers may die of a part before the run stops; the last try is alone, with all the memory there is."""
MOST_WORKERS = 1024


def run_parts(
    work: Work, parts: Mapping[int, int], store: Store, *, workers: int = 1, report: Report | None = None
) -> None:
    """Compute the parts that are not on disk yet, and store them.

    Args:
        work: computes one part from its number; picklable where there are several workers.
        parts: the people in each part, by its number; computed in this order.
        store: where finished parts go; what it holds already, whole, is not computed again.
        workers: processes; with 1 all is computed in this one.
        report: is told what happens (see `events`).

    Raises:
        InputError: a part whose worker died three times; a disk that is full; no such number of workers.
        Exception: whatever `work` raised, as it was; the finished parts stay.
    """
    if not 1 <= workers <= MOST_WORKERS:
        raise InputError(f"{workers} workers", expected=f"a number from 1 to {MOST_WORKERS}")
    tell = report or _nobody
    todo = outstanding(parts, store, tell)
    if workers == 1:
        _run_here(work, parts, todo, store, tell)
    elif todo:
        _Pool(work, parts, todo, store, tell).run(min(workers, len(todo)))


def outstanding(parts: Mapping[int, int], store: Store, report: Report) -> deque[int]:
    """Numbers of the parts that must be computed, in order; tells what is reused and what is done again."""
    done = store.done()
    reused = [part for part in parts if part in done]
    report(Started(len(parts), len(reused), sum(parts.values()), sum(parts[part] for part in reused)))
    for damaged in store.damaged:
        if damaged.part in parts:
            report(Redone(damaged.part, damaged.reason))
    return deque(part for part in parts if part not in done)


def too_many_deaths(part: int, reason: str, deaths: int) -> InputError:
    """What a run ends with when a part cannot be computed."""
    return InputError(
        f"part {part} cannot be computed: {deaths} times {reason}",
        expected=f"more memory or fewer workers; {KEPT}",
    )


def _nobody(event: Event) -> None:
    pass


def _run_here(work: Work, parts: Mapping[int, int], todo: Iterable[int], store: Store, report: Report) -> None:
    for part in todo:
        started = time.perf_counter()
        try:
            payload = work(part)
        except MemoryError:
            raise too_many_deaths(part, "there was no more memory", 1) from None
        seconds = time.perf_counter() - started
        store.put(part, payload)
        report(Finished(part, parts[part], seconds))


class _Pool:
    """Workers, the parts they still have to compute, and how often each part lost its worker."""

    def __init__(self, work: Work, parts: Mapping[int, int], todo: deque[int], store: Store, report: Report) -> None:
        self._work = pickle.dumps(work)
        self._parts, self._todo, self._store, self._report = parts, todo, store, report
        self._workers: list[Worker] = []
        self._deaths: Counter[int] = Counter()

    def run(self, workers: int) -> None:
        """Until every part is stored. On an error or Ctrl-C the processes are killed at once."""
        try:
            while self._todo or self._busy():
                self._hand_out(workers)
                for worker in self._ready():
                    self._take(worker, workers)
            for worker in self._workers:
                worker.dismiss()
        except BaseException:
            for worker in self._workers:
                worker.kill()
            raise
        finally:
            for worker in self._workers:
                worker.stop()

    def _busy(self) -> list[Worker]:
        return [worker for worker in self._workers if worker.part is not None]

    def _alone(self, part: int | None) -> bool:
        """Whether this is the part's last try."""
        return part is not None and self._deaths[part] == DEATHS - 1

    def _hand_out(self, workers: int) -> None:
        while self._todo and len(busy := self._busy()) < workers:
            if busy and (self._alone(self._todo[0]) or self._alone(busy[0].part)):
                return
            idle = [worker for worker in self._workers if worker.part is None]
            (idle[0] if idle else self._begin()).give(self._todo.popleft())

    def _begin(self) -> Worker:
        try:
            worker = Worker(self._work)
        except OSError as error:
            raise InputError(
                f"no worker process can be started: {error.strerror or error}", expected="fewer workers"
            ) from None
        self._workers.append(worker)
        return worker

    def _ready(self) -> list[Worker]:
        busy = self._busy()
        signs = {sign: worker for worker in busy for sign in (worker.pipe, worker.process.sentinel)}
        seen = connection.wait(list(signs))
        return [worker for worker in busy if worker.pipe in seen or worker.process.sentinel in seen]

    def _take(self, worker: Worker, workers: int) -> None:
        part = worker.part
        assert part is not None
        answer = worker.take()
        if isinstance(answer, str):
            self._lose(worker, part, answer)
            return
        if answer.error is not None:
            raise answer.error
        self._hand_out(workers)  # the worker goes on while its files are written
        self._put(answer)

    def _put(self, answer: Answer) -> None:
        assert answer.payload is not None
        self._store.put(answer.part, answer.payload)
        self._report(Finished(answer.part, self._parts[answer.part], answer.seconds))

    def _lose(self, worker: Worker, part: int, reason: str) -> None:
        self._workers.remove(worker)
        self._deaths[part] += 1
        self._report(Lost(part, reason))
        if self._deaths[part] == DEATHS:
            raise too_many_deaths(part, reason, DEATHS)
        self._todo.appendleft(part)
