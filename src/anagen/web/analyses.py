"""Analyses that are being made, and the latest that were: a page waits for one a moment, else shows how far it is.

One that no page asks for any more is ended.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from anagen.analysis.analyse import Analysis, analysis_of
from anagen.analysis.analysis_page import analysis_parts, make_ready

from .engine import Engine
from .state import State
from .work import Left, Progress, Work

Parts = Mapping[str, Any]
SIMULATED = 0.6
"""Share of the progress for the simulations; the rest is for the numbers on claims and the figures."""
PATIENCE_S = 20.0
LOOK_EVERY_S = 1.0


@dataclass(eq=False)
class _Making:
    """One that is being made: the share done, and when somebody last asked for it."""

    share: float = 0.0
    asked: float = field(default_factory=time.monotonic)
    task: asyncio.Task[Parts] | None = None


def analysis_for(engine: Engine, state: State, progress: Progress | None = None) -> Analysis:
    """The analysis of a state, from simulations that the engine keeps; what `anagen.analyse` gives for the same.

    Raises:
        AnagenError: as `anagen.analyse` does.
    """
    regimens = [engine.regimen(text) for text in state.regimens]

    def first(share: float) -> None:
        if progress:
            progress(SIMULATED * share)

    def then(share: float) -> None:
        if progress:
            progress(SIMULATED + (0.95 - SIMULATED) * share)

    found = engine.compare(regimens, state.patient, state.run, first)
    return analysis_of(found.arms, found.untreated, then)


class Analyses:
    """What the sections of the analysis page are filled with, by state; the latest `kept` of them."""

    def __init__(self, engine: Engine, work: Work, kept: int = 6, patience_s: float = PATIENCE_S) -> None:
        self._engine, self._work, self._most, self._patience_s = engine, work, kept, patience_s
        self._kept: OrderedDict[State, Parts] = OrderedDict()
        self._making: dict[State, _Making] = {}

    async def find(self, state: State, wait_s: float = 0.0) -> Parts | float:
        """The parts of the page, or the share done where `wait_s` seconds are not enough.

        Raises:
            AnagenError: it cannot be made.
            Full: no place is free.
        """
        if state in self._kept:
            self._kept.move_to_end(state)
            return self._kept[state]
        making = self._making.get(state) or self._begin(state)
        making.asked = time.monotonic()
        assert making.task is not None
        await asyncio.wait({making.task}, timeout=wait_s)
        if not making.task.done():
            return making.share
        self._making.pop(state, None)
        return making.task.result()

    async def made(self, state: State, request: Request) -> Parts:
        """The parts, however long it takes.

        Raises:
            AnagenError, Full: as `find`.
            Left: the request was dropped.
        """
        while isinstance(found := await self.find(state, LOOK_EVERY_S), float):
            if await request.is_disconnected():
                raise Left
        return found

    def _begin(self, state: State) -> _Making:
        old = [key for key, one in self._making.items() if one.task and one.task.done()]
        for key in old:  # ended with an error, and nobody came to hear of it
            del self._making[key]
        making = self._making[state] = _Making()

        def call(progress: Progress) -> Parts:
            def report(share: float) -> None:
                progress(share)
                if time.monotonic() - making.asked > self._patience_s:
                    raise Left
                making.share = share

            make_ready(self._engine.treatment)
            parts = analysis_parts(analysis_for(self._engine, state, report))
            report(1.0)
            return parts

        making.task = asyncio.create_task(self._work.run(call))
        making.task.add_done_callback(lambda task: self._done(state, task))
        return making

    def _done(self, state: State, task: asyncio.Task[Parts]) -> None:
        if task.cancelled() or isinstance(task.exception(), Left):
            self._making.pop(state, None)
        elif task.exception() is None:
            self._kept[state] = task.result()
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
