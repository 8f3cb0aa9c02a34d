"""The verb of a trial: arms over one population, in parts, here, in worker processes or on a cluster."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, get_args

from anagen.errors import InputError, RegimenError, nearest, unknown
from anagen.fingerprint import folder_digest
from anagen.patient.covariates import covariates
from anagen.patient.population import Population
from anagen.simulation.provenance import provenance
from anagen.simulation.result import Mode

from .events import Noted, Report
from .file import read_trial
from .part import SUMS, PartWork, Tally
from .plan import Trial
from .result import TrialResult, table_of
from .setting import TILE, Setting, read_population
from .store import Store
from .workers import run_parts


def run_trial(
    trial: Trial | Path | str,
    output: Path | str | None = None,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    resume: bool = False,
    power: tuple[int, ...] = (),
    mode: Mode = "reader",
    report: Report | None = None,
    population: Population | None = None,
) -> TrialResult:
    """Run a trial.

    Args:
        trial: a trial, or the path of its file.
        output: a folder for the parts, from which a run that was stopped can go on; None keeps nothing.
        workers: processes on this machine.
        scheduler: address of a Dask scheduler that has the parts computed instead.
        resume: go on with what is in `output`.
        power: numbers of people per arm for which the power of each contrast is computed.
        mode: as in `simulate`.
        report: is told what happens (see `trial.events`).
        population: the people, where they have been read already; else those that the trial names are read.

    Results are the same to the last bit for any number of workers, in any order, on a cluster of machines like this
    one, and after a restart.

    Raises:
        InputError: a file, a population or an option that cannot be used; a part that cannot be computed.
        RegimenError: an arm that must not be simulated in somebody of the population.
    """
    plan = trial if isinstance(trial, Trial) else read_trial(Path(trial))
    setting = Setting(plan, population or read_population(plan), mode)
    check(setting)
    tiles = tiles_of_part(setting.tiles)
    work = PartWork(setting, tiles)
    sizes = {part: min(tiles * TILE, plan.people - part * tiles * TILE) for part in range(-(-setting.tiles // tiles))}
    with ExitStack() as stack:
        folder = Path(output) if output else Path(stack.enter_context(tempfile.TemporaryDirectory())) / "results"
        store = stack.enter_context(Store.open(folder, manifest(setting, tiles), resume=resume))
        for note in store.notes:
            if report:
                report(Noted(note))
        if scheduler is not None:
            from .cluster import run_parts_dask

            run_parts_dask(work, sizes, store, scheduler=scheduler, report=report)
        else:
            run_parts(work, sizes, store, workers=workers, report=report)
        tally = gathered(store, sizes, len(plan.arms))
        return TrialResult(table_of(setting, tally, power, made_by(setting)), folder if output else None)


def tiles_of_part(tiles: int) -> int:
    """Tiles in a part: few where there are few, so that workers share them; at most 8, so that little is lost."""
    return 1 if tiles <= 32 else 4 if tiles <= 256 else 8


def gathered(store: Store, parts: Mapping[int, int], arms: int) -> Tally:
    """What was counted in all parts, read one after the other."""
    tally: Tally | None = None
    for part in sorted(parts):
        found = Tally.from_bytes(store.read(part, SUMS), arms)
        if tally is None:
            tally = found
        else:
            tally.merge(found)
    assert tally is not None
    return tally


def manifest(setting: Setting, tiles: int) -> dict[str, Any]:
    """Everything that determines the numbers."""
    import jax
    import numpy

    plan = setting.trial
    return {
        "trial": plan.text,
        "people": plan.people,
        "seed": plan.seed,
        "population": setting.population.text_hash,
        "parameters": setting.treatment.parameter_hash(),
        "source": folder_digest(Path(__file__).parents[1]),
        "tile": TILE,
        "tiles_of_part": tiles,
        "precision": setting.precision,
        "jax": jax.__version__,
        "numpy": numpy.__version__,
        "backend": jax.default_backend(),
    }


def made_by(setting: Setting) -> dict[str, Any]:
    """The provenance of a trial."""
    plan = setting.trial
    made = provenance(
        setting.treatment,
        [arm.regimen.text if arm.regimen else "" for arm in plan.arms],
        seed=plan.seed,
        people=plan.people,
        weeks=plan.follow_up_weeks,
        tile=TILE,
        spread="between" if plan.uncertainty == "none" else "both",
        assumed=plan.assume,
    )
    return {**made, "precision": setting.precision, "population": setting.population.text_hash, "trial": plan.text}


def check(setting: Setting) -> None:
    """What needs the population: its covariates, and doses that nobody of it may take.

    Raises:
        InputError: an unknown mode; an endpoint that is not shown in this mode; a subgroup of a covariate that the
            population does not have.
        RegimenError: a dose above what is simulated, in the lightest that the population may hold.
    """
    if setting.mode not in get_args(Mode):
        raise unknown("mode", setting.mode, get_args(Mode))
    for endpoint in setting.trial.endpoints:
        if endpoint.table.get("mode", setting.mode) != setting.mode:
            raise InputError(
                f"the endpoint {endpoint.name} ({endpoint.title}) is for clinicians and research only",
                expected=f"--mode {endpoint.table['mode']}, or another endpoint",
            )
    columns = setting.population.columns
    for subgroup in setting.trial.subgroups:
        if subgroup.covariate not in columns:
            raise InputError(
                f"a subgroup by {subgroup.covariate}, which the population {setting.population.name} does not have",
                expected=", ".join(columns),
                nearest=nearest(subgroup.covariate, columns),
            )
    bounds = covariates(setting.trial.treatment)["weight_kg"].bounds
    weights = bounds if "weight_kg" in columns else (70.0,)
    for arm in setting.trial.arms:
        for weight in weights:
            regimen = arm.planned(setting.trial.follow_up_weeks)
            if regimen is None:
                continue
            try:
                regimen.events(weight)
            except RegimenError as error:
                raise RegimenError(
                    f"arm '{arm.name}': {error.message}", where=error.where, expected=error.expected,
                    nearest=error.nearest,
                ) from None  # fmt: skip
