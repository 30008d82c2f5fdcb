"""The trusted end of a reader: what it asks for is handed over, what it says is checked.

Nothing here trusts what it reads: a reader that says anything unexpected is of no more use than one that has died.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import RawIOBase
from typing import Any, Protocol, Self

from grader.base import messages
from grader.base.errors import Fault, GraderError, LearnerFault, WorkerLostError
from grader.base.text import printable
from grader.sandbox.confine import canaries
from grader.sandbox.inside.reading.left_out import (
    MAX_CLASS,
    MAX_CLASS_FILES,
    MAX_NOTEBOOK,
    MAX_PARTS,
    MAX_PATH,
    MAX_WHY,
    MIB,
)
from grader.sandbox.inside.reading.notebook import MAX_TOLD
from grader.sandbox.inside.reading.reader import MAX_WANTED
from grader.sandbox.levels import LIFETIME, READER, RESOURCE_LIMITS, Level
from grader.sandbox.process import WorkerProcess
from grader.sandbox.protocol import MAX_LINE, nonsense

READ_SECONDS = 10  # of CPU time, for all of a submission
CLASS_SECONDS = 300
MAX_TEXT = 4 * MIB  # of one file or cell, in UTF-8
_SHAPES = {  # what stands behind the first word of a line
    "want": (int, int, int),
    "text": (str, int),
    "notebook": (str,),
    "cell": (str, str, int),
    "bytes": (str, int),
    "out": (str, str, dict),
    "read": (int,),
}


class Source(Protocol):
    """Something that was handed in, whose bytes nobody has looked at."""

    @property
    def size(self) -> int: ...

    def read(self, offset: int, size: int) -> bytes:
        """Exactly so many of its bytes. OSError where they are not there any more."""


@dataclass(frozen=True)
class Said:
    """One thing that a reader says. kind: text, notebook, cell, bytes, out or read. told: of a cell, the file that it
    says it is of; of what was left out why, in words. number: of the input that has been read, or of bytes that are to
    be copied."""

    kind: str
    path: str = ""
    told: str = ""
    text: str = ""
    number: int = 0


class Reader(WorkerProcess):
    """One reader. at: the number of the input that it is reading."""

    begins = READER
    limits: Mapping[str, int] = {**RESOURCE_LIMITS, "RLIMIT_AS": 256 * MIB, "RLIMIT_CPU": READ_SECONDS}
    most = 20_000  # things that it can have to say
    room = 0  # for bytes that are copied

    def __init__(self, level: Level, sources: Sequence[Source] = ()) -> None:
        """GraderError where the system does not start it."""
        super().__init__(level, canaries() if level.is_sandbox else {})
        self._sources = sources
        self._buffer = bytearray()
        self._has_spoken = False
        self.at = 0

    def serve(self, sources: Sequence[Source], deadline: float) -> None:
        """What it is to read, and until when (of time.monotonic)."""
        self._sources, self._deadline = sources, deadline

    @property
    def has_ended(self) -> bool:
        """Whether it cannot read anything any more, or has never begun."""
        try:
            self.await_hello()
            return self._process.wait(0) is not None
        except GraderError:
            return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def submission(self, names: Sequence[str]) -> Iterator[Said]:
        """What is in a submission, of which the sources have these names. LearnerFault where it cannot be read: then
        what was said before holds."""
        inputs = [[name, source.size] for name, source in zip(names, self._sources, strict=True)]
        return self._read({"submission": inputs})

    def class_(self, metadata: Sequence[str]) -> Iterator[Said]:
        """The files in the archive of a class. metadata: names of files that are read beside those of submissions."""
        return self._read({"class": self._sources[0].size, "metadata": list(metadata)})

    def _read(self, job: dict[str, Any]) -> Iterator[Said]:
        self.await_hello()
        try:
            self._send(json.dumps(job).encode() + b"\n", self._seconds)
        except LearnerFault as fault:  # it has seen nothing of what it was to read: something else has ended it
            raise WorkerLostError(messages.WORKER_LOST) from fault
        said = 0
        while self.at < len(self._sources):
            word, *rest = self._words()
            said += word != "want"
            if said > self.most:
                raise nonsense("more than there can be")
            if word == "want":
                self._hand_over(*rest)
            elif word == "read":
                if rest[0] != self.at:
                    raise nonsense("another file than was asked for")
                self.at += 1
                yield Said("read", number=rest[0])
            elif word == "notebook":
                yield Said("notebook", rest[0])
            elif word == "out":
                yield Said("out", rest[0], _why(rest[1], rest[2]))
            elif word == "bytes":
                if not 0 <= rest[1] <= MAX_NOTEBOOK or not self.room:
                    raise nonsense("bytes that are too many")
                self.room = max(0, self.room - rest[1])
                yield Said("bytes", rest[0], number=rest[1])
            else:
                yield Said(word, rest[0], rest[1] if word == "cell" else "", self._text(rest[-1]))

    def copy(self, size: int, file: RawIOBase) -> None:
        """Write the bytes that the reader has just announced to a file."""
        while size > 0:
            if not self._buffer:
                self._more()
            file.write(self._buffer[:size])
            size, rest = size - len(self._buffer), self._buffer[size:]
            self._buffer = rest

    @property
    def _seconds(self) -> float:
        return max(0.0, min(self._deadline - time.monotonic(), self.limits["RLIMIT_CPU"] * 3.0))

    def _words(self) -> list[Any]:
        """One line, checked for its shape."""
        line = self._line_of_words()
        try:
            words = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise nonsense("a line that is no JSON") from error
        shape = _SHAPES.get(words[0]) if type(words) is list and words and type(words[0]) is str else None
        if shape is None or tuple(map(type, words[1:])) != shape:
            raise nonsense("a line that means nothing")
        for word in words[1:]:
            if type(word) is str and (len(word) > MAX_PATH + MAX_TOLD or word.count("/") > MAX_PARTS):
                raise nonsense("a name that is too long")
        return list(words)

    def _hand_over(self, number: int, offset: int, size: int) -> None:
        if number != self.at or not 0 <= size <= MAX_WANTED or not 0 <= offset <= self._sources[number].size - size:
            raise nonsense("bytes that are not there")
        try:
            data = self._sources[number].read(offset, size)
        except OSError as error:
            raise LearnerFault(Fault.CRASH, str(error.strerror or error)) from error
        if len(data) != size:
            raise LearnerFault(Fault.CRASH, messages.LEFT_OUT["changed"])
        self._send(data, self._seconds)

    def _line_of_words(self) -> bytes:
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > MAX_LINE:
                raise nonsense("a line that is too long")
            self._more()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _text(self, size: int) -> str:
        if not 0 <= size <= MAX_TEXT:
            raise nonsense("a text that is too long")
        while len(self._buffer) < size:
            self._more()
        text = self._buffer[:size].decode("utf-8", "replace")
        del self._buffer[:size]
        return text

    def _more(self) -> None:
        seconds = self._seconds
        more = self._wire.receive(MAX_WANTED, seconds) if seconds else None
        if more is None:
            raise LearnerFault(Fault.TIMEOUT, messages.LEFT_OUT["time"])
        if not more and not self._has_spoken:
            raise WorkerLostError(messages.WORKER_LOST)
        if not more:
            raise LearnerFault(Fault.TIMEOUT, messages.LEFT_OUT["time"]) if self._is_out_of_time() else self._death()
        self._has_spoken = True
        self._buffer += more

    def _is_out_of_time(self) -> bool:
        """Whether the limit on CPU time has ended it."""
        status = self._process.wait(1.0)
        return status is not None and -status in (9, 24)  # SIGKILL, SIGXCPU


class _Spares:
    """Readers that have begun before there is anything to read, so that nobody waits for one: the next is begun when
    one has been used, by whoever reads more than one submission."""

    def __init__(self) -> None:
        self._begun: dict[Level, tuple[Reader, float]] = {}
        self._used: set[Level] = set()

    def take(self, level: Level, sources: Sequence[Source], deadline: float) -> Reader:
        """A reader for these, which has read nothing before. GraderError where the system does not start one."""
        spare, begun = self._begun.pop(level, (None, 0.0))
        if spare is not None and (time.monotonic() - begun > LIFETIME / 2 or spare.has_ended):
            spare.kill()
            spare = None
        taken = spare or Reader(level)
        taken.serve(sources, deadline)
        return taken

    def begin_next(self, level: Level) -> None:
        """Begin the one after this, if it may be needed, and can be: nobody's work depends on it."""
        if level.is_sandbox and level in self._used and level not in self._begun:
            with contextlib.suppress(GraderError):
                self._begun[level] = Reader(level), time.monotonic()
        self._used.add(level)

    def forget(self) -> None:
        """In a copy of the process that began them."""
        self._begun.clear()


_spares = _Spares()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_spares.forget)


@contextlib.contextmanager
def reader(level: Level, sources: Sequence[Source], deadline: float) -> Iterator[Reader]:
    """A reader for these, which ends with the block. deadline: of time.monotonic. GraderError where the system does not
    start one."""
    with _spares.take(level, sources, deadline) as taken:
        yield taken
    _spares.begin_next(level)


class ClassReader(Reader):
    """A reader of the archive of a class, which may take longer and more."""

    limits: Mapping[str, int] = {**Reader.limits, "RLIMIT_AS": 768 * MIB, "RLIMIT_CPU": CLASS_SECONDS}
    most = MAX_CLASS_FILES
    room = MAX_CLASS


def _why(why: str, data: dict[str, Any]) -> str:
    """Why something is not read, in words."""
    try:
        shown = {name: printable(str(value)[:MAX_WHY]) for name, value in data.items() if type(value) in (str, int)}
        return messages.LEFT_OUT[why].format_map(shown)
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise nonsense("a reason that is none") from error
