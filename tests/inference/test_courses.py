"""Between the nodes of the grid: how far the interpolated scalp is from one that is simulated by itself."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from tests.inference.diaries import FEVER, START, WEEKS, ready, record

from anagen import HairEvent, Patient, simulate, treatment
from anagen.inference.chebyshev import coefficients, nodes, polynomials
from anagen.inference.courses import (
    SHAPE,
    _begin,
    _days,
    _many,
    _through,
    anagen_place,
    pattern_place,
    pulse_place,
    sudden,
    susceptibility_place,
    typical,
)
from anagen.inference.hypotheses import pulse_that_shows
from anagen.inference.likelihood import expected, person
from anagen.inference.posterior import means
from anagen.inference.prepared import prepared
from anagen.inference.priors import AT, NAMES, Lognormal, Priors
from anagen.inference.timeline import timeline
from anagen.simulation.engine import BLOCK_DAYS

DRUG = treatment("isotretinoin")


def test_polynomials_pass_through_the_nodes_and_give_back_smooth_functions():
    at = nodes(9)
    table = coefficients(np.exp(at)[:, None] * np.array([1.0, 2.0]), 1)
    for x in (0.0, 0.13, 0.5, 0.77, 1.0):
        assert np.asarray(polynomials(x, 9)) @ table == pytest.approx([np.exp(x), 2 * np.exp(x)], rel=1e-7)


def test_the_timeline_is_that_of_simulate():
    of = ready(36)
    found = simulate(
        DRUG,
        "40 mg once daily at 08:00 for 24 weeks",
        Patient(),
        people=1,
        weeks=WEEKS - 8,
        daily=True,
        spread="between",
    )
    stress = found.signals["retinoid_stress"][1:, 0] / DRUG.parameters["anagen_exit.retinoid.susceptibility"].value
    mine = of.time.retinoid[START : START + stress.size]  # its days begin at midnight, those of simulate at a dose
    assert mine[15:160] == pytest.approx(stress[15:160], abs=2e-3)
    assert mine.sum() == pytest.approx(stress.sum(), rel=2e-3)
    assert not of.time.retinoid[:START].any()


def test_between_the_nodes_it_is_the_simulation():
    # The typical person without the drug and with a fever of a given size: by `simulate`, and on the grid.
    of = prepared(DRUG, record([0] * 36, mg=0))
    fraction = 0.137
    shown = simulate(
        DRUG,
        None,
        Patient(events=(HairEvent("fever", FEVER, fraction),)),
        people=1,
        weeks=WEEKS,
        daily=True,
        spread="between",
    ).signals["shed_per_day"][:, 0]
    z = np.zeros((1, len(NAMES)))
    names = np.array(of.classes.names)
    part = np.flatnonzero(names == "trigger")
    z[0, AT["trigger"]] = _score(of.priors, fraction, of.classes.thresholds.pulse)
    people, mean = means(of, z, part)
    days = np.array([count.day for count in of.record.counts]) + 0.0
    assert float(np.asarray(people.trigger)[0]) == pytest.approx(fraction, rel=1e-6)
    capture = float(np.asarray(people.capture)[0, 0])
    mine = np.asarray(mean.hairs)[0, : days.size] / capture
    assert mine == pytest.approx(shown[days.astype(int)], rel=0.01)


def test_of_any_people_the_grid_knows_the_sheds():
    # People drawn at random, each simulated alone on the way, against the polynomials between the nodes.
    of, rng, people = ready(36), np.random.default_rng(3), 150
    spread = Lognormal.of(DRUG.parameters["follicles.anagen_duration"]).spread
    anagen = np.clip(rng.standard_normal(people), -2.9, 2.9)
    drug = np.where(rng.random(people) < 0.5, 0.15 * np.exp(1.2 * rng.standard_normal(people)), 5 * rng.random(people))
    drug = np.minimum(drug, 5.0)
    pulse = np.minimum(0.15 * np.exp(0.5 * rng.standard_normal(people)), 0.7) * (rng.random(people) < 0.7)
    loss = np.minimum(0.87 * np.exp(0.4 * rng.standard_normal(people)), 2.5) * (rng.random(people) < 0.3)
    scalp = _many(typical(DRUG), spread * anagen)
    state, _ = _begin(scalp, 1 + of.time.other[0] + loss * of.time.pattern[0])
    through, rows = jax.jit(_through), []
    for start in range(0, of.time.size, BLOCK_DAYS):
        state, made = through(scalp, state, drug, pulse, loss, np.float64(6.0), _days(of.time, start))
        rows.append(np.asarray(made)[0])
    alone = np.log(np.concatenate(rows))[6::7].T
    places = (anagen_place(anagen), susceptibility_place(drug), pulse_place(pulse, 0.7), pattern_place(loss, 2.5))
    along = [np.asarray(polynomials(place, size)) for place, size in zip(places, SHAPE, strict=True)]
    table = coefficients(np.moveaxis(np.log(of.grid.shed_per_day[7::7]), 0, -1), 4)
    between = np.einsum("an,bn,cn,dn,abcdt->nt", *along, table, optimize=True)
    worst = np.abs(between - alone).max(1)
    assert np.median(worst) < 0.004
    assert np.quantile(worst, 0.95) < 0.01
    assert worst.max() < 0.04


def test_a_trigger_at_any_day_is_the_same_trigger_later():
    # An unrecorded trigger goes another way (one answer, shifted in time): it must give what the grid gives.
    of = ready(36)
    names = np.array(of.classes.names)
    size = 0.2
    recorded, shifted = np.zeros((2, 1, len(NAMES)))
    recorded[0, AT["trigger"]] = shifted[0, AT["sudden"]] = _score(of.priors, size, of.classes.thresholds.pulse)
    recorded[0, AT["drug"]] = shifted[0, AT["drug"]] = -8.0
    shifted[0, AT["trigger"]] = -8.0

    under = jax.tree_util.tree_map(lambda column: column[np.flatnonzero(names == "unrecorded")[0]], of.classes.parts)
    under = under._replace(when_first=np.float64(FEVER), when_last=np.float64(FEVER), trigger=np.float64(0.0))

    later = expected(person(shifted[0], under, of.data.priors), under, of.data).hairs
    _, grid = means(of, recorded, np.flatnonzero(names == "trigger"))
    count = len(of.record.counts)
    assert np.asarray(later)[:count] == pytest.approx(np.asarray(grid.hairs)[0, :count], rel=0.02)


def test_thresholds_raise_shedding_by_half():
    pulse = pulse_that_shows(sudden(DRUG).shed[0])
    shown = simulate(DRUG, None, Patient(events=(HairEvent("fever", 0, pulse),)), people=1, weeks=30, daily=True)
    shed = shown.signals["shed_per_day"][:, 0]
    assert shed.max() / shed[0] == pytest.approx(1.5, rel=0.06)


def test_without_doses_the_drug_does_nothing():
    time = timeline(DRUG, record([10] * 9, mg=0))
    assert not time.retinoid.any()
    assert time.trigger.sum() == 1


def _score(priors: Priors, size: float, least: float) -> float:
    """The score of a pulse among those that show."""
    from scipy.stats import norm

    pulse = priors.pulse
    low, high, here = (pulse.below(x) for x in (least, priors.pulse_most, size))
    return float(norm.ppf((here - low) / (high - low)))
