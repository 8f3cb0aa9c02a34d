"""A new drug needs no edit outside its own folder; a new mechanism needs one new file."""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.simulation.driving import Case, run

import anagen.mechanisms
import anagen.treatments
from anagen.treatments import registry

MECHANISM = '''
"""A toy mechanism: something that charges up with the level and leaks away, with a person's own noise."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from anagen.mechanisms.module import mechanism


@mechanism
class Battery:
    charge: jax.Array
    leak: jax.Array
    outputs = {"toy_charge": "1", "toy_noise": "1"}
    noise = ("toy",)

    def initial(self, signals):
        zero = jnp.zeros_like(self.charge)
        return zero, {"toy_charge": zero, "toy_noise": zero}

    def effect(self, concentration):
        return concentration

    def step(self, state, effect, signals):
        state = state * jnp.exp(-self.leak) + self.charge * effect.mean
        return state, {"toy_charge": state, "toy_noise": signals["noise:toy"]}
'''

MODEL = '''
"""A toy drug: one route, one meal effect, one known and one new mechanism."""

import jax.numpy as jnp

from anagen.mechanisms.concentration_effect import Hill
from anagen.mechanisms.disposition import Disposition
from anagen.mechanisms.toy_battery import Battery
from anagen.mechanisms.turnover import Turnover
from anagen.treatments.contract import Absorption, Wiring

ROUTES = ("mouth",)
EVENTS = ("fever",)


def routes(meals):
    return tuple("mouth" for _ in meals)


def wire(p, person, assumed):
    one = jnp.ones_like(p["clearance"])
    exposure = Disposition.from_clearances(
        clearance=p["clearance"],
        central_volume=40.0 * one,
        intercompartmental_clearance=5.0 * one,
        peripheral_volume=60.0 * one,
        absorption=jnp.stack([1.0 * one]),
        metabolite_clearance=10.0 * one,
        metabolite_volume=20.0 * one,
        mass_factor=1.0,
    )
    absorption = Absorption(
        lag=jnp.stack([0.25 * one]),
        share=jnp.ones((3, 3, 1)) * one,
        route=jnp.zeros(3, int),
        half_mg=jnp.full((3, 3), jnp.inf),
        reference_mg=1.0,
        occasion=0.0,
    )
    marker = Turnover(
        names=("toy_marker",), units=("1",), response=Hill(100.0 * one), baseline=one[None],
        gain=one[None], rate=0.2 * one[None],
    )
    return Wiring(exposure, absorption, (marker, Battery(1e-3 * one, p["leak"])))


def event_days(parameters):
    return {"fever": 1}


def pulse(p, *person):
    return {"fever": 0.0 * p["clearance"]}
'''

PARAMETERS = """
[clearance]
meaning = "clearance"
value = 10.0
unit = "L/h"
between = 0.3
status = "assumed"
certainty = "very low"
source = ["assumed"]

[leak]
meaning = "leak"
value = 0.1
unit = "1/d"
scale = "fixed"
status = "assumed"
certainty = "very low"
source = ["assumed"]
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A drug's folder and a mechanism's file, beside the package and not in it; what is compiled of it is not kept."""
    monkeypatch.setenv("ANAGEN_CACHE_DIR", str(tmp_path / "compiled"))
    drug = tmp_path / "treatments" / "toyzepam"
    drug.mkdir(parents=True)
    (drug / "__init__.py").write_text("")
    (drug / "model.py").write_text(MODEL)
    (drug / "parameters.toml").write_text(PARAMETERS)
    mechanisms = tmp_path / "mechanisms"
    mechanisms.mkdir()
    (mechanisms / "toy_battery.py").write_text(MECHANISM)
    monkeypatch.setattr(anagen.treatments, "__path__", [*anagen.treatments.__path__, str(drug.parent)])
    monkeypatch.setattr(anagen.mechanisms, "__path__", [*anagen.mechanisms.__path__, str(mechanisms)])
    importlib.invalidate_caches()
    yield "toyzepam"
    registry._load.cache_clear()
    for name in [name for name in sys.modules if "toyzepam" in name or "toy_battery" in name]:
        del sys.modules[name]


def test_a_new_drug_and_a_new_mechanism_run_through_the_engine(toy: str) -> None:
    assert toy in registry.treatment_names()
    case = Case("50 mg once daily for 8 weeks", weeks=8, people=(-1, 0, 1), drug=toy)
    course = run(case)

    clearance = 50e3 / (24 * course["concentration_mean"][56])  # ng/mL at steady state -> L/h
    assert clearance[0] == pytest.approx(10.0, rel=1e-4)
    assert clearance[1] != clearance[2]
    level = course["concentration_mean"][1:, 0]
    charge = np.zeros(57)
    for day in range(56):
        charge[day + 1] = charge[day] * math.exp(-0.1) + 1e-3 * level[day]
    np.testing.assert_allclose(course["toy_charge"][:, 0], charge, rtol=1e-5)
    assert 1.0 < course["toy_marker"][56, 0] < 2.0
    assert not course["toy_noise"][:, 0].any()  # the typical person's noise is zero
    assert course["toy_noise"][1:, 1].std() == pytest.approx(1.0, abs=4 / (2 * 56) ** 0.5)


def test_an_unknown_drug_names_the_nearest() -> None:
    from anagen.errors import InputError

    with pytest.raises(InputError, match="unknown treatment") as caught:
        registry.treatment("isotretinion")
    assert "isotretinoin" in caught.value.nearest
