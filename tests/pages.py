"""Every kind of page that Anagen writes, for the tests that grade pages or open them: each made once per process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from tests.analysis.model_results import calibration_result, validation_result
from tests.analysis.trial_results import trial_result
from tests.diary.examples import TODAY, a_rise

from anagen import Patient, analyse, compare, simulate
from anagen.analysis import comparison_page, simulation_page
from anagen.analysis.calibration_page import calibration_page
from anagen.analysis.card_page import card_page
from anagen.analysis.diary_page import diary_page
from anagen.analysis.model_card.card import model_card
from anagen.analysis.trial_page import trial_page
from anagen.analysis.validation_page import validation_page
from anagen.diary.describe.describe import describe

REGIMENS = (
    "20 mg once daily with food for 24 weeks",
    "10 mg every other day with food for 24 weeks",
    "1.8 mg every 8 hours with food for 24 weeks",
)
PATIENT = Patient(weight_kg=70, seborrheic_dermatitis="moderate")

PAGES: Mapping[str, Callable[[], str]] = {
    "comparison": lambda: comparison_page(compare("isotretinoin", REGIMENS, PATIENT, weeks=52, people=120)),
    "analysis": lambda: analyse("isotretinoin", REGIMENS, PATIENT, weeks=52, people=120).page(),
    "simulation": lambda: simulation_page(simulate("isotretinoin", REGIMENS[0], PATIENT, weeks=52, people=120)),
    "trial": lambda: trial_page(trial_result(3, replicates=5)),
    "validation": lambda: validation_page(validation_result()),
    "calibration": lambda: calibration_page(calibration_result()),
    "card": lambda: card_page(model_card()),
    "diary": lambda: diary_page(describe(a_rise(), PATIENT, today=TODAY, people=400)),
}
"""A new kind of page is one more line here: axe and the school grade then take it up."""
FOR_READERS = [name for name in PAGES if name not in {"validation", "calibration", "card"}]
"""The others are for who judges the model: their own tests say which parts of them all must be able to read."""


@cache
def page(name: str) -> str:
    """The HTML of a page by its name in PAGES."""
    return PAGES[name]()
