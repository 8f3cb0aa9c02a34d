"""The long proofs of `anagen fit`, printed as tables: recovery by truth and counts kept, calibration, n-of-1, seconds.

    python -m benchmarks.fit [recovery|calibration|designs|speed] [--records 100]

Recovery: people drawn under each class, their counts fitted: right, wrong, undecided. Calibration: people drawn under
all classes; where the true value lies in its posterior must be spread evenly. Writes benchmarks/latest_fit.json.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from anagen import treatment
from anagen.inference.chains import chains
from anagen.inference.fit import fit
from anagen.inference.imagined import counted, people_under
from anagen.inference.laplace import laplace
from anagen.inference.n_of_1 import Design, power, told
from anagen.inference.posterior import posterior
from anagen.inference.prepared import prepared
from anagen.inference.record import Count, Dose, Happening, Record
from anagen.inference.seen import with_hairs
from anagen.inference.verdict import class_likelihoods, shares

DRUG = treatment("isotretinoin")
RESULT = Path(__file__).with_name("latest_fit.json")
WEEKS = 36
TRUTHS = ("none", "drug", "trigger", "unrecorded", "anagen", "pattern")
SHAPES = ("dispersion", "capture", "susceptibility", "anagen", "follicles", "trigger", "pattern", "sudden", "when")


def design(counts: int) -> Record:
    """36 weeks: 8 before the first dose, 24 on 40 mg a day, a fever on day 30; `counts` evenly spaced."""
    days = np.linspace(0, 7 * WEEKS - 1, counts)
    return Record(
        counts=[Count(float(round(day)), 0, "comb") for day in days],
        doses=[Dose(day, 40.0) for day in range(56, 56 + 168)],
        events=[Happening(30, "fever")],
    )


def recovery(records: int) -> list[dict[str, object]]:
    """Right, wrong and undecided by truth and number of counts."""
    rows = []
    for counts in (4, 9, 18, 36):
        of = prepared(DRUG, design(counts))
        for i, truth in enumerate(TRUTHS):
            found = told(of, truth, records, seed=100 + i)
            rows.append({"counts": counts, "truth": truth, "right": found.right, "wrong": found.wrong, "of": records})
            print(
                f"{counts:3d} counts  {truth:12s} right {found.right:4d}  wrong {found.wrong:3d}  of {records}",
                flush=True,
            )
    return rows


def calibration(records: int) -> dict[str, object]:
    """Places of true values in their posteriors, ten bins each, with a chi-square test of evenness."""
    of = prepared(DRUG, design(18))
    rng = np.random.default_rng(7)
    places = ranks(of, records, rng)
    table = {}
    for name, values in places.items():
        bins = np.histogram(values, 10, (0, 1))[0]
        expected = len(values) / 10
        statistic = float(((bins - expected) ** 2 / expected).sum())
        table[name] = {"bins": bins.tolist(), "chi_square_9": statistic}
        print(f"{name:15s} {bins.tolist()}  chi-square {statistic:.1f} (9; 21.7 at 1 %)", flush=True)
    return table


def ranks(of, records: int, rng: np.random.Generator) -> dict[str, list[float]]:
    """For each unknown, the share of its posterior below the true value; with every class as likely before."""
    alike = dict.fromkeys(of.classes.possible, 1 / len(of.classes.possible))
    places: dict[str, list[float]] = {name: [] for name in SHAPES}
    truths = rng.choice(list(alike), size=records)
    for truth in truths:
        z, part = people_under(of, str(truth), 1, rng)
        hairs, people = counted(of, z, part, rng)
        found = laplace(with_hairs(of.data, hairs[0]), of.classes.parts)
        drawn = posterior(of, found, shares(class_likelihoods(found, of.classes), alike))
        inside = posterior(of, found, {str(truth): 1.0})
        for name in SHAPES:
            acts = {"trigger": "trigger", "pattern": "pattern"}.get(name)
            alone = acts or name in ("sudden", "when")  # has a size in some classes only: within the true one
            true, values = (np.asarray(getattr(p, name)) for p in (people, (inside if alone else drawn).people))
            if name == "capture":
                true, values = true[:, 0], values[:, 0]
            if (acts and acts not in truth) or (name in ("sudden", "when") and truth not in ("unrecorded", "anagen")):
                continue
            places[name].append(float((values < true[0]).mean()))
    return places


def designs(records: int) -> list[dict[str, object]]:
    """Power of on and off, by how often one counts."""
    rows = []
    for phases in ((8, 24), (8, 20, 24, 20)):
        for often in (0.25, 1.0, 2.0):
            for truth, found in power(Design(phases, mg=40.0, counts_per_week=often), DRUG, records=records).items():
                row = {"phases": phases, "counts_per_week": often, "truth": truth, "of": records}
                rows.append(row | {"right": found.right, "wrong": found.wrong})
                print(f"{phases} {often:4.2f}/week {truth:5s} right {found.right} wrong {found.wrong}", flush=True)
    return rows


def speed(_: int) -> dict[str, float]:
    """Seconds of a fit after the first, with and without other courses, and of the chains."""
    rng = np.random.default_rng(1)
    empty = design(36)
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
    parts = {"speed": speed, "recovery": recovery, "calibration": calibration, "designs": designs}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="*", help=", ".join(parts))
    parser.add_argument("--records", type=int, default=100)
    asked = parser.parse_args()
    kept = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    for name in asked.part or parts:
        kept[name] = parts[name](asked.records)
        RESULT.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
