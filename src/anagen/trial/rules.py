"""The rules of a trial arm: what is measured at a visit, and what then happens to the doses.

`parse_rule` reads the language of `docs/trials.md`; a rule's `text` is its one normal form and reads back as the same
rule. What the rules do to people is in `conduct.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anagen.regimen import Until
from anagen.regimen.normalise import number
from anagen.trial.vocabulary import Signal

Compare = Literal[">", ">=", "<", "<="]
Relative = Literal["none", "ULN", "start"]


@dataclass(frozen=True)
class Level:
    """A measured signal against a limit: `value` in the signal's unit, in multiples of its ULN, or (`start`) in per
    cent more (less, if negative) than before the first dose."""

    signal: Signal
    op: Compare
    value: float
    relative: Relative = "none"

    @property
    def limit(self) -> float:
        """The limit in the signal's unit; as a factor on the value at the start where it is relative to that."""
        if self.relative == "start":
            return 1 + self.value / 100
        return self.value * (self.signal.upper_limit or 1.0) if self.relative == "ULN" else self.value

    @property
    def text(self) -> str:
        """As in a rule."""
        if self.relative == "start":
            return f"{self.signal.word} {'rises' if self.value >= 0 else 'falls'} by {number(abs(self.value))} %"
        unit = "x ULN" if self.relative == "ULN" else self.signal.unit
        return f"{self.signal.word} {self.op} {number(self.value)} {unit}".rstrip()


@dataclass(frozen=True)
class Symptom:
    """A side effect that the person has; `name` is its series, the chance of it."""

    name: str
    word: str

    @property
    def text(self) -> str:
        """As in a rule."""
        return self.word


@dataclass(frozen=True)
class Week:
    """The week of the visit."""

    op: Compare
    value: float

    @property
    def text(self) -> str:
        """As in a rule."""
        return f"week {self.op} {number(self.value)}"


Condition = Level | Symptom | Week


@dataclass(frozen=True)
class Hold:
    """No doses for so many weeks."""

    weeks: int


@dataclass(frozen=True)
class HoldUntil:
    """No doses until a visit finds this."""

    level: Level


@dataclass(frozen=True)
class ReduceTo:
    """Each dose is at most so many mg from now on."""

    mg: float


@dataclass(frozen=True)
class ReduceBy:
    """Each dose is smaller by so many per cent from now on."""

    percent: float


@dataclass(frozen=True)
class Stop:
    """No more doses."""


@dataclass(frozen=True)
class Resume:
    """Ends a hold or undoes a stop: at the dose before, `percent` of it, or at most `mg`."""

    percent: float = 100.0
    mg: float | None = None


Action = Hold | HoldUntil | ReduceTo | ReduceBy | Stop | Resume | Until


@dataclass(frozen=True)
class Rule:
    """When any of the groups of `conditions` holds in full at `in_a_row` visits running, then `action`. A total dose
    (`Until`) has no conditions."""

    conditions: tuple[tuple[Condition, ...], ...]
    in_a_row: int
    action: Action

    @property
    def text(self) -> str:
        """The normal form.

        >>> parse_rule("if tg above 500 at a visit, then hold 1 weeks").text
        'when triglycerides > 500 mg/dL then hold 1 week'
        """
        if isinstance(self.action, Until):
            return f"until {number(self.action.total)} {'mg/kg' if self.action.per_kg else 'mg'}"
        when = " or ".join(" and ".join(condition.text for condition in group) for group in self.conditions)
        row = f" at {self.in_a_row} visits in a row" if self.in_a_row > 1 else ""
        return f"when {when}{row} then {_action(self.action)}"

    def __str__(self) -> str:
        return self.text

    @property
    def levels(self) -> tuple[Level, ...]:
        """Every level that the rule looks at."""
        found = [condition for group in self.conditions for condition in group if isinstance(condition, Level)]
        return (*found, self.action.level) if isinstance(self.action, HoldUntil) else tuple(found)

    @property
    def symptoms(self) -> tuple[str, ...]:
        """Every symptom that the rule looks at."""
        return tuple(c.name for group in self.conditions for c in group if isinstance(c, Symptom))

    @property
    def series(self) -> tuple[str, ...]:
        """The names, in the engine, of all series that the rule looks at."""
        return tuple(dict.fromkeys([*(level.signal.name for level in self.levels), *self.symptoms]))


def _action(action: Action) -> str:
    match action:
        case Hold(weeks):
            return f"hold {weeks} week" + "s" * (weeks != 1)
        case HoldUntil(level):
            return f"hold until {level.text}"
        case ReduceTo(mg):
            return f"reduce to {number(mg)} mg"
        case ReduceBy(percent):
            return "reduce by " + ("half" if percent == 50 else f"{number(percent)} %")
        case Resume(percent, mg):
            return "resume" + (f" at {number(mg)} mg" if mg is not None else " at half" if percent == 50 else "")
        case _:
            return "stop"


def parse_rule(text: str, treatment: str = "isotretinoin") -> Rule:
    """A rule from its text.

    >>> rule = parse_rule("when ALT > 3 x ULN at 2 visits in a row then stop")
    >>> rule.in_a_row, rule.conditions[0][0].limit, rule.action
    (2, 120.0, Stop())

    Raises:
        InputError: the text is not a rule; says where, what was expected, and the nearest valid choice.
    """
    from anagen.trial.rule_parse import read_rule

    return read_rule(text, treatment)
