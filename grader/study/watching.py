"""What a learner sees while they work: a state, and what files that change and keys make of it. Nothing here prints."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.base import messages
from grader.base.errors import MgGradeError, StudyError
from grader.base.report import ExerciseResult, Status
from grader.base.whole_files import read_below
from grader.kit import Kit
from grader.kit.gaps import filled
from grader.kit.model import Exercise
from grader.sandbox.levels import Level
from grader.study.folder import next_hint, reset
from grader.study.graded import Studied, solution, study, touched
from grader.study.progress import read_progress

# Keys that do the same as others. What walks in the list turns pages elsewhere.
MOVES = {"right": "n", "left": "p"}
WALK = {"down": 1, "j": 1, "n": 1, "right": 1, "up": -1, "k": -1, "p": -1, "left": -1, "page down": 10, "page up": -10}
PAGES = {"down": 1, "j": 1, "space": 1, "page down": 1, "up": -1, "k": -1, "b": -1, "page up": -1}


@dataclass(frozen=True)
class Change:
    """The last change of the files. edited: the gaps that are not as they were. worked_on: the exercise that was shown
    then. done: what has passed since. again: what was worked on, if it passes as it did once. broke: the ids of what
    had passed before it, and does no more."""

    edited: tuple[str, ...] = ()
    worked_on: str = ""
    done: tuple[ExerciseResult, ...] = ()
    again: str = ""
    broke: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """Something to read in the place of the exercise. is_code: whether its lines are to stay as they are. body: may be
    one for every width of the screen."""

    heading: str
    body: str | Callable[[int], str]
    is_code: bool = False

    def lines(self, wide: int) -> str:
        """The body as a screen of this width shows it, but for lines that are too long."""
        return self.body if isinstance(self.body, str) else self.body(wide)


@dataclass(frozen=True)
class State:
    """All that the screen is drawn from.

    shown: the id of the exercise on the screen. below: what stands below it, a hint or what a key asks. has_list,
    text: what stands in its place. page: which one of what is too long for a screen. learnt: what passed just now.
    trouble: why the files as they are now could not be graded. armed: a key that does something only when it is pressed
    again. contents: what stood in each gap when it was graded.
    """

    studied: Studied
    shown: str
    below: str = ""
    has_list: bool = False
    text: Text | None = None
    page: int = 0
    learnt: tuple[ExerciseResult, ...] = ()
    trouble: str = ""
    armed: str = ""
    contents: Mapping[str, str] = field(default_factory=dict)
    change: Change = Change()

    @property
    def result(self) -> ExerciseResult:
        """The result of the exercise that is shown."""
        return self.studied.report.result(self.shown)

    def alone(self) -> State:
        """The exercise with nothing beside it that was said before."""
        return replace(self, below="", has_list=False, text=None, page=0, learnt=())


@dataclass(frozen=True)
class Watching:
    """A folder that is watched. Each method makes a new state of one."""

    folder: Path
    kit: Kit
    level: Level

    def begin(self) -> State:
        """Grade everything once; MgGradeError where there is nothing to grade."""
        studied = study(self.folder, self.kit, self.level)
        first = self.kit.manifest.exercises[0].id
        state = State(studied, first, contents=self._contents(), change=Change(done=studied.new))
        return self._on_to_the_next(state)

    def changed(self, state: State, files: Collection[str]) -> tuple[State, list[str]]:
        """Grade the exercise that is shown, if a change of these files touches it. The ids of the others that it
        touches are left for `graded`."""
        contents = self._contents()
        edited = tuple(gap for gap, text in contents.items() if text != state.contents.get(gap))
        shown, below = state.shown, "" if state.change.again else state.below
        if edited and self._exercise(shown).gap not in edited:  # whoever writes something else wants to see that
            shown, below = edited[0], ""
        change = Change(edited, worked_on=shown)
        state = replace(state.alone(), shown=shown, below=below, armed="", trouble="", contents=contents, change=change)
        ids = touched(self.kit.manifest, files)
        if shown not in ids:
            return state, ids
        ids.remove(shown)
        return self.graded(state, [shown], is_all=not ids), ids

    def graded(self, state: State, ids: Collection[str], is_all: bool = True) -> State:
        """Grade these. Where what was worked on has passed, go on: to what passed before and does no more, or else to
        the next exercise. is_all: whether no more is to be graded: what failed beside it may pass again as well."""
        if not ids:
            return state
        before = state.studied.report
        try:
            studied = study(self.folder, self.kit, self.level, ids)
        except MgGradeError as error:
            return replace(state, trouble=messages.ERROR.format(text=error))
        state = replace(state, studied=studied.after(state.studied))
        report = state.studied.report
        left = [result.id for result in report.results if result.status not in (Status.PASSED, Status.ERROR)]
        broke = tuple(exercise_id for exercise_id in left if before.result(exercise_id).status is Status.PASSED)
        old = state.change
        change = replace(old, done=(*old.done, *studied.new), broke=(*old.broke, *broke))
        was, now = (its.result(change.worked_on).status for its in (before, report))
        if now is Status.PASSED is not was and change.worked_on not in (result.id for result in change.done):
            change = replace(change, again=change.worked_on)
        state = replace(state, change=change)
        if now is not Status.PASSED:
            return state
        if broke:
            return replace(state, shown=broke[0], below="", page=0)
        return self._on_to_the_next(state) if change.done or (change.again and is_all) else state

    def pressed(self, state: State, key: str) -> State:
        """Do what a key says. A key that is none leads back to the exercise."""
        actions: dict[str, Callable[[State], State]] = {
            "c": self._reading,
            "e": self._earlier_hints,
            "h": self._hint,
            "l": lambda state: replace(state, has_list=True),
            "n": lambda state: self._moved(state, 1),
            "p": lambda state: self._moved(state, -1),
            "r": self._reset,
            "s": self._solution,
        }
        if key in PAGES and not state.has_list:
            return replace(state, page=max(0, state.page + PAGES[key]))
        if state.has_list and key in WALK:
            return self._moved(state, WALK[key])
        key = MOVES.get(key, key)
        state = replace(state.alone(), armed=state.armed if state.armed == key else "")
        try:
            return actions[key](state) if key in actions else state
        except MgGradeError as error:
            return replace(state, below=messages.ERROR.format(text=error))

    def _exercise(self, exercise_id: str) -> Exercise:
        return self.kit.manifest.by_id[exercise_id]

    def _contents(self) -> dict[str, str]:
        """What stands in the gap of each exercise."""
        found: dict[str, str] = {}
        for file in self.kit.manifest.files:
            with contextlib.suppress(OSError, UnicodeDecodeError, StudyError):  # what is wrong with it, grading says
                found |= filled(read_below(self.folder, file).decode("utf-8"))
        return {gap: text for gap, text in found.items() if gap in self.kit.manifest.by_id}

    def _on_to_the_next(self, state: State) -> State:
        """Show the next exercise, one that was edited before all others, and what the new ones teach."""
        studied = state.studied
        again = messages.WATCH_AGAIN.format(id=state.change.again) if state.change.again else ""
        state = replace(state, learnt=state.change.done, below=again)
        if studied.current is None or studied.is_done:
            return replace(state, shown=state.change.worked_on or state.shown)
        edited = map(studied.report.result, state.change.edited)
        shown = next((result for result in edited if result.is_begun), studied.current)
        return replace(state, shown=shown.id, page=0)

    def _reading(self, state: State) -> State:
        from grader.book.plain import section  # takes longer to import than the first screen may

        heading = messages.WATCH_READING.format(id=state.shown)
        return replace(state, text=Text(heading, functools.partial(section, self.kit, state.shown), is_code=True))

    def _earlier_hints(self, state: State) -> State:
        hints = self._exercise(state.shown).hints
        seen = max(read_progress(self.folder).hints.get(state.shown, 0), self._shown_hints(state))
        if not seen:
            return replace(state, below=messages.WATCH_NO_HINTS.format(id=state.shown))
        told = (
            messages.HINT.format(number=number, most=len(hints), text=text)
            for number, text in enumerate(hints[:seen], 1)
        )
        return replace(state, text=Text(messages.WATCH_HINTS.format(id=state.shown), "\n\n".join(told)))

    def _shown_hints(self, state: State) -> int:
        """The feedback on a mistake that has no name ends with the first hint."""
        return int(state.result.is_begun and bool(state.result.hint))

    def _hint(self, state: State) -> State:
        # Another one is asked for than that which is shown.
        text = next_hint(self.folder, self.kit, self._exercise(state.shown), self._shown_hints(state))
        return replace(state, below=text)

    def _moved(self, state: State, by: int) -> State:
        ids = list(self.kit.manifest.by_id)
        return replace(state, shown=ids[max(0, min(len(ids) - 1, ids.index(state.shown) + by))])

    def _reset(self, state: State) -> State:
        exercise = self._exercise(state.shown)
        if state.armed != "r":
            return replace(state, armed="r", below=messages.WATCH_RESET.format(id=exercise.gap))
        copy = reset(self.folder, self.kit, exercise).relative_to(self.folder)
        done = messages.RESET_DONE.format(id=exercise.gap, file=exercise.file, backup=copy)
        return replace(state, armed="", below=done)

    def _solution(self, state: State) -> State:
        exercise = self._exercise(state.shown)
        has_passed = exercise.id in read_progress(self.folder).passed
        if not has_passed and state.armed != "s":
            return replace(state, armed="s", below=messages.WATCH_SOLUTION.format(id=exercise.id))
        body = solution(self.folder, self.kit, exercise, has_passed)
        return replace(state, armed="", text=Text(messages.WATCH_SOLVED.format(id=exercise.id), body, is_code=True))
