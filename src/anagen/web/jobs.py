"""Trials as jobs: a few in line, one at a time, each with an id nobody guesses; the latest are kept, then dropped.

A thread of its own carries them out (`job_run.py`), so that nothing here blocks a page.
"""

from __future__ import annotations

import atexit
import shutil
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from threading import Condition, Event, Thread

from .job import Job
from .job_folders import JobFolders
from .job_run import JobRun
from .problems import Problem
from .trial_process import Order, TrialProcess
from .work import Full


class QueueFull(Full):
    """As many trials wait as may."""

    retry_after_s = 30


class Jobs:
    """The jobs of one server.

    Args:
        waiting: jobs that may wait besides the one that runs.
        kept: jobs that have ended and are still shown; the oldest goes first, with its files.
        longest_s: seconds after which a job is ended.
        start: makes the process of an order.

    >>> jobs = Jobs()
    >>> jobs.all(), jobs.find("nobody")
    ([], None)
    """

    def __init__(
        self,
        *,
        waiting: int = 4,
        kept: int = 10,
        longest_s: float = 3600,
        start: Callable[[Order], TrialProcess] = TrialProcess,
    ) -> None:
        self._waiting_most, self._kept, self._longest_s, self._start = waiting, kept, longest_s, start
        self._jobs: dict[str, Job] = {}
        self._line: deque[Job] = deque()
        self._running: JobRun | None = None
        self._changed = Condition()
        self._thread: Thread | None = None
        self._folders = JobFolders()
        self.closing = Event()
        """Set when the server ends: whoever streams stops."""

    def add(self, order: Order) -> Job:
        """Take an order into the line; its `folder` is replaced by one of ours.

        Raises:
            QueueFull: too many wait.
        """
        with self._changed:
            if len(self._line) + (self._running is not None) > self._waiting_most or self.closing.is_set():
                raise QueueFull
            job = Job(replace(order, folder=self._folders.new() / "results"))
            self._jobs[job.id] = job
            self._line.append(job)
            self._tell_places()
            if self._thread is None:
                self._thread = Thread(target=self._work, name="anagen-trials", daemon=True)
                self._thread.start()
                atexit.register(self.close)  # a process that is not a daemon would be waited for
            self._changed.notify_all()
            return job

    def find(self, id: str) -> Job | None:
        """The job of an id."""
        return self._jobs.get(id)

    def all(self) -> list[Job]:
        """All jobs, the latest first."""
        with self._changed:
            return list(reversed(self._jobs.values()))

    def cancel(self, job: Job) -> None:
        """End a job that waits or runs: its process is gone and its files are removed when this returns. Otherwise
        nothing is done."""
        with self._changed:
            if job in self._line:
                self._line.remove(job)
                self._ended(job, "cancelled")
                self._tell_places()
                return
            if self._running is None or job is not self._running.job:
                return
            self._running.cancel()
            self._changed.wait_for(lambda: job.over, timeout=5)

    def forget(self, job: Job) -> None:
        """Drop a job and its files; one that has not ended is cancelled first."""
        self.cancel(job)
        with self._changed:
            self._drop(job)

    def close(self) -> None:
        """End everything and remove all files."""
        self.closing.set()
        atexit.unregister(self.close)
        for job in self.all():
            self.cancel(job)
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(5)
        self._folders.close()

    def _work(self) -> None:
        """The thread: one job after the other."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._line or self.closing.is_set())
                if self.closing.is_set():
                    return
                job = self._line.popleft()
                self._running = running = JobRun(job, self._changed, self._start, self._longest_s)
                job.begin()
                self._tell_places()
            state, problem = running.to_the_end()
            with self._changed:
                self._running = None
                self._ended(job, "cancelled" if job.cancelled else state, None if job.cancelled else problem)
                self._tell_places()

    def _tell_places(self) -> None:
        """Let those in line know how many are before them."""
        for place, job in enumerate(self._line):
            job.wait_behind(place + (self._running is not None))

    def _ended(self, job: Job, state: str, problem: Problem | None = None) -> None:
        """The end of a job; what is not done keeps no files. Others are dropped where there are too many."""
        if state != "done":
            shutil.rmtree(job.folder.parent, ignore_errors=True)
        job.end(state, problem)
        over = [one for one in self._jobs.values() if one.over]
        for old in over[: max(0, len(over) - self._kept)]:
            self._drop(old)
        self._changed.notify_all()

    def _drop(self, job: Job) -> None:
        self._jobs.pop(job.id, None)
        shutil.rmtree(job.folder.parent, ignore_errors=True)
