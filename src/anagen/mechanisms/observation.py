"""What a person or a doctor counts: a share of the sheds in a comb or a wash, clubs that come with a pull.

Expected counts; drawing whole hairs is left to who needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import jax

from .module import DayEffect, Signals, mechanism

Array = jax.Array


@mechanism
class Observation:
    """`comb_capture`, `wash_capture` (share of the day's sheds), `pull_hairs`; `(people,)`."""

    comb_capture: Array
    wash_capture: Array
    pull_hairs: Array
    outputs: ClassVar[Mapping[str, str]] = {
        "comb_count_60s": "hairs",
        "wash_count": "hairs",
        "pull_test_count": "hairs",
    }

    def initial(self, signals: Signals) -> tuple[tuple[()], Signals]:
        return (), self.shown((), signals)

    def effect(self, concentration: Array) -> None:
        return None

    def shown(self, state: tuple[()], signals: Signals) -> Signals:
        shed = signals["shed_per_day"]
        return {
            "comb_count_60s": self.comb_capture * shed,
            "wash_count": self.wash_capture * shed,
            "pull_test_count": self.pull_hairs * signals["exogen_percent"] / 100,
        }

    def step(self, state: tuple[()], effect: DayEffect | None, signals: Signals) -> tuple[tuple[()], Signals]:
        return (), self.shown((), signals)
