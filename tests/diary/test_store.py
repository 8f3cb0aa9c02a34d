"""The file of a diary: history, passphrase, older forms, a full disk, a clock that jumps, other files."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.diary.examples import a_rise, at

import anagen.diary.store as store
from anagen.diary.entries import Event, Note, ShedCount, Weight
from anagen.diary.migrate import migrate
from anagen.diary.schema import APPLICATION, NAME, VERSION
from anagen.diary.seal import KEY_DERIVATION, Seal
from anagen.diary.store import Diary, has_passphrase
from anagen.diary.wipe import wipe
from anagen.errors import InputError, PregnancyStop

PASSPHRASE = "correct horse battery"
SECRET = "saffron umbrella"


def kept(folder: Path, passphrase: str | None = None) -> list[object]:
    with Diary.open(folder, passphrase) as diary:
        return [one.entry for one in diary.entries()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Diary.new(tmp_path / "d").close()
    return tmp_path / "d"


def test_everything_comes_back(folder):
    written = a_rise()
    with Diary.open(folder) as diary:
        diary.add_all(written)
    assert kept(folder) == sorted(written, key=lambda entry: entry.at)


def test_edits_keep_history(folder):
    with Diary.open(folder) as diary:
        number = diary.add(ShedCount(at=at(0), hairs=14, method="comb"))
        diary.change(number, ShedCount(at=at(0), hairs=41, method="comb"), "digits swapped")
        (one,) = diary.entries()
        assert (one.entry.hairs, one.versions, one.number) == (41, 2, number)
        diary.withdraw(number, "not mine")
        assert diary.entries() == ()
        acts = [(v.act, v.entry.hairs if v.entry else None, v.why) for v in diary.history(number)]
        assert acts == [("written", 14, ""), ("changed", 41, "digits swapped"), ("withdrawn", None, "not mine")]
        for act in (
            lambda: diary.withdraw(number),
            lambda: diary.change(99, one.entry),
            lambda: diary.confirm(99, "x"),
        ):
            with pytest.raises(InputError, match="there is no entry"):
                act()


def test_an_answer_holds_until_the_entry_changes(folder):
    with Diary.open(folder) as diary:
        number = diary.add(ShedCount(at=at(0), hairs=900, method="comb"))
        diary.confirm(number, "count-high")
        assert diary.entries()[0].confirmed == {"count-high"}
        diary.change(number, ShedCount(at=at(0), hairs=901, method="comb"))
        assert diary.entries()[0].confirmed == frozenset()


@pytest.mark.parametrize(
    "statement", ["UPDATE record SET body = x'00'", "DELETE FROM record", "DELETE FROM record WHERE place=1"]
)
def test_the_file_itself_refuses_to_lose_a_record(folder, statement):
    with Diary.open(folder) as diary:
        diary.add(Weight(at=at(0), kg=70.0))
    with (
        closing(sqlite3.connect(folder / NAME)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="records are"),
    ):
        connection.execute(statement)
    assert len(kept(folder)) == 1


def test_all_or_none(folder):
    with Diary.open(folder) as diary:
        with pytest.raises(PregnancyStop):
            diary.add_all([Weight(at=at(0), kg=70.0), Event(at=at(1), what="pregnancy")])
        with pytest.raises(PregnancyStop):
            diary.add(Note(at=at(1), text="I am pregnant"))
        assert diary.history() == ()


def test_only_the_owner_can_read_it(folder):
    assert (folder / NAME).stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="already"):
        Diary.new(folder)


# --- passphrase


def test_a_passphrase_hides_everything(tmp_path):
    with Diary.new(tmp_path / "d", PASSPHRASE) as diary:
        diary.add(Note(at=at(0), text=SECRET))
        raw = b"".join(file.read_bytes() for file in (tmp_path / "d").iterdir())  # with its log
    raw += (tmp_path / "d" / NAME).read_bytes()
    for word in (SECRET, "note", "2026-01-05", PASSPHRASE):
        assert word.encode() not in raw
    assert has_passphrase(tmp_path / "d")
    assert kept(tmp_path / "d", PASSPHRASE) == [Note(at=at(0), text=SECRET)]


@pytest.mark.parametrize("wrong", ["correct horse batterY", "", " " * 21, PASSPHRASE + " ", "x" * 10_000])
def test_a_wrong_passphrase_tells_nothing_and_loses_nothing(tmp_path, wrong):
    with Diary.new(tmp_path / "d", PASSPHRASE) as diary:
        diary.add(Note(at=at(0), text=SECRET))
    before = (tmp_path / "d" / NAME).read_bytes()
    with pytest.raises(InputError) as told:
        Diary.open(tmp_path / "d", wrong)
    assert str(told.value).splitlines() == [
        "the passphrase does not open this diary",
        "expected: the one it was made with; nothing was changed",
    ]
    assert (tmp_path / "d" / NAME).read_bytes() == before
    assert kept(tmp_path / "d", PASSPHRASE)


def test_passphrases_that_are_missing_short_or_not_wanted(tmp_path, folder):
    with pytest.raises(InputError, match="too short"):
        Diary.new(tmp_path / "short", "seven77")
    assert not (tmp_path / "short" / NAME).exists()
    Diary.new(tmp_path / "locked", PASSPHRASE).close()
    with pytest.raises(InputError, match="has a passphrase"):
        Diary.open(tmp_path / "locked")
    with pytest.raises(InputError, match="no passphrase"):
        Diary.open(folder, PASSPHRASE)


def test_the_key_is_derived_as_published():
    """Argon2id, version 1.3, with the library's own result for the stored parameters; the salt differs each time."""
    import json

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    about, _ = Seal.made(PASSPHRASE, "x")
    table = json.loads(about)
    assert {name: table["key_derivation"][name] for name in KEY_DERIVATION} == {
        "name": "argon2id",
        "memory_kib": 47104,
        "iterations": 1,
        "lanes": 1,
    }
    assert json.loads(Seal.made(PASSPHRASE, "x")[0])["key_derivation"]["salt"] != table["key_derivation"]["salt"]
    salt = bytes.fromhex(table["key_derivation"]["salt"])
    own = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=47104).derive(PASSPHRASE.encode())
    wrapped = bytes.fromhex(table["key"])
    assert len(AESGCM(own).decrypt(wrapped[:12], wrapped[12:], b"x:key")) == 32


def test_sealed_records_cannot_be_changed_moved_or_measured(tmp_path):
    _, seal = Seal.made(PASSPHRASE, "one")
    short, long = seal.sealed(b"a", 1), seal.sealed(b"a" * 200, 1)
    assert len(short) == len(long)
    assert seal.sealed(b"a", 1) != short
    for broken, place in ((short, 2), (short[:-1] + bytes([short[-1] ^ 1]), 1), (b"", 1), (short[:20], 1)):
        with pytest.raises(InputError, match="damaged"):
            seal.opened(broken, place)
    with pytest.raises(InputError, match="damaged"):
        Seal(os.urandom(32), "one").opened(short, 1)


@pytest.mark.parametrize(
    "about",
    [
        *(b"", b"{}", b'{"key": "zz", "key_derivation": {}}', b"[1]"),
        b'{"key": "00", "key_derivation": {"name": "argon2id", "memory_kib": 99999999, "iterations": 1, "lanes": 1}}',
        b'{"key": "00", "key_derivation": {"name": "argon2id", "memory_kib": 1024, "iterations": 999999, "lanes": 1}}',
        b'{"key": "00", "key_derivation": {"name": "md5", "memory_kib": 1024, "iterations": 1, "lanes": 1}}',
    ],
)
def test_a_damaged_lock_is_said(about):
    with pytest.raises(InputError, match="damaged"):
        Seal.unlocked(PASSPHRASE, "x", about)


# --- other forms and other files


OLD = f"""
PRAGMA application_id={APPLICATION};
CREATE TABLE entry (number INTEGER PRIMARY KEY, at TEXT, kind TEXT, body TEXT);
INSERT INTO entry VALUES (3, '2026-01-05T08:00+01:00', 'count', '{{"hairs": 14, "method": "comb"}}');
INSERT INTO entry VALUES (7, '2026-01-06+01:00', 'note', '{{"text": "first"}}');
PRAGMA user_version=1;
"""


def old(folder: Path, more: str = "") -> Path:
    folder.mkdir()
    with closing(sqlite3.connect(folder / NAME)) as connection:
        connection.executescript(OLD + more)
    return folder


def test_an_old_form_is_migrated_with_a_backup(tmp_path):
    place = old(tmp_path / "d")
    with Diary.open(place) as diary:
        assert diary.migrated == place / "diary.form-1.backup-1.sqlite"
        numbers = {one.number: one.entry for one in diary.entries()}
        assert numbers[1] == ShedCount(at=at(0), hairs=14, method="comb")
        assert numbers[2].text == "first"
        assert not numbers[2].time_known
        diary.add(Weight(at=at(1), kg=70.0))
    with closing(sqlite3.connect(place / "diary.form-1.backup-1.sqlite")) as connection:
        assert connection.execute("SELECT count(*), max(number) FROM entry").fetchone() == (2, 7)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    with Diary.open(place) as diary:
        assert diary.migrated is None
        assert len(diary.entries()) == 3
    assert len(list(place.glob("*.backup-*"))) == 1


def test_a_migration_that_fails_changes_nothing(tmp_path):
    place = old(tmp_path / "d", "INSERT INTO entry VALUES (9, 'tomorrow', 'count', '{}');")
    with pytest.raises(InputError, match="entry 9 of the old form cannot be carried over"):
        Diary.open(place)
    with closing(sqlite3.connect(place / NAME)) as connection:
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (3,)
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_two_at_once_migrate_once(tmp_path):
    place = old(tmp_path / "d")
    program = f"from anagen.diary.store import Diary; print(len(Diary.open({str(place)!r}).entries()))"
    runs = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [run.communicate(timeout=60)[0].strip() for run in runs] == ["2", "2", "2"]


def test_forms_and_files_that_are_not_ours(tmp_path, folder):
    with pytest.raises(InputError, match="there is no diary"):
        Diary.open(tmp_path)
    for name, content in (("text", b"hello" * 500), ("cut", (folder / NAME).read_bytes()[:1500]), ("empty", b"")):
        (tmp_path / name).mkdir()
        (tmp_path / name / NAME).write_bytes(content)
        with pytest.raises(InputError, match="diary"):
            Diary.open(tmp_path / name)
        assert (tmp_path / name / NAME).read_bytes() == content
    with closing(sqlite3.connect(folder / NAME)) as connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    with pytest.raises(InputError, match="newer Anagen"):
        Diary.open(folder)
    with closing(sqlite3.connect(folder / NAME)) as connection:
        connection.execute("PRAGMA user_version=0")
        with pytest.raises(InputError, match="not known"):
            migrate(connection, folder / NAME)


def test_a_damaged_record_is_named_and_nothing_is_half_read(folder):
    with Diary.open(folder) as diary:
        diary.add(Weight(at=at(0), kg=70.0))
    for body in (b"{", b"[]", b'{"number": 1}', b'{"number": 2, "act": "written", "recorded": "x", "kind": "weight"}'):
        with closing(sqlite3.connect(folder / NAME)) as connection:
            connection.execute("INSERT OR REPLACE INTO record VALUES (2, ?)", (body,)) if body == b"{" else None
            connection.execute("DROP TRIGGER IF EXISTS record_kept")
            connection.execute("UPDATE record SET body = ? WHERE place = 2", (body,))
            connection.commit()
        with pytest.raises(InputError, match="record 2 of the diary is damaged"):
            kept(folder)


# --- the machine fails


FULL = """
import resource, signal, sys
from datetime import UTC, datetime
from anagen.diary.entries import Note
from anagen.diary.store import Diary
from anagen.errors import InputError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
diary = Diary.open(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
done = 0
try:
    for number in range(1000):
        diary.add(Note(at=datetime(2026, 1, 1, tzinfo=UTC), text="x" * 1500))
        done += 1
except InputError as error:
    print(done)
    print(error)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no limit on the size of files here")
def test_a_full_disk_loses_nothing_confirmed(folder):
    told = subprocess.run([sys.executable, "-c", FULL, str(folder)], capture_output=True, text=True, timeout=60)
    count, message = told.stdout.split("\n", 1)
    assert int(count) > 5
    assert "nothing was written" in message
    assert "the disk is full or fails" in message
    assert "room on the disk" in message
    assert len(kept(folder)) == int(count)
    with Diary.open(folder) as diary:  # and it goes on once there is room
        diary.add(Weight(at=at(0), kg=70.0))


def test_a_folder_that_may_not_be_written(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot make a diary"):
        Diary.new(tmp_path / "d")


def test_another_program_that_holds_the_file(folder, monkeypatch):
    monkeypatch.setattr("anagen.diary.schema.BUSY_S", 0.05)
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as other, Diary.open(folder) as diary:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InputError, match="another program holds it"):
            diary.add(Weight(at=at(0), kg=70.0))
        other.execute("ROLLBACK")
        assert diary.add(Weight(at=at(0), kg=70.0)) == 1


def test_a_clock_that_jumps_back_changes_neither_order_nor_numbers(folder, monkeypatch):
    class Clock(datetime):
        moment = datetime(2026, 3, 1, 12, tzinfo=UTC)

        @classmethod
        def now(cls, tz=None):
            return cls.moment

    monkeypatch.setattr(store, "datetime", Clock)
    with Diary.open(folder) as diary:
        first = diary.add(Weight(at=at(0), kg=70.0))
        Clock.moment = datetime(2001, 1, 1, tzinfo=UTC)
        diary.change(first, Weight(at=at(0), kg=71.0))
        second = diary.add(Weight(at=at(7), kg=72.0))
        assert (first, second) == (1, 3)
        assert [one.entry.kg for one in diary.entries()] == [71.0, 72.0]


def test_times_keep_their_offset_over_a_change_of_clocks(folder):
    summer, winter = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
    times = [datetime(2026, 10, 25, 2, 30, tzinfo=summer), datetime(2026, 10, 25, 2, 30, tzinfo=winter)]
    with Diary.open(folder) as diary:
        diary.add_all(ShedCount(at=time, hairs=n, method="comb") for n, time in enumerate(reversed(times)))
        back = [one.entry.at for one in diary.entries()]
    assert back == times
    assert [time.utcoffset() for time in back] == [timedelta(hours=2), timedelta(hours=1)]


def test_names_that_are_no_unicode_are_kept_as_far_as_they_can_be(folder):
    with Diary.open(folder) as diary:
        number, *_ = diary.add_all([Weight(at=at(0), kg=70.0)], source="d\udcff.csv")
        with pytest.raises(InputError, match="why is"):
            diary.withdraw(number, why="\udcff")
        assert [kept.number for kept in diary.entries()] == [number]


def test_wiping_leaves_other_files_alone(folder, tmp_path):
    old_one = old(tmp_path / "o")
    Diary.open(old_one).close()
    (old_one / "photo.jpg").write_text("mine")
    for left in (".diary.form-1.backup-2.sqlite.77", ".diary.form-1.backup-2.sqlite.77-journal", ".new-a.sqlite"):
        (old_one / left).write_text("what a power cut left")
    wipe(old_one)
    assert [file.name for file in old_one.iterdir()] == ["photo.jpg"]
    wipe(folder)
    assert not folder.exists()
    with pytest.raises(InputError, match="there is no diary"):
        wipe(folder)
