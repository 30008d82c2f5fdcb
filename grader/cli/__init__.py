"""The command mg-grade: the only place that prints or exits."""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader import __version__
from grader.base import messages
from grader.base.errors import NO_ROOM, GraderError, MgGradeError, StudyError
from grader.base.text import printable
from grader.cli.completion import complete_files
from grader.cli.output import DEBUG, say, show_tracebacks
from grader.kit import HAS_ANSWERS, graded_at, no_answers

if TYPE_CHECKING:  # else only a shell that completes needs it
    from click.shell_completion import CompletionItem

# The commands as the help shows them: for whom, the name of each, and the module of this package that it is in. It is
# imported when one of its commands is called: a grade need not wait for what only classes or pictures use.
WHOLE = {
    messages.SECTION_LEARN: {
        "grade": "grade",
        "init": "exercises",
        "watch": "watch",
        "next": "study",
        "list": "study",
        "hint": "exercises",
        "read": "book",
        "book": "book",
        "reset": "study",
        "solution": "study",
        "graph": "pictures",
        "step": "pictures",
        "train": "train",
        "upgrade": "exercises",
    },
    messages.SECTION_TEACH: {
        "batch": "batch",
        "gradebook": "gradebook",
        "export": "export",
        "similar": "gradebook",
        "autograder-zip": "kit",
        "handout": "handout",
        "site": "site",
    },
    messages.SECTION_KIT: {"doctor": "doctor", "check-kit": "kit", "release": "kit"},
}
# What the edition of a handout can do without answers. All the others say there where work is graded.
HANDOUT = {
    messages.SECTION_LEARN: {
        "init": "exercises",
        "next": "ungraded",
        "list": "ungraded",
        "hint": "exercises",
        "read": "book",
        "book": "book",
        "reset": "ungraded",
        "graph": "pictures",
        "step": "pictures",
        "train": "train",
        "upgrade": "exercises",
    },
    messages.SECTION_KIT: {"doctor": "doctor"},
}
SECTIONS = WHOLE if HAS_ANSWERS else HANDOUT
MODULES = {name: module for section in SECTIONS.values() for name, module in section.items()}
NAMES = tuple(name for section in WHOLE.values() for name in section)
COMPLETES = "_MG_GRADE_COMPLETE"  # the variable by which a shell asks what to complete


class _Commands(click.Group):
    """`mg-grade PATH ...` is `mg-grade grade PATH ...`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in NAMES and args[0] not in ("-h", "--help", "--version"):
            import difflib  # for whoever mistypes

            near = difflib.get_close_matches(args[0], NAMES, 1)
            if near and not os.path.lexists(args[0]):
                raise click.UsageError(messages.NO_SUCH_COMMAND.format(name=args[0], near=near[0]))
            args = ["grade", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, _: click.Context) -> list[str]:
        return list(MODULES)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = formatter.width - max(map(len, MODULES)) - 6
        for heading, names in SECTIONS.items():
            with formatter.section(heading):
                found = ((name, self.get_command(ctx, name)) for name in names)
                formatter.write_dl([(name, command.get_short_help_str(width)) for name, command in found if command])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return [*super().shell_complete(ctx, incomplete), *complete_files(ctx, self.params[0], incomplete)]

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return _refusal(cmd_name) if cmd_name in NAMES else None
        module = importlib.import_module(f"grader.cli.{MODULES[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command


def _refusal(name: str) -> click.Command:
    """In the place of a command that an edition without answers has not, whatever it is asked."""

    def refuse() -> int:
        raise StudyError(no_answers(messages.COMMAND.format(name=name)))

    settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(name, settings, refuse, add_help_option=False)


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        say(f"mg-grade {__version__}" if HAS_ANSWERS else f"mg-grade {__version__}, {messages.WITHOUT_ANSWERS}")
        ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=messages.HELP_MAIN if HAS_ANSWERS else messages.HELP_MAIN_HANDOUT.format(where=graded_at()),
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help=messages.HELP_VERSION
)
def commands() -> None:
    """The group that all commands belong to."""


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
    if COMPLETES in os.environ:
        from click.shell_completion import add_completion_class

        from grader.cli.bash import Bash

        add_completion_class(Bash)
    try:
        status = commands.main(sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except click.ClickException as error:
        say(messages.ERROR.format(text=printable(" ".join(error.format_message().split()))), err=True)
        sys.exit(2)
    except MgGradeError as error:
        say(messages.ERROR.format(text=error), err=True)
        if isinstance(error, GraderError):
            show_tracebacks([traceback.format_exc()])
        sys.exit(3 if isinstance(error, GraderError) else 2)
    except (click.Abort, KeyboardInterrupt):
        say(messages.INTERRUPTED, err=True)
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - a fault of ours is a line and a status; the traceback is for whoever asks
        if isinstance(error, OSError) and error.errno in {*NO_ROOM, errno.EROFS}:
            path = printable(str(error.filename or messages.A_FILE))
            say(messages.ERROR.format(text=messages.CANNOT_WRITE.format(path=path, why=error.strerror)), err=True)
            sys.exit(2)
        say(messages.INTERNAL.format(why=f"{type(error).__name__}: {error}", variable=DEBUG), err=True)
        show_tracebacks([traceback.format_exc()])
        sys.exit(3)
