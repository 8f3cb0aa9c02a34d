"""The blocks of a calibration as parts of its page, and what is said of all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anagen.analysis.figure import Figure, Table

from .fitted import FittedRow, far_rows, fit_figures, fitted_rows, outcome_words
from .learnt import Learnt, correlation_table, learnt, learnt_figures, learnt_table, pair_sentence, pairs, quality_table
from .rounded import value_and_range

PAIRS = 8


@dataclass(frozen=True)
class BlockPart:
    """One block of the page."""

    name: str
    title: str
    divergences: int
    rows: Sequence[FittedRow]
    parameters: Sequence[Learnt]
    fits: Sequence[Figure]
    learnt: Sequence[Figure]
    of_studies: Table | None
    far: Sequence[FittedRow]
    pairs: Sequence[str]
    more_pairs: int
    correlation: Table | None
    between: Table | None
    quality: Table

    @property
    def said(self) -> str:
        """The block in one sentence."""
        studies = len({row.study for row in self.rows})
        return (
            f"{len(self.rows)} result{_s(self.rows)} of {studies} stud{'ies' if studies != 1 else 'y'} "
            f"were used to fit {len(self.own)} number{_s(self.own)} of the model{_of_studies(self.parameters)}."
        )

    @property
    def own(self) -> list[Learnt]:
        """Parameters of the model; the others are of the studies."""
        return [p for p in self.parameters if not p.nuisance]

    @property
    def untold(self) -> list[Learnt]:
        """Parameters of which the data told nothing."""
        return [p for p in self.own if p.amount == "nothing"]


def _of_studies(parameters: Sequence[Learnt]) -> str:
    count = sum(p.nuisance for p in parameters)
    return f", and {count} of the studies, such as how an instrument reads" if count else ""


def _s(found: Sequence[Any]) -> str:
    return "" if len(found) == 1 else "s"


def block_parts(result: Mapping[str, Any]) -> list[BlockPart]:
    """The blocks of a calibration's JSON, in its order."""
    return [_block(block) for block in result["blocks"]]


def _block(block: Mapping[str, Any]) -> BlockPart:
    name = str(block["name"])
    key = name.replace("_", "-")
    title = str(block.get("title") or name)
    rows, parameters = fitted_rows(block), learnt(block)
    together = pairs(block, parameters)
    return BlockPart(
        name=key,
        title=title,
        divergences=int(block.get("divergences") or 0),
        rows=rows,
        parameters=parameters,
        fits=fit_figures(key, rows),
        learnt=learnt_figures(key, title, [p for p in parameters if not p.nuisance]),
        of_studies=learnt_table([p for p in parameters if p.nuisance]),
        far=far_rows(rows),
        pairs=[pair_sentence(*pair) for pair in together[:PAIRS]],
        more_pairs=len(together[PAIRS:]),
        correlation=correlation_table(block, parameters),
        between=_between(block),
        quality=quality_table(parameters),
    )


def _between(block: Mapping[str, Any]) -> Table | None:
    found = block.get("between_study") or {}
    rows = []
    for outcome, levels in found.items():
        _, middle, ends = value_and_range(None, levels["p05"], levels["p50"], levels["p95"])
        rows.append([outcome_words(str(outcome), ""), middle, ends])
    if not rows:
        return None
    return Table("how far studies differ: SD of a study's own shift", ["Outcome", "Middle", "90\u202f% range"], rows)


def answer(parts: Sequence[BlockPart]) -> list[str]:
    """What is to be said first: how many results, how many numbers, what was learnt, how well it fits."""
    rows = [row for part in parts for row in part.rows]
    parameters = [p for part in parts for p in part.own]
    studies = len({row.study for row in rows})
    count = {word: sum(p.amount == word for p in parameters) for word in ("much", "something", "nothing")}
    near = len(rows) - sum(len(part.far) for part in parts)
    return [
        f"{len(rows)} result{_s(rows)} of {studies} stud{'ies' if studies != 1 else 'y'} were used to fit "
        f"{len(parameters)} number{_s(parameters)} of the model.",
        f"The results told much of {count['much']}, something of {count['something']}, "
        f"and nothing of {count['nothing']}.",
        f"{near} of {len(rows)} results lie within 2 SDs of the fit.",
    ]
