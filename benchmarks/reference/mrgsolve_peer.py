"""mrgsolve (LSODA in C++), through Rscript: one R process that solves what it finds in a folder, until told to end.

mrgsolve's own lag stops it at every dose. Times include writing and reading the numbers, a few milliseconds.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from . import equations, model
from .model import Array, People
from .peer import NotInstalled, Row

TITLE = "mrgsolve"
PACKAGES = ()
ROWS = {
    "1e-8": Row("defaults (1e-8)", 128, baseline=True),
    "1e-4": Row("1e-4", 384),
}
SCRIPT = Path(__file__).with_suffix(".R")
ASK = 'cat(R.version$major, ".", R.version$minor, " ", as.character(packageVersion("mrgsolve")), sep = "")'


def version() -> str:
    """Versions of mrgsolve and R; `NotInstalled`, where either is missing."""
    if shutil.which("Rscript") is None:
        raise NotInstalled("no Rscript")
    asked = subprocess.run(["Rscript", "--vanilla", "-e", ASK], capture_output=True, encoding="utf-8", check=False)
    if asked.returncode != 0:
        raise NotInstalled("R without mrgsolve")
    r, mrgsolve = asked.stdout.split()
    return f"mrgsolve {mrgsolve}, R {r}"


def compile(row: str, people: People, doses: Array) -> None:
    """Start R and let it translate the model with the C++ compiler."""
    _r().solve("0", people.first(1), doses[:1, :1])


def run(row: str, people: People, doses: Array) -> Array:
    return model.outputs(_r().solve("0" if row == "1e-8" else row, people, doses), people)


def close() -> None:
    """End R and wait for it, so that its memory is counted."""
    if _r.cache_info().currsize:
        _r().end()


class _R:
    """A running R, which answers "done" when the answer is in the folder."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="anagen-mrgsolve-")
        Path(self.folder.name, "reference.cpp").write_text(equations.mrgsolve())
        self.process = subprocess.Popen(
            ["Rscript", "--vanilla", str(SCRIPT), self.folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def solve(self, tolerance: str, people: People, doses: Array) -> Array:
        """States at the end of each day, `(days, 33, people)`; tolerance "0" means mrgsolve's defaults."""
        folder = Path(self.folder.name)
        np.stack(people).astype("<f8").tofile(folder / "people.bin")
        doses.astype("<f8").tofile(folder / "doses.bin")
        print(tolerance, *doses.shape, *People._fields, file=self.process.stdin, flush=True)
        if self.process.stdout.readline().strip() != "done":
            raise RuntimeError("R stopped; its message is above")
        ends = np.fromfile(folder / "ends.bin", "<f8")  # R's matrix: rows run over days, then people; by column
        return ends.reshape(model.STATES, doses.shape[1], len(doses)).transpose(2, 0, 1)

    def end(self) -> None:
        self.process.communicate()
        self.folder.cleanup()


@cache
def _r() -> _R:
    return _R()
