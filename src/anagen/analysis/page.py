"""The page: one file that opens from disk, prints, and fits a phone. Sentences are templates filled from numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast, get_args

import numpy as np

from anagen.errors import InputError, nearest
from anagen.simulation.compare import Comparison
from anagen.simulation.result import Mode, Simulation

from .arms import Column, columns
from .charts.hours import hours_chart
from .charts.svg import to_svg
from .content import content
from .facts import chance, facts, outcome_table
from .figure import Figure, Table
from .hair import hair_figures
from .harms import harm_figure
from .labs import lab_table, nutrient_figure
from .numbers import count_of, denominator, listed, number, with_unit
from .paired import paired_figures, paired_table
from .references import references
from .rests import basis, rests_on, series_trust
from .weekly import weekly_figure

if TYPE_CHECKING:
    import jinja2

GROUPS = {
    "levels": "Drug in the blood",
    "skin": "Skin",
    "blood": "Blood",
    "nutrients": "Nutrients",
    "hair": "Hair",
}


def comparison_page(comparison: Comparison, mode: str = "reader", *, date: Date | None = None) -> str:
    """The page of two or more regimens in the same people, as one HTML file.

    Args:
        comparison: what `compare` gave.
        mode: "reader" or "clinician"; stamped on the page.
        date: the date on the page; today where left out.

    Raises:
        InputError: an unknown mode.

    >>> from anagen import compare
    >>> page = comparison_page(compare("isotretinoin", ["10 mg once daily", "20 mg once daily"], people=30, weeks=4))
    >>> page[:15], "<script" in page
    ('<!doctype html>', False)
    """
    return _page(comparison.arms, comparison.untreated, comparison, mode, date)


def simulation_page(simulation: Simulation, mode: str = "reader", *, date: Date | None = None) -> str:
    """The page of one regimen; the same people without treatment are simulated for its facts box.

    Raises:
        InputError: an unknown mode.
    """
    return _page((simulation,), _untreated(simulation), None, mode, date)


def _untreated(simulation: Simulation) -> Simulation | None:
    """The same people without treatment; None where they cannot be found again from what the simulation says."""
    from anagen.simulation.simulate import simulate

    if simulation.regimen is None:
        return None
    run = simulation.provenance
    other = simulate(
        simulation.treatment,
        None,
        simulation.patient,
        weeks=run["weeks"],
        people=run["people"],
        seed=run["seed"],
        assume=simulation.assumed,
    )
    same = all(np.allclose(values[0], other.signals[name][0]) for name, values in simulation.signals.items())
    return other if same else None


def _page(
    arms: Sequence[Simulation],
    untreated: Simulation | None,
    comparison: Comparison | None,
    mode: str,
    date: Date | None,
) -> str:
    if mode not in get_args(Mode):
        raise InputError(
            f"unknown mode: '{mode}'", expected=", ".join(get_args(Mode)), nearest=nearest(mode, get_args(Mode))
        )
    # What belongs to the other mode is left out here, whatever the simulation was made for.
    arms = [replace(arm, mode=cast(Mode, mode)) for arm in arms]
    comparison = replace(comparison, arms=tuple(arms)) if comparison else None
    first = arms[0]
    data = content(first.treatment.name)
    shown = columns(arms)
    weeks = round(float(first.days[-1]) / 7)
    sources = references(first, data)
    notices = comparison.safety_json() if comparison else [dict(notice) for notice in first.safety]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            mode=mode,
            clinician=mode == "clinician",
            data=data,
            title=data.get("title", first.treatment.name),
            columns=shown,
            weeks=weeks,
            people=int(first.provenance["people"]),
            patient=_patient(first),
            stop=[notice for notice in notices if notice["level"] == "stop"],
            warn=[
                n for n in notices if n["level"] == "warn" and not n["id"].startswith("assumed-") and _general(first, n)
            ],
            assumed=[notice for notice in notices if notice["id"].startswith("assumed-")],
            notes=[n for n in notices if n["level"] == "note" and _general(first, n)],
            answer=_answer(arms, untreated, shown, data, weeks),
            facts=facts(arms, untreated, data.get("facts", ()), weeks),
            outcomes=outcome_table(arms, untreated, shown),
            untreated=untreated is not None,
            paired=paired_figures(comparison, shown, data.get("paired", ())) if comparison else [],
            paired_all=paired_table(comparison, shown) if comparison else None,
            hours=_hours_figure(arms, shown),
            weekly=_weekly(arms, shown, data),
            hair=hair_figures(arms, untreated, shown, weeks),
            labs=lab_table(arms, shown, ("blood", "nutrients")),
            nutrients=nutrient_figure(arms, shown),
            harms=harm_figure(arms, shown),
            basis=basis(first, data),
            references=sources,
            numbered={reference.key: place for place, reference in enumerate(sources, 1)},
            exposure=_exposure(arms, shown),
            provenance={**first.provenance, "regimens": [arm.label for arm in arms]},
            date=_said_date(date or Date.today()),
        )
    )


def _general(arm: Simulation, notice: Mapping[str, str]) -> bool:
    """Whether a notice is of the whole page, not of one regimen (those stand under it)."""
    table = arm.treatment.safety.get(notice["id"])
    return notice["id"].startswith("supplement-") or (table is not None and "when" not in table)


def _said_date(date: Date) -> str:
    return f"{date.day} {date:%B %Y}"


def _patient(arm: Simulation) -> str:
    who = arm.patient
    dermatitis = who.seborrheic_dermatitis
    parts = [
        f"{who.sex}, {number(who.age_years)} years, {number(who.weight_kg)} kg",
        f"{'no' if dermatitis == 'none' else dermatitis} seborrheic dermatitis",
    ]
    if who.pattern_hair_loss:
        parts.append("pattern hair loss")
    if who.ferritin_ug_per_l is not None:
        parts.append(f"ferritin {number(who.ferritin_ug_per_l)} µg/L")
    parts += [arm.treatment.supplement(name)["title"] for name in who.supplements]
    parts += [f"{event.kind.replace('-', ' ')} on day {event.day}" for event in who.events]
    return "; ".join(parts)


class _Filled(dict[str, str]):
    """Words for `{chance[...]}` and `{change[...]}` in a sentence of `page.toml`, made when asked for."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: str) -> str:
        return self.make(key)


def _answer(
    arms: Sequence[Simulation],
    untreated: Simulation | None,
    shown: Sequence[Column],
    data: Mapping[str, Any],
    weeks: int,
) -> str:
    """The one sentence at the top."""

    def chances(name: str) -> str:
        shares = [chance(arm, name) for arm in arms]
        none = [chance(untreated, name)] if untreated else []
        of = denominator([*shares, *none])
        parts = [f"{count_of(share, of)}{c.said or ' with treatment'}" for share, c in zip(shares, shown, strict=True)]
        return listed([*parts, *(f"{count_of(share, of)} without treatment" for share in none)])

    def changes(name: str) -> str:
        parts = []
        for arm, column in zip(arms, shown, strict=True):
            outcome = arm.outcomes[name]
            low, high = sorted((-outcome["p05"], -outcome["p95"]))
            parts.append(
                f"{with_unit(number(-outcome['p50']), outcome['unit'])}{column.said} ({number(low)} to {number(high)})"
            )
        return listed(parts)

    sentence = data.get("answer", "")
    return str(sentence).format(weeks=weeks, chance=_Filled(chances), fall=_Filled(changes))


def _weekly(
    arms: Sequence[Simulation], shown: Sequence[Column], data: Mapping[str, Any]
) -> list[tuple[str, list[Figure]]]:
    series = arms[0].treatment.series
    names = [name for name in data.get("weekly", series) if name in series]
    if arms[0].patient.seborrheic_dermatitis == "none":
        names = [name for name in names if not name.startswith("dermatitis")]
    results = data.get("weekly_result", {})
    groups = []
    for group, title in GROUPS.items():
        chosen = [
            weekly_figure(arms, shown, name, result=results.get(name, ""))
            for name in names
            if series[name].get("group") == group
        ]
        if chosen:
            groups.append((title, chosen))
    return groups


def _hours_figure(arms: Sequence[Simulation], shown: Sequence[Column]) -> Figure | None:
    chart = hours_chart(arms)
    if chart is None:
        return None
    drawn = [(arm, column) for arm, column in zip(arms, shown, strict=True) if arm.within_day is not None]
    peaks, swings = [], []
    for arm, column in drawn:
        level = arm.exposure
        peaks.append(f"{number(level['cmax_ng_per_ml'])}{column.said}")
        swings.append(
            f"{number(level['cmin_ng_per_ml'])} and {number(level['cmax_ng_per_ml'])} (mean {number(level['cavg_ng_per_ml'])}){column.said}"
        )
    return Figure(
        key="hours",
        title=f"Within the day, the typical person peaks at {listed([with_unit(peaks[0].split(' ')[0], 'ng/mL') + drawn[0][1].said, *peaks[1:]])}",
        sentences=[
            f"Between doses at the end of the course, the level in ng/mL moves between {listed(swings)}.",
            "The drawn hours begin with a dose; they show one typical person, and no spread between people.",
        ],
        svg=to_svg(chart),
        table=_exposure(arms, shown),
        rests=rests_on(arms[0], series_trust(arms[0].treatment, "isotretinoin_ng_per_ml")),
    )


EXPOSURE_WORDS = {
    "auc_inf_ng_h_per_ml": "Area under the curve, ng·h/mL",
    "half_life_h": "Half-life, h",
    "cmax_ng_per_ml": "Highest, ng/mL",
    "tmax_h": "Hours from the last dose to the highest",
    "cavg_ng_per_ml": "Mean, ng/mL",
    "cmin_ng_per_ml": "Lowest, ng/mL",
}


def _exposure(arms: Sequence[Simulation], shown: Sequence[Column]) -> Table:
    keys = list(dict.fromkeys(key for arm in arms for key in arm.exposure))
    rows = []
    for key in keys:
        name = EXPOSURE_WORDS.get(key.removeprefix("oxo_"), key) + (" (4-oxo)" if key.startswith("oxo_") else "")
        rows.append([name, *(number(arm.exposure[key]) if key in arm.exposure else "–" for arm in arms)])
    return Table("Typical person, last dosing interval", ["Level", *(column.head for column in shown)], rows)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("anagen.analysis"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
