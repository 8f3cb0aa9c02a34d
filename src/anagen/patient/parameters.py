"""Parameters from a treatment's TOML: value, unit, spread, ignorance, certainty, status, sources."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

Scale = Literal["log", "logit", "linear", "fixed"]
NORMAL_95 = 1.959963984540054
"""Half-width of a 95 % interval in standard deviations."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number and what is known of it. `between` and the half-widths act on `scale`; `lower`, `upper` are SDs of
    ignorance below and above the value, so that its 95 % interval is the one in the file."""

    name: str
    value: float
    unit: str
    meaning: str
    scale: Scale
    between: float
    lower: float
    upper: float
    bounds: tuple[float, float] | None
    mean_preserving: bool
    status: str
    certainty: str
    source: tuple[str, ...]
    unknown: tuple[float, float] | None
    unknown_with: tuple[tuple[str, float], ...] = ()
    """Correlations, on the scales, between what is not known of this value and of others, by name."""


def _transform(scale: Scale, value: float) -> float:
    if scale == "log":
        return math.log(value)
    if scale == "logit":
        return math.log(value / (1 - value))
    return value


def _parameter(name: str, table: Mapping[str, Any]) -> Parameter:
    scale: Scale = table.get("scale", "log")
    value = float(table["value"])
    lower = upper = 0.0
    unknown = table.get("unknown")
    if unknown is not None:
        middle = _transform(scale, value)
        lower = (middle - _transform(scale, float(unknown[0]))) / NORMAL_95
        upper = (_transform(scale, float(unknown[1])) - middle) / NORMAL_95
    bounds = table.get("bounds")
    return Parameter(
        name=name,
        value=value,
        unit=table["unit"],
        meaning=table["meaning"],
        scale=scale,
        between=float(table.get("between", 0.0)),
        lower=lower,
        upper=upper,
        bounds=(float(bounds[0]), float(bounds[1])) if bounds else None,
        mean_preserving=bool(table.get("mean_preserving", False)),
        status=table["status"],
        certainty=table["certainty"],
        source=tuple(table["source"]),
        unknown=(float(unknown[0]), float(unknown[1])) if unknown is not None else None,
        unknown_with=tuple((other, float(r)) for other, r in table.get("unknown_with", {}).items()),
    )


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, item in table.items():
        if isinstance(item, Mapping):
            if "value" in item:
                yield prefix + key, item
            else:
                yield from _leaves(item, f"{prefix}{key}.")


def read_parameters(text: str) -> dict[str, Parameter]:
    """Parse the TOML of a treatment's parameters.

    >>> table = 'meaning = "clearance"\\nvalue = 8.0\\nunit = "L/h"\\nbetween = 0.35\\n'
    >>> rest = 'status = "fitted"\\ncertainty = "low"\\nsource = ["assumed"]'
    >>> read_parameters("[exposure.clearance]\\n" + table + rest)["exposure.clearance"].between
    0.35
    """
    return {name: _parameter(name, table) for name, table in _leaves(tomllib.loads(text))}


@lru_cache(maxsize=8)
def load_parameters(package: str) -> Mapping[str, Parameter]:
    """The parameters of a treatment package, `anagen.treatments.isotretinoin` say."""
    return read_parameters(resources.files(package).joinpath("parameters.toml").read_text("utf-8"))
