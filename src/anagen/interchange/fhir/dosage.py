"""One Dosage of FHIR -> a course: its dose, schedule, meal, product. Whatever a capsule cannot be is refused.

`Step` keeps what a course alone does not hold: when it starts, and the number of doses where that is said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from anagen.errors import InputError, RegimenError
from anagen.interchange.ucum import convert, unit
from anagen.interchange.ucum.table import SYSTEM
from anagen.regimen.course import Course, Dose, EveryDays, Length
from anagen.regimen.parse import parse

from .datatypes import CodeableConcept, Dosage, Quantity
from .drug import Drug, facts
from .moments import Moment
from .schedule import Schedule, schedule_of
from .spot import Spot, shown

_DOSE = "a quantity in mg or mg/kg"
_PLAIN = Course(Dose(20.0), EveryDays(1))


@dataclass(frozen=True)
class Step:
    """A course with its `start` and its number of doses `count`, where they are said; `spot`, where it stands."""

    course: Course
    start: Moment | None
    count: int | None
    sequence: int | None
    spot: Spot


def step_of(dosage: Dosage, drug: Drug, treatment: str, spot: Spot) -> Step:
    """The course of a Dosage at `spot`.

    Raises:
        InputError: as needed, a range, a rate, capsules without a strength, another route, text against structure.
    """
    if dosage.asNeededBoolean or dosage.asNeededCodeableConcept is not None:
        name = "asNeededBoolean" if dosage.asNeededBoolean else "asNeededCodeableConcept"
        raise spot.at(name).error(
            "as needed is no schedule: nothing can be computed from it", expected="a fixed schedule"
        )
    check_route(dosage.route, spot.at("route"))
    for name in ("maxDosePerPeriod", "maxDosePerAdministration", "maxDosePerLifetime"):
        if getattr(dosage, name) is not None:
            spot.note(f"{name} is a limit, and was not used.")
    if dosage.timing is None and not dosage.doseAndRate:
        return _from_text(dosage, drug, treatment, spot)
    if dosage.timing is None:
        raise spot.error("how often is not said: there is no timing", expected="a Timing")
    schedule = schedule_of(dosage.timing, spot.at("timing"))
    dose = _dose(dosage, spot)
    course = Course(
        dose=dose,
        days=schedule.days,
        times=schedule.times,
        clock_min=schedule.clock_min,
        meal=_meal(dosage, schedule, treatment, spot),
        product=drug.product,
        formulation=drug.formulation,
        length=schedule.length,
    )
    _check_text(dosage, course, schedule.count, treatment, spot)
    return Step(course, schedule.start, schedule.count, dosage.sequence, spot)


def _dose(dosage: Dosage, spot: Spot) -> Dose:
    entries = list(enumerate(dosage.doseAndRate))
    if len(entries) > 1:
        kinds = [[coding.code for coding in entry.type.coding] if entry.type else [] for _, entry in entries]
        ordered = [entry for entry, kind in zip(entries, kinds, strict=True) if kind == ["ordered"]]
        if len(ordered) != 1 or any(kind not in (["ordered"], ["calculated"]) for kind in kinds):
            raise spot.at("doseAndRate").error("has more than one dose", expected="one, or one ordered")
        spot.note("Of an ordered and a calculated dose the ordered one was read.")
        entries = ordered
    if not entries:
        raise spot.error("how much is not said: there is no doseAndRate", expected=_DOSE)
    k, entry = entries[0]
    at = spot.at("doseAndRate", k)
    for name in ("rateRatio", "rateRange", "rateQuantity"):
        if getattr(entry, name) is not None:
            raise at.at(name).error("a rate is no dose of a capsule", expected="doseQuantity, " + _DOSE)
    if entry.doseRange is not None:
        raise at.at("doseRange").error("is a range", expected="doseQuantity, " + _DOSE)
    if entry.doseQuantity is None:
        raise at.error("has no doseQuantity", expected=_DOSE)
    return dose_of(entry.doseQuantity, at.at("doseQuantity"))


def dose_of(quantity: Quantity, spot: Spot) -> Dose:
    """A Quantity as a dose in mg or mg/kg.

    Raises:
        InputError: no value, a comparator, another unit than one of mass or of mass per body weight.
    """
    value, code = quantity_of(quantity, spot)
    kind = unit(code).kind
    if kind not in ("mass", "dose_per_weight"):
        raise spot.error(f"{code} is {unit(code).says}, and mg is a mass", expected=_DOSE, near="mg")
    if value <= 0:
        raise spot.at("value").error(f"is {value:g}: no dose", expected="a dose above zero")
    per_kg = kind == "dose_per_weight"
    return Dose(convert(value, code, "mg/kg" if per_kg else "mg"), per_kg)


def quantity_of(quantity: Quantity, spot: Spot) -> tuple[float, str]:
    """The value and the UCUM code of its unit.

    Raises:
        InputError: one of them is missing, there is a comparator, or the unit is not accepted.
    """
    if quantity.comparator is not None:
        raise spot.at("comparator").error(f"is '{quantity.comparator}': no single value", expected="a value alone")
    if quantity.value is None:
        raise spot.error("has no value", expected="a value and its unit")
    if quantity.code is not None and quantity.system not in (None, SYSTEM):
        raise spot.at("system").error(f"{shown(quantity.system)} is not UCUM", expected=SYSTEM)
    text = quantity.code or quantity.unit
    if text is None:
        raise spot.error("has no unit", expected="a unit of UCUM")
    try:
        found = unit(text, written=quantity.code is None)
    except InputError as error:
        raise spot.at("code" if quantity.code else "unit").from_(error) from None
    return quantity.value, found.code


def check_route(route: CodeableConcept | None, spot: Spot) -> None:
    """Refuse a route that is not by mouth; none is fine."""
    if route is None:
        return
    known = facts()["oral"]
    coded = any(coding.code in known["codes"] for coding in route.coding)
    if not (coded or any(word.casefold().strip() in known["words"] for word in route.words)):
        said = next(iter(route.words), next((coding.code for coding in route.coding if coding.code), ""))
        raise spot.error(f"{shown(said)} is not known to be by mouth", expected="26643006 of SNOMED CT, or oral")


def _meal(dosage: Dosage, schedule: Schedule, treatment: str, spot: Spot) -> str | None:
    """The meal, where the timing or an instruction says one; instructions that were not read are told."""
    meals = {schedule.meal} - {None}
    words: list[str] = [dosage.patientInstruction] if dosage.patientInstruction else []
    for instruction in dosage.additionalInstruction:
        coded = [facts()["food"][c.code] for c in instruction.coding if c.code in facts()["food"]]
        meals |= set(coded)
        words += [] if coded else list(instruction.words)
    for word in words:
        course = _as_course(f"20 mg once daily {word}", treatment)
        if course is not None and course.meal is not None and replace(course, meal=None) == _PLAIN:
            meals.add(course.meal)
        else:
            spot.note(f"An instruction was not read: {shown(word)}.")
    if len(meals) > 1:
        raise spot.error("says two meals: " + " and ".join(sorted(str(meal) for meal in meals)), expected="one")
    return next(iter(meals), None)


def _from_text(dosage: Dosage, drug: Drug, treatment: str, spot: Spot) -> Step:
    """A Dosage that is words alone: read if it is one course of the regimen language, else refused."""
    if dosage.text is None:
        raise spot.error("says neither how much nor how often", expected="doseAndRate and timing, or a text")
    try:
        phases = parse(dosage.text, treatment)
    except RegimenError as error:
        raise spot.at("text").from_(error) from None
    if len(phases) != 1 or not isinstance(phases[0], Course):
        raise spot.at("text").error("is more than one course", expected="a Dosage for each course")
    course = phases[0]
    if course.product is None:
        course = replace(course, product=drug.product, formulation=drug.formulation)
    elif drug.product is not None and course.formulation != drug.formulation:
        raise spot.at("text").error(f"names another kind of product than {drug.product}", expected="both alike")
    spot.note("A dosage was read from its text alone.")
    return Step(course, None, None, dosage.sequence, spot)


def _check_text(dosage: Dosage, course: Course, count: int | None, treatment: str, spot: Spot) -> None:
    """Where the text can be read, it must not say another dose, schedule, hour, length, meal or product."""
    told = _as_course(dosage.text, treatment) if dosage.text else None
    if told is None:
        if dosage.text:
            spot.note("A dosage has a text that the regimen language does not know: its structure was read.")
        return
    same_mg = abs(told.dose.mg(70.0) - course.dose.mg(70.0)) < 1e-6 and told.dose.per_kg == course.dose.per_kg
    if not same_mg or (told.days, told.times) != (course.days, course.times):
        raise spot.at("text").error("does not say what the structure says", expected="both alike, or one of them")
    if told.meal is not None and course.meal is not None and told.meal != course.meal:
        raise spot.at("text").error("says another meal than the structure", expected="both alike")
    if told.clock_min and course.clock_min and told.clock_min != course.clock_min:
        raise spot.at("text").error("says another hour than the structure", expected="both alike")
    if isinstance(told.length, Length):
        if course.length is None and count is None:
            raise spot.at("text").error("says how long, and the structure does not", expected="both alike, or bounds")
        if course.length is not None and told.length_days != course.length_days:
            raise spot.at("text").error("says another length than the structure", expected="both alike")
    if told.product is not None and told.formulation != course.formulation:
        raise spot.at("text").error("names another kind of product than the structure", expected="both alike")


def _as_course(text: str, treatment: str) -> Course | None:
    try:
        phases = parse(text, treatment)
    except RegimenError:
        return None
    course = phases[0]
    return course if len(phases) == 1 and isinstance(course, Course) else None
