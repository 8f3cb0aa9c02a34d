"""The long proofs of `anagen fit`, printed as tables: recovery by truth and counts kept, calibration, n-of-1, seconds.

    python -m benchmarks.fit [speed|recovery|calibration|designs] [--records 100]
    python -m benchmarks.fit ranks [-o docs/images]

Recovery: people drawn under each class, their counts fitted: right, wrong, undecided. Calibration is in
fit_calibration.py; `ranks` draws what it found. Writes benchmarks/latest_fit.json.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from benchmarks.fit_calibration import RESULT as CALIBRATION
from benchmarks.fit_calibration import calibration, combs, drawn, markdown

from anagen import treatment
from anagen.inference.chains import chains
from anagen.inference.fit import fit
from anagen.inference.laplace import laplace
from anagen.inference.n_of_1 import Design, power, told
from anagen.inference.prepared import prepared
from anagen.inference.record import Count, Record

DRUG = treatment("isotretinoin")
RESULT = Path(__file__).with_name("latest_fit.json")
IMAGES = Path(__file__).parents[1] / "docs" / "images"
TRUTHS = ("none", "drug", "trigger", "unrecorded", "anagen", "pattern")
PHASES = ((8, 24), (8, 20, 24, 20))


def recovery(records: int) -> list[dict[str, object]]:
    """Right, wrong and undecided by truth and number of counts."""
    rows = []
    for counts in (4, 9, 18, 36):
        of = prepared(DRUG, combs(counts))
        for i, truth in enumerate(TRUTHS):
            found = told(of, truth, records, seed=100 + i)
            rows.append({"counts": counts, "truth": truth, "right": found.right, "wrong": found.wrong, "of": records})
            print(
                f"{counts:3d} counts  {truth:12s} right {found.right:4d}  wrong {found.wrong:3d}  of {records}",
                flush=True,
            )
    return rows


def designs(records: int) -> list[dict[str, object]]:
    """Power of on and off, by dose and by how often one counts."""
    rows = []
    for mg in (20.0, 40.0):
        for phases in PHASES:
            for often in (0.5, 1.0, 2.0):
                for truth, found in power(Design(phases, mg=mg, counts_per_week=often), DRUG, records=records).items():
                    row = {"mg": mg, "phases": phases, "counts_per_week": often, "truth": truth, "of": records}
                    rows.append(row | {"right": found.right, "wrong": found.wrong})
                    print(
                        f"{mg:g} mg {phases} {often:4.2f}/week {truth:5s} right {found.right} wrong {found.wrong}",
                        flush=True,
                    )
    return rows


def speed(_: int) -> dict[str, float]:
    """Seconds of a fit after the first, with and without other courses, and of the chains."""
    rng = np.random.default_rng(1)
    empty = combs(36)
    counts = [Count(c.day, int(rng.poisson(10 + 8 * (c.day > 130))), "comb") for c in empty.counts]
    record = Record(counts=counts, doses=empty.doses, events=empty.events)
    fit(record, mode="clinician")
    seconds = {}
    for name, asked in (("map", False), ("with_forecast", True)):
        start = time.perf_counter()
        fit(record, mode="clinician", forecast=asked)
        seconds[name] = time.perf_counter() - start
    of = prepared(DRUG, record)
    found = laplace(of.data, of.classes.parts)
    for name in ("chains_first", "chains"):
        start = time.perf_counter()
        chains(of, found, "drug")
        seconds[name] = time.perf_counter() - start
    print({name: round(value, 2) for name, value in seconds.items()})
    return seconds


def main() -> None:
    parts = {"speed": speed, "recovery": recovery, "designs": designs}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="*", help=", ".join([*parts, "calibration", "ranks"]))
    parser.add_argument("--records", type=int, default=100)
    parser.add_argument("-o", "--output", type=Path, default=IMAGES, help="folder of the rank histograms")
    asked = parser.parse_args()
    kept = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else {}
    for name in asked.part or [*parts, "calibration", "ranks"]:
        if name == "calibration":
            calibration(asked.records)
        elif name == "ranks":
            print(*drawn(asked.output), markdown(json.loads(CALIBRATION.read_text("utf-8"))), sep="\n")
        else:
            kept[name] = parts[name](asked.records)
            RESULT.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
