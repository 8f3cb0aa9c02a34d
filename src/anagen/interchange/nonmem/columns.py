"""The columns that an event table may have: their names, and what may stand in them. First of all stages of reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from anagen.errors import InputError, nearest
from anagen.patient.covariates import covariates

EVENT_COLUMNS = ("ID", "TIME", "AMT", "DV", "EVID", "MDV", "CMT", "II", "ADDL", "SS", "RATE")
DATES = ("DATE", "DAT1", "DAT2", "DAT3")
"""Month, day, year; day, month, year; year, month, day; year, day, month."""
OWN = ("MEAL", "FORM")
"""How the dose was taken, and of what: Anagen's own columns, names or numbers (`MEAL_CODES`, `FORM_CODES`)."""
SEXES = ("SEX", "MALE", "FEMALE")
PREGNANT = ("PREG", "PREGNANT", "PREGNANCY")
COMMENT = "C"
MEAL_CODES = {"0": "fasted", "1": "standard", "2": "high_fat"}
FORM_CODES = {"1": "conventional", "2": "lidose", "3": "micronised"}
COMPARTMENTS = {1: "depot", 2: "central", 3: "peripheral", 4: "metabolite"}
"""Doses go to the depot; observations are isotretinoin in 2 and 4-oxo-isotretinoin in 4, in ng/mL."""

ALIASES = {"WT": "weight_kg", "WEIGHT": "weight_kg", "BW": "weight_kg", "AGE": "age_years", "HT": "height_cm"}
"""Short names of covariates: body weight in kg, age in years, height in cm."""


def covariate_names(treatment: str) -> tuple[str, ...]:
    """The covariates that may be columns: those of a patient.

    >>> "weight_kg" in covariate_names("isotretinoin")
    True
    """
    from anagen.patient.people import _OF_PATIENT

    return tuple(name for name in covariates(treatment) if name in _OF_PATIENT)


def named(place: str, written: Sequence[str], drop: Iterable[str], treatment: str) -> dict[str, str]:
    """The known name of each column, from its name as written; those in `drop` are left out. Case does not matter.

    >>> named("x.csv", ["id", "TIME", "Wt", "STUDY"], ["STUDY"], "isotretinoin")
    {'id': 'ID', 'TIME': 'TIME', 'Wt': 'weight_kg'}

    Raises:
        InputError: a name that is not known, missing, or there twice; a name in `drop` that is no column.
    """
    names = covariate_names(treatment)
    known = {name: name for name in (*EVENT_COLUMNS, *DATES, *OWN, *SEXES, *PREGNANT, COMMENT)}
    known |= ALIASES | {name.upper(): name for name in names if name != "sex"}
    dropped = {name.strip().upper() for name in drop}
    at_hand = [name.strip().upper() for name in written]
    for name in dropped:
        if name not in at_hand:
            raise InputError(
                f"{place}: there is no column {name} to leave out",
                expected="names of columns that are there: " + ", ".join(written),
                nearest=nearest(name, list(written)),
            )
    found: dict[str, str] = {}
    for number, (name, upper) in enumerate(zip(written, at_hand, strict=True), 1):
        if upper in dropped:
            continue
        if not upper:
            raise InputError(f"{place}: column {number} has no name", expected="a name for every column of the header")
        if upper not in known:
            raise InputError(
                f"{place}: column {name.strip()} is not known, and what it means must not be guessed",
                expected=f"{', '.join((*EVENT_COLUMNS, *DATES, *OWN, 'WT', 'AGE', 'SEX', *names))}; or leave it out by "
                f"name: drop=('{name.strip()}',), on the command line --drop {name.strip()}",
                nearest=nearest(upper, list(known), cutoff=0.6),
            )
        if known[upper] in found.values():
            other = next(key for key, value in found.items() if value == known[upper])
            raise InputError(
                f"{place}: columns {other.strip()} and {name.strip()} (column {number}) are the same thing",
                expected="each once; leave one out by name",
            )
        found[name] = known[upper]
    _enough(place, tuple(found.values()))
    return found


def _enough(place: str, names: Sequence[str]) -> None:
    if "ID" not in names:
        raise InputError(
            f"{place}: there is no column ID",
            expected="a header line with names of columns, such as ID,TIME,AMT,DV,EVID,MDV",
            nearest="ID,TIME,AMT,DV,EVID,MDV",
        )
    for group in (DATES, SEXES, PREGNANT):
        both = [name for name in names if name in group]
        if len(both) > 1:
            raise InputError(f"{place}: columns {both[0]} and {both[1]} say the same thing", expected="one of them")
