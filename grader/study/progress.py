"""What a learner has done so far, in a small file in their own folder: hints that were seen, exercises that passed."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from grader import messages
from grader.errors import StudyError
from grader.whole_files import write_whole

FILE = ".mg-grade.json"
FORMAT = 1


@dataclass(frozen=True)
class Progress:
    """hints: exercise -> how many of its hints were shown. passed: exercise -> when it passed first (ISO 8601, UTC).
    given_up: exercises whose solution was looked at before."""

    hints: dict[str, int] = field(default_factory=dict)
    passed: dict[str, str] = field(default_factory=dict)
    given_up: tuple[str, ...] = ()

    def with_hint(self, exercise: str) -> Progress:
        return dataclasses.replace(self, hints={**self.hints, exercise: self.hints.get(exercise, 0) + 1})

    def with_passed(self, exercises: list[str]) -> Progress:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return dataclasses.replace(self, passed={**dict.fromkeys(exercises, now), **self.passed})


def read_progress(folder: Path) -> Progress:
    """The progress in a folder, none where there is no file; StudyError where it cannot be understood."""
    path = folder / FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise StudyError(messages.PROGRESS_NEWER.format(path=path))
        hints = {str(key): int(value) for key, value in data["hints"].items()}
        passed = {str(key): str(value) for key, value in data["passed"].items()}
        return Progress(hints, passed, tuple(map(str, data["given_up"])))
    except FileNotFoundError:
        return Progress()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise StudyError(messages.PROGRESS_BROKEN.format(path=path)) from error


def write_progress(folder: Path, progress: Progress) -> None:
    """Keep it: whole, or as it was before."""
    text = json.dumps({"format": FORMAT, **dataclasses.asdict(progress)}, indent=1) + "\n"
    try:
        write_whole(folder / FILE, text.encode())
    except OSError as error:
        raise StudyError(messages.CANNOT_WRITE.format(path=folder / FILE, why=error.strerror)) from error
