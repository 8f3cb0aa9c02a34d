"""The line of trials, with a process that does what a test wants; then a real one: cancelled, and orphaned."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.trial.small_trials import BUSY

from anagen.errors import InputError
from anagen.trial.events import Finished, Started
from anagen.web import job_folders
from anagen.web.job import Job
from anagen.web.job_folders import PREFIX, JobFolders, sweep
from anagen.web.jobs import Jobs, QueueFull
from anagen.web.settings import Settings
from anagen.web.trial_order import order_of
from anagen.web.trial_process import Computed, Died, Failed, Message, Order, TooLong, TrialProcess, Written

ORDER = order_of(BUSY, Settings(), people=60)


class Fake(TrialProcess):
    """Tells what is put into `says`, one message at a time; waits where there is none, until it is killed."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.says: list[Message | Exception] = []
        self.killed = self.buried = False
        self._changed = threading.Condition()
        started.append(self)

    def say(self, *messages: Message | Exception) -> None:
        with self._changed:
            self.says += messages
            self._changed.notify_all()

    def messages(self, longest_s: float) -> Iterator[Message]:
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self.says or self.killed, longest_s):
                    raise TooLong
                message = Died("its process was ended by signal 9") if self.killed else self.says.pop(0)
            if isinstance(message, Exception):
                raise message
            yield message

    def kill(self) -> None:
        with self._changed:
            self.killed = True
            self._changed.notify_all()

    def bury(self) -> None:
        self.buried = True


started: list[Fake] = []


@pytest.fixture
def make() -> Iterator[Callable[..., Jobs]]:
    """Makes lines of fakes, and closes them."""
    made: list[Jobs] = []
    started.clear()

    def jobs(**options: float) -> Jobs:
        made.append(Jobs(start=Fake, **options))  # type: ignore[arg-type]
        return made[-1]

    yield jobs
    for one in made:
        one.close()


def until(true: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def running(jobs: Jobs, count: int = 1) -> Fake:
    """The process of the job that runs, the `count`-th that was started."""
    until(lambda: len(started) >= count)
    return started[count - 1]


def test_a_trial_waits_runs_and_is_done(make: Callable[..., Jobs]) -> None:
    jobs = make()
    job = jobs.add(ORDER)
    process = running(jobs)
    until(lambda: job.state == "running")
    assert job.says == "Getting ready."
    process.say(Started(2, 0, 60))
    until(lambda: "0 of 60" in job.says)
    process.say(Finished(0, 30, 1.0))
    until(lambda: job.share == 0.5)
    assert job.to_json()["done_people"] == 30
    assert "30 of 60 people" in job.says
    process.say(Finished(1, 30, 1.0), Computed())
    until(lambda: job.writing)
    assert not job.over
    process.say(Written())
    until(lambda: job.over)
    assert job.state == "done"
    assert job.says.startswith("Done: 60 people in ")
    assert job.folder.parent.is_dir()
    assert process.buried


def test_one_runs_and_few_wait(make: Callable[..., Jobs]) -> None:
    jobs = make(waiting=2)
    first, second, third = (jobs.add(ORDER) for _ in range(3))
    until(lambda: first.state == "running")
    with pytest.raises(QueueFull):
        jobs.add(ORDER)
    assert [second.before, third.before] == [1, 2]
    assert third.says == "Waiting: 2 other trials first."
    assert len(started) == 1  # one at a time
    running(jobs).say(Written())
    until(lambda: second.state == "running")
    assert (first.state, third.before) == ("done", 1)
    jobs.add(ORDER)  # there is room again


def test_ids_cannot_be_guessed_and_nothing_else_is_found(make: Callable[..., Jobs]) -> None:
    jobs = make(waiting=4)
    ids = {jobs.add(ORDER).id for _ in range(5)}
    assert len(ids) == 5
    assert all(len(id) == 32 for id in ids)
    assert [jobs.find(id) for id in ("", "0", "../0000", next(iter(ids))[:-1])] == [None] * 4


def test_one_that_waits_is_cancelled_at_once(make: Callable[..., Jobs]) -> None:
    jobs = make()
    first, second, third = (jobs.add(ORDER) for _ in range(3))
    until(lambda: first.state == "running")
    jobs.cancel(second)
    assert second.state == "cancelled"
    assert third.before == 1
    assert not second.folder.parent.exists()
    running(jobs).say(Written())
    until(lambda: third.state == "running")
    assert len(started) == 2  # the second never began


def test_one_that_runs_is_cancelled_and_leaves_nothing(make: Callable[..., Jobs]) -> None:
    jobs = make()
    job, after = jobs.add(ORDER), jobs.add(ORDER)
    process = running(jobs)
    version = job.version
    with jobs._changed:  # the worker thread cannot yet say that it is over
        job.cancel()
        assert (job.says, job.version > version) == ("Being cancelled.", True)
    jobs.cancel(job)
    assert job.state == "cancelled"
    assert job.problem is None
    assert process.killed
    assert process.buried
    assert not job.folder.parent.exists()
    until(lambda: after.state == "running")
    version = job.version
    jobs.cancel(job)  # again does nothing
    assert (job.state, job.version) == ("cancelled", version)


@pytest.mark.parametrize(
    ("says", "title", "status"),
    [
        (Failed(InputError("too few people", expected="more")), "too few people", 422),
        (Failed(None, "Traceback: /home/somebody"), "A fault in Anagen", 500),
        (Died("its process ended (exit code 1)"), "The trial broke off", 500),
        (TooLong(), "the trial took longer than 60 minutes", 422),
        (RuntimeError("what nobody foresaw"), "A fault in Anagen", 500),
    ],
)
def test_what_fails_is_told_and_the_next_runs(
    make: Callable[..., Jobs], says: Message | Exception, title: str, status: int
) -> None:
    jobs = make()
    job, after = jobs.add(ORDER), jobs.add(ORDER)
    running(jobs).say(says)
    until(lambda: job.over)
    said = job.to_json()
    assert (said["state"], said["problem"]["title"], said["problem"]["status"]) == ("failed", title, status)
    assert "somebody" not in str(said)
    assert not job.folder.parent.exists()
    until(lambda: after.state == "running")


def test_a_process_that_cannot_be_started_is_told() -> None:
    def none(order: Order) -> TrialProcess:
        raise OSError(11, "Resource temporarily unavailable")

    jobs = Jobs(start=none)
    job = jobs.add(ORDER)
    until(lambda: job.over)
    assert job.problem is not None
    assert "unavailable" in job.problem.detail
    jobs.close()


def test_it_may_not_take_for_ever(make: Callable[..., Jobs]) -> None:
    jobs = make(longest_s=0.1)
    job = jobs.add(ORDER)
    until(lambda: job.state == "failed")
    assert started[0].killed


def test_the_latest_are_kept(make: Callable[..., Jobs]) -> None:
    jobs = make(kept=2)
    made = []
    for count in range(4):
        made.append(jobs.add(ORDER))
        running(jobs, count + 1).say(Written())
        until(lambda: made[-1].over)
    assert jobs.all() == [made[3], made[2]]
    assert [job.folder.parent.exists() for job in made] == [False, False, True, True]
    jobs.forget(made[3])
    assert jobs.all() == [made[2]]
    assert not made[3].folder.parent.exists()


def test_the_end_of_the_server_ends_everything(make: Callable[..., Jobs]) -> None:
    jobs = make()
    made = [jobs.add(ORDER) for _ in range(3)]
    process = running(jobs)
    root = made[0].folder.parents[1]
    jobs.close()
    assert [job.state for job in made] == ["cancelled"] * 3
    assert process.buried
    assert not root.exists()
    with pytest.raises(QueueFull):
        jobs.add(ORDER)


def test_a_folder_that_a_killed_server_left_is_swept_and_no_other(tmp_path: Path) -> None:
    left, link, other = tmp_path / f"{PREFIX}left", tmp_path / f"{PREFIX}link", tmp_path / "other"
    for folder in (left, other):
        folder.mkdir()
        (folder / ".lock").write_text("{}")
    link.symlink_to(other)
    alive = JobFolders(tmp_path)
    folder = alive.new()  # sweeps first
    assert not left.exists()
    assert other.exists()
    assert link.is_symlink()
    sweep(tmp_path)
    assert folder.exists()
    alive.close()
    assert list(tmp_path.glob(f"{PREFIX}*")) == [link]


@pytest.fixture(scope="module")
def long_order() -> Order:
    """A trial that takes minutes, with workers of its own."""
    return replace(order_of(BUSY, Settings(), people=60_000), workers=2)


def descendants(process: int) -> set[int]:
    """The processes below one, from /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, new = set[int](), {process}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


def commands(processes: set[int]) -> list[str]:
    """Command lines of those that live; what waits to be buried has none."""
    found = []
    for number in processes:
        try:
            found.append(Path(f"/proc/{number}/cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return [line for line in found if line]


def spawned(process: int) -> set[int]:
    """Processes below one that compute or could."""
    return {one for one in descendants(process) if any("spawn_main" in line for line in commands({one}))}


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc here")


@needs_proc
def test_cancel_stops_the_processes_within_two_seconds(long_order: Order) -> None:
    jobs = Jobs()
    before = spawned(os.getpid())
    job: Job = jobs.add(long_order)
    until(lambda: len(spawned(os.getpid()) - before) == 3, 120)  # the one of the job, and its two workers
    ours = spawned(os.getpid()) - before
    asked = time.monotonic()
    jobs.cancel(job)
    until(lambda: not commands(ours), 2)
    assert time.monotonic() - asked < 2
    assert job.state == "cancelled"
    assert not job.folder.parent.exists()
    jobs.close()


SERVER = """
import sys, time
from dataclasses import replace
from anagen.web.jobs import Jobs
from anagen.web.settings import Settings
from anagen.web.trial_order import order_of
if __name__ == "__main__":
    Jobs().add(replace(order_of(sys.stdin.read(), Settings(), people=60_000), workers=2))
    time.sleep(600)
"""


@needs_proc
def test_a_killed_server_leaves_no_process_and_its_files_are_swept(tmp_path: Path) -> None:
    program = tmp_path / "server.py"
    program.write_text(SERVER)
    server = subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    assert server.stdin is not None
    server.stdin.write(BUSY.encode())
    server.stdin.close()
    until(lambda: len(spawned(server.pid)) == 3, 120)
    all_of_it = descendants(server.pid)
    server.send_signal(signal.SIGKILL)
    server.wait()
    until(lambda: not commands(all_of_it), 60)  # one that is just being born looks for its parent only then
    assert list(tmp_path.glob(f"{PREFIX}*"))
    job_folders.sweep(tmp_path)
    assert not list(tmp_path.glob(f"{PREFIX}*"))
