"""Visits: a slow copy in plain Python that walks one person at a time, and what each word means."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.trial.conduct import WEEKS_A_YEAR, Status, advance, begin, complete, index_of, streams, visit
from anagen.trial.plan import Dropouts
from anagen.trial.rules import Hold, HoldUntil, Level, ReduceBy, ReduceTo, Resume, Rule, Stop, Symptom, Week, parse_rule
from anagen.trial.seen import uniform

SERIES = ("triglycerides_mg_per_dl", "alt_u_per_l", "cheilitis", "back_pain")


@dataclass
class Slow:
    """One person, walked from visit to visit."""

    rules: list[Rule]
    dropouts: Dropouts | None
    planned_mg: float
    on: bool = True
    factor: float = 1.0
    cap_mg: float = math.inf
    held_until: float = -1.0
    stopped: bool = False
    stop_week: float = -1.0
    left: bool = False
    left_week: float = -1.0
    complete: bool = False
    holds: int = 0
    held_weeks: float = 0.0
    reductions: int = 0
    first_hold_week: float = -1.0
    first_reduction_week: float = -1.0
    week: float = 0.0
    fired: list[int] = field(default_factory=list)
    streak: list[int] = field(default_factory=list)
    waiting: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fired, self.streak = [0] * len(self.rules), [0] * len(self.rules)
        self.waiting = [False] * len(self.rules)

    def held(self) -> bool:
        return self.held_until >= 0 or any(self.waiting)

    def settle(self) -> None:
        if self.stopped or self.left or self.complete:
            self.held_until, self.waiting = -1.0, [False] * len(self.rules)
        self.on = not (self.stopped or self.left or self.complete or self.held())

    def go(self, week: float) -> None:
        """One week after the other, so that no hold is cut or overrun."""
        while self.week < week:
            if self.held():
                self.held_weeks += 1
            self.week += 1
            if 0 <= self.held_until <= self.week:
                self.held_until = -1.0
            self.settle()

    def met(self, condition: object, now: dict, start: dict, z: dict) -> bool:
        if isinstance(condition, Symptom):
            lot = 0.5 * math.erfc(-z[f"symptom:{condition.name}"] / math.sqrt(2))
            return lot < now[condition.name]
        if isinstance(condition, Week):
            a, b = self.week, condition.value
        else:
            assert isinstance(condition, Level)
            name, noise = condition.signal.name, condition.signal.noise
            a = now[name] * math.exp(noise * z[f"visit:{name}"])
            if condition.relative == "start":
                b = start[name] * math.exp(noise * z[f"start:{name}"]) * (1 + condition.value / 100)
            else:
                b = condition.value * (condition.signal.upper_limit if condition.relative == "ULN" else 1)
        return {">": a > b, ">=": a >= b, "<": a < b, "<=": a <= b}[condition.op]

    def visit(self, week: int, since: int, now: dict, start: dict, z: dict) -> None:
        self.go(week)
        if self.dropouts and not self.left:
            hazard = self.dropouts.per_year * (week - since) / WEEKS_A_YEAR
            for symptom, factor in self.dropouts.factor_when.items():
                if self.met(Symptom(symptom, symptom), now, start, z):
                    hazard *= factor
            if 0.5 * math.erfc(-z["dropout"] / math.sqrt(2)) < 1 - math.exp(-hazard):
                self.left, self.left_week = True, week
        self.settle()
        if self.left or self.complete:
            self.streak = [0] * len(self.rules)
            return
        for i, rule in enumerate(self.rules):
            if isinstance(rule.action, HoldUntil) and self.waiting[i] and self.met(rule.action.level, now, start, z):
                self.waiting[i] = False
        self.settle()
        due = []
        for i, rule in enumerate(self.rules):
            met = any(all(self.met(c, now, start, z) for c in group) for group in rule.conditions)
            self.streak[i] = self.streak[i] + 1 if met else 0
            due.append(self.streak[i] >= rule.in_a_row and met)
        was_on, was_held, was_stopped, was_waiting = self.on, self.held(), self.stopped, list(self.waiting)
        any_stop = any(d and isinstance(r.action, Stop) for d, r in zip(due, self.rules, strict=True))
        any_hold = any(d and isinstance(r.action, Hold | HoldUntil) for d, r in zip(due, self.rules, strict=True))
        for i, rule in enumerate(self.rules):
            if due[i] and self.act(rule, i, was_on, was_held, was_stopped, was_waiting, any_stop, any_hold):
                self.fired[i] += 1
                self.streak[i] = 0
        if self.held() and not was_held:
            self.holds += 1
            self.first_hold_week = week if self.first_hold_week < 0 else self.first_hold_week
        self.settle()

    def act(self, rule, i, was_on, was_held, was_stopped, was_waiting, any_stop, any_hold) -> bool:
        action = rule.action
        if isinstance(action, Stop):
            if was_stopped:
                return False
            self.stopped, self.stop_week = True, self.week
            return True
        if any_stop:
            return False
        if isinstance(action, Hold | HoldUntil):
            if was_stopped or was_waiting[i]:
                return False
            if isinstance(action, Hold):
                self.held_until = max(self.held_until, self.week + action.weeks)
            else:
                self.waiting[i] = True
            return True
        if any_hold:
            return False
        if isinstance(action, Resume):
            if not (was_stopped or was_held):
                return False
            self.stopped, self.held_until, self.waiting = False, -1.0, [False] * len(self.rules)
            self.smaller(action.percent / 100, math.inf if action.mg is None else action.mg)
            return True
        if not was_on:
            return False
        if isinstance(action, ReduceTo):
            if min(self.planned_mg * self.factor, self.cap_mg) <= action.mg:
                return False
            self.smaller(1.0, action.mg)
        else:
            assert isinstance(action, ReduceBy)
            self.smaller(1 - action.percent / 100, math.inf)
        self.reductions += 1
        self.first_reduction_week = self.week if self.first_reduction_week < 0 else self.first_reduction_week
        return True

    def smaller(self, factor: float, cap: float) -> None:
        self.factor, self.cap_mg = self.factor * factor, min(self.cap_mg * factor, cap)


CONDITIONS = st.sampled_from(
    [
        "triglycerides > 200 mg/dL",
        "triglycerides < 120",
        "triglycerides rises by 40 %",
        "triglycerides falls by 20 %",
        "ALT > 1.5 x ULN",
        "ALT <= 30 U/L",
        "cheilitis",
        "back pain",
        "week >= 8",
        "week < 12",
    ]
)
ACTIONS = st.sampled_from(
    [
        "hold 1 week", "hold 4 weeks", "hold 7 weeks", "hold until ALT < 40 U/L", "hold until triglycerides < 150",
        "reduce to 10 mg", "reduce to 5 mg", "reduce by half", "reduce by 20 %", "stop", "resume", "resume at half",
        "resume at 8 mg",
    ]
)  # fmt: skip
VISITS = st.sampled_from(["", " at 2 visits in a row", " at 3 visits in a row"])


@st.composite
def written(draw: st.DrawFn) -> str:
    when = draw(CONDITIONS)
    for _ in range(draw(st.integers(0, 2))):
        when += f" {draw(st.sampled_from(['and', 'or']))} {draw(CONDITIONS)}"
    return f"when {when}{draw(VISITS)} then {draw(ACTIONS)}"


WEEKS = st.lists(st.integers(1, 40), min_size=1, max_size=8, unique=True).map(sorted)
PEOPLE = 40


@settings(max_examples=150, deadline=None)
@given(st.lists(written(), min_size=1, max_size=4), WEEKS, st.integers(0, 2**32 - 1), st.booleans(), st.integers(1, 45))
def test_against_the_slow_copy(texts: list[str], weeks: list[int], seed: int, leaving: bool, over: int) -> None:
    rules = [parse_rule(text) for text in texts]
    dropouts = Dropouts(2.0, {"cheilitis": 3.0}) if leaving else None
    random = np.random.default_rng(seed)
    planned = random.choice([5.0, 10.0, 20.0, 40.0], PEOPLE)
    status = begin(PEOPLE, len(rules))
    slow = [Slow(rules, dropouts, mg) for mg in planned.tolist()]
    fixed = {name: random.standard_normal(PEOPLE) for name in streams(rules, dropouts) if index_of(name, 1) == 0}
    start = values(random)
    since = 0
    for week in weeks:
        drawn = fixed | {name: random.standard_normal(PEOPLE) for name in streams(rules, dropouts) if name not in fixed}
        now = values(random)
        if since < over <= week:  # the course of some is over at a week between visits
            status = complete(advance(status, over), np.arange(PEOPLE) % 3 == 0)
            for person in slow[::3]:
                person.go(over)
                person.complete = True
                person.settle()
        status = visit(
            rules, status, week, now, start, drawn.__getitem__, since=since, dropouts=dropouts, planned_mg=planned
        )
        for i, person in enumerate(slow):
            person.visit(week, since, at(now, i), at(start, i), at(drawn, i))
        since = week
        compare(status, slow)
    status = advance(status, 52)
    for person in slow:
        person.go(52)
    compare(status, slow)


def values(random: np.random.Generator) -> dict[str, np.ndarray]:
    return {
        "triglycerides_mg_per_dl": random.lognormal(5.1, 0.4, PEOPLE),
        "alt_u_per_l": random.lognormal(3.8, 0.5, PEOPLE),
        "cheilitis": random.uniform(0, 1, PEOPLE),
        "back_pain": random.uniform(0, 0.5, PEOPLE),
    }


def at(table: dict[str, np.ndarray], person: int) -> dict[str, float]:
    return {name: float(column[person]) for name, column in table.items()}


def compare(status: Status, slow: list[Slow]) -> None:
    for each in fields(Status):
        found = np.asarray(getattr(status, each.name))
        wanted = np.array([getattr(person, each.name) for person in slow])
        if each.name in ("fired", "streak", "waiting"):
            wanted = wanted.T
        np.testing.assert_allclose(found, np.asarray(wanted, dtype=float), rtol=1e-12, err_msg=each.name)


def one(text: str | list[str], by_week: dict[int, dict[str, float]], **more: object) -> list[Status]:
    """One person, measured without error, through visits; the status after each."""
    rules = [quiet(parse_rule(t)) for t in ([text] if isinstance(text, str) else text)]
    status, since, found = begin(1, len(rules)), 0, []
    for week, now in by_week.items():
        filled = {name: np.array([now.get(name, 0.0)]) for name in SERIES}
        start = dict.fromkeys(SERIES, np.array([20.0]))
        status = visit(rules, status, week, filled, start, lambda _: np.zeros(1), since=since, **more)  # type: ignore[arg-type]
        found.append(status)
        since = week
    return found


def quiet(rule: Rule) -> Rule:
    def silent(c: object) -> object:
        return replace(c, signal=replace(c.signal, noise=0.0)) if isinstance(c, Level) else c

    action = rule.action
    if isinstance(action, HoldUntil):
        action = HoldUntil(silent(action.level))  # type: ignore[arg-type]
    return replace(rule, conditions=tuple(tuple(silent(c) for c in g) for g in rule.conditions), action=action)


HIGH, LOW = {"alt_u_per_l": 130.0}, {"alt_u_per_l": 20.0}


def test_a_hold_ends_at_its_week_between_visits() -> None:
    (held,) = one("when ALT > 3 x ULN then hold 3 weeks", {4: HIGH})
    assert [bool(advance(held, week).on[0]) for week in (4, 6, 7, 8)] == [False, False, True, True]
    assert advance(held, 30).held_weeks.tolist() == [3.0]
    assert advance(held, 6).held_weeks.tolist() == [2.0]


def test_holding_again_where_a_hold_is_over_is_a_new_hold_and_in_it_a_longer_one() -> None:
    again = one("when ALT > 3 x ULN then hold 4 weeks", {4: HIGH, 8: HIGH})[-1]
    assert (again.holds[0], again.fired[0, 0], again.held_until[0], again.held_weeks[0]) == (2, 2, 12, 4)
    longer = one("when ALT > 3 x ULN then hold 4 weeks", {4: HIGH, 6: HIGH})[-1]
    assert (longer.holds[0], longer.fired[0, 0], longer.held_until[0]) == (1, 2, 10)


def test_hold_until_waits_for_a_visit() -> None:
    seen = one("when ALT > 3 x ULN then hold until ALT < 40 U/L", {4: HIGH, 8: HIGH, 12: LOW})
    assert [bool(s.on[0]) for s in seen] == [False, False, True]
    assert seen[-1].held_weeks.tolist() == [8.0]


def test_stop_beats_hold_beats_reduce() -> None:
    rules = ["when ALT > 3 x ULN then reduce by half", "when ALT > 3 x ULN then hold 4 weeks"]
    held = one(rules, {4: HIGH})[-1]
    assert held.fired[:, 0].tolist() == [0, 1]
    stopped = one([*rules, "when ALT > 3 x ULN then stop"], {4: HIGH})[-1]
    assert stopped.fired[:, 0].tolist() == [0, 0, 1]
    assert (stopped.stop_week[0], stopped.holds[0]) == (4, 0)


def test_reduce_to_does_not_act_again() -> None:
    seen = one("when ALT > 3 x ULN then reduce to 10 mg", {4: HIGH, 8: HIGH}, planned_mg=40.0)
    assert [s.reductions[0] for s in seen] == [1, 1]
    assert seen[-1].dose_mg(40.0).tolist() == [10.0]
    assert one("when ALT > 3 x ULN then reduce to 10 mg", {4: HIGH}, planned_mg=10.0)[-1].reductions[0] == 0


def test_half_is_half_of_the_dose_now() -> None:
    rules = [
        "when ALT > 3 x ULN and week < 6 then reduce to 10 mg",
        "when ALT > 3 x ULN and week > 6 then reduce by half",
    ]
    assert one(rules, {4: HIGH, 8: HIGH}, planned_mg=40.0)[-1].dose_mg(40.0).tolist() == [5.0]


def test_resume_undoes_a_stop() -> None:
    rules = ["when ALT > 3 x ULN then stop", "when ALT < 30 then resume at half"]
    seen = one(rules, {4: HIGH, 8: HIGH, 12: LOW})
    assert [bool(s.on[0]) for s in seen] == [False, False, True]
    assert seen[-1].dose_mg(20.0).tolist() == [10.0]
    assert seen[-1].fired[:, 0].tolist() == [1, 1]


def test_visits_in_a_row_are_counted_anew_after_acting() -> None:
    rule = "when ALT > 3 x ULN at 2 visits in a row then reduce by half"
    seen = one(rule, {4: HIGH, 8: LOW, 12: HIGH, 16: HIGH, 20: HIGH, 24: HIGH})
    assert [s.reductions[0] for s in seen] == [0, 0, 0, 1, 1, 2]


def test_nothing_acts_after_the_course_is_over() -> None:
    rule = parse_rule("when cheilitis then stop")
    over = complete(begin(2, 1), np.array([True, False]))
    now = {"cheilitis": np.ones(2)}
    seen = visit([rule], over, 4, now, now, lambda _: np.zeros(2))
    assert seen.stopped.tolist() == [False, True]
    assert over.on.tolist() == [False, True]


def test_who_has_a_symptom_keeps_it_while_the_chance_is_up() -> None:
    rule = parse_rule("when cheilitis then reduce by half")
    z = np.array([-0.5, 0.5])  # lots 0.31 and 0.69
    status = begin(2, 1)
    for week, chance, wanted in ((4, 0.5, [1, 0]), (8, 0.4, [2, 0]), (12, 0.1, [2, 0]), (16, 0.9, [3, 1])):
        now = {"cheilitis": np.full(2, chance)}
        status = visit([rule], status, week, now, now, lambda _: z)
        assert status.reductions.tolist() == wanted


def test_share_that_leaves_is_that_of_the_hazard() -> None:
    n = 20000
    random = np.random.default_rng(1)
    status, since = begin(n, 0), 0
    for week in range(4, 53, 4):
        z = random.standard_normal(n)
        status = visit((), status, week, {}, {}, lambda _, z=z: z, since=since, dropouts=Dropouts(0.3, {}))
        since = week
    wanted = 1 - math.exp(-0.3 * 52 / WEEKS_A_YEAR)
    assert status.left.mean() == pytest.approx(wanted, abs=5 * math.sqrt(wanted * (1 - wanted) / n))
    assert (status.on == ~status.left).all()


def test_measured_values_have_the_right_median_and_spread() -> None:
    n = 20000
    rule = parse_rule("when triglycerides > 100 mg/dL then stop")
    noise = rule.levels[0].signal.noise
    true = {"triglycerides_mg_per_dl": np.full(n, 100 * math.exp(noise))}  # one SD above the limit
    z = np.random.default_rng(2).standard_normal(n)
    stopped = visit([rule], begin(n, 1), 4, true, true, lambda _: z).stopped.mean()
    assert stopped == pytest.approx(0.8413, abs=0.013)


def test_streams_are_all_that_is_asked_for() -> None:
    rules = [parse_rule("when ALT rises by 10 % or cheilitis then hold until triglycerides < 100")]
    dropouts = Dropouts(0.1, {"back_pain": 2.0})
    named = streams(rules, dropouts)
    asked: set[str] = set()

    def chance(stream: str) -> np.ndarray:
        asked.add(stream)
        return np.full(2, 3.0)

    status = begin(2, 1)
    now = {name: np.full(2, 0.5) for name in SERIES}
    for week in (4, 8):
        status = visit(rules, status, week, now | {"alt_u_per_l": np.full(2, 90.0)}, now, chance, dropouts=dropouts)
    assert asked == set(named)
    assert {index_of(name, 8) for name in named} == {0, 8}


def test_nothing_given_is_changed() -> None:
    rules = [parse_rule(text) for text in ("when ALT > 40 then hold 4 weeks", "when cheilitis then hold until ALT < 9")]
    status = begin(3, 2)
    before = {each.name: np.copy(getattr(status, each.name)) for each in fields(Status)}
    now = {name: np.full(3, 50.0) for name in SERIES}
    for array in now.values():
        array.setflags(write=False)
    visit(rules, status, 4, now, now, lambda _: np.zeros(3), dropouts=Dropouts(5.0, {"cheilitis": 2.0}))
    for name, value in before.items():
        np.testing.assert_array_equal(getattr(status, name), value)


@given(st.floats(-5.4, 5.4))
def test_uniform_is_the_normal_distribution(z: float) -> None:
    assert float(uniform(np.array([z]))[0]) == pytest.approx(0.5 * math.erfc(-z / math.sqrt(2)), rel=1e-9)
