"""What the follicle page shows of a scalp: drawing, counts and a sentence for a week; and all weeks for the script.

The sentence is one template, filled here and, when the slider moves, by the script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from anagen.analysis.charts.phases import NAMES
from anagen.analysis.charts.theme import PHASES
from anagen.analysis.numbers import number
from anagen.analysis.patch.patch import LOOKS

from .follicles_cases import Scalp

SIGNS = dict(zip(LOOKS, "lmsbctekxr", strict=True))
"""One letter for each way to draw a follicle: those of the data for the script, and of the shapes of the template."""
SIGN_OF_PHASE = {"anagen": "l", **{name: sign for name, sign in SIGNS.items() if name in PHASES}}
SENTENCE = (
    "Week {week}: of {all} follicles, {anagen} with a growing hair, {catagen} where growth ends, {resting} with a club "
    "root, {empty} without hair. Hairs that fall a day on the whole scalp: {shed}."
)
SENTENCE_STRUCK = SENTENCE.replace("{catagen}", "{struck} with a struck hair, {catagen}")
TURN = 137
"""Degrees between the ways in which hairs lie that fell from one follicle and from the next."""


@dataclass(frozen=True)
class Row:
    """A phase in the table under a drawing: its shape, its name, how many, and percent as the model has it."""

    name: str
    sign: str
    words: str
    count: int
    percent: str


class View:
    """One scalp in one week, for the template; `json` is the scalp in all weeks, for the script."""

    def __init__(self, scalp: Scalp, week: int) -> None:
        self.scalp, self.week, self.patch = scalp, week, scalp.patch

    @property
    def names(self) -> list[str]:
        """The phases that this scalp ever has."""
        found = [name for name in PHASES if self.scalp.course.phases[name].max() > 0 or self.patch.counts[name].any()]
        return found

    @property
    def hairs(self) -> Iterator[tuple[str, str]]:
        """For each follicle the letter of its shape, and where it stands."""
        places, looks = self.patch.places, self.patch.looks[self.week]
        for x, y, lean, look in zip(*places, looks, strict=True):
            yield SIGNS[LOOKS[int(look)]], f"translate({x:.1f},{y:.1f}) rotate({lean:.0f})"

    @property
    def fallen(self) -> Iterator[tuple[str, str]]:
        """For each hair lost in the week before its shape, and where it lies."""
        places = self.patch.places
        for i, broken in self.patch.fallen(self.week):
            where = f"translate({places.x[i]:.1f},{places.y[i]:.1f}) rotate({i * TURN % 360})"
            yield "broken" if broken else "club", where

    @property
    def rows(self) -> list[Row]:
        """The table under the drawing."""
        patch, week = self.patch, self.week
        return [
            Row(
                name,
                SIGN_OF_PHASE[name],
                NAMES[name].words,
                int(patch.counts[name][week]),
                percent(patch.shares[name][week]),
            )
            for name in self.names
        ]

    @property
    def short(self) -> int:
        """Of the growing hairs, those that are short or not yet seen."""
        return int(self.patch.short[self.week])

    @property
    def fell(self) -> int:
        """Hairs lost in the week before, of the patch."""
        return sum(1 for _ in self.patch.fallen(self.week))

    @property
    def shed(self) -> str:
        """Hairs a day, of the whole scalp."""
        return number(self.patch.shed_per_day[self.week])

    @property
    def density(self) -> str:
        """Visible hairs per cm²."""
        return number(self._density(self.week))

    def _density(self, week: int) -> float:
        return float(self.scalp.density * self.scalp.course.density_percent[7 * week] / 100)

    @property
    def sentence(self) -> str:
        """The week in words."""
        return self.template.format(**self._filled(self.week))

    @property
    def template(self) -> str:
        """The sentence before it is filled."""
        return SENTENCE_STRUCK if "struck" in self.names else SENTENCE

    def _filled(self, week: int) -> dict[str, Any]:
        counts = {name: int(values[week]) for name, values in self.patch.counts.items()}
        return {
            "week": week,
            "all": self.patch.number,
            "resting": counts["telogen"] + counts["exogen"],
            "empty": counts["kenogen"] + counts["repair"],
            "shed": number(self.patch.shed_per_day[week]),
            **counts,
        }

    @property
    def json(self) -> Mapping[str, Any]:
        """All weeks: the letters of week 0, then which follicle changes to which (`12t40k`) and which hairs fell."""
        patch = self.patch
        signs = ["".join(SIGNS[LOOKS[int(look)]] for look in row) for row in patch.looks]
        changes = [
            "".join(f"{i}{new}" for i, (old, new) in enumerate(zip(before, after, strict=True)) if old != new)
            for before, after in pairwise(signs)
        ]
        every = range(patch.weeks + 1)
        return {
            "letter": self.scalp.letter,
            "all": patch.number,
            "sentence": self.template,
            "start": signs[0],
            "changes": ["", *changes],
            "fallen": ["".join(f"{i}{'b' if broken else 'c'}" for i, broken in patch.fallen(w)) for w in every],
            "counts": {name: patch.counts[name].tolist() for name in self.names},
            "percent": {name: [percent(share) for share in patch.shares[name]] for name in self.names},
            "short": patch.short.tolist(),
            "shed": [number(value) for value in patch.shed_per_day],
            "density": [number(self._density(week)) for week in every],
        }


def percent(share: float) -> str:
    """A share in percent with one decimal.

    >>> percent(0.8932)
    '89.3'
    """
    return f"{100 * max(share, 0.0):.1f}"
