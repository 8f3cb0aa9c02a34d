"""An application of its own for each test, with a folder of its own for the diary; nothing is there at first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from anagen.web.app import create_app
from anagen.web.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the diary will be."""
    return tmp_path / "diary"


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    """Asks the application directly."""
    app = create_app(Settings(diary=folder, warm=False))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def made(client: TestClient) -> TestClient:
    """With an open diary without a passphrase."""
    assert client.post("/diary/new").status_code == 200
    return client
