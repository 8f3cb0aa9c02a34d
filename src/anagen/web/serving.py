"""Running the application with uvicorn: a socket of our own, a line that says where, and a clean end on Ctrl-C."""

from __future__ import annotations

import logging
import socket
import sys
import threading
import webbrowser
from contextlib import suppress
from types import FrameType

import uvicorn

from anagen.errors import InputError

from .app import create_app
from .settings import Settings, is_loopback


def serve(settings: Settings, *, open_browser: bool = False, quiet: bool = False) -> None:
    """Serve until Ctrl-C.

    Raises:
        InputError: the port is taken, or the address is not one of this machine.
    """
    listening = bound(settings)
    port = listening.getsockname()[1]
    logging.basicConfig(stream=sys.stderr, format="%(message)s", level=logging.WARNING)
    logging.getLogger("anagen.web").setLevel(logging.WARNING if quiet else logging.INFO)
    name = "127.0.0.1" if settings.host in ("localhost", "127.0.0.1") else settings.host
    address = f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"
    print(f"Anagen is at {address} (Ctrl-C ends it)", flush=True)
    if not is_loopback(settings.host):
        print(
            "Other machines can reach this address; each must know the token (open /?token=... once). What is sent "
            "is not encrypted: put a proxy with TLS before it.",
            flush=True,
        )
    if open_browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=2,
        limit_concurrency=200,
        ws="none",
    )
    server = Server(config, app.state.jobs.closing)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    print("Anagen has stopped; what was saved is saved.", flush=True)


class Server(uvicorn.Server):
    """Lets what streams know that the end has come: it would be waited for."""

    def __init__(self, config: uvicorn.Config, closing: threading.Event) -> None:
        super().__init__(config)
        self._closing = closing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """On Ctrl-C or a signal to end."""
        self._closing.set()
        super().handle_exit(sig, frame)


def bound(settings: Settings) -> socket.socket:
    """A listening socket.

    Raises:
        InputError: it cannot be had.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(128)  # who comes before the application is ready waits
    except OSError as error:
        listening.close()
        raise InputError(
            f"cannot listen on {settings.host} port {settings.port}: {error.strerror}",
            expected="a free port and an address of this machine",
            nearest="--port 0",
        ) from None
    return listening
