"""`rerun`: a result repeated from the file alone, and whether it comes out the same."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.safety import pregnancy_notice

from .differences import Differs, of_json, of_tables, of_texts
from .json_file import PLACE, json_text
from .layouts import table
from .opening import Opened, is_folder, open_result
from .record import record_of
from .repeat import Progress, repeat
from .repeat_trial import of_parts, open_folder, repeat_trial
from .request import RunTable, TrialRecord, request
from .seal import frame_bytes

if TYPE_CHECKING:
    import polars

    from anagen.trial.events import Report

COMPARED = (
    *("anagen", "jax", "numpy", "python", "platform", "threads", "precision", "tile"),
    *("source", "parameters", "population"),
)
"""Entries of a record that say what computed the numbers."""


@dataclass(frozen=True, eq=False)
class Rerun:
    """What came of it. `changed`: name -> (then, now) of what computed it; `differences` are of what it holds."""

    path: Path
    form: str
    record: Mapping[str, Any]
    changed: Mapping[str, tuple[Any, Any]]
    differences: tuple[Differs, ...]

    @property
    def identical(self) -> bool:
        """Whether every number and every word is the same."""
        return not self.differences

    @property
    def command(self) -> str:
        return str(self.record["command"])

    @property
    def regimens(self) -> tuple[str, ...]:
        """The regimens, in normalised text."""
        return tuple(text or "no treatment" for text in self.record.get("regimens", ()))

    def to_json(self) -> dict[str, Any]:
        """The object that `anagen rerun --json` prints."""
        return {
            "safety": [dict(pregnancy_notice(str(self.record["treatment"])))],
            "file": str(self.path),
            "form": self.form,
            "command": self.command,
            "regimens": list(self.regimens),
            "identical": self.identical,
            "changed": {name: {"then": then, "now": now} for name, (then, now) in self.changed.items()},
            "differences": [one.to_json() for one in self.differences],
            "provenance": dict(self.record),
        }


def rerun(
    path: Path | str,
    *,
    workers: int = 1,
    people_in: Path | None = None,
    progress: Progress | None = None,
    report: Report | None = None,
) -> Rerun:
    """Repeat the run that a file of ours holds, and compare.

    Args:
        path: a file (JSON, CSV, Parquet, Arrow, page) or the folder of a trial.
        workers: processes for a trial.
        people_in: where the file of people is that a trial names, if not beside the results or one folder above.
        progress: called with the share done, 0 to 1, of all but a trial.
        report: is told what happens in a trial (see `trial.events`).

    Raises:
        InputError: the file cannot be read, is not ours, or was changed; an input that this version does not take.
        RegimenError: a regimen that this version does not simulate.
        PregnancyStop: the file says that the person is pregnant: nothing is simulated.

    >>> import tempfile
    >>> from anagen import simulate
    >>> result = simulate("isotretinoin", "20 mg once daily with food for 4 weeks", people=1, weeks=4)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = rerun(result.to_csv(f"{folder}/result.csv"))
    >>> again.identical, again.command
    (True, 'simulate')
    """
    path = Path(path)
    opened = open_folder(path) if is_folder(path) else open_result(path)
    asked = request(opened.record, opened.path)
    if isinstance(asked, RunTable):
        result = repeat(asked, progress)
        return _compared(path, opened, asked, result)
    beside = path if is_folder(path) else path.parent
    near = [folder for folder in (people_in, beside, beside.resolve().parent, Path.cwd()) if folder is not None]
    run: Callable[..., Any] = partial(repeat_trial, asked, near, workers=workers, report=report)
    if not is_folder(path):
        return _compared(path, opened, asked, run())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "results"
        return _compared(path, opened, asked, run(output=folder), of_parts_in=folder)


def _compared(
    path: Path, opened: Opened, asked: RunTable | TrialRecord, result: Any, of_parts_in: Path | None = None
) -> Rerun:
    then, now = opened.record, record_of(result)
    names = [name for name in COMPARED if then.get(name) != now.get(name)]
    differences = _FORMS[opened.form](opened.content, asked, result)
    if of_parts_in is not None:
        differences += of_parts(path, of_parts_in)
    form = "folder" if is_folder(path) else opened.form
    return Rerun(path, form, then, {name: (then.get(name), now.get(name)) for name in names}, tuple(differences))


def _json(content: Mapping[str, Any], asked: RunTable | TrialRecord, result: Any) -> list[Differs]:
    now = json.loads(json_text(result.to_json()))
    return of_json(*({key: value for key, value in one.items() if key != PLACE} for one in (content, now)))


def _table(content: polars.DataFrame, asked: RunTable | TrialRecord, result: Any) -> list[Differs]:
    now = table(result, asked.layout or "long")
    return [] if frame_bytes(content) == frame_bytes(now) else of_tables(content, now)


def _csv(content: bytes, asked: RunTable | TrialRecord, result: Any) -> list[Differs]:
    import polars

    now = table(result, asked.layout or "long")
    if now.write_csv().encode() == content:
        return []
    first = content.partition(b"\n")[0].decode("utf-8", "replace").split(",")
    types = {name: now.schema.get(name, polars.String()) for name in first}
    return of_tables(polars.read_csv(content, schema=types), now)


def _page(content: str, asked: RunTable | TrialRecord, result: Any) -> list[Differs]:
    return of_texts(content, page_of(result, asked.mode, asked.date))


def page_of(result: Any, mode: str, date: Date | None) -> str:
    """The page of any result, without its record."""
    from anagen.analysis import comparison_page, simulation_page
    from anagen.analysis.analyse import Analysis
    from anagen.analysis.trial_page import trial_page
    from anagen.simulation.result import Simulation
    from anagen.trial.result import TrialResult

    if isinstance(result, TrialResult):
        return trial_page(result.to_json(), date=date)
    if isinstance(result, Analysis):
        return result.page(date=date)
    if isinstance(result, Simulation):
        return simulation_page(result, mode, date=date)
    return comparison_page(result, mode, date=date)


_FORMS: Mapping[str, Callable[[Any, Any, Any], list[Differs]]] = {
    "json": _json,
    "csv": _csv,
    "parquet": _table,
    "arrow": _table,
    "html": _page,
}
