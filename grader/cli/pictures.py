"""The commands that show what an engine does: graph and step."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import OutputError, StudyError
from grader.cli.completion import complete_files
from grader.cli.files import check_writable, write
from grader.cli.output import say
from grader.explore import expression as expressions
from grader.explore.graph import graph
from grader.explore.own_code import own_code
from grader.explore.pictures import graph_svg
from grader.explore.step import Question, forward, questions
from grader.kit import HAS_ANSWERS, read_kit
from grader.kit.model import Manifest
from grader.reports import drawing
from grader.reports.forms import terminal
from grader.sandbox.confine import choose

_expression = click.argument("expression", metavar="EXPR")
_inputs = click.argument("inputs", metavar="[NAME=NUMBER]...", nargs=-1)
dir_option = click.option(
    "--dir",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help=messages.HELP_DIR,
)
reference_option = click.option("--reference", is_flag=True, hidden=not HAS_ANSWERS, help=messages.HELP_REFERENCE)


_MINUS = {"ignore_unknown_options": True}  # "-a*b" is an expression


@click.command("graph", help=messages.HELP_GRAPH, context_settings=_MINUS)
@_expression
@_inputs
@dir_option
@reference_option
@click.option("--svg", "svg_file", metavar="FILE", shell_complete=complete_files, help=messages.HELP_SVG)
def graph_command(expression: str, inputs: tuple[str, ...], folder: Path, reference: bool, svg_file: str | None) -> int:
    """Print the graph, and write it as a picture."""
    kit = read_kit()
    parsed = expressions.parse(kit.manifest, expression, inputs)
    if svg_file and Path(svg_file).suffix.lower() not in ("", ".svg"):
        raise OutputError(messages.NOT_SVG.format(path=svg_file))
    check_writable(svg_file)
    with own_code(kit, None if reference else folder, choose().level) as code:
        drawn = graph(parsed, code)
    if svg_file:
        write(svg_file, graph_svg(drawn.nodes))
        if svg_file == "-":
            return 0
    say("\n".join(drawing.tree(drawn.nodes, own=not reference)))
    if drawn.why_no_gradients:
        say(terminal.paragraph(messages.GRAPH_NO_GRADIENTS.format(why=drawn.why_no_gradients)), nl=False)
    if any(not node.is_right for node in drawn.nodes):
        say(terminal.paragraph(messages.GRAPH_WRONG), nl=False)
    if svg_file:
        say(messages.WRITTEN.format(path=svg_file))
    return 0


@click.command("step", help=messages.HELP_STEP, context_settings=_MINUS)
@_expression
@_inputs
def step_command(expression: str, inputs: tuple[str, ...]) -> int:
    """Ask for every gradient, from the root down."""
    kit = read_kit()
    parsed = expressions.parse(kit.manifest, expression, inputs)
    asked = questions(kit, parsed)
    say(messages.STEP_FORWARD)
    for name, made, data in forward(kit, parsed):
        say(f"  {name} = {made} = {data:.6g}" if made else f"  {name} = {data:.6g}")
    say("")
    say(terminal.paragraph(messages.STEP_BEGIN.format(root=parsed.root)), nl=False)
    at_once = sum([_predicted(kit.manifest, question) for question in asked])
    say("")
    say(messages.STEP_END.format(right=at_once, total=len(asked)))
    return 0


def _predicted(manifest: Manifest, question: Question) -> bool:
    """Ask for one gradient until it is right or has been told; whether the first answer was right."""
    say("")
    for operation, upstream in question.uses:
        say(messages.STEP_USED.format(name=operation.name, made=operation.made, upstream=f"{upstream:.6g}"))
    for attempt in (1, 2):
        if question.is_right(_answer(manifest, messages.STEP_ASK.format(name=question.name))):
            say(messages.STEP_RIGHT.format(name=question.name, gradient=f"{question.gradient:.6g}"))
            return attempt == 1
        if attempt == 1:
            say(terminal.paragraph(" ".join([messages.STEP_WRONG, *question.hints])), nl=False)
    gradient = f"{question.gradient:.6g}"
    say(messages.STEP_TOLD.format(name=question.name, calculation=question.calculation, gradient=gradient))
    return False


def _answer(manifest: Manifest, prompt: str) -> float:
    """A number that somebody types; StudyError where nobody does."""
    while True:
        say(prompt, nl=False)
        sys.stdout.flush()
        line = sys.stdin.readline() if sys.stdin else ""
        if not (sys.stdin and sys.stdin.isatty()):
            say(line.rstrip("\n"))
        if not line:
            raise StudyError(messages.STEP_NOBODY)
        if line.strip() in ("q", "quit"):
            raise click.Abort
        try:
            return expressions.number(manifest, line)
        except StudyError:
            say(messages.STEP_NO_NUMBER)
