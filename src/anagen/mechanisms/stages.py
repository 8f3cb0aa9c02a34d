"""A chain of stages through which something passes in order, one day at a time: I + G + G²/2 written out as a stencil.

A list of rows, not one array: the compiler makes one plain loop over people of each row, where it would make slow code
of arrays that are shifted and joined again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax

Array = jax.Array
Rows = Sequence[Array]


class Flow(NamedTuple):
    """What passes in a day, to second order in time: per day at the start, and how fast that changes under G."""

    now: Any
    change: Any

    @property
    def of_day(self) -> Any:
        """How much passes on that day."""
        return self.now + 0.5 * self.change


class Stages(NamedTuple):
    """`onward` rates from each stage to the next (1/d); `leaving`, all ways out of the stage taken together."""

    onward: Rows
    leaving: Rows

    @classmethod
    def of(cls, onward: Rows, early: Array | None = None) -> Stages:
        """Stages that are left onward only, or also `early` from any of them."""
        return cls(onward, onward if early is None else [rate + early for rate in onward])

    def out(self, held: Rows, gained: Array | float = 0.0) -> Flow:
        """What leaves the last stage; `gained`, 1/d, what it gets from elsewhere than the stage before."""
        rate = self.onward[-1]
        before = self.onward[-2] * held[-2] if len(held) > 1 else 0.0
        return Flow(rate * held[-1], rate * (before - self.leaving[-1] * held[-1] + gained))

    def through(self, held: Rows, inflow: Flow | None = None, gained: Rows | None = None) -> tuple[Array, ...]:
        """What the stages hold a day later, of what they hold, of what flows into the first and of what each has
        `gained` from elsewhere that day. A change is added to what is held, so that where little happens little is
        rounded off.

        >>> half = Stages.of([0.5, 0.5])
        >>> half.through([1.0, 0.0])
        (0.625, 0.25)
        """
        rate, leaving = self.onward, self.leaving
        more = [-x * (k - 0.5 * k * k) for x, k in zip(held, leaving, strict=True)]
        for i in range(1, len(more)):
            more[i] = more[i] + held[i - 1] * (rate[i - 1] * (1 - 0.5 * (leaving[i - 1] + leaving[i])))
        for i in range(2, len(more)):
            more[i] = more[i] + held[i - 2] * (0.5 * rate[i - 2] * rate[i - 1])
        if inflow is not None:
            more[0] = more[0] + inflow.now * (1 - 0.5 * leaving[0]) + 0.5 * inflow.change
            if len(more) > 1:
                more[1] = more[1] + inflow.now * (0.5 * rate[0])
        if gained:
            more = [change + gain for change, gain in zip(more, gained, strict=True)]
        return tuple(x + change for x, change in zip(held, more, strict=True))
