"""The command mg-grade: the only place that prints or exits."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

import click

from grader import messages
from grader.cli.batch import batch_command
from grader.cli.doctor import doctor_command
from grader.cli.grade import grade_command
from grader.cli.gradebook import export_command, gradebook_command, similar_command
from grader.cli.kit import autograder_zip_command, check_kit_command, init_command, release_command, upgrade_command
from grader.cli.output import say
from grader.cli.pictures import graph_command, step_command, train_command
from grader.cli.study import hint_command, list_command, next_command, reset_command, solution_command
from grader.cli.watch import watch_command
from grader.errors import GraderError, MgGradeError
from grader.manifest import kit_manifest
from grader.sandbox.protocol import printable


class _GradeByDefault(click.Group):
    """`mg-grade PATH ...` is `mg-grade grade PATH ...`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help", "--version"):
            args = ["grade", *args]
        return super().parse_args(ctx, args)


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        say(f"mg-grade {kit_manifest().version}")
        ctx.exit()


@click.group(
    cls=_GradeByDefault,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=messages.HELP_MAIN,
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help=messages.HELP_VERSION
)
def commands() -> None:
    """The group that all commands belong to."""


for _command in (
    grade_command,
    init_command,
    upgrade_command,
    watch_command,
    next_command,
    list_command,
    hint_command,
    reset_command,
    solution_command,
    graph_command,
    step_command,
    train_command,
    batch_command,
    gradebook_command,
    export_command,
    similar_command,
    autograder_zip_command,
    doctor_command,
    check_kit_command,
    release_command,
):
    commands.add_command(_command)


def main() -> None:
    """The entry point: every error is one or two plain lines and an exit status."""
    with contextlib.suppress(OSError):
        while (descriptor := os.open(os.devnull, os.O_RDWR)) < 3:
            pass  # where a standard stream is closed, no pipe to a worker is to have its number
        os.close(descriptor)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)  # so that no worker is left behind
    try:
        Path.cwd()
    except OSError:  # the folder was deleted: nothing in it can be meant, and pytest needs one
        os.chdir("/")
    try:
        status = commands.main(sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except click.ClickException as error:
        say(messages.ERROR.format(text=printable(error.format_message())), err=True)
        sys.exit(2)
    except MgGradeError as error:
        say(messages.ERROR.format(text=error), err=True)
        sys.exit(3 if isinstance(error, GraderError) else 2)
    except (click.Abort, KeyboardInterrupt):
        say(messages.INTERRUPTED, err=True)
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - a fault of ours is a line and a status, not a traceback
        say(messages.INTERNAL.format(why=f"{type(error).__name__}: {error}"), err=True)
        sys.exit(3)
