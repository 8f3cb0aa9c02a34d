"""Results for the tests of this folder, each computed once: few people, few weeks, programs that other tests use."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from anagen import analyse, compare, simulate
from anagen.analysis.page import comparison_page, simulation_page
from anagen.interchange.results.page_file import page_with_record
from anagen.interchange.results.record import record_of
from anagen.patient.patient import HairEvent, Patient

DAILY, HALF = "20 mg once daily with food for 4 weeks", "10 mg once daily for 4 weeks"
FEW: dict[str, Any] = {"people": 20, "weeks": 8}
WHO = Patient(
    weight_kg=61.5,
    sex="male",
    seborrheic_dermatitis="moderate",
    ferritin_ug_per_l=33.0,
    supplements=("zinc",),
    events=(HairEvent("fever", 3, 0.25), HairEvent("surgery", 9)),
)
TABLES = ("csv", "parquet", "arrow")
FORMS = (*TABLES, "json", "html")


@lru_cache(maxsize=8)
def result(command: str) -> Any:
    """A result of each command; that of `simulate` is of a person with everything that can be said."""
    options: dict[str, Any] = {**FEW, "seed": 5}
    if command == "simulate":
        return simulate("isotretinoin", DAILY, WHO, spread="between", assume=("onset-arrest",), **options)
    if command == "compare":
        return compare("isotretinoin", [DAILY, HALF], mode="clinician", **options)
    if command == "analyse":
        return analyse("isotretinoin", [DAILY], **options)
    if command == "daily":
        return simulate("isotretinoin", DAILY, daily=True, first_person=3, **options)
    return simulate("isotretinoin", None, **options)


def write(one: Any, form: str, path: Path, layout: str = "long") -> Path:
    """A result as a file of a form."""
    if form == "html":
        path.write_text(page(one), "utf-8")
        return path
    method: Callable[..., Path] = getattr(one, "to_json_file" if form == "json" else f"to_{form}")
    return method(path) if form == "json" else method(path, layout)


def page(one: Any) -> str:
    """The page as the command line writes it, on a fixed day."""
    from datetime import date

    day = date(2026, 1, 31)
    if hasattr(one, "page"):
        made = one.page(date=day)
    elif hasattr(one, "arms"):
        made = comparison_page(one, one.arms[0].mode, date=day)
    else:
        made = simulation_page(one, one.mode, date=day)
    return page_with_record(made, record_of(one, date=day.isoformat()))
