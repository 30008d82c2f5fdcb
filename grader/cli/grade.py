"""mg-grade grade PATH: grades one submission."""

from __future__ import annotations

import contextlib
import math
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from grader import messages
from grader.cli.output import say
from grader.errors import OutputError
from grader.hidden_run import Progress
from grader.intake.folder import read_submission
from grader.manifest import kit_manifest
from grader.model import Exercise, Report
from grader.pipeline import DEFAULT_SEED, grade
from grader.reports import json_report, junit, terminal
from grader.sandbox.confine import LEVELS, LIMITS, choose
from grader.sandbox.protocol import printable

SANDBOXES = ("auto", "required", *(level.name for level in LEVELS))


@click.command("grade", help=messages.HELP_GRADE)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-e", "--exercise", "only", multiple=True, metavar="ID", help=messages.HELP_EXERCISE)
@click.option("--json", "json_file", metavar="FILE|-", help=messages.HELP_JSON)
@click.option("--junit", "junit_file", metavar="FILE", help=messages.HELP_JUNIT)
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
    if unsafe_no_sandbox and sandbox not in ("auto", LIMITS.name):
        raise click.UsageError(messages.TWO_SANDBOXES.format(sandbox=sandbox))
    if fail_under is not None and not math.isfinite(fail_under):
        raise click.UsageError(messages.NOT_A_PERCENTAGE)
    for file in (json_file, junit_file):
        _check_writable(file)
    submission = read_submission(path, manifest)
    choice = choose(LIMITS.name if unsafe_no_sandbox else sandbox)
    if choice.warning:
        say(choice.warning, err=True)
    with _progress_line() as progress:
        report = grade(submission, seed, only, progress, choice.level)
    if json_file != "-":  # else standard output is for the JSON alone
        text = terminal.summary(report) if quiet else terminal.render(report)
        say(text, nl=False)
    if json_file:
        _write(json_file, json_report.render(report))
    if junit_file:
        _write(junit_file, junit.render(report))
    return _exit_status(report, fail_under)


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


def _check_writable(file: str | None) -> None:
    """OutputError before anything is graded where the report could not be written afterwards."""
    if file is None or file == "-":
        return
    path = Path(file)
    try:
        mode = path.stat().st_mode if path.exists() else 0
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=printable(file), why=error.strerror)) from error
    if stat.S_ISDIR(mode):
        raise OutputError(messages.CANNOT_WRITE.format(path=printable(file), why=messages.IS_FOLDER))
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        why = messages.NO_FOLDER.format(folder=printable(str(path.parent)))
        raise OutputError(messages.CANNOT_WRITE.format(path=printable(file), why=why))


def _write(file: str, text: str) -> None:
    """Write a whole file or none: what stood there is replaced only once the new text is on disk."""
    if file == "-":
        say(text, nl=False)
        return
    path = Path(file)
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=file, why=error.strerror)) from error
