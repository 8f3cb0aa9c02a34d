"""One row of the table in a process of its own, so that memory is its own and programs can take turns.

    python -m benchmarks.reference.worker --list                        every row there is, or why a peer has none
    python -m benchmarks.reference.worker PEER ROW PEOPLE OUTPUTS.npy   answers "begin", "round" and "end" on its input

Answers are lines of JSON. The process keeps to one core.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # before any library counts the cores

import numpy as np

from . import model
from .peer import PEERS, NotInstalled, load

JUDGED = 16  # people whose outputs are compared with the reference; the same ones for every program


def rows(only: list[str]) -> Iterator[dict[str, Any]]:
    """Every row of the peers named (all, where none is), as the table wants it."""
    for name in PEERS:
        if only and name not in only:
            continue
        try:
            peer, versions = load(name)
        except NotInstalled as error:
            yield {"peer": name, "missing": str(error)}
            continue
        for row, settings in peer.ROWS.items():
            yield {"peer": name, "row": row, "title": peer.TITLE, "versions": versions, **settings._asdict()}


def work(name: str, row: str, people: int, outputs: str, answer: Callable[[dict[str, Any]], None]) -> None:
    """Compile, solve once and keep the outputs; then one timed solution at each "round"."""
    peer, _ = load(name)
    crowd = model.random_people(people, variant=peer.ROWS[row].variant)
    doses = model.constant_doses(people)
    for line in sys.stdin:
        match line.strip():
            case "begin":
                answer(_begin(peer, row, crowd, doses, outputs))
            case "round":
                start = time.perf_counter()
                peer.run(row, crowd, doses)
                answer({"seconds": time.perf_counter() - start})
            case "end":
                break
    if hasattr(peer, "close"):
        peer.close()
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    answer({"peak_mb": max(peaks) * (1 if sys.platform == "darwin" else 1024) / 1e6})


def _begin(
    peer: ModuleType, row: str, people: model.People, doses: model.Array, outputs: str
) -> dict[str, float | None]:
    compile_s = None
    if hasattr(peer, "compile"):
        start = time.perf_counter()
        peer.compile(row, people, doses)
        compile_s = time.perf_counter() - start
    start = time.perf_counter()
    found = peer.run(row, people, doses)
    first_s = time.perf_counter() - start
    np.save(outputs, np.asarray(found)[:, :, :JUDGED].astype(float))
    return {"compile_s": compile_s, "first_s": first_s}


def main(arguments: list[str]) -> None:
    # A library may print; what it prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(what: dict[str, Any]) -> None:
        print(json.dumps(what), file=answers, flush=True)

    if arguments[0] == "--list":
        for row in rows(arguments[1:]):
            answer(row)
    else:
        name, row, people, outputs = arguments
        work(name, row, int(people), outputs, answer)


if __name__ == "__main__":
    main(sys.argv[1:])
