"""Workers: the same bytes from any number of them, in any order, whoever dies; and nobody outlives the run."""

from __future__ import annotations

import functools
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.trial.fake_work import Fake, alive, environment, expected, gone, hashes, large, people, processes

from anagen.errors import InputError
from anagen.trial.events import Event, Finished, Lost, Noted, Redone, Started
from anagen.trial.process import Worker
from anagen.trial.progress import shown
from anagen.trial.store import Store
from anagen.trial.workers import DEATHS, run_parts

MANIFEST = {"seed": 1}
PARTS = people(range(6))


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    (tmp_path / "marks").mkdir()
    return tmp_path / "marks"


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Hashes of all files of a run that nothing disturbs."""
    folder = tmp_path_factory.mktemp("oracle") / "results"
    with Store.open(folder, MANIFEST) as store:
        for part in PARTS:
            store.put(part, expected(part))
    return hashes(folder)


def run(
    folder: Path, work: Fake, parts: dict[int, int] = PARTS, *, workers: int = 1, resume: bool = False
) -> list[Event]:
    """Run, and give what was told."""
    events: list[Event] = []
    with Store.open(folder, MANIFEST, resume=resume) as store:
        run_parts(work, parts, store, workers=workers, report=events.append)
    return events


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_bytes_in_any_order(tmp_path: Path, marks: Path, oracle: dict[str, str], workers: int) -> None:
    order = list(PARTS)
    random.Random(workers).shuffle(order)
    events = run(tmp_path / "results", Fake(marks), {part: PARTS[part] for part in order}, workers=workers)
    assert hashes(tmp_path / "results") == oracle
    assert events[0] == Started(6, 0, 6015, 0)
    finished = [event for event in events[1:] if isinstance(event, Finished)]
    assert {event.part: event.people for event in finished} == PARTS
    assert len(finished) == len(events) - 1
    assert (os.getpid() in processes(marks)) == (workers == 1)
    assert len(processes(marks)) <= workers
    assert gone(set(processes(marks)) - {os.getpid()})


def test_a_resumed_run_does_only_what_is_missing(tmp_path: Path, marks: Path, oracle: dict[str, str]) -> None:
    folder = tmp_path / "results"
    run(folder, Fake(marks))
    (folder / "parts" / "part-00001.json").unlink()
    os.truncate(folder / "parts" / "part-00003.people.parquet", 5)
    (folder / "parts" / "part-00004.sums.npz").write_bytes(b"x" * 100)
    for mark in marks.iterdir():
        mark.unlink()
    events = run(folder, Fake(marks), workers=2, resume=True)
    assert hashes(folder) == oracle
    assert events[0] == Started(6, 3, 6015, 1000 + 1002 + 1005)
    assert [event for event in events if isinstance(event, Redone)] == [
        Redone(3, "people.parquet has 5 bytes instead of 40003"),
        Redone(4, "sums.npz is damaged"),
    ]
    assert sorted(mark.name for mark in marks.glob("part-*")) == ["part-1", "part-3", "part-4"]


def test_nothing_left_to_do_starts_nobody(tmp_path: Path, marks: Path) -> None:
    run(tmp_path / "results", Fake(marks))
    assert run(tmp_path / "results", Fake(marks, fails=(0,)), workers=2, resume=True) == [Started(6, 6, 6015, 6015)]


def test_a_killed_worker_is_replaced(tmp_path: Path, marks: Path, oracle: dict[str, str]) -> None:
    """Two parts whose workers are killed once, the way a system out of memory does it."""
    events = run(tmp_path / "results", Fake(marks, dies={0: 1, 3: 1}), workers=2)
    assert hashes(tmp_path / "results") == oracle
    lost = [event for event in events if isinstance(event, Lost)]
    assert sorted(event.part for event in lost) == [0, 3]
    assert all("killed (SIGKILL" in event.reason for event in lost)


def test_a_part_that_always_kills_is_named(tmp_path: Path, marks: Path) -> None:
    """Others finish beside it; the last try is alone, so that no other is to blame."""
    with pytest.raises(InputError, match=rf"part 2 cannot be computed: {DEATHS} times .*SIGKILL.*memory") as raised:
        run(tmp_path / "results", Fake(marks, dies={2: 99}), workers=2)
    assert "`--resume`" in str(raised.value)
    assert (marks / "part-2").read_text() == "." * DEATHS
    assert gone(processes(marks))
    with Store.open(tmp_path / "results", MANIFEST, resume=True) as store:
        assert {0, 1} <= store.done() <= {0, 1, 3, 4, 5}
        assert store.damaged == []


@pytest.mark.parametrize("workers", [1, 2])
def test_no_memory(tmp_path: Path, marks: Path, workers: int) -> None:
    with pytest.raises(InputError, match=r"part 1 cannot be computed: .*no more memory"):
        run(tmp_path / "results", Fake(marks, no_memory=(1,)), workers=workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_our_errors_pass_unchanged(tmp_path: Path, marks: Path, workers: int) -> None:
    with pytest.raises(InputError) as raised:
        run(tmp_path / "results", Fake(marks, ours=(1,)), workers=workers)
    assert str(raised.value) == "part 1 is wrong\nexpected: a right one\nnearest: this, or that"
    assert gone(set(processes(marks)) - {os.getpid()})


def test_other_errors_keep_their_place(tmp_path: Path, marks: Path) -> None:
    with pytest.raises(ZeroDivisionError, match="part 1") as raised:
        run(tmp_path / "results", Fake(marks, fails=(1,)), workers=2)
    assert any("fake_work.py" in note for note in raised.value.__notes__)
    assert gone(processes(marks))


def test_work_that_no_worker_can_load(tmp_path: Path) -> None:
    """A function of a module that is not there in a child: the child says so, and nobody waits for ever."""
    module = type(sys)("only_here")
    exec("def work(part):\n    return {}", module.__dict__)
    sys.modules["only_here"] = module
    try:
        with pytest.raises(ModuleNotFoundError, match="only_here"):
            run(tmp_path / "results", functools.partial(module.work), workers=2)  # type: ignore[arg-type]
    finally:
        del sys.modules["only_here"]


@pytest.mark.parametrize("workers", [0, -1, 100_000])
def test_numbers_of_workers(tmp_path: Path, marks: Path, workers: int) -> None:
    with pytest.raises(InputError, match=f"{workers} workers"):
        run(tmp_path / "results", Fake(marks), workers=workers)


def test_workers_have_one_thread_each_and_our_environment_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=false")
    monkeypatch.setenv("ANAGEN_TEST", "kept")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    before = dict(os.environ)
    with Store.open(tmp_path / "results", MANIFEST) as store:
        run_parts(environment, {0: 1, 1: 1}, store, workers=2)
        found = store.read(1, "env.txt").decode().splitlines()
    assert found == [
        "OMP_NUM_THREADS=1",
        "XLA_FLAGS=--xla_cpu_enable_fast_math=false --xla_cpu_multi_thread_eigen=false",
        "JAX_PLATFORMS=cpu",
        "ANAGEN_TEST=kept",
    ]
    assert dict(os.environ) == before


def test_a_full_disk_stops_the_workers(tmp_path: Path, marks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if "part-00002" in path.name:
            raise OSError(28, "No space left on device")
        return write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(InputError, match=r"cannot write part 2 .*No space left"):
            run(tmp_path / "results", Fake(marks), workers=2)
    assert gone(processes(marks))
    run(tmp_path / "results", Fake(marks), workers=2, resume=True)


COORDINATOR = """
import sys
from pathlib import Path
from tests.trial.fake_work import Fake, people
from anagen.trial.store import Store
from anagen.trial.workers import run_parts
if __name__ == "__main__":
    place, workers = Path(sys.argv[1]), int(sys.argv[2])
    with Store.open(place / "results", {"seed": 1}) as store:
        try:
            run_parts(Fake(place / "marks", seconds=0.3), people(range(6)), store, workers=workers)
        except KeyboardInterrupt:
            print("stopped", sorted(store.done()), flush=True)
            sys.exit(130)
"""


def _begun(tmp_path: Path, workers: int) -> subprocess.Popen[str]:
    """A coordinator in a process group of its own, with at least two parts on disk."""
    script = tmp_path / "coordinator.py"
    script.write_text(COORDINATOR)
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path), str(workers)],
        env=os.environ | {"PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 30
    while len(list(tmp_path.glob("results/parts/*.json"))) < 2:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_run_leaves_nobody_and_goes_on(
    tmp_path: Path, marks: Path, oracle: dict[str, str], workers: int
) -> None:
    process = _begun(tmp_path, workers)
    process.kill()
    process.communicate()
    assert processes(marks)
    assert gone(processes(marks))
    with pytest.raises(InputError, match="holds a trial already"):
        run(tmp_path / "results", Fake(marks))
    events = run(tmp_path / "results", Fake(marks), workers=2, resume=True)
    assert hashes(tmp_path / "results") == oracle
    started = events[0]
    assert isinstance(started, Started)
    assert started.reused >= 2


def test_ctrl_c_stops_at_once(tmp_path: Path, marks: Path, oracle: dict[str, str]) -> None:
    """The whole group gets the signal, as from a terminal; only the coordinator answers, and once."""
    process = _begun(tmp_path, 2)
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - began < 10
    assert (process.returncode, err) == (130, "")
    assert out.startswith("stopped [0, ")
    assert not list(tmp_path.glob("results/parts/*.part"))
    assert gone(processes(marks))
    run(tmp_path / "results", Fake(marks), workers=2, resume=True)
    assert hashes(tmp_path / "results") == oracle


def test_workers_killed_from_outside(tmp_path: Path, marks: Path, oracle: dict[str, str]) -> None:
    """At any moment, and no more often than a part may lose its worker."""
    stop = threading.Event()

    def hunt() -> None:
        hunted: set[int] = set()
        while not stop.wait(0.4) and len(hunted) < DEATHS - 1:
            prey = [number for number in processes(marks) if number not in hunted and alive(number)]
            if prey:
                hunted.add(prey[0])
                os.kill(prey[0], signal.SIGKILL)

    hunter = threading.Thread(target=hunt)
    hunter.start()
    try:
        events = run(tmp_path / "results", Fake(marks, seconds=0.2), workers=2)
    finally:
        stop.set()
        hunter.join()
    assert hashes(tmp_path / "results") == oracle
    assert {event.part for event in events if isinstance(event, Finished)} == set(PARTS)


def test_a_worker_killed_while_it_sends() -> None:
    """Half of an answer, larger than a pipe holds, is in the pipe: the rest is not waited for."""
    worker = Worker(pickle.dumps(large))
    worker.give(0)
    assert worker.pipe.poll(30)
    worker.kill()
    answer = worker.take()
    assert isinstance(answer, str)
    assert "SIGKILL" in answer


class Screen:
    """A stream that remembers; it breaks where its reader has gone."""

    def __init__(self, *, terminal: bool = False, broken: bool = False) -> None:
        self.text, self._terminal, self._broken = "", terminal, broken

    def write(self, text: str) -> int:
        if self._broken:
            raise BrokenPipeError
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return self._terminal


EVENTS: list[Event] = [
    Started(4, 1, 4000, 1000),
    Redone(2, "sums.npz is damaged"),
    Noted("the processors differ"),
    Lost(1, "its worker was killed"),
    Finished(1, 1000, 0.5),
    Finished(2, 1000, 0.5),
]


def test_lines_for_programs() -> None:
    screen = Screen()
    with shown("lines", screen) as report:  # type: ignore[arg-type]
        for event in EVENTS:
            report(event)
    lines = [json.loads(line) for line in screen.text.splitlines()]
    assert [line["event"] for line in lines] == ["start", "redone", "note", "lost", "part", "part"]
    assert lines[0] == {
        **{"event": "start", "parts": 4, "reused": 1, "done_people": 1000, "people": 4000},
        **{"rate_per_s": None, "left_s": None},
    }
    last = lines[-1]
    assert (last["done_people"], last["people"], last["part"]) == (3000, 4000, 2)
    assert last["left_s"] * last["rate_per_s"] == pytest.approx(1000, rel=0.2, abs=last["rate_per_s"])


@pytest.mark.parametrize(("style", "terminal"), [("bar", True), ("bar", False), ("none", True)])
def test_what_a_person_sees(style: str, terminal: bool) -> None:
    screen = Screen(terminal=terminal)
    with shown(style, screen) as report:  # type: ignore[arg-type]
        for event in EVENTS:
            report(event)
    told = "part 1 is computed again: its worker was killed"
    assert (told in screen.text) == (style == "bar")
    assert ("3,000 of 4,000 people" in screen.text) == (style == "bar" and terminal)


@pytest.mark.parametrize("style", ["bar", "lines"])
def test_a_reader_who_leaves_does_not_stop_the_run(style: str) -> None:
    with shown(style, Screen(broken=True)) as report:  # type: ignore[arg-type]
        for event in EVENTS:
            report(event)
