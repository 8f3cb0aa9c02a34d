"""The way to a Dask scheduler: its address checked, its answer awaited, but not for ever."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from anagen.errors import InputError

if TYPE_CHECKING:
    from distributed import Client


def knock(address: str, timeout_s: float) -> None:
    """Ask the scheduler who it is: Dask's client would wait for ever where a port is open and nobody speaks.

    Raises:
        InputError: this is no address, or no scheduler answers there in time.
    """
    from distributed.core import rpc

    async def ask() -> Any:
        async with rpc(address) as scheduler:
            return await scheduler.identity()

    def answer() -> Any:
        return asyncio.run(asyncio.wait_for(ask(), timeout_s))

    try:
        with ThreadPoolExecutor(1) as apart:  # the caller may be in an event loop of its own
            told = apart.submit(answer).result()
    except ValueError as error:
        raise InputError(f"{address!r} is no address of a scheduler: {error}", expected="tcp://HOST:PORT") from None
    except (OSError, TimeoutError):
        raise _silent(address, timeout_s) from None
    if not isinstance(told, dict) or not str(told.get("type", "")).endswith("Scheduler"):
        raise InputError(f"what answers at {address} is no Dask scheduler", expected="the scheduler's address")


def connect(address: str, timeout_s: float) -> Client:
    """A client of a scheduler that has answered; close it.

    Raises:
        InputError: it answers no longer.
    """
    from distributed import Client

    try:
        return Client(address, timeout=timeout_s, set_as_default=False)
    except OSError:
        raise _silent(address, timeout_s) from None


def _silent(address: str, timeout_s: float) -> InputError:
    return InputError(
        f"no Dask scheduler answers at {address} within {timeout_s:g} s",
        expected="the address that `dask scheduler` prints, tcp://HOST:PORT, and a way there through the network; "
        "`anagen trial --cluster-example` starts a small cluster on this machine",
    )
