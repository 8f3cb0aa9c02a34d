"""A results folder taken for a run: only ours, only one run at a time, only the same trial, nothing half-written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from anagen.errors import InputError

from . import lock
from .manifest import differences, manifest_text, read_manifest

MANIFEST = "manifest.json"
PARTS = "parts"
BESIDE = ".part"
"""Ends the name of a file that is being written."""


def take_folder(folder: Path, manifest: Mapping[str, Any], resume: bool) -> lock.FolderLock:
    """Make the folder or check the one that is there, and lock it; `Store.open` tells what is refused.

    Raises:
        InputError: the folder cannot be used for this run.
    """
    try:
        _check_ours(folder)
        folder.mkdir(exist_ok=True)
        held = lock.FolderLock(folder)
        try:
            _settle(folder, manifest, resume)
        except BaseException:
            held.release()
            raise
    except OSError as error:
        raise InputError(
            f"cannot write in {folder}: {error.strerror or error}",
            expected="a folder you may write in, in a folder that exists, with room on the disk",
        ) from None
    return held


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write every file beside, then put all in place in the order given.

    Raises:
        OSError: the disk is full, or a folder has gone; of these files none is half-written.
    """
    beside = {path: path.with_name(path.name + BESIDE) for path in files}
    try:
        for path, data in files.items():
            beside[path].write_bytes(data)
        for path, half in beside.items():
            half.replace(path)
    except BaseException:
        for half in beside.values():
            with suppress(OSError):
                half.unlink(missing_ok=True)
        raise


def _check_ours(folder: Path) -> None:
    """Refuse a folder with other things in it, before anything is written there."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is a file", expected="a folder: a new one, an empty one, or one to `--resume`")
    strangers = [name.name for name in folder.iterdir() if not _is_leftover(name)]
    if strangers and not (folder / MANIFEST).exists():
        raise InputError(
            f"{folder} holds other files ({', '.join(sorted(strangers)[:3])}), and no trial",
            expected="a new or empty folder",
        )


def _is_leftover(path: Path) -> bool:
    """What a run that was killed at its very start may leave."""
    if path.name == PARTS:
        return path.is_dir() and not any(path.iterdir())
    return path.name in (lock.NAME, MANIFEST + BESIDE)


def _settle(folder: Path, manifest: Mapping[str, Any], resume: bool) -> None:
    """Compare the manifest that is there, or write ours; and clear away what was only half-written."""
    file = folder / MANIFEST
    if not file.exists():
        write_files({file: manifest_text(manifest).encode()})
    else:
        there = read_manifest(file.read_text("utf-8", "replace"))
        if there is None:
            raise InputError(f"{file} is damaged, or not of a trial", expected="a new or empty folder")
        if not resume:
            raise InputError(
                f"{folder} holds a trial already", expected="`--resume`, which goes on with it, or another folder"
            )
        if found := differences(there, manifest):
            raise InputError(
                f"{folder} holds another trial: {found}",
                expected="the trial that was begun there, to go on with it, or another folder",
            )
    (folder / PARTS).mkdir(exist_ok=True)
    for half in (folder / (MANIFEST + BESIDE), *(folder / PARTS).glob("*" + BESIDE)):
        half.unlink(missing_ok=True)
