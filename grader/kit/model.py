"""The nouns of the kit, as frozen data."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class Exercise:
    """One row of the score table, as exercises/exercises.toml gives it.

    symbols: what the learner writes ("mse" or "Value.__add__"). needs: ids of the exercises that its tests rest on.
    gap: the id that an unfilled stub of it raises (its own, but for an exercise that shares the gap of another).
    minutes: how long it is likely to take. learnt: what is to be taken from it. operation: how the operation that it
    is about stands in an expression (" + ", ".exp()"); "" where any expression is about it, None where none is.
    solved_first_as: a misconception of a later exercise that is the simplest right solution of this one, or "".
    """

    id: str
    title: str
    file: str
    chapter: str
    symbols: tuple[str, ...]
    points: Fraction
    needs: tuple[str, ...]
    hints: tuple[str, ...]
    bonus: bool
    gap: str
    minutes: int
    learnt: str
    operation: str | None = None
    solved_first_as: str = ""


@dataclass(frozen=True)
class Manifest:
    """The exercises of a kit in order. rests_on: file -> the earlier files that its code or its tests may use.
    solutions: the folder of the solutions."""

    name: str
    version: str
    exercises: tuple[Exercise, ...]
    rests_on: Mapping[str, tuple[str, ...]]
    solutions: Path = field(default=Path("solutions"), compare=False, repr=False)

    @cached_property
    def files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(exercise.file for exercise in self.exercises))

    @cached_property
    def by_id(self) -> dict[str, Exercise]:
        return {exercise.id: exercise for exercise in self.exercises}

    def is_solution(self, file: str, text: str) -> bool:
        """Whether a text is the kit's own solution of a file, but for line ends."""
        path = self.solutions / file
        return file in self.files and path.is_file() and path.read_text("utf-8") == text.replace("\r\n", "\n")

    def touched_by(self, files: Collection[str]) -> list[str]:
        """The ids of the exercises in these files and in those that rest on them, in order."""
        return [e.id for e in self.exercises if e.file in files or {*files} & {*self.rests_on[e.file]}]

    @cached_property
    def homes(self) -> dict[str, str]:
        """Top-level name -> the module that should define it: {"Value": "engine", ...}."""
        return {
            symbol.split(".")[0]: exercise.file.removesuffix(".py")
            for exercise in self.exercises
            for symbol in exercise.symbols
        }

    @cached_property
    def operations(self) -> dict[str, str]:
        """Exercise id -> how its operation stands in an expression: {"add": " + ", "exp": ".exp()", ...}."""
        return {e.id: e.operation for e in self.exercises if e.operation is not None}

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """The operations that are called as methods, by name: ("exp", "log", ...)."""
        found = (re.fullmatch(r"\.(\w+)\(\)", operation) for operation in self.operations.values())
        return tuple(match[1] for match in found if match)


@dataclass(frozen=True)
class Misconception:
    """A small wrong variant of the solution of one exercise.

    edits: (a text that stands once in the exercise's file of the solutions, what stands there instead).
    title: what is wrong, as a short sentence. explanation: why it is wrong, without giving the line away.
    only_when_large: (a hidden test, without its test_; how it fails there: "timeout" or an exception) where that is the
    one of the tests that ask much in which it gets no answer; None where it gets one in all of them.
    """

    id: str
    exercise: str
    title: str
    explanation: str
    edits: tuple[tuple[str, str], ...]
    only_when_large: tuple[str, str] | None = None
