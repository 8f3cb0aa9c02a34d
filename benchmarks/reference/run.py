"""The peers on the reference model, taking turns: `python -m benchmarks.reference.run`.

Each row runs in a process of its own that waits while the others run; the rounds go through all rows in turn, so that
a change of the machine's speed meets them alike. Writes benchmarks/latest_peers.json; `--write` also the page's table.
This file imports nothing large: a child's peak memory starts at its parent's size.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.page import PAGE, write
from benchmarks.run import machine
from rich.console import Console

from . import table
from .peer import PEERS

ROOT = Path(__file__).resolve().parents[2]
LATEST = ROOT / "benchmarks" / "latest_peers.json"
MODULE = [sys.executable, "-m", f"{__package__}.worker"]
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
ENVIRONMENT = {"JAX_PLATFORMS": "cpu"} | os.environ | ONE_THREAD


class Failed(Exception):
    """A worker stopped before it answered."""


class Worker:
    """The process of one row."""

    def __init__(self, row: dict[str, Any], outputs: Path) -> None:
        self.log = outputs.with_suffix(".log")
        command = [*MODULE, row["peer"], row["row"], str(row["people"]), str(outputs)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, **pipes, stderr=log, encoding="utf-8", cwd=ROOT, env=ENVIRONMENT)

    def ask(self, command: str) -> dict[str, Any]:
        """Its answer to one command."""
        try:
            print(command, file=self.process.stdin, flush=True)
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            code = self.process.wait()
            said = self.log.read_text("utf-8").strip().splitlines() or ["no message"]
            raise Failed(f"exit code {code}: {said[-1]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def measure(rows: list[dict[str, Any]], rounds: int, folder: Path, console: Console) -> None:
    """Fill `rows` with what was measured; a row that fails says so, and the others go on."""
    workers: dict[int, Worker] = {}

    def attempt(i: int, command: str) -> dict[str, Any]:
        try:
            return workers[i].ask(command)
        except Failed as failed:
            rows[i]["failed"] = str(failed)
            workers.pop(i).stop()
            return {}

    try:
        for i, row in enumerate(rows):
            if "missing" in row:
                continue
            with console.status(f"compiling and solving once: {row['title']}, {row['settings']}"):
                workers[i] = Worker(row, folder / f"{i}.npy")
                row.update(attempt(i, "begin"))
                row["seconds"] = []
        for number in range(1, rounds + 1):
            for i in list(workers):
                with console.status(f"round {number} of {rounds}: {rows[i]['title']}, {rows[i]['settings']}"):
                    rows[i]["seconds"] += attempt(i, "round").values()
        for i in list(workers):
            rows[i].update(attempt(i, "end"))
    finally:
        for worker in workers.values():
            worker.stop()

    for row in rows:
        if row.get("seconds"):
            row["rates"] = [row["people"] / seconds for seconds in row["seconds"]]  # 365 days each
            if row["compile_s"] is None:  # then it is what the first call took beyond the others
                row["compile_s"] = max(0.0, row["first_s"] - statistics.median(row["seconds"]))


def judge(rows: list[dict[str, Any]], folder: Path) -> None:
    """Add each row's `error` and `drug_found`, beside the reference solution."""
    kept = {i: f"{row['variant']}:{folder / f'{i}.npy'}" for i, row in enumerate(rows) if row.get("rates")}
    if not kept:
        return
    command = [sys.executable, "-m", f"{__package__}.judge", *kept.values()]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, env=ENVIRONMENT, check=False)
    if done.returncode != 0:
        raise Failed("the judge: " + (done.stderr.strip().splitlines() or ["no message"])[-1])
    for name, verdict in json.loads(done.stdout).items():
        for i in (i for i, kept_name in kept.items() if kept_name == name):
            rows[i].update(verdict)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, help="people of every row's round (default: its own number, 5 to 10 s)")
    parser.add_argument("--rounds", type=int, default=3, help="timed rounds of each row (default 3)")
    parser.add_argument("--only", action="append", default=[], choices=PEERS, help="this peer alone (may be repeated)")
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write needs all peers: leave --only out")
    if options.rounds < 1 or (options.people is not None and options.people < 1):
        parser.error("--rounds and --people must be at least 1")

    console = Console()
    listed = subprocess.run(
        [*MODULE, "--list", *options.only], capture_output=True, encoding="utf-8", cwd=ROOT, env=ENVIRONMENT, check=True
    )
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    for row in rows:
        if "missing" not in row and options.people:
            row["people"] = options.people
    with tempfile.TemporaryDirectory(prefix="anagen-peers-") as folder:
        measure(rows, options.rounds, Path(folder), console)
        with console.status("judging: the reference solution"):
            judge(rows, Path(folder))

    here = machine()
    table.show(rows, here, console)
    record = {"when": datetime.now(UTC).isoformat(timespec="seconds"), "machine": here, "rows": rows}
    beside = LATEST.with_suffix(".part")
    beside.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    beside.replace(LATEST)
    if options.write:
        write(PAGE, "peers", table.markdown(rows, here))
    return 1 if any("failed" in row or str(table.trouble(row)).startswith("wrong") for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
