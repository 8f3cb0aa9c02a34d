"""Which mechanism is written by what: one SBML writer for each class. A new mechanism needs a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anagen.errors import InputError
from anagen.mechanisms.anagen_exit import AnagenExit
from anagen.mechanisms.anchorage import Anchorage
from anagen.mechanisms.creatine_kinase import CreatineKinase
from anagen.mechanisms.dermatitis import Dermatitis
from anagen.mechanisms.follicles import Follicles
from anagen.mechanisms.liver_reaction import LiverReaction
from anagen.mechanisms.observation import Observation
from anagen.mechanisms.onset_arrest import OnsetArrest
from anagen.mechanisms.sebum import Sebum
from anagen.mechanisms.side_effects import SideEffects
from anagen.mechanisms.turnover import Turnover

from .sbml_dermatitis import write_dermatitis
from .sbml_enzymes import write_creatine_kinase, write_liver_reaction
from .sbml_exit import write_anagen_exit, write_anchorage, write_onset_arrest
from .sbml_follicles import write_follicles
from .sbml_model import Model
from .sbml_observation import write_observation
from .sbml_sebum import write_sebum
from .sbml_side_effects import write_side_effects
from .sbml_turnover import write_turnover

Writer = Callable[[Model, Any, int], None]


def _without_days(write: Callable[[Model, Any], None]) -> Writer:
    return lambda model, block, days: write(model, block)


WRITERS: Mapping[type, Writer] = {
    Sebum: _without_days(write_sebum),
    Dermatitis: _without_days(write_dermatitis),
    Turnover: _without_days(write_turnover),
    LiverReaction: _without_days(write_liver_reaction),
    CreatineKinase: _without_days(write_creatine_kinase),
    SideEffects: _without_days(write_side_effects),
    AnagenExit: _without_days(write_anagen_exit),
    OnsetArrest: _without_days(write_onset_arrest),
    Anchorage: _without_days(write_anchorage),
    Follicles: write_follicles,
    Observation: _without_days(write_observation),
}
"""By class of the mechanism: (model, mechanism of one person, days that the file is to run)."""


def write_mechanism(model: Model, block: Any, days: int) -> None:
    """Write one mechanism.

    Raises:
        InputError: a mechanism that has no SBML writer.
    """
    if type(block) not in WRITERS:
        raise InputError(
            f"the mechanism '{type(block).__name__}' has no SBML form",
            expected="mechanisms among " + ", ".join(sorted(kind.__name__ for kind in WRITERS)),
        )
    WRITERS[type(block)](model, block, days)
