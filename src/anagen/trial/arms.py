"""From the tables of a trial file: arms, with regimen, rules, adherence and meals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from anagen.errors import AnagenError, InputError, RegimenError, Where
from anagen.files.place import Path
from anagen.files.reading import Reading
from anagen.regimen import Course, Length, Regimen, Until
from anagen.regimen.course import Phase
from anagen.treatments.products import find_product
from anagen.treatments.registry import table
from anagen.trial.plan import Adherence, Arm, Meals
from anagen.trial.possible import check_rules
from anagen.trial.rules import Rule, parse_rule
from anagen.trial.schema import AdherenceTable, ArmTable, MealsTable, TrialTable

NO_TREATMENT = "none"
_ACTS = {"missed_share": "full", "spread": "full", "break_days": "clustered", "weekend_factor": "weekend"}


def arms(reading: Reading[Any], tables: TrialTable, visits: Sequence[int]) -> tuple[Arm, ...]:
    """All arms in order.

    Raises:
        InputError, RegimenError: with the file, the line and the place inside the regimen or the rule.
    """
    common = _adherence(reading, ("adherence",), tables.adherence)
    meals = _meals(tables.meals)
    found: list[Arm] = []
    for i, entry in enumerate(tables.arms):
        path: Path = ("arms", i)
        if entry.name in [arm.name for arm in found]:
            raise reading.error((*path, "name"), f"two arms are called '{entry.name}'", "a name for each arm")
        regimen = _regimen(reading, path, entry, tables.treatment)
        found.append(
            Arm(
                name=entry.name,
                regimen=regimen,
                supplements=names(
                    reading,
                    (*path, "supplements"),
                    "supplement",
                    entry.supplements,
                    table(tables.treatment, "supplements.toml"),
                ),
                rules=_rules(reading, path, entry, regimen, tables, visits),
                adherence=_adherence(reading, (*path, "adherence"), entry.adherence) if entry.adherence else common,
                meals=_meals(entry.meals) if entry.meals else meals,
            )
        )
    return tuple(found)


def names(reading: Reading[Any], path: Path, what: str, given: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    """Names out of those known, each once."""
    for j, name in enumerate(given):
        reading.one_of((*path, j), what, name, known)
        if name in given[:j]:
            raise reading.error((*path, j), f"the {what} '{name}' stands twice", "each once")
    return tuple(given)


def _regimen(reading: Reading[Any], path: Path, entry: ArmTable, treatment: str) -> Regimen | None:
    if entry.regimen.strip().casefold() == NO_TREATMENT:
        if entry.product:
            raise reading.error((*path, "product"), "a product in an arm without treatment", "no product", key=True)
        return None
    try:
        regimen = Regimen.from_text(entry.regimen, treatment)
    except AnagenError as error:
        raise reading.within((*path, "regimen"), error) from None
    for course in regimen.courses[:-1]:
        if isinstance(course, Course) and isinstance(course.length, Until):
            said = replace(
                regimen, courses=tuple(_sixteen_weeks(c) for c in regimen.courses[:-1]) + regimen.courses[-1:]
            )
            start, end = course.span
            early = RegimenError(
                "a course before the last runs until a total: the next would begin on another day in each person",
                where=Where(entry.regimen, start, end - start),
                expected="a length for every course but the last, such as for 16 weeks",
                nearest=said.text,
            )
            raise reading.within((*path, "regimen"), early)
    return _of_product(reading, path, entry, regimen, treatment)


def _sixteen_weeks(phase: Phase) -> Phase:
    if isinstance(phase, Course) and isinstance(phase.length, Until):
        return replace(phase, length=Length(16, "week"))
    return phase


def _of_product(reading: Reading[Any], path: Path, entry: ArmTable, regimen: Regimen, treatment: str) -> Regimen:
    """The regimen with the product of the arm in all courses; one that a course names must be the same."""
    if entry.product is None:
        return regimen
    at = (*path, "product")
    try:
        product = find_product(entry.product, treatment)
    except InputError as error:
        raise reading.error(at, error.message, error.expected, error.nearest) from None
    if product.route != "oral":
        raise reading.error(at, f"{product.name} is a {product.form} for the skin, not a capsule", "an oral product")
    courses = []
    for course in regimen.courses:
        if isinstance(course, Course):
            if course.product not in (None, product.name):
                message = f"the regimen says {course.product}, the arm {product.name}"
                raise reading.error(at, message, "the product once", course.product or ())
            course = replace(course, product=product.name, formulation=product.formulation)
        courses.append(course)
    return replace(regimen, courses=tuple(courses))


def _rules(
    reading: Reading[Any],
    path: Path,
    entry: ArmTable,
    regimen: Regimen | None,
    tables: TrialTable,
    visits: Sequence[int],
) -> tuple[Rule, ...]:
    found: list[Rule] = []
    for j, text in enumerate(entry.rules):
        try:
            found.append(parse_rule(text, tables.treatment))
        except InputError as error:
            raise reading.within((*path, "rules", j), error) from None

    def refuse(j: int, message: str, expected: str, nearest: Sequence[str]) -> InputError:
        return reading.error((*path, "rules", j), message, expected, nearest)

    check_rules(found, regimen, visits, tables.follow_up_weeks, refuse)
    return tuple(found)


def _adherence(reading: Reading[Any], path: Path, entry: AdherenceTable | None) -> Adherence:
    if entry is None:
        return Adherence()
    given = entry.model_fields_set
    for key, process in _ACTS.items():
        acts = entry.process != "full" if process == "full" else entry.process == process
        if key in given and not acts:
            needed = "another process" if process == "full" else f'process = "{process}"'
            message = f'{key} does nothing where the process is "{entry.process}"'
            raise reading.error((*path, key), message, f"{needed}, or no {key}", key=True)
    if entry.process == "full":
        return Adherence()
    if entry.missed_share is None:
        raise reading.error(path, "adherence.missed_share is missing", "a share of the doses, from 0 to 0.95", key=True)
    return Adherence(entry.process, entry.missed_share, entry.spread, entry.break_days, entry.weekend_factor)


def _meals(entry: MealsTable | None) -> Meals:
    return Meals() if entry is None else Meals(entry.with_food_share, entry.spread)
