"""`anagen serve` as a person starts it: a line that says where, an answer, and a clean end."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from anagen.cli import main


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(end: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "anagen", "serve", "--port", "0", "--diary", str(tmp_path / "diary")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            said = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/", said)
            assert found, said
            with urllib.request.urlopen(f"{found[0]}about?weight=81.25", timeout=30) as answer:
                assert b"Never in pregnancy" in answer.read()
            server.send_signal(end)
            out, log = server.communicate(timeout=30)
        finally:
            server.kill()
    assert server.returncode == (0 if end == signal.SIGINT else -signal.SIGTERM)
    assert ("Anagen has stopped" in out) == (end == signal.SIGINT)
    assert "Traceback" not in log
    assert re.fullmatch(r"GET /about 200 \d+ ms\n", log)
    assert not (tmp_path / "diary").exists()  # nothing is made before it is asked for


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--port", "80"], "from 1024 to 65535"),
        (["--workers", "99"], "from 0 to 64"),
        (["--host", "0.0.0.0"], "a token is needed"),
        (["--host", "192.0.2.7", "--token-file", "{tmp}/none"], "cannot be read"),
        (["--host", "192.0.2.7", "--token-file", "{tmp}/two"], "holds 2 words"),
        (["--host", "192.0.2.7", "--token-file", "{tmp}/short"], "can be guessed"),
        (["--host", "203.0.113.9", "--token-file", "{tmp}/good"], "cannot listen"),
        (["--port", "{taken}"], "cannot listen"),
    ],
)
def test_what_cannot_be_served_is_said(
    options: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in {"two": "a b", "short": "abc", "good": "x" * 30}.items():
        (tmp_path / name).write_text(text, "utf-8")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        fill = {"tmp": str(tmp_path), "taken": str(other.getsockname()[1])}
        monkeypatch.setattr(sys, "argv", ["anagen", "serve", *(option.format(**fill) for option in options)])
        with pytest.raises(SystemExit) as left:
            main()
    assert left.value.code == 2
    assert says in capsys.readouterr().err
