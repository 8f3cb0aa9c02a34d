"""Parts on disk: whole or not there, found out when they change, and never mixed with another run."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.trial.fake_work import expected, hashes

from anagen.errors import InputError
from anagen.trial.store import Store

MANIFEST = {"seed": 1, "people": 4000, "trial": {"text": "title = 'x'" * 20, "weeks": 52}, "source": "ab" * 32}


def filled(folder: Path, parts: int = 3) -> Path:
    """A results folder with finished parts, let go."""
    with Store.open(folder, MANIFEST) as store:
        for part in range(parts):
            store.put(part, expected(part))
    return folder


def resumed(folder: Path) -> tuple[set[int], dict[int, str]]:
    """What is whole, and what is wrong with the rest."""
    with Store.open(folder, MANIFEST, resume=True) as store:
        return store.done(), {damaged.part: damaged.reason for damaged in store.damaged}


def test_what_is_put_is_read(tmp_path: Path) -> None:
    folder = filled(tmp_path / "results")
    assert resumed(folder) == ({0, 1, 2}, {})
    assert sorted(hashes(folder)) == sorted(
        f"part-0000{part}.{name}" for part in range(3) for name in ("json", "people.parquet", "sums.npz")
    )
    with Store.open(folder, MANIFEST, resume=True) as store:
        assert {name: store.read(1, name) for name in expected(1)} == expected(1)
        store.put(123_456, {"a.txt": b""})
        assert 123_456 in store.done()
    assert not [file for file in folder.rglob("*") if file.name.endswith(".part") or file.name == ".lock"]


@settings(max_examples=60, deadline=None)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), which=st.sampled_from(["sums.npz", "json"]))
def test_no_flipped_bit_goes_unseen(
    tmp_path_factory: pytest.TempPathFactory, where: float, bit: int, which: str
) -> None:
    """A part with a flipped bit is not done; only in the white space of its list it changes nothing."""
    folder = filled(tmp_path_factory.mktemp("flip") / "results", parts=1)
    file = folder / "parts" / f"part-00000.{which}"
    data = bytearray(file.read_bytes())
    data[int(where * len(data))] ^= 1 << bit
    same = which == "json" and _same_json(file.read_bytes(), bytes(data))
    file.write_bytes(data)
    done, damaged = resumed(folder)
    assert (done, sorted(damaged)) == (({0}, []) if same else (set(), [0]))
    shutil.rmtree(folder.parent)


def _same_json(one: bytes, other: bytes) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


@settings(max_examples=30, deadline=None)
@given(keep=st.integers(0, 39_999))
def test_no_truncation_goes_unseen(tmp_path_factory: pytest.TempPathFactory, keep: int) -> None:
    folder = filled(tmp_path_factory.mktemp("cut") / "results", parts=1)
    os.truncate(folder / "parts" / "part-00000.people.parquet", keep)
    assert resumed(folder) == (set(), {0: f"people.parquet has {keep} bytes instead of 40000"})
    shutil.rmtree(folder.parent)


def test_damage_is_told_by_its_kind(tmp_path: Path) -> None:
    folder = filled(tmp_path / "results", parts=7)
    parts = folder / "parts"
    (parts / "part-00000.json").unlink()  # never finished: no damage
    (parts / "part-00001.sums.npz").unlink()
    (parts / "part-00002.sums.npz").write_bytes(b"x" * 100)
    (parts / "part-00003.json").write_bytes((parts / "part-00004.json").read_bytes())
    (parts / "part-00005.json").write_text('{"part": 5, "manifest"')
    assert resumed(folder) == (
        {4, 6},
        {
            1: "sums.npz is missing",
            2: "sums.npz is damaged",
            3: "it belongs to another part or another trial",
            5: "its list of hashes is damaged",
        },
    )
    with Store.open(folder, MANIFEST, resume=True) as store:
        for part in (1, 2, 3, 5):
            with pytest.raises(InputError, match=r"cannot use .*part-0000"):
                store.read(part, "sums.npz" if part != 3 else "people.parquet")
            store.put(part, expected(part))
        assert store.done() == {1, 2, 3, 4, 5, 6}
        assert store.damaged == []


@pytest.mark.parametrize("table", ["[]", "{}", "null", '{"part": 0, "manifest": 1, "files": []}', "\xff"])
def test_a_strange_list_of_hashes_is_damage(tmp_path: Path, table: str) -> None:
    folder = filled(tmp_path / "results", parts=1)
    (folder / "parts" / "part-00000.json").write_text(table, "latin-1")
    done, damaged = resumed(folder)
    assert not done
    assert list(damaged) == [0]


def test_a_part_of_another_trial_is_not_taken(tmp_path: Path) -> None:
    folder = filled(tmp_path / "results", parts=1)
    with Store.open(tmp_path / "other", MANIFEST | {"seed": 2}) as store:
        store.put(0, expected(0))
    for file in (tmp_path / "other" / "parts").iterdir():
        shutil.copy(file, folder / "parts")
    assert resumed(folder) == (set(), {0: "it belongs to another part or another trial"})


def test_a_folder_with_a_trial_needs_resume(tmp_path: Path) -> None:
    folder = filled(tmp_path / "results")
    with pytest.raises(InputError, match=r"holds a trial already\nexpected: `--resume`.*another folder"):
        Store.open(folder, MANIFEST)
    assert not (folder / ".lock").exists()
    assert resumed(folder)[0] == {0, 1, 2}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": 2}, "seed (1 there, 2 here)"),
        ({"people": 8000, "seed": 3}, "people (4000 there, 8000 here), seed (1 there, 3 here)"),
        ({"trial": MANIFEST["trial"] | {"text": "another text" * 20}}, "trial.text"),  # type: ignore[operator]
        ({"trial": MANIFEST["trial"] | {"weeks": 26}}, "trial.weeks (52 there, 26 here)"),  # type: ignore[operator]
        ({"extra": None}, "extra (absent there, null here)"),
    ],
)
def test_resume_tells_what_differs(tmp_path: Path, change: dict[str, object], said: str) -> None:
    folder = filled(tmp_path / "results")
    with pytest.raises(InputError) as raised:
        Store.open(folder, MANIFEST | change, resume=True)
    assert raised.value.message == f"{folder} holds another trial: {said}"
    assert resumed(folder)[0] == {0, 1, 2}


def test_resume_in_a_new_or_empty_folder_begins(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        assert resumed(tmp_path / name) == (set(), {})


@pytest.mark.parametrize("resume", [False, True])
def test_a_folder_of_others_is_left_alone(tmp_path: Path, resume: bool) -> None:
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(InputError, match=r"holds other files \(holiday.jpg\), and no trial"):
        Store.open(tmp_path, MANIFEST, resume=resume)
    assert [file.name for file in tmp_path.iterdir()] == ["holiday.jpg"]


@pytest.mark.parametrize("text", ['{"name": "an extension of a browser"}', "not JSON", '"text"', ""])
def test_a_manifest_of_others_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match="is damaged, or not of a trial"):
        Store.open(tmp_path, MANIFEST, resume=True)
    assert (tmp_path / "manifest.json").read_text() == text


def test_impossible_folders(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file"):
        Store.open(tmp_path / "file", MANIFEST)
    with pytest.raises(InputError, match="No such file or directory"):
        Store.open(tmp_path / "no" / "results", MANIFEST)
    with pytest.raises(InputError, match="Not a directory"):
        Store.open(tmp_path / "file" / "results", MANIFEST)


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    with Store.open(tmp_path / "results", MANIFEST) as store:
        with pytest.raises(InputError, match=rf"another run \(process {os.getpid()} on .*\) is at work in"):
            Store.open(tmp_path / "results", MANIFEST, resume=True)
        store.put(0, expected(0))
    assert resumed(tmp_path / "results")[0] == {0}


def test_the_lock_of_a_killed_run_is_taken_over(tmp_path: Path) -> None:
    """A run that is killed at the worst moment: it holds the lock, and one file is half-written."""
    code = (
        "import os, signal, sys; from pathlib import Path; from anagen.trial.store import Store\n"
        f"Store.open(Path(sys.argv[1]), {MANIFEST!r})\n"
        "(Path(sys.argv[1]) / 'parts' / 'part-00000.people.parquet.part').write_bytes(b'half')\n"
        "print(os.getpid(), flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    folder = tmp_path / "results"
    child = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=False)
    assert child.returncode == -9, child.stderr
    with Store.open(folder, MANIFEST, resume=True) as store:
        (note,) = store.notes
        assert note.startswith(f"the run before (process {child.stdout.strip()} on ")
        assert list((folder / "parts").iterdir()) == []
    with Store.open(folder, MANIFEST, resume=True) as store:
        assert store.notes == ()


@pytest.mark.parametrize("left", [[".lock"], ["manifest.json.part"], [".lock", "parts/"]])
def test_a_run_killed_at_its_very_start_leaves_a_new_folder(tmp_path: Path, left: list[str]) -> None:
    for name in left:
        (tmp_path / name).mkdir() if name.endswith("/") else (tmp_path / name).touch()
    with Store.open(tmp_path, MANIFEST):
        pass
    assert sorted(file.name for file in tmp_path.iterdir()) == ["manifest.json", "parts"]


@pytest.mark.parametrize("name", ["../out.txt", "json", "a/b.txt", "", ".hidden", "x.part", "a b.txt"])
def test_names_of_files_are_plain(tmp_path: Path, name: str) -> None:
    with Store.open(tmp_path / "results", MANIFEST) as store, pytest.raises(ValueError, match="not the name"):
        store.put(0, {name: b""})


@pytest.mark.parametrize("at", range(6))
def test_a_full_disk_at_any_step_leaves_all_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Three writes and three renames; the one numbered `at` fails after half of it is written."""
    folder = filled(tmp_path / "results", parts=1)
    before = hashes(folder)
    steps = iter(range(100))
    write, replace = Path.write_bytes, Path.replace

    def full(path: Path) -> None:
        if next(steps) == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def half_written(path: Path, data: bytes) -> int:
        write(path, data[: len(data) // 2])
        full(path)
        return write(path, data)

    def renamed(path: Path, target: Path) -> Path:
        full(path)
        return replace(path, target)

    with Store.open(folder, MANIFEST, resume=True) as store:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "write_bytes", half_written)
            patch.setattr(Path, "replace", renamed)
            with pytest.raises(InputError, match=r"cannot write part 1 .*No space left") as raised:
                store.put(1, expected(1))
        assert "room on the disk" in str(raised.value)
        assert "`--resume`" in str(raised.value)
        assert store.done() == {0}
        assert {name: value for name, value in hashes(folder).items() if "00000" in name} == before
        assert not list((folder / "parts").glob("*.part"))
        store.put(1, expected(1))
        assert store.done() == {0, 1}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 kB; skipped where none may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "anagen-test", str(place)]
    try:
        made = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        made = False
    if not made:
        pytest.skip("no small file system can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_really_full_disk(small_disk: Path) -> None:
    with Store.open(small_disk / "results", MANIFEST) as store:
        store.put(0, {"a.bin": b"0" * 20_000})
        with pytest.raises(InputError, match=r"cannot write part 1 .*No space left"):
            store.put(1, {"a.bin": b"1" * 20_000, "b.bin": b"1" * 20_000})
        assert store.done() == {0}
        store.put(2, {"a.bin": b"2" * 10_000})
    assert resumed(small_disk / "results") == ({0, 2}, {})


def test_a_folder_that_goes_away(tmp_path: Path) -> None:
    with Store.open(tmp_path / "results", MANIFEST) as store:
        shutil.rmtree(tmp_path / "results")
        with pytest.raises(InputError, match=r"cannot write part 0 .*No such file"):
            store.put(0, expected(0))
        with pytest.raises(InputError, match=r"cannot use .*No such file"):
            store.read(0, "sums.npz")
