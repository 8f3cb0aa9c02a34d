"""The functions behind the model numbers. Each takes a `Spec` and the shared `Runs`, and gives values and a table.

Values go into the sentence of the specification as text, by their names; they stay numbers in JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

import numpy as np

from anagen.analysis.charts.regimens import short_names
from anagen.analysis.charts.units import said
from anagen.analysis.figure import Table
from anagen.analysis.numbers import frequency, number, spread, with_unit
from anagen.simulation.outcomes import LEVELS, PROBABILITIES

from .hair_functions import cleared, two_effluvia
from .runs import Arm, Floats, Runs, Wanted
from .spec import ModelNumber, Spec

Values = dict[str, float]
NET = "extra_hairs_shed"


def compute(name: str, spec: Spec, runs: Runs) -> ModelNumber:
    """One model number.

    Raises:
        KeyError: `spec.function` is no function of this file (a test walks all specifications).
    """
    values, table, people = FUNCTIONS[spec.function](spec, runs)
    named = values | {short: values[key] for short, key in spec.said_as.items()}
    shown = {key: number(value) for key, value in named.items()}
    shown |= {f"by_{key}": number(abs(value)) for key, value in named.items()}
    shown |= {f"exact_{key}": f"{value:.2f}" for key, value in named.items()}
    shown |= {f"signed_{key}": ("+" if value > 0 else "") + number(value) for key, value in named.items()}
    assumed = tuple(dict.fromkeys((*runs.assumed, *spec.assume)))
    return ModelNumber(name, spec.title, spec.says.format_map(shown), values, table, people, assumed, spec.source)


def levels(spec: Spec, runs: Runs) -> tuple[Values, Table, int]:
    """Levels of the typical person over the last dosing interval: `peak_1`, `mean_1`, `low_1`, `oxo_swing_1`, ... for
    each regimen and weight in turn, and `peak_ratio`, `mean_ratio` of the first to the last."""
    wanted = [
        Wanted(regimen, spec.weeks, weight, people=1) for regimen, weight in product(spec.regimens, spec.weights_kg)
    ]
    runs.prepare(wanted)
    values: Values = {}
    rows = []
    for place, one in enumerate(wanted, 1):
        e = runs[one].exposure
        parent = {key: e[f"{name}_ng_per_ml"] for key, name in (("peak", "cmax"), ("mean", "cavg"), ("low", "cmin"))}
        swing = e["oxo_cmax_ng_per_ml"] / e["oxo_cmin_ng_per_ml"]
        values |= {f"{key}_{place}": value for key, value in parent.items()} | {f"oxo_swing_{place}": swing}
        label = runs[one].label + (f", {number(one.weight_kg)} kg" if len(spec.weights_kg) > 1 else "")
        rows.append([label, *(number(value) for value in parent.values()), f"{swing:.2f}"])
    values["peak_ratio"] = values["peak_1"] / values[f"peak_{len(wanted)}"]
    values["mean_ratio"] = values["mean_1"] / values[f"mean_{len(wanted)}"]
    head = ["Regimen", "Highest, ng/mL", "Mean, ng/mL", "Lowest, ng/mL", "Metabolite: highest ÷ lowest"]
    return values, Table("Levels of the typical person at the end of the course", head, rows), 1


def by_regimen(spec: Spec, runs: Runs) -> tuple[Values, Table, int]:
    """Outcomes under each regimen: `<outcome>_1` with `_low` and `_high`, or the share of people in percent."""
    wanted = [_wanted(spec, regimen) for regimen in spec.regimens]
    runs.prepare(wanted)
    values: Values = {}
    rows = []
    names = short_names([runs[one].label for one in wanted])
    for place, (one, label) in enumerate(zip(wanted, names, strict=True), 1):
        cells = []
        for outcome in spec.outcomes:
            found = _read(runs, runs[one], outcome, f"{outcome}_{place}")
            values |= found[0]
            cells.append(found[1])
        rows.append([label, *cells])
    return values, Table(_caption(spec), ["Regimen", *(_title(runs, o) for o in spec.outcomes)], rows), runs.people


def with_assumption(spec: Spec, runs: Runs) -> tuple[Values, Table, int]:
    """Outcomes under the first regimen, `<outcome>_without` and `<outcome>_with` the hypotheses of `spec.assume`."""
    values: Values = {}
    rows = []
    ways = (("without", ()), ("with", spec.assume))
    runs.prepare([_wanted(spec, spec.regimens[0], assume) for _, assume in ways])
    for way, assume in ways:
        arm = runs[_wanted(spec, spec.regimens[0], assume)]
        found = [_read(runs, arm, outcome, f"{outcome}_{way}") for outcome in spec.outcomes]
        for one, _ in found:
            values |= one
        rows.append([f"{way} the assumption", *(cell for _, cell in found)])
    return values, Table(_caption(spec), ["Model", *(_title(runs, o) for o in spec.outcomes)], rows), runs.people


def lost_in_days(spec: Spec, runs: Runs) -> tuple[Values, Table, int]:
    """Visible hair lost by each of `days`, in percent of the start: `typical_7`, `middle_7`, `high_7` (1 in 20 lose
    more), and `share_7`, the percent of people who lose `share_percent` or more."""
    wanted = Wanted(spec.regimens[0], max(1, -(-max(spec.days) // 7)), spec.weights_kg[0], assume=spec.assume)
    day, density = runs.daily(wanted, "density_per_cm2")
    values: Values = {}
    rows = []
    for by in spec.days:
        lost = 100 * (1 - density[: int(np.searchsorted(day, by)) + 1].min(0) / density[0])
        people = lost[1:]
        share = float((people >= spec.share_percent).mean())
        found = {
            "typical": float(lost[0]),
            "middle": float(np.median(people)),
            "high": float(np.quantile(people, LEVELS[2])),
        }
        values |= {f"{key}_{by}": value for key, value in found.items()} | {f"share_{by}": 100 * share}
        rows.append([f"day {by}", *(with_unit(number(value), "%") for value in found.values()), frequency(share)])
    much = f"People who lose {number(spec.share_percent)} % or more"
    head = ["By", "Typical person", "Middle person", "1 in 20 people lose more than", much]
    return values, Table(f"Visible hair lost. {spec.title}", head, rows), runs.people


def harm_and_benefit(spec: Spec, runs: Runs) -> tuple[Values, Table, int]:
    """Each regimen in each kind of person: outcomes, and hairs shed against the same people untreated (`net`).

    Values are `<outcome>:<regimen>:<dermatitis>:<kg>`, with `:low` and `:high` where it is no share.
    """
    cells = list(product(spec.weights_kg, spec.dermatitis, spec.regimens))
    people = list(product(spec.weights_kg, spec.dermatitis))
    runs.prepare([_person(spec, regimen, kg, severity) for kg, severity, regimen in cells])
    runs.prepare([_person(spec, "", kg, severity) for kg, severity in people])
    names = dict(zip(spec.regimens, short_names(list(spec.regimens)), strict=True))
    values: Values = {}
    rows = []
    for kg, severity, regimen in cells:
        arm, none = runs[_person(spec, regimen, kg, severity)], runs[_person(spec, "", kg, severity)]
        where = f"{names[regimen]}:{severity}:{number(kg)}"
        found = [_read(runs, arm, outcome, f"{outcome}:{where}", ":") for outcome in spec.outcomes]
        net = arm.people(NET) - none.people(NET)
        found.append(_range(net, f"net:{where}", ":"))
        for one, _ in found:
            values |= one
        rows.append(
            [
                names[regimen],
                f"{'no' if severity == 'none' else severity} dermatitis, {number(kg)} kg",
                *(cell for _, cell in found),
            ]
        )
    head = ["Regimen", "Person", *(_title(runs, o) for o in spec.outcomes), "Hairs shed, against no treatment"]
    return values, Table(_caption(spec), head, rows), runs.people


def with_supplement(spec: Spec, runs: Runs) -> tuple[Values, Table, int]:
    """Outcomes with each supplement minus those without, in the same people: `<outcome>:<supplement>`; and the largest
    difference in the middle person, `largest_<outcome>`."""
    alone = _wanted(spec, spec.regimens[0])
    beside = {name: _wanted(spec, spec.regimens[0], supplements=(name,)) for name in spec.supplements}
    runs.prepare([alone, *beside.values()])
    values: Values = {}
    rows = []
    for name, wanted in beside.items():
        found = [
            _range(runs[wanted].people(outcome) - runs[alone].people(outcome), f"{outcome}:{name}", ":")
            for outcome in spec.outcomes
        ]
        for one, _ in found:
            values |= one
        rows.append([runs.treatment.supplement(name)["title"], *(cell for _, cell in found)])
    for outcome in spec.outcomes:
        values[f"largest_{outcome}"] = max(abs(values[f"{outcome}:{name}"]) for name in spec.supplements)
    head = ["Supplement", *(f"{_title(runs, o)}: with minus without" for o in spec.outcomes)]
    return values, Table(_caption(spec), head, rows), runs.people


def base_rate(spec: Spec, runs: Runs) -> tuple[Values, Table, int]:
    """Of those who report something, how many would not have without the drug: `share_1_of_2` for the first rate and a
    background of 2 %, in percent."""
    values: Values = {}
    rows = []
    for place, rate in enumerate(spec.rates, 1):
        shares = {number(b): drug_share(rate.percent, b) for b in spec.backgrounds_percent}
        values |= {f"share_{place}_of_{background}": 100 * share for background, share in shares.items()}
        who = f"{rate.label}: {rate.affected:,} of {rate.people:,} ({number(rate.percent)}\u202f%)"
        rows.append([who, *(frequency(share) for share in shares.values())])
    head = ["Reported by", *(f"If {number(b)} in 100 notice it anyway" for b in spec.backgrounds_percent)]
    return values, Table("Of those who report it: would not have without the drug", head, rows), 0


def drug_share(percent: float, background_percent: float) -> float:
    """The share of reports above the background, 0 to 1: (rate − background) ÷ rate.

    >>> round(drug_share(3.2, 2.0), 3)
    0.375
    """
    return max(0.0, (percent - background_percent) / percent)


def _wanted(spec: Spec, regimen: str, assume: tuple[str, ...] = (), supplements: tuple[str, ...] = ()) -> Wanted:
    return Wanted(
        regimen, spec.weeks, spec.weights_kg[0], spec.dermatitis[0], spec.pattern_hair_loss, supplements, assume
    )


def _person(spec: Spec, regimen: str, weight_kg: float, dermatitis: str) -> Wanted:
    return Wanted(regimen, spec.weeks, weight_kg, dermatitis, spec.pattern_hair_loss)


def _read(runs: Runs, arm: Arm, outcome: str, key: str, mark: str = "_") -> tuple[Values, str]:
    """An outcome of an arm: a share in percent, or the middle and the range of 90 of 100 people; and as a cell."""
    if outcome not in arm.outcomes:
        return {}, "–"
    people = arm.people(outcome)
    if runs.treatment.outcomes[outcome]["statistic"] in PROBABILITIES:
        share = float(people.mean())
        return {key: 100 * share}, frequency(share, 1000 if 0 < share < 0.0095 else 100)
    return _range(people, key, mark)


def _range(people: Floats, key: str, mark: str) -> tuple[Values, str]:
    low, middle, high = (float(q) for q in np.quantile(people, LEVELS))
    return {key: middle, f"{key}{mark}low": low, f"{key}{mark}high": high}, spread(middle, low, high)


def _title(runs: Runs, outcome: str) -> str:
    table: Mapping[str, str] = runs.treatment.outcomes[outcome]
    unit = said(table.get("unit", "")).words
    return table["title"] + (f", {unit}" if unit else "")


def _caption(spec: Spec) -> str:
    return f"{spec.title}: middle person (90 of 100 people), or how many, over {spec.weeks} weeks"


FUNCTIONS: dict[str, Callable[[Spec, Runs], tuple[Values, Table, int]]] = {
    function.__name__: function
    for function in (
        *(levels, by_regimen, with_assumption, lost_in_days, harm_and_benefit, with_supplement, base_rate),
        *(two_effluvia, cleared),
    )
}
