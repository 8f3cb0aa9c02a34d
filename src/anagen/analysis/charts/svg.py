"""Charts as SVG, drawn by a process of their own while what comes after them is computed.

Vega takes half a second to start, and holds Python's lock while it draws, so that a thread would not help. The process
is started once and ends with this one. Where it cannot be had, charts are drawn here. What was drawn is kept on disk.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.simulation import kept

if TYPE_CHECKING:
    import altair

MOST = 400
"""Drawings kept; each is some 10 kB."""
PROGRAM = Path(__file__).with_name("vega.py")


def to_svg(chart: altair.TopLevelMixin | dict[str, Any]) -> str:
    """A chart, or its Vega-Lite, as one SVG element.

    >>> to_svg({"mark": "point", "data": {"values": [{"a": 1}]}})[:4]
    '<svg'
    """
    return draw(chart).result()


def draw(chart: altair.TopLevelMixin | dict[str, Any], *, keep: bool = True) -> Future[str]:
    """Begin to draw a chart; `result()` waits for what `to_svg` gives. `keep=False` leaves nothing on the disk.

    >>> draw({"mark": "point", "data": {"values": [{"a": 1}]}}).result()[:4]
    '<svg'
    """
    spec = json.dumps(chart if isinstance(chart, dict) else chart.to_dict(validate=False))
    if not keep:
        return _artist().draw(spec)
    key = hashlib.sha256(f"{version('vl-convert-python')} {PROGRAM.read_text('utf-8')} {spec}".encode()).hexdigest()
    if (known := kept.read("charts", key)) is not None:
        done: Future[str] = Future()
        done.set_result(known)
        return done
    drawing = _artist().draw(spec)
    drawing.add_done_callback(lambda drawn: kept.keep("charts", key, drawn.result(), MOST) if _well(drawn) else None)
    return drawing


def _well(drawing: Future[str]) -> bool:
    return not drawing.cancelled() and drawing.exception() is None


def warm_up() -> None:
    """Start the process that draws; call this where a drawing will be wanted, before what takes long."""
    _artist()


@cache
def _artist() -> Artist:
    return Artist([sys.executable, "-P", str(PROGRAM)])


class Artist:
    """The process, and the one thread that speaks with it: a line of JSON each way for each chart.

    >>> artist = Artist(["no such program"])
    >>> artist.draw('{"mark": "point", "data": {"values": [{"a": 1}]}}').result()[:4]
    '<svg'
    """

    def __init__(self, command: list[str]) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="anagen-artist")
        self._process: subprocess.Popen[bytes] | None = None
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        try:  # in a session of its own: Ctrl-C is for this process, whose end closes the pipe and so ends that one
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, start_new_session=True)
        except OSError:
            return
        atexit.register(self.close)

    def draw(self, spec: str) -> Future[str]:
        """Begin to draw a chart given as JSON."""
        return self._thread.submit(self._drawn, spec)

    def close(self) -> None:
        """End the process; what is drawn after this is drawn here."""
        if self._process:
            with self._process as process:
                process.kill()
            self._process = None

    def _drawn(self, spec: str) -> str:
        if self._process and self._process.stdin and self._process.stdout:
            try:
                self._process.stdin.write(spec.encode() + b"\n")
                self._process.stdin.flush()
                return str(json.loads(self._process.stdout.readline()))
            except (OSError, ValueError):  # it has ended: what is wrong with the chart, if anything, is found here
                pass
        from .vega import drawn

        return drawn(spec)
