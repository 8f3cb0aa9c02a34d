"""Numbers that are moved take the values that people are drawn with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import spearmanr

from anagen.patient.draws import Draws, Spreads
from anagen.patient.streams import normals, stream_key
from anagen.sensitivity.space import Space, space, still, value_at
from anagen.treatments.registry import treatment

PEOPLE = np.arange(500)


def drawn(parameters, kind):
    """What the engine draws of those people, and the standard normals it draws it from."""
    values = Draws(parameters, 1, PEOPLE, Spreads.named(kind))
    z = {name: np.asarray(normals(stream_key(1, f"{kind}:{name}"), PEOPLE)) for name in parameters}
    return {name: np.asarray(values[name]) for name in parameters}, z


@pytest.mark.parametrize("kind", ["unknown", "between"])
def test_values_are_those_that_people_are_drawn_with(kind):
    whole = space(treatment(), kind)
    parameters = {p.name: replace(p, unknown_with=()) for p in whole.parameters}
    values, z = drawn(parameters, kind)
    for name, parameter in parameters.items():
        np.testing.assert_allclose(value_at(parameter, kind, z[name]), values[name], rtol=1e-12, err_msg=name)


def test_correlated_unknowns_move_together_as_they_are_drawn():
    known = treatment().parameters
    first, second, third = (
        replace(known[name], unknown_with=pairs)
        for name, pairs in (
            ("anagen_exit.retinoid.susceptibility", (("anagen_exit.retinoid.exponent", -0.7), ("other", 0.9))),
            ("anagen_exit.retinoid.exponent", ()),
            ("sebum.fall_rate", ()),
        )
    )
    whole = replace_parameters([third, first, second])
    assert whole.inputs == ("sebum.fall_rate", f"{first.name} + {second.name}")
    assert [len(entry["members"]) for entry in whole.to_json({})] == [1, 2]
    parameters = {p.name: p for p in (third, replace(first, unknown_with=first.unknown_with[:1]), second)}
    values, z = drawn(parameters, "unknown")
    uniform = np.stack([ndtr(z[p.name]) for p in whole.parameters], axis=1)
    moved = whole.values(uniform)
    for name in parameters:
        np.testing.assert_allclose(moved[name], values[name], rtol=1e-6, err_msg=name)
    assert spearmanr(moved[first.name], moved[second.name])[0] == pytest.approx(-0.7, abs=0.1)


def test_a_weak_correlation_leaves_them_apart():
    known = treatment().parameters
    first = replace(known["sebum.fall_rate"], unknown_with=(("sebum.rise_rate", 0.2),))
    whole = replace_parameters([first, replace(known["sebum.rise_rate"], unknown_with=())])
    assert whole.inputs == ("sebum.fall_rate", "sebum.rise_rate")


def replace_parameters(parameters) -> Space:
    """The space of a treatment with these parameters alone."""
    return space(replace(treatment(), parameters={p.name: p for p in parameters}), "unknown")


def test_everything_with_a_range_is_moved_but_what_is_held_or_off():
    known = treatment().parameters
    names = set(space(treatment(), "unknown", {"sebum.fall_rate": 0.1}).names)
    assert names == {n for n, p in known.items() if p.unknown and not n.startswith("hypotheses.")} - {"sebum.fall_rate"}
    assert set(space(treatment(), "between").names) == {
        n for n, p in known.items() if p.between and not n.startswith("hypotheses.")
    }


def test_some_of_a_space_keep_their_order():
    whole = space(treatment(), "unknown")
    some = whole.only([whole.names[5], whole.names[2]])
    assert some.names == (whole.names[2], whole.names[5])


def test_in_the_still_treatment_nobody_differs():
    quiet = still(treatment(), {"laboratory.liver_reaction.probability": 0.0})
    values = Draws(quiet.parameters, 1, PEOPLE, Spreads.named("both"))
    for name, parameter in treatment().parameters.items():
        if name != "laboratory.liver_reaction.probability":
            np.testing.assert_allclose(np.asarray(values[name]), parameter.value, rtol=1e-12, err_msg=name)
    assert float(np.asarray(values["laboratory.liver_reaction.probability"]).max()) == 0
    assert quiet.fingerprint() != treatment().fingerprint()
