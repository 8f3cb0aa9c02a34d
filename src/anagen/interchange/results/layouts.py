"""The tables of a result: long, wide, and with the column names of CDISC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, get_args

from anagen.errors import InputError, nearest
from anagen.simulation.forms import Layout

if TYPE_CHECKING:
    import polars

    from anagen.simulation.result import Simulation

STATISTICS = ("typical", "p05", "p50", "p95")


def table(result: Any, layout: str = "long") -> polars.DataFrame:
    """All series of a result in a layout; `docs/results.md` lists the columns.

    Raises:
        InputError: no such layout, or one that this result does not have.
    """
    check_layout(layout)
    from anagen.trial.result import TrialResult

    if isinstance(result, TrialResult):
        from .trial_tables import trial_table

        return trial_table(result.table, layout)
    return TABLES[layout](result)


def check_layout(layout: str) -> None:
    """Refuse a layout that there is not; names the nearest."""
    if layout not in get_args(Layout):
        choices = get_args(Layout)
        raise InputError(f"unknown layout: '{layout}'", expected=", ".join(choices), nearest=nearest(layout, choices))


def arms_of(result: Any) -> tuple[Simulation, ...]:
    """The simulations of a result in order; one, where it is of one regimen."""
    return getattr(result, "arms", None) or (result,)


def many(result: Any) -> bool:
    """Whether tables of the result name the regimen: those of a comparison, and of an analysis, do."""
    return hasattr(result, "arms")


def long(result: Any) -> polars.DataFrame:
    """`regimen` (where there may be several), `series`, `unit`, `day`, and the statistics."""
    import polars

    frames = [arm.frame() for arm in arms_of(result)]
    if not many(result):
        return frames[0]
    pairs = zip(arms_of(result), frames, strict=True)
    return polars.concat([one.select(polars.lit(arm.label).alias("regimen"), polars.all()) for arm, one in pairs])


def wide(result: Any) -> polars.DataFrame:
    """`regimen` (where there may be several), `day`, and a column for each series and statistic."""
    import polars

    frames = []
    for arm in arms_of(result):
        columns: dict[str, Any] = {"day": arm.days}
        for name in arm.treatment.series:
            one = arm.series(name)
            values = dict(zip(STATISTICS, (one.typical, *one.bands), strict=True))
            columns |= {wide_name(name, statistic): row for statistic, row in values.items()}
        frame = polars.DataFrame(columns)
        frames.append(frame.select(polars.lit(arm.label).alias("regimen"), polars.all()) if many(result) else frame)
    return polars.concat(frames)


def wide_name(series: str, statistic: str) -> str:
    """The column of a statistic of a series.

    >>> wide_name("shed_per_day", "p50")
    'shed_per_day_p50'
    """
    return f"{series}_{statistic}"


def units(result: Any, layout: str) -> Mapping[str, str]:
    """The unit of every column of numbers that has one; of the long layouts the unit stands in each row."""
    if layout != "wide":
        return {"ADY" if layout == "cdisc" else "day": "d"}
    from anagen.trial.result import TrialResult

    if isinstance(result, TrialResult):
        from .trial_tables import wide_units

        return wide_units(result.table)
    series = arms_of(result)[0].treatment.series
    return {"day": "d"} | {
        wide_name(name, statistic): entry["unit"] for name, entry in series.items() for statistic in STATISTICS
    }


def _cdisc(result: Any) -> polars.DataFrame:
    from .cdisc import cdisc

    return cdisc(arms_of(result))


TABLES: Mapping[str, Callable[[Any], Any]] = {"long": long, "wide": wide, "cdisc": _cdisc}
