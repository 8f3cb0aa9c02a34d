"""One covariate of a population file: from its table to a distribution, for women and for men. All is checked here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from anagen.errors import nearest

from .covariates import Covariate
from .distributions import SMALLEST, Beta, Choice, Constant, Distribution, Normal, Uniform, beta
from .population_text import Keys, PopulationText, only, sources_of

NEEDS = {
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sd_log"),
    "logit-normal": ("median", "sd_logit"),
    "beta": ("alpha", "beta"),
    "uniform": ("low", "high"),
    "choice": ("shares",),
    "constant": ("value",),
}
"""The distributions and the keys that each of them needs."""
SEXES = ("female", "male")
_COMMON = ("unit", "source", "note", "distribution", "bounds")
_SCALES = {"normal": "linear", "lognormal": "log", "logit-normal": "logit"}


@dataclass(frozen=True)
class Column:
    """One covariate of a population: its distribution for women and for men, which are mostly the same one."""

    covariate: Covariate
    female: Distribution
    male: Distribution
    source: tuple[str, ...]

    @cached_property
    def by_sex(self) -> bool:
        """Whether women and men differ."""
        return self.female != self.male

    @cached_property
    def cut(self) -> bool:
        """Whether a draw's place among people is needed: to be within bounds, or as the value itself."""
        return any(isinstance(one, Uniform) or one.part != (0.0, 1.0) for one in (self.female, self.male))

    def __str__(self) -> str:
        return f"women: {self.female}; men: {self.male}" if self.by_sex else str(self.female)


def read_column(file: PopulationText, covariate: Covariate, table: Any) -> Column:
    keys: Keys = ("covariates", covariate.name)
    if not isinstance(table, Mapping):
        file.refuse("is no table", keys, f"[covariates.{covariate.name}] with a distribution")
    if "unit" not in table and not covariate.levels:
        file.refuse("has no unit", keys, f'unit = "{covariate.unit}"')
    if (unit := table.get("unit", covariate.unit)) != covariate.unit:
        file.refuse(f"unit is {unit!r}", (*keys, "unit"), f'"{covariate.unit}"; values are not converted')
    common = {key: item for key, item in table.items() if key not in SEXES}
    given = [sex for sex in SEXES if sex in table]
    if not given:
        whole = _distribution(file, covariate, common, keys)
        return Column(covariate, whole, whole, tuple(sources_of(file, table, keys)))
    if covariate.name == "sex" or len(given) < len(SEXES):
        expected = "shares of female and male" if covariate.name == "sex" else "tables for female and for male"
        file.refuse(f"has a table for {given[0]} alone" if len(given) == 1 else "depends on itself", keys, expected)
    for sex in SEXES:
        if not isinstance(table[sex], Mapping):
            file.refuse("is no table", (*keys, sex), f"[{'.'.join(keys)}.{sex}]")
    parts = [_distribution(file, covariate, common | table[sex], (*keys, sex)) for sex in SEXES]
    source = [key for part in (table, *(table[sex] for sex in SEXES)) for key in sources_of(file, part, keys)]
    return Column(covariate, parts[0], parts[1], tuple(dict.fromkeys(source)))


def _distribution(file: PopulationText, covariate: Covariate, table: Mapping[str, Any], keys: Keys) -> Distribution:
    kind = table.get("distribution")
    suited = ("choice", "constant") if covariate.levels else tuple(key for key in NEEDS if key != "choice")
    if kind not in suited:
        message = "has no distribution" if kind is None else f"distribution is {kind!r}"
        near = nearest(kind, suited) if isinstance(kind, str) else ()
        file.refuse(message, (*keys, "distribution"), ", ".join(suited), near)
    only(file, table, keys, (*_COMMON, *NEEDS[kind]))
    for key in NEEDS[kind]:
        if key not in table:
            file.refuse(f"{kind} has no {key}", keys, " and ".join(NEEDS[kind]))
    if kind == "choice":
        return _choice(file, covariate, table["shares"], (*keys, "shares"))
    if kind == "constant":
        return _constant(file, covariate, table["value"], (*keys, "value"))
    first, second = (_number(file, table[key], (*keys, key)) for key in NEEDS[kind])
    bounds = _bounds(file, covariate, table, keys)
    if kind == "uniform":
        for key, value in (("low", first), ("high", second)):
            _inside(file, covariate, value, (*keys, key))
        if not first < second:
            file.refuse(f"low {first:g} is not below high {second:g}", (*keys, "low"), "low below high")
        if "bounds" in table:
            file.refuse("uniform has no bounds besides low and high", (*keys, "bounds"), "low and high")
        return Uniform(first, second)
    made: Normal | Beta
    if kind == "beta":
        for key, value in (("alpha", first), ("beta", second)):
            if not 0.2 <= value <= 1e4:
                file.refuse(f"{key} is {value:g}", (*keys, key), "from 0.2 to 10000")
        if bounds[0] < 0 or bounds[1] > 1:
            file.refuse("a beta distribution lies within 0 to 1", (*keys, "distribution"), "a share, unit 1")
        made = beta(first, second, bounds)
    else:
        _inside(file, covariate, first, (*keys, NEEDS[kind][0]))
        if second <= 0:
            file.refuse(f"{NEEDS[kind][1]} is {second:g}", (*keys, NEEDS[kind][1]), "above 0")
        if (kind == "lognormal" and first <= 0) or (kind == "logit-normal" and not 0 < first < 1):
            expected = "above 0" if kind == "lognormal" else "between 0 and 1"
            file.refuse(f"median is {first:g}", (*keys, "median"), expected)
        made = Normal(first, second, _SCALES[kind], bounds)  # type: ignore[arg-type]
    if made.part[1] - made.part[0] < SMALLEST:
        file.refuse(
            "less than a millionth of the distribution lies within the bounds", (*keys, "bounds"), "wider bounds"
        )
    return made


def _number(file: PopulationText, value: Any, keys: Keys) -> float:
    try:
        number = math.nan if isinstance(value, bool) or not isinstance(value, int | float) else float(value)
    except OverflowError:  # more digits than a number holds
        number = math.inf
    if not math.isfinite(number):
        file.refuse(f"is {value!r}", keys, "a number")
    return number


def _inside(file: PopulationText, covariate: Covariate, value: float, keys: Keys) -> None:
    if not covariate.bounds[0] <= value <= covariate.bounds[1]:
        file.refuse(f"is {value:g} {covariate.unit}", keys, covariate.expected)


def _bounds(file: PopulationText, covariate: Covariate, table: Mapping[str, Any], keys: Keys) -> tuple[float, float]:
    """The bounds of the file, which lie within those of the covariate; else the latter."""
    if "bounds" not in table:
        return covariate.bounds
    given, keys = table["bounds"], (*keys, "bounds")
    if not isinstance(given, list) or len(given) != 2:
        file.refuse(f"is {given!r}", keys, "two numbers, such as [18, 35]")
    low, high = (_number(file, value, keys) for value in given)
    for value in (low, high):
        _inside(file, covariate, value, keys)
    if not low < high:
        file.refuse(f"{low:g} is not below {high:g}", keys, "the lower bound first")
    return low, high


def _level(file: PopulationText, covariate: Covariate, level: Any, keys: Keys) -> str:
    if isinstance(level, bool) and covariate.levels == ("no", "yes"):
        level = "yes" if level else "no"
    if level not in covariate.levels:
        file.refuse(f"unknown level {level!r}", keys, covariate.expected, nearest(str(level), covariate.levels))
    return str(level)


def _choice(file: PopulationText, covariate: Covariate, shares: Any, keys: Keys) -> Choice:
    if not isinstance(shares, Mapping):
        file.refuse(f"is {shares!r}", keys, f"a share of each of {covariate.expected}")
    given = {_level(file, covariate, key, keys): _number(file, value, keys) for key, value in shares.items()}
    for level, share in given.items():
        if not 0 <= share <= 1:
            file.refuse(f"the share of {level} is {share:g}", keys, "from 0 to 1")
    if abs(total := math.fsum(given.values()) - 1) > 1e-9:
        file.refuse(f"the shares add up to {total + 1:.10g}", keys, "1")
    return Choice(covariate.levels, tuple(given.get(level, 0.0) for level in covariate.levels))


def _constant(file: PopulationText, covariate: Covariate, value: Any, keys: Keys) -> Constant:
    if covariate.levels:
        level = _level(file, covariate, value, keys)
        return Constant(float(covariate.levels.index(level)), level)
    number = _number(file, value, keys)
    _inside(file, covariate, number, keys)
    return Constant(number, f"{number:g}")
