"""`anagen serve`: the web page, on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from anagen.errors import InputError


def serve_command(
    port: Annotated[int, typer.Option(help="1024 to 65535; 0 takes a free one.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; another than loopback needs a token.")] = "127.0.0.1",
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", help="A file whose one line is the token that other machines must know."),
    ] = None,
    diary: Annotated[
        Path | None,
        typer.Option(
            "--diary", metavar="FOLDER", help="The diary's folder; else ANAGEN_DIARY, else anagen-diary at home."
        ),
    ] = None,
    workers: Annotated[int, typer.Option(help="Simulations at once; 0 means as many as processors.")] = 0,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No line for each request.")] = False,
) -> None:
    if not (port == 0 or 1024 <= port <= 65535):
        raise InputError(f"port: {port}", expected="0, or from 1024 to 65535")
    if not 0 <= workers <= 64:
        raise InputError(f"workers: {workers}", expected="from 0 to 64")
    from anagen.web.serving import serve
    from anagen.web.settings import Settings, processors

    settings = Settings(
        host=host,
        port=port,
        token=_token(token_file),
        diary=diary,
        workers=workers or processors(),
    )
    serve(settings, open_browser=open_browser, quiet=quiet)


def _token(file: Path | None) -> str | None:
    """The token; from the environment where no file is named, so that it is never seen in the list of processes."""
    if file is None:
        return os.environ.get("ANAGEN_TOKEN")
    try:
        lines = file.read_text("utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the token in {file} cannot be read: {error}", expected="a text file of one line") from None
    if len(lines) != 1:
        raise InputError(f"{file} holds {len(lines)} words", expected="one line: the token")
    return lines[0]
