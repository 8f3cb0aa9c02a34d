"""Arms of a comparison run at the same time: the same numbers, one progress, no program made twice, a clean end."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from anagen import compare, simulate
from anagen.compiled.programs import program

REGIMENS = ("10 mg once daily for 3 weeks", "20 mg once daily for 3 weeks", "5 mg every 8 hours for 3 weeks")


def test_arms_side_by_side_are_the_arms_one_by_one_to_the_bit() -> None:
    together = compare("isotretinoin", REGIMENS, weeks=6, people=30)
    for arm, regimen in zip((*together.arms, together.untreated), (*REGIMENS, None), strict=True):
        alone = simulate("isotretinoin", regimen, weeks=6, people=30)
        assert arm.label == alone.label
        assert arm.exposure == alone.exposure
        for name, values in alone.signals.items():
            assert np.array_equal(arm.signals[name], values), name


def test_the_progress_of_all_arms_rises_to_one() -> None:
    told: list[float] = []
    compare("isotretinoin", REGIMENS, weeks=30, people=5, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)
    assert len(told) > len(REGIMENS)


def test_what_goes_wrong_in_one_arm_leaves_and_stops_the_others() -> None:
    def break_off(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare("isotretinoin", REGIMENS, weeks=6, people=5, progress=break_off)
    patience = time.monotonic() + 60
    while any(thread.name.startswith("anagen-arms") for thread in threading.enumerate()):
        assert time.monotonic() < patience
        time.sleep(0.01)


def test_threads_that_want_the_same_program_make_it_once(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("ANAGEN_CACHE_DIR", str(tmp_path))
    traced = []
    gate = threading.Barrier(4)

    def doubled(x: object) -> object:
        traced.append(1)
        time.sleep(0.05)  # long enough for the others to come in between, were there no lock
        return 2 * x

    def one(_: int) -> float:
        gate.wait()
        return float(program(doubled, ("doubled", str(tmp_path)), np.ones(3))(np.ones(3)).sum())

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(4))) == [6.0] * 4
    assert len(traced) == 1
