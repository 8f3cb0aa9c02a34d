"""Each peer of the benchmark that is installed, on a few people and free doses, beside the reference solution."""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pytest
from benchmarks.reference import exact, model, peer

TOLERANCE = 5e-4  # ten times what the loosest setting reaches
PEOPLE, DAYS = 3, 10


@cache
def case() -> tuple[model.People, np.ndarray, np.ndarray]:
    people = model.random_people(PEOPLE)
    rng = np.random.default_rng(11)
    doses = rng.uniform(5, 80, (DAYS, PEOPLE)) * (rng.random((DAYS, PEOPLE)) < 0.8)
    doses[0] = 40.0
    return people, doses, exact.exact(people, doses)


@pytest.mark.parametrize("name", peer.PEERS)
def test_a_peer_solves_the_model(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what other programs warn of on import
        try:
            module, versions = peer.load(name)
        except peer.NotInstalled as missing:
            pytest.skip(f"{name}: {missing}")
        assert versions
        people, doses, truth = case()
        row = next(iter(module.ROWS))
        found = np.asarray(module.run(row, people, doses))
        if hasattr(module, "close"):
            module.close()
    assert found.shape == truth.shape == (DAYS, len(model.OUTPUTS), PEOPLE)
    assert exact.error(found, truth) < TOLERANCE
    assert exact.drug_found(found, truth) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(("row", "most"), [("single", 1e-4), ("double", 2e-5)])
def test_anagen_keeps_its_gate(row: str, most: float) -> None:
    """Free doses; the double precision gate of 5e-6 is for the benchmark's own doses and people."""
    from benchmarks.reference import anagen_peer

    people, doses, truth = case()
    assert exact.error(anagen_peer.run(row, people, doses), truth) < most


def test_anagen_in_blocks_and_tiles_is_anagen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two blocks of a week and two tiles of two, the last one filled up: the same to rounding."""
    from benchmarks.reference import anagen_peer

    people, doses, _ = case()
    whole = anagen_peer.run("double", people, doses)
    monkeypatch.setattr(anagen_peer, "TILE", 2)
    monkeypatch.setattr(anagen_peer, "BLOCK_WEEKS", 1)
    pieces = anagen_peer.run("double", people, doses)
    assert pieces.shape == whole.shape
    np.testing.assert_allclose(pieces, whole, rtol=1e-12)


def test_a_peer_that_is_not_there_says_so() -> None:
    with pytest.raises(peer.NotInstalled, match=r"nobody_peer\.py"):
        peer.load("nobody")
