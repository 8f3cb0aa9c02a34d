"""A small Dask cluster on this machine, to try a trial on: `anagen trial --cluster-example`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from .process import ONE_THREAD, XLA_ONE_THREAD, no_interrupts
from .quiet import check_installed, quiet


@contextmanager
def example_cluster(workers: int = 2) -> Iterator[str]:
    """Start a scheduler and workers, each a process with one thread, for this machine only; gives the address.

    Raises:
        InputError: the extra `cluster` is not installed.
    """
    check_installed()
    import logging

    import dask
    from distributed import LocalCluster

    # A worker that dies is replaced; Dask's own cluster would give a place up whose worker starts again just then.
    with quiet(), dask.config.set({"distributed.deploy.lost-worker-timeout": "1 day"}):
        with no_interrupts():  # its threads and processes inherit this: Ctrl-C is answered here, and only once
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
                env={**ONE_THREAD, "XLA_FLAGS": XLA_ONE_THREAD},
            )
        with cluster:
            yield str(cluster.scheduler_address)


def serve_example_cluster(workers: int = 2, say: Callable[[str], None] = print) -> None:
    """Keep such a cluster until Ctrl-C, and tell how it is used."""
    with example_cluster(workers) as address:
        say(f"A Dask cluster of {workers} workers is at {address}, until Ctrl-C. In another terminal:")
        say(f"  anagen trial trial.toml --scheduler {address} -o results/")
        try:
            Event().wait()
        except KeyboardInterrupt:
            say("The cluster has ended.")
