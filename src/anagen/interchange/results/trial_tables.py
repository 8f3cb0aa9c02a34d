"""The tables of a trial: the bands of each arm's series, from the trial's JSON. Its people are in the parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anagen.errors import InputError

from .layouts import wide_name

if TYPE_CHECKING:
    import polars

LEVELS = ("p05", "p50", "p95")


def trial_table(table: Mapping[str, Any], layout: str) -> polars.DataFrame:
    """Long: `arm, regimen, series, unit, day, p05, p50, p95`; wide: `arm, regimen, day` and a column for each.

    Raises:
        InputError: the layout cdisc, for which the people of every week would have to be kept.
    """
    import polars

    if layout == "cdisc":
        raise InputError(
            "a trial keeps no series of every person, so it has no table of them",
            expected="the layout long or wide; the endpoints of every person are in the folder's parts",
        )
    frames = []
    for arm in table["arms"]:
        named = {"arm": polars.lit(arm["name"]), "regimen": polars.lit(arm["regimen"])}
        if layout == "wide":
            columns: dict[str, Any] = {"day": _floats(next(iter(arm["series"].values()))["day"])}
            for name, one in arm["series"].items():
                columns |= {wide_name(name, level): _floats(one[level]) for level in LEVELS}
            frames.append(polars.DataFrame(columns).select(**named, **{c: polars.col(c) for c in columns}))
            continue
        for name, one in arm["series"].items():
            columns = {key: _floats(one[key]) for key in ("day", *LEVELS)}
            says = {"series": polars.lit(name), "unit": polars.lit(one["unit"])}
            frames.append(polars.DataFrame(columns).select(**named, **says, **{c: polars.col(c) for c in columns}))
    return polars.concat(frames)


def wide_units(table: Mapping[str, Any]) -> dict[str, str]:
    """The unit of each column of the wide table."""
    series = table["arms"][0]["series"]
    return {"day": "d"} | {wide_name(n, level): one["unit"] for n, one in series.items() for level in LEVELS}


def _floats(values: Any) -> polars.Series:
    import polars

    return polars.Series(values, dtype=polars.Float64, strict=False)
