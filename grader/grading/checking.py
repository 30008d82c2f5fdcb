"""The check that hidden tests are given (kit/asking.py says what it does): it asks, and compares."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from grader.base import messages
from grader.base.compare import ATOL, RTOL, same, show, small
from grader.base.errors import Fault, GraderError, LearnerFault
from grader.base.model import Place
from grader.base.pasteable import pasteable
from grader.base.report import Finding
from grader.base.text import cut
from grader.base.wording import explain
from grader.grading.minimal import shorter
from grader.grading.outcomes import Asked
from grader.grading.reference import Reference, reference
from grader.grading.style import Measured
from grader.kit import Kit
from grader.kit.asking import PROBE_SECONDS, Oracle
from grader.kit.gaps import around
from grader.kit.model import Exercise, Manifest
from grader.sandbox.protocol import Raised
from grader.sandbox.session import Session

# Bytes in JSON of what is the submission's own in its findings; a report has them twice. Each finding has a few for
# itself, and what the longer ones take comes from one room for all of them.
FREE_SAID = 120
MAX_SAID = 20_000
MAX_IMPORT = 40  # characters of the module that a question is shown to import from
MAKE_VALUE = "v = Value(0.5)"


class LearnerFailure(Exception):
    """A hidden test's verdict: the learner's answer is wrong. Any other exception is the grader's fault."""

    def __init__(self, finding: Finding, hung: bool = False) -> None:
        super().__init__(finding, hung)
        self.finding = finding
        self.hung = hung

    def __str__(self) -> str:
        return "\n".join(explain(self.finding))


@dataclasses.dataclass(frozen=True)
class _Known:
    """An oracle that was asked before."""

    answers: list[Any]

    def ask(self, _script: str, _reads: tuple[str, ...]) -> list[Any]:
        return self.answers


class Checker:
    """Asks one session the questions of one exercise; raises LearnerFailure where an answer is wrong."""

    def __init__(self, session: Session, kit: Kit, has_passed: Callable[[str], bool]) -> None:
        """has_passed: whether all tests of an exercise, by its id, have been run and have passed."""
        self._session = session
        self._kit = kit
        self.style = Measured(session, kit, has_passed)
        self._room = MAX_SAID
        self.begin("", None, math.inf)

    def begin(self, truth: str, refusal: Finding | None, end: float) -> None:
        """The next test: the truth that it states, and why its questions are not to be put, if they are not.

        end: when (in time.monotonic) its exercise has had its time.
        """
        self._truth = truth
        self._refusal = refusal
        self.style.is_refused = refusal is not None
        self._end = end
        self.has_asked = False
        self.asked: list[Asked] = []  # the questions that were put to the submission

    def __call__(
        self,
        script: str,
        *reads: str,
        cpu_seconds: float = PROBE_SECONDS,
        oracle: Oracle | None = None,
        rtol: float = RTOL,
        atol: float = ATOL,
    ) -> None:
        __tracebackhide__ = True  # pytest by hand shows the line of the test, and not these
        # The right answers are found out, and kept, while the worker finds out the submission's.
        meanwhile = functools.partial(self._reference.ask, script, reads) if oracle is None else None
        answers = self.ask(script, *reads, cpu_seconds=cpu_seconds, meanwhile=meanwhile)
        if (rtol, atol) != (RTOL, ATOL):
            self.asked[-1] = dataclasses.replace(self.asked[-1], tolerance=(rtol, atol))
        wanted = (oracle or self._reference).ask(script, reads)
        for read, got, want in zip(reads, answers, wanted, strict=True):
            if not same(got, want, rtol, atol):
                self.fail(script, read, got, show(want))

    @property
    def _reference(self) -> Reference:
        return reference(self._kit)

    def note(self, script: str, *reads: str) -> None:
        with contextlib.suppress(LearnerFailure):
            self.ask(script, *reads)
            self.asked[-1] = dataclasses.replace(self.asked[-1], is_judged=False)

    def equals(self, want: Any, script: str, read: str, cpu_seconds: float = PROBE_SECONDS) -> None:
        __tracebackhide__ = True
        (got,) = self.ask(script, read, cpu_seconds=cpu_seconds)
        if not same(got, want):
            self.fail(script, read, got, show(want))

    def ask(
        self,
        script: str,
        *reads: str,
        cpu_seconds: float = PROBE_SECONDS,
        meanwhile: Callable[[], object] | None = None,
    ) -> list[Any]:
        __tracebackhide__ = True
        self.has_asked = True
        self._check_askable(script)
        is_large = cpu_seconds != PROBE_SECONDS
        try:
            answers = self._session.ask(script, reads, cpu_seconds, meanwhile)
        except LearnerFault as fault:
            self.asked.append(Asked(script, reads, fault=fault.kind, was_right=False, is_large=is_large))
            raise self._no_answer(script, reads, fault, cpu_seconds) from None
        if isinstance(answers, Raised):
            error, said = answers.type, answers.message
            self.asked.append(Asked(script, reads, error=error, message=said, was_right=False, is_large=is_large))
            raise self._raised(script, reads, answers)
        answers = small(answers)  # nothing holds on to the rest
        self.asked.append(Asked(script, reads, answers, is_large=is_large))
        return answers

    def _check_askable(self, script: str) -> None:
        """LearnerFailure where it is known that there will be no answer, or there is no time for one."""
        __tracebackhide__ = True
        if self._refusal is not None:
            raise self._failure(dataclasses.replace(self._refusal, asked=self._truth))
        if time.monotonic() > self._end:
            raise self._failure(Finding(self._truth, error=messages.TOO_SLOW), hung=True)
        if self._session.measured.get((MAKE_VALUE, ("v.data",)), ()) is None and "Value(" in script:
            raise self._failure(Finding(self._truth, error=messages.NO_VALUE), hung=True)

    def _no_answer(self, script: str, reads: Sequence[str], fault: LearnerFault, cpu_seconds: float) -> LearnerFailure:
        """The verdict where the process hung or died."""
        hung = fault.kind is Fault.TIMEOUT and cpu_seconds >= PROBE_SECONDS  # else it was only too slow
        if hung:
            self.style.measure(MAKE_VALUE, "v.data")  # is it that no Value can be made?
        shown = self._pasteable(script, reads[0])
        return self._failure(Finding(self._truth, shown, error=str(fault), fault=fault.kind), hung)

    def _raised(self, script: str, reads: Sequence[str], error: Raised) -> LearnerFailure:
        """The verdict where the learner's code raised."""
        is_gap = error.type == "NotImplementedError" and error.message in self._kit.manifest.by_id
        # Where no line of the learner's raised, one of the reads did.
        read = reads[0] if error.place else ", ".join(reads)
        finding = Finding(
            self._truth,
            self._pasteable(script, read),
            error=_explained(error),
            raised=True,
            place=error.place,
            gap=error.message if is_gap else "",
            printed=self._session.printed(),
        )
        return self._failure(finding)

    def fail(self, script: str, read: str, got: Any, want: str) -> NoReturn:
        __tracebackhide__ = True
        self.asked[-1] = dataclasses.replace(self.asked[-1], was_right=False)
        script = script if self.asked[-1].is_large else self._minimal(script, read, got)
        shown = show(got)
        if shown == want:  # they differ further on than is shown
            shown, want = show(got, digits=17), f"{want}{messages.ROUNDED}"
        printed = self._session.printed()
        raise self._failure(Finding(self._truth, self._pasteable(script, read), shown, want, printed=printed))

    def _failure(self, finding: Finding, hung: bool = False) -> LearnerFailure:
        """The verdict, with as much of what is the submission's own in it as there is room for in a report: what was
        printed goes first, and the beginning of what was answered or raised stays."""
        if _own_bytes(finding) - FREE_SAID > self._room // 2:
            finding = dataclasses.replace(finding, printed=())
        if _own_bytes(finding) - FREE_SAID > self._room:
            half = FREE_SAID // 2
            place = finding.place if _place_bytes(finding.place) <= half else None
            error, got = cut(finding.error, half), cut(finding.got, half)
            finding = dataclasses.replace(finding, error=error, got=got, source="", place=place)
        self._room -= max(0, _own_bytes(finding) - FREE_SAID)
        return LearnerFailure(finding, hung)

    def _minimal(self, script: str, read: str, got: Any) -> str:
        """The script without what the read does not need, where both sides answer that as they have answered it all."""

        def asks_the_same(short: str) -> bool:
            try:
                return _shown(self._reference.ask(short, (read,))) == right
            except Exception:  # noqa: BLE001 - a name is missing, or whatever it is
                return False

        right = _shown(self._reference.ask(script, (read,)))
        for short in shorter(script, read, asks_the_same):
            with contextlib.suppress(LearnerFault):
                answers = self._session.ask(short, (read,))
                if not isinstance(answers, Raised):  # what was asked may change what is answered next: diagnosis knows
                    answers = small(answers)
                    self.asked.append(Asked(short, (read,), answers, is_judged=False, counts=False))
                if _shown(answers) == _shown([got]):
                    return short
        return script

    def either(self, *attempts: Callable[[], None]) -> None:
        __tracebackhide__ = True
        self._either(attempts, lambda failure: True)

    def _either(self, attempts: Sequence[Callable[[], None]], goes_on: Callable[[LearnerFailure], bool]) -> None:
        """goes_on: whether another way is tried after a failure."""
        __tracebackhide__ = True
        # An unfilled gap or a hang ends it at once: another way would meet it again.
        failures: list[LearnerFailure] = []
        for attempt in attempts:
            try:
                attempt()
                return
            except LearnerFailure as failure:
                failures.append(failure)
                if failure.hung or failures[0].finding.gap or not goes_on(failure):
                    break
        answered = [failure for failure in failures if not failure.finding.raised]
        raise failures[-1] if failures[-1].hung else (answered or failures)[0]

    def slopes(
        self,
        inputs: Mapping[str, float],
        body: str,
        result: str = "y",
        upstream: float = 1.0,
        run: str = "y._backward()",
        smooth: bool = True,
        also: Sequence[str] = (),
    ) -> None:
        __tracebackhide__ = True
        forward = f"{_make(inputs)}\n{body}"
        reads = (f"{result}.data", *(f"{name}.grad" for name in inputs), *also)
        one_by_one = f"{forward}\n{result}.grad = {upstream!r}\n{run}"
        if smooth:
            self._compare_oracles(forward, result, inputs, upstream, self.right(one_by_one, *reads)[1:])
        if not self.style.nodes_hand_on():
            self.either(*self._by_backward(forward, result, upstream, run, reads))
            return
        # In another style backward() may do it, from a node above. But where nothing is to arrive, as below 0 in a
        # relu, a backward() that is wrong itself would hide a mistake.
        nothing_arrives = same(self.right(one_by_one, *reads), self.right(forward, *reads))
        by_hand = functools.partial(self, one_by_one, *reads)
        hand_on = f"setattr({result}, 'grad', {result}.grad + {upstream!r} * top.grad)"
        top = f"top = Value(0.5, ({result},)); top._backward = lambda *_: {hand_on}; top.backward()"
        ways = (by_hand, functools.partial(self, f"{forward}\n{top}", *reads))
        self._either(ways, lambda failure: failure.finding.raised or not nothing_arrives)

    def gradients(self, inputs: Mapping[str, float], body: str, result: str = "y", smooth: bool = True) -> None:
        __tracebackhide__ = True
        forward = f"{_make(inputs)}\n{body}"
        script = f"{forward}\n{result}.backward()"
        reads = (f"{result}.data", *(f"{name}.grad" for name in inputs))
        if smooth:
            self._compare_oracles(forward, result, inputs, 1.0, self.right(script, *reads)[1:])
        self(script, *reads)

    def right(self, script: str, *reads: str) -> list[Any]:
        return self._reference.ask(script, reads)

    def _by_backward(
        self, forward: str, result: str, upstream: float, run: str, reads: Sequence[str]
    ) -> list[Callable[[], None]]:
        """The ways to ask by backward() alone, where nodes cannot be asked one by one.

        No way rests on what the others rest on: a product above the node, a sum, or, where backward() itself sets
        nothing at the root, a gradient that is set there.
        """
        if not self.style.seeds():
            given = f"{forward}\n{result}.grad = {upstream!r}"
            right = _Known(self.right(f"{given}\n{run}", *reads))
            scripts = (f"{given}\n{result}.backward()", f"{given}\n{run.replace('_backward', 'backward')}")
            return [functools.partial(self, script, *reads, oracle=right) for script in scripts]
        above = (f"top = {result} * Value({upstream!r})", f"top = {result} + {result} + {result}")
        return [functools.partial(self, f"{forward}\n{line}; top.backward()", *reads) for line in above]

    def has(self, symbol: str) -> bool:
        return self._session.symbols[symbol] is not None

    def _compare_oracles(
        self, forward: str, result: str, inputs: Mapping[str, float], upstream: float, gradients: Sequence[float]
    ) -> None:
        """GraderError where the reference's gradients are not the slopes of the reference's own values."""
        body = forward.partition("\n")[2]

        def value(at: Mapping[str, float]) -> float:
            return float(self.right(f"{_make(at)}\n{body}", f"{result}.data")[0])

        h = 1e-5
        for (name, number), gradient in zip(inputs.items(), gradients, strict=False):
            up, down = {**inputs, name: number + h}, {**inputs, name: number - h}
            slope = upstream * (value(up) - value(down)) / (2 * h)
            if not math.isclose(slope, gradient, rel_tol=1e-4, abs_tol=1e-6):
                raise GraderError(messages.ORACLES_DISAGREE.format(script=forward.replace("\n", "; ")))

    def _pasteable(self, script: str, read: str) -> str:
        return pasteable(script, read, self._homes)

    @functools.cached_property
    def _homes(self) -> dict[str, str]:
        """Each of the kit's names, and the module that somebody in the submission's folder can import it from."""
        found = {}
        files = [*self._session.load.files, *self._session.load.others]
        for name, home in self._kit.manifest.homes.items():
            files.sort(key=lambda file: file.module != home)
            file = next((file for file in files if _definition(name).search(file.text)), None)
            module = file.path.removesuffix(".py").split("/") if file else []
            is_short = file is not None and len(file.path) <= MAX_IMPORT
            found[name] = ".".join(module) if is_short and all(map(str.isidentifier, module)) else home
        return found


def _own_bytes(finding: Finding) -> int:
    """How many bytes in JSON of a finding are the submission's own."""
    own = [text for text in (finding.error, finding.got, finding.source, *finding.printed) if text]
    return sum(len(json.dumps(text)) for text in own) + _place_bytes(finding.place)


def _place_bytes(place: Place | None) -> int:
    return len(json.dumps([place.path, place.shown])) if place else 0


def _explained(error: Raised) -> str:
    """An exception in words; more of them where the confinement will have caused it."""
    if error.type == "MemoryError":
        return messages.NO_MEMORY.format(why=error)
    return messages.FORBIDDEN.format(why=error) if error.is_forbidden else str(error)


def _shown(answers: object) -> str:
    """Answers with all their digits, the items of sets in order."""
    return show(answers, digits=17)


def _definition(name: str) -> re.Pattern[str]:
    """What the definition of a class or a function looks like in a text."""
    return re.compile(rf"^[ \t]*(?:class|def)[ \t]+{name}\b", re.MULTILINE)


def _make(inputs: Mapping[str, float]) -> str:
    """The line that makes Values of the inputs."""
    return "; ".join(f"{name} = Value({value!r})" for name, value in inputs.items())


def nothing_to_ask(
    exercise: Exercise, session: Session, refused: Mapping[str, str], manifest: Manifest
) -> Finding | None:
    """What is wrong where an exercise cannot be asked at all: its file cannot be read, or nothing of it is there."""
    if any(session.symbols[symbol] is not None for symbol in exercise.symbols):
        return None
    if exercise.file in refused:
        return Finding("", error=refused[exercise.file])
    return _no_python(exercise, session, manifest) or Finding(
        "", error=messages.MISSING_SYMBOL.format(symbol=exercise.symbols[0]), gap=exercise.id
    )


def _no_python(exercise: Exercise, session: Session, manifest: Manifest) -> Finding | None:
    """What is wrong where the file that holds an exercise is no Python. Of all that it holds, one exercise tells it:
    the one whose gap the line is in, or else the first."""
    name = exercise.symbols[0].partition(".")[0]
    for file in session.load.files:
        broken = session.broken.get(file.module) or session.flawed.get(file.module)
        if broken is None or not (f"{file.module}.py" == exercise.file or _definition(name).search(file.text)):
            continue
        inside = around(file.text, broken.place.line) if broken.place else ""
        first = next(other.id for other in manifest.exercises if other.file == exercise.file)
        told_at = inside if inside in manifest.by_id else first
        if file.cells and file.module not in session.broken and exercise.id != told_at:
            continue  # of a notebook, no more is lost than the cell
        elsewhere = told_at if told_at != exercise.id else ""
        return Finding("", error=str(broken), place=broken.place, source=broken.source, told_at=elsewhere)
    return None
