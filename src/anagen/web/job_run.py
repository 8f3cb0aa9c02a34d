"""One job carried out: its process is started, what it tells is noted in the job, and it is ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Condition

from anagen.errors import InputError
from anagen.trial import events

from .job import Job
from .problems import Problem, problem_of
from .trial_process import Computed, Died, Failed, Message, Order, TooLong, TrialProcess, Written

log = logging.getLogger("anagen.web")
FAULT = Problem(500, "A fault in Anagen", "The log of the server says more.")
Ending = tuple[str, Problem | None]
"""The state that a job ends in, and what was wrong."""


class JobRun:
    """Between the begin of `job` and its end; `changed` guards it, `start` makes its process, which may take
    `longest_s` seconds."""

    def __init__(self, job: Job, changed: Condition, start: Callable[[Order], TrialProcess], longest_s: float) -> None:
        self.job = job
        self._changed, self._start, self._longest_s = changed, start, longest_s
        self._process: TrialProcess | None = None

    def to_the_end(self) -> Ending:
        """Carry it out; gives how it ended. Does not raise, as the thread must live on for the next job."""
        try:
            return self._carried_out()
        except Exception:
            log.exception("a trial failed")
            return "failed", FAULT

    def cancel(self) -> None:
        """Have it end now. Wants `changed` to be held."""
        self.job.cancel()
        if self._process is not None:
            self._process.kill()

    def _carried_out(self) -> Ending:
        try:
            process = self._start(self.job.order)
        except OSError as error:
            return "failed", Problem(500, "No process can be started", error.strerror or "")
        with self._changed:
            self._process = process
            if self.job.cancelled:
                process.kill()
        try:
            return self._followed(process)
        finally:
            with self._changed:
                self._process = None
            process.kill()
            process.bury()

    def _followed(self, process: TrialProcess) -> Ending:
        try:
            for message in process.messages(self._longest_s):
                if isinstance(message, Written):
                    return "done", None
                if isinstance(message, Failed):
                    return "failed", _problem(message)
                self._note(message)
        except TooLong:
            minutes = f"{self._longest_s / 60:,.0f} minutes"
            error = InputError(f"the trial took longer than {minutes}", expected="fewer people, arms or weeks")
            return "failed", problem_of(error)
        except Died as how:
            return "failed", Problem(500, "The trial broke off", f"It ended half-way: {how}.")
        return "failed", FAULT

    def _note(self, message: Message) -> None:
        with self._changed:
            if isinstance(message, Computed):
                self.job.write()
            elif isinstance(message, events.Started | events.Finished):
                self.job.note(message)


def _problem(failed: Failed) -> Problem:
    if failed.error is not None:
        return problem_of(failed.error)
    log.error("a trial failed:\n%s", failed.text)
    return FAULT
