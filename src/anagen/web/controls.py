"""A regimen as controls: dose, how often, meal, product and length, and the text that means the same.

The text is the regimen; controls are another way to write it. Where a text says more than they can, there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from anagen.regimen.course import DAYS_IN, Course, Dose, Once, Until
from anagen.regimen.normalise import number, phase_text
from anagen.regimen.regimen import Regimen
from anagen.treatments.products import load_products

OFTEN = {
    "once daily": "once a day",
    "twice daily": "twice a day",
    "three times daily": "three times a day",
    "daily in two doses": "the day's dose in two parts",
    "every 12 h": "every 12 hours",
    "every 8 h": "every 8 hours",
    "every other day": "every other day",
    "every 3 days": "every 3 days",
    "every 4 days": "every 4 days",
    "6 times a week": "6 days a week",
    "5 times a week": "5 days a week",
    "four times a week": "4 days a week",
    "three times a week": "3 days a week",
    "twice a week": "2 days a week",
    "once a week": "once a week",
    "once": "one single dose",
}
"""How often, in the regimen language, and as a person says it."""
MEALS = {
    "": "not said (standard assumed)",
    "with a standard meal": "with a standard meal",
    "with a high-fat meal": "with a high-fat meal",
    "fasted": "on an empty stomach",
}
UNITS = ("mg", "mg/kg")
LENGTH_UNITS = {unit: f"{unit}s" for unit in DAYS_IN}
SINGLE = "once"
_MEAL_WORDS = {None: "", "standard": "with a standard meal", "high_fat": "with a high-fat meal", "fasted": "fasted"}


@dataclass(frozen=True)
class Controls:
    """The places of the controls, as they are filled in; nothing is checked before the text is read.

    >>> Controls("20", "mg", "once daily", meal="with a standard meal", length="24").text
    '20 mg once daily with a standard meal for 24 weeks'
    """

    dose: str
    unit: str
    often: str
    meal: str = ""
    product: str = ""
    length: str = ""
    length_unit: str = "week"

    @classmethod
    def of(cls, regimen: Regimen) -> Controls | None:
        """The controls that say the same; None where the text says more: several courses, a total, clock times.

        >>> Controls.of(Regimen.from_text("0.5 mg/kg bid fasted for 6 months")).often
        'twice daily'
        >>> Controls.of(Regimen.from_text("20 mg daily for 8 weeks, 10 mg daily for 8 weeks")) is None
        True
        """
        course = regimen.courses[0]
        if len(regimen.courses) > 1 or not isinstance(course, Course) or course.clock_min:
            return None
        length = course.length
        if isinstance(length, Until):
            return None
        return cls(
            dose=number(course.dose.value),
            unit=UNITS[course.dose.per_kg],
            often=_often(course),
            meal=_MEAL_WORDS[course.meal],
            product=course.product or "",
            length=number(length.value) if length else "",
            length_unit=length.unit if length else "week",
        )

    @classmethod
    def sent(cls, fields: Mapping[str, str]) -> Controls | None:
        """As a form sent them; None where it had no controls."""
        if "often" not in fields:
            return None
        names = ("dose", "unit", "often", "meal", "product", "length", "length_unit")
        return cls(**{name: " ".join(fields.get(name, "").split()) for name in names})

    @property
    def text(self) -> str:
        """The regimen in words; an empty place is left out, and a single dose has no length."""
        length = f"for {self.length} {LENGTH_UNITS.get(self.length_unit, 'weeks')}" if self.length else ""
        words = [
            f"{self.dose} {self.unit}",
            f"of {self.product}" if self.product else "",
            self.often,
            self.meal,
            "" if self.often == SINGLE else length,
        ]
        return " ".join(word for word in words if word).strip()

    def in_unit(self, unit: str, weight_kg: float) -> Controls:
        """The same amount for a person of `weight_kg`, rounded: to 0.01 mg/kg, or to 0.5 mg.

        >>> Controls("20", "mg", "once daily").in_unit("mg/kg", 70.0).dose
        '0.29'
        """
        try:
            mg = Dose(float(self.dose), self.unit == "mg/kg").mg(weight_kg)
        except ValueError:
            return replace(self, unit=unit)
        dose = max(0.01, round(mg / weight_kg, 2)) if unit == "mg/kg" else max(0.5, round(2 * mg) / 2)
        return replace(self, unit=unit, dose=number(dose))

    @property
    def choices(self) -> Mapping[str, str]:
        """How often: the usual choices, and what the text says where that is another."""
        return OFTEN if self.often in OFTEN else {**OFTEN, self.often: self.often}


def product_choices(treatment: str) -> Mapping[str, str]:
    """Products that are swallowed, by name, with what their capsule is where it is another than the usual kind."""
    oral = sorted((p for p in load_products(treatment) if p.route == "oral"), key=lambda p: p.name.casefold())
    said = {p.name: p.name + (f" ({p.formulation})" if p.formulation != "conventional" else "") for p in oral}
    return {"": "any usual capsule", **said}


def _often(course: Course) -> str:
    """How often, in the words of the regimen language."""
    if isinstance(course.days, Once):
        return SINGLE
    bare = replace(course, dose=Dose(1.0, False, course.dose.parts), product=None, meal=None, length=None)
    said = phase_text(bare).removeprefix("1 mg").strip()
    return said.replace("/day in", "daily in", 1) if said.startswith("/day in") else said
