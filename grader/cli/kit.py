"""The commands of whoever keeps the kit or hands it out: check-kit, release, autograder-zip."""

from __future__ import annotations

import itertools
from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import OutputError
from grader.book import runs
from grader.book.faults import faults
from grader.classes.seed import drawn_seed
from grader.cli.completion import complete_exercises
from grader.cli.files import check_writable, write
from grader.cli.output import say
from grader.cli.policy import policy_option, policy_path, wanted_policy
from grader.kit import read_kit
from grader.kit.naming import exercise_of
from grader.sandbox.confine import LIMITS
from grader.upkeep import autograder_zip, release
from grader.upkeep.kit_check import check_kit


@click.command("check-kit", help=messages.HELP_CHECK_KIT)
@click.option("-q", "--quiet", is_flag=True, help=messages.HELP_CHECK_KIT_QUIET)
@click.option(
    "-e",
    "--exercise",
    "only",
    multiple=True,
    metavar="ID",
    shell_complete=complete_exercises,
    help=messages.HELP_CHECK_KIT_EXERCISE,
)
def check_kit_command(quiet: bool, only: tuple[str, ...]) -> int:
    """Print every proof; 1 if one fails."""
    kit = read_kit()
    proofs = check_kit(kit, only)
    first = next(proofs)
    if not first.against:  # else that may be why an exercise is not known
        for exercise_id in only:
            exercise_of(kit.manifest, exercise_id)
    status = 0
    for proof in itertools.chain([first], proofs):
        if quiet and proof.is_detail and not proof.against:
            continue
        say(f"{'!!' if proof.against else 'ok'}  {proof.what}")
        for text in proof.against:
            say(f"      {text}")
            status = 1
    return status


@click.command("autograder-zip", help=messages.HELP_AUTOGRADER_ZIP)
@click.argument("file", type=click.Path(path_type=Path), default="autograder.zip")
@policy_option
@click.option("--seed", type=int, help=messages.HELP_ZIP_SEED)
@click.option("--unsafe-no-sandbox", is_flag=True, help=messages.HELP_ZIP_UNSAFE)
def autograder_zip_command(file: Path, policy_file: Path | None, seed: int | None, unsafe_no_sandbox: bool) -> int:
    """Write the archive."""
    kit = read_kit()
    check_writable(str(file))
    of_policy = wanted_policy(policy_file, kit).seed
    if seed is None and of_policy is None:
        seed = autograder_zip.kept_seed(file)
        seed = drawn_seed() if seed is None else seed
    path = policy_path(policy_file)
    policy = None if path is None else path.read_bytes()
    write(file, autograder_zip.archive(kit, LIMITS.name if unsafe_no_sandbox else "required", seed, policy))
    say(messages.ZIP_DONE.format(path=file))
    say(messages.ZIP_SEED.format(seed=of_policy if seed is None else seed))
    return 0


@click.command("release", help=messages.HELP_RELEASE)
@click.option("--check", is_flag=True, help=messages.HELP_RELEASE_CHECK)
@click.option("--force", is_flag=True, help=messages.HELP_RELEASE_FORCE)
@click.option("--runs", "again", is_flag=True, help=messages.HELP_RELEASE_RUNS)
def release_command(check: bool, force: bool, again: bool) -> int:
    """Make exercises/ from solutions/; 1 if --check finds a difference."""
    kit = read_kit()
    if not kit.is_checkout:
        raise OutputError(messages.RELEASE_NEEDS_CHECKOUT)
    if check and again:
        raise click.UsageError(messages.CHECK_OR_RUNS)
    folder = kit.exercises
    filled_in = release.filled_in(kit, folder)
    if filled_in and not (check or force):
        raise OutputError(messages.RELEASE_REFUSED.format(files=", ".join(filled_in), folder=folder))
    for name in runs.RUNS if again else ():
        say(str(runs.record(kit, name).relative_to(kit.folder)))
    stale = release.stale_stubs(kit, folder)
    if not check:
        release.write_stubs(kit, folder)
    said = [f"exercises/{file}" for file in stale] + (list(faults(kit)) if check else [])
    for line in said:
        say(line)
    return 1 if check and said else 0
