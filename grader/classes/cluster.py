"""Grades many submissions on the workers of a Dask cluster, over its scheduler.

A task is the bytes of one submission, its result the bytes of an answer (at_worker.py, answers.py). Dask carries them,
knows which workers there are, and brings new ones in the place of those that end. Which worker gets what is decided
here: a worker gets nothing before it has said what it is, and what was in the hands of one that ended is graded alone
on another, so that what ends three workers is known, and costs nobody else anything.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import time
from collections import deque
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from grader.base import messages
from grader.base.errors import ClusterError, ClusterLostError
from grader.base.text import printable
from grader.classes.answers import Nonsense, taken
from grader.classes.at_worker import examined, graded
from grader.classes.batch import TRIES, Job, fault
from grader.classes.dask_client import Connection, connection
from grader.classes.outcome import Grading
from grader.classes.worker_versions import (
    differs,
    examination,
    installed_otherwise,
    known_here,
)
from grader.intake.opening import carried
from grader.kit import Kit
from grader.sandbox.confine import LEVELS, LIMITS

FIRST_SECONDS = 60.0  # for the first workers to come, and for each to say what it is
ALL_GONE_SECONDS = 60.0  # for the next worker to come where none is left
SILENT_SECONDS = 60.0  # without an answer, beside four times what a submission may take
LOOK_SECONDS = 1.0  # how often it is looked which workers there are
MOST_LIES = 10  # until a worker gets nothing more
AHEAD = 2  # how many a worker has in hand: the one that it grades, and the next
MOST_NAMED = 8  # workers in one line

Result = tuple[Job, Grading | None]


@dataclass
class _Worker:
    """A worker that grades. level: at which it does. in_hand: how many submissions it has. is_apart: whether that is
    one which gets a worker to itself. lies: how often it answered what none does. heard: when it answered last, or had
    nothing to answer."""

    level: str
    in_hand: int = 0
    is_apart: bool = False
    lies: int = 0
    heard: float = 0.0


@dataclass(frozen=True)
class _Hand:
    """A submission in the hands of a worker. times: how many workers have ended with it before."""

    job: Job
    times: int
    address: str


@contextlib.contextmanager
def connected(address: str, wanted: str, kit: Kit, tell: Callable[[str], None]) -> Iterator[Cluster]:
    """The cluster of a scheduler; in the end whatever is still in hand there is taken back.

    wanted: how the workers are to confine, as choose() takes it. tell: what to do with a line that the instructor
    should read. ClusterError where there is no such scheduler.
    """
    with connection(address) as there:
        cluster = Cluster(there, wanted, kit, tell)
        try:
            yield cluster
        finally:
            there.end(cluster.take_back)


class Cluster:
    """The workers of a scheduler, and what they have in hand."""

    def __init__(self, there: Connection, wanted: str, kit: Kit, tell: Callable[[str], None]) -> None:
        """The rest as in connected()."""
        self._there = there
        self._wanted = wanted
        self._kit = kit
        self._tell = tell
        self._workers: dict[str, _Worker] = {}
        self._useless: set[str] = set()  # addresses of those that get nothing
        self._examinations: dict[asyncio.Task[object], tuple[str, float]] = {}  # of whom, and since when
        self._hands: dict[asyncio.Task[object], _Hand] = {}
        self._todo: deque[tuple[Job, int]] = deque()
        self._suspects: deque[tuple[Job, int]] = deque()  # were in the hands of a worker that ended
        self._given_up: list[Result] = []  # were in the hands of too many
        self._refused: dict[str, list[str]] = {}  # why -> addresses, until they have been named
        self._looked = self._seen = -float("inf")  # when it was looked last, and when a worker was there last
        self._patience = SILENT_SECONDS
        self._is_at_work = False
        self._news = asyncio.Event()
        self._done: list[asyncio.Task[object]] = []  # has come since it was looked last

    @property
    def size(self) -> int:
        """How many workers can grade, as far as is known."""
        return len(self._workers)

    def examine(self) -> None:
        """See what every worker is that there is, and name those that get nothing. ClusterError where none is left,
        also not after a while."""
        self._there.run(self._check_scheduler)
        self._there.run(self._examine_first)
        self._name_refused()
        if not self._workers:
            raise ClusterError(messages.CLUSTER_NO_WORKERS.format(address=self._there.address))
        shown = messages.CLUSTER_ON_ONE if self.size == 1 else messages.CLUSTER_ON_MANY.format(number=self.size)
        said = {"workers": shown, "address": self._there.address, "dashboard": self._there.dashboard}
        self._tell(messages.CLUSTER_ON.format(**said))

    def grade_all(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Every job with its grading as soon as it is done, in no particular order; None where nothing has changed.

        ClusterLostError where the scheduler is lost, or all workers are.
        """
        self._todo = deque((job, 0) for job in jobs)
        self._patience = SILENT_SECONDS + 4 * max((job.policy.seconds for job, _ in self._todo), default=0.0)
        self._is_at_work = True
        while self._todo or self._suspects or self._hands or self._given_up:
            yield from self._there.run(self._step)
            self._name_refused()

    async def _check_scheduler(self) -> None:
        """It makes tasks out of what is sent, so it must know what they are."""
        theirs = (await self._there.versions()).get("scheduler", known_here())
        if theirs[0] != known_here()[0]:
            raise ClusterError(messages.CLUSTER_SCHEDULER_OTHER.format(why=installed_otherwise(theirs)))

    async def _examine_first(self) -> None:
        end = time.monotonic() + FIRST_SECONDS
        is_told = False
        while self._examinations or (not self._workers and time.monotonic() < end):
            await self._look()
            if not self._examinations and not self._workers and not is_told:
                if self._useless:  # they will not become others
                    return
                is_told = True
                self._tell(messages.CLUSTER_WAITS.format(address=self._there.address, seconds=round(FIRST_SECONDS)))
            await self._wait(0.2)

    async def _step(self) -> list[Result]:
        """Hand out what can be handed out, and wait a moment; what has come of it."""
        await self._look()
        self._deal()
        results = await self._wait(LOOK_SECONDS)
        given_up, self._given_up = self._given_up, []
        return results + given_up

    async def _look(self) -> None:
        """See which workers there are: what the gone ones had in hand is taken back, new ones are examined."""
        if time.monotonic() < self._looked + LOOK_SECONDS:
            return
        there = await self._there.workers()
        self._looked = time.monotonic()
        for address in self._workers.keys() - there:
            self._remove(address, messages.CLUSTER_WORKER_GONE)
        self._useless &= there
        self._give_up_on_silent(there)
        examined_now = {address for address, _ in self._examinations.values()}
        if new := there - self._workers.keys() - self._useless - examined_now:
            await self._begin_to_examine(new)
        if self._workers or self._examinations:
            self._seen = self._looked
        elif self._is_at_work and self._looked > self._seen + ALL_GONE_SECONDS:
            seconds = round(ALL_GONE_SECONDS)
            raise ClusterLostError(messages.CLUSTER_ALL_GONE.format(address=self._there.address, seconds=seconds))

    async def _begin_to_examine(self, addresses: Collection[str]) -> None:
        """Ask workers what they are. One without this very mg-grade could not even read the question, and would end
        of it: what Dask itself knows of it comes first."""
        versions = await self._there.versions()
        for address in addresses:
            if (theirs := versions.get(address, known_here())) == known_here():
                task = self._begin(self._there.ask(examined, self._wanted, address))
                self._examinations[task] = address, time.monotonic()
            else:
                self._refuse(address, installed_otherwise(theirs))

    def _give_up_on_silent(self, there: Collection[str]) -> None:
        """A worker that is there and does not answer is taken for one that has ended."""
        now = time.monotonic()
        for task, (address, since) in [*self._examinations.items()]:
            if address not in there or now > since + FIRST_SECONDS:
                task.cancel()
                del self._examinations[task]
            if address in there and now > since + FIRST_SECONDS:
                self._refuse(address, messages.CLUSTER_SAYS_NOTHING.format(seconds=round(FIRST_SECONDS)))
        for address, worker in [*self._workers.items()]:
            if worker.in_hand and now > worker.heard + self._patience:
                self._useless.add(address)
                self._remove(address, messages.CLUSTER_WORKER_SILENT, seconds=round(self._patience))

    def _refuse(self, address: str, why: str) -> None:
        """A worker gets nothing, which is said later."""
        self._useless.add(address)
        self._refused.setdefault(why, []).append(printable(address))

    def _remove(self, address: str, why: str, **data: object) -> None:
        """A worker gets nothing more, and what it had in hand is suspect."""
        del self._workers[address]
        self._tell(why.format(worker=printable(address), **data))
        for task in [task for task, hand in self._hands.items() if hand.address == address]:
            task.cancel()
            self._suspect(self._hands.pop(task))

    def _suspect(self, hand: _Hand) -> None:
        """It may have ended its worker, or may end all: it is graded again, but not for ever."""
        times = hand.times + 1
        if times < TRIES:
            self._suspects.append((hand.job, times))
        else:
            self._given_up.append((hand.job, fault(hand.job, messages.CLUSTER_ENDED_WORKERS.format(times=times))))

    def _deal(self) -> None:
        """Hand out the next ones: suspects to workers with nothing else, and as long as more is left than there are
        workers, each has the next one with it. Whoever is to get a suspect is left to come to an end."""
        by_load = sorted(self._workers.items(), key=lambda item: item[1].in_hand)
        kept_free = len(self._suspects)
        for address, worker in by_load:
            if worker.is_apart:
                continue
            if kept_free:
                kept_free -= 1
                if not worker.in_hand:
                    worker.is_apart = True
                    self._hand_over(*self._suspects.popleft(), address)
                continue
            while self._todo and worker.in_hand < (AHEAD if len(self._todo) > self.size else 1):
                self._hand_over(*self._todo.popleft(), address)

    def _hand_over(self, job: Job, times: int, address: str) -> None:
        worker = self._workers[address]
        worker.heard = worker.heard if worker.in_hand else time.monotonic()
        worker.in_hand += 1
        task = self._begin(self._there.ask(graded, _packed(job, worker.level, self._kit), address))
        self._hands[task] = _Hand(job, times, address)

    async def _wait(self, seconds: float) -> list[Result]:
        """Wait until something has come; the results among it."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds if self._hands or self._examinations else 0.2)
        self._there.check()
        self._news.clear()
        done, self._done = self._done, []
        for task in done:
            if task in self._examinations:
                self._admit(task, self._examinations.pop(task)[0])
        results = [self._result(task, self._hands.pop(task)) for task in done if task in self._hands]
        return [result for result in results if result is not None]

    def _begin(self, question: Coroutine[Any, Any, object]) -> asyncio.Task[object]:
        """Ask a worker something; _wait() sees the answer."""
        task = asyncio.create_task(question)
        task.add_done_callback(self._has_come)
        return task

    def _has_come(self, task: asyncio.Task[object]) -> None:
        if not task.cancelled():
            task.exception()  # Python would speak of it where nobody asks, as its worker is gone
        self._done.append(task)
        self._news.set()

    def _result(self, task: asyncio.Task[object], hand: _Hand) -> Result | None:
        """What has come of a submission; None where that is nothing."""
        worker = self._workers[hand.address]
        worker.in_hand -= 1
        worker.is_apart = False
        worker.heard = time.monotonic()
        job = replace(hand.job, level=worker.level)
        result: Result | None = None
        try:
            return job, taken(task.result(), job, self._kit)
        except Nonsense as error:
            why = messages.CLUSTER_NONSENSE.format(worker=printable(hand.address), what=error)
            result = job, fault(job, why)
        except (Exception, asyncio.CancelledError):  # noqa: BLE001 - of Dask's: it has ended, or cannot be understood
            self._suspect(hand)
        worker.lies += 1
        if worker.lies == MOST_LIES:
            self._useless.add(hand.address)
            self._remove(hand.address, messages.CLUSTER_WORKER_LIES, times=worker.lies)
        return result

    def _admit(self, task: asyncio.Task[object], address: str) -> None:
        """A worker has said what it is: it grades from now on, or gets nothing."""
        try:
            found = examination(task.result())
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - whatever it is, it has not said that
            self._refuse(address, messages.CLUSTER_SAYS_ELSE.format(why=printable(str(error)[:200])))
            return
        level = next((level for level in LEVELS if level.name == found["level"]), None)
        if other := differs(found, self._kit):
            self._refuse(address, other)
        elif level is None or not (level.is_sandbox or self._wanted in (LIMITS.name, "auto")):
            self._refuse(address, found["why"])  # which has two lines
        else:
            self._workers[address] = _Worker(level.name)
            if self._is_at_work:
                self._tell(messages.CLUSTER_WORKER_JOINS.format(worker=printable(address)))

    def _name_refused(self) -> None:
        """Say which workers get nothing, and why."""
        for why, addresses in self._refused.items():
            workers = ", ".join(sorted(addresses)[:MOST_NAMED])
            if more := len(addresses[MOST_NAMED:]):
                workers = messages.CLUSTER_AND_MORE.format(workers=workers, number=more)
            self._tell(messages.CLUSTER_NOTHING.format(workers=workers, why=why))
        self._refused.clear()

    async def take_back(self) -> None:
        """Let go of whatever the workers have in hand."""
        tasks = [*self._hands, *self._examinations]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _packed(job: Job, level: str, kit: Kit) -> bytes:
    """A job with all that it needs of this machine, for a worker that grades at a level."""
    tree = carried(job.entry.tree, kit.manifest.files)
    return pickle.dumps(replace(job, entry=replace(job.entry, tree=tree), level=level))
