"""mg-grade grade PATH: grades one submission."""

from __future__ import annotations

import contextlib
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from grader import messages
from grader.cli.completion import complete_exercises, complete_files
from grader.cli.files import check_writable, write
from grader.cli.output import say
from grader.errors import SubmissionError
from grader.hidden_run import Progress
from grader.intake.submission import read_submission
from grader.manifest import kit_manifest
from grader.model import Exercise, Report
from grader.pipeline import DEFAULT_SEED, grade
from grader.reports import gradescope, json_report, junit, terminal
from grader.sandbox.confine import LEVELS, LIMITS, choose

SANDBOXES = ("auto", "required", *(level.name for level in LEVELS))


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
@click.option("--json", "json_file", metavar="FILE|-", shell_complete=complete_files, help=messages.HELP_JSON)
@click.option("--junit", "junit_file", metavar="FILE", shell_complete=complete_files, help=messages.HELP_JUNIT)
@click.option("--gradescope", "gradescope_file", metavar="FILE", help=messages.HELP_GRADESCOPE)
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help=messages.HELP_SEED)
@click.option("--fail-under", type=click.FloatRange(0), metavar="PERCENT", help=messages.HELP_FAIL_UNDER)
@click.option("--sandbox", type=click.Choice(SANDBOXES), default="auto", show_default=True, help=messages.HELP_SANDBOX)
@click.option("--unsafe-no-sandbox", is_flag=True, help=messages.HELP_UNSAFE)
@click.option("-q", "--quiet", is_flag=True, help=messages.HELP_QUIET)
def grade_command(
    path: Path,
    only: tuple[str, ...],
    json_file: str | None,
    junit_file: str | None,
    gradescope_file: str | None,
    seed: int,
    fail_under: float | None,
    sandbox: str,
    unsafe_no_sandbox: bool,
    quiet: bool,
) -> int:
    """Grade, print, write; the exit status."""
    manifest = kit_manifest()
    for exercise_id in only:
        if exercise_id not in manifest.by_id:
            raise click.UsageError(messages.UNKNOWN_EXERCISE.format(id=exercise_id, ids=", ".join(manifest.by_id)))
    if junit_file == "-":
        raise click.UsageError(messages.JUNIT_NEEDS_FILE)
    wanted = wanted_sandbox(sandbox, unsafe_no_sandbox, "auto")
    if fail_under is not None and not math.isfinite(fail_under):
        raise click.UsageError(messages.NOT_A_PERCENTAGE)
    for file in (json_file, junit_file, gradescope_file):
        check_writable(file)
    try:
        submission = read_submission(path, manifest)
    except SubmissionError as error:
        if gradescope_file:
            write(gradescope_file, gradescope.nothing_to_grade(str(error)))
        raise
    choice = choose(wanted)
    if choice.warning:
        say(choice.warning, err=True)
    with _progress_line() as progress:
        report = grade(submission, seed, only, progress, choice.level)
    if json_file != "-":  # else standard output is for the JSON alone
        text = terminal.summary(report) if quiet else terminal.render(report)
        say(text, nl=False)
    data = json_report.as_data(report)
    if json_file:
        write(json_file, json_report.as_text(data))
    if junit_file:
        write(junit_file, junit.render(data))
    if gradescope_file and not report.grader_faults:  # without the file Gradescope shows that grading failed
        write(gradescope_file, gradescope.render(data))
    return _exit_status(report, fail_under)


def wanted_sandbox(sandbox: str, unsafe_no_sandbox: bool, default: str) -> str:
    """What to choose by, of the two options; a usage error where they exclude each other."""
    if unsafe_no_sandbox and sandbox not in (default, LIMITS.name):
        raise click.UsageError(messages.TWO_SANDBOXES.format(sandbox=sandbox))
    return LIMITS.name if unsafe_no_sandbox else sandbox


def _exit_status(report: Report, fail_under: float | None) -> int:
    if report.grader_faults:
        return 3
    if fail_under is not None and report.percent < fail_under:
        say(messages.BELOW.format(percent=report.percent, limit=fail_under), err=True)
        return 1
    return 0


@contextlib.contextmanager
def _progress_line() -> Iterator[Progress]:
    """A line on a terminal's standard error that says which exercise is being graded, gone at the end."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda exercise: None
        return
    terminal = sys.stderr  # the hidden tests run with sys.stderr put aside
    exercises = kit_manifest().exercises

    def show(exercise: Exercise) -> None:
        done = exercises.index(exercise) + 1
        terminal.write(f"\r{messages.PROGRESS} {done:>2}/{len(exercises)} {exercise.id:<20}")
        terminal.flush()

    try:
        yield show
    finally:
        terminal.write("\r" + " " * 40 + "\r")
