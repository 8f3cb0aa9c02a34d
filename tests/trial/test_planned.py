"""Planned doses cut into blocks of days, against the regimen's own list of doses counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from tests.trial.small_trials import plan, regimen

from anagen.regimen import Regimen
from anagen.treatments.registry import treatment
from anagen.trial.planned import Planned

TEXTS = (
    "20 mg once daily with food for 24 weeks",
    "0.5 mg/kg twice daily with food for 5 weeks",
    "10 mg every 8 h for 20 days",
    "40 mg once a week for 9 weeks",
    "20 mg once daily for 6 weeks, off 4 weeks, 0.3 mg/kg twice daily for 3 weeks",
)
BLOCK = 28


def planned_of(text: str, weeks: int = 24) -> Planned:
    [arm] = plan([regimen(text)], weeks=weeks).arms
    return Planned.of(arm, treatment("isotretinoin"), weeks, own_meals=False)


@pytest.mark.parametrize("text", TEXTS)
def test_blocks_hold_every_dose_on_its_day(text: str) -> None:
    planned, weight_kg = planned_of(text), np.array([48.0, 91.5])
    mg = planned.mg(weight_kg)
    parts = [planned.part(day, BLOCK) for day in range(0, 168, BLOCK)]
    found = np.concatenate([part.by_day(mg[part.kind], BLOCK) for part in parts])
    for column, weight in enumerate(weight_kg):
        events = Regimen.from_text(text).events(float(weight))
        slow = [0.0] * 168
        for hour, amount in zip(events.time_h.tolist(), events.amount_mg.tolist(), strict=True):
            slow[int((hour + 1e-6) // 24)] += amount
        np.testing.assert_allclose(found[:, column], slow, rtol=1e-12)
        assert planned.largest_mg(weight_kg)[column] == pytest.approx(events.amount_mg.max(), rel=1e-12)


@pytest.mark.parametrize("text", TEXTS)
def test_the_day_before_is_what_the_block_before_held(text: str) -> None:
    """Doses stand under their running number, so each block finds those of the evening before in the last one."""
    planned = planned_of(text)
    before, part = planned.part(0, BLOCK), planned.part(BLOCK, BLOCK)
    numbers = np.where(before.doses.mg > 0, before.doses.number, -1)
    np.testing.assert_array_equal(part.before(numbers, before), part.doses.number[part.earlier])
    time = planned.events.time_h / 24
    assert part.earlier.size == ((time > BLOCK - 1 - 1e-6) & (time < BLOCK - 1e-6)).sum()


def test_an_arm_without_treatment_has_no_doses() -> None:
    planned = planned_of("none")
    part, weight_kg = planned.part(0, BLOCK), np.array([70.0])
    assert part.ours.size == part.earlier.size == 0
    assert planned.largest_mg(weight_kg).tolist() == [0.0]
    assert not part.by_day(planned.mg(weight_kg)[part.kind], BLOCK).any()
