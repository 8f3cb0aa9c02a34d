"""One worker: a spawned process that computes a part at a time and sends its files back over a pipe of its own.

With a pipe for each, a worker that is killed at any moment, even while it sends, harms no other, and the part it had is
known. A worker never outlives the process that made it.
"""

from __future__ import annotations

import os
import pickle
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from threading import Thread

from anagen.errors import AnagenError

from .store import Payload

Work = Callable[[int], Payload]
"""Computes the part of a number; it must be picklable, and give the same bytes for the same number anywhere."""

ONE_THREAD = {
    name: "1"
    for name in (
        "MALLOC_ARENA_MAX",
        "MKL_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "POLARS_MAX_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    )
}
"""Environment of a worker: one compute thread each, and so one heap: with several, each keeps what it once held (50 MB
here, where the C library is GNU's). XLA_FLAGS is added to, so that the reader's own flags hold."""
XLA_ONE_THREAD = "--xla_cpu_multi_thread_eigen=false"
_NO_MEMORY = 77  # exit code of a worker that found no memory


@dataclass(frozen=True)
class Answer:
    """What a worker sends for a part: its files, or the error that the work raised."""

    part: int
    seconds: float
    payload: Payload | None = None
    error: Exception | None = None


class Worker:
    """A process that waits for numbers of parts; `part` is the one it computes now, None where it is idle.

    Args:
        work: the pickled `Work`.

    Raises:
        OSError: the system starts no more processes.
    """

    def __init__(self, work: bytes) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work), name="anagen-worker", daemon=True)
        try:
            with _environment(), no_interrupts():
                self.process.start()
        except BaseException:
            self.pipe.close()
            raise
        finally:
            theirs.close()
        self.part: int | None = None

    def give(self, part: int) -> None:
        """Let it compute a part; that it has died meanwhile shows in `take`."""
        self.part = part
        try:
            self.pipe.send(part)
        except OSError:
            return

    def take(self) -> Answer | str:
        """The answer that has come; where the worker has died instead, why, in words."""
        try:
            answer = pickle.loads(self.pipe.recv_bytes()) if self.pipe.poll() else None
        except (EOFError, OSError):
            answer = None
        if isinstance(answer, Answer):
            self.part = None
            return answer
        self.stop()
        return _ending(self.process.exitcode)

    def dismiss(self) -> None:
        """Let it leave by itself, which it does at once."""
        self.pipe.close()

    def stop(self) -> None:
        """Wait a moment for its end, then end it: it holds nothing that could be lost."""
        self.pipe.close()
        self.process.join(0.2)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

    def kill(self) -> None:
        """End it now, without waiting."""
        self.process.kill()


def _serve(pipe: Connection, pickled: bytes) -> None:
    """The life of a worker."""
    Thread(target=_leave_with_parent, daemon=True).start()
    work: Work | None = None
    while True:
        try:
            part = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)  # no more parts; taking the engine down piece by piece would take longer
        started = time.perf_counter()
        try:
            work = work or pickle.loads(pickled)
            payload = work(part)
            answer = Answer(part, time.perf_counter() - started, payload)
        except MemoryError:
            os._exit(_NO_MEMORY)
        except Exception as error:
            answer = Answer(part, time.perf_counter() - started, error=_portable(error, part))
        try:
            pipe.send(answer)
        except OSError:
            os._exit(0)


def _leave_with_parent() -> None:
    """End this process as soon as the one that made it is gone, even by SIGKILL."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _portable(error: Exception, part: int) -> Exception:
    """The error as it can cross to the coordinator; one that is not ours keeps its traceback as a note."""
    if isinstance(error, AnagenError):
        return error
    text = "".join(traceback.format_exception(error))
    error.add_note(f"raised in a worker, in part {part}:\n{text}")
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"in a worker, in part {part}:\n{text}")
    return error


def _ending(code: int | None) -> str:
    if code == _NO_MEMORY:
        return "its worker found no more memory"
    if code is not None and code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"its worker was killed ({name}{': often by the system, out of memory' if name == 'SIGKILL' else ''})"
    return f"its worker ended (exit code {code})"


@contextmanager
def _environment() -> Iterator[None]:
    """What a child inherits; ours is as before afterwards."""
    before = dict(os.environ)
    flags = " ".join(filter(None, (before.get("XLA_FLAGS"), XLA_ONE_THREAD)))
    try:
        os.environ.update(ONE_THREAD | {"XLA_FLAGS": flags})
        yield
    finally:
        for name in (*ONE_THREAD, "XLA_FLAGS"):
            if name in before:
                os.environ[name] = before[name]
            else:
                os.environ.pop(name, None)


@contextmanager
def no_interrupts() -> Iterator[None]:
    """Children are born with Ctrl-C blocked, so that only the coordinator answers it; ours waits until afterwards."""
    resource_tracker.ensure_running()  # it would otherwise start with the child, and unblock
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
