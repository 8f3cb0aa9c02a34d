"""The page: one file that opens from disk, prints, and fits a phone. Sentences are templates filled from numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast, get_args

import numpy as np

from anagen.compiled.configure import cache_directory
from anagen.errors import unknown
from anagen.simulation.compare import Comparison
from anagen.simulation.result import Mode, Simulation

from .answer import answer
from .arms import Column, columns
from .claim_cards import said_date
from .content import content
from .facts import facts, outcome_table
from .figure import Figure
from .hair import hair_figures
from .harms import harm_figure
from .labs import lab_table, nutrient_figure
from .levels import exposure_table, hours_figure
from .numbers import number
from .paired import paired_figures, paired_table
from .references import references
from .rests import basis
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

SECTIONS = (
    *("ratings", "article", "claims", "findings", "people_said", "grid", "grid_figure", "map", "map_edges", "effluvia"),
    *("phases", "monograph", "products", "side_effects"),
)
"""What only the page of an analysis has; elsewhere left out."""


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
    return render(comparison.arms, comparison.untreated, comparison, mode, date)


def simulation_page(simulation: Simulation, mode: str = "reader", *, date: Date | None = None) -> str:
    """The page of one regimen; the same people without treatment are simulated for its facts box.

    Raises:
        InputError: an unknown mode.
    """
    return render((simulation,), _untreated(simulation), None, mode, date)


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


def render(
    arms: Sequence[Simulation],
    untreated: Simulation | None,
    comparison: Comparison | None,
    mode: str,
    date: Date | None,
    more: Mapping[str, Any] | None = None,
    sources: Iterable[str] = (),
) -> str:
    """The page's HTML. `more` fills the sections that only some pages have; `sources`, keys that these cite."""
    return template().render(**parts(arms, untreated, comparison, mode, date, more, sources))


def parts(
    arms: Sequence[Simulation],
    untreated: Simulation | None,
    comparison: Comparison | None,
    mode: str,
    date: Date | None,
    more: Mapping[str, Any] | None = None,
    sources: Iterable[str] = (),
) -> dict[str, Any]:
    """What the sections of the page are filled with, by name; arguments as for `render`."""
    if mode not in get_args(Mode):
        raise unknown("mode", mode, get_args(Mode))
    # What belongs to the other mode is left out here, whatever the simulation was made for.
    arms = [replace(arm, mode=cast(Mode, mode)) for arm in arms]
    comparison = replace(comparison, arms=tuple(arms)) if comparison else None
    first = arms[0]
    data = content(first.treatment.name)
    shown = columns(arms)
    weeks = round(float(first.days[-1]) / 7)
    listed = references(first, data, sources)
    notices = comparison.safety_json() if comparison else [dict(notice) for notice in first.safety]
    shared = dict(
        mode=mode,
        clinician=mode == "clinician",
        data=data,
        title=data.get("title", first.treatment.name),
        columns=shown,
        weeks=weeks,
        people=int(first.provenance["people"]),
        patient=_patient(first),
        stop=[notice for notice in notices if notice["level"] == "stop"],
        warn=[n for n in notices if n["level"] == "warn" and not n["id"].startswith("assumed-") and _general(first, n)],
        assumed=[notice for notice in notices if notice["id"].startswith("assumed-")],
        notes=[n for n in notices if n["level"] == "note" and _general(first, n)],
        answer=answer(arms, untreated, shown, data, weeks),
        facts=facts(arms, untreated, data.get("facts", ()), weeks),
        outcomes=outcome_table(arms, untreated, shown),
        untreated=untreated is not None,
        paired=paired_figures(comparison, shown, data.get("paired", ())) if comparison else [],
        paired_all=paired_table(comparison, shown) if comparison else None,
        hours=hours_figure(arms, shown),
        weekly=_weekly(arms, shown, data),
        hair=hair_figures(arms, untreated, shown, weeks),
        labs=lab_table(arms, shown, ("blood", "nutrients")),
        nutrients=nutrient_figure(arms, shown),
        harms=harm_figure(arms, shown),
        basis=basis(first, data),
        references=listed,
        numbered={reference.key: place for place, reference in enumerate(listed, 1)},
        exposure=exposure_table(arms, shown),
        provenance={**first.provenance, "regimens": [arm.label for arm in arms]},
        date=said_date(date or Date.today()),
        said_date=said_date,
    )
    return {**shared, **dict.fromkeys(SECTIONS), **(more or {})}


def _general(arm: Simulation, notice: Mapping[str, str]) -> bool:
    """Whether a notice is of the whole page, not of one regimen (those stand under it)."""
    table = arm.treatment.safety.get(notice["id"])
    return notice["id"].startswith("supplement-") or (table is not None and "when" not in table)


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


@lru_cache(maxsize=1)
def template() -> jinja2.Template:
    """The page's template, compiled."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("anagen.analysis"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        bytecode_cache=_compiled(),
    )
    return environment.get_template("page.html.j2")


def _compiled() -> jinja2.FileSystemBytecodeCache | None:
    """Compiled templates kept between starts: a third of a second; None where they cannot be written."""
    import jinja2

    folder = cache_directory() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return jinja2.FileSystemBytecodeCache(str(folder))
    except OSError:
        return None
