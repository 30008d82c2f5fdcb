"""mg-grade grade PATH: grades one submission."""

from __future__ import annotations

import contextlib
import gc
import math
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.base import messages
from grader.base.errors import SubmissionError
from grader.base.points import exactly, rounded, shown
from grader.base.report import Report
from grader.base.text import printable
from grader.classes.policy import Deadline, with_lateness
from grader.cli.completion import complete_exercises, complete_files
from grader.cli.files import check_writable, write
from grader.cli.output import say, show_tracebacks
from grader.cli.policy import policy_option, wanted_policy
from grader.intake.submission import read_submission
from grader.kit import Kit, read_kit
from grader.kit.asking import DEFAULT_SEED
from grader.kit.model import Exercise
from grader.kit.naming import exercise_of
from grader.reports.forms import form, written
from grader.reports.forms import terminal as terminal_form
from grader.sandbox.confine import LEVELS, LIMITS, choose, warm_up

if TYPE_CHECKING:
    from grader.grading.hidden_tests import Progress

SANDBOXES = ("auto", "required", *(level.name for level in LEVELS))
# The forms that are written to a file. JSON may go to standard output, in the place of what is printed there.
WRITTEN = written()
TO_STANDARD_OUTPUT = "json"


def _form_options(command: Callable[..., int]) -> Callable[..., int]:
    """An option for each form of a report."""
    for name in reversed(WRITTEN):
        metavar = "FILE|-" if name == TO_STANDARD_OUTPUT else "FILE"
        help_text = messages.HELP_FORMS.get(name, messages.HELP_FORM).format(name=name)
        command = click.option(f"--{name}", metavar=metavar, shell_complete=complete_files, help=help_text)(command)
    return command


@click.command("grade", help=messages.HELP_GRADE)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "-e",
    "--exercise",
    "only",
    multiple=True,
    metavar="ID",
    shell_complete=complete_exercises,
    help=messages.HELP_EXERCISE,
)
@_form_options
@policy_option
@click.option(
    "--submission-metadata", type=click.Path(path_type=Path), metavar="FILE", help=messages.HELP_SUBMISSION_METADATA
)
@click.option("--seed", type=int, help=messages.HELP_SEED.format(seed=DEFAULT_SEED))
@click.option("--fail-under", type=click.FloatRange(0), metavar="PERCENT", help=messages.HELP_FAIL_UNDER)
@click.option("--sandbox", type=click.Choice(SANDBOXES), default="auto", show_default=True, help=messages.HELP_SANDBOX)
@click.option("--unsafe-no-sandbox", is_flag=True, help=messages.HELP_UNSAFE)
@click.option("-q", "--quiet", is_flag=True, help=messages.HELP_QUIET)
def grade_command(
    path: Path,
    only: tuple[str, ...],
    policy_file: Path | None,
    submission_metadata: Path | None,
    seed: int | None,
    fail_under: float | None,
    sandbox: str,
    unsafe_no_sandbox: bool,
    quiet: bool,
    **files: str | None,
) -> int:
    """Grade, print, write; the exit status. files: of each form of the report."""
    kit = read_kit()
    policy = wanted_policy(policy_file, kit)
    policy = policy if seed is None else replace(policy, seed=seed)
    for exercise_id in only:
        exercise_of(kit.manifest, exercise_id)
    wanted = {name: files[name.replace("-", "_")] for name in WRITTEN}
    for name, file in wanted.items():
        if file == "-" and name != TO_STANDARD_OUTPUT:
            raise click.UsageError(messages.FORM_NEEDS_FILE.format(form=name))
    level_name = wanted_sandbox(sandbox, unsafe_no_sandbox, "auto")
    if fail_under is not None and not math.isfinite(fail_under):
        raise click.UsageError(messages.NOT_A_PERCENTAGE)
    for file in wanted.values():
        check_writable(file)
    try:
        # Where anything will do, the best that there is reads what nobody should open, if there is such a thing.
        level = None if level_name == "auto" else choose(level_name).level
        submission = read_submission(path, kit.manifest, level=level, seconds=policy.seconds)
    except SubmissionError as error:
        _write_refusal(wanted["gradescope"], str(error))
        raise
    if level_name != LIMITS.name:
        warm_up()
    gc.disable()  # until the hidden tests are collected: importing pytest makes a lot, and no garbage
    from grader.classes.by_policy import grade_by  # with pytest: meanwhile the process that workers come from starts

    choice = choose(level_name)
    if choice.warning:
        say(choice.warning, err=True)
    with _progress_line(kit) as progress:
        report = grade_by(policy, submission, kit, choice.level, only, progress)
    if policy.deadline is not None and submission_metadata is not None:
        report = with_lateness(report, policy.deadline, _days_late(policy.deadline, submission_metadata))
    show_tracebacks(report.tracebacks)
    if wanted[TO_STANDARD_OUTPUT] != "-":  # else standard output is for the JSON alone
        say(terminal_form.summary(report) if quiet else terminal_form.render(report), nl=False)
    for name, file in wanted.items():
        # Without its file Gradescope shows that grading failed.
        if file and not (name == "gradescope" and report.grader_faults):
            write(file, form(name).render(report))
    return _exit_status(report, fail_under)


def _days_late(deadline: Deadline, metadata: Path) -> int:
    """By how many days Gradescope says that it was late; none where it does not say, and a line that says so."""
    from grader.intake.layouts.gradescope import submitted_at  # with all the platforms

    submitted = submitted_at(metadata)
    if submitted is None:
        say(messages.NO_TIME_OF_SUBMISSION.format(path=printable(str(metadata))), err=True)
        return 0
    return deadline.days_late(submitted)


def _write_refusal(file: str | None, why: str) -> None:
    """Gradescope shows a student why there was nothing to grade."""
    if file:
        from grader.reports.forms import gradescope

        write(file, gradescope.nothing_to_grade(why))


def wanted_sandbox(sandbox: str, unsafe_no_sandbox: bool, default: str) -> str:
    """What to choose by, of the two options; a usage error where they exclude each other."""
    if unsafe_no_sandbox and sandbox not in (default, LIMITS.name):
        raise click.UsageError(messages.TWO_SANDBOXES.format(sandbox=sandbox))
    return LIMITS.name if unsafe_no_sandbox else sandbox


def _exit_status(report: Report, fail_under: float | None) -> int:
    if report.grader_faults:
        return 3
    if fail_under is not None and rounded(report.percent) < exactly(fail_under):  # as it is shown
        say(messages.BELOW.format(percent=shown(report.percent), limit=fail_under), err=True)
        return 1
    return 0


@contextlib.contextmanager
def _progress_line(kit: Kit) -> Iterator[Progress]:
    """A line on a terminal's standard error that says which exercise is being graded, gone at the end."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda exercise: None
        return
    terminal = sys.stderr  # the hidden tests run with sys.stderr put aside
    ids = list(kit.manifest.by_id)

    def show(exercise: Exercise) -> None:
        done = ids.index(exercise.id) + 1
        terminal.write(f"\r{messages.PROGRESS} {done:>2}/{len(ids)} {exercise.id:<20}")
        terminal.flush()

    try:
        yield show
    finally:
        terminal.write("\r" + " " * 40 + "\r")
