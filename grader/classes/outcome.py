"""What became of an attempt when it was graded, as the gradebook keeps it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.model import Student
from grader.base.report import Report
from grader.base.text import printable
from grader.reports.forms import json as json_form


class Outcome(StrEnum):
    """What became of an attempt."""

    GRADED = "graded"
    REFUSED = "refused"  # there was nothing to grade
    ERROR = "error"  # the grader failed
    MISSING = "missing"  # of whoever is on the roster only
    EXCUSED = "excused"  # by the instructor, whatever was handed in


@dataclass(frozen=True)
class Grading:
    """What became of one attempt when it was graded.

    comment: why it was refused, or why the grader failed. content, kit, settings: fingerprints of the submission, of
    kit and hidden tests, and of seed and points: where all three are the same, so is the report. document: the report
    in its JSON form, as it is kept. sources: file -> text. tracebacks: of what failed in the grader; they are not kept
    in the gradebook.
    """

    student: Student
    attempt: int
    shown: str
    submitted: datetime | None
    is_late: bool
    status: Outcome
    comment: str
    content: str
    kit: str
    settings: str
    document: str | None
    sources: Mapping[str, str]
    tracebacks: tuple[str, ...] = ()

    @functools.cached_property
    def report(self) -> Report | None:
        """The report, where there is one. OutputError where it is of a newer format, or damaged."""
        try:
            return None if self.document is None else json_form.read(self.document)
        except OutputError as error:
            raise OutputError(messages.REPORT_KEPT.format(student=printable(self.student.name), why=error)) from error


@dataclass(frozen=True)
class Previous:
    """An earlier report on an attempt, and the fingerprints as in Grading."""

    report: Report
    content: str
    kit: str
    settings: str
