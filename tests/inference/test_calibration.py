"""Simulation-based calibration and recovery, in short: the long forms are `python -m benchmarks.fit`."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.fit import SHAPES, ranks
from scipy import stats
from tests.inference.diaries import ready

from anagen.inference.chains import chains
from anagen.inference.imagined import counted, people_under
from anagen.inference.laplace import laplace
from anagen.inference.n_of_1 import Design, told
from anagen.inference.priors import AT
from anagen.inference.seen import with_hairs


def test_true_values_lie_evenly_in_their_posteriors():
    places = ranks(ready(18), 24, np.random.default_rng(7))
    for name in SHAPES[:5]:  # those of every person; the others have too few records here
        assert stats.kstest(places[name], "uniform").pvalue > 1e-3, name


def test_little_is_said_and_little_is_wrong():
    found = [told(ready(9), truth, 4, seed=3) for truth in ("none", "drug", "trigger", "anagen")]
    assert sum(one.wrong for one in found) <= 2  # 16 records: more than 2 wrong has a chance of 4 % at a rate of 5 %


def test_a_design_has_its_days_and_doses():
    record = Design((8, 20, 24, 20), mg=20, counts_per_week=0.5).record()
    assert len(record.counts) == 36
    days = {int(dose.day) for dose in record.doses}
    assert days == set(range(56, 196)) | set(range(364, 504))


@pytest.mark.slow
def test_chains_agree_with_the_weighted_draws():
    of = ready(36)
    rng = np.random.default_rng(2)
    z, part = people_under(of, "drug", 1, rng)
    hairs, _ = counted(of, z, part, rng)
    found = laplace(with_hairs(of.data, hairs[0]), of.classes.parts)
    from dataclasses import replace

    sampled = chains(replace(of, data=with_hairs(of.data, hairs[0])), found, "drug")
    row = of.classes.names.index("drug")
    flat = sampled.z.reshape(-1, sampled.z.shape[-1])
    for name in ("comb", "dispersion", "drug", "anagen"):
        mean = found.weight[row] @ found.draws[row, :, AT[name]]
        assert flat[:, AT[name]].mean() == pytest.approx(mean, abs=0.25), name
