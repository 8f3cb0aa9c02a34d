"""The same bytes from any number of workers, parts, orders and threads, from Dask, and after what breaks a run."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal
from tests.trial.small_trials import BUSY, busy, hashes, said

from anagen.errors import InputError
from anagen.trial import run as run_module
from anagen.trial.events import Event, Finished, Lost, Redone, Started
from anagen.trial.part import PartWork
from anagen.trial.result import TrialResult, table_of
from anagen.trial.run import gathered, made_by, manifest, run_trial
from anagen.trial.setting import TILE, Setting, read_population
from anagen.trial.store import Store
from anagen.trial.workers import run_parts

PEOPLE = {0: TILE, 1: TILE, 2: 3000 - 2 * TILE}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> TrialResult:
    """The run that nothing disturbs, in this process."""
    return run_trial(busy(), tmp_path_factory.mktemp("plain") / "results")


def folder_of(result: TrialResult) -> Path:
    assert result.folder
    return result.folder


def same(result: TrialResult, plain: TrialResult) -> bool:
    return hashes(folder_of(result)) == hashes(folder_of(plain)) and said(result) == said(plain)


@pytest.mark.parametrize("workers", [2, 4])
def test_any_number_of_workers(plain: TrialResult, tmp_path: Path, workers: int) -> None:
    assert same(run_trial(busy(), tmp_path / "results", workers=workers), plain)


def test_another_seed_is_another_trial(plain: TrialResult, tmp_path: Path) -> None:
    """The comparison can fail."""
    other = run_trial(replace(busy(), seed=8), tmp_path / "results")
    theirs, ours = hashes(folder_of(other)), hashes(folder_of(plain))
    assert theirs.keys() == ours.keys()
    assert not set(theirs.values()) & set(ours.values())


def test_parts_in_any_order(plain: TrialResult, tmp_path: Path) -> None:
    setting = Setting(busy(), read_population(busy()))
    order = list(PEOPLE)
    random.Random(3).shuffle(order)
    assert order != sorted(order)
    with Store.open(tmp_path / "results", manifest(setting, 1)) as store:
        run_parts(PartWork(setting, 1), {part: PEOPLE[part] for part in order}, store)
        tally = gathered(store, {part: PEOPLE[part] for part in order}, 2)
        result = TrialResult(table_of(setting, tally, (), made_by(setting)), tmp_path / "results")
    assert same(result, plain)


def test_larger_parts(plain: TrialResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other files, the same people and the same numbers of the group."""
    monkeypatch.setattr(run_module, "tiles_of_part", lambda tiles: 2)
    result = run_trial(busy(), tmp_path / "results")
    assert len(hashes(folder_of(result))) == 6 < len(hashes(folder_of(plain)))
    assert said(result) == said(plain)
    assert_frame_equal(result.people().collect(), plain.people().collect(), check_exact=True)


def test_fewer_people_are_the_first_of_more(plain: TrialResult, tmp_path: Path) -> None:
    """Each person's row depends on the person's number alone, not on how many there are, nor on the padding."""
    result = run_trial(busy().with_people(700), tmp_path / "results")
    assert_frame_equal(result.people().collect(), plain.people().head(700).collect(), check_exact=True)


def test_stopped_and_resumed(plain: TrialResult, tmp_path: Path) -> None:
    def stop(event: Event) -> None:
        if isinstance(event, Finished):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_trial(busy(), tmp_path / "results", report=stop)
    with pytest.raises(InputError, match="holds a trial already"):
        run_trial(busy(), tmp_path / "results")
    with pytest.raises(InputError, match="holds another trial: seed"):
        run_trial(replace(busy(), seed=8), tmp_path / "results", resume=True)
    events: list[Event] = []
    result = run_trial(busy(), tmp_path / "results", resume=True, report=events.append)
    assert events[0] == Started(3, 1, 3000, TILE)
    assert same(result, plain)


def test_damaged_and_resumed(plain: TrialResult, tmp_path: Path) -> None:
    run_trial(busy(), tmp_path / "results")
    file = tmp_path / "results" / "parts" / "part-00001.people.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    events: list[Event] = []
    result = run_trial(busy(), tmp_path / "results", resume=True, report=events.append)
    assert [event.part for event in events if isinstance(event, Redone)] == [1]
    assert [event.part for event in events if isinstance(event, Finished)] == [1]
    assert same(result, plain)


def _workers() -> list[int]:
    """Children of this process that compute, by /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"spawn_main" in stat.with_name("cmdline").read_bytes():
                found.append(int(stat.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds its victim by /proc")
def test_a_worker_killed_in_the_middle(plain: TrialResult, tmp_path: Path) -> None:
    events: list[Event] = []
    killed: list[int] = []

    def watch(event: Event) -> None:
        events.append(event)
        if isinstance(event, Finished) and not killed:  # the first part is done, the others are under way
            killed.append(_workers()[-1])
            os.kill(killed[0], signal.SIGKILL)

    result = run_trial(busy(), tmp_path / "results", workers=2, report=watch)
    assert len(killed) == len([event for event in events if isinstance(event, Lost)]) == 1
    assert same(result, plain)


def test_on_a_cluster(plain: TrialResult, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    from anagen.trial.cluster_here import example_cluster

    with example_cluster(2) as address:
        result = run_trial(busy(), tmp_path / "results", scheduler=address)
    assert same(result, plain)


THREADS = """
import sys
import jax
jax.devices()
from pathlib import Path
from tests.trial.small_trials import BUSY, hashes
from anagen.compiled.configure import one_thread
from anagen.trial.file import parse_trial
from anagen.trial.run import run_trial
assert not one_thread()
result = run_trial(parse_trial(BUSY), Path(sys.argv[1]))
"""


def test_any_number_of_threads(plain: TrialResult, tmp_path: Path) -> None:
    """Where JAX was begun before us, with threads of its own: no number of a person depends on how loops are shared."""
    environment = os.environ | {"PJRT_NPROC": "3", "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", THREADS, str(tmp_path / "results")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert hashes(tmp_path / "results") == hashes(folder_of(plain))


def test_no_time_and_no_place_in_the_files(plain: TrialResult) -> None:
    """What the hashes cover says nothing of when and where."""
    manifest = (folder_of(plain) / "manifest.json").read_text()
    assert str(plain.folder) not in manifest + said(plain)
    assert json.loads(manifest)["trial"] == BUSY
