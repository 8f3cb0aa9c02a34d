"""The regimen room: text in, courses and dose events out. Language: `docs/regimen-language.md`."""

from anagen.regimen.checks import Note
from anagen.regimen.course import (
    FORMULATIONS,
    MEALS,
    Course,
    Dose,
    EveryDays,
    EveryHours,
    Length,
    Off,
    Once,
    OnWeekdays,
    TimesAWeek,
    Until,
)
from anagen.regimen.events import DoseEvents
from anagen.regimen.regimen import Regimen

__all__ = [
    "FORMULATIONS",
    "MEALS",
    "Course",
    "Dose",
    "DoseEvents",
    "EveryDays",
    "EveryHours",
    "Length",
    "Note",
    "Off",
    "OnWeekdays",
    "Once",
    "Regimen",
    "TimesAWeek",
    "Until",
]
