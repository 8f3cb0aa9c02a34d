"""What is not known of two parameters may go together: the draws show the correlation that the file states."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from anagen import treatment
from anagen.patient.draws import Draws, Spreads

FALL, RISE, LAG = "sebum.fall_rate", "sebum.rise_rate", "exposure.lag_fasted"


def with_correlations(**pairs: dict[str, float]) -> dict[str, object]:
    """The shipped parameters, some with correlations; names with `__` for the dot."""
    parameters = dict(treatment("isotretinoin").parameters)
    for name, others in pairs.items():
        key = name.replace("__", ".")
        parameters[key] = replace(parameters[key], unknown_with=tuple(others.items()))
    return parameters


def logs(parameters: dict[str, object], *names: str) -> np.ndarray:
    """The log of values of 20,000 people who differ only in what nobody knows, `(names, people)`."""
    draws = Draws(parameters, 1, jnp.arange(20_000), Spreads(0.0, 1.0))
    return np.log(np.stack([np.asarray(draws[name]) for name in names]))


def test_ranks_correlate_as_stated() -> None:
    found = logs(with_correlations(sebum__fall_rate={RISE: -0.8, LAG: 0.3}), FALL, RISE, LAG)
    ranks = np.corrcoef(found.argsort(1).argsort(1))
    spearman = 6 / np.pi * np.arcsin(np.array([-0.8, 0.3]) / 2)  # of normals with those correlations
    np.testing.assert_allclose(ranks[0, 1:], spearman, atol=0.02)
    assert abs(ranks[1, 2]) < 0.02


def test_each_value_keeps_its_own_distribution() -> None:
    """Only the going together changes: the percentiles of each value stay what its interval says."""
    alone, together = (
        logs(p, FALL, RISE) for p in (with_correlations(), with_correlations(sebum__fall_rate={RISE: 0.6}))
    )
    wanted = [2.5, 25, 50, 75, 97.5]
    np.testing.assert_allclose(np.percentile(together, wanted, 1), np.percentile(alone, wanted, 1), atol=0.02)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ({"sebum__fall_rate": {RISE: 0.9, LAG: -0.9}, "sebum__rise_rate": {LAG: 0.9}}, "cannot be all true"),
        ({"sebum__fall_rate": {"exposure.endogenous_isotretinoin": 0.5}}, "both need an interval"),
    ],
)
def test_impossible_correlations_are_refused(pairs: dict[str, dict[str, float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        logs(with_correlations(**pairs), FALL)
