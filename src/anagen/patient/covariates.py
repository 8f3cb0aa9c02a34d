"""The covariates there are, from one table of the person and one of each treatment: units, bounds, what they set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from anagen.errors import InputError, nearest
from anagen.evidence.toml_file import read_toml


@dataclass(frozen=True, slots=True)
class Covariate:
    """A column that a population may have.

    A number has `bounds` (both allowed) in `unit`; a category has `levels`, whose codes are 0, 1, ... `parameter` names
    the model parameters that get the value, times the parameter `times`; `raises` gives factors on nutrients by level.
    """

    name: str
    unit: str
    meaning: str
    bounds: tuple[float, float] = (0.0, 0.0)
    because: str = ""
    levels: tuple[str, ...] = ()
    parameter: tuple[str, ...] = ()
    times: str | None = None
    raises: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    source: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """What is allowed, in words.

        >>> covariates()["age_years"].expected
        'from 18 to 100 years (simulated people are adults)'
        """
        if self.levels:
            return ", ".join(self.levels)
        unit = "" if self.unit == "1" else f" {self.unit}"
        because = f" ({self.because})" if self.because else ""
        return f"from {self.bounds[0]:.10g} to {self.bounds[1]:.10g}{unit}{because}"


def _covariate(name: str, table: Mapping[str, Any]) -> Covariate:
    low, high = table.get("bounds", (0, 0))
    return Covariate(
        name=name,
        unit=table["unit"],
        meaning=table["meaning"],
        bounds=(float(low), float(high)),
        because=table.get("because", ""),
        levels=tuple(table.get("levels", ())),
        parameter=tuple(table.get("parameter", ())),
        times=table.get("times"),
        raises=table.get("raises", {}),
        source=tuple(table["source"]),
    )


@lru_cache(maxsize=8)
def covariates(treatment: str = "isotretinoin") -> Mapping[str, Covariate]:
    """All covariates by name: the person's own, then those that set something in the treatment's model.

    >>> covariates()["alt_u_per_l"].parameter
    ('laboratory.alt.baseline',)

    Raises:
        InputError: no such treatment.
    """
    from anagen.treatments.registry import table  # here, because treatments are built on this room

    own = read_toml(resources.files("anagen.patient").joinpath("covariates.toml"))
    tables = own | table(treatment, "covariates.toml")
    return MappingProxyType({name: _covariate(name, entry) for name, entry in tables.items()})


def unknown(name: str, known: Mapping[str, Covariate], place: str) -> InputError:
    """The error for a column that is none, with the nearest names."""
    return InputError(
        f"{place}: unknown covariate '{name}'", expected=", ".join(known), nearest=nearest(name, tuple(known))
    )


def set_twice(names: Mapping[str, Any], known: Mapping[str, Covariate], place: str) -> None:
    """Refuse two columns that set the same parameter.

    Raises:
        InputError: both are named.
    """
    setter: dict[str, str] = {}
    for name in names:
        for key in known[name].parameter:
            if key in setter:
                raise InputError(
                    f"{place}: {setter[key]} and {name} both set {key}", expected=f"{setter[key]} or {name}, not both"
                )
            setter[key] = name
