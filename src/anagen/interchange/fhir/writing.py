"""A regimen, doses and measurements -> a Bundle of FHIR R4, which `from_fhir` reads back. The pregnancy box is first.

What is written is a plan for a simulated person: status draft, intent plan, tagged as test data, so that no system
takes it for an order.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from itertools import groupby
from typing import Any

from anagen.errors import InputError, RegimenError
from anagen.interchange.ucum.table import SYSTEM
from anagen.regimen.course import DEFAULT_CLOCK_MIN, Course, Off, Once, OnWeekdays, Until
from anagen.regimen.events import dose_events
from anagen.regimen.normalise import phase_text
from anagen.regimen.regimen import Regimen
from anagen.safety import pregnancy_notice

from .drug import facts
from .entries import Administration, Measurement
from .moments import YEARS, Moment, day_of
from .timing_out import plain, timing_of

_START = "the day of the first dose as start (--start), such as 2026-03-02"
SNOMED = "http://snomed.info/sct"
_TEST_DATA = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
_SUBJECT = {"display": "a simulated person"}
_MEALS = {"standard": "with a standard meal", "high_fat": "with a high-fat meal", "fasted": "fasted"}


def regimen_text(regimen: Regimen, start: date | str | None = None, weight_kg: float | None = None) -> str:
    """A regimen as a Bundle of MedicationRequests, as JSON.

    Args:
        start: the day of the first dose; needed where the regimen has a pause or changes its product.
        weight_kg: body weight; needed where a course ends with a total (`until 120 mg/kg`).

    Raises:
        InputError: FHIR R4 cannot say it, or what it needs is missing.
    """
    return bundle_text(regimen, _day(start), weight_kg, treatment=regimen.treatment)


def bundle_text(
    regimen: Regimen | None,
    start: Moment | None = None,
    weight_kg: float | None = None,
    administrations: Sequence[Administration] = (),
    measurements: Sequence[Measurement] = (),
    *,
    treatment: str,
) -> str:
    """A Bundle of everything, as JSON; raises as `regimen_text`."""
    resources = _requests(regimen, None if start is None else day_of(start), weight_kg) if regimen else []
    resources += [_administration(one, treatment) for one in administrations]
    resources += [_observation(one) for one in measurements]
    entries = []
    for k, resource in enumerate(resources):
        kind = resource.pop("resourceType")
        whole = {"resourceType": kind, "id": f"{kind.lower()}-{k + 1}", **resource}
        name = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(whole, sort_keys=True))
        entries.append({"fullUrl": f"urn:uuid:{name}", "resource": whole})
    bundle = {"resourceType": "Bundle", "meta": {"tag": [_TEST_DATA]}, "type": "collection"}
    return json.dumps(bundle | ({"entry": entries} if entries else {}), ensure_ascii=False, indent=1) + "\n"


def _requests(regimen: Regimen, start: date | None, weight_kg: float | None) -> list[dict[str, Any]]:
    """A request for each run of courses of one product."""
    phases, until = regimen.courses, any(isinstance(getattr(p, "length", None), Until) for p in regimen.courses)
    courses = [phase for phase in phases if isinstance(phase, Course)]
    runs = [[*run] for _, run in groupby(courses, key=lambda course: (course.product, course.formulation))]
    if start is None and len(courses) < len(phases):
        raise InputError("FHIR R4 says a pause only by dates", expected=_START)
    if start is None and len(runs) > 1:
        raise InputError("FHIR R4 orders two products only by dates", expected=_START)
    if until and weight_kg is None:
        raise InputError("FHIR R4 says a total only as a number of doses", expected="the body weight (weight_kg)")
    if weight_kg is not None:
        regimen.events(weight_kg)  # beyond its limits it is refused there
    clocked = len(courses) > 1 and any(course.clock_min for course in courses)
    first = (courses[0].clock_min or (DEFAULT_CLOCK_MIN,))[0] if clocked or courses[0].clock_min else None
    dosages: list[dict[str, Any]] = []
    begins, calendar = 0, False
    for k, phase in enumerate(phases):
        if isinstance(phase, Off):
            begins += phase.length_days
            continue
        day = None if start is None else start + timedelta(days=begins)
        if day is not None and isinstance(phase.days, OnWeekdays) and not calendar:
            calendar = True
            _check_weekday(day, phase.days, begins)
        count = days = None
        if isinstance(phase.length, Until):
            assert weight_kg is not None
            events = dose_events(phases[: k + 1], weight_kg, _refuse)
            count, days = int((events.course == k).sum()), int(events.course_days) - begins
        elif phase.length is not None or isinstance(phase.days, Once):
            days = phase.length_days
        shown = first if clocked or len(courses) > 1 else None
        timing = timing_of(phase, start=day, days=days, count=count, first_clock=shown)
        dosages.append({"sequence": len(dosages) + 1, **_dosage(phase, timing)})
        begins += days or 0
    return [_request(regimen, run, [dosages.pop(0) for _ in run]) for run in runs]


def _dosage(course: Course, timing: dict[str, Any]) -> dict[str, Any]:
    instruction: dict[str, Any] = {}
    if course.meal is not None:
        concept: dict[str, Any] = {"text": _MEALS[course.meal]}
        if course.meal == "standard":
            concept = {"coding": [{"system": SNOMED, "code": "311504000", "display": "With or after food"}], **concept}
        instruction = {"additionalInstruction": [concept]}
    unit = "mg/kg" if course.dose.per_kg else "mg"
    dose = {"value": plain(course.dose.value / course.dose.parts), "unit": unit, "system": SYSTEM, "code": unit}
    return {
        "text": phase_text(course),
        **instruction,
        "timing": timing,
        "route": {"coding": [{"system": SNOMED, "code": "26643006", "display": "Oral route"}], "text": "oral"},
        "doseAndRate": [{"doseQuantity": dose}],
    }


def _request(regimen: Regimen, run: list[Course], dosages: list[dict[str, Any]]) -> dict[str, Any]:
    words = ", then ".join(dosage["text"] for dosage in dosages)
    return {
        "resourceType": "MedicationRequest",
        **_boxed(f"{regimen.treatment}: {words}", regimen.treatment),
        "status": "draft",
        "intent": "plan",
        "medicationCodeableConcept": _medication(regimen.treatment, run[0].product),
        "subject": _SUBJECT,
        "note": [{"text": _box(regimen.treatment)}],
        "dosageInstruction": dosages,
    }


def _medication(treatment: str, product: str | None) -> dict[str, Any]:
    told = facts().get(treatment)
    coded = {"coding": [dict(entry, display=told["display"]) for entry in told["write"]]} if told else {}
    return {**coded, "text": product or treatment}


def _administration(given: Administration, treatment: str) -> dict[str, Any]:
    taken = given.dose_mg > 0
    dose = {"value": plain(given.dose_mg), "unit": "mg", "system": SYSTEM, "code": "mg"}
    words = f"{treatment}, {given.when}: " + (f"{plain(given.dose_mg)} mg" if taken else "not taken")
    return {
        "resourceType": "MedicationAdministration",
        **_boxed(words, treatment),
        "status": "completed" if taken else "not-done",
        "medicationCodeableConcept": _medication(treatment, given.product),
        "subject": _SUBJECT,
        "effectiveDateTime": given.when.isoformat(),
        **({"dosage": {"dose": dose}} if taken else {}),
    }


def _observation(seen: Measurement) -> dict[str, Any]:
    def quantity(value: float) -> dict[str, Any]:
        return {"value": plain(value), "unit": seen.unit, "system": SYSTEM, "code": seen.unit}

    ends = {name: quantity(value) for name, value in (("low", seen.low), ("high", seen.high)) if value is not None}
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": seen.loinc}], "text": seen.name},
        "subject": _SUBJECT,
        "effectiveDateTime": seen.when.isoformat(),
        "valueQuantity": quantity(seen.value),
        **({"referenceRange": [ends]} if ends else {}),
    }


def _boxed(words: str, treatment: str) -> dict[str, Any]:
    """The tag that says test data, and the text for people: the box, then what it is."""
    box = f"<p><b>{escape(_box(treatment))}</b></p>"
    about = f"<p>{escape(words)}</p><p>Written by Anagen for a simulated person. It is no prescription.</p>"
    div = f'<div xmlns="http://www.w3.org/1999/xhtml">{box}{about}</div>'
    return {"meta": {"tag": [_TEST_DATA]}, "text": {"status": "generated", "div": div}}


def _box(treatment: str) -> str:
    notice = pregnancy_notice(treatment)
    return f"{notice['title']}. {notice['text']}"


def _day(start: date | str | None) -> date | None:
    if start is None:
        return None
    try:
        day = date.fromisoformat(start) if isinstance(start, str) else day_of(start)
    except ValueError:
        raise InputError(f"not a day: '{str(start)[:40]}'", expected="a date such as 2026-03-02") from None
    if day.year not in YEARS:
        raise InputError(f"{day} is no year that can be meant", expected=f"{YEARS[0]} to {YEARS[-1]}")
    return day


def _check_weekday(day: date, days: OnWeekdays, begins: int) -> None:
    late = (days.days[0] - day.weekday()) % 7
    if late:
        fit = day + timedelta(days=late - begins)
        raise InputError(
            f"a course on named days begins with the first of its week, and {day} is no such day",
            expected="a start from which it does",
            nearest=fit.isoformat(),
        )


def _refuse(message: str, *_: object) -> RegimenError:
    return RegimenError(message)
