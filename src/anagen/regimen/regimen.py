"""A regimen: what is taken, how much, how often and how long. The first stage of the flow; the next is
exposure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from anagen.errors import InputError, RegimenError, Where
from anagen.regimen.checks import LABEL_MG_PER_KG, REFUSED_MG_PER_KG, Note, largest_day, notes_of
from anagen.regimen.course import Course, Phase, Span
from anagen.regimen.events import DoseEvents, dose_events
from anagen.regimen.misread import EXAMPLE, LONGEST
from anagen.regimen.normalise import phases_text

if TYPE_CHECKING:
    from datetime import date

    import polars


@dataclass(frozen=True)
class Regimen:
    """Courses and pauses in order. Made from text; equal and hashable by meaning, not by wording.

    >>> regimen = Regimen.from_text("20 mg daily with food for 24 weeks")
    >>> regimen.text
    '20 mg once daily with a standard meal for 24 weeks'
    >>> regimen == Regimen.from_text("20 MG  qd with a meal for 24 wks.")
    True
    """

    courses: tuple[Phase, ...]
    treatment: str = "isotretinoin"
    source: str = field(default="", compare=False, repr=False)

    @classmethod
    def from_text(cls, text: str, treatment: str = "isotretinoin") -> Regimen:
        """Read a regimen in the regimen language (`docs/regimen-language.md`).

        Args:
            text: for example `"10 mg every other day with food for 6 months"`; at most 2,000 characters.
            treatment: whose brand names may be named (`of Absorica LD`).

        Raises:
            RegimenError: the text cannot be read or must not be; says where, what was expected, and the
                nearest valid form.
            InputError: no such treatment.

        >>> Regimen.from_text("10 mg qod for 6 months").text
        '10 mg every other day for 6 months'
        """
        from anagen.regimen.parse import parse
        from anagen.treatments.registry import known_treatment

        known_treatment(treatment)
        regimen = cls(parse(text, treatment), treatment, text)
        if len(regimen.text) > LONGEST:  # what is printed must be readable again
            raise RegimenError(
                f"too many courses: written out they are {len(regimen.text):,} characters",
                expected=f"at most {LONGEST:,} characters",
                nearest=EXAMPLE,
            )
        if all(phase.length_days is not None for phase in regimen.courses):
            dose_events(regimen.courses, 1.0, regimen._refuse)  # every course must hold a dose, at any weight
        return regimen

    @property
    def text(self) -> str:
        """The normalised text; reading it again gives an equal regimen."""
        return phases_text(self.courses)

    def to_text(self) -> str:
        """The twin of `from_text`: the normalised text.

        >>> Regimen.from_text("10 mg qod for 6 months").to_text()
        '10 mg every other day for 6 months'
        """
        return self.text

    def to_nonmem(self, weight_kg: float) -> polars.DataFrame:
        """The doses of a person of `weight_kg` (kg) as a NONMEM-style event table (`docs/nonmem.md`).

        Raises as `events`.

        >>> Regimen.from_text("20 mg once daily for 4 weeks").to_nonmem(70).select("AMT", "II", "ADDL").rows()
        [(20.0, 24.0, 27)]
        """
        from anagen.interchange.nonmem.writing import regimen_frame

        return regimen_frame(self, weight_kg)

    def to_fhir(self, start: date | str | None = None, weight_kg: float | None = None) -> str:
        """A Bundle of FHIR R4 as JSON: a draft plan for a simulated person (`docs/fhir.md`).

        Args:
            start: the day of the first dose; needed where there is a pause, or a second product.
            weight_kg: body weight in kg; needed where a course ends with a total.

        Raises:
            InputError: one of these is missing, or R4 cannot say the regimen.

        >>> import json
        >>> bundle = json.loads(Regimen.from_text("20 mg once daily for 4 weeks").to_fhir())
        >>> bundle["entry"][0]["resource"]["dosageInstruction"][0]["timing"]["repeat"]["frequency"]
        1
        """
        from anagen.interchange.fhir.writing import regimen_text

        return regimen_text(self, start, weight_kg)

    def __str__(self) -> str:
        return self.text

    def events(self, weight_kg: float) -> DoseEvents:
        """Every single dose of a person of `weight_kg` (kg): hours since the first dose, mg, meal,
        formulation.

        Raises:
            RegimenError: more than 8 mg/kg in any 24 hours; `until` a total not reached within 5 years.
            InputError: a weight that is not a positive number.

        >>> Regimen.from_text("10 mg at 08:00, 14:00 and 20:00 for 1 day").events(70).time_h.tolist()
        [0.0, 6.0, 12.0]
        """
        weight_kg = _weight(weight_kg)
        events = dose_events(self.courses, weight_kg, self._refuse)
        day_mg, dose = largest_day(events)
        if day_mg / weight_kg > REFUSED_MG_PER_KG + 1e-9:
            course = self.courses[events.course[dose]]
            assert isinstance(course, Course)
            raise self._refuse(
                f"the daily dose is {day_mg / weight_kg:.3g} mg/kg ({day_mg:,.6g} mg in 24 h for {weight_kg:g} kg)",
                course,
                f"at most {REFUSED_MG_PER_KG:g} mg/kg in any 24 h; the label's maximum is "
                f"{LABEL_MG_PER_KG:g} mg/kg "
                f"({LABEL_MG_PER_KG * weight_kg:.4g} mg for {weight_kg:g} kg)",
                _tenfold_less(course, day_mg / weight_kg),
                course.dose.span,
            )
        return events

    def notes(self, weight_kg: float) -> tuple[Note, ...]:
        """What the reader must be told: what was assumed, a dose above the label, doses no capsule makes.

        Ids: `meal-assumed`, `duration-assumed`, `not-marketed` (level note), `dose-above-label` (level warn).
        Raises as `events` does.

        >>> [note.id for note in Regimen.from_text("20 mg once daily with food").notes(70)]
        ['duration-assumed']
        """
        from anagen.treatments.products import load_products

        return notes_of(self.courses, self.events(weight_kg), _weight(weight_kg), load_products(self.treatment))

    def _refuse(
        self, message: str, course: Course, expected: str, nearest: Course, span: Span | None = None
    ) -> RegimenError:
        # A regimen that was not made from text has no places to point at but its beginning.
        start, end = span or course.span
        where = Where(self.source or self.text, start, max(1, end - start))
        phases = tuple(nearest if phase is course else phase for phase in self.courses)
        return RegimenError(message, where=where, expected=expected, nearest=phases_text(phases))


def _tenfold_less(course: Course, mg_per_kg: float) -> Course:
    # A dose far too large is most often a decimal point lost; no other dose is proposed.
    value = course.dose.value
    while mg_per_kg > LABEL_MG_PER_KG:
        value, mg_per_kg = value / 10, mg_per_kg / 10
    return replace(course, dose=replace(course.dose, value=float(f"{value:.12g}")))


def _weight(weight_kg: float) -> float:
    try:
        weight = float(weight_kg)
    except (TypeError, ValueError):
        weight = math.nan
    if not (math.isfinite(weight) and weight > 0):
        raise InputError(f"not a body weight: {weight_kg!r}", expected="a body weight in kg, such as 70")
    return weight
