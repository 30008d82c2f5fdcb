"""Mistakes that learners make: each is marked down where it was made, and paid for once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
from conftest import ROOT

from grader.base import messages
from grader.base.report import ExerciseResult, Report, Status, SymptomKind, symptom
from grader.grading.pipeline import grade
from grader.grading.reference import edited
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.misconceptions import catalogue
from grader.kit.model import Misconception
from grader.reports.forms import json as json_form
from grader.reports.forms import terminal
from grader.reports.wording import remarks
from grader.upkeep.kit_check import resting_on

# Mistakes that come near the right answer.
SUBTLE = [
    "tanh-assigned",
    "relu-open-above-one",
    "topological-sort-depth-first-turned-round",
    "backward-clears-everything",
    "adamw-eps-in-the-root",
    "training-loop-cleared-before-the-update",
]


MISTAKES = {misconception.id: misconception for rows in catalogue().values() for misconception in rows}


def make(folder: Path, mistake: Misconception) -> None:
    """Make one mistake in a folder with the solutions."""
    path = folder / read_kit().manifest.by_id[mistake.exercise].file
    text = path.read_text(encoding="utf-8")
    for old, new in mistake.edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def graded(folder: Path, *mistakes: str, seed: int = 1) -> Report:
    """The report on the solutions in a folder, with these mistakes made in them."""
    for mistake in mistakes:
        make(folder, MISTAKES[mistake])
    return grade(read_submission(folder, read_kit().manifest), read_kit(), seed)


def lost(report: Report) -> dict[str, ExerciseResult]:
    """The results of the exercises that did not get all their points."""
    return {r.id: r for r in report.results if r.status is not Status.PASSED or r.points < r.max_points}


def check_fair(report: Report, *mistakes: str) -> None:
    """Each mistake costs its own exercise points, and beside it only exercises of the same file that rest on it."""
    down = lost(report)
    own = {MISTAKES[mistake].exercise for mistake in mistakes}
    for exercise in own:
        assert exercise in down, f"{exercise} passed"
        assert down[exercise].points < down[exercise].max_points
        assert down[exercise].status in (Status.PARTIAL, Status.FAILED), down[exercise].status
    allowed = own.union(*(resting_on(read_kit().manifest, exercise) for exercise in own))
    assert set(down) <= allowed
    for exercise in set(down) - own:
        assert down[exercise].status in (Status.BLOCKED, Status.PARTIAL, Status.FAILED), (
            exercise,
            down[exercise].status,
        )
    assert not report.grader_faults


def check_named(report: Report, mistake: str) -> None:
    """The mistake is named, and alone."""
    found = [m.id for m in lost(report)[MISTAKES[mistake].exercise].mistakes]
    assert found == [mistake]


@pytest.mark.parametrize(
    ("exercise", "old", "new", "said", "not_said"),
    [
        ("exp", "out.data * out.grad", "math.exp(self) * out.grad", "plain numbers only", "is called where"),
        ("log", "out.grad / self.data", "math.log(self) * out.grad", "plain numbers only", "argument"),
        ("gradient", "above, below = list(xs), list(xs)", "above = below = xs", "", "multiplied by h"),
        ("gradient", "    return slopes\n", "    return [0.0 for _ in xs]\n", "", "multiplied by h"),
        ("topological-sort", "node not in visited", "node.data not in visited", "", "takes a search"),
        ("training-loop", "losses.append(loss.data)", "print(loss.data)", "", "answer here is 0"),
        ("batches", "range(0, len(items), size)", "range(0, len(items) - size, size)", "last batch", "two mistakes"),
        ("div", "return self * other**-1", "return Value(self.data / other.data, (self, other))", "", "made from"),
        ("add", "self.grad += out.grad", "while True: pass", "does not come to an end", "overwriting"),
        ("nudge", "value + step * gradients[name]", "value + step * [*gradients.values()][0]", "", ""),
        ("softmax", "    exps = [", "    logits[0].data -= 0.0001\n    exps = [", "", ""),
        ("mlp", "sizes = [nin] + nouts", "sizes = [nin] + nouts; nouts.append(0)", "", ""),
    ],
)  # fmt: skip
def test_what_is_said_is_true(solved: Path, exercise: str, old: str, new: str, said: str, not_said: str) -> None:
    """Mistakes that have no name of their own are marked down, and not given the name of another."""
    path = solved / read_kit().manifest.by_id[exercise].file
    text = path.read_text()
    assert text.count(old) >= 1
    if exercise == "topological-sort":
        text = text.replace("visited.add(node)", "visited.add(node.data)")
    path.write_text(text.replace(old, new, 1))
    report = grade(read_submission(solved, read_kit().manifest), read_kit(), only=[exercise])
    assert exercise in lost(report)
    shown = " ".join(click.unstyle(terminal.one(report, exercise)).split())
    assert said in shown
    assert not not_said or not_said not in shown


def test_every_exercise_has_mistakes() -> None:
    """No exercise of the kit is left without a mistake to find."""
    assert set(catalogue()) == set(read_kit().manifest.by_id)
    assert sum(map(len, catalogue().values())) > 160


@pytest.mark.parametrize(
    "mistakes",
    [
        ("mul-assigned", "neuron-bias-left-out"),
        ("topological-sort-breadth-first", "adamw-t-stuck"),
        ("cross-entropy-sign", "training-loop-never-cleared"),
    ],
    ids=" and ".join,
)
def test_two_mistakes_are_both_found(solved: Path, mistakes: tuple[str, str]) -> None:
    """Of two mistakes in two files each costs points in its own exercise, and is named there."""
    report = graded(solved, *mistakes)
    check_fair(report, *mistakes)
    for mistake in mistakes:
        check_named(report, mistake)


@pytest.mark.parametrize("mistake", SUBTLE)
def test_other_numbers_find_it_too(solved: Path, mistake: str) -> None:
    """A mistake that comes near the right answer is found and named with another seed as well."""
    report = graded(solved, mistake, seed=7)
    check_fair(report, mistake)
    check_named(report, mistake)


PAIRS = [
    ("mul-assigned", "mul-no-upstream"),
    ("pow-no-upstream", "pow-exponent-stays"),
    ("tanh-assigned", "tanh-self-data"),
    ("relu-assigned", "relu-open-at-zero"),
    ("neuron-bias-left-out", "neuron-nonlin-ignored"),
    ("adamw-t-stuck", "adamw-eps-in-the-root"),
    ("batches-overlap-by-one", "batches-seed-ignored"),
    ("vector-product-dz-times-x", "vector-product-minus-x-forgotten"),
]


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_two_mistakes_in_one_exercise(solved: Path, pair: tuple[str, str]) -> None:
    """Two mistakes in one exercise are both named, as two that were made together."""
    first, second = (MISTAKES[mistake] for mistake in pair)
    path = solved / read_kit().manifest.by_id[first.exercise].file
    path.write_text(edited(path.name, path.read_text(), [*first.edits, *second.edits]))
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=[first.exercise]))[
        first.exercise
    ]
    assert {misconception.id for misconception in result.mistakes} == set(pair)
    assert result.are_together


@pytest.mark.parametrize(
    ("exercise", "right", "wrong", "symptom"),
    [
        ("pow", "self.grad += n * self", "self.grad += 2.5 * n * self", SymptomKind.FACTOR),
        ("exp", "self.grad += out.data * out.grad", "self.grad -= out.data * out.grad", SymptomKind.SIGN),
        ("log", "self.grad += out.grad / self.data", "self.grad = 0 * out.grad", SymptomKind.ALL_ZERO),
        ("exp", "self.grad += out.data * out.grad", "self.grad += out.data * float('nan')", SymptomKind.NOT_NUMBERS),
        ("log", "self.grad += out.grad / self.data", "self.grad += 1 / (self.data) * out.grad ** 0", None),
        (
            "relu",
            "            if self.data > 0:\n                self.grad += out.grad",
            "            self.grad += out.grad * (self.data > 0) + 0.25 * (self.data < 0)",
            SymptomKind.WHEN_NEGATIVE,
        ),
    ],
)
def test_symptoms_are_measured(
    solved: Path, exercise: str, right: str, wrong: str, symptom: SymptomKind | None
) -> None:
    """What no misconception explains is described by what all the wrong answers have in common, and nothing else is."""
    path = solved / "engine.py"
    text = path.read_text()
    assert text.count(right) == 1
    path.write_text(text.replace(right, wrong))
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=[exercise]))[exercise]
    if symptom is None:
        assert result.mistakes
        assert result.symptoms == ()
        return
    assert result.mistakes == ()
    (measured,) = [found for found in result.symptoms if found.kind is symptom]
    assert measured.data == ({"factor": "2.5"} if symptom is SymptomKind.FACTOR else {})


RECURSIVE_SORT = """
    order, visited = [], set()
    def build(node):
        if node not in visited:
            visited.add(node)
            for child in node._prev: build(child)
            order.append(node)
    build(root)
    return order
"""


@pytest.mark.parametrize(
    ("old", "new", "symptoms"),
    [
        ("return order", "return order[:-2] + order[:-3:-1]", [SymptomKind.ORDER_TOO_EARLY]),
        ("return order", "return order[1:-1]", [SymptomKind.ORDER_NO_ROOT]),
        ("return order", "return order + order[:1]", [SymptomKind.ORDER_REPEATS]),
        ("return order", "return [n for n in order if n._prev]", [SymptomKind.ORDER_NO_ROOT]),
        ("return order", "return sorted(order, key=lambda n: n.data)", [SymptomKind.ORDER_TOO_EARLY]),
        ("return order", "return [n.data for n in order]", [SymptomKind.ORDER_NOT_NODES]),
        ("return order", "return 3", [SymptomKind.ORDER_NO_LIST]),
        ("    return order\n", "", [SymptomKind.NO_RETURN]),
    ],
)
def test_what_is_wrong_with_an_order(solved: Path, old: str, new: str, symptoms: list[SymptomKind]) -> None:
    """Whatever way the nodes are walked, what is wrong with the list is said; what is right gets no such word."""
    engine = solved / "engine.py"
    head, _, rest = engine.read_text().partition("    order = []\n")
    assert RECURSIVE_SORT.count(old) == 1
    engine.write_text(head + RECURSIVE_SORT.replace(old, new) + rest.partition("    return order\n")[2])
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=["topological-sort"]))[
        "topological-sort"
    ]
    assert result.mistakes == ()
    assert [found.kind for found in result.symptoms] == symptoms


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("other.grad += self.data", "othr.grad += self.data", "Python knows no othr there"),
        ("1 - out.data**2", "1 - out.data^2", "In Python ^ is no power"),
        ("1 - out.data**2", "1 - out.dat**2", "of type Value has no dat"),
        ("1 - out.data**2", "1 - out.data(2)", "Round brackets stand behind something that is a float"),
        ("self.grad += out.grad / self.data", "self.grad += out.grad / (self.data - self.data)", "divided by 0"),
        ("self.grad += out.grad / self.data", "import numpy\n            pass", "numpy is not available while grading"),
        (
            "self.grad += n * self.data",
            "n = n * self._prev[2].data\n            self.grad += n",
            "gets its value further",
        ),
    ],
)
def test_an_error_is_put_into_words(solved: Path, right: str, wrong: str, said: str) -> None:
    """An exception in the learner's line gets a sentence of its own, in place of the hint of the exercise."""
    path = solved / "engine.py"
    assert path.read_text().count(right) == 1
    path.write_text(path.read_text().replace(right, wrong))
    report = grade(read_submission(solved, read_kit().manifest), read_kit())
    (first, *_) = lost(report).values()
    assert said in " ".join(map(str, first.symptoms))
    shown = " ".join(click.unstyle(terminal.render(report)).split())
    assert said in shown
    assert read_kit().manifest.by_id[first.id].hints[0][:40] not in shown


@pytest.mark.parametrize(
    ("exercise", "right", "wrong", "said"),
    [
        ("manual-backprop", ', "L": dL', "", "no key 'L'"),
        (
            "mse",
            "    total = Value(0.0)\n    for prediction, target in zip(predictions, targets):\n"
            "        total = total + (prediction - target) ** 2\n",
            "    total = sum((p.data - t) ** 2 for p, t in zip(predictions, targets))\n",
            "A plain number has no backward",
        ),
        (
            "cross-entropy",
            "return total.log() - (logits[target] - largest)",
            "return (total.log() - (logits[target] - largest)).data",
            "calculate with Values",
        ),
        ("neuron", "total.tanh()", "total.tanh", "a call has brackets"),
        ("neuron", "total.tanh()", "__import__('math').tanh(total)", "The functions of math take plain numbers only"),
        (
            "parameters",
            "for neuron in self.neurons for p in neuron.parameters()",
            "for n in self.neurons for p in n.parameters",
            "a call has brackets",
        ),
        ("decision-boundary", "[out.data for out in model(point)]", "model(point)", "Values cannot be compared"),
        ("tensor-reduce", "each(lambda _: out.grad / n, self.data)", "out.grad / n", "has the shapes (3,), ()"),
    ],
)
def test_an_error_in_any_file(solved: Path, exercise: str, right: str, wrong: str, said: str) -> None:
    """What an exception in a learner's line says is true of what was slipped there, and no mistake is guessed."""
    path = solved / read_kit().manifest.by_id[exercise].file
    assert path.read_text().count(right) == 1
    path.write_text(path.read_text().replace(right, wrong))
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=[exercise]))[exercise]
    assert said in " ".join(map(str, result.symptoms))
    assert result.mistakes == ()


@pytest.mark.parametrize(
    ("mistake", "right", "wrong"),
    [
        ("manual-neuron-slope-of-the-sum", "dn = 1 - o**2", "dn = 1 - (x1 * w1 + x2 * w2 + b) ** 2"),
        (
            "add-never-assigned",
            "self.grad += out.grad\n            other.grad +=",
            "out.grad += self.grad + other.grad #",
        ),
        (
            "relu-never-assigned",
            "if self.data > 0:\n                self.grad",
            "if self.grad > 0:\n                self.grad",
        ),
        (
            "mul-node-for-number",
            "other.data * out.grad\n            other.grad += self.data",
            "other * out.grad\n            other.grad += self",
        ),
        ("backward-no-seed", "        self.grad = 1.0\n", "        self.data = 1.0\n"),
        ("backward-not-called", "            node._backward()\n", "            node._backward\n"),
        (
            "backward-seed-too-late",
            "        self.grad = 1.0\n        for node in reversed(topological_sort(self)):\n"
            "            node._backward()\n",
            "        [node._backward() for node in topological_sort(self)[::-1]]\n        self.grad = 1.0\n",
        ),
        ("parameters-zero-grad-names-only", "            p.grad = 0.0\n", "            p.grad == 0.0\n"),
        ("sgd-rebinds-p", "p.data -= self.lr * p.grad\n", "p -= self.lr * p.grad\n"),
        ("momentum-velocity-not-kept", "p.data -= self.lr * self.v[i]\n", "p.data -= self.lr * p.grad\n"),
        (
            "adamw-divides-by-0",
            "        self.t += 1\n        for i, p in enumerate(self.parameters):\n",
            "        for i, p in [*enumerate(self.parameters)]:\n",
        ),
        (
            "tensor-elementwise-own-factor",
            "each(lambda b, up: b * up, other.data, out.grad))\n            other.grad = plus(other.grad, "
            "each(lambda a, up: a * up, self.data, out.grad))",
            "each(lambda a, up: up * a, self.data, out.grad))\n            other.grad = plus(other.grad, "
            "each(lambda b, up: up * b, other.data, out.grad))",
        ),
        ("tensor-reduce-mean-without-n", "lambda _: out.grad / n", "lambda entry: out.grad + 0 * entry"),
        (
            "tensor-matmul-outer-turned",
            "[[up * xj for xj in x.data] for up in out.grad]",
            "list(map(list, zip(*[[up * xj for xj in x.data] for up in out.grad])))",
        ),
        ("two-layer-backward-slope-left-out", "[h * (1 - h) * up for h, up in zip(h1, dh1)]", "list(dh1)"),
    ],
)
def test_other_ways_to_the_same_mistake(solved: Path, mistake: str, right: str, wrong: str) -> None:
    """However a mistake was made, it has the one name that is true of it."""
    exercise = MISTAKES[mistake].exercise
    path = solved / read_kit().manifest.by_id[exercise].file
    assert path.read_text().count(right) == 1
    path.write_text(path.read_text().replace(right, wrong))
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=[exercise]))[exercise]
    assert [misconception.id for misconception in result.mistakes] == [mistake]


@pytest.mark.parametrize("xs", ["xs", "point"])
def test_a_nudge_that_stays(solved: Path, xs: str) -> None:
    """A nudge that is not put back is found, in the list that came as in a copy, however small the usual h is."""
    path = solved / "derivatives.py"
    head, _, rest = path.read_text().partition("    slopes = []\n")
    loop = (
        "    point = list(xs)\n    slopes = []\n    for i, _ in enumerate(xs):\n"
        "        XS[i] = XS[i] + h\n        up = f(XS)\n        XS[i] = XS[i] - 2 * h\n        down = f(XS)\n"
        "        slopes.append((up - down) / (2 * h))\n"
    )
    path.write_text(head + loop.replace("XS", xs) + "    return slopes\n" + rest.partition("    return slopes\n")[2])
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=["gradient"]))["gradient"]
    (found,) = result.mistakes
    assert found.title == MISTAKES["gradient-nudges-stay"].title


def test_a_class_without_a_hash(solved: Path) -> None:
    """With an __eq__ of its own a Value cannot be put into a set, and that is said."""
    engine = solved / "engine.py"
    text = engine.read_text()
    engine.write_text(text.replace("    def __add__", "    def __eq__(self, other): return 0\n\n    def __add__"))
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=["topological-sort"]))
    assert "an __eq__ of its own a class has no hash" in " ".join(remarks(result["topological-sort"]))


@pytest.mark.parametrize(
    ("changes", "exercise", "said"),
    [
        (
            {
                r"self.grad = 0.0": "self.grad = None",
                r"(\w+)\.grad \+= (.*)": r"\1.grad = (\1.grad or 0) + (\2)",
                "topological_sort": "in_order",
            },
            "topological-sort",
            "What stands in c.grad is None, which is no number",
        ),
        (
            {r"import math\n": "import math\nimport numpy as np\n", r"math\.exp": "np.exp"},
            "exp",
            "The exercises do without other packages",
        ),
    ],
)
def test_no_hint_beside_what_says_enough(solved: Path, changes: dict[str, str], exercise: str, said: str) -> None:
    """What is not there is said of the code as it is, and no hint about a formula that may be right stands beside."""
    text = (solved / "engine.py").read_text()
    for pattern, replacement in changes.items():
        text = re.sub(pattern, replacement, text)
    (solved / "engine.py").write_text(text)
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=[exercise]))[exercise]
    shown = " ".join(map(str, result.symptoms))
    assert said in shown
    assert "return" not in shown
    assert result.hint == ""


def test_what_does_not_come_back_is_not_missing_a_return(solved: Path) -> None:
    """Of an endless loop nothing is said but that it is one."""
    path = solved / "derivatives.py"
    path.write_text(path.read_text().replace("return (f(x + h) - f(x)) / h", "while True: pass"))
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=["derivative"]))["derivative"]
    assert SymptomKind.NO_RETURN not in [found.kind for found in result.symptoms]


def test_numbers_that_are_shown_alike_are_shown_in_full(solved: Path) -> None:
    """Where what is expected looks like what came, so many digits are shown that it does not."""
    path = solved / "derivatives.py"
    careless = "    for i in range(len(xs)):\n        xs[i] += h\n        xs[i] -= 2 * h\n        xs[i] += h\n"
    path.write_text(
        path.read_text().replace("    for i in range(len(xs)):\n", f"{careless}    for i in range(len(xs)):\n")
    )
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=["gradient"]))["gradient"]
    finding = next(test.finding for test in result.tests if test.finding)
    assert finding.want.endswith(messages.ROUNDED)
    assert finding.got != finding.want.removesuffix(messages.ROUNDED)


def test_which_number_is_wrong(solved: Path) -> None:
    """Where one of several numbers is wrong throughout, it is said which."""
    path = solved / "engine.py"
    path.write_text(path.read_text().replace("other.grad += self.data * out", "other.grad += 3 * self.data * out"))
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=["mul"]))["mul"]
    assert symptom(SymptomKind.ONLY_SOME_READS, right="a.grad", wrong="b.grad") in result.symptoms


def test_sentences_speak_of_the_learners_answer() -> None:
    """What is measured is said of what the learner sees, in whole sentences, and not of how it was measured."""
    for kind, text in messages.SYMPTOMS.items():
        if text != "{text}":
            assert text[0].isupper(), kind
            assert text.endswith((".", "?")), kind
            assert "question" not in text, kind


def test_what_is_not_in_the_catalogue_gets_no_name(solved: Path) -> None:
    """A mistake that nobody has described is not taken for another."""
    text = (solved / "engine.py").read_text()
    text = text.replace("self.grad += other.data * out.grad", "self.grad += 1.5 * other.data * out.grad")
    text = text.replace("self.grad += (1 - out.data**2) * out.grad", "self.grad += (1 - out.data**3) * out.grad")
    (solved / "engine.py").write_text(text)
    down = lost(grade(read_submission(solved, read_kit().manifest), read_kit()))
    assert {"mul", "tanh"} <= set(down)
    assert [result.mistakes for result in down.values()] == [()] * len(down)


def test_a_name_needs_no_more_than_what_is_written(stubs: Path) -> None:
    """With everything else still to be written, the mistake in one operation is named all the same."""
    text = (stubs / "engine.py").read_text()
    assert text.count('raise NotImplementedError("mul")') == 1
    text = text.replace(
        'raise NotImplementedError("mul")',
        "self.grad += self.data * out.grad; other.grad += other.data * out.grad",
    )
    (stubs / "engine.py").write_text(text)
    report = grade(read_submission(stubs, read_kit().manifest), read_kit(), only=["mul"])
    assert [m.id for m in lost(report)["mul"].mistakes] == ["mul-own-data"]


def test_what_a_report_says_of_a_misconception(solved: Path) -> None:
    """The terminal shows title and explanation, JSON the id as well; no line of the solution is in it."""
    report = graded(solved, "exp-self-data")
    named = MISTAKES["exp-self-data"]
    shown = " ".join(click.unstyle(terminal.render(report)).split())
    assert messages.DIAGNOSIS.format(named=f"{named.title}. {named.explanation}") in shown
    rows = json.loads(json_form.render(report))["exercises"]
    found = {row["id"]: row["misconceptions"] for row in rows if row["misconceptions"]}
    assert found == {"exp": [{"id": "exp-self-data", "title": named.title, "explanation": named.explanation}]}


def test_titles_and_explanations() -> None:
    """Each is short, ends as it should, and does not give the line away."""
    solutions = {file: (ROOT / "solutions" / file).read_text() for file in read_kit().manifest.files}
    for mistake in MISTAKES.values():
        assert len(mistake.title) < 90
        assert not mistake.title.endswith(".")
        assert mistake.explanation.endswith((".", "?"))
        right = {line.strip() for old, _ in mistake.edits for line in old.splitlines()}
        given = [line for line in right if len(line) > 12 and line in f"{mistake.title} {mistake.explanation}"]
        assert given == []
        assert all(old in solutions[read_kit().manifest.by_id[mistake.exercise].file] for old, _ in mistake.edits)


LECTURE_SORT = """    order, visited = [], set()
    def build(node):
        if node not in visited:
            visited.add(node)
            for child in node._prev: build(child)
            order.append(node)
    build(root)
    return order[::-1]
"""


def test_an_exception_is_not_explained_by_two_mistakes(solved: Path) -> None:
    """list.reverse() gives None: that is said, and no two mistakes are made up that would fail as well."""
    engine = solved / "engine.py"
    text = engine.read_text()
    assert text.count("reversed(topological_sort(self))") == 1
    engine.write_text(text.replace("reversed(topological_sort(self))", "topological_sort(self).reverse()"))
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=["backward"]))["backward"]
    assert result.mistakes == ()
    assert "None" in str(result.symptoms[0])


def test_nodes_of_an_earlier_call(solved: Path) -> None:
    """A list that is kept between calls holds nodes of other graphs: that is said of it."""
    engine = solved / "engine.py"
    head, _, rest = engine.read_text().partition("    order = []\n    visited = set()\n")
    engine.write_text("order = []\nvisited = set()\n" + head + rest)
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=["topological-sort"]))[
        "topological-sort"
    ]
    assert result.mistakes or SymptomKind.ORDER_LEFT_OVER in [found.kind for found in result.symptoms]


def test_no_factor_by_chance(solved: Path) -> None:
    """A factor that the numbers of one question have in common is no pattern, nor is one of counts."""
    nn = solved / "nn.py"
    nn.write_text(
        nn.read_text().replace("Layer(sizes[i], sizes[i + 1], nonlin=i != last)", "Layer(nin, nouts[0], i != last)")
    )
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=["mlp"]))["mlp"]
    assert not any(found.kind is SymptomKind.FACTOR for found in result.symptoms)


def test_a_file_that_cannot_be_read_is_told_once(solved: Path) -> None:
    """The files that import a broken one are not said to be broken too."""
    engine = solved / "engine.py"
    engine.write_text(engine.read_text() + "\n)\n")
    notes = grade(read_submission(solved, read_kit().manifest), read_kit()).notes
    assert [str(found).split(":")[0] for found in notes] == ["engine.py"]


def test_no_second_mistake_is_made_up(solved: Path) -> None:
    """A mistake in another style than ours has its name of ours, and not those of two that were not made."""
    engine = solved / "engine.py"
    head, _, rest = engine.read_text().partition("    order = []\n")
    engine.write_text(head + LECTURE_SORT + rest.partition("    return order\n")[2])
    result = lost(grade(read_submission(solved, read_kit().manifest), read_kit(), only=["topological-sort"]))[
        "topological-sort"
    ]
    assert [mistake.id for mistake in result.mistakes] == ["topological-sort-order-turned-round"]
