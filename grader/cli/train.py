"""mg-grade train: trains a network on a data set, and draws what came of it."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from grader.base import messages
from grader.base.errors import OutputError, StudyError
from grader.cli.files import write
from grader.cli.output import BAR, can_move, say
from grader.cli.pictures import dir_option, reference_option
from grader.cli.stopping import stoppable
from grader.explore import plots
from grader.explore.own_code import own_code
from grader.explore.training import (
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
from grader.kit import HAS_ANSWERS, Kit, read_kit
from grader.sandbox.confine import choose

DAY = 86_400.0  # seconds that a training may take


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


def _finite(_: click.Context, __: click.Parameter, number: float | None) -> float | None:
    """A number, and not nan."""
    if number is not None and not math.isfinite(number):
        raise click.BadParameter(messages.TRAIN_NO_RATE)
    return number


@click.command("train", help=messages.HELP_TRAIN)
@click.argument("dataset", type=click.Choice(list(TASKS)))
@dir_option
@reference_option
@click.option("--steps", type=click.IntRange(1, 1_000_000), help=messages.HELP_STEPS)
@click.option("--lr", type=click.FloatRange(0, 100, min_open=True), callback=_finite, help=messages.HELP_LR)
@click.option("--hidden", metavar="N,N,..", callback=_sizes, help=messages.HELP_HIDDEN)
@click.option("--optimizer", "optimiser", type=click.Choice(list(OPTIMISERS)), help=messages.HELP_OPTIMIZER)
@click.option("--batch-size", type=click.IntRange(1), help=messages.HELP_BATCH_SIZE)
@click.option("--seed", type=int, help=messages.HELP_TRAIN_SEED)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), default="plots", show_default=True, help=messages.HELP_PLOTS
)
@click.option(
    "--format", "form", type=click.Choice(["png", "svg"]), default="png", show_default=True, help=messages.HELP_FORMAT
)
def train_command(dataset: str, folder: Path, reference: bool, out: Path, form: str, **chosen: Any) -> int:
    """Train, say how it went, then draw. chosen: the settings by name, None where the usual ones are to be taken."""
    task = TASKS[dataset]
    wanted = {name: value for name, value in chosen.items() if value is not None}
    if wanted.get("optimiser", task.settings.optimiser) != task.settings.optimiser:
        wanted.setdefault("lr", LEARNING_RATES[wanted["optimiser"]])
    settings = dataclasses.replace(task.settings, **wanted)
    kit = read_kit()
    draws = plots.are_possible()
    if draws:
        _make(out)
    else:
        say(messages.PLOT_MISSING, err=True)
    with own_code(kit, None if reference else folder, choose().level, DAY) as code:
        training = Training(kit, task, settings, code)
        say(_what_is_trained(kit, task, settings, training))
        with stoppable() as is_stopped:
            losses = _losses(training, settings.steps, is_stopped)
        for line in _results(kit, task, settings, training, losses):
            say(line)
        for name, draw in _pictures(kit, task, settings, training, losses, form) if draws else ():
            path = out / f"{dataset}-{name}.{form}"
            write(path, draw())
            say(messages.WRITTEN.format(path=path))
    return 0


def _make(out: Path) -> None:
    """The folder for the pictures; OutputError before anything is trained where they could not be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=out, why=error.strerror)) from error
    if not os.access(out, os.W_OK):
        raise OutputError(messages.CANNOT_WRITE.format(path=out, why=messages.NO_FOLDER.format(folder=out)))


def _what_is_trained(kit: Kit, task: Task, settings: Settings, training: Training) -> str:
    part = examples(kit, task)["train"]
    return messages.TRAIN_BEGIN.format(
        dataset=task.name,
        examples=len(part.inputs),
        network=f"MLP({len(part.inputs[0])}, {[*settings.hidden, task.classes or 1]})",
        parameters=training.parameters,
        optimiser=OPTIMISERS[settings.optimiser],
        lr=f"{settings.lr:g}",
        batch=min(settings.batch_size, len(part.inputs)) if settings.batch_size else messages.TRAIN_ALL,
        steps=settings.steps,
    )


def _losses(training: Training, steps: int, is_stopped: Callable[[], bool]) -> list[float]:
    """Train; the losses. StudyError where one is no finite number."""
    losses: list[float] = []
    with _progress(steps) as tell:
        while not losses or (len(losses) < steps and math.isfinite(losses[-1]) and not is_stopped()):
            losses.append(training.step())
            tell(losses)
    if not math.isfinite(losses[-1]):
        raise StudyError(messages.TRAIN_DIVERGED.format(step=len(losses), check=_check()))
    if is_stopped():
        say(messages.TRAIN_STOPPED.format(steps=len(losses)))
    return losses


def _check() -> str:
    """What to look at where the loss is not as it should be."""
    return messages.TRAIN_CHECK[HAS_ANSWERS]


def _shown(loss: float | None) -> str | None:
    return None if loss is None else messages.TRAIN_BAR.format(loss=f"{loss:.6g}")


@contextlib.contextmanager
def _progress(steps: int) -> Iterator[Callable[[list[float]], None]]:
    """What tells of each step: a bar with the time to go on a terminal, and ten lines elsewhere."""
    if can_move():
        with click.progressbar(
            length=steps,
            label=messages.TRAIN_PROGRESS,
            width=BAR,
            show_pos=True,
            item_show_func=_shown,
        ) as bar:
            yield lambda losses: bar.update(1, losses[-1])
        return

    def tell(losses: list[float]) -> None:
        step = len(losses)
        if step % max(1, steps // 10) == 0 or step == steps:
            say(messages.TRAIN_STEP.format(step=step, steps=steps, loss=f"{losses[-1]:.6g}"))

    yield tell


def _results(kit: Kit, task: Task, settings: Settings, training: Training, losses: list[float]) -> Iterator[str]:
    yield messages.TRAIN_LOSS.format(first=f"{losses[0]:.6g}", last=f"{losses[-1]:.6g}")
    if losses[-1] > losses[0]:
        yield messages.TRAIN_GREW.format(check=_check())
    if task.classes:
        shares = [f"{name} {training.accuracy(part):.3f}" for name, part in examples(kit, task).items()]
        yield messages.TRAIN_ACCURACY.format(shares=", ".join(shares))
    known = known_losses(kit, task)[: settings.steps]
    if known and dataclasses.replace(settings, steps=task.settings.steps) == task.settings:
        off = max(abs(its - right) / right for its, right in zip(losses, known, strict=False))
        yield (messages.TRAIN_AS_KNOWN if off < 1e-9 else messages.TRAIN_NOT_AS_KNOWN).format(off=f"{off:.1g}")


def _pictures(
    kit: Kit, task: Task, settings: Settings, training: Training, losses: list[float], form: str
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The pictures of a training: the end of the name of each, and what draws it."""
    parts = examples(kit, task)
    yield "data", lambda: plots.data(task.name, parts, form)
    its = messages.PLOT_BATCH_LOSS if settings.batch_size else messages.PLOT_LOSS
    yield "loss", lambda: plots.loss(task.name, losses, its, form)
    if not task.classes:
        train = parts["train"]
        yield "predictions", lambda: plots.predictions(task.name, train.targets, training.predictions(train), form)
        return

    def boundary() -> bytes:
        xs, ys = plots.around(parts, SIDE)
        return plots.boundary(task.name, parts, xs, ys, list(training.decided(xs, ys)), form)

    yield "boundary", boundary
