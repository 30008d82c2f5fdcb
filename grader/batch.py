"""Grades many submissions, over any concurrent.futures.Executor, into a gradebook.

A process that dies costs nothing but a retry: what was in its hands is graded again, one at a time, and what ends
three processes is reported as the grader's fault.
"""

from __future__ import annotations

import functools
import hashlib
import json
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from grader import kit_paths, messages
from grader.errors import SubmissionError
from grader.gradebook import Grading
from grader.intake.layouts import Entry
from grader.intake.submission import gather
from grader.intake.tree import Refused
from grader.manifest import kit_manifest
from grader.model import Submission
from grader.pipeline import DEFAULT_SEED, grade
from grader.policy import Policy, applied
from grader.reports import json_report
from grader.sandbox.confine import LEVELS
from grader.sandbox.session import RUN_SECONDS

TRIES = 3  # of a submission that ends the process that grades it
GRADED, REFUSED, ERROR = "graded", "refused", "error"

Prints = tuple[str, str, str]  # of the submission, of the kit, of the settings
MakeExecutor = Callable[[int], Executor]


@dataclass(frozen=True)
class Job:
    """One attempt to grade: known are the fingerprints of the last grading, which is not made again if they hold."""

    entry: Entry
    level: str
    policy: Policy
    known: Prints | None


def grade_all(jobs: Iterable[Job], make_executor: MakeExecutor, workers: int) -> Iterator[tuple[Job, Grading | None]]:
    """Every job with its grading as soon as it is done, in no particular order; None where nothing has changed.

    make_executor(workers) is called again where the one before has broken. Whoever stops listening cancels the rest.
    """
    todo = deque((job, 0) for job in jobs)
    suspects: deque[tuple[Job, int]] = deque()  # were in hand when an executor broke
    executor = make_executor(workers)
    running: dict[Future[Grading | None], tuple[Job, int]] = {}
    try:
        while todo or suspects or running:
            # Few at a time, so that little is in hand when something happens; suspects by themselves.
            is_suspect = any(tries for _, tries in running.values())
            while (todo or suspects) and len(running) < (1 if suspects or is_suspect else 2 * workers):
                job, tries = suspects.popleft() if suspects else todo.popleft()
                is_suspect = tries > 0
                if tries >= TRIES:
                    yield job, _fault(job, messages.BATCH_ENDED_PROCESSES.format(times=tries))
                    continue
                try:
                    running[executor.submit(grade_one, job)] = job, tries
                except (BrokenProcessPool, RuntimeError):
                    todo.appendleft((job, tries + 1))
                    break
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            has_broken = not running
            for future in done:
                job, tries = running.pop(future)
                try:
                    yield job, future.result()
                except BrokenProcessPool:
                    has_broken = True
                    suspects.append((job, tries + 1))
                except Exception as error:  # noqa: BLE001 - a fault of ours is one submission's, and is reported
                    yield job, _fault(job, f"{type(error).__name__}: {error}")
            if has_broken:
                suspects.extend((job, tries + 1) for job, tries in running.values())
                running.clear()
                _stop(executor)
                executor = make_executor(workers)
    finally:
        _stop(executor)


def processes(workers: int) -> Executor:
    """Processes of this machine, that end when this one does."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _stop(executor: Executor) -> None:
    executor.shutdown(wait=False, cancel_futures=True)
    for child in multiprocessing.active_children():
        child.terminate()


def _begin() -> None:
    """What a new process does first: leave Ctrl-C to its parent, and never outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def grade_one(job: Job) -> Grading | None:
    """Grade one attempt, in whatever process this is; None where nothing has changed since it was last graded."""
    entry = job.entry
    try:
        submission = gather(entry.tree, kit_manifest(), entry.student.name, entry.shown)
    except (Refused, SubmissionError) as why:
        return _grading(entry, REFUSED, str(why), ("", kit_print(), settings_print(job.policy)))
    prints = content_print(submission), kit_print(), settings_print(job.policy)
    if prints == job.known:
        return None
    level = next(level for level in LEVELS if level.name == job.level)
    policy = job.policy
    manifest = applied(kit_manifest(), policy)
    seed = DEFAULT_SEED if policy.seed is None else policy.seed
    seconds = RUN_SECONDS if policy.time_budget is None else policy.time_budget
    report = grade(submission, seed, policy.exercises, level=level, manifest=manifest, seconds=seconds)
    faults = report.grader_faults
    comment = next((test.detail for result in faults for test in result.tests if test.status == "error"), "")
    sources = {file.path: file.text for file in (*submission.files, *submission.others)}
    status = ERROR if faults else GRADED
    return _grading(entry, status, comment, prints, json_report.as_data(report), sources)


def _grading(
    entry: Entry,
    status: str,
    comment: str,
    prints: Prints,
    report: dict[str, object] | None = None,
    sources: dict[str, str] | None = None,
) -> Grading:
    content, kit, settings = prints
    return Grading(
        entry.student,
        entry.number,
        entry.shown,
        entry.submitted,
        entry.is_late,
        status,
        comment,
        content,
        kit,
        settings,
        report,
        sources or {},
    )


def _fault(job: Job, why: str) -> Grading:
    return _grading(job.entry, ERROR, why, ("", kit_print(), settings_print(job.policy)))


def content_print(submission: Submission) -> str:
    """The fingerprint of all of a submission that grading depends on."""
    files = [[(f.module, f.path, f.text, f.cells) for f in some] for some in (submission.files, submission.others)]
    return _print([files, submission.packages, submission.refused, submission.warnings])


@functools.cache
def kit_print() -> str:
    """The fingerprint of the kit: the grader with its hidden tests, and what is taught."""
    digest = hashlib.sha256()
    folders = (kit_paths.GRADER, kit_paths.exercises(), kit_paths.solutions(), kit_paths.datasets())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def settings_print(policy: Policy) -> str:
    """The fingerprint of what the policy says of grading. What it says of lateness is applied afterwards."""
    return _print([policy.seed, policy.time_budget, policy.exercises, sorted(policy.points.items())])


def _print(data: object) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=True).encode()).hexdigest()
