"""A trial's JSON as `TrialResult.to_json` gives it, made of plain formulas: tests of the page need no engine."""

from __future__ import annotations

import math
from typing import Any

from anagen.patient.patient import Patient
from anagen.safety import notices
from anagen.treatments.registry import treatment

NAMES = ("no treatment", "10 mg every other day", "0.5 mg/kg daily", *(f"{n} mg daily" for n in (5, 15, 25, 30, 40)))
RULES = ("when triglycerides > 500 mg/dL then hold 4 weeks", "when ALT > 3 x ULN then stop")
SERIES = {
    "shed_per_day": ("Hairs shed in a day", "hairs/d", 90.0, 60.0),
    "sebum_fraction": ("Skin oil (sebum)", "fraction of baseline", 1.0, -0.8),
    "triglycerides_mg_per_dl": ("Triglycerides", "mg/dL", 110.0, 40.0),
    "alt_u_per_l": ("ALT (liver enzyme)", "U/L", 22.0, 6.0),
    "density_per_cm2": ("Hair density", "hairs/cm2", 210.0, -12.0),
}
NUMBERS = {
    "shed_change_peak_percent": ("Highest rise of daily shedding over the person's own start", "%", 10.0, 30.0),
    "extra_hairs_shed": ("Hairs shed beyond the usual", "hairs", -50.0, 4200.0),
    "sebum_change_percent": ("Change of skin oil at the end of the course", "%", 0.0, -70.0),
}
SHARES = {
    "marked_shedding": ("Marked shedding at some week", 0.02, 0.14),
    "triglycerides_above_500": ("Triglycerides above 500 mg/dL at some week", 0.0002, 0.004),
}
TIMES = {"tg_200": ("Time to triglycerides above 200 mg/dL", 0.08, 0.62)}


def trial_result(
    arms: int = 3,
    *,
    people: int = 2000,
    weeks: int = 52,
    power: bool = True,
    replicates: int = 1,
    subgroups: bool = True,
    times: bool = True,
    series: bool = True,
    endpoints: int = 0,
    scale: float = 1.0,
) -> dict[str, Any]:
    """A result whose arm of number i has i steps of a dose; `endpoints` more endpoints, all numbers times `scale`."""
    numbers = dict(NUMBERS) | {f"own_{k}": (f"Own endpoint {k}", "points", k / 7, k / 3) for k in range(endpoints)}
    doses = [i / max(arms - 1, 1) for i in range(arms)]
    entries = [
        _arm(i, dose, people, weeks, numbers, times=times, series=series, scale=scale) for i, dose in enumerate(doses)
    ]
    titles = {name: entry["title"] for name, entry in entries[0]["endpoints"].items()}
    contrasts = [
        _contrast(entries[i], entries[0], name, people) for i in range(1, arms) for name in entries[0]["endpoints"]
    ]
    safety = [dict(notice) for notice in notices(treatment(), None, Patient(), ())]
    result: dict[str, Any] = {
        "title": "Two doses, with stopping rules",
        "treatment": "isotretinoin",
        "mode": "reader",
        "assumed": [],
        "safety": safety,
        "trial": {
            "people": people,
            "follow_up_weeks": weeks,
            "visits": list(range(4, weeks + 1, 4)),
            "uncertainty": "shared" if replicates > 1 else "each",
            "replicates": replicates,
            "after_leaving": "last",
        },
        "population": {
            "name": "adults",
            "sources": ["king-1982", "a table of our own"],
            "columns": {
                "weight_kg": {"unit": "kg", "p05": 51.2, "p50": 71.9, "p95": 102.3},
                "age_years": {"unit": "years", "p05": 19.0, "p50": 34.0, "p95": 61.0},
                "sex": {"shares": {"female": 0.52, "male": 0.48}},
            },
            "declared": {
                "weight_kg": {"unit": "kg", "says": "log-normal around 72", "sources": ["king-1982", "assumed"]},
                "sex": {"unit": "1", "says": "52 % female", "sources": "not stated"},
            },
        },
        "arms": entries,
        "contrasts": contrasts,
        "subgroups": [
            {
                "covariate": covariate,
                "level": level,
                "n": people // 2,
                "difference": contrast["difference"] * (1 + 0.1 * k),
                "ci": contrast["ci"],
                **{key: contrast[key] for key in ("arm", "against", "endpoint")},
            }
            for contrast in contrasts
            for k, (covariate, level) in enumerate((("sex", "female"), ("sex", "male"), ("weight_kg", "60 to 80")))
        ]
        if subgroups
        else [],
        "power": [
            {
                **{key: contrast[key] for key in ("endpoint", "arm", "against")},
                "n_per_arm": n,
                "power": 1 - math.exp(-n / (80 if design == "paired" else 200)),
                "design": design,
                "n_for_80": 130 if design == "paired" else None,
            }
            for contrast in contrasts
            for design in ("parallel", "paired")
            for n in (50, 100, 200)
        ]
        if power
        else None,
        "error_of_percentiles": "at most 1 % of the value (fixed bins)",
        "provenance": {
            "anagen": "0.1.0",
            "parameters": "0123456789ab",
            "seed": 1,
            "tile": 1024,
            "population": {"a": 1},
        },
    }
    if replicates > 1:
        result["spread_of_replicates"] = [
            {"arm": entry["name"], "endpoint": name, "p05": 0.1 * i, "p50": 0.2 * i, "p95": 0.4 * i}
            for i, entry in enumerate(entries)
            for name in titles
        ]
    return result


def _arm(
    i: int,
    dose: float,
    people: int,
    weeks: int,
    numbers: dict[str, tuple[str, str, float, float]],
    *,
    times: bool,
    series: bool,
    scale: float,
) -> dict[str, Any]:
    n = people - 7
    endpoints: dict[str, Any] = {}
    for name, (title, unit, start, rise) in numbers.items():
        mean, sd = scale * (start + dose * rise), scale * (abs(rise) / 3 + 1)
        half = 1.96 * sd / math.sqrt(max(n, 1))
        spread = {"p05": mean - 1.6 * sd, "p50": mean, "p95": mean + 1.6 * sd}
        counted = {"n": n, "missing": 7, "mean": mean, "sd": sd, "ci": [mean - half, mean + half]}
        endpoints[name] = {"title": title, "unit": unit, "kind": "number", **counted, **spread}
    for name, (title, low, high) in SHARES.items():
        share = low + dose * (high - low)
        half = 1.96 * math.sqrt(share * (1 - share) / people)
        counted = {"n": people, "missing": 0, "share": share, "count": share * people}
        endpoints[name] = {"title": title, "kind": "share", **counted, "ci": [max(0.0, share - half), share + half]}
    for name, (title, low, high) in TIMES.items() if times else ():
        end = low + dose * (high - low)
        curve = [end * week / weeks for week in range(weeks + 1)]
        median = next((float(week) for week, share in enumerate(curve) if share >= 0.5), None)
        shares = {"share_by_end": end, "ci": [end - 0.02, end + 0.02], "median": median}
        at = {"week": list(range(weeks + 1)), "share": curve}
        endpoints[name] = {"title": title, "kind": "time", "unit": "weeks", "n": people, **shares, "curve": at}
    course = 24 if dose else 0
    treated = [0.9 * (1 - 0.004 * week) if week < course else 0.0 for week in range(weeks + 1)]
    flow = {"started": people, "held": round(0.04 * dose * people), "reduced": round(0.2 * dose * people)}
    flow |= {"stopped": round(0.02 * dose * people), "left": round(0.1 * people)}
    flow["finished"] = people - flow["stopped"] - flow["left"]
    return {
        "name": NAMES[i],
        "regimen": "none" if i == 0 else f"{NAMES[i]} with food for 24 weeks",
        "rules": list(RULES) if i else [],
        "flow": {**flow, "on_treatment": {"week": list(range(weeks + 1)), "share": treated}},
        "rules_fired": [{"rule": rule, "people": flow["held"], "times": 2 * flow["held"]} for rule in RULES]
        if i
        else [],
        "doses": {
            "taken_share": 0.89 if i else None,
            "mg_per_kg": {"p05": 41.0 * dose, "p50": 66.0 * dose, "p95": 91.0 * dose},
        },
        "series": {name: _series(*shape, dose, weeks) for name, shape in SERIES.items()} if series else {},
        "endpoints": endpoints,
    }


def _series(title: str, unit: str, start: float, rise: float, dose: float, weeks: int) -> dict[str, Any]:
    middle = [start + rise * dose * math.exp(-(((week - 20) / 10) ** 2)) for week in range(weeks + 1)]
    return {
        "unit": unit,
        "title": title,
        "day": [7.0 * week for week in range(weeks + 1)],
        "p05": [0.6 * value for value in middle],
        "p50": middle,
        "p95": [1.7 * value for value in middle],
    }


def _contrast(arm: dict[str, Any], against: dict[str, Any], name: str, people: int) -> dict[str, Any]:
    entry, other = arm["endpoints"][name], against["endpoints"][name]
    names = {"arm": arm["name"], "against": against["name"], "endpoint": name, "title": entry["title"]}
    if entry["kind"] == "number":
        difference, unit, sd = entry["mean"] - other["mean"], entry["unit"], entry["sd"] / 2
    elif entry["kind"] == "share":
        difference, unit, sd = entry["share"] - other["share"], "share of people", 0.2
    else:
        difference, unit, sd = -20 * (entry["share_by_end"] - other["share_by_end"]), "weeks", 9.0
    half = 1.96 * sd / math.sqrt(people)
    lower = 0.5 - 0.5 * math.tanh(difference / (sd or 1))
    return {
        **names,
        "kind": entry["kind"],
        "unit": unit,
        "n": people,
        "difference": difference,
        "ci": [difference - half, difference + half],
        "sd": sd,
        "p05": difference - 1.6 * sd,
        "p50": difference,
        "p95": difference + 1.6 * sd,
        "lower_in": 0.9 * lower,
        "same_in": 0.1,
        "higher_in": 0.9 * (1 - lower),
    }
