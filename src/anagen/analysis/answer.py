"""The one sentence at the top: the treatment's own words (`answer` in `page.toml`), filled from the arms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from anagen.simulation.result import Simulation

from .arms import Column
from .facts import chance
from .numbers import count_of, denominator, listed, number, with_unit


class _Filled(dict[str, str]):
    """Words for `{chance[...]}` and `{change[...]}` in a sentence of `page.toml`, made when asked for."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: str) -> str:
        return self.make(key)


def answer(
    arms: Sequence[Simulation],
    untreated: Simulation | None,
    shown: Sequence[Column],
    data: Mapping[str, Any],
    weeks: int,
) -> str:
    """The one sentence at the top."""

    def chances(name: str) -> str:
        shares = [chance(arm, name) for arm in arms]
        none = [chance(untreated, name)] if untreated else []
        of = denominator([*shares, *none])
        parts = [f"{count_of(share, of)}{c.said or ' with treatment'}" for share, c in zip(shares, shown, strict=True)]
        return listed([*parts, *(f"{count_of(share, of)} without treatment" for share in none)])

    def changes(name: str) -> str:
        parts = []
        for arm, column in zip(arms, shown, strict=True):
            outcome = arm.outcomes[name]
            low, high = sorted((-outcome["p05"], -outcome["p95"]))
            parts.append(
                f"{with_unit(number(-outcome['p50']), outcome['unit'])}{column.said} ({number(low)} to {number(high)})"
            )
        return listed(parts)

    sentence = data.get("answer", "")
    return str(sentence).format(weeks=weeks, chance=_Filled(chances), fall=_Filled(changes))
