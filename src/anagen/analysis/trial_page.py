"""The page of a trial, made of the trial's JSON alone: one file that opens from disk, prints, and fits a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date
from typing import Any

from anagen.safety import pregnancy_notice

from .charts.svg import warm_up
from .claim_cards import said_date
from .content import content
from .page import template
from .references import cited
from .trial.arms import TrialArm, by_name, trial_arms
from .trial.design import LEAVING, UNCERTAINTY, visits_said
from .trial.differences import difference_figures, difference_table
from .trial.facts import endpoint_titles, fact_rows
from .trial.flow import flow_figures, flow_table, rules_table
from .trial.people import ASSUMED, named_sources, population_columns, trial_references
from .trial.power import power_table, replicates_table
from .trial.subgroups import subgroup_tables
from .trial.terms import explained
from .trial.times import time_figures
from .trial.weeks import week_figures

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


def trial_page(result: Mapping[str, Any], *, date: Date | None = None) -> str:
    """The page as one HTML file.

    Args:
        result: what `TrialResult.to_json()` gives, and `trial.json` holds.
        date: the date on the page; today where left out.
    """
    return template().environment.get_template("trial.html.j2").render(**trial_shown(result, date=date))


def trial_shown(result: Mapping[str, Any], *, date: Date | None = None) -> dict[str, Any]:
    """What the template of the page is filled with; arguments as of `trial_page`."""
    warm_up()
    arms = trial_arms(result)
    weeks = int(result["trial"]["follow_up_weeks"])
    titles = endpoint_titles(arms)
    data = content(result["treatment"])
    weekly, more_series = week_figures(arms, data.get("weekly", ()))
    power, more_power = power_table(result, arms, titles)
    subgroups, more_subgroups = subgroup_tables(result, arms, titles)
    notices = list(result.get("safety") or ())
    if not any(notice["level"] == "stop" for notice in notices):
        notices.insert(0, dict(pregnancy_notice(result["treatment"])))
    limits = data.get("limits", ())
    columns = population_columns(result)
    people_sources = [key for key in named_sources(result["population"].get("sources")) if key != ASSUMED]
    keys = [*people_sources, *(key for column in columns for key in column.sources), *cited({"limits": limits})]
    cited_here = trial_references(keys)
    mode = str(result.get("mode", "reader"))
    return dict(
        mode=mode,
        clinician=mode == "clinician",
        date=said_date(date or Date.today()),
        title=result["title"],
        drug=data.get("title", result["treatment"]),
        arms=arms,
        arms_said=f"{NUMBERS[len(arms)]} arm{'s' if len(arms) != 1 else ''}",
        against=_against(result, arms),
        weeks=weeks,
        people=int(result["trial"]["people"]),
        trial=result["trial"],
        stop=[notice for notice in notices if notice["level"] == "stop"],
        warn=[n for n in notices if n["level"] == "warn" and not n["id"].startswith("assumed-")],
        assumed=[notice for notice in notices if notice["id"].startswith("assumed-")],
        purpose=[notice for notice in notices if notice["id"] == "purpose"],
        notes=[n for n in notices if n["level"] == "note" and n["id"] != "purpose"],
        facts=fact_rows(arms, weeks),
        differences=difference_figures(result, arms),
        difference_table=difference_table(result, arms),
        flow=flow_figures(arms, weeks),
        flow_table=flow_table(arms),
        weekly=weekly,
        more_series=more_series,
        times=time_figures(arms, weeks),
        rules=rules_table(arms),
        subgroups=subgroups,
        more_subgroups=more_subgroups,
        power=power,
        more_power=more_power,
        replicates=replicates_table(result, arms, titles),
        population=result["population"],
        population_sources=[] if any(column.sources for column in columns) else people_sources,
        population_columns=columns,
        uncertainty=UNCERTAINTY.get(result["trial"].get("uncertainty"), ""),
        leaving=LEAVING.get(result["trial"].get("after_leaving"), ""),
        visits=visits_said(result["trial"].get("visits") or ()),
        bins=result.get("error_of_percentiles", ""),
        words=explained(_words(result, titles)),
        limits=limits,
        references=cited_here,
        numbered={reference.key: place for place, reference in enumerate(cited_here, 1)},
        provenance=_flat({k: v for k, v in (result.get("provenance") or {}).items() if k != "trial"}),
        version=(result.get("provenance") or {}).get("anagen", ""),
        assumed_names=list(result.get("assumed") or ()),
    )


def _against(result: Mapping[str, Any], arms: Sequence[TrialArm]) -> TrialArm | None:
    """The arm that the others are compared with."""
    first = next(iter(result.get("contrasts") or ()), None)
    return by_name(arms)[first["against"]] if first else None


def _words(result: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """What titles and rules of the page say."""
    series = [str(s.get("title", "")) for arm in result["arms"] for s in (arm.get("series") or {}).values()]
    rules = [str(rule) for arm in result["arms"] for rule in arm.get("rules") or ()]
    columns = result["population"].get("columns") or {}
    return " ".join([str(result["title"]), *titles.values(), *series, *rules, *columns])


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Provenance as lines of a list.

    >>> _flat({"seed": 1, "tile": {"people": 1024}, "arms": ["a", "b"]})
    {'seed': '1', 'tile.people': '1024', 'arms': 'a; b'}
    """
    flat: dict[str, str] = {}
    for key, value in table.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{name}.")
        else:
            flat[name] = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return flat
