"""Short names of regimens for the narrow places of a figure: what all of them share is left out."""

from __future__ import annotations

from collections.abc import Sequence

PARTS = (" with ", " for ", " until ", " fasted", " of ")


def short_names(labels: Sequence[str]) -> list[str]:
    """The labels without the ending (meal, length) that all of them share.

    >>> short_names(
    ...     ["20 mg once daily with a standard meal for 24 weeks", "10 mg once daily with a standard meal for 24 weeks"]
    ... )
    ['20 mg once daily', '10 mg once daily']
    >>> short_names(["80 mg once"])
    ['80 mg once']
    """
    if len(labels) < 2:
        return list(labels)
    split = [_pieces(label) for label in labels]
    while all(len(pieces) > 1 for pieces in split) and len({pieces[-1] for pieces in split}) == 1:
        split = [pieces[:-1] for pieces in split]
    return ["".join(pieces) for pieces in split]


def _pieces(label: str) -> list[str]:
    starts = sorted({0, *(i for part in PARTS for i in _places(label, part))})
    return [label[i:j] for i, j in zip(starts, [*starts[1:], len(label)], strict=True)]


def _places(text: str, part: str) -> list[int]:
    return [i for i in range(len(text)) if text.startswith(part, i)]
