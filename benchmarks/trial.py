"""Memory and speed of `anagen trial` as people are added: 1,000, 10,000, 100,000 and, with --million, 1,000,000.

One worker and two; each run is a process of its own, from the command to the page on disk. Memory is the highest sum of
what the coordinator and its workers have resident, looked up in /proc while they run (pages that they share count in
each). Writes latest_trial.json beside this file, and with --write the page's table. Exit code 1 if a gate is missed or
a run failed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from page import PAGE, markdown, write
from rich.console import Console
from rich.table import Table
from run import ANAGEN, HERE, Failed, machine

TRIAL = """
title = "20 mg daily against no treatment"
follow_up_weeks = 52
[population]
name = "adults"
[[arms]]
name = "no treatment"
regimen = "none"
[[arms]]
name = "20 mg daily"
regimen = "20 mg once daily with food for 24 weeks"
"""
SIZES, MILLION, WORKERS = (1_000, 10_000, 100_000), 1_000_000, (1, 2)
COLUMNS = ("people", "workers", "s", "people/s", "× one worker", "peak MB")
STARTED = 10_000  # from here on memory is compared: below, not all that a run holds is in use
LOOK_S = 0.05
GROWTH, MILLION_S, MILLION_MB, TWICE = 0.10, 120.0, 1500.0, 1.8
LONG = 100_000  # trials of so many are compiled for longer
LARGE = 1_000_000  # below, the start of the processes is a good part of a run: a third, with 100,000 people


@dataclass(frozen=True)
class Run:
    """One trial of so many people in each of two arms."""

    people: int
    workers: int
    wall_s: float
    peak_mb: float

    @property
    def per_s(self) -> float:
        """People computed a second, each in both arms."""
        return self.people / self.wall_s


@dataclass(frozen=True)
class Gate:
    """A limit and what was found."""

    name: str
    found: float
    limit: float
    most: bool
    unit: str

    @property
    def passed(self) -> bool:
        return self.found <= self.limit if self.most else self.found >= self.limit


def resident_mb(root: int) -> float:
    """What a process and all that descend from it have resident now, in MB."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            pid = int(folder.name)
            parents[pid] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            pages[pid] = int((folder / "statm").read_text().split()[1])
        except OSError:
            continue
    ours = {root}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(pages.get(pid, 0) for pid in ours) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measured(people: int, workers: int, folder: Path, cache: Path) -> Run:
    """Run a trial to its end, and look at its memory meanwhile."""
    file = folder / "trial.toml"
    file.write_text(TRIAL)
    results = Path(tempfile.mkdtemp(dir=folder)) / "results"
    command = [
        *(ANAGEN, "trial", str(file), "--patients", str(people), "-o", str(results)),
        *("--workers", str(workers), "--quiet"),
    ]
    environment = os.environ | {"ANAGEN_CACHE_DIR": str(cache)}
    with tempfile.TemporaryFile("w+") as err:
        start, peak = time.perf_counter(), 0.0
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=err, env=environment)
        while process.poll() is None:
            peak = max(peak, resident_mb(process.pid))
            time.sleep(LOOK_S)
        wall_s = time.perf_counter() - start
        err.seek(0)
        if process.returncode != 0:
            lines = err.read().strip().splitlines() or ["no message"]
            raise Failed(f"{people:,} people, exit code {process.returncode}: {lines[-1]}")
    found = json.loads((results / "trial.json").read_text())
    if found["trial"]["people"] != people or not (results / "trial.html").stat().st_size:
        raise Failed(f"{people:,} people: the results are of other people")
    return Run(people, workers, wall_s, peak)


def curve(sizes: Collection[int], console: Console) -> list[Run]:
    """All runs, the smallest first, with programs that are compiled before."""
    runs = []
    with tempfile.TemporaryDirectory(prefix="anagen-bench-") as temporary:
        folder = Path(temporary)
        (cache := folder / "cache").mkdir()
        with console.status("compiling"):  # large trials have programs of their own
            for people in {2048, min(LONG, max(sizes))}:
                measured(people, 2, folder, cache)
        for people in sorted(sizes):
            for workers in WORKERS:
                with console.status(f"measuring: {people:,} people, {workers} workers"):
                    runs.append(measured(people, workers, folder, cache))
    return runs


def gates(runs: Iterable[Run]) -> list[Gate]:
    """What can be judged of these runs: memory between sizes, two workers at large sizes, and the million."""
    by = {(run.people, run.workers): run for run in runs}
    sizes = sorted({people for people, _ in by})
    large_enough = [people for people in sizes if people >= STARTED]
    found = []
    if len(large_enough) > 1:
        for workers in WORKERS:
            small, large = by[large_enough[0], workers], by[large_enough[-1], workers]
            name = f"memory, {small.people:,} to {large.people:,} people, workers: {workers}"
            found.append(Gate(name, 100 * (large.peak_mb / small.peak_mb - 1), 100 * GROWTH, True, "% more"))
    for people in sizes:
        if people >= LARGE:
            ratio = by[people, 2].per_s / by[people, 1].per_s
            found.append(Gate(f"two workers against one, {people:,} people", ratio, TWICE, False, "times"))
    if million := by.get((MILLION, WORKERS[-1])):
        found.append(Gate("1,000,000 people, 2 workers", million.wall_s, MILLION_S, True, "s"))
        found.append(Gate("1,000,000 people, 2 workers", million.peak_mb, MILLION_MB, True, "MB"))
    return found


def cells(run: Run, runs: Iterable[Run]) -> list[str]:
    """One line of the table, in the order of `COLUMNS`."""
    alone = next(one for one in runs if one.people == run.people and one.workers == 1)
    times = "" if run is alone else f"{run.per_s / alone.per_s:.2f}"
    numbers = f"{run.wall_s:.1f}", f"{run.per_s:,.0f}", times, f"{run.peak_mb:,.0f}"
    return [f"{run.people:,}", str(run.workers), *numbers]


def show(runs: Sequence[Run], judged: Iterable[Gate], here: dict[str, str | int], console: Console) -> None:
    """Both tables."""
    table = Table(title="anagen trial, two arms, 52 weeks", caption=_machine(here))
    for head in COLUMNS:
        table.add_column(head, justify="right")
    for run in runs:
        table.add_row(*cells(run, runs))
    console.print(table)
    table = Table(title="Gates", title_justify="left")
    for head in ("", "found", "gate", ""):
        table.add_column(head)
    for gate in judged:
        limit = f"{'at most' if gate.most else 'at least'} {gate.limit:g} {gate.unit}"
        table.add_row(gate.name, f"{gate.found:,.3g} {gate.unit}", limit, "met" if gate.passed else "missed")
    console.print(table)


def _machine(here: dict[str, str | int]) -> str:
    return ", ".join(f"{k} {v}" for k, v in here.items())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", help="sizes, such as 10000,30000, instead of 1,000, 10,000 and 100,000")
    parser.add_argument("--million", action="store_true", help="a million people too: minutes")
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    arguments = parser.parse_args()
    sizes = {int(size) for size in arguments.people.split(",")} if arguments.people else set(SIZES)
    console = Console()
    here = machine()
    try:
        runs = curve(sizes | ({MILLION} if arguments.million else set()), console)
    except (Failed, OSError) as error:
        console.print(f"Not measured: {error}", markup=False)
        return 1
    judged = gates(runs)
    show(runs, judged, here, console)
    record = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": here,
        "runs": [asdict(run) | {"people_per_s": run.per_s} for run in runs],
        "gates": [asdict(gate) | {"passed": gate.passed} for gate in judged],
    }
    target = HERE / "latest_trial.json"
    beside = target.with_suffix(".json.part")
    beside.write_text(json.dumps(record, indent=2) + "\n")
    beside.replace(target)
    if arguments.write:
        lines = markdown(COLUMNS, [cells(run, runs) for run in runs])
        write(PAGE, "trials", f"{lines}\n\nMachine: {_machine(here)}.\n")
    return 0 if all(gate.passed for gate in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
