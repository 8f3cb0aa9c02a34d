"""How far a number can be trusted, by how it was come by, and what must be said about it on every output."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import total_ordering

from anagen.errors import InputError, nearest


@total_ordering
class Trust(Enum):
    """How a number was come by, from the most trusted to the least; the more trusted is the greater.

    Raises:
        InputError: the value is none of these.

    >>> Trust("measured") > Trust("assumed")
    True
    """

    MEASURED = "measured"  # in people who took the drug
    FITTED = "fitted"  # to such measurements, by a calibration
    CLASS_EFFECT = "class-effect"  # in people who took a relative of it: acitretin, etretinate
    IN_VITRO = "in-vitro"
    ASSUMED = "assumed"  # nobody measured it
    CLAIMED = "claimed"  # somebody says so, and evidence does not support it

    @property
    def must_be_said(self) -> bool:
        """Whether every output that rests on such a number has to say so.

        >>> [trust.value for trust in Trust if trust.must_be_said]
        ['assumed', 'claimed']
        """
        return self <= Trust.ASSUMED

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Trust):
            return NotImplemented
        return _ORDER[self] > _ORDER[other]

    @classmethod
    def _missing_(cls, value: object) -> Trust:
        choices = [trust.value for trust in cls]
        raise InputError(
            f"unknown grade of trust: {value}",
            expected=", ".join(choices[:-1]) + " or " + choices[-1],
            nearest=nearest(str(value), choices),
        )


_ORDER = {trust: place for place, trust in enumerate(Trust)}


def weakest(trusts: Iterable[Trust]) -> Trust:
    """The least trusted of `trusts`: what a result rests on that rests on all of them.

    Raises:
        InputError: there are none.

    >>> weakest([Trust.MEASURED, Trust.ASSUMED, Trust.FITTED]).value
    'assumed'
    """
    least = min(trusts, default=None)
    if least is None:
        raise InputError("a result that rests on no number has no trust", expected="at least one grade of trust")
    return least


def must_be_said(trusts: Iterable[Trust]) -> tuple[Trust, ...]:
    """Those of `trusts` that an output has to name, each once, the least trusted last.

    >>> [trust.value for trust in must_be_said([Trust.CLAIMED, Trust.MEASURED, Trust.ASSUMED])]
    ['assumed', 'claimed']
    """
    return tuple(sorted({trust for trust in trusts if trust.must_be_said}, reverse=True))
