"""mg-grade gradebook DIR --watch: keeps the files of a class fresh while a batch runs elsewhere."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from grader.base import messages
from grader.base.errors import MgGradeError
from grader.classes import class_report
from grader.classes.adjustments import FILE
from grader.classes.gradebook import Gradebook
from grader.cli.output import say
from grader.cli.written import adjusted, write_all

SECONDS = 1.0  # between two looks
REST = 4  # times as long as it wrote: the batch needs the machine more


def keep_fresh(folder: Path) -> int:
    """Write the files whenever the gradebook or the adjustments are others, until somebody ends it."""
    with Gradebook(folder) as gradebook, contextlib.suppress(KeyboardInterrupt):
        say(messages.KEEPING_FRESH.format(folder=folder), err=True)
        written: object = None
        said = ""
        told: tuple[str, ...] = ()
        while True:
            begun = time.monotonic()
            try:
                now = gradebook.changes(), _state(folder / FILE)
                if now != written:
                    fitted = adjusted(gradebook, is_quiet=True)
                    for line in fitted.lines:
                        if line not in told:
                            say(line, err=True)
                    told = fitted.lines
                    line = class_report.counts(write_all(gradebook, folder, fitted))
                    written = now
                    if line != said:
                        say(line)
                    said = line
            except MgGradeError as error:  # of a moment, or of a file that is just being edited: the next look tells
                line = messages.ERROR.format(text=error)
                if line != said:
                    say(line, err=True)
                said = line
            time.sleep(max(SECONDS, REST * (time.monotonic() - begun)))
    return 0


def _state(path: Path) -> tuple[int, int] | None:
    """Another value where a file was changed; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
