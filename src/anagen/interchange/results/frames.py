"""Results as pandas and xarray objects: the numbers of the polars table, to the bit."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from anagen.errors import InputError

from .box import box
from .layouts import STATISTICS, arms_of, table
from .record import record_of

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped]
    import xarray


def to_pandas(result: Any, layout: str = "long") -> pandas.DataFrame:
    """The table of a layout; words are categories in the layout cdisc. `attrs` holds `anagen` and `safety`.

    Raises:
        InputError: pandas is not installed; or as `layouts.table`.
    """
    pandas = _installed("pandas")
    frame = table(result, layout)
    columns: dict[str, Any] = {}
    for column in frame.get_columns():
        if column.dtype.is_numeric():
            columns[column.name] = column.to_numpy()
        else:
            texts = column.to_list()
            columns[column.name] = pandas.Categorical(texts) if layout == "cdisc" else texts
    made = pandas.DataFrame(columns)
    made.attrs = _about(result, layout)
    return made


def to_xarray(result: Any, *, people: bool = False) -> xarray.Dataset:
    """Variables over `(regimen, day, statistic)`, or `(regimen, day, person)`; person -1 is the typical one.

    Each variable has `units` and `long_name`; the dataset's `attrs` hold `anagen` and `safety`.

    Raises:
        InputError: xarray is not installed, or the result is a trial's.
    """
    xarray = _installed("xarray")
    from anagen.trial.result import TrialResult

    if isinstance(result, TrialResult):
        raise InputError(
            "a trial's arms hold percentiles alone", expected="to_polars or to_pandas, or people() of the trial"
        )
    arms = arms_of(result)
    first = arms[0]
    last = "person" if people else "statistic"
    variables = {}
    for name, entry in first.treatment.series.items():
        blocks = []
        for arm in arms:
            one = arm.series(name)
            rows = (one.typical, *(one.people.T if people else one.bands))
            blocks.append(np.stack(rows, axis=-1))
        about = {"units": entry["unit"], "long_name": entry["title"]}
        variables[name] = (("regimen", "day", last), np.stack(blocks), about)
    start = int(first.provenance.get("first_person", 0))
    count = first.series(next(iter(first.treatment.series))).people.shape[1]
    axis = np.concatenate([[-1], start + np.arange(count)]) if people else np.array(STATISTICS)
    axes = {
        "regimen": np.array([arm.label for arm in arms]),
        "day": ("day", first.days, {"units": "d", "long_name": "days since the first dose"}),
        last: axis,
    }
    return xarray.Dataset(variables, axes, _about(result, None))


def _about(result: Any, layout: str | None) -> dict[str, Any]:
    """What goes along with the numbers, as plain objects."""
    import json

    record = record_of(result, layout=layout)
    return {"safety": box(record["treatment"]), "anagen": json.dumps(record, ensure_ascii=False)}


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise InputError(
            f"{name} is not installed", expected="pip install 'anagen[frames]', or to_polars(), which is always there"
        ) from None
