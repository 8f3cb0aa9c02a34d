"""Fixed bins for any number: which bin a value lies in, and the edges of each bin. Histograms of a trial count them.

A bin is the top of a float32: its exponent and seven bits after it, rounded. So there are 128 bins to a doubling, each
0.4 to 0.8 % wide, and every whole number up to 256 has its own. The number of a bin has the sign of its
values; 0 holds zero and all nearer to it than `SMALLEST`; `TOP + 1` holds infinity.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]

SMALLEST, LARGEST = 2.0**-20, 2.0**24
"""What is nearer to 0 counts as 0 (but for the rounding of the first bin); what is beyond counts in the last bin."""
ERROR = 1 / 128
"""Two values of one bin differ by at most this share of the smaller."""

_DROPPED = 16  # bits of a float32 that do not tell bins apart: 23 of the fraction, less 7
_HALF = 1 << (_DROPPED - 1)
_MAGNITUDE, _INFINITE = 0x7FFFFFFF, 0x7F800000


def _top_bits(value: float) -> int:
    return (int(np.float32(value).view(np.int32)) + _HALF) >> _DROPPED


_ZERO = _top_bits(SMALLEST) - 1
TOP = _top_bits(LARGEST) - _ZERO


def codes(values: npt.NDArray[Any]) -> tuple[Codes, npt.NDArray[np.bool_] | None]:
    """The bin of each value, and which values are NaN (None where none is; their bin means nothing).

    >>> codes(np.array([0.0, 1.0, -1.0, 1e-9, 1e9, np.inf]))[0]
    array([    0,  2561, -2561,     0,  5633,  5634], dtype=int32)
    """
    narrow = _narrow(values)
    bits = narrow.view(np.int32)
    if bits.size and bits.min() >= 0 and bits.max() < _INFINITE:  # finite and positive, as nearly all values are
        return _binned(bits), None
    magnitude = bits & _MAGNITUDE
    largest = int(magnitude.max(initial=0))
    missing = magnitude > _INFINITE if largest > _INFINITE else None
    if missing is not None:
        magnitude[missing] = 0
    code = _binned(magnitude)
    if largest >= _INFINITE:
        code[magnitude == _INFINITE] = TOP + 1
    np.negative(code, out=code, where=bits < 0)
    return code, missing


def _binned(magnitude: npt.NDArray[np.int32]) -> Codes:
    """The bin of numbers that are finite and not negative, from their bits."""
    code: Codes = magnitude + np.int32(_HALF)
    code >>= np.int32(_DROPPED)
    code -= np.int32(_ZERO)
    return np.clip(code, 0, TOP, out=code)


def _narrow(values: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """As float32; what is too large for it, but finite, becomes the largest that there is."""
    if values.dtype == np.float32:
        return np.ascontiguousarray(values)
    with np.errstate(over="ignore", invalid="ignore"):
        narrow = np.ascontiguousarray(values, dtype=np.float32)
    beyond = np.isinf(narrow) & np.isfinite(values)
    if beyond.any():
        narrow[beyond] = np.copysign(np.finfo(np.float32).max, narrow[beyond])
    return narrow


def edges(code: npt.NDArray[np.integer[Any]]) -> tuple[Floats, Floats]:
    """Lower and upper edge of bins, as float64; both 0 for bin 0, both infinite for infinity.

    >>> [round(float(edge), 4) for edge in np.ravel(edges(np.array([2561, -2561])))]
    [0.998, -1.0039, 1.0039, -0.998]
    """
    inner, outer = _from_zero(code, 0), _from_zero(code, 1)
    return np.where(code < 0, -outer, inner), np.where(code < 0, -inner, outer)


def _from_zero(code: npt.NDArray[np.integer[Any]], further: int) -> Floats:
    """The edge of each bin that is nearer to zero, or further from it, without sign."""
    size = np.abs(code).astype(np.int32)
    bits = ((size + np.int32(_ZERO + further)) << np.int32(_DROPPED)) - np.int32(_HALF)
    edge = bits.view(np.float32).astype(np.float64)
    edge[size == 0] = 0.0
    edge[size > TOP] = np.inf
    return edge
