"""Cheap work for the tests of store, workers and cluster: bytes that depend on the part alone, and ways to go wrong."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from anagen.errors import InputError
from anagen.trial.store import Payload


@dataclass(frozen=True)
class Fake:
    """`marks` is a folder where each process leaves its number, and each try of a part a dot in the part's file.

    `dies` tells by part how many tries end with SIGKILL; in the others listed the work raises an error.
    """

    marks: Path
    seconds: float = 0.0
    dies: Mapping[int, int] = field(default_factory=dict)
    fails: tuple[int, ...] = ()
    ours: tuple[int, ...] = ()
    no_memory: tuple[int, ...] = ()

    def __call__(self, part: int) -> Payload:
        (self.marks / f"process-{os.getpid()}").touch()
        with (self.marks / f"part-{part}").open("a") as mark:
            mark.write(".")
        time.sleep(self.seconds)
        if len((self.marks / f"part-{part}").read_text()) <= self.dies.get(part, 0):
            os.kill(os.getpid(), signal.SIGKILL)
        if part in self.fails:
            raise ZeroDivisionError(f"part {part}")
        if part in self.ours:
            raise InputError(f"part {part} is wrong", expected="a right one", nearest=("this", "that"))
        if part in self.no_memory:
            raise MemoryError
        return expected(part)


def expected(part: int) -> Payload:
    """What the fake gives for a part."""
    many = hashlib.shake_256(f"people {part}".encode()).digest(40_000 + part)
    return {"people.parquet": many, "sums.npz": hashlib.shake_256(f"sums {part}".encode()).digest(100)}


def environment(part: int) -> Payload:
    """What a worker finds around it."""
    names = ("OMP_NUM_THREADS", "XLA_FLAGS", "JAX_PLATFORMS", "ANAGEN_TEST")
    return {"env.txt": "\n".join(f"{name}={os.environ.get(name)}" for name in names).encode()}


def large(part: int) -> Payload:
    """More than a pipe holds."""
    return {"large.bin": bytes(50_000_000)}


def people(parts: Iterable[int]) -> dict[int, int]:
    """People in each part, for `run_parts`."""
    return {part: 1000 + part for part in parts}


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of every part below a results folder."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted((folder / "parts").iterdir())}


def processes(marks: Path) -> list[int]:
    """Numbers of the processes that have worked."""
    return [int(mark.name.removeprefix("process-")) for mark in marks.glob("process-*")]


def alive(process: int) -> bool:
    """Whether a process exists and is not only waiting to be buried."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(numbers: Iterable[int], within_s: float = 10) -> bool:
    """Whether all these processes end in time."""
    until = time.monotonic() + within_s
    numbers = list(numbers)
    while any(alive(number) for number in numbers):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
