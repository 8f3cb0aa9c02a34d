"""A trial carried out again from its record: its text, the people it names, and what the command line changed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.errors import InputError

from .differences import Differs
from .opening import Opened, open_result
from .request import TrialRecord

if TYPE_CHECKING:
    from anagen.trial.events import Report
    from anagen.trial.plan import Trial
    from anagen.trial.result import TrialResult

FILE, TEXT, PARTS = "trial.json", "trial.toml", "parts"


def open_folder(folder: Path) -> Opened:
    """The numbers of a results folder, once its files agree with each other.

    Raises:
        InputError: the folder holds no finished trial, or its files are not those of one run as they were written.
    """
    from anagen.trial.folder import MANIFEST
    from anagen.trial.manifest import read_manifest

    if not (folder / FILE).is_file():
        raise InputError(
            f"{folder} holds no finished trial: there is no {FILE}",
            expected="the folder that `anagen trial TRIAL.toml -o FOLDER` filled, or a file of ours",
        )
    opened = open_result(folder / FILE)
    said = opened.record.get("trial")
    manifest = read_manifest(_text(folder / MANIFEST)) or {}
    for name, text in ((TEXT, _text(folder / TEXT)), (MANIFEST, manifest.get("trial"))):
        if text != said:
            raise InputError(
                f"{folder / name} is not of the trial that {FILE} holds: it was changed, or is of another run",
                expected="the folder as Anagen wrote it",
            )
    for number, faulty in _faults(folder):
        raise InputError(
            f"{folder / PARTS}: {faulty} of part {number} is not as it was written",
            expected="the folder as Anagen wrote it",
        )
    return opened


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise InputError(
            f"cannot read {file}: {error.strerror or error}", expected="the folder as Anagen wrote it"
        ) from None


def _listed(folder: Path) -> dict[str, dict[str, Any]]:
    """The files of all finished parts, with their sizes and hashes, by part."""
    found = {}
    for file in sorted((folder / PARTS).glob("part-*.json")):
        try:
            table = json.loads(file.read_bytes())["files"]
            found[file.stem.removeprefix("part-")] = {str(name): str(of["sha256"]) for name, of in table.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise InputError(f"{file} is damaged", expected="the folder as Anagen wrote it") from None
    return found


def _faults(folder: Path) -> Iterable[tuple[str, str]]:
    import hashlib

    for number, files in _listed(folder).items():
        for name, sha256 in files.items():
            try:
                with (folder / PARTS / f"part-{number}.{name}").open("rb") as file:
                    same = hashlib.file_digest(file, "sha256").hexdigest() == sha256
            except OSError:
                same = False
            if not same:
                yield number, name


def planned(asked: TrialRecord, near: Iterable[Path]) -> Trial:
    """The trial of a record; a file of people that it names is looked for in the folders `near`.

    Raises:
        InputError: the file is in none of them, or is not the one that was used.
        PregnancyStop: it says that people are pregnant.
    """
    from anagen.trial.file import parse_trial
    from anagen.trial.setting import read_population

    trial = parse_trial(asked.trial, TEXT, _folder_of_people(asked.trial, tuple(near)))
    if read_population(trial).text_hash != asked.population:
        raise InputError(
            f"the people of the trial ({Path(str(trial.population[1])).name}) are not those it was run with",
            expected="the population as it was; another version of Anagen, or another file, has other people",
        )
    return replace(trial.with_people(asked.people), seed=asked.seed)


def _folder_of_people(text: str, near: tuple[Path, ...]) -> Path:
    try:
        table = tomllib.loads(text).get("population")
    except tomllib.TOMLDecodeError:
        return Path()  # told with its place by whoever reads it next
    name = (table.get("file") or table.get("table")) if isinstance(table, dict) else None
    if not isinstance(name, str):
        return Path()
    for folder in near:
        if (folder / name).is_file():
            return folder
    raise InputError(
        f"the trial took its people from {name}, which is in none of: {', '.join(str(folder) for folder in near)}",
        expected="that file beside the results, or in the folder above, or `--people-in FOLDER`",
    )


def repeat_trial(
    asked: TrialRecord,
    near: Iterable[Path],
    *,
    output: Path | None = None,
    workers: int = 1,
    report: Report | None = None,
) -> TrialResult:
    """The result of the trial, carried out again; its parts go to `output`, if any."""
    from anagen.trial.run import run_trial

    trial = planned(asked, near)
    return run_trial(trial, output, workers=workers, power=tuple(asked.power), mode=asked.mode, report=report)


def of_parts(then: Path, now: Path) -> list[Differs]:
    """The files of the people whose bytes differ between two results folders."""
    one, other = _listed(then), _listed(now)
    if one.keys() != other.keys():
        return [Differs("the number of parts", 1, None, len(one), len(other))] if one else []
    return [
        Differs(f"parts/part-{number}.{name}", 1, None, sha256[:12], other[number].get(name, "absent")[:12])
        for number, files in one.items()
        for name, sha256 in files.items()
        if other[number].get(name) != sha256
    ]
