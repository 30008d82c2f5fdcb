"""The name of a mistake holds in every style, is true of the code, and is not hidden by what else is wrong."""

from __future__ import annotations

import time
from pathlib import Path

import click
import pytest
from conftest import ROOT, every

from grader.base.report import ExerciseResult, SymptomKind
from grader.grading import pipeline
from grader.grading.diagnosis import Diagnosis, diagnose
from grader.grading.outcomes import Score
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import Kit, read_kit
from grader.reports.forms import terminal

WALK = """{define}
    order, seen = [], set()
    def visit(node):
        if node not in seen:
            seen.add(node)
            for child in node._prev:
                visit(child)
            order.append(node)
    visit({root})
"""
INSIDE = WALK.format(define="def backward(self):", root="self").replace("\n", "\n    ").rstrip(" ")
INSIDE = f"    {INSIDE}        self.grad = 1.0\n        for node in reversed(order):\n            node._backward()\n"
OF_ITS_OWN = WALK.format(define="def topological_sort(root):", root="root") + "    return order\n"
LEVELS = """    order, seen, queue = [], {ROOT}, [ROOT]
    while queue:
        node = queue.pop(0)
        order.append(node)
        for child in node._prev:
            if child not in seen:
                seen.add(child)
                queue.append(child)
"""


def results(folder: Path, *only: str) -> dict[str, ExerciseResult]:
    return {r.id: r for r in grade(read_submission(folder, read_kit().manifest), read_kit(), only=only).results}


def changed(folder: Path, file: str, *edits: tuple[str, str]) -> None:
    """Make edits in a file of a folder, each of a text that stands in it once."""
    text = (folder / file).read_text()
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / file).write_text(text)


def named(folder: Path, exercise: str) -> list[str]:
    return [mistake.id.removeprefix(f"{exercise}-") for mistake in results(folder, exercise)[exercise].mistakes]


def engine_that_walks(walk: str, children: str, is_inside: bool) -> str:
    """Our engine with another walk, inside backward() or in a topological_sort of its own, and another container."""
    text = (ROOT / "solutions" / "engine.py").read_text()
    head, _, _ = text.partition("def topological_sort")
    if is_inside:
        before, _, after = head.partition("    def backward(self)")
        head, walk = f"{before}{walk}\n{after[after.index('    def __repr__') :]}", ""
    return head.replace("tuple(_children)", f"{children}(_children)") + walk


def appended(walk: str) -> str:
    """The walk with the append one level too far left."""
    line = next(line for line in walk.splitlines(keepends=True) if "order.append" in line)
    return walk.replace(line, line.removeprefix("    "))


def before_its_children(walk: str) -> str:
    line = next(line for line in walk.splitlines(keepends=True) if "order.append" in line)
    seen = next(line for line in walk.splitlines(keepends=True) if "seen.add" in line)
    return walk.replace(line, "").replace(seen, seen + line)


def followed(walk: str) -> str:
    """The walk with the recursion before the check."""
    lines = walk.splitlines(keepends=True)
    check = next(i for i, line in enumerate(lines) if "not in seen" in line)
    loop = [line.removeprefix("    ") for line in lines[check + 2 : check + 4]]
    return "".join([*lines[:check], *loop, *lines[check : check + 2], *lines[check + 4 :]])


def by_data(walk: str) -> str:
    return walk.replace("node not in seen", "node.data not in seen").replace("seen.add(node)", "seen.add(node.data)")


def level_by_level(walk: str) -> str:
    head, _, rest = walk.partition("order, seen")
    indent, root = ("    ", "self") if "self" in head else ("", "root")
    levels = LEVELS.replace("ROOT", root).replace("\n", f"\n{indent}").removesuffix(indent)
    if root == "self":
        end = rest[rest.index("        self.grad") :].replace("reversed(order)", "order")
    else:
        end = "    return order[::-1]\n"
    return head.rstrip(" ") + indent + levels + end


@pytest.mark.parametrize("is_inside", [True, False], ids=["inside", "a function"])
@pytest.mark.parametrize("children", every(3, ["tuple", "list", "set"]))
@pytest.mark.parametrize(
    ("mistake", "name"),
    [
        (appended, "appended-on-every-visit"),
        (before_its_children, "parent-before-its-children"),
        (followed, "followed-on-every-visit"),
        (by_data, "same-data-same-node"),
        (level_by_level, "breadth-first"),
    ],
)
def test_a_walk_in_another_style(tmp_path: Path, mistake, name: str, children: str, is_inside: bool) -> None:  # type: ignore[no-untyped-def]  # a function of a text
    """A mistake in the order of the nodes is named whatever holds the children, and wherever the walk stands."""
    walk = mistake(INSIDE if is_inside else OF_ITS_OWN)
    (tmp_path / "engine.py").write_text(engine_that_walks(walk, children, is_inside))
    assert name in named(tmp_path, "topological-sort")
    assert len(named(tmp_path, "topological-sort")) == 1 or children == "set"


@pytest.mark.parametrize("children", ["tuple", "list"])
def test_a_walk_that_remembers(tmp_path: Path, children: str) -> None:
    """Containers that are made once are found out in a recursive walk as well, whose answers depend on all before."""
    walk = OF_ITS_OWN.replace("    order, seen = [], set()\n", "").replace(
        "sort(root)", "sort(root, order=[], seen=set())"
    )
    (tmp_path / "engine.py").write_text(engine_that_walks(walk, children, is_inside=False))
    assert named(tmp_path, "topological-sort") == ["kept-between-calls"]


@pytest.mark.parametrize("is_inside", [True, False])
def test_a_right_walk_passes(tmp_path: Path, is_inside: bool) -> None:
    """What the mistakes above are made in is right."""
    walk = INSIDE if is_inside else OF_ITS_OWN
    (tmp_path / "engine.py").write_text(engine_that_walks(walk, "set", is_inside))
    assert results(tmp_path, "topological-sort")["topological-sort"].points == 7


OVERFLOWS = ("math.tanh(self.data)", "(math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)")


@pytest.mark.parametrize(
    ("file", "exercise", "names", "edits"),
    [
        ("engine.py", "tanh", {"overflows", "assigned"}, [OVERFLOWS, ("+= (1 - out", "= (1 - out")]),
        ("engine.py", "tanh", {"overflows", "not-squared"}, [OVERFLOWS, ("1 - out.data**2", "1 - out.data")]),
        (
            "engine.py",
            "pow",
            {"assigned", "no-upstream", "exponent-stays"},
            [("self.grad += n * self.data ** (n - 1) * out.grad", "self.grad = n * self.data**n")],
        ),
        (
            "optim.py",
            "adamw",
            {"t-stuck", "eps-in-the-root", "decay-ignored"},
            [
                ("self.t += 1", "self.t = 1"),
                ("(v_hat**0.5 + self.eps)", "(v_hat + self.eps) ** 0.5"),
                (" + self.weight_decay * p.data)\n", ")\n"),
            ],
        ),
    ],
)
def test_mistakes_made_together(
    solved: Path, file: str, exercise: str, names: set[str], edits: list[tuple[str, str]]
) -> None:
    """Up to three mistakes in one exercise are named, also beside one that ends in an exception."""
    changed(solved, file, *edits)
    assert set(named(solved, exercise)) == names
    report = grade(read_submission(solved, read_kit().manifest), read_kit(), only=[exercise])
    result = report.result(exercise)
    shown = " ".join(click.unstyle(terminal.one(report, exercise)).split())
    assert f"This looks like {'two' if len(names) == 2 else 'three'} mistakes together." in shown
    assert all(mistake.title in shown for mistake in result.mistakes)


def test_a_name_that_is_not_there_hides_nothing(solved: Path) -> None:
    """A backward() that is called otherwise is the exercise backward's; what exp does is named all the same."""
    changed(solved, "engine.py", ("def backward(self)", "def go_back(self)"), ("+= out.data * out", "= out.data * out"))
    assert named(solved, "exp") == ["assigned"]


@pytest.mark.parametrize(
    ("file", "exercise", "edit"),
    [
        # 1 and 0: the largest exponential is 1, and a probability that is always 1 moves with nothing.
        ("losses.py", "softmax", ("[e / total for e in exps]", "[e / (0 * total + 1) ** 2 for e in exps]")),
        ("losses.py", "softmax", ("[e / total for e in exps]", "[e / exps[0] for e in exps]")),
        ("engine.py", "tanh", ("1 - out.data**2", "1 - out.data**3")),
        ("optim.py", "adamw", ("(m_hat / (v", "(0.7 * m_hat / (v")),
        ("optim.py", "adamw", ("(v_hat**0.5", "((0.1 - v_hat) ** 0.5")),
        ("engine.py", "mul", ("self.grad += other.data * out", "self.grad += undefined * out")),
    ],
)
def test_no_name_that_is_not_true(solved: Path, file: str, exercise: str, edit: tuple[str, str]) -> None:
    """What the catalogue has not is not pieced together from what it has."""
    changed(solved, file, edit)
    assert set(named(solved, exercise)) <= {"not-divided"}


@pytest.mark.parametrize(
    "walk",
    [
        OF_ITS_OWN.replace("visit(root)", "visit(root)\n    if len(order) > 50: raise ValueError('too many')"),
        OF_ITS_OWN.replace("visit(root)", "visit(root)\n    while len(order) > 50: pass"),
    ],
    ids=["raises", "endless in both"],
)
def test_not_every_failure_of_much_has_a_name(tmp_path: Path, walk: str) -> None:
    """A mistake that fails where much is asked is named where it fails just there, and so."""
    (tmp_path / "engine.py").write_text(engine_that_walks(walk, "tuple", is_inside=False))
    found = results(tmp_path, "topological-sort", "deep-graph")
    assert [found[exercise].mistakes for exercise in ("topological-sort", "deep-graph")] == [(), ()]


# The same effect has another cause: what is said must be true of both.
OTHER_CAUSES = [
    ("optim.py", "adagrad", "in place of", "not-added-up", ("self.s[i] += p.grad**2", "self.s[i] = 0.0 + p.grad**2")),
    ("optim.py", "sgd", "p = ", "rebinds-p", ("p.data -= self.lr * p.grad\n", "p.dta = p.data - self.lr * p.grad\n")),
    ("nn.py", "parameters", "==", "zero-grad-names-only", ("            p.grad = 0.0\n", "            p.gard = 0.0\n")),
    (
        "train.py",
        "training-loop",
        "before the loop",
        "predicted-once",
        (
            "    for _ in range(steps):\n        predictions = [model(x) for x in inputs]\n",
            "    predictions = []\n    for _ in range(steps):\n        predictions += [model(x) for x in inputs]\n",
        ),
    ),
]


@pytest.mark.parametrize(("file", "exercise", "not_said", "name", "edit"), OTHER_CAUSES)
def test_no_cause_that_was_not_measured(
    solved: Path, file: str, exercise: str, not_said: str, name: str, edit: tuple[str, str]
) -> None:
    """Where two causes have one effect, the text speaks of the effect."""
    changed(solved, file, edit)
    assert named(solved, exercise) == [name]
    (mistake,) = results(solved, exercise)[exercise].mistakes
    assert not_said not in f"{mistake.title} {mistake.explanation}"


@pytest.mark.parametrize(
    ("file", "exercise", "edit", "said"),
    [
        ("engine.py", "log", ("math.log(self.data)", "math.log(-self.data)"), "the logarithm of 0 or"),
        ("engine.py", "exp", ("math.exp(self.data)", "math.exp(1000 + self.data)"), "larger than a float can hold"),
        ("engine.py", "topological-sort", ("visited.add(node)", "visited.add([node])"), "A list can neither be put"),
        ("optim.py", "rmsprop", ("self.decay * self.s[i]", "0 / (self.s[i] - self.s[i])"), "divided by 0"),
        ("nn.py", "mlp", ("sizes = [nin] + nouts", "sizes = [nin] + 1"), "joined with lists only"),
        ("train.py", "batches", ("items = list(data)", "items = list(3)"), "holds no items"),
    ],
)
def test_more_errors_are_put_into_words(
    solved: Path, file: str, exercise: str, edit: tuple[str, str], said: str
) -> None:
    """The exceptions that beginners meet get a sentence, and no name that is guessed."""
    changed(solved, file, edit)
    result = results(solved, exercise)[exercise]
    assert result.mistakes == ()
    assert said in " ".join(map(str, result.symptoms))


@pytest.mark.parametrize("kind", ["fractions.Fraction", "decimal.Decimal"])
def test_an_exact_number_is_a_number(solved: Path, kind: str) -> None:
    """Right answers of another type of number are not called no numbers."""
    module, _, name = kind.partition(".")
    exact = f"__import__({module!r}).{name}(str(value)) + __import__({module!r}).{name}(str(step * gradients[name]))"
    changed(solved, "chain_rule.py", ("value + step * gradients[name]", exact))
    result = results(solved, "nudge")["nudge"]
    assert SymptomKind.NOT_NUMBERS not in {symptom.kind for symptom in result.symptoms}
    assert not result.symptoms or name in str(result.symptoms[0])


@pytest.mark.parametrize("exercise", ["adamw", "topological-sort"])
def test_a_diagnosis_takes_little_time(solved: Path, exercise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nothing in a long catalogue fits, alone or with others."""
    seconds = []

    def timed(score: Score, kit: Kit) -> Diagnosis:
        begin = time.process_time()
        found = diagnose(score, kit)
        seconds.append(time.process_time() - begin)
        return found

    monkeypatch.setattr(pipeline, "diagnose", timed)
    changed(solved, "optim.py", ("(m_hat / (v", "(0.7 * m_hat / (v"))
    changed(solved, "engine.py", ("    return order\n", "    return order[1:] + order[:1]\n"))
    assert named(solved, exercise) == []
    assert max(seconds) < 1.0
