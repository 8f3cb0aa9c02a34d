"""What pages read from a link, and how they write one: the state in its query, an address with it, a file to save."""

from __future__ import annotations

from starlette.requests import Request

from .state import State


def state_of(request: Request) -> State:
    """What the link of a request says.

    Raises:
        InputError, PregnancyStop: as `State.of`.
    """
    return State.of(request.query_params.multi_items())


def address(path: str, query: str = "") -> str:
    """A path with a query, where there is one.

    >>> address("/trial"), address("/trial", "weight=82")
    ('/trial', '/trial?weight=82')
    """
    return f"{path}?{query}" if query else path


def attachment(name: str) -> dict[str, str]:
    """The header by which a browser saves an answer under a name of ours."""
    return {"content-disposition": f'attachment; filename="{name}"'}
