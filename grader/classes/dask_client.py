"""The connection to the scheduler of a Dask cluster: all that is said to Dask, and what is said where that goes wrong.

Dask's own messages may hold pickled objects, which can be code. While there is a connection, this process makes nothing
out of those but plain data (plain_pickles.py).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
import warnings
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from grader.base import messages
from grader.base.errors import ClusterError, ClusterLostError
from grader.base.text import printable
from grader.classes.plain_pickles import plain_pickles
from grader.classes.worker_versions import DISTRIBUTION, Known, known

CONNECT_SECONDS = 10.0
END_SECONDS = 5.0

T = TypeVar("T")


@contextlib.contextmanager
def connection(address: str) -> Iterator[Connection]:
    """A connection to the scheduler at an address. ClusterError where there is none."""
    _prepare()
    with plain_pickles():
        client = _client(address)
        try:
            yield Connection(client, address)
        finally:
            with contextlib.suppress(Exception):
                client.close(timeout=END_SECONDS)


class Connection:
    """A scheduler, to which a client of Dask's is connected. What is `async` here belongs into a step for run()."""

    def __init__(self, client: Any, address: str) -> None:
        self.address = address
        self._client = client

    @property
    def dashboard(self) -> str:
        """The address of Dask's own page on the cluster; "" where there is none."""
        return printable(self._client.dashboard_link or "")

    def run(self, step: Callable[[], Awaitable[T]]) -> T:
        """What a step gives, done in the thread that Dask talks in. ClusterLostError where the connection is lost."""
        self.check()
        try:
            found: T = self._client.sync(step)
        except (OSError, CancelledError, asyncio.CancelledError) as error:
            raise self._lost() from error
        return found

    def end(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do a last step, as far as that is possible: a scheduler that is gone has nothing to take back."""
        with contextlib.suppress(Exception):
            self._client.sync(step, callback_timeout=END_SECONDS)

    def check(self) -> None:
        """ClusterLostError where the connection is lost."""
        if self._client.status != "running":
            raise self._lost()

    def _lost(self) -> ClusterLostError:
        return ClusterLostError(messages.CLUSTER_LOST.format(address=self.address))

    async def workers(self) -> set[str]:
        """The addresses of the workers that there are."""
        return set(await self._client.nthreads())

    async def versions(self) -> dict[str, Known]:
        """Address, or "scheduler" -> what is installed there, as Dask itself says it; nothing where it does not."""
        try:
            said = await asyncio.wait_for(self._client.get_versions(packages=[DISTRIBUTION]), CONNECT_SECONDS)
            return {address: known(one) for address, one in {**said["workers"], "scheduler": said["scheduler"]}.items()}
        except Exception:  # noqa: BLE001 - of Dask's; whoever is asked the next thing cannot answer that either
            return {}

    async def ask(self, function: Callable[[Any], bytes], argument: object, address: str) -> object:
        """What a function gives on one worker and on no other. It waits for ever where that ends: whoever sees that
        cancels it."""
        key = f"mg-grade {function.__name__}-{uuid.uuid4().hex}"
        future = self._client.submit(function, argument, key=key, workers=[address], pure=False, retries=0)
        try:
            return await future
        finally:
            future.release()


def _prepare() -> None:
    """Import Dask, and have it say nothing by itself: what goes wrong is said here. ClusterError without it."""
    try:
        import dask.delayed  # it reads pickles of its own while it is imported
        import distributed  # noqa: F401 - whoever has it can go on
    except ImportError as error:
        raise ClusterError(messages.CLUSTER_MISSING) from error
    # A submission is large for a message of Dask's: it is not to warn of that, nor to keep the last thousand of them.
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GiB"})
    dask.config.set({"distributed.admin.low-level-log-length": 0})
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", module="distributed")


def _client(address: str) -> Any:
    """A client of Dask's. TLS, and how patient it is, stands in Dask's own configuration."""
    from distributed import Client
    from distributed.comm import get_address_host_port

    try:
        get_address_host_port(address)
    except (ValueError, NotImplementedError) as error:
        raise ClusterError(messages.CLUSTER_ADDRESS.format(address=printable(address))) from error
    settings = {"set_as_default": False, "name": DISTRIBUTION, "direct_to_workers": False}
    try:
        return Client(address, timeout=CONNECT_SECONDS, **settings)
    except Exception as error:  # whatever Dask says, there is no connection
        why = " ".join(printable(str(error)).split()) or type(error).__name__
        raise ClusterError(messages.CLUSTER_UNREACHABLE.format(address=printable(address), why=why)) from error
