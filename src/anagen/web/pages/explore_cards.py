"""The regimens of the explorer as cards: what is written, whether it can be read, its controls and its notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.analysis.charts.theme import MARKS
from anagen.errors import AnagenError, InputError
from anagen.regimen.regimen import Regimen
from anagen.safety import Notice, regimen_notices
from anagen.treatments.registry import treatment

from ..controls import Controls

ROOM = {"mg": (2.5, 100.0), "mg/kg": (0.05, 2.0)}
"""Least and most of the slider; the least is also its step. A dose above is typed, and the slider then goes further."""


@dataclass(frozen=True)
class Card:
    """One regimen. `regimen` is None where it cannot be simulated, and `error` says why."""

    place: int
    letter: str
    text: str
    regimen: Regimen | None = None
    controls: Controls | None = None
    notes: tuple[Notice, ...] = ()
    error: AnagenError | None = None

    @property
    def step(self) -> float:
        """The step of the slider and of the buttons beside it, in the unit of the dose."""
        return ROOM.get(self.controls.unit if self.controls else "mg", ROOM["mg"])[0]

    @property
    def most(self) -> float:
        """The end of the slider."""
        if not self.controls:
            return ROOM["mg"][1]
        return max(ROOM.get(self.controls.unit, ROOM["mg"])[1], float(self.controls.dose))


def read_cards(texts: Sequence[str], weight_kg: float | None) -> list[Card]:
    """The cards of some texts for a person of `weight_kg`, or of an unknown one. Letters are those of the results:
    what cannot be simulated has none."""
    found: list[Card] = []
    for place, text in enumerate(texts):
        read = [card.regimen for card in found if card.regimen]
        letter = MARKS[len(read)].letter
        regimen = controls = None
        try:
            regimen = Regimen.from_text(text)
            controls = Controls.of(regimen)
            if regimen in read:
                twin = next(card for card in found if card.regimen == regimen)
                raise InputError(f"the same as regimen {twin.letter}", expected="another dose, meal or length")
            notes = regimen_notices(treatment(regimen.treatment), regimen, weight_kg) if weight_kg else ()
            found.append(Card(place, letter, text, regimen, controls, notes))
        except AnagenError as error:
            found.append(Card(place, "–", text, None, controls, (), error))
    return found
