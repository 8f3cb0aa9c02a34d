"""Blocks fitted one after the other or some at a time, each in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import NoReturn

from .blocks import Values, load
from .fit import Effort, Fit, fit
from .report import shown_in_use


def fits_of(names: Sequence[str], effort: Effort, jobs: int) -> Iterator[tuple[Fit, float]]:
    """The fits in the order of the names, each as soon as it is there, with the seconds it took.

    A process for each, because what compiling takes (about 2 GB) is not given back before its end; one block alone is
    fitted in this one.
    """
    if len(names) == 1:
        yield one(names[0], effort)
        return
    with ProcessPoolExecutor(min(jobs, len(names)), get_context("spawn"), max_tasks_per_child=1) as pool:
        waiting = [pool.submit(one, name, effort) for name in names]
        try:
            for work in waiting:
                yield work.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def one(name: str, effort: Effort) -> tuple[Fit, float]:
    """The fit of a block and the seconds it took; without its predictions, so that it can be sent between processes."""
    started = time.monotonic()
    found = fit(load(name), effort, lambda text: print(text, flush=True))
    found = replace(found, in_use=shown_in_use(found), block=replace(found.block, predict=_predicts_no_more))
    return found, time.monotonic() - started


def _predicts_no_more(values: Values) -> NoReturn:
    raise RuntimeError("a fit that came from another process predicts no more")
