"""The whole API, asked by schemathesis with what its own schema allows and forbids: never a 500, never another form."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from anagen.diary.store import Diary
from anagen.web.app import create_app
from anagen.web.settings import Settings

EXAMPLES = int(os.environ.get("ANAGEN_FUZZ_EXAMPLES", "10"))
"""Cases of each call and kind; `make fuzz` asks for more."""
HOST = {"host": "localhost"}


@pytest.fixture
def schema(tmp_path: Path) -> Any:
    """What an application of its own says that it takes; it keeps a diary of its own too. It is ended with the test."""
    folder = tmp_path / "diary"
    with Diary.new(folder):
        pass
    app = create_app(Settings(warm=False, diary=folder, most_people=20, most_trial_people=20))
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=HOST)


@pytest.mark.parametrize("kind", ["positive", "negative"])
def test_no_input_makes_a_fault(schema: Any, kind: str) -> None:
    asked = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        asked[operation.label] = 0

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=EXAMPLES < 100,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode(kind)))
        def ask(case: schemathesis.Case) -> None:
            answer = case.call(headers=HOST)
            asked[case.operation.label] += 1
            assert answer.status_code < 500, f"{answer.status_code}: {answer.text[:500]}"
            case.validate_response(answer, checks=[status_code_conformance, content_type_conformance])

        try:
            ask()
        except Exception as error:
            if type(error).__name__ != "Unsatisfiable":  # a call without parameters has nothing to do wrong
                raise
    assert len(asked) >= 2
    print(f"{kind}: {sum(asked.values())} requests, {asked}")
