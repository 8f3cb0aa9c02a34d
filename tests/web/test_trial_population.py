"""Trials whose people come in a file that is sent along: the numbers of the command line, or a refusal in words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.trial.small_trials import BUSY
from tests.web.test_trial import held, state, until  # noqa: F401

from anagen.errors import AnagenError
from anagen.interchange.results.json_file import json_text
from anagen.interchange.results.repeat_trial import open_folder, planned
from anagen.interchange.results.request import TrialRecord
from anagen.trial.file import EXAMPLE, read_trial
from anagen.trial.run import run_trial
from anagen.web.job_folders import JobFolders
from anagen.web.settings import Settings
from anagen.web.trial_bounds import MOST_COLUMNS, MOST_VALUES, bounded_csv
from anagen.web.trial_order import order_of
from anagen.web.trial_population import SentPopulation

TRIAL = BUSY.replace('name = "adults"', 'table = "people.csv"')
ROWS = "person,sex,age_years,weight_kg,alt_u_per_l\n1,male,31,82,25\n0,female,24,58.5,14\n2,female,45,71,19\n"
PLAIN = EXAMPLE.partition("[[subgroups]]")[0]
"""Wants no column of the people."""
PEOPLE = 60
DISTRIBUTIONS = '[covariates.weight_kg]\nunit = "kg"\ndistribution = "normal"\nmean = 70\nsd = 8\n'


def form(name: str = "people.csv", content: str | bytes = ROWS) -> dict[str, Any]:
    """The files of a form."""
    return {"population": (name, content if isinstance(content, bytes) else content.encode())}


def parquet(columns: Mapping[str, Any]) -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(dict(columns)), file, compression="zstd")
    return file.getvalue()


def test_the_numbers_are_those_of_the_command_line(client: TestClient, tmp_path: Path) -> None:
    asked = {"trial": TRIAL, "people": PEOPLE, "power": ["50", "100"]}
    given = client.post("/api/v1/trials", data=asked, files=form())
    assert given.status_code == 202, given.text
    id = given.json()["id"]
    until(lambda: state(client, id) not in ("waiting", "running"))
    assert state(client, id) == "done", client.get(f"/api/v1/trials/{id}").text

    (tmp_path / "trial.toml").write_text(TRIAL)
    (tmp_path / "people.csv").write_text(ROWS)
    direct = run_trial(read_trial(tmp_path / "trial.toml").with_people(PEOPLE), power=(50, 100)).to_json()
    found = client.get(f"/api/v1/trials/{id}/result").json()
    assert found["population"]["name"] == "people.csv"
    assert found["provenance"]["population"] == direct["provenance"]["population"]  # the hash of the file
    assert json_text({**found, "provenance": 0}) == json_text({**direct, "provenance": 0})

    packed = client.get(f"/trial/{id}/files/results.zip").content
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(io.BytesIO(packed)).extractall(unpacked)
    assert (unpacked / "people.csv").read_text() == ROWS
    record = open_folder(unpacked / "results").record
    again = planned(TrialRecord.model_validate(record), [unpacked / "results", unpacked])  # as `anagen rerun` does
    assert again.people == PEOPLE
    assert again.population == ("table", unpacked / "people.csv")


@pytest.mark.parametrize(
    ("key", "name", "content", "says"),
    [
        ("table", "people.csv", ROWS, "people.csv, 3 rows with sex, age_years, weight_kg and alt_u_per_l. After"),
        ("table", "Mine (1).PARQUET", parquet({"sex": ["male"] * 5000}), "Mine (1).PARQUET, 5,000 rows with sex."),
        ("table", "bom.csv", b'\xef\xbb\xbf"sex","age_years"\r\n"male",31\r\n', "1 row with sex and age_years. A"),
        ("table", "x.parquet", parquet({"sex": pa.array(["male", "female"]).dictionary_encode()}), "2 rows with sex"),
        ("file", "town.toml", DISTRIBUTIONS, "People: town.toml"),
    ],
)  # fmt: skip
def test_every_kind_of_file_is_read_at_both_doors(
    client: TestClient, key: str, name: str, content: str | bytes, says: str
) -> None:
    trial = PLAIN.replace('name = "adults"', f'{key} = "{name}"')
    given = client.post("/api/v1/trials/check", data={"trial": trial}, files=form(name, content))
    assert given.status_code == 200, given.text
    assert says in given.json()["who"]
    page = client.post("/trial/check", data={"trial": trial}, files=form(name, content))
    assert "The file can be run." in page.text
    assert given.json()["who"] in page.text


TABLE, PARQUET = 'table = "people.csv"', 'table = "p.parquet"'
WIDE = ",".join(f"c{i}" for i in range(MOST_COLUMNS + 1))
LONG_NAME = pa.array(["x" * 5_000_000]).take(pa.array([0] * 300))
REFUSED = {
    "nothing sent": (TABLE, None, "", "'people.csv' was not sent"),
    "another sent": (TABLE, "others.csv", ROWS, "the file of people that was sent is 'others.csv'"),
    "in a folder": ('table = "data/people.csv"', "people.csv", ROWS, "that was sent is 'people.csv'"),
    "above": ('table = "../people.csv"', "../people.csv", ROWS, "that was sent is 'people.csv'"),
    "not named": ('name = "adults"', "people.csv", ROWS, "name = 'adults', but the file of people that was sent is"),
    "named as a name": ('name = "people.csv"', "people.csv", ROWS, "name = 'people.csv', but the file"),
    "table as file": ('file = "people.csv"', "people.csv", ROWS, "file = 'people.csv', but the file"),
    "another kind": ('table = "people.txt"', "people.txt", ROWS, "'people.txt' is no file of people"),
    "a name that does not print": (TABLE, "pe\u200bople.csv", ROWS, "the name of the file of people is none"),
    "row and column": (TABLE, "people.csv", "sex,age_years\nmale,31\nmale,old\n", "row 2, column age_years: 'old' is"),
    "missing": (TABLE, "people.csv", "sex,age_years\nmale,31\nmale,\n", "row 2, column age_years: is missing"),
    "unknown column": (TABLE, "people.csv", "sex,agee_years\nmale,31\n", "agee_years"),
    "no rows": (TABLE, "people.csv", "sex\n", "people.csv: no people in it"),
    "empty": (TABLE, "people.csv", "", "people.csv: cannot be read as a table"),
    "not text": (TABLE, "people.csv", bytes(range(256)), "people.csv: "),
    "too many columns": (TABLE, "people.csv", WIDE, f"people.csv: columns {MOST_COLUMNS + 1}, rows 0"),
    "too many values": (TABLE, "people.csv", "a,b\n" + "\n" * (MOST_VALUES // 2), "columns 2, rows 2,500,001"),
    "header without end": (TABLE, "people.csv", '"a\n",' * 1000, "the header ends within quotes"),
    "header within quotes": (TABLE, "people.csv", 'x"y,"z\n1,2\n', "the header ends within quotes"),
    "no Parquet": (PARQUET, "p.parquet", b"PAR1" + bytes(99) + b"PAR1", "p.parquet: cannot be read as Parquet"),
    "cut Parquet": (PARQUET, "p.parquet", parquet({"sex": ["male"] * 99})[:-9], "cannot be read as Parquet"),
    "many values": (PARQUET, "p.parquet", parquet({"age_years": [30.0] * (MOST_VALUES + 1)}), "rows 5,000,001"),
    "long text": (PARQUET, "p.parquet", parquet({"sex": LONG_NAME}), "is too large once it is unpacked"),
    "lists": (PARQUET, "p.parquet", parquet({"age_years": [[1, 2]]}), "column age_years holds list"),
    "bytes": (PARQUET, "p.parquet", parquet({"sex": pa.array([b"a"], pa.binary(1))}), "holds fixed_size_binary"),
    "TOML": ('file = "p.toml"', "p.toml", DISTRIBUTIONS.replace("mean", "meen"), "covariates.weight_kg.meen: unknown"),
    "TOML with dots": ('file = "p.toml"', "p.toml", "a" + ".a" * 20_000 + "=1", "p.toml, line 1: more than 100 dots"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_in_words(client: TestClient, case: str) -> None:
    population, name, content, says = REFUSED[case]
    asked = {"trial": BUSY.replace('name = "adults"', population)}
    files = form(name, content) if name is not None else {"population": ("", b"")}
    if name is None:  # a form without the field, for the API
        given = client.post("/api/v1/trials", json=asked)
    else:
        given = client.post("/api/v1/trials", data=asked, files=files)
    assert given.status_code == 422, given.text
    assert says in given.json()["title"]
    assert given.json()["expected"]
    assert "population." not in given.text  # the name of ours
    page = client.post("/trial/check", data=asked, files=files, headers={"hx-request": "true"})
    assert page.status_code in (200, 422)
    assert "problem" in page.text
    assert "The file can be run" not in page.text


def test_the_nearest_is_the_file_that_was_sent(client: TestClient) -> None:
    asked = {"trial": BUSY.replace('name = "adults"', 'table = "data/people.csv"')}
    said = client.post("/api/v1/trials/check", data=asked, files=form()).json()
    assert said["nearest"] == ['table = "people.csv"']
    assert said["title"].startswith("trial.toml, line 8: ")


@pytest.mark.parametrize(
    ("data", "files", "pointer"),
    [
        ({"trial": TRIAL, "population": ROWS}, [], "/body/population"),
        ({"trial": TRIAL, "people": ["5", "6"]}, [("population", ("people.csv", ROWS))], "/body/people"),
        ({"trial": [TRIAL, TRIAL]}, [("population", ("people.csv", ROWS))], "/body/trial"),
        ({"trial": TRIAL}, [("population", ("people.csv", ROWS))] * 2, "/body/population"),
        ({"trial": TRIAL, "people": "many"}, [("population", ("people.csv", ROWS))], "/body/people"),
        ({"trial": TRIAL, "power": ["50", "x"]}, [("population", ("people.csv", ROWS))], "/body/power/1"),
        ({}, [("population", ("people.csv", ROWS))], "/body/trial"),
    ],
)
def test_a_form_is_as_strict_as_json(client: TestClient, data: Any, files: Any, pointer: str) -> None:
    given = client.post("/api/v1/trials/check", data=data, files=files or [("x", ("", b""))])
    assert given.status_code == 422
    assert pointer in [one["pointer"] for one in given.json()["errors"]]


def test_the_trial_file_may_come_as_a_file_too(client: TestClient) -> None:
    files = {"trial": ("trial.toml", TRIAL.encode()), **form()}
    assert client.post("/api/v1/trials/check", files=files).status_code == 200
    files["trial"] = ("trial.toml", b"\xff\xfe")
    said = client.post("/api/v1/trials/check", files=files)
    assert (said.status_code, said.json()["title"]) == (422, "trial.toml: byte 0 is not UTF-8")


def test_people_who_are_pregnant_are_not_simulated(client: TestClient) -> None:
    sent = form(content="sex,pregnant\nfemale,no\nfemale,yes\n")
    given = client.post("/api/v1/trials", data={"trial": TRIAL}, files=sent)
    assert given.json()["type"] == "urn:anagen:pregnancy-stop"
    for address in ("/trial", "/trial/check"):
        page = client.post(address, data={"trial": TRIAL}, files=sent)
        assert page.status_code == 422
        assert "Nothing was simulated" in page.text


def test_more_than_may_be_sent(client: TestClient) -> None:
    sent = form(content=ROWS + "9,male,30,70,20\n" * 400_000)
    for address in ("/trial/check", "/api/v1/trials/check"):
        assert client.post(address, data={"trial": TRIAL}, files=sent).status_code == 413


@pytest.mark.parametrize("name", ["/etc/people.csv", "..\\..\\people.csv", "C:\\x\\people.csv", "a/../people.csv"])
def test_it_is_stored_under_a_name_of_ours_and_removed(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    written: list[Path] = []
    original = Path.write_bytes

    def watched(self: Path, data: Any) -> int:
        written.append(self)
        return original(self, data)

    monkeypatch.setattr(Path, "write_bytes", watched)
    given = client.post("/api/v1/trials/check", data={"trial": TRIAL}, files=form(name))
    assert given.status_code == 200
    (path,) = written
    assert path.name == "population.csv"
    assert path.relative_to(tmp_path).parts[0].startswith("anagen-trials-")
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_an_earlier_trial_can_be_taken_again(held: TestClient) -> None:  # noqa: F811
    trial = PLAIN.replace('name = "adults"', TABLE)
    there = held.post("/trial", data={"trial": trial, "people": "50"}, files=form()).headers["location"]
    id = there.rsplit("/", 1)[1]
    assert "those of people.csv, 3 rows" in held.get(there).text
    page = held.get(f"/trial?again={id}").text
    assert f'name="again" value="{id}" checked' in page
    kept = held.post("/trial/check", data={"trial": trial, "again": id}).text
    assert "The file can be run." in kept
    assert "people.csv has to be chosen once more" not in kept
    other = held.post("/trial/check", data={"trial": trial, "again": id}, files=form(content="sex\nmale\n")).text
    assert "1 row with sex" in other
    assert "people.csv has to be chosen once more" in other
    assert "was not sent" in held.post("/trial/check", data={"trial": trial}).text
    held.post(f"/trial/{id}/forget")
    assert "was not sent" in held.post("/trial/check", data={"trial": trial, "again": id}).text


def test_the_process_reads_it_in_the_folder_of_the_job(held: TestClient) -> None:  # noqa: F811
    sent = SentPopulation.of("people.csv", ROWS.encode())
    job = held.app.state.jobs.add(order_of(TRIAL, Settings(), sent=sent))  # type: ignore[attr-defined]
    found = sent.population_in(job.folder.parent, "isotretinoin")
    assert (job.folder.parent / "population.csv").read_text() == ROWS
    assert (found.name, found.text_hash) == ("people.csv", sent.population("isotretinoin").text_hash)
    held.app.state.jobs.forget(job)  # type: ignore[attr-defined]
    assert not job.folder.parent.exists()


CELLS = st.sampled_from(["male", "female", "31", "82.5", "", "yes", '"a b"', "é", "1e400", "-0", "nan"])
ROW = st.lists(CELLS, min_size=1, max_size=4).map(",".join)
NAMES = st.sampled_from(["sex", '"sex"', "age_years", "weight_kg", "person", "pregnant", "x"])
HEADER = st.lists(NAMES, min_size=1, max_size=4)


@given(HEADER.map(",".join), st.lists(ROW, max_size=6), st.sampled_from(["\n", "\r\n"]))
@settings(deadline=None, max_examples=60)
def test_a_table_has_the_columns_that_the_reader_finds(header: str, rows: list[str], end: str) -> None:
    content = end.join([header, *rows]).encode()
    try:
        found = pl.read_csv(content, infer_schema=False).width
    except pl.exceptions.PolarsError:
        found = len(header.split(","))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("anagen.web.trial_bounds.MOST_COLUMNS", found)
        bounded_csv(content, "x.csv")
        patch.setattr("anagen.web.trial_bounds.MOST_COLUMNS", found - 1)
        with pytest.raises(AnagenError):
            bounded_csv(content, "x.csv")


@given(st.sampled_from(["p.csv", "p.parquet", "p.toml"]), st.data())
@settings(deadline=None, max_examples=80)
def test_any_bytes_are_people_or_an_error_in_words(name: str, data: st.DataObject) -> None:
    whole = {"p.csv": ROWS.encode(), "p.toml": DISTRIBUTIONS.encode(), "p.parquet": parquet({"sex": ["male"] * 9})}[
        name
    ]
    at = data.draw(st.integers(0, len(whole)))
    content = whole[:at] + data.draw(st.binary(max_size=12)) + whole[at + data.draw(st.integers(0, 9)) :]
    folders = JobFolders()
    said = None
    try:
        SentPopulation.of(name, content).population_in(folders.new(), "isotretinoin")
    except AnagenError as error:
        said = error
    finally:
        folders.close()
    assert said is None or (name in said.message and (said.expected or said.exit_code == 3))


@pytest.mark.parametrize(("most", "says"), [(100_100, "row 1, column sex"), (99_900, "too large once it is unpacked")])
def test_a_text_is_counted_as_often_as_it_stands_there(monkeypatch: pytest.MonkeyPatch, most: int, says: str) -> None:
    sent = SentPopulation.of("p.parquet", parquet({"sex": ["m" * 1000] * 100}))  # 100,000 bytes, in a file of less
    assert len(sent.content) < 10_000
    about = pyarrow.parquet.read_metadata(io.BytesIO(sent.content))
    monkeypatch.setattr("anagen.web.trial_bounds.MOST_BYTES", most + about.row_group(0).total_byte_size)
    with pytest.raises(AnagenError, match=says):
        sent.population("isotretinoin")
