"""The page of a treatment analysis: the comparison's page, with ratings, claims, map, effluvia and monograph in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date as Date
from typing import TYPE_CHECKING, Any

from anagen.evidence.claims import load_claims
from anagen.evidence.monograph import load_monograph
from anagen.evidence.rating import load_ratings
from anagen.evidence.side_effects import OFTEN, Frequency, load_side_effects
from anagen.treatments.products import load_products

from .arms import columns
from .claim_cards import FINDINGS, people_said, said_date, who
from .effluvia.regimen_phases import regimen_phases_figure
from .effluvia.section import effluvia_section
from .harm_benefit import harm_benefit_figure
from .map.figure import map_figure
from .map.text import read_out
from .numbers import number
from .page import parts, template

if TYPE_CHECKING:
    from anagen.treatments.product import Product
    from anagen.treatments.registry import Treatment

    from .analyse import Analysis

GRID = "harm-and-benefit"


def make_ready(treatment: Treatment) -> None:
    """Read and draw what the page of any analysis of the treatment needs: while its regimens are simulated, say."""
    for load in (load_claims, load_monograph, load_side_effects, load_ratings, load_products):
        load(treatment.name)
    effluvia_section(treatment)
    template()


def analysis_page(analysis: Analysis, *, date: Date | None = None) -> str:
    """One HTML file that opens from disk, prints on two sides plus an annex, and fits a phone."""
    return template().render(**analysis_parts(analysis, date=date))


def analysis_parts(analysis: Analysis, *, date: Date | None = None) -> dict[str, Any]:
    """What the sections of the page are filled with, by name."""
    name = analysis.treatment.name
    arms = analysis.arms
    claims = [
        {
            "id": identity,
            "card": card,
            "checked": said_date(card.checked),
            "numbers": list(_numbers(analysis, card.numbers)),
        }
        for identity, card in load_claims(name).items()
    ]
    monograph = load_monograph(name)
    effects = load_side_effects(name)
    ratings = load_ratings(name)
    grid = analysis.numbers.get(GRID)
    effluvia = effluvia_section(analysis.treatment)
    mechanisms = analysis.map
    more: dict[str, Any] = {
        "ratings": analysis.ratings,
        "article": ratings,
        "claims": claims,
        "findings": FINDINGS,
        "people_said": people_said,
        "grid": grid,
        "grid_figure": harm_benefit_figure(grid, arms[0].patient.weight_kg) if grid else None,
        "map": map_figure(mechanisms),
        "map_edges": read_out(mechanisms),
        "effluvia": effluvia,
        "phases": [regimen_phases_figure(arm, c.letter) for arm, c in zip(arms, columns(arms), strict=True)],
        "monograph": monograph,
        "products": [_product(product) for product in load_products(name)],
        "side_effects": [_side_effect(effect) for effect in effects.values()],
    }
    cited = [
        *(rating.source for rating in analysis.ratings),
        *(card.sources for card in load_claims(name).values()),
        *(one.source for one in analysis.numbers.values()),
        *(effect.sources for effect in effects.values()),
        *(product.sources for product in load_products(name)),
        *(edge.sources for edge in mechanisms.edges),
        *(effluvia.sources, tuple(_cited(monograph.model_dump())), ratings.article_source if ratings else ()),
    ]
    keys = [key for group in cited for key in group]
    return parts(arms, analysis.untreated, analysis.comparison, arms[0].mode, date, more, keys)


def _numbers(analysis: Analysis, names: Iterable[str]) -> Iterable[Mapping[str, Any]]:
    for name in names:
        if name in analysis.numbers:
            one = analysis.numbers[name]
            assumed = [analysis.treatment.hypothesis(key)["title"] for key in one.assumed]
            yield {"says": one.says, "assumed": assumed, "who": who(one), "table": one.table}


def _product(product: Product) -> Mapping[str, Any]:
    strengths = [f"{mg:g}{'' if mg in product.strengths_mg else '*'}" for mg in product.all_strengths_mg]
    shown = (
        f"{', '.join(strengths)} mg"
        if strengths
        else f"{product.strength_percent:g} %"
        if product.strength_percent
        else "–"
    )
    fields = ("name", "form", "route", "formulation", "country", "note", "unverified", "sources")
    return {key: getattr(product, key) for key in fields} | {"strengths": shown}


def _side_effect(effect: Any) -> Mapping[str, Any]:
    return {
        "name": effect.name,
        "term": effect.term,
        "group": effect.group,
        "often": effect.often,
        "often_says": OFTEN[effect.often],
        "serious": effect.serious,
        "article": effect.article,
        "note": effect.note,
        "found": [
            {"says": how_often(f), "source": f.source, "unverified": f.unverified, "dose": f.dose, "asked": f.asked}
            for f in effect.frequency
        ],
    }


def how_often(found: Frequency) -> str:
    """A frequency in figures: people, or percent, or the source's words.

    >>> how_often(
    ...     Frequency(percent=3.2, affected=18, people=565, dose="x", asked="own report", source=("lytvyn-2022",))
    ... )
    '18 of 565 (3.2\u202f%)'
    """
    if found.affected is not None and found.people:
        return f"{found.affected:,} of {found.people:,} ({number(100 * found.affected / found.people)}\u202f%)"
    if found.percent is not None:
        return f"{number(found.percent)}\u202f%"
    if found.low is not None and found.high is not None:
        return f"{number(found.low)} to {number(found.high)}\u202f%"
    return found.in_words


def _cited(table: Any) -> Iterable[str]:
    """Source keys anywhere in a dumped schema."""
    if isinstance(table, Mapping):
        for key, item in table.items():
            yield from item if key in ("source", "identity_source") else _cited(item)
    elif isinstance(table, list | tuple):
        for item in table:
            yield from _cited(item)
