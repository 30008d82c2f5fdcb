"""What hidden tests are written with: check puts probes to the learner and compares, draw gives random inputs."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from grader import messages
from grader.compare import ATOL, RTOL, same, show
from grader.errors import GraderError, LearnerFault
from grader.model import Asked, Exercise, Finding, Manifest
from grader.pasteable import pasteable
from grader.reference import Reference, reference
from grader.sandbox.protocol import Raised
from grader.sandbox.session import PROBE_SECONDS, Session

MAKE_VALUE = "v = Value(0.5)"


class LearnerFailure(Exception):
    """A hidden test's verdict: the learner's answer is wrong. Any other exception is the grader's fault."""

    def __init__(self, finding: Finding, hung: bool = False) -> None:
        super().__init__(finding.error or f"{finding.got} != {finding.want}")
        self.finding = finding
        self.hung = hung


class Draw:
    """Random inputs, the same for the same seed and test. Two decimals, so that a learner can read them."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)

    def begin(self, test: str) -> None:
        """From here on the numbers of this test."""
        self.random.seed(f"{self.seed}/{test}")

    def real(self, low: float = -3.0, high: float = 3.0) -> float:
        """A number between low and high that is not 0, 1 or 2 (where + and * give the same, or hide a mistake)."""
        while True:
            number = round(self.random.uniform(low, high), 2)
            if abs(number) > 0.09 and abs(number - 1) > 0.09 and abs(number - 2) > 0.09 and abs(number + 1) > 0.09:
                return number

    def reals(self, n: int, low: float = -3.0, high: float = 3.0) -> list[float]:
        """n different numbers."""
        numbers: list[float] = []
        while len(numbers) < n:
            number = self.real(low, high)
            if number not in numbers:
                numbers.append(number)
        return numbers


class Check:
    """Asks one session the questions of one exercise; raises LearnerFailure where an answer is wrong.

    A script is plain Python in the kit's own style, so that it can be pasted as it is.
    """

    def __init__(self, session: Session, manifest: Manifest, has_passed: Callable[[str], bool]) -> None:
        """has_passed: whether all tests of an exercise, by its id, have been run and have passed."""
        self._session = session
        self._manifest = manifest
        self._has_passed = has_passed
        self.begin("", None, math.inf)

    def begin(self, asked: str, refusal: Finding | None, end: float) -> None:
        """The next test: the truth that it states, and why its questions are not to be put, if they are not.

        end: when (in time.monotonic) its exercise has had its time.
        """
        self._asked = asked
        self._refusal = refusal
        self._end = end
        self.has_asked = False
        self.asked: list[Asked] = []  # the questions that were put to the submission

    def __call__(
        self,
        script: str,
        *reads: str,
        cpu_seconds: float = PROBE_SECONDS,
        oracle: Reference | None = None,
        rtol: float = RTOL,
        atol: float = ATOL,
    ) -> None:
        """Run the script; each read must give what it gives on the reference (or on another oracle)."""
        got = self.ask(script, *reads, cpu_seconds=cpu_seconds)
        self.asked[-1] = dataclasses.replace(self.asked[-1], tolerance=(rtol, atol))
        want = (oracle or reference()).ask(script, reads)
        for read, its, right in zip(reads, got, want, strict=True):
            if not same(its, right, rtol, atol):
                self.fail(script, read, its, show(right))

    def note(self, script: str, *reads: str) -> None:
        """Ask for the sake of the diagnosis: right answers differ, so that none is judged."""
        with contextlib.suppress(LearnerFailure):
            self.ask(script, *reads)
            self.asked[-1] = dataclasses.replace(self.asked[-1], is_judged=False)

    def equals(self, want: Any, script: str, read: str, cpu_seconds: float = PROBE_SECONDS) -> None:
        """The read must give want: for what is known without putting the probe to the reference."""
        (got,) = self.ask(script, read, cpu_seconds=cpu_seconds)
        if not same(got, want):
            self.fail(script, read, got, show(want))

    def ask(self, script: str, *reads: str, cpu_seconds: float = PROBE_SECONDS) -> list[Any]:
        """The learner's answers to each read, of any shape; where the code raises or hangs the test has failed."""
        self.has_asked = True
        if self._refusal is not None:
            raise LearnerFailure(dataclasses.replace(self._refusal, asked=self._asked))
        if time.monotonic() > self._end:
            raise LearnerFailure(Finding(self._asked, error=messages.TOO_SLOW), hung=True)
        if self._session.measured.get(MAKE_VALUE, ()) is None and "Value(" in script:
            raise LearnerFailure(Finding(self._asked, error=messages.NO_VALUE), hung=True)
        question = Asked(script, reads, is_large=cpu_seconds != PROBE_SECONDS)
        try:
            answers = self._session.ask(script, reads, cpu_seconds)
        except LearnerFault as fault:
            self.asked.append(dataclasses.replace(question, fault=fault.kind, was_right=False))
            hung = fault.kind == "timeout" and cpu_seconds >= PROBE_SECONDS  # else it was only too slow
            if hung:
                self._measure(MAKE_VALUE, "v.data")  # is it that no Value can be made?
            shown = self._pasteable(script, reads[0])
            finding = Finding(self._asked, shown, error=str(fault), is_endless=fault.kind == "timeout")
            raise LearnerFailure(finding, hung) from None
        if isinstance(answers, Raised):
            self.asked.append(
                dataclasses.replace(question, error=answers.type, message=answers.message, was_right=False)
            )
            gap = answers.message if answers.type == "NotImplementedError" else ""
            finding = Finding(
                self._asked,
                # Where no line of the learner's raised, one of the reads did.
                self._pasteable(script, reads[0] if answers.place else ", ".join(reads)),
                error=_explained(answers),
                raised=True,
                place=answers.place,
                gap=gap if gap in self._manifest.by_id else "",
            )
            raise LearnerFailure(finding)
        self.asked.append(dataclasses.replace(question, answers=answers))
        return answers

    def fail(self, script: str, read: str, got: Any, want: str) -> NoReturn:
        """Say that this read gave got where want (text) was expected."""
        self.asked[-1] = dataclasses.replace(self.asked[-1], was_right=False)
        shown = show(got)
        if shown == want:  # they differ further on than is shown
            shown, want = show(got, digits=17), f"{want}{messages.ROUNDED}"
        raise LearnerFailure(Finding(self._asked, self._pasteable(script, read), shown, want))

    def either(self, *attempts: Callable[[], None]) -> None:
        """Ask the same thing in ways that suit different styles: one right answer is enough.

        Where all fail, the first failure counts; an unfilled gap or a hang ends it at once.
        """
        failures: list[LearnerFailure] = []
        for attempt in attempts:
            try:
                attempt()
                return
            except LearnerFailure as failure:
                if failure.hung:
                    raise
                failures.append(failure)
                if failures[0].finding.gap:
                    break
        raise failures[0]

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
        """Check the value of `result` and the gradient of every input, and what `also` reads.

        inputs become Values; body makes the result of them. Then its gradient is set to upstream and `run` walks
        backward; in a style whose nodes cannot be asked one by one, backward() does it. Where the result is smooth,
        finite differences of the reference must agree with the reference's gradients first: two oracles that
        disagree are the grader's fault.
        """
        make = "; ".join(f"{name} = Value({value!r})" for name, value in inputs.items())
        forward = f"{make}\n{body}"
        reads = (f"{result}.data", *(f"{name}.grad" for name in inputs), *also)
        if run:
            one_by_one = f"{forward}\n{result}.grad = {upstream!r}\n{run}"
            at_once = f"{forward}\n{self._from_above(result, upstream)}"
        else:
            one_by_one = at_once = f"{forward}\n{result}.backward()"
        if smooth:
            _compare_oracles(forward, result, inputs, upstream, reference().ask(one_by_one, reads)[1:])
        if self._nodes_hand_on():
            try:
                self(one_by_one, *reads)
            except LearnerFailure as failure:
                # In another style backward() may do it. But where nothing is to arrive, as below 0 in a relu, a
                # backward() that is wrong itself would hide a mistake.
                nothing_arrives = same(reference().ask(one_by_one, reads), reference().ask(forward, reads))
                if (nothing_arrives and not failure.finding.raised) or failure.finding.gap:
                    raise
                self.either(functools.partial(_raise, failure), functools.partial(self, at_once, *reads))
        else:
            self(at_once, *reads)

    def _from_above(self, result: str, upstream: float) -> str:
        """The lines that walk down through the result by backward(), from a node above it."""
        if not self._nodes_hand_on():
            return f"z = {result} * {upstream!r}; z.backward()"
        hand_on = f"setattr({result}, 'grad', {result}.grad + {upstream!r} * top.grad)"
        return f"top = Value(0.5, ({result},)); top._backward = lambda *_: {hand_on}; top.backward()"

    def takes_children(self) -> bool:
        """Whether a Value can be made of other Values without an operation."""
        found: object = self._measure("a = Value(0.5); b = Value(0.5, (a,))", "[node.data for node in b._prev]")
        return found == [[0.5]]

    def _nodes_hand_on(self) -> bool:
        """Whether the submission's nodes look as if one could be asked to hand on its gradient."""
        found: object = self._measure("v = Value(1.5)", "hasattr(v, '_backward') and hasattr(v, '_prev')")
        return found != [False]

    def neurons_like_the_learners(self) -> Reference:
        """The reference with the activation that the learner's own neuron was measured to have.

        So that a neuron without tanh costs the exercise `neuron`, not every exercise that is made of neurons.
        """
        if self._has_passed("neuron"):
            return reference()
        script = "n = Neuron(3); n.w[0].data = 1.0; n.w[1].data = n.w[2].data = n.b.data = 0.0"
        x, y = "[Value(0.5), Value(0.5), Value(0.5)]", "[Value(-0.5), Value(0.5), Value(0.5)]"
        found = self._measure(script, f"n({x}).data", f"n({y}).data")
        measured = {"relu": [0.5, 0.0], "none": [0.5, -0.5]}
        return reference(next((name for name, values in measured.items() if same(found, values)), "tanh"))

    def has(self, symbol: str) -> bool:
        """Whether the submission defines this symbol of the manifest."""
        return self._session.symbols[symbol] is not None

    def _measure(self, script: str, *reads: str) -> Any:
        """What the learner's code gives to a question about its style, asked once a session; None if it does not."""
        if self._refusal is not None:
            return None
        measured = self._session.measured
        if script not in measured:
            try:
                measured[script] = self._session.ask(script, reads)
            except LearnerFault as fault:
                measured[script] = None if fault.kind == "timeout" else False
        return measured[script]

    def _pasteable(self, script: str, read: str) -> str:
        return pasteable(script, read, self._manifest)


def _explained(error: Raised) -> str:
    """An exception in words; more of them where the confinement will have caused it."""
    if error.type == "MemoryError":
        return messages.NO_MEMORY.format(why=error)
    return messages.FORBIDDEN.format(why=error) if error.is_forbidden else str(error)


def _raise(failure: LearnerFailure) -> None:
    raise failure


def _compare_oracles(
    forward: str, result: str, inputs: Mapping[str, float], upstream: float, gradients: Sequence[float]
) -> None:
    """GraderError where the reference's gradients are not the slopes of the reference's own values."""

    def value(at: Mapping[str, float]) -> float:
        make = "; ".join(f"{name} = Value({number!r})" for name, number in at.items())
        body = forward.partition("\n")[2]
        (found,) = reference().ask(f"{make}\n{body}", (f"{result}.data",))
        return float(found)

    h = 1e-5
    for (name, number), gradient in zip(inputs.items(), gradients, strict=False):
        up, down = {**inputs, name: number + h}, {**inputs, name: number - h}
        slope = upstream * (value(up) - value(down)) / (2 * h)
        if not math.isclose(slope, gradient, rel_tol=1e-4, abs_tol=1e-6):
            raise GraderError(messages.ORACLES_DISAGREE.format(script=forward.replace("\n", "; ")))


def nothing_to_ask(exercise: Exercise, session: Session, refused: Mapping[str, str]) -> Finding | None:
    """What is wrong where an exercise cannot be asked at all: its file cannot be read, or nothing of it is there."""
    if any(session.symbols[symbol] is not None for symbol in exercise.symbols):
        return None
    module = exercise.file.removesuffix(".py")
    why = refused.get(exercise.file) or session.broken.get(module)
    if why is None and module not in {file.module for file in session.load.files}:
        why = next(iter(session.broken.values()), None)  # whatever was to hold it cannot be read
    if why:
        return Finding("", error=why)
    return Finding("", error=messages.MISSING_SYMBOL.format(symbol=exercise.symbols[0]), gap=exercise.id)
