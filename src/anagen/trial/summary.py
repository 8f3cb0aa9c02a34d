"""What the groups of a trial show, as the plain objects of its JSON: endpoints, contrasts, subgroups, replicates.

Intervals are of 95 %, and of the simulated people: more people narrow them. Shares are from 0 to 1. A number that does
not exist (of nobody, or the spread of one) is None.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .differences import HIGHER, LOWER, SAME
from .groups import Merged
from .histogram import LEVELS, Histogram
from .intervals import mean_interval, wilson
from .layout import EVERYONE, Layout
from .plan import Endpoint
from .times import curve

Json = dict[str, Any]


def summary(layout: Layout, merged: Merged) -> Json:
    """The pieces of the JSON: `endpoints` (arm -> endpoint -> entry), `contrasts`, `subgroups`, and
    `spread_of_replicates`, which is there only where there are several."""
    found: Json = {
        "endpoints": {
            arm: {e.name: _endpoint(layout, merged, a, place) for place, e in enumerate(layout.endpoints)}
            for a, arm in enumerate(layout.arms)
        },
        "contrasts": [
            _contrast(layout, merged, pair, place)
            for pair in range(len(layout.compared))
            for place in range(len(layout.endpoints))
        ],
        "subgroups": _subgroups(layout, merged),
    }
    if layout.replicates > 1:
        found["spread_of_replicates"] = _spread(layout, merged)
    return found


def _endpoint(layout: Layout, merged: Merged, arm: int, place: int) -> Json:
    endpoint = layout.endpoints[place]
    n, mean, sd = merged.of_arms.at(arm, place, EVERYONE)
    counted = {"n": n, "missing": int(merged.people[EVERYONE]) - n}
    if endpoint.kind == "time":
        of_time = curve(merged.weekly[arm, layout.times.index(place)]).to_json()
        limited = {"mean_weeks": _number(mean), "mean_weeks_ci": _pair(mean_interval(n, mean, sd))}
        return {"title": endpoint.title, "kind": "time", "unit": "weeks", **of_time, **limited}
    if endpoint.kind == "share":
        zeros, ones = (int(x) for x in merged.whole[arm, place])
        if zeros + ones == n:
            of_share: Json = {"share": ones / n if n else None, "count": ones, "ci": _pair(wilson(ones, n))}
        else:  # a chance for each person: the expected count
            of_share = {"share": _number(mean), "count": n * mean, "ci": _within_one(mean_interval(n, mean, sd))}
        return {"title": endpoint.title, "kind": "share", **counted, **of_share}
    return {
        "title": endpoint.title,
        "unit": endpoint.unit,
        "kind": "number",
        **counted,
        "mean": _number(mean),
        "sd": _number(sd),
        "ci": _pair(mean_interval(n, mean, sd)),
        **_percentiles(merged.values[f"{arm}/{place}"]),
    }


def _contrast(layout: Layout, merged: Merged, pair: int, place: int) -> Json:
    endpoint = layout.endpoints[place]
    n, mean, sd = merged.of_pairs.at(pair, place, EVERYONE)
    of_sides = merged.sides[pair, place]
    return {
        **_names(layout, pair, endpoint),
        "title": endpoint.title,
        "kind": endpoint.kind,
        "unit": unit_of_difference(endpoint),
        "n": n,
        "difference": _number(mean),
        "ci": _pair(mean_interval(n, mean, sd)),
        "sd": _number(sd),
        **_percentiles(merged.differences[f"{pair}/{place}"]),
        **{
            key: int(of_sides[side]) / n if n else None
            for key, side in (("lower_in", LOWER), ("same_in", SAME), ("higher_in", HIGHER))
        },
    }


def _subgroups(layout: Layout, merged: Merged) -> list[Json]:
    found = []
    for pair in range(len(layout.compared)):
        for place, endpoint in enumerate(layout.endpoints):
            group = EVERYONE
            for covariate, names in zip(layout.covariates, layout.levels, strict=True):
                for level in names:
                    group += 1
                    n, mean, sd = merged.of_pairs.at(pair, place, group)
                    of_level = {"covariate": covariate, "level": level, "n": n, **_names(layout, pair, endpoint)}
                    interval = _pair(mean_interval(n, mean, sd))
                    found.append({**of_level, "difference": _number(mean), "ci": interval})
    return found


def _spread(layout: Layout, merged: Merged) -> list[Json]:
    """Of the means of replicates: what nobody knows moves them, and the chance of who is in each."""
    found = []
    for arm, name in enumerate(layout.arms):
        for place, endpoint in enumerate(layout.endpoints):
            n, mean = merged.of_arms_by_replicate.n[arm, place], merged.of_arms_by_replicate.mean[arm, place]
            levels = np.quantile(mean[n > 0], LEVELS).tolist() if np.any(n) else [None] * len(LEVELS)
            found.append({"arm": name, "endpoint": endpoint.name, **dict(zip(_KEYS, levels, strict=True))})
    return found


def unit_of_difference(endpoint: Endpoint) -> str | None:
    """The unit of a contrast: that of the endpoint, of its share, or weeks without it in the time followed."""
    return {"share": "share of people", "time": "weeks"}.get(endpoint.kind, endpoint.unit)


_KEYS = ("p05", "p50", "p95")


def _percentiles(histogram: Histogram) -> Json:
    return {key: _number(value) for key, value in zip(_KEYS, histogram.quantiles()[:, 0].tolist(), strict=True)}


def _names(layout: Layout, pair: int, endpoint: Endpoint) -> Json:
    arm, against = layout.arms[layout.compared[pair]], layout.arms[layout.against]
    return {"arm": arm, "against": against, "endpoint": endpoint.name}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _pair(interval: tuple[float, float] | None) -> list[float] | None:
    return list(interval) if interval else None


def _within_one(interval: tuple[float, float] | None) -> list[float] | None:
    return [max(0.0, interval[0]), min(1.0, interval[1])] if interval else None
