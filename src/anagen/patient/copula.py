"""How covariates go together: a Gaussian copula. Pairs with their correlation become a mixing of independent draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Pair = tuple[str, str]
Factor = tuple[tuple[tuple[int, float], ...], ...]
"""For each column, the draws that make it up: (column, weight), no column after itself."""
_LEAST = 1e-9


class NotPositiveDefinite(ValueError):
    """Correlations that no people can have together; `pairs` are those that clash."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        super().__init__("not positive definite")
        self.pairs = tuple(pairs)


def factor(names: Sequence[str], correlations: Mapping[Pair, float]) -> Factor:
    """The Cholesky factor of the correlation matrix of `names`, row by row, without its zeros.

    A column that no pair names keeps its own draw, untouched.

    >>> factor(["a", "b", "c"], {("a", "c"): 0.6})
    (((0, 1.0),), ((1, 1.0),), ((0, 0.6), (2, 0.8)))

    Raises:
        NotPositiveDefinite: names the pairs that hang together with the column that fails.
    """
    place = {name: i for i, name in enumerate(names)}
    matrix = [[1.0 if i == j else 0.0 for j in range(len(names))] for i in range(len(names))]
    for (one, other), rho in correlations.items():
        matrix[place[one]][place[other]] = matrix[place[other]][place[one]] = rho
    rows: list[list[float]] = []
    for i in range(len(names)):
        row: list[float] = []
        for j in range(i):
            rest = matrix[i][j] - math.fsum(row[k] * rows[j][k] for k in range(j))
            row.append(rest / rows[j][j])
        left = 1.0 - math.fsum(weight * weight for weight in row)
        if left < _LEAST:
            raise NotPositiveDefinite(_together(names[i], names[: i + 1], correlations))
        rows.append([*row, math.sqrt(left)])
    return tuple(tuple((j, weight) for j, weight in enumerate(row) if weight != 0.0) for row in rows)


def _together(name: str, among: Sequence[str], correlations: Mapping[Pair, float]) -> list[Pair]:
    """The pairs among these columns that are linked to `name`, directly or through others."""
    inside = [pair for pair in correlations if set(pair) <= set(among)]
    linked = {name}
    while True:
        wider = linked.union(*(pair for pair in inside if linked & set(pair)))
        if wider == linked:
            return [pair for pair in inside if set(pair) <= linked]
        linked = wider
