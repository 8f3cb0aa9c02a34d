"""A Dask cluster on this machine: the same bytes as here, whoever dies; and clear words where it cannot be used."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.trial.fake_work import Fake, gone, hashes, people, processes
from tests.trial.test_workers import oracle  # noqa: F401 - a fixture

import anagen
from anagen.errors import InputError
from anagen.trial import cluster as cluster_module
from anagen.trial.cluster import run_parts_dask
from anagen.trial.cluster_here import example_cluster
from anagen.trial.cluster_worker import fingerprint
from anagen.trial.events import Event, Finished, Lost, Noted, Started
from anagen.trial.store import Store

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

PARTS = people(range(6))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with example_cluster(2) as address:
        yield address


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    (tmp_path / "marks").mkdir()
    return tmp_path / "marks"


def run(folder: Path, work: Fake, address: str, *, resume: bool = False, timeout_s: float = 10) -> list[Event]:
    """Run, and give what was told."""
    events: list[Event] = []
    with Store.open(folder, {"seed": 1}, resume=resume) as store:
        run_parts_dask(work, PARTS, store, scheduler=address, report=events.append, timeout_s=timeout_s)
    return events


def test_the_same_bytes_as_here(tmp_path: Path, marks: Path, address: str, oracle: dict[str, str]) -> None:  # noqa: F811
    events = run(tmp_path / "results", Fake(marks), address)
    assert hashes(tmp_path / "results") == oracle
    assert events[0] == Started(6, 0, 6015, 0)
    assert {event.part: event.people for event in events if isinstance(event, Finished)} == PARTS
    assert not any(isinstance(event, Noted) for event in events)
    assert os.getpid() not in processes(marks)
    (tmp_path / "results" / "parts" / "part-00002.sums.npz").unlink()
    assert len(run(tmp_path / "results", Fake(marks), address, resume=True)) == 3  # started, redone, finished
    assert (marks / "part-2").read_text() == ".."
    assert hashes(tmp_path / "results") == oracle


def test_a_killed_worker_is_survived(
    tmp_path: Path,
    marks: Path,
    address: str,
    oracle: dict[str, str],  # noqa: F811
    capfd: pytest.CaptureFixture[str],
) -> None:
    run(tmp_path / "results", Fake(marks, seconds=0.2, dies={0: 1, 3: 1}), address)
    assert hashes(tmp_path / "results") == oracle
    assert all(len((marks / f"part-{part}").read_text()) >= 2 for part in (0, 3))
    assert capfd.readouterr().err == ""


def test_errors_of_the_work(tmp_path: Path, marks: Path, address: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError) as raised:
        run(tmp_path / "ours", Fake(marks, ours=(1,)), address)
    assert str(raised.value) == "part 1 is wrong\nexpected: a right one\nnearest: this, or that"
    assert (marks / "part-1").read_text() == "."
    with pytest.raises(ZeroDivisionError, match="part 1"):
        run(tmp_path / "others", Fake(marks, fails=(1,)), address)
    with pytest.raises(InputError, match=r"part 1 cannot be computed: .*no more memory"):
        run(tmp_path / "memory", Fake(marks, no_memory=(1,)), address)
    assert capfd.readouterr().err == ""


def test_a_part_that_always_kills_is_named(tmp_path: Path, marks: Path, address: str) -> None:
    with pytest.raises(InputError, match=r"part 2 cannot be computed: .* its worker died") as raised:
        run(tmp_path / "results", Fake(marks, seconds=0.2, dies={2: 99}), address)
    assert "`--resume`" in str(raised.value)
    with Store.open(tmp_path / "results", {"seed": 1}, resume=True) as store:
        assert store.done() == set(PARTS) - {2}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"anagen": "0.0.9"}, r"another Anagen than this process: \d.* there, 0\.0\.9 here"),
        ({"python": "3.9"}, r"another Python than this process: 3\.\d+ there, 3\.9 here"),
        ({"jax": "0.1"}, r"another jax than this process: .* there, 0\.1 here"),
        (
            {"accelerator": "jax-metal-plugin 1"},
            "another accelerator than this process: .* there, jax-metal-plugin 1 here",
        ),
    ],
)
def test_workers_must_be_like_us(
    tmp_path: Path, marks: Path, address: str, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], said: str
) -> None:
    changed = replace(fingerprint(), **change)
    monkeypatch.setattr(cluster_module, "fingerprint", lambda: changed)
    with pytest.raises(InputError, match=rf"the worker at tcp://127\.0\.0\.1:\d+ has {said}"):
        run(tmp_path / "results", Fake(marks), address)
    assert not processes(marks)


def test_a_worker_that_joins_late_is_compared_too(
    tmp_path: Path, marks: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at the start is passed over, so that only the one before each part is left."""
    changed = replace(fingerprint(), numpy="1.0")
    monkeypatch.setattr(cluster_module, "fingerprint", lambda: changed)
    monkeypatch.setattr(cluster_module._Run, "_compare_workers", lambda self: None)
    with pytest.raises(InputError, match=r"the worker at tcp://.* has another numpy"):
        run(tmp_path / "results", Fake(marks), address)
    assert not processes(marks)


def test_another_processor_is_told(tmp_path: Path, marks: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(fingerprint(), processor="abacus")
    monkeypatch.setattr(cluster_module, "fingerprint", lambda: changed)
    events = run(tmp_path / "results", Fake(marks), address)
    assert [event for event in events if isinstance(event, Noted)] != []


@contextmanager
def cluster_apart(path: Path, *first: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The example cluster in a process of its own, with other places to import from first; its process and address."""
    script = path / "serve.py"
    script.write_text(
        "from anagen.trial.cluster_here import serve_example_cluster\n"
        "if __name__ == '__main__': serve_example_cluster(1, lambda text: print(text, flush=True))\n"
    )
    places = os.pathsep.join(str(place) for place in (*first, Path(__file__).parents[2]))
    process = subprocess.Popen(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (places, os.environ.get("PYTHONPATH"))))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().split(" is at ")[1].split(",")[0]
    assert f"--scheduler {address}" in process.stdout.readline()
    try:
        yield process, address
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_another_source_is_refused_and_ctrl_c_ends_the_example(tmp_path: Path, marks: Path) -> None:
    """The workers' Anagen has one more line of source, and the same version."""
    copy = tmp_path / "copy" / "anagen"
    shutil.copytree(Path(anagen.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / "safety.py").open("a") as file:
        file.write("# one more line\n")
    with cluster_apart(tmp_path, copy.parent) as (process, address):
        with pytest.raises(InputError, match=r"has another source of Anagen \(hash\) than this process"):
            run(tmp_path / "results", Fake(marks), address)
        assert not processes(marks)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "The cluster has ended.\n", "")


def test_a_scheduler_that_goes_away(tmp_path: Path, marks: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Killed after the first part is on disk: said soon, in words, and what is finished stays."""
    with cluster_apart(tmp_path) as (process, address):

        def kill_after_the_first() -> None:
            while process.poll() is None and not list(tmp_path.glob("results/parts/*.json")):
                time.sleep(0.02)
            process.kill()

        killer = threading.Thread(target=kill_after_the_first)
        killer.start()
        began = time.monotonic()
        try:
            with pytest.raises(InputError, match=rf"the scheduler at {address} went away") as raised:
                run(tmp_path / "results", Fake(marks, seconds=0.5), address, timeout_s=5)
        finally:
            process.kill()
            killer.join()
        assert time.monotonic() - began < 25
    assert "`--resume`" in str(raised.value)
    assert capfd.readouterr().err == ""
    assert gone(processes(marks), within_s=20)
    with Store.open(tmp_path / "results", {"seed": 1}, resume=True) as store:
        assert store.done()
        assert store.damaged == []


def test_ctrl_c_leaves_the_cluster_and_the_parts_in_order(
    tmp_path: Path, marks: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is under way is called off, and the next run of the same parts is whole."""

    def interrupted(run: object, answer: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(cluster_module._Run, "_keep", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path / "results", Fake(marks, seconds=0.1), address)
    run(tmp_path / "results", Fake(marks), address, resume=True)
    with Store.open(tmp_path / "results", {"seed": 1}, resume=True) as store:
        assert store.done() == set(PARTS)


@pytest.mark.parametrize("speaks", [False, True])
def test_a_scheduler_that_does_not_answer(
    tmp_path: Path, marks: Path, speaks: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """A closed port, and one that accepts and never says a word."""
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        if speaks:
            port.listen()
        address = f"tcp://127.0.0.1:{port.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(InputError, match=rf"no Dask scheduler answers at {address} within 1 s"):
            run(tmp_path / "results", Fake(marks), address, timeout_s=1)
        assert time.monotonic() - began < 5
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1", "http://127.0.0.1:80", "", "tcp://:8786x"])
def test_addresses_that_are_none(tmp_path: Path, marks: Path, address: str) -> None:
    with pytest.raises(InputError, match=r"is no address of a scheduler.*\nexpected: tcp://HOST:PORT"):
        run(tmp_path / "results", Fake(marks), address, timeout_s=1)


def test_a_scheduler_without_workers(tmp_path: Path, marks: Path) -> None:
    with example_cluster(0) as address, pytest.raises(InputError, match=r"has no workers, and none came in 1 s"):
        run(tmp_path / "results", Fake(marks), address, timeout_s=1)


def test_without_the_extra(tmp_path: Path, marks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"Dask is not installed\nexpected: .*anagen\[cluster\]"):
        run(tmp_path / "results", Fake(marks), "tcp://127.0.0.1:8786")


def test_a_part_blamed_for_its_neighbour_is_tried_alone(
    tmp_path: Path,
    marks: Path,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    oracle: dict[str, str],  # noqa: F811
) -> None:
    """Its worker dies as often as Dask allows, and once more; then all is well."""
    events = run(tmp_path / "results", Fake(marks, seconds=0.2, dies={4: 4}), address)
    assert hashes(tmp_path / "results") == oracle
    assert [event.part for event in events if isinstance(event, Lost)] == [4]
