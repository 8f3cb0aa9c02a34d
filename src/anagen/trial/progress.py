"""Events of a trial made visible: a bar for a person, JSON lines for a program, or nothing."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TextIO

from .events import Event, Finished, Lost, Noted, Redone, Report, Started

Style = Literal["bar", "lines", "none"]


@dataclass
class Rate:
    """How many people are done and how fast; what was reused counts as done, and not as speed.

    >>> seconds = iter([0.0, 10.0])
    >>> rate = Rate(lambda: next(seconds))
    >>> for event in (Started(4, 1, 4000, 1000), Finished(1, 1000, 9.0)):
    ...     rate.note(event)
    >>> rate.done_people, rate.per_s, rate.left_s
    (2000, 100.0, 20.0)
    """

    clock: Callable[[], float] = time.monotonic
    people: int = 0
    done_people: int = 0
    per_s: float | None = None
    """People per second of wall time, over the parts finished in this run; None before the first."""
    _began: float = 0.0
    _computed: int = 0

    def note(self, event: Event) -> None:
        """Take an event into account."""
        if isinstance(event, Started):
            self.people, self.done_people = event.people, event.reused_people
            self._began = self.clock()
        elif isinstance(event, Finished):
            self.done_people += event.people
            self._computed += event.people
            took = self.clock() - self._began
            self.per_s = self._computed / took if took > 0 else None

    @property
    def left_s(self) -> float | None:
        """Seconds left at this rate; None before the first part is finished."""
        left = self.people - self.done_people
        return left / self.per_s if self.per_s else None


@contextmanager
def shown(style: Style, stream: TextIO | None = None) -> Iterator[Report]:
    """Gives the function that `run_parts` reports to.

    Args:
        style: "bar" on a terminal (elsewhere only what went wrong is told), "lines" of JSON, or "none".
        stream: the error stream where left out. That its reader goes away stops the display, never the run.
    """
    stream = stream or sys.stderr
    if style == "none":
        yield lambda event: None
    elif style == "lines":
        yield _Lines(stream)
    elif not stream.isatty():
        yield _Faults(stream)
    else:
        with _bar(stream) as report:
            yield report


def line(event: Event, rate: Rate) -> dict[str, Any]:
    """An event as an object for a program; `rate` has noted it already. Rates are null before the first part."""
    if isinstance(event, Started):
        return {"event": "start", "parts": event.parts, "reused": event.reused} | _people(rate)
    if isinstance(event, Finished):
        return {"event": "part", "part": event.part, "part_s": round(event.seconds, 3)} | _people(rate)
    if isinstance(event, Noted):
        return {"event": "note", "text": event.text}
    return {"event": "lost" if isinstance(event, Lost) else "redone", "part": event.part, "reason": event.reason}


def sentence(event: Lost | Redone | Noted) -> str:
    """What went wrong, for a person."""
    if isinstance(event, Noted):
        return event.text
    return f"part {event.part} is computed again: {event.reason}"


def _people(rate: Rate) -> dict[str, Any]:
    numbers = {"rate_per_s": rate.per_s, "left_s": rate.left_s}
    rounded = {name: None if number is None else round(number, 1) for name, number in numbers.items()}
    return {"done_people": rate.done_people, "people": rate.people} | rounded


class _Lines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rate = Rate()

    def __call__(self, event: Event) -> None:
        self._rate.note(event)
        _say(self._stream, json.dumps(line(event, self._rate), ensure_ascii=False))


class _Faults:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        if isinstance(event, Lost | Redone | Noted):
            _say(self._stream, f"anagen: {sentence(event)}")


def _say(stream: TextIO, text: str) -> None:
    try:
        stream.write(text + "\n")
        stream.flush()
    except (OSError, ValueError):  # nobody reads any more
        return


@contextmanager
def _bar(stream: TextIO) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} people{task.fields[speed]}"),
        TimeElapsedColumn(),
    )
    rate = Rate()
    with Progress(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("Simulating", total=None, speed="", visible=False)

        def report(event: Event) -> None:
            rate.note(event)
            if isinstance(event, Lost | Redone | Noted):
                bar.console.print(f"anagen: {sentence(event)}", markup=False, highlight=False)
            bar.update(task, total=rate.people, completed=rate.done_people, speed=_speed(rate), visible=True)

        yield report


def _speed(rate: Rate) -> str:
    """For the bar: ", 1,234 a second, 0:01:10 left"."""
    if rate.per_s is None or rate.left_s is None:
        return ""
    minutes, seconds = divmod(round(rate.left_s), 60)
    return f", {rate.per_s:,.0f} a second, {minutes // 60}:{minutes % 60:02d}:{seconds:02d} left"
