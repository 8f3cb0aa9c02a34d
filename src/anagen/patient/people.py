"""The people of a population: one value a person of each covariate, and what that means to a treatment's model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .covariates import Covariate
from .parameters import Parameter
from .patient import Patient

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class People:
    """People by `numbers`, `(n,)`. `columns`: float64 `(n,)` of each covariate that is known; categories as codes of
    `levels`. What is not known of these people has no column."""

    numbers: np.ndarray[Any, np.dtype[np.int64]]
    columns: Mapping[str, Array]
    covariates: Mapping[str, Covariate]

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def levels(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the codes, of each category among the columns."""
        return {name: self.covariates[name].levels for name in self.columns if self.covariates[name].levels}

    def parameters(self, values: Mapping[str, Parameter]) -> dict[str, Array]:
        """Model parameters that the columns set, `(n,)` each: they stand in for the person's own draw."""
        found: dict[str, Array] = {}
        for name, column in self.columns.items():
            covariate = self.covariates[name]
            times = values[covariate.times].value if covariate.times else 1.0
            found |= {key: column * times for key in covariate.parameter}
        return found

    def raised(self) -> dict[str, Array]:
        """The factor on the level of each nutrient that some column moves (the diet), `(n,)` each."""
        found: dict[str, Array] = {}
        for name, column in self.columns.items():
            covariate = self.covariates[name]
            for nutrient in sorted({key for factors in covariate.raises.values() for key in factors}):
                by_code = np.array([covariate.raises.get(level, {}).get(nutrient, 1.0) for level in covariate.levels])
                found[nutrient] = found.get(nutrient, 1.0) * by_code[column.astype(int)]
        return found

    def value(self, name: str, index: int) -> float | str:
        """The value of one person, by its name where it is a category."""
        value = float(self.columns[name][index])
        levels = self.covariates[name].levels
        return levels[int(value)] if levels else value

    def patient(self, index: int) -> Patient:
        """One of them as a `Patient`, for a person simulated alone; what is not known is left at its default."""
        known = {name: self.value(name, index) for name in self.columns if name in _OF_PATIENT}
        if "pattern_hair_loss" in known:
            known["pattern_hair_loss"] = known["pattern_hair_loss"] == "yes"
        return Patient(**known)  # type: ignore[arg-type]


_OF_PATIENT = frozenset(
    ("weight_kg", "height_cm", "age_years", "sex", "seborrheic_dermatitis", "pattern_hair_loss", "ferritin_ug_per_l")
)
