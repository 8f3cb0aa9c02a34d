"""Speed and memory of what a person waits for, beside the gates: `make bench`.

Each figure is the median of several runs in fresh processes (`--runs 9` for more). Writes latest.json beside
this file. Exit code 1 if a gate is missed or a measurement failed.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
ANAGEN = str(Path(sys.executable).parent / "anagen")
SIMULATE = [ANAGEN, "simulate", "20 mg once daily with food for 24 weeks", "--weight", "70", "--json"]
REGIMENS = (
    "20 mg once daily with food for 24 weeks",
    "10 mg every other day with food for 24 weeks",
    "1.8 mg every 8 hours with food for 24 weeks",
)
ANALYSE = [
    *(ANAGEN, "analyse", "isotretinoin"),
    *(word for regimen in REGIMENS for word in ("--regimen", regimen)),
    *("--weight", "70", "--seborrheic-dermatitis", "moderate"),
]
TIMED_IMPORT = "import time; t = time.perf_counter(); import anagen; print(time.perf_counter() - t)"


class Failed(Exception):
    """A measured process ended with an error."""


@dataclass
class Child:
    """What one finished process took."""

    wall_s: float
    peak_mb: float
    stdout: str


@dataclass
class Figure:
    """One line of the table: values in `unit`, to stay below `gate`."""

    name: str
    unit: str
    gate: float
    values: list[float] = field(default_factory=list)
    error: str | None = None

    @property
    def median(self) -> float | None:
        return statistics.median(self.values) if self.values else None

    @property
    def passed(self) -> bool:
        return self.median is not None and self.median < self.gate


def run(command: list[str], cache: Path) -> Child:
    """Run to the end with its own compile cache; wall time, and peak memory from the kernel's own account.

    A child's peak starts at its parent's size, so this file must never import anything large.
    """
    environment = os.environ | {"ANAGEN_CACHE_DIR": str(cache)}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment, cwd=HERE.parent)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            lines = err.read().strip().splitlines() or ["no message"]
            raise Failed(f"exit code {process.returncode}: {lines[-1]}")
        kilobytes = usage.ru_maxrss / 1024 if sys.platform == "darwin" else usage.ru_maxrss
        return Child(wall_s, kilobytes * 1024 / 1e6, out.read())


def measure(figure: Figure, once: Callable[[], list[float]], runs: int) -> None:
    """Fill a figure from `runs` calls; an error is kept and shown, and the other figures still run."""
    try:
        for _ in range(runs):
            figure.values += once()
    except (Failed, OSError, ValueError) as error:
        figure.values.clear()
        figure.error = str(error)


def figures(runs: int, console: Console) -> list[Figure]:
    """Measure everything, in the order of the table."""
    help_ = Figure("anagen --help, process start to end", "s", 0.4)
    imported = Figure("import anagen", "s", 0.3)
    warm = Figure("anagen simulate, 1,000 people, to JSON, warm", "s", 2.0)
    cold = Figure("anagen simulate, 1,000 people, to JSON, cold", "s", 8.0)
    memory = Figure("anagen simulate, peak memory", "MB", 700.0)
    page = Figure("anagen analyse, three regimens, 1,000 people, to the page, warm", "s", 6.0)
    claims = Figure("anagen claims", "s", 0.5)
    product = Figure("anagen product roaccutane", "s", 0.5)
    cascade = Figure("one person, 52 weeks, after compilation", "ms", 10.0)

    with tempfile.TemporaryDirectory(prefix="anagen-bench-") as temporary:
        shared = Path(temporary) / "warm"
        shared.mkdir()

        def show_help() -> list[float]:
            return [run([ANAGEN, "--help"], shared).wall_s]

        def simulate(cache: Path) -> Child:
            child = run(SIMULATE, cache)
            json.loads(child.stdout)  # a run that prints no JSON is no measurement
            return child

        def simulate_warm() -> list[float]:
            child = simulate(shared)
            memory.values.append(child.peak_mb)
            return [child.wall_s]

        def simulate_cold() -> list[float]:
            with tempfile.TemporaryDirectory(dir=temporary) as empty:
                return [simulate(Path(empty)).wall_s]

        def analyse() -> list[float]:
            file = Path(temporary) / "page.html"
            file.unlink(missing_ok=True)
            wall_s = run([*ANALYSE, "-o", str(file)], shared).wall_s
            file.stat()  # a run that leaves no page is no measurement
            return [wall_s]

        def one_person() -> list[float]:
            child = run([sys.executable, str(HERE / "one_person.py"), "50"], shared)
            return [1e3 * s for s in json.loads(child.stdout)]

        with console.status("measuring: start-up"):
            measure(Figure("first run, discarded", "s", 0), lambda: [run([ANAGEN, "--help"], shared).wall_s], 1)
            measure(help_, lambda: [run([ANAGEN, "--help"], shared).wall_s], runs)
            measure(imported, lambda: [float(run([sys.executable, "-c", TIMED_IMPORT], shared).stdout)], runs)
        with console.status("measuring: simulate, cold"):
            measure(cold, simulate_cold, max(3, runs // 2))
        with console.status("measuring: simulate, warm"):
            measure(Figure("discarded", "s", 0), lambda: [simulate(shared).wall_s], 1)  # fills the cache
            measure(warm, simulate_warm, runs)
            memory.error = warm.error
        with console.status("measuring: analyse"):
            measure(Figure("discarded", "s", 0), analyse, 1)
            measure(page, analyse, runs)
            measure(claims, lambda: [run([ANAGEN, "claims"], shared).wall_s], runs)
            measure(product, lambda: [run([ANAGEN, "product", "roaccutane"], shared).wall_s], runs)
        with console.status("measuring: one person"):
            measure(cascade, one_person, 1)
    return [help_, imported, claims, product, warm, cold, memory, page, cascade]


def machine() -> dict[str, str | int]:
    """What the figures hold for; no host name."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        processor = next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), processor)
    return {
        "processor": processor,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("anagen", "jax", "numpy")},
    }


def show(figures: list[Figure], here: dict[str, str | int], console: Console) -> None:
    table = Table(title="Anagen: speed and memory", caption=", ".join(f"{k} {v}" for k, v in here.items()))
    for column in ("what", "median", "lowest to highest", "runs", "gate", ""):
        table.add_column(column, justify="left" if column in ("what", "") else "right")
    for f in figures:
        if f.median is None:
            table.add_row(f.name, "-", "-", "0", f"< {f.gate:g} {f.unit}", "not measured")
            continue
        digits = 0 if f.unit == "MB" else 2
        table.add_row(
            f.name,
            f"{f.median:.{digits}f} {f.unit}",
            f"{min(f.values):.{digits}f} to {max(f.values):.{digits}f}",
            str(len(f.values)),
            f"< {f.gate:g} {f.unit}",
            "met" if f.passed else "missed",
        )
    console.print(table)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="runs for each median (default 7)")
    runs = max(1, parser.parse_args().runs)
    console = Console()
    here = machine()
    results = figures(runs, console)
    show(results, here, console)
    record = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": here,
        "figures": [asdict(f) | {"median": f.median, "passed": f.passed} for f in results],
    }
    target = HERE / "latest.json"
    beside = target.with_suffix(".json.part")
    beside.write_text(json.dumps(record, indent=2) + "\n")
    beside.replace(target)
    for error in dict.fromkeys(f.error for f in results if f.error):
        console.print(f"Not measured: {error}", markup=False)
    missed = [f.name for f in results if not f.passed]
    if missed:
        console.print("Not within the gates: " + "; ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
