"""What runs on a worker of a cluster: one part, after a look at whether this worker computes the same as we do."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

from anagen.errors import AnagenError, InputError

from .process import Answer, Work

_SHOWN = {"python": "Python", "source": "source of Anagen (hash)", "anagen": "Anagen"}


@dataclass(frozen=True)
class Fingerprint:
    """Versions of all that determines the numbers. `processor` may differ, which changes no more than last digits."""

    python: str
    anagen: str
    source: str
    numpy: str
    jax: str
    jaxlib: str
    accelerator: str
    processor: str

    def compare(self, there: Fingerprint, address: str) -> None:
        """Refuse a worker that is not like this process.

        Raises:
            InputError: naming the worker, and both versions.
        """
        for field in fields(self):
            mine, its = getattr(self, field.name), getattr(there, field.name)
            if field.name != "processor" and mine != its:
                raise different(address, field.name, its, mine)


def different(address: str, what: str, there: str, here: str) -> InputError:
    """A worker that would compute other numbers."""
    name = _SHOWN.get(what, what)
    return InputError(
        f"the worker at {address} has another {name} than this process: {there} there, {here} here",
        expected="the same Anagen and the same libraries on every worker",
    )


def _asking() -> Callable[[], dict[str, str]]:
    """Makes `tells`: a function made inside another is sent whole, so that it runs where there is another Anagen."""

    def tells() -> dict[str, str]:
        import hashlib
        import platform
        from importlib.metadata import distributions, version
        from pathlib import Path

        def of(package: str) -> str:
            try:
                return version(package)
            except ImportError:
                return "none"

        try:
            import anagen
            from anagen.fingerprint import folder_digest

            source = folder_digest(Path(anagen.__file__).parent, (".py", ".lark", ".toml"))[:12]
        except ImportError:
            source = "none"
        try:
            lines = Path("/proc/cpuinfo").read_text().splitlines()
            flags = next(line for line in lines if line.startswith(("flags", "Features")))
        except (OSError, StopIteration):
            flags = platform.processor()
        plugins = {
            f"{found.metadata['Name']} {found.version}"
            for found in distributions()
            if str(found.metadata["Name"]).startswith("jax") and str(found.metadata["Name"]).endswith("plugin")
        }
        return {
            "python": ".".join(platform.python_version_tuple()[:2]),
            "anagen": of("anagen"),
            "source": source,
            "numpy": of("numpy"),
            "jax": of("jax"),
            "jaxlib": of("jaxlib"),
            "accelerator": ", ".join(sorted(plugins)) or "none",
            "processor": f"{platform.machine()} {hashlib.sha256(flags.encode()).hexdigest()[:12]}",
        }

    return tells


tells = _asking()


@lru_cache(maxsize=1)
def fingerprint() -> Fingerprint:
    """Of this process, read once."""
    return Fingerprint(**tells())


def compute(work: Work, part: int, wanted: Fingerprint) -> Answer:
    """One part. An error of ours is an answer, as trying again would not change it; Dask tries again after others."""
    started = time.perf_counter()
    try:
        wanted.compare(fingerprint(), _address())
        payload = work(part)
    except AnagenError as error:
        return Answer(part, time.perf_counter() - started, error=error)
    return Answer(part, time.perf_counter() - started, payload)


def _address() -> str:
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
        return platform.node()
