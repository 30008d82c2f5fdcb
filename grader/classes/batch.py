"""Grades many submissions, over any concurrent.futures.Executor, into a gradebook.

A process that dies costs nothing but a retry: what was in its hands is graded again, one at a time, and what ends
three processes is reported as the grader's fault.
"""

from __future__ import annotations

import functools
import hashlib
import json
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.base import messages
from grader.base.errors import SubmissionError
from grader.base.model import Submission
from grader.base.report import Report, Verdict
from grader.classes.by_policy import grade_by
from grader.classes.outcome import Grading, Outcome
from grader.classes.policy import Policy
from grader.intake.layouts import Entry
from grader.intake.submission import gather
from grader.intake.tree import Refused, Slice, Tree
from grader.kit import GRADER, Kit, read_kit
from grader.reports.forms import json as json_form
from grader.sandbox.children import Children
from grader.sandbox.confine import LEVELS

TRIES = 3  # of a submission that ends the process that grades it

Prints = tuple[str, str, str]  # of the submission, of the kit, of the settings
MakeExecutor = Callable[[int], Executor]


@dataclass(frozen=True)
class Job:
    """One attempt to grade. kit: the folder of the kit. known: the fingerprints of the last grading, which is not made
    again if they hold."""

    entry: Entry
    kit: Path
    level: str
    policy: Policy
    known: Prints | None


@dataclass
class _Work:
    """What is still to be graded. Suspects were in hand when an executor broke; each has the number of times that this
    has happened to it."""

    todo: deque[Job]
    suspects: deque[tuple[Job, int]] = field(default_factory=deque)
    running: dict[Future[Grading | None], tuple[Job, int]] = field(default_factory=dict)

    @property
    def is_left(self) -> bool:
        return bool(self.todo or self.suspects or self.running)

    def take(self, workers: int) -> tuple[Job, int] | None:
        """The next to begin, None where enough is in hand: little, so that little is lost when something happens, and
        suspects by themselves."""
        is_suspect_in_hand = any(times for _, times in self.running.values())
        if len(self.running) >= (1 if self.suspects or is_suspect_in_hand else 2 * workers):
            return None
        if self.suspects:
            return self.suspects.popleft()
        return (self.todo.popleft(), 0) if self.todo else None

    def give_back(self) -> None:
        """Whatever is in hand is suspect now."""
        self.suspects.extend((job, times + 1) for job, times in self.running.values())
        self.running.clear()


def grade_all(jobs: Iterable[Job], make_executor: MakeExecutor, workers: int) -> Iterator[tuple[Job, Grading | None]]:
    """Every job with its grading as soon as it is done, in no particular order; None where nothing has changed.

    make_executor(workers) is called again where the one before has broken. Whoever stops listening cancels the rest.
    """
    work = _Work(deque(jobs))
    executor = make_executor(workers)
    try:
        while work.is_left:
            has_broken = False
            while not has_broken and (taken := work.take(workers)) is not None:
                job, times = taken
                if times >= TRIES:
                    yield job, _fault(job, messages.BATCH_ENDED_PROCESSES.format(times=times))
                    continue
                try:
                    work.running[executor.submit(grade_one, packed(job))] = taken
                except (BrokenExecutor, RuntimeError):
                    work.suspects.append((job, times + 1))
                    has_broken = True
            done, _ = wait(work.running, return_when=FIRST_COMPLETED)
            for future in done:
                if isinstance(future.exception(), BrokenExecutor):
                    has_broken = True  # and the job stays in hand
                else:
                    job, _ = work.running.pop(future)
                    yield job, _result(job, future)
            if has_broken:
                work.give_back()
                _stop(executor)
                executor = make_executor(workers)
    finally:
        _stop(executor)


def _result(job: Job, future: Future[Grading | None]) -> Grading | None:
    """What came of a job that has ended; a fault of ours is one submission's, and is reported."""
    error = future.exception()
    if error is None:
        return future.result()
    return _fault(job, f"{type(error).__name__}: {error}", ("".join(traceback.format_exception(error)),))


def packed(job: Job) -> Job:
    """The job with the bytes of what was in the archive of a class: another process cannot open that."""
    tree: Tree = dict(job.entry.tree)
    for path, content in tree.items():
        if isinstance(content, Slice):
            tree[path] = content.read(0, content.size)
    return replace(job, entry=replace(job.entry, tree=tree))


def processes(workers: int) -> Executor:
    """Processes of this machine, that end when this one does."""
    return Children(workers)


def _stop(executor: Executor) -> None:
    """End it at once, whatever it is doing."""
    if isinstance(executor, Children):
        executor.end()
    else:
        executor.shutdown(wait=False, cancel_futures=True)


def grade_one(job: Job) -> Grading | None:
    """Grade one attempt, in whatever process this is; None where nothing has changed since it was last graded."""
    entry, policy = job.entry, job.policy
    kit = read_kit(job.kit)
    level = next(level for level in LEVELS if level.name == job.level)
    try:
        who = entry.student.name
        submission = gather(entry.tree, kit.manifest, who, entry.shown, level=level, seconds=policy.seconds)
    except (Refused, SubmissionError) as why:
        return _grading(job, Outcome.REFUSED, str(why), "")
    content = content_print(submission)
    if (content, kit_print(kit), settings_print(policy)) == job.known:
        return None
    report = grade_by(replace(policy, printed=bool(policy.printed)), submission, kit, level)
    errors = [t for result in report.grader_faults for t in result.tests if t.verdict is Verdict.ERROR]
    status = Outcome.ERROR if report.grader_faults else Outcome.GRADED
    sources = {file.path: file.text for file in (*submission.files, *submission.others)}
    comment = errors[0].detail if errors else ""
    return _grading(job, status, comment, content, report, sources, report.tracebacks)


def _grading(
    job: Job,
    status: Outcome,
    comment: str,
    content: str,
    report: Report | None = None,
    sources: dict[str, str] | None = None,
    tracebacks: tuple[str, ...] = (),
) -> Grading:
    entry = job.entry
    return Grading(
        student=entry.student,
        attempt=entry.number,
        shown=entry.shown,
        submitted=entry.submitted,
        is_late=entry.is_late,
        status=status,
        comment=comment,
        content=content,
        kit=kit_print(read_kit(job.kit)),
        settings=settings_print(job.policy),
        document=None if report is None else json_form.compact(report),
        sources=sources or {},
        tracebacks=tracebacks,
    )


def _fault(job: Job, why: str, tracebacks: tuple[str, ...] = ()) -> Grading:
    return _grading(job, Outcome.ERROR, why, "", tracebacks=tracebacks)


def content_print(submission: Submission) -> str:
    """The fingerprint of all of a submission that grading depends on."""
    files = [[(f.module, f.path, f.text, f.cells) for f in some] for some in (submission.files, submission.others)]
    return _print([files, submission.packages, submission.refused, [str(found) for found in submission.notes]])


@functools.cache
def kit_print(kit: Kit) -> str:
    """The fingerprint of the kit: the grader with its hidden tests, and what is taught."""
    digest = hashlib.sha256()
    folders = (GRADER, kit.exercises, kit.solutions, kit.datasets)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def settings_print(policy: Policy) -> str:
    """The fingerprint of what the policy says of grading. What it says of lateness is applied afterwards."""
    points = sorted((exercise, str(worth)) for exercise, worth in policy.points.items())
    return _print([policy.seed, policy.time_budget, policy.exercises, bool(policy.printed), points])


def _print(data: object) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=True).encode()).hexdigest()
