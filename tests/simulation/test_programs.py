"""Compiled programs on disk: the second start gives the same numbers, and a damaged or closed cache costs only time."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
from anagen import Patient, simulate
result = simulate("isotretinoin", "20 mg once daily for 2 weeks", Patient(), weeks=4, people=5)
import json
print(json.dumps(result.to_json()["series"]))
"""


SMALL = """
import json
import numpy as np
from anagen.compiled.configure import configure
from anagen.compiled.programs import program
configure()
given = np.array([1.0, 2.0])
print(json.dumps(program(lambda x: 2 * x, ("twice",), given)(given).tolist()))
"""


def start(cache, code=PROGRAM):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JAX_")}
    environment["ANAGEN_CACHE_DIR"] = str(cache)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_warm_and_damaged_starts_agree_with_the_cold_one(tmp_path):
    cold = start(tmp_path)
    programs = sorted((tmp_path / "programs").glob("*.program"))
    assert len(programs) == 3, "people drawn, people carried through weeks, levels superposed"
    files = {file: file.stat().st_ino for file in programs}  # one that is written anew is another file
    damaged = sorted(programs, key=lambda file: file.stat().st_mtime_ns)[:2]  # the last takes ten seconds to compile
    assert start(tmp_path) == cold
    assert {file: file.stat().st_ino for file in programs} == files, "the second start compiled nothing"
    for file in damaged:
        file.write_bytes(file.read_bytes()[:1000])
    assert start(tmp_path) == cold
    assert all(file.stat().st_size > 1000 for file in programs)
    for file in set(programs) - set(damaged):
        assert file.stat().st_ino == files[file], "what was whole is not compiled again"


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert start(blocked, SMALL) == [2.0, 4.0]
    assert blocked.read_text() == "not a folder"
    assert start(tmp_path / "folder", SMALL) == [2.0, 4.0]
    assert len(list((tmp_path / "folder" / "programs").iterdir())) == 1, "where it can be written, it is"


@pytest.mark.parametrize("change", ["code", "data"])
def test_another_source_has_another_name(tmp_path, change):
    from anagen.fingerprint import folder_digest

    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "b.toml").write_text("x = 1")
    before = folder_digest(tmp_path, names=["b.toml"])
    (tmp_path / {"code": "a.py", "data": "b.toml"}[change]).write_text("x = 2")
    assert folder_digest(tmp_path, names=["b.toml"]) != before


def test_a_treatment_with_another_parameter_has_another_fingerprint():
    """Its texts (claims, page) are no part of it: no program depends on them."""
    import dataclasses

    from anagen.treatments.registry import treatment

    drug = treatment()
    other = dataclasses.replace(drug.parameters["sebum.fall_rate"], value=0.2)
    altered = dataclasses.replace(drug, parameters={**drug.parameters, other.name: other})
    assert altered.fingerprint() != drug.fingerprint()
