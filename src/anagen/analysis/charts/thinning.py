"""Which rows of a curve must be drawn: between them a straight line is near enough."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def needed_rows(at: Floats, table: Floats, error: float) -> npt.NDArray[np.intp]:
    """Rows of `table` (rows, columns) at `at` (rows,), the ends among them: lines through them miss no column
    of any row by more than `error`.

    >>> at = np.arange(5.0)
    >>> needed_rows(at, np.array([[0.0], [1], [2], [2], [2]]), 0.1).tolist()
    [0, 2, 4]
    """
    kept = [0, at.size - 1]
    pieces = [(0, at.size - 1)]
    while pieces:
        first, last = pieces.pop()
        inner = np.arange(first + 1, last)
        if not inner.size:
            continue
        part = ((at[inner] - at[first]) / (at[last] - at[first]))[:, None]
        misses = np.abs(table[first] + part * (table[last] - table[first]) - table[inner]).max(1)
        if misses.max() > error:
            worst = int(inner[misses.argmax()])
            kept.append(worst)
            pieces += [(first, worst), (worst, last)]
    return np.array(sorted(kept))
