"""Which follicle it is: each goes its own way round, and the one that has been longest in its phase goes on first.

How long a phase takes is drawn for each follicle from the model's own law (as many exponential stages as it has there),
and who is farthest in it leaves first. The number that leave is given (`moves`), so the law only says who.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anagen.analysis.effluvia.courses import PHASES
from anagen.mechanisms.pools import ANAGEN, CATAGEN, EXOGEN, KENOGEN, REPAIR, STRUCK, TELOGEN

from .moves import AT, Moves, Whole

STAGES = dict(zip(PHASES, (ANAGEN, CATAGEN, TELOGEN, EXOGEN, KENOGEN, STRUCK, REPAIR), strict=True))
KEPT, CLUB, BROKEN = 0, 1, 2
"""What became of a hair in a week: nothing, it fell with its club root, its shaft broke."""
FULL_GROWN = 26
"""Weeks of growth after which a hair is drawn at full length; a hair younger than this leaves anagen last."""


class Stories(NamedTuple):
    """Each `(weeks + 1, follicles)`: place in `PHASES`; age of the hair in whole weeks; `KEPT`, `CLUB` or `BROKEN`."""

    phase: Whole
    age: Whole
    lost: Whole


def stories(start: Whole, moves: Sequence[Moves], mean_weeks: Mapping[str, float], rng: np.random.Generator) -> Stories:
    """Follicles through the weeks. `start` (phases,): how many are where in week 0; `mean_weeks` of each phase."""
    scalp = _Scalp(start, mean_weeks, rng)
    rows = [scalp.row(0)]
    for week, these in enumerate(moves, 1):
        scalp.week(week, these)
        rows.append(scalp.row(week))
    phase, age, lost = (np.array(part, np.int64) for part in zip(*rows, strict=True))
    return Stories(phase, age, lost)


class _Scalp:
    """Follicles as they stand: phase, week in which it began and how long it takes, week in which the hair was born."""

    def __init__(self, start: Whole, mean_weeks: Mapping[str, float], rng: np.random.Generator) -> None:
        self.rng, self.mean = rng, mean_weeks
        self.phase = rng.permutation(np.repeat(np.arange(start.size), start))
        size = self.phase.size
        self.lasts = np.empty(size)
        for place, name in enumerate(PHASES):
            here = self.phase == place
            # Long phases are the likelier to be found in, so that one more stage is drawn.
            self.lasts[here] = self._lasts(name, int(here.sum()), STAGES[name] + 1)
        self.entered = -rng.random(size) * self.lasts
        self.born = np.where(self.phase == AT["anagen"], self.entered, -float(FULL_GROWN))
        self.lost = np.full(size, KEPT)

    def _lasts(self, name: str, number: int, stages: int) -> npt.NDArray[np.float64]:
        return self.rng.gamma(stages, self.mean[name] / STAGES[name], number)

    def row(self, week: int) -> tuple[Whole, Whole, Whole]:
        return self.phase.copy(), np.floor(week - self.born).astype(np.int64), self.lost.copy()

    def week(self, week: int, these: Moves) -> None:
        """One week's moves. A second round is for those who must go past where the first began; what is left then goes
        round a part of the cycle where nobody is, and changes no count."""
        self.lost[:] = KEPT
        again = these.shed - these.kenogen
        left = [
            ("anagen", "struck", these.struck),
            ("anagen", "catagen", these.catagen),
            ("catagen", "telogen", these.telogen),
            ("telogen", "exogen", these.exogen),
            ("exogen", "kenogen", these.kenogen),
            ("exogen", "anagen", again),
            ("struck", "repair", these.broken),
            ("kenogen", "anagen", these.out_of_kenogen),
            ("repair", "anagen", these.repaired),
        ]
        before = -1
        while (ahead := sum(number for *_, number in left)) and ahead != before:
            before = ahead
            left = [(old, new, number - self._go(old, new, number, week)) for old, new, number in left]

    def _go(self, old: str, new: str, number: int, week: int) -> int:
        """As many as there are of `number` go on; gives how many went."""
        if not number:
            return 0
        here = np.flatnonzero(self.phase == AT[old])
        far = (week - self.entered[here]) / self.lasts[here]
        if old == "anagen":
            far += 1e6 * (week - self.born[here] >= FULL_GROWN)
        chosen = here[np.argsort(-far, kind="stable")[:number]]
        self._enter(chosen, new, week)
        if old in ("exogen", "struck"):
            self.lost[chosen] = CLUB if old == "exogen" else BROKEN
        return int(chosen.size)

    def _enter(self, chosen: Whole, name: str, week: int) -> None:
        self.phase[chosen], self.entered[chosen] = AT[name], week
        self.lasts[chosen] = self._lasts(name, chosen.size, STAGES[name])
        if name == "anagen":
            self.born[chosen] = week
