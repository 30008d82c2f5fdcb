"""Right answers in other people's styles: tests/styles/ holds them, and micrograd itself is graded as it is."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from grader.base.report import ExerciseResult, Report, Verdict
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit

STYLES = Path(__file__).resolve().parent / "styles"

ARITHMETIC = "add mul pow neg-sub div reflected "
FUNCTIONS = "exp log tanh relu "
GRAPH = "topological-sort backward "
ENGINE = ARITHMETIC + FUNCTIONS + GRAPH
NETWORK = "neuron layer mlp parameters "
LOSSES = "mse softmax cross-entropy "
OPTIMISERS = "sgd momentum adagrad rmsprop adamw "
TRAINING = "batches training-loop stopping classifier decision-boundary "
TENSORS = "tensor-elementwise tensor-reduce tensor-matmul tensor-activation two-layer-backward"
# What strangers were asked to write. An exercise that is added to the kit later, none of them had heard of.
ALL = "derivative gradient vector-product manual-backprop nudge manual-neuron deep-graph trace "
ALL += ENGINE + NETWORK + LOSSES + OPTIMISERS + TRAINING

# Recursive, as most engines are: right, but for the bonus exercise that asks for more.
RECURSIVE = {"deep-graph": "failed"}
# Without **, / and what they make possible, 2 - a and 2 / a cannot work either.
NO_DIVISION = {"reflected": "blocked"}

# Submission -> the exercises that it has right, and the status of those that it has in part. The others it lacks.
EXPECTED: dict[str, tuple[str, dict[str, str]]] = {
    "activation_argument": (
        ENGINE + "mlp parameters",
        {"neuron": "partial", "layer": "blocked"} | RECURSIVE,  # they have no argument nonlin
    ),
    "bias_among_weights": ("add mul tanh " + GRAPH + NETWORK, NO_DIVISION | RECURSIVE),
    "children_attached": (ENGINE + "trace", RECURSIVE),
    "composed": (ENGINE, RECURSIVE),
    "contexts": (ENGINE + NETWORK + "trace", RECURSIVE),
    "dataclass_node": (ENGINE + "trace", RECURSIVE),
    "deep_package": (ENGINE + NETWORK, RECURSIVE),
    "gradient_as_argument": (ENGINE, RECURSIVE),
    "kahn": (ENGINE + "deep-graph", {}),
    "label_second": (ARITHMETIC + "exp tanh " + GRAPH, RECURSIVE),
    "local_slopes": (
        ENGINE + "neuron mlp",
        {"layer": "partial", "parameters": "blocked"} | RECURSIVE,  # a list of one, and no zero_grad
    ),
    "long_training/neuron.py": ("add mul tanh neg-sub " + GRAPH + "deep-graph neuron", {}),
    "notebook/lecture.py": (
        "add mul tanh " + GRAPH + "neuron layer mlp trace",
        {"parameters": "partial"} | NO_DIVISION | RECURSIVE,  # no zero_grad
    ),
    "one_file/my_autograd.py": (ALL, {}),
    "one_path_at_a_time": (
        ARITHMETIC + "tanh backward " + NETWORK,
        {"topological-sort": "partial", "deep-graph": "blocked"},  # it visits a node once for each path
    ),
    "own_file_names": ("add mul tanh neg-sub " + GRAPH + "deep-graph " + NETWORK, {}),
    "package": (ENGINE + NETWORK + LOSSES + OPTIMISERS + TRAINING + "trace", RECURSIVE),
    "reflective_modules": ("add mul tanh " + GRAPH + NETWORK, NO_DIVISION | RECURSIVE),
    "requires_grad": (ARITHMETIC + "exp relu " + GRAPH + "deep-graph", {}),
    "rules_in_backward": (ENGINE + "deep-graph", {}),
    "slotted_dispatch": (ENGINE, RECURSIVE),
    "tape": (ENGINE + "deep-graph", {}),
    "tensor_in_loops": (TENSORS, {}),
}

MICROGRAD = (
    ARITHMETIC + "relu " + GRAPH + "layer mlp parameters",
    {"neuron": "partial"} | RECURSIVE,  # its neurons use relu in place of tanh
)


def graded(path: Path) -> Report:
    """Give the report on a submission."""
    return grade(read_submission(path, read_kit().manifest), read_kit(), seed=1)


def check_statuses(report: Report, expected: tuple[str, dict[str, str]]) -> None:
    """Assert that every exercise of ALL has the status that is expected of it."""
    right, in_part = expected
    want = dict.fromkeys(ALL.split(), "not-started") | dict.fromkeys(right.split(), "passed") | in_part
    results = [result for result in report.results if result.id in want]
    got = {result.id: str(result.status) for result in results}
    differing = [result for result in results if got[result.id] != want[result.id]]
    assert got == want, "\n".join(why(result) for result in differing)


def why(result: ExerciseResult) -> str:
    """Say what became of the tests of an exercise."""
    lines = [f"{result.id} is {result.status}"]
    lines += [
        f"  {test.id}: {test.finding or test.detail}" for test in result.tests if test.verdict is not Verdict.PASSED
    ]
    return "\n".join(lines)


def failures(report: Report, exercise: str) -> list[str]:
    """Give what each failed test of an exercise says, apart from the script."""
    tests = next(result.tests for result in report.results if result.id == exercise)
    findings = [test.finding for test in tests if test.finding is not None]
    return [f"{f.asked} {f.error or f'{f.got} is not {f.want}'}" for f in findings]


def test_every_folder_has_its_row() -> None:
    """Every folder of tests/styles has its row in the table."""
    assert {path.name for path in STYLES.iterdir()} == {name.partition("/")[0] for name in EXPECTED}


@pytest.mark.parametrize("name", EXPECTED)
def test_right_answers_pass_in_every_style(name: str) -> None:
    """What a stranger has right is passed, what is lacking is not started, and a deep graph ends in RecursionError."""
    report = graded(STYLES / name)
    check_statuses(report, EXPECTED[name])
    if EXPECTED[name][1].get("deep-graph") == "failed":
        assert all("RecursionError" in failure for failure in failures(report, "deep-graph"))


CLOSURES = """
class Value:
    def __init__(self, data, is_tracked=True, hand_on=None):
        self.data, self.is_tracked, self.hand_on, self.grad = data, is_tracked, hand_on, 0.0

    def __add__(self, other):
        def hand_on(grad):
            self.backward(grad)
            other.backward(grad)

        return Value(self.data + other.data, True, hand_on)

    def backward(self, grad=1.0):
        self.grad += grad
        if self.hand_on:
            self.hand_on(self.grad)
"""


def test_nodes_without_a_backward_of_their_own_are_not_asked_for_it(tmp_path: Path) -> None:
    """What is shown of an order that is wrong are gradients, where no node of the submission has a _backward."""
    (tmp_path / "engine.py").write_text(CLOSURES, encoding="utf-8")
    report = graded(tmp_path)
    tests = next(result.tests for result in report.results if result.id == "topological-sort")
    scripts = [test.finding.script for test in tests if test.finding]
    assert scripts and not any("_backward" in script for script in scripts)


def test_line_ends_and_a_byte_order_mark_make_no_difference(tmp_path: Path) -> None:
    """A file with a byte order mark, CRLF line ends and tabs passes like any other."""
    text = (STYLES / "one_file" / "my_autograd.py").read_bytes()
    assert b"\n\t" in text
    path = tmp_path / "my autograd.py"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    check_statuses(graded(path), (ALL, {}))


@pytest.fixture
def micrograd(tmp_path: Path) -> Path:
    """A folder that holds the package micrograd, exactly as it is published."""
    spec = find_spec("micrograd")
    assert spec is not None and spec.submodule_search_locations is not None
    (package,) = map(Path, spec.submodule_search_locations)
    (tmp_path / "micrograd").mkdir()
    for name in ("__init__.py", "engine.py", "nn.py"):
        shutil.copy(package / name, tmp_path / "micrograd")
    return tmp_path


@pytest.mark.parametrize("form", ["folder around it", "package", "one file"])
def test_micrograd_itself(micrograd: Path, form: str) -> None:
    """The published micrograd passes in all that it has, but for the tanh that a neuron is asked for."""
    package = micrograd / "micrograd"
    if form == "one file":
        path = micrograd / "autograd.py"
        path.write_bytes((package / "engine.py").read_bytes() + (package / "nn.py").read_bytes())
    else:
        path = package if form == "package" else micrograd
    report = graded(path)
    check_statuses(report, MICROGRAD)
    assert all("RecursionError" in failure for failure in failures(report, "deep-graph"))
    assert any("tanh(w . x + b)" in failure for failure in failures(report, "neuron"))
