"""`anagen rerun`: a result repeated from its own file, and whether it comes out the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import person as options

if TYPE_CHECKING:
    from anagen.interchange.results.rerun import Rerun
    from anagen.trial.events import Event

DIFFERS = 1
"""Exit code where the rerun gave something else; 0 where it is identical, 2 where the file was refused."""
MOST = 20


def rerun_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A result: JSON, CSV, Parquet, Arrow, page or folder.")],
    people_in: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the file of people is that a trial names, if not beside it."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", help="Processes for a trial; one for each core where left out.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
    quiet: options.Quiet = False,
) -> None:
    from .progress import progress
    from .trial import cores

    if workers is not None and workers < 1:
        from anagen.errors import InputError

        raise InputError(f"--workers is {workers}", expected="a number of processes, 1 or more")
    with progress("Repeating", quiet) as report:
        from anagen.interchange.results.rerun import rerun

        told = None if report is None else of_people(report)
        found = rerun(file, workers=workers or cores(), people_in=people_in, progress=report, report=told)
    if as_json:
        from .output import print_json

        print_json(found.to_json())
    else:
        _show(found)
    if not found.identical:
        raise typer.Exit(DIFFERS)


def of_people(share: Callable[[float], None]) -> Callable[[Event], None]:
    """What to tell of the events of a trial: the share of its people that are done, to the bar that `share` moves."""
    from anagen.trial.progress import Rate

    rate = Rate()

    def told(event: Event) -> None:
        rate.note(event)
        if rate.people:
            share(rate.done_people / rate.people)

    return told


def _show(found: Rerun) -> None:
    """The box, what was repeated, and what came of it."""
    from anagen.safety import pregnancy_notice

    from .notices import pregnancy_box
    from .screen import console

    screen = console()
    pregnancy_box(pregnancy_notice(str(found.record["treatment"])))

    def say(text: str = "") -> None:
        screen.print(text, highlight=False, markup=False, soft_wrap=True)

    say(f"Repeated: {found.command}, seed {found.record['seed']}, {found.record['people']:,} simulated people")
    for text in found.regimens:
        say(f"  {text}")
    say()
    if found.identical:
        what = "every line of the page" if found.form == "html" else "every number and every word"
        say(f"Identical: {what} of {found.path} came out the same.")
    else:
        count = sum(one.count for one in found.differences)
        say(f"NOT identical: {count:,} values of {found.path} came out otherwise.")
        _differences(found.differences, say)
    for name, (then, now) in found.changed.items():
        say(f"Changed since: {NAMES.get(name, name)}: {_short(then)} then, {_short(now)} now")
    if not found.identical and not found.changed:
        say("Nothing that is recorded has changed since: not the versions, the source, the parameters, the machine.")


NAMES = {
    "anagen": "version of Anagen",
    "jax": "version of JAX",
    "numpy": "version of NumPy",
    "python": "version of Python",
    "threads": "threads, which move last digits",
    "source": "source code of the model",
    "parameters": "parameters",
}


def _differences(differences: Sequence[Any], say: Any) -> None:
    for one in differences[:MOST]:
        largest = "" if one.largest is None else f"largest difference {one.largest:.3g}: "
        values = f"{one.count:,} value{'s' if one.count != 1 else ''}"
        say(f"  {one.what}: {values}, {largest}{_short(one.then)} then, {_short(one.now)} now")
    if len(differences) > MOST:
        say(f"  and {len(differences) - MOST:,} more; --json lists them all")


def _short(value: Any) -> str:
    """A value in one line.

    >>> _short(0.1), _short("a" * 100)[-3:], _short(None)
    ('0.1', 'aa…', 'not said')
    """
    text = "not said" if value is None else repr(value) if isinstance(value, float) else " ".join(str(value).split())
    return text if len(text) <= 80 else text[:79] + "…"
