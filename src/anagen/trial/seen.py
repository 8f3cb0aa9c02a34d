"""What a visit finds: measured values with their error, symptoms, and who they are found in. Host side, NumPy.

Every draw is asked for by the name of its stream; `streams` lists them and `index_of` says under which index each is
drawn, so that the caller can draw all of a tile at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from anagen.trial.plan import Dropouts
from anagen.trial.rules import Condition, Level, Rule, Symptom

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Series = Mapping[str, npt.NDArray[np.floating]]
Chance = Callable[[str], npt.NDArray[np.floating]]
"""Name of a stream -> one standard normal for each person, `(people,)`, under the index of `index_of`."""
DROPOUT = "dropout"
_COMPARE = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}


def index_of(stream: str, week: int) -> int:
    """Under which index the draw of a stream is taken at a visit: a person's own lot for a symptom and the error of the
    value before the first dose are drawn once (0), all else anew at each visit.

    >>> index_of("visit:alt_u_per_l", 8), index_of("symptom:cheilitis", 8)
    (8, 0)
    """
    return 0 if stream.startswith(("symptom:", "start:")) else week


def streams(rules: Sequence[Rule], dropouts: Dropouts | None) -> tuple[str, ...]:
    """The names of all streams that `visit` may ask `chance` for."""
    names: list[str] = []
    for level in (level for rule in rules for level in rule.levels):
        if level.signal.noise:
            names.append(f"visit:{level.signal.name}")
            names += [f"start:{level.signal.name}"] * (level.relative == "start")
    symptoms = [name for rule in rules for name in rule.symptoms]
    if dropouts:
        names.append(DROPOUT)
        symptoms += dropouts.factor_when
    return tuple(dict.fromkeys([*names, *(f"symptom:{name}" for name in symptoms)]))


class Seen:
    """What a visit finds: each signal measured once, whatever the number of rules that look at it."""

    def __init__(
        self,
        week: int,
        now: Series,
        start: Series,
        chance: Chance,
    ) -> None:
        self.week, self.now, self.start, self.chance = week, now, start, chance
        self.measured: dict[str, Floats] = {}
        self.present: dict[str, Bools] = {}

    def value(self, level: Level, stream: str, true: Series) -> Floats:
        name = f"{stream}:{level.signal.name}"
        if name not in self.measured:
            value = np.asarray(true[level.signal.name], dtype=np.float64)
            noise = level.signal.noise
            self.measured[name] = value * np.exp(noise * np.asarray(self.chance(name), np.float64)) if noise else value
        return self.measured[name]

    def has(self, symptom: str) -> Bools:
        """Who has a symptom: whose own lot, the same at all visits, is below the chance of it."""
        if symptom not in self.present:
            self.present[symptom] = np.asarray(uniform(self.chance(f"symptom:{symptom}")) < self.now[symptom])
        return self.present[symptom]

    def holds(self, condition: Condition) -> Bools:
        if isinstance(condition, Symptom):
            return self.has(condition.name)
        if isinstance(condition, Level):
            limit = condition.limit * (
                self.value(condition, "start", self.start) if condition.relative == "start" else 1
            )
            return np.asarray(_COMPARE[condition.op](self.value(condition, "visit", self.now), limit))
        return np.asarray(_COMPARE[condition.op](self.week, condition.value))

    def all_of(self, rule: Rule) -> Bools:
        """Whether any group of the rule's conditions holds in full; never for a total dose, which has none."""
        found = np.asarray(False)
        for group in rule.conditions:
            every = np.asarray(True)
            for condition in group:
                every = every & self.holds(condition)
            found = found | every
        return found


def uniform(z: npt.NDArray[np.floating]) -> Floats:
    """Standard normals as uniform numbers: Hart's rational function, as in West (2005) [recalled; a test compares it
    with the error function]. Nine digits or more; beyond 7 SD, where no draw comes, it is taken at 7.

    >>> uniform(np.array([0.0, 1.959963984540054])).round(12).tolist()
    [0.5, 0.975]
    """
    z = np.asarray(z, np.float64)
    x = np.minimum(np.abs(z), 7.0)
    tail = np.exp(-x * x / 2) * _polynomial(_ABOVE, x) / _polynomial(_BELOW, x)
    return np.where(z > 0, 1 - tail, tail)


_ABOVE = (
    *(3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383),
    *(112.079291497871, 221.213596169931, 220.206867912376),
)
_BELOW = (
    *(8.83883476483184e-02, 1.75566716318264, 16.064177579207, 86.7807322029461),
    *(296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752),
)


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    total = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        total *= x
        total += coefficient
    return total
