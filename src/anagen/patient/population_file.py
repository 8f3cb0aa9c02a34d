"""The TOML of a population: covariates with their distributions, and pairs with their correlation."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anagen.errors import InputError, PregnancyStop, nearest

from .copula import Factor, NotPositiveDefinite, Pair, factor
from .covariates import Covariate, set_twice
from .distributions import Constant
from .population_column import Column, read_column
from .population_text import Keys, PopulationText, only, sources_of


@dataclass(frozen=True)
class Declared:
    """All that a population file says: its columns in the order of the covariates, and how they go together."""

    title: str
    columns: tuple[Column, ...]
    factor: Factor
    source: tuple[str, ...]


def read_declared(text: str, name: str, known: Mapping[str, Covariate]) -> Declared:
    """The population that `text` describes; `name` is the file that errors point to.

    Raises:
        InputError: what is wrong, in which table and line, and what was expected.
        PregnancyStop: the file declares a covariate `pregnant`.
    """
    file = PopulationText(name, text)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: {error}", expected="valid TOML") from None
    only(file, tables, (), ("title", "about", "covariates", "correlations"))
    declared = tables.get("covariates", {})
    if not isinstance(declared, Mapping) or not declared:
        file.refuse("no covariates", (), "tables such as [covariates.weight_kg]")
    if "pregnant" in declared:
        raise PregnancyStop("the input says that people may be pregnant: nothing is simulated")
    for column in declared:
        if column not in known:
            near = nearest(column, tuple(known))
            file.refuse(f"unknown covariate '{column}'", ("covariates", column), ", ".join(known), near)
    set_twice(declared, known, name)
    columns = tuple(read_column(file, known[key], declared[key]) for key in known if key in declared)
    if "sex" not in declared:
        for one in columns:
            if one.by_sex:
                file.refuse(
                    "differs by sex, but no sex is declared", ("covariates", one.covariate.name), "[covariates.sex]"
                )
    pairs, source = _pairs(file, tables.get("correlations", []), {one.covariate.name: one for one in columns})
    try:
        mixing = factor([one.covariate.name for one in columns], pairs)
    except NotPositiveDefinite as error:
        named = "; ".join(f"{one} and {other} {pairs[one, other]:g}" for one, other in error.pairs)
        file.refuse(
            f"no people can have these correlations together (the matrix is not positive definite): {named}",
            ("correlations",),
            "smaller ones, or one of the pairs left out",
        )
    sources = tuple(dict.fromkeys([key for one in columns for key in one.source] + source))
    return Declared(str(tables.get("title", name)), columns, mixing, sources)


def _pairs(
    file: PopulationText, tables: Any, columns: Mapping[str, Column]
) -> tuple[dict[tuple[str, str], float], list[str]]:
    """Correlations by pair, in the order of the covariates, and their sources."""
    keys: Keys = ("correlations",)
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        file.refuse("are no list of tables", keys, "[[correlations]] for each pair")
    order = list(columns)
    found: dict[Pair, float] = {}
    source: list[str] = []
    for table in tables:
        only(file, table, keys, ("between", "rho", "source", "note"))
        pair = table.get("between")
        if not isinstance(pair, list) or len(pair) != 2 or pair[0] == pair[1]:
            file.refuse(f"between is {pair!r}", keys, 'two covariates, such as ["weight_kg", "height_cm"]')
        for name in pair:
            if name not in columns:
                message = f"{name!r} in {' and '.join(map(str, pair))} is not declared"
                file.refuse(message, keys, ", ".join(columns), nearest(str(name), order))
            if isinstance(columns[name].female, Constant) or isinstance(columns[name].male, Constant):
                file.refuse(f"{name} is constant, so nothing goes together with it", keys, "a column that varies")
        one, other = sorted(pair, key=order.index)
        rho = table.get("rho")
        if isinstance(rho, bool) or not isinstance(rho, int | float) or not -1 < rho < 1:
            file.refuse(f"rho of {one} and {other} is {rho!r}", keys, "a number between -1 and 1, both left out")
        if (one, other) in found:
            file.refuse(f"{one} and {other} are named twice", keys, "each pair once")
        found[one, other] = float(rho)
        source += sources_of(file, table, keys)
    return found, source
