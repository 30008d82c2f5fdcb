"""mg-grade doctor: says how well learner code can be confined on this machine, and how to do better."""

from __future__ import annotations

import platform
import sys

import click

from grader import __version__
from grader.base import messages
from grader.base.text import printable
from grader.cli.output import say
from grader.kit import read_kit
from grader.sandbox.confine import LEVELS, Examination, examine


@click.command("doctor", help=messages.HELP_DOCTOR)
def doctor_command() -> int:
    """Examine every level; 1 where strangers' code could not be graded."""
    manifest = read_kit().manifest
    kit = f"mg-grade {__version__}, kit {manifest.name} {manifest.version}"
    python = f"Python {platform.python_version()} ({printable(sys.executable)})"
    say(f"{kit}, {python}, {platform.system()} {platform.release()} {platform.machine()}")
    found = [examine(level) for level in LEVELS]
    sandboxes = [examined.level.name for examined in found if examined.level.is_sandbox and not examined.why_not]
    for examined in found:
        say(_mark(examined))
        for canary, why_not in examined.canaries.items():
            say(f"      {messages.CANARIES[canary]:<{_WIDTH}}  {why_not or messages.POSSIBLE}")
    if sandboxes:
        say(messages.DOCTOR_USES.format(level=sandboxes[0]))
    else:
        say(messages.DOCTOR_NOTHING if found[-1].why_not else messages.DOCTOR_NONE.format(level=found[-1].level.name))
    if found[0].why_not or not sandboxes:
        say(messages.DOCTOR_FIX.format(fix=found[0].level.fix))
    return 0 if sandboxes else 1


_WIDTH = max(map(len, messages.CANARIES.values()))


def _mark(examined: Examination) -> str:
    if examined.why_not:
        return f"!!  {examined.level.name}: {printable(examined.why_not)}"
    if examined.level.is_sandbox:
        return f"ok  {examined.level.name}"
    return f"--  {messages.ACCIDENTS_ONLY.format(level=examined.level.name)}"
