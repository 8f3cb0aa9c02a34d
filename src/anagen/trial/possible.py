"""Rules that cannot be meant: that never fire, change nothing, or contradict the arm they stand in."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from anagen.errors import InputError, RegimenError
from anagen.regimen import Course, DoseEvents, Regimen, Until
from anagen.regimen.events import dose_events
from anagen.regimen.normalise import number
from anagen.trial.plan import without_total
from anagen.trial.rules import Condition, Hold, HoldUntil, Level, ReduceBy, ReduceTo, Resume, Rule, Stop, Week

ADULTS_KG = (30.0, 250.0)
"""The lightest and the heaviest person that is simulated: what no weight between can do is impossible."""
Refuse = Callable[[int, str, str, Sequence[str]], InputError]


def check_rules(
    rules: Sequence[Rule], regimen: Regimen | None, visits: Sequence[int], weeks: int, refuse: Refuse
) -> None:
    """Refuse rules that are impossible in an arm with `regimen`; `refuse(index, message, expected, nearest)` makes the
    error for a rule."""
    for i, rule in enumerate(rules):
        if regimen is None:
            raise refuse(i, "a rule in an arm without treatment: there is no dose to change", "no rules", ())
        if _meaning(rule) in [_meaning(earlier) for earlier in rules[:i]]:
            raise refuse(i, f"the rule stands twice: {rule.text}", "each rule once", ())
        if isinstance(rule.action, Until):
            _check_total(i, rule.action, rules, regimen, weeks, refuse)
            continue
        if not visits:
            raise refuse(i, "the trial has no visits: no rule can fire", "at least one visit", ())
        _check_conditions(i, rule, visits, refuse)
        _check_action(i, rule, rules, regimen, weeks, refuse)


def _meaning(rule: Rule) -> tuple[object, ...]:
    return frozenset(frozenset(group) for group in rule.conditions), rule.in_a_row, rule.action


def _check_conditions(i: int, rule: Rule, visits: Sequence[int], refuse: Refuse) -> None:
    for group in rule.conditions:
        if clash := _clash(group):
            raise refuse(i, f"the rule can never fire: {clash}", "conditions that can hold together", ())
        if not any(_due(group, week) for week in visits):
            said = " and ".join(c.text for c in group if isinstance(c, Week))
            raise refuse(i, f"the rule can never fire: no visit is at {said}", f"a visit up to week {visits[-1]}", ())
    longest = run = 0
    for week in visits:
        run = run + 1 if any(_due(group, week) for group in rule.conditions) else 0
        longest = max(longest, run)
    if longest < rule.in_a_row:
        message = f"the rule can never fire: it needs {rule.in_a_row} visits in a row, and there are {longest}"
        raise refuse(i, message, f"at most {longest} visits in a row", (replace(rule, in_a_row=longest).text,))


def _due(group: Sequence[Condition], week: float) -> bool:
    """Whether the conditions on the week hold."""
    compare = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
    return all(compare[c.op](week, c.value) for c in group if isinstance(c, Week))


def _clash(group: Sequence[Condition]) -> str:
    """Why no value can meet all levels of a group; empty where some can."""
    for level in (condition for condition in group if isinstance(condition, Level)):
        same = [
            other
            for other in group
            if isinstance(other, Level)
            and other.signal == level.signal
            and (other.relative == "start") == (level.relative == "start")
        ]
        # (limit, 1 where the limit itself is left out): the highest of the lower limits, the lowest of the upper.
        low = max([(0.0, 0), *((c.limit, int(c.op == ">")) for c in same if c.op in (">", ">="))])
        highest = math.inf if level.relative == "start" else level.signal.highest
        high = min([(highest, 0), *((c.limit, -int(c.op == "<")) for c in same if c.op in ("<", "<="))])
        if low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])):
            said = " and ".join(dict.fromkeys(c.text for c in same))
            return f"{said} cannot be" if len(same) == 1 else f"{said} exclude each other"
    return ""


def _check_action(i: int, rule: Rule, rules: Sequence[Rule], regimen: Regimen, weeks: int, refuse: Refuse) -> None:
    match rule.action:
        case Hold(held) if held > weeks:
            message = f"a hold of {held} weeks is longer than the follow-up of {weeks} weeks"
            raise refuse(i, message, f"at most {weeks} weeks, or stop", (replace(rule, action=Stop()).text,))
        case HoldUntil(level) if clash := _clash([level]):
            raise refuse(i, f"the hold would never end: {clash}", "a level that can be found", ())
        case ReduceTo(mg) if mg >= _smallest_mg(regimen):
            message = f"{number(mg)} mg is not below the smallest planned dose of {number(_smallest_mg(regimen))} mg"
            by_half = replace(rule, action=ReduceBy(50.0)).text
            raise refuse(i, message, f"a dose below {number(_smallest_mg(regimen))} mg", (by_half,))
        case Resume(_, mg) if mg is not None and mg >= _smallest_mg(regimen):
            message = f"{number(mg)} mg is not below the smallest planned dose of {number(_smallest_mg(regimen))} mg"
            raise refuse(i, message, "resume, or a smaller dose", (replace(rule, action=Resume()).text,))
        case Resume() if not any(isinstance(other.action, Hold | HoldUntil | Stop) for other in rules):
            raise refuse(i, "nothing to resume: no rule of this arm holds or stops", "a rule that holds or stops", ())
        case _:
            return


def _smallest_mg(regimen: Regimen) -> float:
    """The smallest single dose, of the heaviest person where it goes by weight."""
    return min(course.dose.mg(ADULTS_KG[1]) for course in regimen.courses if isinstance(course, Course))


def _check_total(i: int, total: Until, rules: Sequence[Rule], regimen: Regimen, weeks: int, refuse: Refuse) -> None:
    last = regimen.courses[-1]
    own = [last.length] if isinstance(last, Course) and isinstance(last.length, Until) else []
    others = [*own, *(rule.action for rule in rules[:i] if isinstance(rule.action, Until))]
    unit = "mg/kg" if total.per_kg else "mg"
    if any(other.per_kg == total.per_kg for other in others):
        raise refuse(i, f"a second total in {unit}: only the smaller one can act", "one total", ())
    planned = [_planned(regimen, weight, weeks) for weight in ADULTS_KG]
    limits = [total.mg(weight) for weight in ADULTS_KG]
    if all(events.amount_mg[0] > limit for events, limit in zip(planned, limits, strict=True)):
        first = number(float(planned[0].amount_mg[0]))
        said = f"the total of {number(total.total)} {unit} is exceeded by the first dose ({first} mg for the lightest)"
        least = min(e.amount_mg[0] / (kg if total.per_kg else 1) for e, kg in zip(planned, ADULTS_KG, strict=True))
        near = Rule((), 1, Until(float(math.ceil(least)), total.per_kg)).text
        raise refuse(i, said, "a total of at least one dose", (near,))
    given = [_given_mg(events, weeks) for events in planned]
    if all(mg < limit * (1 - 1e-9) for mg, limit in zip(given, limits, strict=True)):
        most = max(mg / (weight if total.per_kg else 1) for mg, weight in zip(given, ADULTS_KG, strict=True))
        said = f"the total of {number(total.total)} {unit} is never reached: the arm plans at most {most:,.4g} {unit}"
        within = f" in {weeks} weeks" + (f" (a person of {ADULTS_KG[0]:g} kg)" if total.per_kg else "")
        reached = [Rule((), 1, Until(float(math.floor(most)), total.per_kg)).text] if most >= 1 else []
        raise refuse(i, said + within, "a total that is reached", reached)


def _planned(regimen: Regimen, weight_kg: float, weeks: int) -> DoseEvents:
    def refuse(message: str, *_: object) -> RegimenError:
        return RegimenError(message)

    return dose_events(without_total(regimen, weeks).courses, weight_kg, refuse)


def _given_mg(events: DoseEvents, weeks: int) -> float:
    return float(np.sum(events.amount_mg[events.time_h < weeks * 168.0]))
