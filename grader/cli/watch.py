"""mg-grade watch: grades on every save, and shows the exercise that is being worked on."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import MgGradeError, StudyError
from grader.base.report import ExerciseResult, Status
from grader.cli.keyboard import KEYS_AT_ONCE, has_come, keys, pressed
from grader.cli.output import bar, can_move, say, terminal_size
from grader.cli.study import folder_argument
from grader.kit import Kit, read_kit
from grader.kit.gaps import filled
from grader.kit.model import Exercise
from grader.reports import screen as screens
from grader.reports.forms import terminal
from grader.reports.wording import amount
from grader.sandbox.confine import choose
from grader.sandbox.levels import Level
from grader.study.changes import Changes
from grader.study.folder import Studied, next_hint, reset, solution, study, touched
from grader.study.progress import read_progress

CLEAR = "\x1b[2J\x1b[H"
NEWS = 2  # exercises of which it is said what was learnt, when several pass at once
BEGUN = (Status.FAILED, Status.PARTIAL)


@click.command("watch", help=messages.HELP_WATCH)
@folder_argument
def watch_command(folder: Path) -> int:
    """Watch until somebody quits."""
    if not (sys.stdin and sys.stdin.isatty()):
        raise StudyError(messages.WATCH_NO_TERMINAL)
    watch = _Watch(folder, read_kit(), choose().level)
    changes = Changes(folder)
    try:
        with keys() as (keyboard, drawn_over):
            watch.begin()
            while True:
                changed = changes.wait([keyboard, drawn_over])
                if changed:
                    rest = watch.changed(changed)
                    # What was pressed meanwhile was meant for what stood there before.
                    if has_come(keyboard) and b"q" in os.read(keyboard, KEYS_AT_ONCE):
                        return 0
                    watch.show()
                    watch.go_on_with(rest)  # a key pressed now is meant for what is shown, and read afterwards
                if has_come(drawn_over):
                    os.read(drawn_over, KEYS_AT_ONCE)
                    watch.show()
                if not changed and has_come(keyboard):
                    text = os.read(keyboard, KEYS_AT_ONCE).decode("utf-8", "replace")
                    if not text or not all(map(watch.key, pressed(text.lower()))):
                        return 0
    finally:
        changes.close()


class _Watch:
    """What is shown, and what the keys do."""

    def __init__(self, folder: Path, kit: Kit, level: Level) -> None:
        self._folder = folder
        self._kit = kit
        self._level = level
        self._found: Studied | None = None
        self._shown: Exercise = self._kit.manifest.exercises[0]
        self._said = ""  # what stands below it: a hint, or what a key asks
        self._page = ""  # what stands in its place: the list, or a solution
        self._news = ""  # what was learnt just now
        self._trouble = ""  # why the files as they are now could not be graded
        self._armed = ""  # a key that does something only when it is pressed again
        self._filled: dict[str, str] = {}
        # Of the last change: the exercises that were edited, the one that was shown then, and those that have passed.
        self._edited: list[str] = []
        self._worked_on = ""
        self._done: list[ExerciseResult] = []
        self._actions: dict[str, Callable[[], None]] = {
            "h": self._hint,
            "l": self._list,
            "n": functools.partial(self._move, 1),
            "p": functools.partial(self._move, -1),
            "r": self._reset,
            "s": self._solution,
        }

    def begin(self) -> None:
        """Grade everything once, and show what is to be done; MgGradeError where there is nothing to grade."""
        self._found = study(self._folder, self._kit, self._level)
        self._filled = self._contents()
        self._done = list(self._found.new)
        self._go_on()
        self.show()

    def changed(self, files: set[str]) -> list[str]:
        """Grade the exercise that is shown, if a change touches it; the ids of the others that it touches."""
        before, self._filled = self._filled, self._contents()
        self._edited = [gap for gap, text in self._filled.items() if text != before.get(gap)]
        if self._edited and self._shown.gap not in self._edited:  # whoever writes something else wants to see that
            self._shown, self._said = self._kit.manifest.by_id[self._edited[0]], ""
        self._armed = self._trouble = self._news = self._page = ""
        if can_move():
            say(f"{messages.PROGRESS} ...", nl=False)
            sys.stdout.flush()
        self._worked_on = self._shown.id
        self._done = []
        ids = touched(self._kit.manifest, files)
        if self._worked_on in ids:
            ids.remove(self._worked_on)
            self._grade([self._worked_on])
        return ids

    def go_on_with(self, ids: list[str]) -> None:
        """Grade these too, and show what has become of it."""
        if ids:
            self._grade(ids)
            self.show()

    def key(self, key: str) -> bool:
        """Do what a key says; whether to go on."""
        if key == "q":
            return False
        action = self._actions.get(key)
        if self._armed != key:
            self._armed = ""
        self._said = self._news = self._page = ""
        if action:
            try:
                action()
            except MgGradeError as error:
                self._said = terminal.paragraph(messages.ERROR.format(text=error))
        self.show()
        return True

    def _grade(self, ids: list[str]) -> None:
        """Grade these. Where what was worked on has passed, go on: to what passed before and does no more, or else to
        the next exercise."""
        before = self._found
        try:
            found = study(self._folder, self._kit, self._level, ids)
        except MgGradeError as error:
            self._trouble = terminal.paragraph(messages.ERROR.format(text=error))
            return
        self._found = found.after(before)
        self._done += found.new
        if self._found.report.result(self._worked_on).status is not Status.PASSED:
            return
        left = [result.id for result in self._found.report.results if result.status is not Status.PASSED]
        broken = [
            exercise_id for exercise_id in left if before and before.report.result(exercise_id).status is Status.PASSED
        ]
        if broken:
            self._shown, self._said = self._kit.manifest.by_id[broken[0]], ""
        elif self._done:
            self._go_on()

    def _contents(self) -> dict[str, str]:
        """What stands in the gap of each exercise."""
        found: dict[str, str] = {}
        for file in self._kit.manifest.files:
            with contextlib.suppress(OSError, UnicodeDecodeError):
                found |= filled((self._folder / file).read_text(encoding="utf-8"))
        return {gap: text for gap, text in found.items() if gap in self._kit.manifest.by_id}

    def _go_on(self) -> None:
        """Show the next exercise, one that was edited before all others, and what the new ones teach."""
        if self._found and self._found.current and not self._found.is_done:
            begun = [result for result in map(self._found.report.result, self._edited) if result.status in BEGUN]
            self._shown = self._kit.manifest.by_id[(begun[0] if begun else self._found.current).id]
            self._said = ""
        self._news = "\n".join(terminal.learnt(exercise) for exercise in self._done[-NEWS:])
        if len(self._done) > NEWS:
            more = messages.WATCH_MORE.format(ids=", ".join(exercise.id for exercise in self._done[:-NEWS]))
            self._news = f"{terminal.paragraph(more)}{self._news}"

    def _hint(self) -> None:
        # The feedback on a mistake that has no name ends with the first hint: another one is asked for.
        result = self._found.report.result(self._shown.id) if self._found else None
        shown = 1 if result and result.status in BEGUN and result.hint else 0
        self._said = terminal.paragraph(next_hint(self._folder, self._kit, self._shown, shown))

    def _list(self) -> None:
        self._page = terminal.grid(self._found.report) if self._found else ""

    def _move(self, by: int) -> None:
        exercises = self._kit.manifest.exercises
        self._shown = exercises[max(0, min(len(exercises) - 1, exercises.index(self._shown) + by))]

    def _reset(self) -> None:
        if self._armed != "r":
            self._armed = "r"
            self._said = terminal.paragraph(messages.WATCH_RESET.format(id=self._shown.gap))
            return
        self._armed = ""
        copy = reset(self._folder, self._kit, self._shown).relative_to(self._folder)
        done = messages.RESET_DONE.format(id=self._shown.gap, file=self._shown.file, backup=copy)
        self._said = terminal.paragraph(done)

    def _solution(self) -> None:
        has_passed = self._shown.id in read_progress(self._folder).passed
        if not has_passed and self._armed != "s":
            self._armed = "s"
            self._said = terminal.paragraph(messages.WATCH_SOLUTION.format(id=self._shown.id))
            return
        self._armed = ""
        text = solution(self._folder, self._kit, self._shown, has_passed)
        self._page = f"{messages.WATCH_PAGE.format(id=self._shown.id)}\n\n{text}"

    def show(self) -> None:
        """Draw the screen. Where not all fits, feedback comes before news and before lines of code."""
        screen = self._screen(self._news)
        if can_move():
            sys.stdout.write(CLEAR)
            size = terminal_size()
            if self._news and not screens.fits(screen, size):
                ids = ", ".join(exercise.id for exercise in self._done)
                screen = self._screen(terminal.paragraph(messages.WATCH_MORE.format(ids=ids)))
            screen = screens.fitted(screen, size)
        else:
            say(f"\n{'-' * 40}")
        say(screen)
        sys.stdout.flush()

    def _screen(self, news: str) -> str:
        """The exercise, what there is to say of it, and how far it goes."""
        parts = [self._page]
        if self._found is not None and not self._page:
            parts = [terminal.one(self._found.report.result(self._shown.id)), terminal.notes(self._found.report)]
        if self._found is not None and self._found.is_done:
            left = self._found.current
            text = messages.ALL_BUT_BONUS.format(id=left.id) if left else messages.ALL_DONE
            parts.append(terminal.paragraph(text))
        parts += [self._said, news, self._trouble]
        lines = [f"{part.rstrip()}\n\n" for part in parts if part]
        if self._found is not None:
            report, passed = self._found.report, self._found.passed
            bonus = f" + {amount(report.bonus_points)}" if report.bonus_points else ""
            points = f"{amount(report.points)} / {amount(report.max_points)}{bonus}"
            text = messages.WATCH_PROGRESS.format(passed=passed, total=len(report.results), points=points)
            lines.append(f"{bar(passed, len(report.results))} {text}\n")
        return "".join([*lines, messages.WATCH_KEYS])
