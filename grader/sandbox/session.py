"""The trusted end of a session: one submission in one worker at a time.

A session starts a worker, loads the submission into it step by step, and puts probes to it. A worker that hangs, dies
or talks nonsense is killed; LearnerFault says so, and the next probe finds a fresh one, loaded up to (not
including) the step that was fatal.
"""

from __future__ import annotations

import dataclasses
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict

from grader.base import messages
from grader.base.errors import Fault, GraderError, LearnerFault, WorkerLostError
from grader.base.model import Broken, Note, NoteKind, Place, SourceFile, note
from grader.base.text import pointed_at
from grader.sandbox import protocol
from grader.sandbox.confine import start_worker
from grader.sandbox.levels import Level
from grader.sandbox.process import WorkerProcess
from grader.sandbox.protocol import Raised

LOAD_SECONDS = 2.0  # CPU seconds for one top-level step of a file
FILE_SECONDS = 6.0  # seconds by the clock for all the steps of a file
PROBE_SECONDS = 2.0  # CPU seconds for one probe, unless it says otherwise
PRINTED_SECONDS = 0.5  # CPU seconds to hand over what was printed
RUN_SECONDS = 30.0  # seconds by the clock to read a submission and for all the runs: a hundred times the usual
ALL_FILES_SECONDS = 12.0  # seconds by the clock for steps that are left out, of all files
MAX_LEFT_OUT = 20  # steps of a file
MAX_NOTES = 12
MAX_LOST = 3  # workers that something else has ended; each time the session begins anew
NOWHERE = Place("", 0)  # it is defined, and the worker cannot say where


class Fatal(TypedDict):
    """What of a file is not run: see Session."""

    skip: list[int]
    quiet_from: NotRequired[int]


@dataclass(frozen=True)
class Mend:
    """Which symbols of a submission are replaced by the reference's (inside/grafting.py). kept: those that are not.
    classes: whether in the reference's classes, with the kept methods in them, or in the submission's."""

    wanted: Sequence[str]
    kept: Sequence[str]
    classes: bool


@dataclass(frozen=True)
class Load:
    """What a session loads: files in order, others only when they are imported.

    homes: where each name that probes use should be defined. symbols: what to look up the lines of.
    rebind: modules (of the reference) whose names replace the same names in all the others. mend: what else the
    reference replaces.
    """

    files: Sequence[SourceFile]
    others: Sequence[SourceFile]
    packages: Sequence[str]
    homes: dict[str, str]
    symbols: Sequence[str]
    rebind: Sequence[str] = ()
    mend: Mend | None = None


@dataclass
class Session:
    """A submission that answers probes. Entering starts its worker, the first question waits for it to load, and
    leaving ends it. Past the deadline (of time.monotonic) it is asked no more.

    Once loaded, symbols says where the submission defines each symbol (None: not at all), broken why a
    module cannot be used at all, flawed what of the others is no Python, and notes what else went wrong while
    loading. measured is for whoever
    asks: what is known of the submission's style. fatal: module -> {"skip": the steps that are left out as
    they did not come back, ended the process or used up its memory, "quiet_from": the step from which on nothing is run
    that does more than to import, define and name, as there is no time left}. code: files as a
    worker has compiled them, for the next one; nothing here reads it.
    """

    load: Load
    level: Level
    deadline: float = field(default_factory=lambda: time.monotonic() + RUN_SECONDS)
    fatal: dict[str, Fatal] = field(default_factory=dict)
    broken: dict[str, Broken] = field(default_factory=dict)
    flawed: dict[str, Broken] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    measured: dict[tuple[str, tuple[str, ...]], Any] = field(default_factory=dict)
    code: dict[tuple[str, str], str] = field(default_factory=dict)
    _symbols: dict[str, Place | None] | None = None
    _adapt: bool = True
    _is_loaded: bool = False
    _is_fresh: bool = False  # it has been asked nothing yet
    _unusable: LearnerFault | GraderError | None = None
    _worker: WorkerProcess | None = None
    _lost: int = 0
    _wasted: dict[str, float] = field(default_factory=dict)  # module -> seconds for steps that were left out

    def __enter__(self) -> Session:
        self._worker = start_worker(self.level, self.deadline)
        return self

    def __exit__(self, *_: object) -> None:
        self._end_worker()

    def stop(self) -> None:
        """From another thread: it is asked no more, and whoever waits for an answer is told so."""
        self.deadline = -math.inf
        if (worker := self._worker) is not None:
            worker.stop()

    @property
    def symbols(self) -> dict[str, Place | None]:
        """Symbol -> where the submission defines it, or None."""
        if self._symbols is None:
            try:
                self._loaded_worker()
            except LearnerFault as fault:
                self._symbols = self._symbols or dict.fromkeys(self.load.symbols)
                for file in self.load.files:
                    self.broken.setdefault(file.module, Broken(str(fault)))
        return self._symbols or {}

    def ask(
        self,
        script: str,
        reads: Sequence[str],
        cpu_seconds: float = PROBE_SECONDS,
        meanwhile: Callable[[], object] | None = None,
    ) -> list[Any] | Raised:
        """Put one probe: the answers in the form of inside/probes.py (shape unchecked), or what was raised.

        meanwhile: called while the worker works. LearnerFault where the worker hung, died or talked nonsense;
        GraderError where none can be started.
        """
        self._check_time()
        worker = self._loaded_worker()
        is_fresh, self._is_fresh = self._is_fresh, False
        try:
            answers = worker.probe(script, reads, cpu_seconds, meanwhile)
            if isinstance(answers, Raised):
                if answers.has_used_up_something:
                    self._end_worker()  # who knows what it still holds
                    return answers if is_fresh else self.ask(script, reads, cpu_seconds, meanwhile)
                return dataclasses.replace(answers, place=self._known(answers.place))
            if type(answers) is not list or len(answers) != len(reads):
                raise protocol.nonsense("another number of answers than questions")
            return answers
        except LearnerFault as fault:
            self._end_worker()
            if fault.kind in (Fault.CRASH, Fault.PROTOCOL) and not is_fresh:
                # What was asked before may have left it in this state: only a fault in a fresh worker is this one's.
                return self.ask(script, reads, cpu_seconds, meanwhile)
            raise
        except WorkerLostError as error:
            self._lose_worker(error)
            return self.ask(script, reads, cpu_seconds, meanwhile)

    def printed(self) -> tuple[str, ...]:
        """What the submission printed while it worked on the last question, in a few lines; nothing where its process
        has ended meanwhile."""
        if self._worker is None or not self._is_loaded:
            return ()
        try:
            printed = self._worker.request("printed", "printed", PRINTED_SECONDS)
            return () if isinstance(printed, Raised) else protocol.printed(printed)
        except (LearnerFault, WorkerLostError):  # the question has been answered, and the next finds another worker
            self._end_worker()
            return ()

    def _known(self, place: Place | None) -> Place | None:
        """A place, if it is in a file that was handed in; in a notebook, with its cell."""
        if place is None or not place.path:
            return place
        file = next((file for file in (*self.load.files, *self.load.others) if file.path == place.path), None)
        if file is None:
            return None
        if not file.cells:
            return place
        start, number = max((cell for cell in file.cells if cell[0] <= place.line), default=file.cells[0])
        path = file.path.removesuffix(f"/{file.module}.py")
        shown = messages.CELL.format(path=path, number=number, line=place.line - start + 1)
        return dataclasses.replace(place, shown=shown)

    def _check_time(self) -> None:
        if time.monotonic() > self.deadline:
            raise LearnerFault(Fault.BUDGET, messages.TIME_IS_UP)

    def _end_worker(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None
            self._is_loaded = False

    def _lose_worker(self, error: WorkerLostError) -> None:
        """Go on without the worker, which was ended by something else; not for ever."""
        self._end_worker()
        self._lost += 1
        if self._lost > MAX_LOST:
            raise error

    def _loaded_worker(self) -> WorkerProcess:
        """The worker, started and loaded anew as often as something stops it: each time one step less is loaded."""
        if self._worker is not None and self._is_loaded:
            return self._worker
        if self._unusable is not None:
            raise self._unusable
        last_fault: LearnerFault | None = None
        # Every file may stop it as often as steps are left out, and adapting styles.
        for _ in range((MAX_LEFT_OUT + 1) * len(self.load.files) + 2 + MAX_LOST):
            try:
                self._check_time()
                worker = self._worker = self._worker or start_worker(self.level, self.deadline)
                self._load_files(worker)
                self._look_up_symbols(worker)
                self._is_loaded = self._is_fresh = True
                return worker
            except LearnerFault as fault:
                self._end_worker()
                last_fault = fault
                if fault.kind is Fault.BUDGET:
                    break
            except WorkerLostError as error:
                self._lose_worker(error)
            except GraderError as error:
                self._end_worker()
                self._unusable = error
                raise
        assert last_fault is not None
        self._unusable = last_fault
        raise last_fault

    def _load_files(self, worker: WorkerProcess) -> None:
        worker.request("packages", "known", LOAD_SECONDS, names=list(self.load.packages))
        for file in [*self.load.others, *self.load.files]:
            source: dict[str, Any] = {"text": file.text, "cells": [line for line, _ in file.cells]}
            if file.compiled_as in self.code:
                source = {"text": "", "cells": [], "code": self.code[file.compiled_as]}
            source |= {"module": file.module, "path": file.path, **self.fatal.get(file.module, {})}
            worker.request("know", "known", LOAD_SECONDS, **source)
        for file in self.load.files:
            self._check_time()
            if file.module not in self.broken:
                self._load_file(worker, file)

    def _load_file(self, worker: WorkerProcess, file: SourceFile) -> None:
        """Parse a file, then run it step by step."""
        steps = self._steps(worker, file)
        end = time.monotonic() + FILE_SECONDS
        for step in range(len(steps)):
            self._check_time()
            begin = time.monotonic()
            if begin > end:
                raise self._cut_short(file, range(step, len(steps)))
            try:
                self._run_step(worker, file, step)
            except LearnerFault as fault:
                self._leave_out(file, step, fault, time.monotonic() - begin)
                raise

    def _steps(self, worker: WorkerProcess, file: SourceFile) -> list[Any]:
        """For each top-level step of a file whether it is quiet; none where the file is not Python."""
        try:
            opened = worker.request("open", "opened", LOAD_SECONDS, module=file.module)
            if isinstance(opened, Raised):
                self._note(said := self._not_python(file, opened))
                self.broken[file.module] = self._broken(file, opened, said)
                return []
            steps, code = protocol.opened(opened)
            if code:
                self.code.setdefault(file.compiled_as, code)
            return steps
        except LearnerFault as fault:
            self._note(said := note(NoteKind.NOT_PYTHON, place=file.path, why=fault))
            self.broken[file.module] = Broken(str(said))
            raise

    def _run_step(self, worker: WorkerProcess, file: SourceFile, step: int) -> None:
        """Run one step, and note what is wrong with it. LearnerFault where it does not come back."""
        missing = worker.request("run", "missing", LOAD_SECONDS, module=file.module, step=step)
        if isinstance(missing, Raised):
            if missing.has_used_up_something:  # what it holds would be missing for everything that follows
                raise LearnerFault(Fault.CRASH, str(missing))
            if missing.type == "SystemExit":
                self._note(note(NoteKind.STEP_LEFT_OUT, path=file.path, why=messages.EXITED))
                return
            # An import of a file that cannot be read fails too: that has been said where it is.
            if missing.is_syntax and missing.place and missing.place.path == file.path:
                self._note(said := self._not_python(file, missing))
                self.flawed.setdefault(file.module, self._broken(file, missing, said))
            elif not missing.is_syntax or not self.broken:
                self._note(note(NoteKind.STEP_FAILED, **self._where_and_why(file, missing)))
        elif type(missing) is list:
            for name in missing:
                module = protocol.text(name)
                is_ours = module.rpartition(".")[2] in self.load.homes.values()
                kind = NoteKind.MISSING_FILE if is_ours else NoteKind.MISSING_MODULE
                self._note(note(kind, path=file.path, module=module))

    def _leave_out(self, file: SourceFile, step: int, fault: LearnerFault, seconds: float) -> None:
        """The next worker is to do without this step; and where steps have taken all the time that there is for them,
        without all the rest that does more than to import, define and name."""
        fatal = self.fatal.setdefault(file.module, {"skip": []})
        fatal["skip"].append(step)
        self._wasted[file.module] = self._wasted.get(file.module, 0.0) + seconds
        is_over = self._wasted[file.module] > FILE_SECONDS / 2 or sum(self._wasted.values()) > ALL_FILES_SECONDS
        if "quiet_from" not in fatal and (is_over or len(fatal["skip"]) > MAX_LEFT_OUT // 2):
            fatal["quiet_from"] = step
            self._note(note(NoteKind.STOPPED, path=file.path, why=fault))
        else:
            self._note(note(NoteKind.STEP_LEFT_OUT, path=file.path, why=fault))

    def _cut_short(self, file: SourceFile, rest: Sequence[int]) -> LearnerFault:
        """A file has had its time, though every step came back: the next worker runs what is quiet of it alone.

        Where that is slow as well, it does without the rest.
        """
        fault = LearnerFault(Fault.TIMEOUT, messages.TIMEOUT.format(seconds=FILE_SECONDS))
        fatal = self.fatal.setdefault(file.module, {"skip": []})
        if "quiet_from" in fatal:
            fatal["skip"] += rest
        fatal["quiet_from"] = 0
        self._note(note(NoteKind.STOPPED, path=file.path, why=fault))
        return fault

    def _look_up_symbols(self, worker: WorkerProcess) -> None:
        names = {"homes": self.load.homes, "symbols": list(self.load.symbols), "rebind": list(self.load.rebind)}
        mend = dataclasses.asdict(self.load.mend) if self.load.mend else {}
        try:
            found = worker.request("ready", "ready", LOAD_SECONDS, adapt=self._adapt, mend=mend, **names)
            places, value = protocol.ready(found, self.load.symbols)
            if value:
                self._note(note(NoteKind.CLASS_TAKEN, name=value))
            self._symbols = self._symbols or {
                symbol: (place and (self._known(place) or NOWHERE)) for symbol, place in places.items()
            }
        except LearnerFault:
            self._adapt = False  # a constructor that hangs or dies should cost its own exercise only
            raise

    def _not_python(self, file: SourceFile, error: Raised) -> Note:
        if not error.is_newer:
            return note(NoteKind.NOT_PYTHON, **self._where_and_why(file, error))
        homes = set(self.load.homes.values())
        files = ", ".join(f"{home}.py" for home in sorted({file.module} & homes or homes))
        return note(NoteKind.NEWER_PYTHON, **self._where_and_why(file, error), files=files)

    def _where_and_why(self, file: SourceFile, error: Raised) -> dict[str, object]:
        """What a note has to say of an exception."""
        why: object = error
        if error.needs_terminal:
            why = messages.NO_TERMINAL.format(why=error)
        elif error.is_newer:
            why = messages.NEWER.format(why=error, version=".".join(map(str, sys.version_info[:2])))
        return {"place": self._known(error.place) or file.path, "why": why}

    def _broken(self, file: SourceFile, error: Raised, said: Note) -> Broken:
        place = self._known(error.place)
        is_here = place is not None and place.path == file.path
        source = pointed_at(file.text, place.line, error.column) if place and is_here else ""
        return Broken(str(said), place, source)

    def _note(self, said: Note) -> None:
        if said not in self.notes and len(self.notes) <= MAX_NOTES:
            self.notes.append(said if len(self.notes) < MAX_NOTES else note(NoteKind.MORE))
