"""What a learner has done so far, in a small file in their own folder: hints that were seen, exercises that passed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from grader.base import messages
from grader.base.errors import StudyError
from grader.base.locks import locked
from grader.base.whole_files import MIB, read_below, write_below

FILE = ".mg-grade.json"
LOCK = ".mg-grade.lock"  # where a folder itself cannot be locked
FORMAT = 1
MAX_HINTS = 99


@dataclass(frozen=True)
class Progress:
    """hints: exercise -> how many of its hints were shown. passed: exercise -> when it passed first (ISO 8601, UTC).
    given_up: exercises whose solution was looked at before."""

    hints: dict[str, int] = field(default_factory=dict)
    passed: dict[str, str] = field(default_factory=dict)
    given_up: tuple[str, ...] = ()

    def with_hint(self, exercise: str, number: int) -> Progress:
        return dataclasses.replace(self, hints={**self.hints, exercise: number})

    def with_given_up(self, exercise: str) -> Progress:
        return dataclasses.replace(self, given_up=tuple(dict.fromkeys([*self.given_up, exercise])))

    def with_passed(self, exercises: list[str]) -> Progress:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return dataclasses.replace(self, passed={**dict.fromkeys(exercises, now), **self.passed})


def read_progress(folder: Path) -> Progress:
    """The progress in a folder, none where there is no file; StudyError where it cannot be understood."""
    path = folder / FILE
    try:
        data = json.loads(read_below(folder, FILE, MIB).decode("utf-8"))
        if type(data["format"]) is int and data["format"] > FORMAT:
            raise StudyError(messages.PROGRESS_NEWER.format(path=path))
        hints, passed, given_up = data["hints"], data["passed"], data["given_up"]
        if data["format"] != FORMAT or type(given_up) is not list or not all(type(n) is int for n in hints.values()):
            raise StudyError(messages.PROGRESS_BROKEN.format(path=path))
        hints = {str(key): max(0, min(value, MAX_HINTS)) for key, value in hints.items()}
        passed = {str(key): str(value) for key, value in passed.items()}
        return Progress(hints, passed, tuple(map(str, given_up)))
    except FileNotFoundError:
        return Progress()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StudyError(messages.PROGRESS_BROKEN.format(path=path)) from error


def change_progress(folder: Path, change: Callable[[Progress], Progress]) -> Progress:
    """Read, change and write it, while nobody else does; the new progress. StudyError where that cannot be."""
    with locked(folder, LOCK):  # watch runs in one terminal, and hint in another
        before = read_progress(folder)
        after = change(before)
        if after != before:
            write_progress(folder, after)
    return after


def write_progress(folder: Path, progress: Progress) -> None:
    """Keep it: whole, or as it was before."""
    text = json.dumps({"format": FORMAT, **dataclasses.asdict(progress)}, indent=1) + "\n"
    try:
        write_below(folder, FILE, text.encode())
    except OSError as error:
        raise StudyError(messages.CANNOT_WRITE.format(path=folder / FILE, why=error.strerror)) from error
