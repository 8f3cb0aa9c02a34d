"""Syntax tree -> courses. Which clauses may stand together, and every limit that does not need a weight."""

from __future__ import annotations

from collections.abc import Callable

from anagen.errors import InputError
from anagen.regimen.course import LIMIT_DAYS, Course, Dose, Length, Off, Once, Phase, Until
from anagen.regimen.normalise import number
from anagen.regimen.place import Place
from anagen.regimen.schedule import schedule_of
from anagen.regimen.sequence import endless, refuse_beyond_limit, refuse_endless, refuse_overlap
from anagen.regimen.syntax import Node

LEAST_DOSE = 0.001  # mg or mg/kg

_SLOTS = {
    "fasted": "the meal",
    "meal": "the meal",
    "duration": "the length",
    "until": "the length",
    "product": "the product",
    "clock": "the clock time",
    "division": "the number of doses",
    "weekdays": "the days of the week",
}


def phases_of(tree: Node, text: str, treatment: str, readable: Callable[[str], bool]) -> tuple[Phase, ...]:
    """The courses and pauses of a parsed regimen.

    Raises:
        RegimenError: clauses that contradict each other, overlapping courses, a limit passed.
    """
    place = Place(text, readable)
    phases: list[Phase] = []
    joined: Node | None = None
    for child in tree.parts:
        if child.kind == "separator":
            joined = child
            continue
        part = child.parts[0]
        if joined is not None and joined.parts[0].kind == "AND" and part.kind == phases_kind(phases) == "course":
            refuse_overlap(place, part, joined)
        phase = _off(place, part) if part.kind == "off" else _course(place, part, treatment)
        if phases and isinstance(phases[-1], Course) and endless(phases[-1]):
            refuse_endless(place, phases[-1], phase)
        phases.append(phase)
    for phase, where in ((phases[0], "before the first"), (phases[-1], "after the last")):
        if isinstance(phase, Off):
            raise place.error(
                f"a pause {where} course",
                phase.span,
                "pauses only between two courses",
                place.without(phase.span),
            )
    refuse_beyond_limit(place, phases)
    return tuple(phases)


def phases_kind(phases: list[Phase]) -> str:
    """`course` or `off`: what the last phase read so far is."""
    return "course" if phases and isinstance(phases[-1], Course) else "off"


def _course(place: Place, tree: Node, treatment: str) -> Course:
    dose_tree, *rest = tree.parts
    clauses = [clause for clause in rest if clause.kind != "SOFT_COMMA"]
    seen: dict[str, Node] = {}
    for clause in clauses:
        slot = _SLOTS.get(clause.kind, clause.kind)
        if slot in seen and slot != "a_day":  # two counts a day are weighed together with the other clauses
            said = seen[slot].text
            raise place.error(
                f"{_SLOTS.get(clause.kind, 'how often')} is said twice: `{said}` and `{clause.text}`",
                clause.span,
                f"{_SLOTS.get(clause.kind, 'how often')} once",
                place.without(clause.span),
                place.without(seen[slot].span),
            )
        seen[slot] = clause
    if "as_needed" in seen:
        raise place.error(
            "`as needed` is not a schedule: nothing can be computed from it",
            seen["as_needed"].span,
            "a fixed schedule, such as once daily",
            place.instead(seen["as_needed"].span, "once daily"),
            place.without(seen["as_needed"].span),
        )
    dose = _dose(place, dose_tree)
    product, formulation = _product(place, seen.get("the product"), treatment)
    schedule = schedule_of(place, dose, clauses)
    length = _length_or_until(place, seen.get("the length"))
    if isinstance(schedule.days, Once) and length is not None:
        raise place.error(
            "`once` is a single dose and has no length",
            seen["the length"].span,
            "`once` alone, or how often, such as once daily",
            place.without(seen["the length"].span),
            place.instead(seen["once"].span, "once daily"),
        )
    return Course(
        dose=Dose(dose.value, dose.per_kg, schedule.parts, dose.span),
        days=schedule.days,
        times=schedule.times,
        clock_min=schedule.clock_min,
        meal=_meal(seen.get("the meal")),
        product=product,
        formulation=formulation,
        length=length,
        span=tree.span,
    )


def _dose(place: Place, tree: Node) -> Dose:
    token, unit = tree.parts
    per_kg = unit.parts[0].kind == "MG_PER_KG"
    value = token.value
    at = token.span
    if value <= 0 or token.text[0] in "+-−":
        plain = number(abs(value))
        better = [place.instead(at, plain)] if value else []
        raise place.error(
            "the dose is zero" if value == 0 else f"the dose has a sign: {token.text}",
            at,
            "a dose above zero, without a sign; a pause between courses is written off 4 weeks",
            *better,
            *([] if better else [place.instead(at, "20" if not per_kg else "0.5")]),
        )
    if value < LEAST_DOSE:
        raise place.error(
            f"the dose is too small: {token.text}",
            at,
            f"at least {LEAST_DOSE:g} mg or mg/kg",
            place.instead(at, number(LEAST_DOSE)),
        )
    return Dose(value, per_kg, 1, tree.span)


def _product(place: Place, tree: Node | None, treatment: str) -> tuple[str | None, str]:
    if tree is None:
        return None, "conventional"
    name = tree.parts[1]
    at = name.span
    if name.text.casefold() == treatment.casefold():
        return None, "conventional"
    from anagen.treatments.products import find_product

    try:
        product = find_product(name.text, treatment)
    except InputError as unknown:
        raise place.error(
            unknown.message,
            at,
            unknown.expected or "a product",
            *([place.instead(at, n) for n in unknown.nearest] or [place.without(tree.span)]),
        ) from None
    if product.route != "oral":
        raise place.error(
            f"{product.name} is a {product.form} for the skin, not a capsule",
            at,
            "an oral product, such as of Absorica LD, or none",
            place.without(tree.span),
        )
    return product.name, product.formulation


def _meal(tree: Node | None) -> str | None:
    if tree is None:
        return None
    if tree.kind == "fasted":
        return "fasted"
    return "high_fat" if tree.parts[1].kind == "HIGH_FAT" else "standard"


def _length_or_until(place: Place, tree: Node | None) -> Length | Until | None:
    if tree is None:
        return None
    if tree.kind == "duration":
        return _length(place, tree.parts[1])
    token, unit = tree.parts[1:]
    total = token.value
    if total <= 0:
        at = token.span
        raise place.error("the total dose is not above zero", at, "a total above zero", place.instead(at, "120"))
    return Until(total, unit.parts[0].kind == "MG_PER_KG")


def _length(place: Place, tree: Node) -> Length:
    count, unit = tree.parts
    value, at = count.value, tree.span
    written = tree.text
    if unit.kind == "HOUR":
        days = number(max(1.0, round(value / 24)))
        raise place.error(
            f"a length in hours: {written}",
            at,
            "days, weeks, months or years",
            place.instead(at, f"{days} day" + "s" * (days != "1")),
        )
    length = Length(value, unit.kind.lower())
    if value <= 0 or length.days < 1:
        raise place.error(f"the length is less than a day: {written}", at, "at least 1 day", place.instead(at, "1 day"))
    if length.days > LIMIT_DAYS:
        raise place.error(
            f"the length is beyond 5 years: {written}", at, "at most 5 years", place.instead(at, "5 years")
        )
    return length


def _off(place: Place, tree: Node) -> Off:
    return Off(_length(place, tree.parts[-1]), tree.span)
