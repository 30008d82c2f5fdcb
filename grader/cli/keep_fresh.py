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
from grader.cli.files import WATCH_LOCK, alone
from grader.cli.output import say
from grader.cli.stopping import stoppable
from grader.cli.written import adjusted, write_all

SECONDS = 1.0  # between two looks
NAP_SECONDS = 0.1
REST = 4  # times as long as it wrote: the batch needs the machine more


def keep_fresh(folder: Path) -> int:
    """Write the files whenever the gradebook or the adjustments are others, until somebody ends it."""
    with Gradebook(folder) as gradebook, alone(folder, WATCH_LOCK, messages.WATCHED):
        say(messages.KEEPING_FRESH.format(folder=folder), err=True)
        fresh = _Fresh(gradebook)
        with contextlib.suppress(KeyboardInterrupt), stoppable() as is_stopped:
            while not is_stopped():
                begun = time.monotonic()
                fresh.look()
                rest = time.monotonic() + max(SECONDS, REST * (time.monotonic() - begun))
                while time.monotonic() < rest and not is_stopped():
                    time.sleep(NAP_SECONDS)
        fresh.look()  # what it was just writing when it was ended
    return 0


class _Fresh:
    """The files of a class, and by what they were written last."""

    def __init__(self, gradebook: Gradebook) -> None:
        self._gradebook = gradebook
        self._written: object = None
        self._said: tuple[str, ...] = ()

    def look(self) -> None:
        """Write them where something is another, and say how it stands, where that is another than before."""
        try:
            now = self._gradebook.changes(), _state(self._gradebook.folder / FILE)
            if now == self._written:
                return
            fitted = adjusted(self._gradebook, is_quiet=True)
            found = write_all(self._gradebook, self._gradebook.folder, fitted)
            self._written = now
            self._say(*fitted.lines, class_report.counts(found))
        except MgGradeError as error:  # of a moment, or of a file that is just being edited: the next look tells
            self._say(messages.ERROR.format(text=error))

    def _say(self, *lines: str) -> None:
        for line in lines:
            if line not in self._said:
                say(line)
        self._said = lines


def _state(path: Path) -> tuple[int, int] | None:
    """Another value where a file was changed; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
