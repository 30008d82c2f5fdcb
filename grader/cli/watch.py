"""mg-grade watch: grades on every save, and shows the exercise that is being worked on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import StudyError
from grader.cli.exercises import folder_argument
from grader.cli.keyboard import Source, has_come, is_there, keys, pressed
from grader.cli.output import can_move, say, terminal_size
from grader.cli.watch_screen import pages
from grader.kit import read_kit
from grader.sandbox.confine import choose
from grader.study.changes import Changes
from grader.study.watching import State, Watching

CLEAR = "\x1b[2J\x1b[H"


@dataclass(frozen=True)
class Saved:
    """Files have changed."""

    files: frozenset[str]


@dataclass(frozen=True)
class Pressed:
    """A key."""

    key: str


@dataclass(frozen=True)
class Resized:
    """The screen has to be drawn anew."""


@dataclass(frozen=True)
class Closed:
    """There are no keys any more."""


Event = Saved | Pressed | Resized | Closed


@click.command("watch", help=messages.HELP_WATCH)
@folder_argument
def watch_command(folder: Path) -> int:
    """Watch until somebody quits."""
    if not is_there():
        raise StudyError(messages.WATCH_NO_TERMINAL)
    watching = Watching(folder, read_kit(), choose().level)
    changes = Changes(folder)
    try:
        with keys() as (keyboard, drawn_over):
            state = draw(watching.begin())
            for event in _events(changes, keyboard, drawn_over):
                match event:
                    case Saved(files):
                        _say_that_it_grades()
                        state, rest = watching.changed(state, files)
                        # What was pressed meanwhile was meant for what stood there before.
                        if has_come(keyboard) and b"q" in keyboard.read():
                            return 0
                        state = draw(state)
                        if rest:  # a key pressed now is meant for what is shown, and read afterwards
                            state = draw(watching.graded(state, rest))
                    case Pressed("q") | Closed():
                        return 0
                    case Pressed(key):
                        state = draw(watching.pressed(state, key))
                    case Resized():
                        state = draw(state)
    finally:
        changes.close()
    return 0


def _events(changes: Changes, keyboard: Source, drawn_over: Source) -> Iterator[Event]:
    """What happens, one after the other, for as long as it is asked for."""
    while True:
        changed = changes.wait([keyboard, drawn_over])
        if changed:
            yield Saved(frozenset(changed))
        if has_come(drawn_over):
            drawn_over.read()
            yield Resized()
        if not changed and has_come(keyboard):
            text = keyboard.read().decode("utf-8", "replace")
            yield from map(Pressed, pressed(text)) if text else [Closed()]


def _say_that_it_grades() -> None:
    if can_move():
        say(f"{messages.PROGRESS} ...", nl=False)
        sys.stdout.flush()


def draw(state: State) -> State:
    """Draw the screen, or print it where there is none that can be drawn on. The state, with its page among those that
    there are."""
    size = terminal_size() if can_move() else None
    shown = pages(state, size)
    page = min(state.page, len(shown) - 1)
    if size:
        sys.stdout.write(CLEAR)
    else:
        say(f"\n{'-' * 40}")
    say(shown[page])
    sys.stdout.flush()
    return replace(state, page=page)
