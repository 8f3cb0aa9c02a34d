"""Named arrays as bytes: a line of JSON that says what they are, then the arrays themselves, compressed as a whole.

A part has many small arrays. An `.npz` looks each of them up, parses a header for it and checks it again, though the
store has checked the file: half as long again to read, and twice as long to write (docs/decisions/0020).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]
_WHOLE = 8  # arrays begin at multiples of so many bytes, and the length of what was compressed takes as many


def packed(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """The bytes of arrays of numbers, truth values or words (not of objects), by name; of any shape."""
    head = json.dumps([(name, array.dtype.str, array.shape) for name, array in arrays.items()]).encode() + b"\n"
    return _compress(b"".join(map(_filled, [head, *(array.tobytes() for array in arrays.values())])))


def unpacked(data: bytes) -> Arrays:
    """What `packed` was given; the arrays can be read, not written. Bytes that are not from `packed` raise whatever
    comes first: the store has checked them.

    >>> found = unpacked(packed({"hairs": np.array([[3, 4]]), "names": np.array(["ferritin", "zinc"])}))
    >>> found["hairs"].tolist(), found["names"].tolist()
    ([[3, 4]], ['ferritin', 'zinc'])
    """
    whole = _decompress(data)
    at = whole.index(b"\n") + 1
    found = {}
    for name, kind, shape in json.loads(whole[:at]):
        at += -at % _WHOLE
        array = np.frombuffer(whole, kind, int(np.prod(shape)), at).reshape(shape)
        found[name], at = array, at + array.nbytes
    return found


def _filled(part: bytes) -> bytes:
    return part + bytes(-len(part) % _WHOLE)


def _compress(data: bytes) -> bytes:
    """Zstandard, with the length of what went in before it."""
    import pyarrow as pa

    return len(data).to_bytes(_WHOLE, "little") + bytes(pa.compress(data, codec="zstd", asbytes=True))


def _decompress(data: bytes) -> bytes:
    import pyarrow as pa

    return bytes(pa.decompress(data[_WHOLE:], int.from_bytes(data[:_WHOLE], "little"), codec="zstd", asbytes=True))
