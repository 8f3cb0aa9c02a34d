"""Limits that need a weight, and what the reader is told about a regimen: assumed meal and length, dose,
capsules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anagen.regimen.course import DEFAULT_WEEKS, Course, Once, Phase
from anagen.regimen.events import DoseEvents

if TYPE_CHECKING:
    from anagen.treatments.products import Product

LABEL_MG_PER_KG = 2.0  # the label's maximum a day, and about where the model stops being valid
REFUSED_MG_PER_KG = 8.0  # beyond anything studied


@dataclass(frozen=True)
class Note:
    """Something the reader must know about a regimen: `level` is `note` or `warn`."""

    id: str
    level: str
    text: str


def largest_day(events: DoseEvents) -> tuple[float, int]:
    """The largest amount in mg taken in any 24 hours (the 24th hour itself not counted), and the index of
    the largest dose among those."""
    ends = np.searchsorted(events.time_h, events.time_h + 24.0 - 1e-6, side="left")
    running = np.concatenate([[0.0], np.cumsum(events.amount_mg)])
    totals = running[ends] - running[:-1]
    first = int(np.argmax(np.round(totals, 6)))
    return float(totals[first]), first + int(np.argmax(events.amount_mg[first : ends[first]]))


def notes_of(
    phases: tuple[Phase, ...], events: DoseEvents, weight_kg: float, products: tuple[Product, ...]
) -> tuple[Note, ...]:
    """The notes of a regimen for a person of `weight_kg`; `products` are those of the treatment."""
    courses = [phase for phase in phases if isinstance(phase, Course)]
    notes: list[Note] = []
    if any(course.meal is None for course in courses):
        notes.append(Note("meal-assumed", "note", "The meal was not said: a standard meal is assumed."))
    if any(course.length is None and not isinstance(course.days, Once) for course in courses):
        text = f"The length was not said: {DEFAULT_WEEKS} weeks are assumed."
        notes.append(Note("duration-assumed", "note", text))
    daily_mg_per_kg = largest_day(events)[0] / weight_kg
    if daily_mg_per_kg > LABEL_MG_PER_KG + 1e-9:
        text = (
            f"{daily_mg_per_kg:.3g} mg/kg in a day is above the label's maximum of "
            f"{LABEL_MG_PER_KG:g} mg/kg; the model is valid up to about that dose."
        )
        notes.append(Note("dose-above-label", "warn", text))
    for course in dict.fromkeys(courses):
        text = _capsules(course, weight_kg, products)
        if text and all(note.text != text for note in notes):
            notes.append(Note("not-marketed", "note", text))
    return tuple(notes)


def _capsules(course: Course, weight_kg: float, products: tuple[Product, ...]) -> str:
    """Why no sum of whole marketed capsules makes the dose; empty where one does, or strengths are not
    known."""
    oral = [product for product in products if product.route == "oral"]
    same_kind = [product for product in oral if product.formulation == course.formulation]
    named = [product for product in same_kind if product.name == course.product and product.all_strengths_mg]
    strengths = sorted({mg for product in (named or same_kind) for mg in product.all_strengths_mg})
    dose_mg = course.dose.mg(weight_kg)
    if not strengths or _is_sum_of(dose_mg, tuple(strengths)):
        return ""
    capsules = f"{course.product} capsules" if named else "marketed capsules"
    return f"{dose_mg:.4g} mg cannot be made from {capsules} (smallest: {strengths[0]:g} mg)"


def _is_sum_of(dose_mg: float, strengths_mg: tuple[float, ...]) -> bool:
    # In steps of 0.1 mg, finer than any capsule differs from another.
    dose = round(dose_mg * 10)
    if abs(dose_mg * 10 - dose) > 1e-6:
        return False
    steps = [round(mg * 10) for mg in strengths_mg]
    reached = [True] + [False] * dose
    for amount in range(1, dose + 1):
        reached[amount] = any(step <= amount and reached[amount - step] for step in steps)
    return reached[dose]
