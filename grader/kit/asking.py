"""What a hidden test is written with: check puts questions to the submission, draw gives random inputs.

    @pytest.mark.exercise("mul")
    def test_product(check: Check, draw: Draw) -> None:
        \"\"\"The truth that this test states, as the learner reads it.\"\"\"
        check(f"a = Value({draw.real()}); b = Value({draw.real()})", "(a * b).data")

A question is a few lines of plain Python, as a learner would write them, and the expressions to read afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, Protocol

from grader.base.compare import ATOL, RTOL

PROBE_SECONDS = 2.0  # CPU seconds for one question, unless it says otherwise


DEFAULT_SEED = 1  # of the random inputs


class Draw:
    """Random inputs, the same for the same seed and test. Two decimals, so that a learner can read them."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)  # noqa: S311 - random inputs, not secrets

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


class Oracle(Protocol):
    """An implementation that gives the right answers."""

    def ask(self, script: str, reads: tuple[str, ...]) -> list[Any]:
        """The answers to a question, one for each read."""


class Style(Protocol):
    """What is measured of the style of a submission, so that it can be asked in its own way."""

    def sets_gradients(self) -> bool:
        """Whether a gradient can be set from outside."""

    def nodes_hand_on(self) -> bool:
        """Whether single nodes can be given a gradient, and asked to hand it on."""

    def walk(self, root: str) -> str:
        """The line that calls backward() on a node; where that does not begin with a gradient of 1, it is set."""

    def adds_up(self) -> bool:
        """Whether gradients add up in the submission's engine, where that is no matter of single operations."""

    def clears(self) -> bool:
        """Whether backward() clears the gradients that are there, where that is no matter of single operations."""

    def takes_children(self) -> bool:
        """Whether its Values can be made of other Values without an operation."""

    def neurons(self) -> Oracle:
        """The reference with the activation that the submission's own neuron was measured to have."""

    def networks(self) -> Oracle:
        """The same, and with a last layer that is as linear as the submission's was measured to be."""


class Check(Protocol):
    """Puts the questions of one exercise to the submission; where an answer is wrong the test ends as failed."""

    @property
    def style(self) -> Style:
        """What is known of the submission's style."""

    def __call__(
        self,
        script: str,
        *reads: str,
        cpu_seconds: float = PROBE_SECONDS,
        oracle: Oracle | None = None,
        rtol: float = RTOL,
        atol: float = ATOL,
    ) -> None:
        """Run the script; each read must give what it gives on the reference (or on another oracle)."""

    def equals(self, want: Any, script: str, read: str, cpu_seconds: float = PROBE_SECONDS) -> None:
        """The read must give want: for what is known without asking the reference."""

    def note(self, script: str, *reads: str) -> None:
        """Ask for the sake of the diagnosis alone: right answers differ, so that none is judged."""

    def ask(self, script: str, *reads: str, cpu_seconds: float = PROBE_SECONDS) -> list[Any]:
        """The submission's answers, of any shape, for the test to judge; where the code raises or hangs it fails."""

    def fail(self, script: str, read: str, got: Any, want: str) -> NoReturn:
        """Say that this read gave got where want (text) was expected."""

    def either(self, *attempts: Callable[[], None]) -> None:
        """Ask the same in ways that suit different styles: one right answer is enough.

        Each way must be able to show every fault. Of failures the first counts that is an answer, and no exception: a
        style may not know the first way at all.
        """

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
        """Check what one operation hands on: the value of `result`, the gradient of every input, what `also` reads.

        inputs become Values, and body makes the result of them. Its gradient is set to upstream, and `run` walks
        backward; in a style whose nodes cannot be asked one by one, backward() does it. Where the result is smooth,
        finite differences of the reference must agree with the reference's gradients first: two oracles that disagree
        are the grader's fault.
        """

    def gradients(self, inputs: Mapping[str, float], body: str, result: str = "y", smooth: bool = True) -> None:
        """Check the value of `result` and the gradient of every input after result.backward()."""

    def right(self, script: str, *reads: str) -> list[Any]:
        """The reference's answers."""

    def has(self, symbol: str) -> bool:
        """Whether the submission defines this symbol of the manifest."""
