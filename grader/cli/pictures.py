"""The commands that show what an engine does: graph, step, train."""

from __future__ import annotations

import dataclasses
import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from grader import messages
from grader.cli.files import check_writable, write
from grader.cli.output import can_move, say
from grader.errors import OutputError, StudyError
from grader.reports import drawing, terminal
from grader.sandbox.confine import choose
from grader.study import expression as expressions
from grader.study import plots
from grader.study.graph import graph
from grader.study.own_code import own_code
from grader.study.pictures import graph_svg
from grader.study.step import Question, forward, questions
from grader.study.training import (
    LEARNING_RATES,
    MAX_HIDDEN,
    OPTIMISERS,
    SIDE,
    TASKS,
    Settings,
    Task,
    Training,
    examples,
    known_losses,
)

DAY = 86_400.0  # seconds that a training may take
BAR = 24  # characters

_expression = click.argument("expression", metavar="EXPR")
_inputs = click.argument("inputs", metavar="[NAME=NUMBER]...", nargs=-1)
_dir = click.option(
    "--dir", "folder", metavar="DIR", type=click.Path(path_type=Path), default=".", help=messages.HELP_DIR
)
_reference = click.option("--reference", is_flag=True, help=messages.HELP_REFERENCE)


@click.command("graph", help=messages.HELP_GRAPH)
@_expression
@_inputs
@_dir
@_reference
@click.option("--svg", "svg_file", metavar="FILE", help=messages.HELP_SVG)
def graph_command(expression: str, inputs: tuple[str, ...], folder: Path, reference: bool, svg_file: str | None) -> int:
    """Print the graph, and write it as a picture."""
    parsed = expressions.parse(expression, inputs)
    check_writable(svg_file)
    with own_code(None if reference else folder, choose().level) as code:
        drawn = graph(parsed, code)
    if svg_file:
        write(svg_file, graph_svg(drawn.nodes))
        if svg_file == "-":
            return 0
    say("\n".join(drawing.tree(drawn.nodes)))
    if drawn.why_no_gradients:
        say(terminal.paragraph(messages.GRAPH_NO_GRADIENTS.format(why=drawn.why_no_gradients)), nl=False)
    if any(not node.is_right for node in drawn.nodes):
        say(terminal.paragraph(messages.GRAPH_WRONG), nl=False)
    if svg_file:
        say(messages.WRITTEN.format(path=svg_file))
    return 0


@click.command("step", help=messages.HELP_STEP)
@_expression
@_inputs
def step_command(expression: str, inputs: tuple[str, ...]) -> int:
    """Ask for every gradient, from the root down."""
    parsed = expressions.parse(expression, inputs)
    asked = questions(parsed)
    say(messages.STEP_FORWARD)
    for name, made, data in forward(parsed):
        say(f"  {name} = {made} = {data:.6g}" if made else f"  {name} = {data:.6g}")
    say("")
    say(terminal.paragraph(messages.STEP_BEGIN.format(root=parsed.root)), nl=False)
    at_once = sum([_predicted(question) for question in asked])
    say("")
    say(messages.STEP_END.format(right=at_once, total=len(asked)))
    return 0


def _predicted(question: Question) -> bool:
    """Ask for one gradient until it is right or has been told; whether the first answer was right."""
    say("")
    for operation, upstream in question.uses:
        say(messages.STEP_USED.format(name=operation.name, made=operation.made, upstream=f"{upstream:.6g}"))
    for attempt in (1, 2):
        if question.is_right(_answer(messages.STEP_ASK.format(name=question.name))):
            say(messages.STEP_RIGHT.format(name=question.name, gradient=f"{question.gradient:.6g}"))
            return attempt == 1
        if attempt == 1:
            say(terminal.paragraph(" ".join([messages.STEP_WRONG, *question.hints])), nl=False)
    say(messages.STEP_TOLD.format(name=question.name, gradient=f"{question.gradient:.6g}"))
    return False


def _answer(prompt: str) -> float:
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
            return expressions.number(line)
        except StudyError:
            say(messages.STEP_NO_NUMBER)


def _sizes(_: click.Context, __: click.Parameter, text: str | None) -> tuple[int, ...] | None:
    """16,16 as numbers."""
    if text is None:
        return None
    try:
        sizes = tuple(int(part) for part in text.split(","))
    except ValueError:
        sizes = (0,)
    if not all(0 < size <= MAX_HIDDEN for size in sizes) or len(sizes) > 8:
        raise click.BadParameter(messages.TRAIN_HIDDEN.format(most=MAX_HIDDEN))
    return sizes


@click.command("train", help=messages.HELP_TRAIN)
@click.argument("dataset", type=click.Choice(list(TASKS)))
@_dir
@_reference
@click.option("--steps", type=click.IntRange(1, 1_000_000), help=messages.HELP_STEPS)
@click.option("--lr", type=click.FloatRange(0, 100, min_open=True), help=messages.HELP_LR)
@click.option("--hidden", metavar="N,N,..", callback=_sizes, help=messages.HELP_HIDDEN)
@click.option("--optimizer", type=click.Choice(list(OPTIMISERS)), help=messages.HELP_OPTIMIZER)
@click.option("--batch-size", type=click.IntRange(1), help=messages.HELP_BATCH_SIZE)
@click.option("--seed", type=int, help=messages.HELP_TRAIN_SEED)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), default="plots", show_default=True, help=messages.HELP_PLOTS
)
@click.option("--format", "form", type=click.Choice(["png", "svg"]), default="png", show_default=True,
              help=messages.HELP_FORMAT)  # fmt: skip
def train_command(
    dataset: str,
    folder: Path,
    reference: bool,
    steps: int | None,
    lr: float | None,
    hidden: tuple[int, ...] | None,
    optimizer: str | None,
    batch_size: int | None,
    seed: int | None,
    out: Path,
    form: str,
) -> int:
    """Train, say how it went, then draw."""
    task = TASKS[dataset]
    settings = _settings(task.settings, steps, lr, hidden, optimizer, batch_size, seed)
    with own_code(None if reference else folder, choose().level, DAY) as code:
        training = Training(task, settings, code)
        say(_what_is_trained(task, settings, training))
        losses = _losses(training, settings.steps)
        for line in _results(task, settings, training, losses):
            say(line)
        plots.check()
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(messages.CANNOT_WRITE.format(path=out, why=error.strerror)) from error
        for name, draw in _pictures(task, training, losses, form):
            path = out / f"{dataset}-{name}.{form}"
            write(path, draw())
            say(messages.WRITTEN.format(path=path))
    return 0


def _settings(
    usual: Settings,
    steps: int | None,
    lr: float | None,
    hidden: tuple[int, ...] | None,
    optimizer: str | None,
    batch_size: int | None,
    seed: int | None,
) -> Settings:
    """The usual settings of a data set, with those that were asked for in their place."""
    optimiser = optimizer or usual.optimiser
    usual_lr = usual.lr if optimiser == usual.optimiser else LEARNING_RATES[optimiser]
    return Settings(
        steps or usual.steps, lr or usual_lr, hidden or usual.hidden, optimiser, batch_size or usual.batch_size, seed
    )


def _what_is_trained(task: Task, settings: Settings, training: Training) -> str:
    part = examples(task)["train"]
    return messages.TRAIN_BEGIN.format(
        dataset=task.name,
        examples=len(part.inputs),
        network=f"MLP({len(part.inputs[0])}, {[*settings.hidden, task.classes or 1]})",
        parameters=training.parameters,
        optimiser=OPTIMISERS[settings.optimiser],
        lr=f"{settings.lr:g}",
        batch=settings.batch_size or messages.TRAIN_ALL,
        steps=settings.steps,
    )


def _losses(training: Training, steps: int) -> list[float]:
    """Train; the losses. A line that moves on a terminal, and ten that stay elsewhere."""
    losses: list[float] = []
    begin = time.monotonic()
    moves = can_move()
    for step in range(1, steps + 1):
        loss = training.step()
        losses.append(loss)
        seconds = (time.monotonic() - begin) / step * (steps - step)
        text = messages.TRAIN_STEP.format(step=step, steps=steps, loss=f"{loss:.6g}", seconds=math.ceil(seconds))
        if moves:
            filled = "█" * (BAR * step // steps)
            say(f"\r{filled:░<{BAR}} {text:<50}", nl=step == steps)
        elif step % max(1, steps // 10) == 0 or step == steps:
            say(text)
        if not math.isfinite(loss):
            if moves:
                say("")
            raise StudyError(messages.TRAIN_DIVERGED.format(step=step))
    return losses


def _results(task: Task, settings: Settings, training: Training, losses: list[float]) -> Iterator[str]:
    yield messages.TRAIN_LOSS.format(first=f"{losses[0]:.6g}", last=f"{losses[-1]:.6g}")
    if task.classes:
        shares = [f"{name} {training.accuracy(part):.3f}" for name, part in examples(task).items()]
        yield messages.TRAIN_ACCURACY.format(shares=", ".join(shares))
    known = known_losses(task)[: settings.steps]
    if known and dataclasses.replace(settings, steps=task.settings.steps) == task.settings:
        off = max(abs(its - right) / right for its, right in zip(losses, known, strict=False))
        yield (messages.TRAIN_AS_KNOWN if off < 1e-9 else messages.TRAIN_NOT_AS_KNOWN).format(off=f"{off:.1g}")


def _pictures(
    task: Task, training: Training, losses: list[float], form: str
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The pictures of a training: the end of the name of each, and what draws it."""
    parts = examples(task)
    yield "data", lambda: plots.data(task.name, parts, form)
    yield "loss", lambda: plots.loss(task.name, losses, form)
    if not task.classes:
        train = parts["train"]
        yield "predictions", lambda: plots.predictions(task.name, train.targets, training.predictions(train), form)
        return

    def boundary() -> bytes:
        xs, ys = plots.around(parts, SIDE)
        return plots.boundary(task.name, parts, xs, ys, list(training.decided(xs, ys)), form)

    yield "boundary", boundary
