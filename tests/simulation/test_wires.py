"""Wires are found in the code that runs: what is used is a wire, what is not used is none."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.simulation import driving
from tests.simulation.driving import Case, run

from anagen.mechanisms.anagen_exit import AnagenExit, Constant, Term
from anagen.mechanisms.concentration_effect import Hill
from anagen.mechanisms.module import mechanism
from anagen.patient.draws import Draws
from anagen.patient.streams import TYPICAL
from anagen.simulation import engine
from anagen.simulation.wires import GIVEN, Wire, wires
from anagen.treatments.contract import Wiring
from anagen.treatments.registry import treatment


def wired(assumed: frozenset[str] = frozenset()) -> Wiring:
    """The wiring of the typical person, as shapes: nothing is compiled."""
    drug = treatment()

    def wire() -> Any:
        values = Draws(drug.parameters, 0, jnp.array([TYPICAL]), None, drug.chances)
        return drug.wire(values, Case("20 mg once daily", pattern_hair_loss=True).person(), assumed)

    return jax.eval_shape(wire)


def of(*blocks: Any) -> frozenset[Wire]:
    return wires(SimpleNamespace(mechanisms=blocks)) - wires(SimpleNamespace(mechanisms=()))


def one(x: float = 1.0) -> jax.Array:
    return jnp.array([x])


@mechanism
class Toy:
    """Reads `day` twice and `on_drug` not at all; remembers the dose; asks for a signal that nobody makes."""

    gain: jax.Array
    outputs: ClassVar = {"now": "1", "memory": "1", "fixed": "1"}

    def initial(self, signals):
        return (0 * self.gain, 0 * self.gain), {"now": self.gain, "memory": 0 * self.gain, "fixed": self.gain}

    def effect(self, concentration):
        return None

    def step(self, state, effect, signals):
        signals["on_drug"]
        first, second = state
        now = self.gain * signals["day"] * signals["day"] + signals.get("never", 0.0)
        return (first + signals["dose_mg_per_kg"], first), {"now": now, "memory": second, "fixed": self.gain}


def test_what_is_used_is_a_wire_also_through_the_memory_and_nothing_else():
    """`memory` shows the dose of two days ago: it is found through two places of the state."""
    assert of(Toy(one())) == {Wire("day", "now"), Wire("dose_mg_per_kg", "memory")}


def test_a_gain_of_zero_is_a_wire():
    assert of(Toy(one(0.0))) == of(Toy(one(3.0)))


def test_a_sum_has_a_wire_for_every_term():
    exit_ = AnagenExit(
        susceptibility=one(),
        response=Hill(one()),
        terms=(Term("clock", "now", one()), Constant("iron", one())),
        ceiling=one(6.0),
        damping=None,
    )
    parts = {Wire(f"anagen_exit:{name}", "anagen_exit") for name in ("retinoid", "clock", "iron")}
    own = {Wire("level", "retinoid_stress"), Wire("retinoid_stress", "anagen_exit:retinoid")}
    toy = Toy(one())
    found = of(toy, exit_) - of(toy)
    assert found == {*parts, *own, Wire("now", "anagen_exit:clock")}
    damped = of(toy, replace(exit_, damping=one(0.9))) - of(toy)
    assert damped - found == {
        Wire("on_drug", "anagen_exit:damping"),
        Wire("anagen_exit:damping", "anagen_exit"),
    }
    assert of(replace(exit_, terms=exit_.terms[1:])) == found - {
        Wire("now", "anagen_exit:clock"),
        Wire("anagen_exit:clock", "anagen_exit"),
    }


def test_two_terms_of_one_name_are_refused():
    twice = AnagenExit(one(), Hill(one()), (Constant("iron", one()), Constant("iron", one())), one(6.0), None)
    with pytest.raises(ValueError, match="one name"):
        twice.initial({})


@pytest.mark.parametrize(
    ("assumed", "new", "gone"),
    [
        ("anagen-effluvium", {Wire("alt_u_per_l", "hit_fraction"), Wire("hit_fraction", "in:Follicles")}, set()),
        ("onset-arrest", {Wire("retinoid_stress", "kenogen_factor"), Wire("kenogen_factor", "in:Follicles")}, set()),
        ("anchorage", {Wire("on_drug", "telogen_speed"), Wire("telogen_speed", "in:Follicles")}, set()),
        ("anti-androgen", {Wire("on_drug", "anagen_exit:damping")}, set()),
        ("peak-toxicity", {Wire("concentration_peak", "cheilitis")}, {Wire("concentration_mean", "cheilitis")}),
        ("nutrient-depletion", set(), set()),
    ],
)
def test_a_hypothesis_that_adds_a_mechanism_adds_its_wires(assumed: str, new: set[Wire], gone: set[Wire]) -> None:
    before, after = wires(wired(), ["Follicles"]), wires(wired(frozenset([assumed])), ["Follicles"])
    assert new <= after - before
    assert gone <= before - after
    assert bool(new) == (before != after)


def test_a_block_taken_out_takes_its_wires_along():
    whole = wired()
    without = replace(whole, mechanisms=tuple(b for b in whole.mechanisms if type(b).__name__ != "CreatineKinase"))
    assert {wire.target for wire in wires(whole) - wires(without)} == {"ck_u_per_l"}
    assert wires(without) < wires(whole)


def test_the_engine_gives_the_signals_that_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Seen(Exception):
        pass

    def spy(mechanisms, states, effects, signals):
        raise Seen(*sorted(name for name in signals if not name.startswith("noise:")))

    def traced(*args, **fixed):
        return jax.eval_shape(partial(engine.advance, **fixed), *args)

    monkeypatch.setattr(engine, "respond", spy)
    monkeypatch.setattr(driving, "through_a_block", traced)
    with pytest.raises(Seen) as caught:
        run(Case("5 mg once daily for 3 weeks", weeks=3, seed=77))
    assert caught.value.args == (*sorted(GIVEN),)


def test_a_wire_to_hair_carries_what_the_engine_carries():
    """Where there is no wire from the liver to hair, a liver ten times as strong moves no hair."""
    assert not any(w.source.startswith("alt") for w in wires(wired(), ["Follicles"]))
    reaction = run(Case("40 mg once daily with food for 20 weeks", people=(1412,)))
    assert reaction["alt_u_per_l"].max() > 5 * reaction["alt_u_per_l"][0]
    np.testing.assert_array_equal(np.unique(reaction["broken_per_day"]), [0.0])
