"""Flow of people against counting them one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from anagen.trial.flow import STEPS, Flow, on_by_week
from anagen.trial.status import begin, settled


def some_statuses(people=30, weeks=10, seed=0):
    """After visits in weeks 0, 4 and 8: some held for a while, some stop, some leave."""
    rng = np.random.default_rng(seed)
    first = begin(people, 2)
    held = rng.random(people) < 0.4
    second = settled(
        replace(
            first,
            week=4.0,
            held_until=np.where(held, rng.integers(5, 8, people), -1.0),
            holds=held.astype(np.int32),
            reductions=rng.integers(0, 3, people).astype(np.int32),
            fired=rng.integers(0, 3, (2, people)).astype(np.int32),
        )
    )
    third = settled(replace(second, week=8.0, held_until=np.full(people, -1.0), stopped=rng.random(people) < 0.3))
    left = rng.random(people) < 0.2
    third = settled(replace(third, left=left, left_week=np.where(left, 8.0, -1.0)))
    return [first, second, third]


def test_flow_counts_each_person_once_for_each_step():
    statuses = some_statuses()
    last, valid = statuses[-1], np.arange(30) < 25
    found = Flow.of(last, on_by_week(statuses, 10), valid)
    people = range(25)
    expected = {
        "started": 25,
        "held": sum(last.holds[p] > 0 for p in people),
        "reduced": sum(last.reductions[p] > 0 for p in people),
        "stopped": sum(last.stopped[p] for p in people),
        "left": sum(last.left[p] for p in people),
        "finished": sum(not last.stopped[p] and not last.left[p] for p in people),
    }
    json = found.to_json()
    assert {step: json[step] for step in STEPS} == expected
    assert found.rules_to_json(["one", "two"]) == [
        {"rule": rule, "people": sum(row[p] > 0 for p in people), "times": sum(row[p] for p in people)}
        for rule, row in zip(["one", "two"], last.fired.tolist(), strict=True)
    ]


def test_who_is_on_follows_holds_that_end_between_visits():
    first, second, third = some_statuses()
    on = on_by_week([first, second, third], 10)
    for person in range(30):
        for week in range(11):
            if week < 4:
                expected = True
            elif week < 8:
                expected = second.held_until[person] <= week
            else:
                expected = not (third.stopped[person] or third.left[person])
            assert on[week, person] == expected
    share = Flow.of(third, on).to_json()["on_treatment"]
    assert share["week"] == list(range(11))
    assert share["share"] == [sum(row) / 30 for row in on.tolist()]


def test_flows_add_up_and_a_file_keeps_them():
    halves = [Flow.of(s[-1], on_by_week(s, 10)) for s in (some_statuses(seed=1), some_statuses(17, seed=2))]
    both = halves[0] + halves[1]
    for name in ("steps", "on", "fired"):
        assert np.array_equal(getattr(both, name), sum(getattr(half, name) for half in halves))
        assert np.array_equal(getattr(Flow.from_arrays(both.to_arrays()), name), getattr(both, name))


def test_nobody_started():
    nobody = Flow.of(some_statuses(2)[-1], np.ones((3, 2), bool), np.zeros(2, bool)).to_json()
    assert nobody["started"] == 0
    assert nobody["on_treatment"]["share"] == []
