"""The option --policy: the instructor's policy, for one submission as for a class."""

from __future__ import annotations

from pathlib import Path

import click

from grader.base import messages
from grader.base.text import printable
from grader.classes.policy import Policy, read_policy
from grader.cli.output import say
from grader.kit import Kit

POLICY_FILE = "mg-grade.toml"

policy_option = click.option(
    "--policy", "policy_file", type=click.Path(path_type=Path), metavar="FILE", help=messages.HELP_POLICY
)


def policy_path(file: Path | None) -> Path | None:
    """The file that was named, or else the one of the current folder, where there is one."""
    found = Path(POLICY_FILE)
    return file or (found if found.exists() else None)


def wanted_policy(file: Path | None, kit: Kit) -> Policy:
    """The policy that holds, which is said in a line; the kit's own ways where there is none. PolicyError where it is
    wrong."""
    path = policy_path(file)
    if path is None:
        return Policy()
    policy = read_policy(path, kit.manifest)
    say(messages.POLICY_USED.format(path=printable(str(path))), err=True)
    return policy
