"""Hair loss reported at two doses (examples/lytvyn.toml) beside trials of the model; replicates draw what nobody knows.

A complaint is, in the model, shedding over twice the own usual in some week of the course: the rule that the fit of the
sensitivity implies (docs/trial-lytvyn.md), chosen before the trial was run. How many complain without the drug nobody
knows: 0 to 2.8 %, added here, outside the model. The sensitivity was fitted to these groups: to agree is no proof.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anagen.trial.file import read_trial
from anagen.trial.run import run_trial

EXAMPLE = Path(__file__).parents[1] / "examples" / "lytvyn.toml"
GROUPS = {"0.24 mg/kg": (17, 18, 565), "0.59 mg/kg": (28, 192, 3375)}  # weeks of the course, complaints, people
LOW, HIGH = GROUPS
SEED, DRAWS, BACKGROUND = 2022, 1000, 0.028
FORMS = [
    pytest.param((20, 600), id="20-replicates-of-600"),
    pytest.param((100, 2000), id="100-replicates-of-2000", marks=pytest.mark.slow),
]


Shares = dict[str, dict[str, np.ndarray]]


@pytest.mark.parametrize("file", sorted(EXAMPLE.parent.glob("*.toml")), ids=lambda file: file.stem)
def test_every_example_can_be_read(file: Path) -> None:
    assert read_trial(file).arms


def observed(arm: str) -> float:
    _, complaints, people = GROUPS[arm]
    return complaints / people


@pytest.fixture(scope="module", params=FORMS)
def shares(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shares:
    """Rule -> arm -> share of people with a complaint by the end of the course, one for each replicate."""
    replicates, size = request.param
    trial = replace(read_trial(EXAMPLE), people=replicates * size, replicates=replicates)
    people = run_trial(trial, tmp_path_factory.mktemp("trial") / "results").people().collect().sort("person")
    replicate = people["person"].to_numpy() // size
    return {
        rule: {
            arm: np.bincount(replicate, people[f"{arm}/{rule}"].to_numpy() <= weeks, replicates) / size
            for arm, (weeks, _, _) in GROUPS.items()
        }
        for rule in ("doubled", "raised_by_half")
    }


def predicted(by_arm: dict[str, np.ndarray], background: float = BACKGROUND) -> dict[str, np.ndarray]:
    """Shares that studies of the published sizes would report, `(replicates * DRAWS,)` for each arm.

    A draw has one background for both arms, evenly from 0 to `background`.
    """
    rng = np.random.default_rng(SEED)
    replicates = len(by_arm[LOW])
    without_drug = rng.uniform(0, background, (replicates, DRAWS)) if background else np.zeros((replicates, DRAWS))
    reports = {}
    for arm, share in by_arm.items():
        size = GROUPS[arm][2]
        reports[arm] = (rng.binomial(size, share[:, None] + (1 - share[:, None]) * without_drug) / size).ravel()
    return reports


def lies_within(values: np.ndarray, seen: float, what: str) -> bool:
    """Whether the middle 90 % of the values hold what was seen."""
    low, middle, high = 100 * np.quantile(values, [0.05, 0.5, 0.95])
    below = 100 * (np.mean(values < seen) + np.mean(values == seen) / 2)
    print(f"{what}: {middle:.1f} % (90 % from {low:.1f} to {high:.1f}); seen {100 * seen:.1f} %, above {below:.0f} %")
    return bool(low <= 100 * seen <= high)


@pytest.mark.parametrize("arm", GROUPS)
def test_the_observed_share_lies_in_what_is_predicted(shares: Shares, arm: str) -> None:
    assert lies_within(predicted(shares["doubled"])[arm], observed(arm), arm)


def test_the_observed_difference_lies_in_what_is_predicted(shares: Shares) -> None:
    """2.5 points."""
    reports = predicted(shares["doubled"])
    assert lies_within(reports[HIGH] - reports[LOW], observed(HIGH) - observed(LOW), "difference")


@pytest.mark.xfail(
    reason="no background at all: 0.5 % at 0.24 mg/kg, 90 % from 0.0 to 1.9; 3.2 % were seen", strict=True
)
def test_without_a_background_the_low_dose_is_explained(shares: Shares) -> None:
    """So the low group rests on complaints that the drug does not cause."""
    assert lies_within(predicted(shares["doubled"], 0)[LOW], observed(LOW), "0.24 mg/kg, no background")


@pytest.mark.xfail(reason="half more than usual: 14 % at 0.59 mg/kg, 90 % from 7 to 21; 5.7 % were seen", strict=True)
def test_half_more_than_usual_is_what_people_complain_of(shares: Shares) -> None:
    assert lies_within(predicted(shares["raised_by_half"])[HIGH], observed(HIGH), "0.59 mg/kg, 1.5 times")


def test_the_higher_dose_never_has_fewer_complaints(shares: Shares) -> None:
    """The same people: in them, more drug for longer cannot be less."""
    assert (shares["doubled"][HIGH] >= shares["doubled"][LOW]).all()
    assert (shares["raised_by_half"][HIGH] >= shares["doubled"][HIGH]).all()
