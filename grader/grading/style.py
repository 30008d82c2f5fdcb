"""What is measured of the style that a submission's code is written in, so that it can be asked in its own way."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from grader.base.compare import same, small
from grader.base.errors import Fault, LearnerFault
from grader.grading.reference import Reference, reference
from grader.kit import Kit
from grader.sandbox.protocol import Raised
from grader.sandbox.session import Session


class Measured:
    """The style of one submission, as it answers questions that are no part of a test (kit/asking.py, Style).

    is_refused: whether no question is to be put now.
    """

    def __init__(self, session: Session, kit: Kit, has_passed: Callable[[str], bool]) -> None:
        """has_passed: whether all tests of an exercise, by its id, have been run and have passed."""
        self._session = session
        self._kit = kit
        self._has_passed = has_passed
        self.is_refused = False

    def sets_gradients(self) -> bool:
        found: object = self.measure("v = Value(1.5)\ntry: v.grad = 0.5\nexcept AttributeError: pass", "v.grad")
        return found != [0.0]

    def seeds(self) -> bool:
        """Whether backward() sets the gradient of the node that it begins at."""
        found: object = self.measure("v = Value(1.5); v.backward()", "v.grad")
        return found != [0.0]

    def walk(self, root: str) -> str:
        script = "a = Value(1.0); b = a + Value(2.0); c = b + Value(2.0); c.grad = 1.0; c.backward()"
        is_set = self.nodes_hand_on() or self.seeds() or self.measure(script, "a.grad") == [0.0]  # it walks nowhere
        return f"{root}.backward()" if is_set else f"{root}.grad = 1.0; {root}.backward()"

    def adds_up(self) -> bool:
        if self.nodes_hand_on():
            return True
        uses = {"a + a": 2.0, "a * a": 1.0, "a.exp() + a.exp()": 2 * math.exp(0.5), "a ** 2 + a ** 2": 2.0}
        found = (self.measure(f"a = Value(0.5); y = {use}; y.backward()", "a.grad") for use in uses)
        return any(same(answers, [right]) for answers, right in zip(found, uses.values(), strict=True))

    def clears(self) -> bool:
        if self.nodes_hand_on():
            return False
        # With a on the right: an operation that assigns to its first input alone does not look like that.
        slopes = {"Value(2.0) + a": 1.0, "Value(2.0) * a": 2.0, "a.exp()": math.exp(0.5), "a ** 2": 1.0}
        make = "a = Value(0.5); a.grad = 3.0; y = {use}; y.backward()"
        found = [(self.measure(make.format(use=use), "a.grad"), slope) for use, slope in slopes.items()]
        keeps = any(same(answers, [3.0 + slope]) for answers, slope in found)
        return not keeps and any(same(answers, [slope]) for answers, slope in found)

    def takes_children(self) -> bool:
        found: object = self.measure("a = Value(0.5); b = Value(0.5, (a,))", "[node.data for node in b._prev]")
        return found == [[0.5]]

    def nodes_hand_on(self) -> bool:
        """Whether the submission's nodes look as if one could be given a gradient, and asked to hand it on."""
        script = "v = Value(1.5)\ntry: v.grad = 0.5\nexcept AttributeError: pass"
        found: object = self.measure(script, "hasattr(v, '_backward') and hasattr(v, '_prev') and v.grad == 0.5")
        return found != [False]

    def neurons(self) -> Reference:
        return reference(self._kit, self._activation())

    def networks(self) -> Reference:
        # So that a last layer that is not linear costs the one test that is about it.
        script = "net = MLP(1, [2]); n = net.layers[0].neurons[0]; n.w[0].data = 0.0; n.b.data = -2.0"
        found: object = self.measure(script, "net([Value(0.5)])[0].data")
        return reference(self._kit, self._activation(), is_last_linear=found not in ([math.tanh(-2.0)], [0], [0.0]))

    def _activation(self) -> str:
        # So that a neuron without tanh costs the exercise `neuron`, not every exercise that is made of neurons.
        if self._has_passed("neuron"):
            return "tanh"
        script = "n = Neuron(3); n.w[0].data = 1.0; n.w[1].data = n.w[2].data = n.b.data = 0.0"
        x, y = "[Value(0.5), Value(0.5), Value(0.5)]", "[Value(-0.5), Value(0.5), Value(0.5)]"
        answers = self.measure(script, f"n({x}).data", f"n({y}).data")
        answers_with = {"relu": [0.5, 0.0], "none": [0.5, -0.5]}
        return next((name for name, known in answers_with.items() if same(answers, known)), "tanh")

    def measure(self, script: str, *reads: str) -> Any:
        """The answers to a question about the style of the learner's code, asked once a session, or what it raised;
        None where they did not come in time or the question is not to be put, False where the process ended."""
        if self.is_refused:
            return None
        measured, asked = self._session.measured, (script, reads)
        if asked not in measured:
            try:
                answers = self._session.ask(script, reads)
                measured[asked] = answers if isinstance(answers, Raised) else small(answers)
            except LearnerFault as fault:
                measured[asked] = None if fault.kind is Fault.TIMEOUT else False
        return measured[asked]
