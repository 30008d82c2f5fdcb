"""mg-grade batch SUBMISSIONS --out DIR: grades a class."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from grader.base import messages
from grader.base.errors import OutputError, PolicyError
from grader.base.whole_files import PART
from grader.classes.adjustments import read_adjustments
from grader.classes.batch import Job, grade_all, processes
from grader.classes.changes import moved_by
from grader.classes.class_report import review_lines
from grader.classes.exports import feedback
from grader.classes.fitting import attempts_that_count
from grader.classes.gradebook import Gradebook
from grader.classes.grades import (
    ATTEMPTS,
    Grade,
    keep_sections,
    keep_settings,
)
from grader.classes.kit_of_class import keep_kit
from grader.classes.outcome import Grading, Outcome
from grader.classes.policy import Policy
from grader.classes.seed import seed_of_class
from grader.cli.dry_run import dry_run_of
from grader.cli.files import alone, write
from grader.cli.grade import SANDBOXES, wanted_sandbox
from grader.cli.members import apart_from_before, keep_names, kept_prefixes, members
from grader.cli.output import say
from grader.cli.policy import policy_option, wanted_policy
from grader.cli.written import PAGE, PAIRS, REPORTS, write_all
from grader.intake.layouts import Entry
from grader.kit import Kit, read_kit
from grader.sandbox.confine import choose
from grader.sandbox.inside.reading.kinds import is_taken

ERRORS = "errors"

# Grades every job, and gives each with its grading as soon as it is done; None where nothing has changed.
Graders = Callable[[list[Job]], Iterator[tuple[Job, Grading | None]]]


@click.command("batch", help=messages.HELP_BATCH)
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help=messages.HELP_OUT)
@click.option("--roster", type=click.Path(path_type=Path), metavar="FILE", help=messages.HELP_ROSTER)
@click.option("--dry-run", is_flag=True, help=messages.HELP_DRY_RUN)
@click.option("--prefix", default="", metavar="TEXT", help=messages.HELP_PREFIX)
@click.option("-j", "--jobs", type=click.IntRange(1, 256), metavar="N", help=messages.HELP_JOBS)
@click.option("--scheduler", metavar="ADDRESS", help=messages.HELP_SCHEDULER)
@click.option("--attempt", type=click.Choice(ATTEMPTS), default="latest", show_default=True, help=messages.HELP_ATTEMPT)
@policy_option
@click.option("--regrade", is_flag=True, help=messages.HELP_REGRADE)
@click.option(
    "--sandbox", type=click.Choice(SANDBOXES), default="required", show_default=True, help=messages.HELP_SANDBOX
)
@click.option("--unsafe-no-sandbox", is_flag=True, help=messages.HELP_UNSAFE)
def batch_command(
    submissions: Path,
    out: Path | None,
    roster: Path | None,
    dry_run: bool,
    prefix: str,
    jobs: int | None,
    scheduler: str | None,
    attempt: str,
    policy_file: Path | None,
    regrade: bool,
    sandbox: str,
    unsafe_no_sandbox: bool,
) -> int:
    """Grade, keep, write; the exit status."""
    if dry_run:
        class_ = members(submissions, prefix, roster, read_kit(), choose().level)
        dry_run_of(_to_grade(class_.entries, attempt, {}), read_kit().manifest)
        return 0
    if out is None:
        raise click.MissingParameter(param_hint="'-o' / '--out'", param_type="option")
    if scheduler and jobs:
        raise click.UsageError(messages.CLUSTER_AND_JOBS)
    wanted = wanted_sandbox(sandbox, unsafe_no_sandbox, "required")
    choice = choose(wanted)
    if choice.warning:
        say(choice.warning, err=True)
    kit = read_kit()
    policy = wanted_policy(policy_file, kit)
    by_hand = read_adjustments(out)
    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        raise click.UsageError(messages.OUT_INSIDE.format(out=out, submissions=submissions))
    with _graders(scheduler, wanted, kit, jobs) as graders:
        class_ = members(submissions, prefix, roster, kit, choice.level, kept_prefixes(out))
        with alone(out), Gradebook(out, is_new=True) as gradebook:
            keep_kit(gradebook, kit, regrade)
            _sweep(out)
            policy = _with_seed(policy, gradebook)
            keep_settings(gradebook, attempt, policy.deadline)
            entries = apart_from_before(gradebook, class_.entries)
            keep_names(gradebook, entries, prefix, out)
            gradebook.keep_students(entry.student for entry in entries)
            known_by = {entry.student.key: entry.feedback for entry in entries if entry.feedback}
            gradebook.keep_setting(feedback.KEPT, {**(gradebook.setting(feedback.KEPT) or {}), **known_by})
            if roster:
                gradebook.keep_missing(class_.missing)
                keep_sections(gradebook, [*(entry.student for entry in entries), *class_.missing])
            gradebook.keep_attempts(Counter(entry.student.key for entry in entries))
            known = {} if regrade else gradebook.fingerprints()
            todo = [
                Job(entry, kit.folder, choice.level.name, policy, known.get((entry.student.key, entry.number)))
                for entry in _to_grade(entries, attempt, attempts_that_count(by_hand, [e.student for e in entries]))
            ]
            try:
                faults = _grade(gradebook, todo, graders, out)
            except BaseException:  # whatever ended it: what has been graded is there to be read
                with contextlib.suppress(OutputError, PolicyError):
                    write_all(gradebook, out)
                raise
            students = {entry.student.key for entry in entries}
            _say_review([grade for grade in write_all(gradebook, out) if grade.student.key in students], out)
    return 3 if faults else 0


def _sweep(out: Path) -> None:
    """Take away what a batch that was killed was just writing: under the names of our own files alone."""
    files, folders = ("grades.csv", PAGE), (REPORTS, PAIRS, ERRORS)
    for pattern in (*(f".{file}.*{PART}" for file in files), *(f"{folder}/.*{PART}" for folder in folders)):
        for left in out.glob(pattern):
            left.unlink(missing_ok=True)


def _with_seed(policy: Policy, gradebook: Gradebook) -> Policy:
    """The policy with the seed of the class, where it has none; a class that has just drawn its seed is told."""
    is_new = gradebook.setting("seed") is None
    seed = seed_of_class(gradebook)
    if policy.seed is not None:
        return policy
    if is_new:
        say(messages.CLASS_SEED.format(seed=seed), err=True)
    return replace(policy, seed=seed)


def _to_grade(entries: list[Entry], attempt: str, by_hand: Mapping[str, int]) -> Iterator[Entry]:
    """The attempts that can count. by_hand: key -> the one that the instructor says."""
    for key, attempts in groupby(entries, key=lambda entry: entry.student.key):
        every = list(attempts)
        some = [entry for entry in every if any(map(is_taken, entry.tree))] or every
        some = {"latest": some[-1:], "first": some[:1]}.get(attempt, some)
        yield from some
        yield from (e for e in every if e.number == by_hand.get(key) and all(e is not other for other in some))


@contextlib.contextmanager
def _graders(scheduler: str | None, wanted: str, kit: Kit, jobs: int | None) -> Iterator[Graders]:
    """What grades a class: processes of this machine, or the workers of a cluster, which have said what they are."""
    if scheduler is None:
        yield lambda todo: grade_all(todo, processes, min(jobs or os.cpu_count() or 1, max(1, len(todo))))
        return
    from grader.classes.cluster import connected  # few have one

    with connected(scheduler, wanted, kit, _tell) as cluster:
        cluster.examine()
        yield cluster.grade_all


def _tell(line: str) -> None:
    """A line on standard error, below the bar where there is one."""
    say(f"\n{line}" if _has_bar() else line, err=True)


def _grade(gradebook: Gradebook, todo: list[Job], graders: Graders, out: Path) -> int:
    """Grade what is to be graded, keep every result at once, and say what became of it; how often the grader failed."""
    counts = {**dict.fromkeys(map(str, Outcome), 0), "unchanged": 0}
    moved: list[str] = []
    failed: list[str] = []
    with _progress(len(todo)) as tick:
        for job, grading in graders(todo):
            if grading is None:
                counts["unchanged"] += 1
            else:
                before = gradebook.previous(grading.student.key, grading.attempt)
                gradebook.add(grading)
                counts[grading.status] += 1
                _keep_tracebacks(out, grading)
                if before and grading.status is Outcome.GRADED:
                    moved += moved_by(before, grading)
                if grading.status is not Outcome.GRADED:
                    failed.append(f"{grading.student.name}: {grading.comment}")
            tick(job.entry.student.name)
    say(messages.BATCH_DONE.format(**counts))
    for line in sorted(moved):
        say(line)
    for line in sorted(failed):
        say(line, err=True)
    return counts[Outcome.ERROR]


def _keep_tracebacks(out: Path, grading: Grading) -> None:
    """What failed in the grader is kept for its maintainer; nothing where all was well."""
    path = out / ERRORS / f"{grading.student.key}.txt"
    if not grading.tracebacks:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(exist_ok=True)
    write(path, "\n".join(grading.tracebacks))


def _has_bar() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


@contextlib.contextmanager
def _progress(length: int) -> Iterator[Any]:
    """A bar with the time to go on a terminal's standard error; nothing anywhere else."""
    if not length or not _has_bar():
        yield lambda name: None
        return
    with click.progressbar(
        length=length, label=messages.PROGRESS, file=sys.stderr, show_pos=True, item_show_func=lambda name: name or ""
    ) as bar:
        yield lambda name: bar.update(1, name[:20])


def _say_review(found: Sequence[Grade], out: Path) -> None:
    """Whose grades of this class need a look before they count, why, and what to do."""
    lines = review_lines(found)
    if lines:
        say(messages.REVIEW.format(number=len(lines), out=shlex.quote(str(out))))
    for line in lines:
        say(line)
