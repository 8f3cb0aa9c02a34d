"""Simulation-based calibration of `anagen fit`: where the true value lies in its posterior must be spread evenly.

People are drawn under all classes, what they see with them, and each record is fitted. Every record has its own random
stream and a line of its own in .cache, so that a run that was cut off goes on where it ended.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from anagen import treatment
from anagen.inference.hypotheses import CLASSES
from anagen.inference.imagined import all_seen, people_under
from anagen.inference.judged import judged
from anagen.inference.laplace import laplace
from anagen.inference.likelihood import Person
from anagen.inference.posterior import posterior
from anagen.inference.prepared import Prepared, prepared
from anagen.inference.record import Count, Dose, Happening, Pull, Record, Roots, Value
from anagen.inference.verdict import CANNOT_TELL, class_likelihoods, shares

RESULT = Path(__file__).with_name("fit_calibration.json")
LINES = Path(__file__).parents[1] / ".cache" / "fit_calibration"
SEED, WEEKS = 7, 36
BINS, FEW, FEWER_BINS = 20, 400, 10
"""Bins of a histogram; with so few records, fewer."""
OFTEN = {"unrecorded": 4.0, "anagen": 4.0, "pattern": 2.0}
"""Classes that are drawn so many times as often as the others: they alone have the unknowns of a sudden shedding."""
WORDS: Mapping[str, str] = {
    "dispersion": "dispersion of counts",
    "comb": "share found by combing",
    "wash": "share found by washing",
    "day": "share found in a day's count",
    "susceptibility": "susceptibility to the drug",
    "drug": "susceptibility to the dose as taken",
    "exposure": "exposure",
    "gain": "rise of triglycerides",
    "anagen": "length of anagen",
    "follicles": "number of follicles",
    "trigger": "recorded trigger, size",
    "pattern": "pattern loss, size",
    "unrecorded": "unrecorded trigger, size",
    "unrecorded_day": "unrecorded trigger, day",
    "strike": "strike on anagen hairs, size",
    "strike_day": "strike on anagen hairs, day",
}
"""The unknowns of the fit, and what they are called."""
ONLY_UNDER = {"pattern": "pattern", "unrecorded": "unrecorded", "unrecorded_day": "unrecorded"} | dict.fromkeys(
    ("strike", "strike_day"), "anagen"
)
"""Unknowns that only some classes have: looked at where such a class is true, in the posterior under it."""
TITLES = {"combs": "18 comb counts", "everything": "Every kind of test"}
AXES = (
    "Across: where the true value lies in its posterior, 0 to 1. Up: records, 1 where they are spread evenly. Even "
    "records keep 99 of 100 bars within the light band; × marks a bar outside."
)
SAID = ("right", "wrong", "undecided")
FREE = {"combs": ("wash", "day", "gain")}
"""Unknowns that a design sees nothing of."""


def combs(number: int = 18) -> Record:
    """36 weeks: 8 before the first dose, 24 on 40 mg a day, a fever on day 30; `number` evenly spaced comb counts."""
    days = np.linspace(0, 7 * WEEKS - 1, number)
    return Record(
        counts=[Count(float(round(day)), 0, "comb") for day in days],
        doses=[Dose(day, 40.0) for day in range(56, 56 + 168)],
        events=[Happening(30, "fever")],
    )


def everything() -> Record:
    """The same weeks with nine wash tests, ends and short hairs looked at, six counts of a day, three pull tests, two
    trichograms, two levels, triglycerides before and on the drug, and nine comb counts."""
    start = combs(9)
    washes = [Count(7.0 * week, 1, "wash", 5.0, club=1, broken=0, short=0) for week in range(1, WEEKS, 4)]
    return Record(
        counts=[*start.counts, *washes, *(Count(7.0 * week + 3, 0, "day") for week in range(2, WEEKS, 6))],
        doses=start.doses,
        events=start.events,
        pulls=[Pull(day, 0) for day in (20, 120, 220)],
        roots=[Roots(day, 10, 0, 100) for day in (40, 180)],
        levels=[Value(day, 200.0) for day in (90, 160)],
        triglycerides=[Value(day, 90.0) for day in (20, 100, 200)],
    )


DESIGNS = {"combs": combs, "everything": everything}


def one_record(of: Prepared, design: str, number: int) -> dict[str, Any]:
    """Draw one person and what is seen, fit it, and say where each true value lies (0 to 1), how likely each class is
    and what would be said."""
    rng = np.random.default_rng([SEED, list(DESIGNS).index(design), number])
    weight = np.array([OFTEN.get(name, 1.0) for name in of.classes.possible])
    before = dict(zip(of.classes.possible, weight / weight.sum(), strict=True))
    truth = str(rng.choice(list(before), p=list(before.values())))
    z, part = people_under(of, truth, 1, rng)
    (data,), people = all_seen(of, z, part, rng)
    found = laplace(data, of.classes.parts)
    likelihood = class_likelihoods(found, of.classes)
    probability = shares(likelihood, before)
    everyone, inside = (values(posterior(of, found, p).people) for p in (probability, {truth: 1.0}))
    true = values(people)
    places = {}
    for name in WORDS:
        only = ONLY_UNDER.get(name)
        if only is None or only in truth.split(" + "):
            drawn = (everyone if only is None else inside)[name]
            below, same = (drawn < true[name][0]).mean(), (drawn == true[name][0]).mean()
            places[name] = round(float(below + rng.random() * same), 5)
    says = judged(replace(of, data=data), found).verdict
    said = "undecided" if says.says == CANNOT_TELL else "right" if says.right(truth) else "wrong"
    rounded = {name: round(value, 5) for name, value in probability.items()}
    return {"number": number, "truth": truth, "places": places, "probability": rounded, "said": said}


def values(people: Person) -> dict[str, Any]:
    """The unknowns of people by name."""
    own = {name: getattr(people, name) for name in WORDS if hasattr(people, name)}
    capture = np.asarray(people.capture)
    own |= {name: capture[:, i] for i, name in enumerate(("comb", "wash", "day"))}
    own |= {name: people.sudden for name in ("unrecorded", "strike")}
    own |= {name: people.when for name in ("unrecorded_day", "strike_day")}
    return {name: np.asarray(value) for name, value in own.items()}


def calibration(records: int, names: tuple[str, ...] = tuple(DESIGNS)) -> dict[str, Any]:
    """Fit so many records of each design, or what is missing of them, and keep the table in `fit_calibration.json`."""
    kept: dict[str, Any] = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else {}
    LINES.mkdir(parents=True, exist_ok=True)
    for name in names:
        file = LINES / f"{name}.jsonl"
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
        of = prepared(treatment("isotretinoin"), DESIGNS[name]())
        with file.open("a", encoding="utf-8") as out:
            for number in range(len(rows), records):
                rows.append(one_record(of, name, number))
                print(json.dumps(rows[-1]), file=out, flush=True)
        kept[name] = table(rows[:records], FREE.get(name, ()))
        print(name, in_lines(kept[name]), sep="\n", flush=True)
    RESULT.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    return kept


def table(rows: list[dict[str, Any]], free: tuple[str, ...] = ()) -> dict[str, Any]:
    """Counts in bins and p-values by unknown; for each class its mean probability beside how often it was true."""
    unknowns = {}
    for name in WORDS:
        places = [row["places"][name] for row in rows if name in row["places"]]
        if name not in free and places:
            bins = np.histogram(places, BINS if len(places) > FEW else FEWER_BINS, (0, 1))[0]
            unknowns[name] = {"records": len(places), "bins": bins.tolist(), "p": float(stats.chisquare(bins).pvalue)}
    classes = {}
    for name in rows[0]["probability"]:
        told = np.array([row["probability"][name] for row in rows])
        true = np.array([row["truth"] == name for row in rows])
        error = float(np.sqrt((told * (1 - told)).sum()))
        classes[name] = {"true": int(true.sum()), "told": float(told.sum()), "sd": error}
    said = {
        truth: {what: sum(row["said"] == what for row in rows if row["truth"] == truth) for what in SAID}
        for truth in classes
    }
    return {"records": len(rows), "seed": SEED, "unknowns": unknowns, "classes": classes, "said": said}


def drawn(folder: Path) -> list[Path]:
    """Draw the rank histograms of each design into `fit-ranks-<design>.svg`; the files."""
    from anagen.analysis.charts.ranks import Ranks, ranks_chart
    from anagen.analysis.charts.svg import to_svg

    files = []
    for name, found in json.loads(RESULT.read_text("utf-8")).items():
        rows = []
        for unknown, row in found["unknowns"].items():
            inside = stats.binom(row["records"], 1 / len(row["bins"])).ppf([0.005, 0.995])
            rows.append(Ranks(WORDS[unknown], row["bins"], *inside, p=row["p"]))
        file = folder / f"fit-ranks-{name}.svg"
        file.write_text(to_svg(ranks_chart(rows, f"{TITLES[name]}. {AXES}")) + "\n", "utf-8")
        files.append(file)
    return files


def markdown(kept: Mapping[str, Any]) -> str:
    """The tables of docs/fit.md: p-values of all designs, and how often what is said is right and wrong."""
    lines = [
        "| p of evenness (records) | " + " | ".join(TITLES[name].lower() for name in kept) + " |",
        "|---" * (1 + len(kept)) + "|",
    ]
    for unknown, words in WORDS.items():
        cells = [found["unknowns"].get(unknown) for found in kept.values()]
        told = [f"{cell['p']:.3f} ({cell['records']})" if cell else "not seen" for cell in cells]
        lines.append(f"| {words} | " + " | ".join(told) + " |")
    lines += ["", lines[0].replace("p of evenness (records)", "truth: told right, wrong, of")]
    lines.append("|---" * (1 + len(kept)) + "|")
    for truth in next(iter(kept.values()))["said"]:
        told = [found["said"][truth] for found in kept.values()]
        cells = [f"{one['right']}, {one['wrong']}, of {sum(one.values())}" for one in told]
        lines.append(f"| {CLASSES[truth]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def in_lines(found: Mapping[str, Any]) -> str:
    """A table as text."""
    lines = [
        f"  {WORDS[name]:36s} {row['records']:5d} records  p {row['p']:.3f}" for name, row in found["unknowns"].items()
    ]
    lines += [
        f"  {name:20s} true {row['true']:4d}, told {row['told']:.1f} ± {row['sd']:.1f}"
        for name, row in found["classes"].items()
    ]
    lines += [f"  {name:20s} {told}" for name, told in found["said"].items()]
    return "\n".join(lines)
