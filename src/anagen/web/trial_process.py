"""One trial in a process of its own: it can be ended at any moment, and the pages stay answerable beside it.

It computes, writes what `anagen trial -o` writes, and tells through a pipe what happens. It never outlives the server.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from anagen.errors import AnagenError
from anagen.trial.events import Event
from anagen.trial.plan import Trial
from anagen.trial.process import ONE_THREAD, no_interrupts

from .trial_population import SentPopulation

if TYPE_CHECKING:
    from anagen.simulation.result import Mode

NICER = 5
"""Added to the priority of the process, so that pages come first."""
PEOPLE = "people.parquet"


@dataclass(frozen=True)
class Order:
    """A trial to run: into `folder` (its parent exists), with so many worker processes. `sent` is the file of people
    that it names, `who` says who they are."""

    trial: Trial
    folder: Path
    sent: SentPopulation | None = None
    who: str = ""
    workers: int = 1
    power: tuple[int, ...] = ()
    mode: Mode = "reader"


@dataclass(frozen=True)
class Computed:
    """All people are simulated; the files are being written."""


@dataclass(frozen=True)
class Written:
    """Everything is in the folder."""


@dataclass(frozen=True)
class Failed:
    """The trial cannot be run; `error` where it is one of ours, else `text`, which is for the log."""

    error: AnagenError | None
    text: str = ""


Message = Event | Computed | Written | Failed


class TooLong(Exception):
    """The trial took longer than it may."""


class Died(Exception):
    """The process ended without a word; says how."""


class TrialProcess:
    """The process of an order, from its start on.

    Raises:
        OSError: the system starts no more processes.
    """

    def __init__(self, order: Order) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_life, args=(theirs, order), name="anagen-trial", daemon=False)
        try:
            with no_interrupts():
                self._process.start()
        except BaseException:
            self._pipe.close()
            raise
        finally:
            theirs.close()

    @property
    def number(self) -> int | None:
        """Its number in the system."""
        return self._process.pid

    def messages(self, longest_s: float) -> Iterator[Message]:
        """What it tells, until it has written everything or failed.

        Raises:
            TooLong: it is not ready in time.
            Died: it was ended, by `kill` or by the system.
        """
        from time import monotonic

        end = monotonic() + longest_s
        while True:
            if not self._pipe.poll(max(0.0, end - monotonic())):
                raise TooLong
            try:
                message: Message = self._pipe.recv()
            except (EOFError, OSError):
                self._process.join(1)
                raise Died(_ending(self._process.exitcode)) from None
            yield message
            if isinstance(message, Written | Failed):
                return

    def kill(self) -> None:
        """End it and its workers now; does nothing where it has ended (its workers see that, and end too)."""
        number = self._process.pid
        if number is None or self._process.exitcode is not None:
            return  # the number may be another's by now
        with suppress(OSError):  # it has no group yet, and so no workers
            os.killpg(number, signal.SIGKILL)
        self._process.kill()

    def bury(self) -> None:
        """End it if it has not ended, and wait until it is gone."""
        self._process.join(0.5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._pipe.close()


def _life(pipe: Connection, order: Order) -> None:
    """What the process does. It leads a group, so that its workers can be ended with it."""
    os.setsid()
    Thread(target=_leave_with_server, daemon=True).start()
    with suppress(OSError):
        os.nice(NICER)
    os.environ.update(ONE_THREAD)  # before anything that computes is loaded
    try:
        from anagen.trial.run import run_trial

        sent, place = order.sent, order.folder.parent
        result = run_trial(
            order.trial,
            order.folder,
            workers=order.workers,
            power=order.power,
            mode=order.mode,
            report=pipe.send,
            population=sent.population_in(place, order.trial.treatment) if sent else None,
        )
        pipe.send(Computed())
        _write(order, result)
        pipe.send(Written())
    except AnagenError as error:
        pipe.send(Failed(error))
    except Exception:
        with suppress(OSError):  # nobody may be there to read
            pipe.send(Failed(None, traceback.format_exc()))
    pipe.close()
    os._exit(0)  # taking the engine down piece by piece would take longer


def _write(order: Order, result: object) -> None:
    """The page, the numbers, the file, and one table of all people."""
    from anagen.interchange.results.trial_files import trial_files
    from anagen.trial.folder import write_files
    from anagen.trial.result import TrialResult

    assert isinstance(result, TrialResult)
    texts = {order.folder / name: text().encode() for name, text in trial_files(order.trial, result).items()}
    result.people().sink_parquet(order.folder / PEOPLE)
    write_files(texts)


def _leave_with_server() -> None:
    """End this process as soon as the server is gone, even by SIGKILL; its own workers follow in the same way."""
    server = parent_process()
    if server is not None:
        server.join()
    os._exit(1)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"its process was ended by signal {-code}{': often by the system, out of memory' if code == -9 else ''}"
    return f"its process ended (exit code {code})"
