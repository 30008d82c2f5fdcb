"""A learner's own code (or the reference), put to use: a session that is asked for what is to be shown."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.base.errors import LearnerFault, StudyError, SubmissionError
from grader.base.model import Submission
from grader.intake.loading import what_to_load
from grader.intake.submission import read_submission
from grader.kit import Kit, no_answers
from grader.sandbox.levels import Level
from grader.sandbox.protocol import Raised
from grader.sandbox.session import PROBE_SECONDS, RUN_SECONDS, Session


class GapError(StudyError):
    """An exercise is needed that is still to be written."""

    def __init__(self, text: str, exercise: str) -> None:
        super().__init__(text)
        self.exercise = exercise


class OwnCode:
    """Code that answers questions. What it raises, or how it fails to answer, is a StudyError in plain words."""

    def __init__(self, kit: Kit, session: Session, is_at_terminal: bool) -> None:
        self.kit = kit
        self._session = session
        self._is_at_terminal = is_at_terminal

    def ask(self, script: str, reads: Sequence[str], cpu_seconds: float = PROBE_SECONDS) -> list[Any]:
        """The answers, one for each read, in the form of inside/probes.py. GapError where one is still to be written
        that it takes."""
        try:
            answers = self._session.ask(script, reads, cpu_seconds)
        except LearnerFault as fault:
            raise StudyError(messages.OWN_CODE_FAULT.format(why=fault)) from fault
        if not isinstance(answers, Raised):
            return answers
        if answers.type == "NotImplementedError" and answers.message in self.kit.manifest.by_id:
            gap = messages.OWN_CODE_GAP.format(id=answers.message)
            raise GapError(self.advised(gap, messages.OWN_CODE_OR_REFERENCE), answers.message)
        names = [name for name in self.kit.manifest.homes if answers.message == f"name '{name}' is not defined"]
        if names:
            # Why it is not there: its file cannot be read, or stopped while it was loaded.
            why = next(iter(map(str, [*self._session.broken.values(), *self._session.notes])), "")
            why = why or messages.MISSING_SYMBOL.format(symbol=names[0])
            raise StudyError(messages.OWN_CODE_FAULT.format(why=why))
        where = f" ({answers.place})" if answers.place else ""
        raise StudyError(messages.OWN_CODE_FAULT.format(why=f"{answers}{where}"))

    def advised(self, why: str, command: str) -> str:
        """Why something cannot be, and which command helps, where there are commands and one that does."""
        return f"{why} {command}" if self._is_at_terminal and self.kit.has_answers else why


@contextlib.contextmanager
def own_code(
    kit: Kit, folder: Path | None, level: Level, seconds: float = RUN_SECONDS, is_at_terminal: bool = True
) -> Iterator[OwnCode]:
    """The code in a folder, or the reference where folder is None, ready to be asked for so many seconds."""
    manifest = kit.manifest
    if folder is None:
        if not kit.has_answers:
            raise StudyError(no_answers("--reference"))
        from grader.grading.reference import source  # not in an edition without answers

        files = tuple(source(kit, file) for file in manifest.files)
        submission = Submission("solutions", "solutions", files)
    else:
        try:
            submission = read_submission(folder, manifest, is_own=True)
        except SubmissionError as error:
            raise SubmissionError(f"{error} {messages.OR_REFERENCE}" if kit.has_answers else str(error)) from error
    with Session(what_to_load(submission, manifest), level, time.monotonic() + seconds) as session:
        yield OwnCode(kit, session, is_at_terminal)
