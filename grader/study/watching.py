"""What a learner sees while they work: a state, and what files that change and keys make of it. Nothing here prints."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.base import messages
from grader.base.errors import MgGradeError
from grader.base.report import ExerciseResult, Status
from grader.kit import Kit
from grader.kit.gaps import filled
from grader.kit.model import Exercise
from grader.sandbox.levels import Level
from grader.study.folder import Studied, next_hint, reset, solution, study, touched
from grader.study.progress import read_progress


@dataclass(frozen=True)
class Change:
    """The last change of the files. edited: the gaps that are not as they were. worked_on: the exercise that was shown
    then. done: what has passed since."""

    edited: tuple[str, ...] = ()
    worked_on: str = ""
    done: tuple[ExerciseResult, ...] = ()


@dataclass(frozen=True)
class State:
    """All that the screen is drawn from.

    shown: the id of the exercise on the screen. below: what stands below it, a hint or what a key asks. has_list,
    solution: what stands in its place. learnt: what passed just now. trouble: why the files as they are now could not
    be graded. armed: a key that does something only when it is pressed again. contents: what stood in each gap when it
    was graded.
    """

    studied: Studied
    shown: str
    below: str = ""
    has_list: bool = False
    solution: str = ""
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
        return replace(self, below="", has_list=False, solution="", learnt=())


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
        shown, below = state.shown, state.below
        if edited and self._exercise(shown).gap not in edited:  # whoever writes something else wants to see that
            shown, below = edited[0], ""
        change = Change(edited, worked_on=shown)
        state = replace(state.alone(), shown=shown, below=below, armed="", trouble="", contents=contents, change=change)
        ids = touched(self.kit.manifest, files)
        if shown not in ids:
            return state, ids
        ids.remove(shown)
        return self.graded(state, [shown]), ids

    def graded(self, state: State, ids: Collection[str]) -> State:
        """Grade these. Where what was worked on has passed, go on: to what passed before and does no more, or else to
        the next exercise."""
        if not ids:
            return state
        before = state.studied.report
        try:
            studied = study(self.folder, self.kit, self.level, ids)
        except MgGradeError as error:
            return replace(state, trouble=messages.ERROR.format(text=error))
        change = replace(state.change, done=(*state.change.done, *studied.new))
        state = replace(state, studied=studied.after(state.studied), change=change)
        report = state.studied.report
        if report.result(change.worked_on).status is not Status.PASSED:
            return state
        left = [result.id for result in report.results if result.status is not Status.PASSED]
        broken = [exercise_id for exercise_id in left if before.result(exercise_id).status is Status.PASSED]
        if broken:
            return replace(state, shown=broken[0], below="")
        return self._on_to_the_next(state) if change.done else state

    def pressed(self, state: State, key: str) -> State:
        """Do what a key says. A key that is none leads back to the exercise."""
        actions: dict[str, Callable[[State], State]] = {
            "h": self._hint,
            "l": lambda state: replace(state, has_list=True),
            "n": lambda state: self._moved(state, 1),
            "p": lambda state: self._moved(state, -1),
            "r": self._reset,
            "s": self._solution,
        }
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
            with contextlib.suppress(OSError, UnicodeDecodeError):
                found |= filled((self.folder / file).read_text(encoding="utf-8"))
        return {gap: text for gap, text in found.items() if gap in self.kit.manifest.by_id}

    def _on_to_the_next(self, state: State) -> State:
        """Show the next exercise, one that was edited before all others, and what the new ones teach."""
        studied = state.studied
        state = replace(state, learnt=state.change.done)
        if studied.current is None or studied.is_done:
            return state
        edited = map(studied.report.result, state.change.edited)
        shown = next((result for result in edited if result.is_begun), studied.current)
        return replace(state, shown=shown.id, below="")

    def _hint(self, state: State) -> State:
        # The feedback on a mistake that has no name ends with the first hint: another one is asked for.
        is_first_shown = state.result.is_begun and bool(state.result.hint)
        text = next_hint(self.folder, self.kit, self._exercise(state.shown), int(is_first_shown))
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
        return replace(state, armed="", solution=solution(self.folder, self.kit, exercise, has_passed))
