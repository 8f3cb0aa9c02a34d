"""What the server was told when it started: where it listens, who may ask, how much at once."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path

from anagen.errors import InputError

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Names of this machine that a Host header may have."""
SHORTEST_TOKEN = 20


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def processors() -> int:
    """How many simulations at once are worth it here; two at least, so that a short one passes a long one."""
    return max(2, os.cpu_count() or 2)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`workers` simulations at once and `waiting` more in line; sizes in bytes.

    >>> Settings().host
    '127.0.0.1'

    Raises:
        InputError: an address that is not loopback without a token of 20 characters or more.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    token: str | None = field(default=None, repr=False)
    diary: Path | None = None
    workers: int = field(default_factory=processors)
    waiting: int = 16
    most_people: int = 2_000
    most_trial_people: int = 100_000
    trial_workers: int = 2
    trials_waiting: int = 4
    trials_kept: int = 10
    trial_longest_s: float = 3600
    body_bytes: int = 200_000
    upload_bytes: int = 5_000_000
    warm: bool = True

    def __post_init__(self) -> None:
        if not is_loopback(self.host) and self.token is None:
            raise InputError(
                f"{self.host} can be reached from other machines, so a token is needed: who knows it may read "
                "what is typed here, the diary included",
                expected="--token-file FILE, whose one line is the token (20 characters or more); or leave out --host",
                nearest="--host 127.0.0.1",
            )
        if self.token is not None and len(self.token) < SHORTEST_TOKEN:
            raise InputError(
                f"a token of {len(self.token)} characters can be guessed", expected=f"{SHORTEST_TOKEN} or more"
            )
