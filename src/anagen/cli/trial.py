"""`anagen trial`: a trial file carried out in simulated people, into a folder: its page, its numbers, its parts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from . import person as options

if TYPE_CHECKING:
    from anagen.simulation.result import Mode
    from anagen.trial.plan import Trial
    from anagen.trial.progress import Style

    from .output import Outputs

INTERRUPTED = 130
MOST_SEED = 2**32 - 1


class ProgressStyle(StrEnum):
    """Choices of --progress."""

    bar = "bar"
    json = "json"
    none = "none"


MODES: dict[options.Mode, Mode] = {options.Mode.reader: "reader", options.Mode.clinician: "clinician"}
STYLES: dict[ProgressStyle, Style] = {
    ProgressStyle.bar: "bar",
    ProgressStyle.json: "lines",
    ProgressStyle.none: "none",
}


def trial_command(
    file: Annotated[
        Path | None, typer.Argument(metavar="TRIAL.toml", help="The trial file; --example prints one.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The folder for trial.html, trial.json, trial.toml and the parts; results where left out, "
            "or none with --json.",
        ),
    ] = None,
    patients: Annotated[
        int | None, typer.Option(metavar="N", help="Simulated people in every arm, instead of the file's number.")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Another seed than the file's: other people.")] = None,
    power: Annotated[
        str | None,
        typer.Option(metavar="N,N,...", help="Power of real trials of so many people per arm, such as 50,100,200."),
    ] = None,
    mode: options.ModeOption = options.Mode.reader,
    workers: Annotated[
        int | None, typer.Option(metavar="N", help="Processes on this machine; one for each core where left out.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Run on the Dask cluster of this scheduler, tcp://HOST:PORT."),
    ] = None,
    cluster_example: Annotated[
        bool,
        typer.Option(
            "--cluster-example", help="Start a small Dask cluster here and run on it; without a file, keep it running."
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the parts that are in the folder already.")
    ] = False,
    replay: Annotated[
        int | None,
        typer.Option(metavar="N", help="Show what happened to one person, number N from 0; nothing is written."),
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Print a trial file that runs as it is.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of a trial file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
    no_page: Annotated[bool, typer.Option("--no-page", help="Write no trial.html.")] = False,
    csv: options.Csv = None,
    parquet: options.Parquet = None,
    arrow: options.Arrow = None,
    layout: options.LayoutOption = options.LayoutChoice.long,
    progress: Annotated[
        ProgressStyle, typer.Option(help="On the error stream: a bar, lines of JSON for a program, or nothing.")
    ] = ProgressStyle.bar,
    quiet: Annotated[bool, typer.Option("--quiet", help="The same as --progress none.")] = False,
) -> None:
    if example or schema:
        _print_about(example)
        return
    if file is None:
        _serve_or_refuse(cluster_example, workers)
        return
    from anagen.trial.power import sizes_of

    planned, sizes = _planned(file, patients, seed), sizes_of(power, "--power")
    if replay is not None:
        _replay(planned, replay, MODES[mode], as_json)
        return
    if scheduler and cluster_example:
        _refuse("--scheduler and --cluster-example name two clusters", "one of them")
    if workers is not None and workers < 1:
        _refuse(f"--workers is {workers}", "a number of processes, 1 or more")
    folder = output or (None if as_json else Path("results"))
    if folder:
        _check_folder(folder)
    elif resume:
        _refuse("--resume, but no folder to go on with", "-o and the folder of a trial that was begun")
    style = STYLES[ProgressStyle.none if quiet else progress]
    from .output import Outputs

    if layout is options.LayoutChoice.cdisc:
        _refuse("a trial keeps no series of every person", "--layout long or wide; its people are in the parts")
    tables = Outputs(csv, parquet, None, None, arrow, layout.value)
    how = (workers, scheduler, cluster_example, resume, sizes, MODES[mode], style)
    try:
        _run(planned, folder, *how, tables, as_json, no_page)
    except KeyboardInterrupt:
        from anagen.trial.store import KEPT

        print(f"\nanagen: stopped; {KEPT if folder else 'nothing was written'}.", file=sys.stderr, flush=True)
        os._exit(INTERRUPTED)  # as in main.py: the engine's threads are still at work


def _run(
    trial: Trial,
    folder: Path | None,
    workers: int | None,
    scheduler: str | None,
    cluster: bool,
    resume: bool,
    power: tuple[int, ...],
    mode: Mode,
    style: Style,
    tables: Outputs,
    as_json: bool,
    no_page: bool,
) -> None:
    from anagen.trial.progress import shown

    with shown(style) as report, _address(scheduler, cluster) as at:
        from anagen.trial.run import run_trial

        result = run_trial(
            trial,
            output=folder,
            workers=workers or cores(),
            scheduler=at,
            resume=resume,
            power=power,
            mode=mode,
            report=report,
        ).to_json()
    from anagen.trial.result import TrialResult

    whole = TrialResult(result, folder)
    written = _write(trial, result, folder, page=not no_page) if folder else []
    tables.save(whole, (), str)
    written += tables.paths
    if as_json:
        from .output import print_result

        print_result(whole)
    else:
        from .trial_table import show_trial

        show_trial(result, written)


@contextmanager
def _address(scheduler: str | None, cluster: bool) -> Iterator[str | None]:
    """The address of the cluster to run on, if any."""
    if not cluster:
        yield scheduler
        return
    from anagen.trial.cluster_here import example_cluster

    with example_cluster() as address:
        yield address


def _write(trial: Trial, result: dict[str, Any], folder: Path, *, page: bool) -> list[Path]:
    """The files beside the parts, each whole or not at all; the page last, as it is made of the numbers."""
    from anagen.files.writing import write_text
    from anagen.interchange.results.trial_files import trial_files
    from anagen.trial.result import TrialResult

    texts = trial_files(trial, TrialResult(result, folder), page=page)
    for name, text in texts.items():
        write_text(folder / name, text())
    return [folder / name for name in reversed(texts)]


def _print_about(example: bool) -> None:
    import json

    from anagen.trial.file import EXAMPLE, json_schema

    print(EXAMPLE.rstrip("\n") if example else json.dumps(json_schema(), ensure_ascii=False, indent=1))


def _serve_or_refuse(cluster_example: bool, workers: int | None) -> None:
    if not cluster_example:
        _refuse("no trial file was given", "a file, such as trial.toml; `anagen trial --example` prints one")
    from anagen.trial.cluster_here import serve_example_cluster

    serve_example_cluster(workers or 2)


def _planned(file: Path, patients: int | None, seed: int | None) -> Trial:
    """The file, with what the options change."""
    from dataclasses import replace

    from anagen.trial.file import read_trial

    trial = read_trial(file)
    if patients is not None:
        trial = trial.with_people(patients)
    if seed is not None:
        if not 0 <= seed <= MOST_SEED:
            _refuse(f"--seed is {seed}", f"a whole number from 0 to {MOST_SEED:,}")
        trial = replace(trial, seed=seed)
    return trial


def _replay(trial: Trial, person: int, mode: Mode, as_json: bool) -> None:
    if not 0 <= person < trial.people:
        _refuse(f"--replay: there is no person {person:,}", f"a number from 0 to {trial.people - 1:,}")
    from anagen.trial.replay import replay

    found = replay(trial, person, mode=mode)
    if as_json:
        from .output import print_json

        print_json(found)
    else:
        from .trial_table import show_person

        show_person(found, mode)


def _check_folder(folder: Path) -> None:
    """What `Store.open` would find only after the engine is loaded."""
    if folder.exists() and not folder.is_dir():
        _refuse(f"--output: {folder} is a file", "a folder: a new one, an empty one, or one to --resume")
    if not folder.resolve().parent.is_dir():
        _refuse(f"--output: there is no folder {folder.resolve().parent}", "a folder in a folder that exists")


def cores() -> int:
    """Processor cores that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _refuse(message: str, expected: str) -> NoReturn:
    from anagen.errors import InputError

    raise InputError(message, expected=expected)
