"""The kit proves itself."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from conftest import ROOT, copy_of_the_kit

from grader import cli
from grader.base.errors import GraderError, OutputError
from grader.base.report import Status
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import gaps, read_kit
from grader.kit.manifest import read_manifest
from grader.upkeep import release

MANIFEST = ROOT / "exercises" / "exercises.toml"

# Chapter by chapter, as the course has them: id -> points. What is added to them is as welcome.
CURRICULUM = {
    "derivatives.py": {"derivative": 3, "gradient": 2, "vector-product": 2},
    "chain_rule.py": {"manual-backprop": 4, "nudge": 2, "manual-neuron": 3},
    "engine.py": {
        "add": 3,
        "mul": 4,
        "pow": 4,
        "exp": 3,
        "log": 3,
        "tanh": 4,
        "relu": 3,
        "neg-sub": 3,
        "div": 3,
        "reflected": 3,
        "topological-sort": 7,
        "backward": 7,
        "deep-graph": 3,
    },
    "nn.py": {"neuron": 5, "layer": 3, "mlp": 5, "parameters": 4},
    "losses.py": {"mse": 2, "softmax": 2, "cross-entropy": 4},
    "optim.py": {"sgd": 1, "momentum": 2, "adagrad": 2, "rmsprop": 2, "adamw": 5},
    "train.py": {"batches": 2, "training-loop": 8, "stopping": 2, "classifier": 5, "decision-boundary": 2},
    "graph.py": {"trace": 3},
    "tensor.py": {
        "tensor-elementwise": 4,
        "tensor-reduce": 3,
        "tensor-matmul": 5,
        "tensor-activation": 3,
        "two-layer-backward": 5,
    },
}


def test_the_exercises_are_those_of_the_curriculum() -> None:
    """The manifest holds every exercise of the curriculum, in its order and with its points; one is a bonus."""
    known = {exercise for rows in CURRICULUM.values() for exercise in rows}
    exercises = [exercise for exercise in read_kit().manifest.exercises if exercise.id in known]
    assert [(e.file, e.id, int(e.points)) for e in exercises] == [
        (file, i, points) for file, rows in CURRICULUM.items() for i, points in rows.items()
    ]
    assert [e.id for e in exercises if e.bonus] == ["deep-graph"]


def test_every_exercise_has_a_reading_a_gap_and_four_hints() -> None:
    """Each exercise has four rungs of hints, and each chapter file begins with a reading that has a worked number."""
    for exercise in read_kit().manifest.exercises:
        assert len(exercise.hints) == 4, exercise.id
        assert all(len(hint) > 20 for hint in exercise.hints), exercise.id
    for file in read_kit().manifest.files:
        text = (ROOT / "exercises" / file).read_text(encoding="utf-8")
        assert text.startswith('"""Chapter '), file
        assert "worked number" in text.split('"""')[1], file


def test_exercises_are_what_solutions_make() -> None:
    """What is checked in under exercises/ is what a release makes of solutions/, byte for byte."""
    for file, text in release.files(read_kit()).items():
        assert (ROOT / "exercises" / file).read_text(encoding="utf-8") == text, file


def test_a_stub_holds_no_answer() -> None:
    """Between the marks of a gap a stub holds one line, which names the exercise; nothing else differs."""
    solution = "a = 1\n    # exercise: x\n    secret()\n    more()\n    # end\nb = 2\n"
    stub = gaps.emptied(solution)
    assert stub == 'a = 1\n    # exercise: x\n    raise NotImplementedError("x")\n    # end\nb = 2\n'
    assert [gap.exercise for gap in gaps.gaps(stub)] == ["x"]


@pytest.mark.parametrize("text", ["# exercise: a\n", "# end\n", "# exercise: a\n# exercise: b\n# end\n"])
def test_marks_that_do_not_pair_are_refused(text: str) -> None:
    """A gap without an end, an end without a gap, or a gap in a gap is a fault with its line."""
    assert next(gaps.faults("\n" + text))[0] in (2, 3)


def test_a_release_replaces_nobodys_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A release leaves a file alone in which a gap is filled in, unless it is forced."""
    kit = copy_of_the_kit(tmp_path)
    folder = kit.exercises
    monkeypatch.setattr("grader.cli.kit.read_kit", lambda: kit)
    release.write_stubs(kit, folder)
    stub = (folder / "graph.py").read_text(encoding="utf-8")
    (folder / "graph.py").write_text(stub.replace('raise NotImplementedError("trace")', "return mine"))
    assert release.filled_in(kit, folder) == release.stale_stubs(kit, folder) == ["graph.py"]
    with pytest.raises(OutputError, match=r"graph\.py"):
        cli.commands.main(["release"], standalone_mode=False)
    assert "return mine" in (folder / "graph.py").read_text()
    assert cli.commands.main(["release", "--force"], standalone_mode=False) == 0
    assert (folder / "graph.py").read_text(encoding="utf-8") == stub
    assert "graph.py" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("format = 1", "format = 9"), "format 9"),
        (('id = "gradient"', 'id = "derivative"'), "twice"),
        (('needs = ["add", "mul"]', 'needs = ["add", "nonsense"]'), "nonsense"),
        (("points = 3", "pints = 3"), "points"),
        (("format = 1", "format = "), "cannot be read"),
    ],
)
def test_a_broken_manifest_is_named(change: tuple[str, str], complaint: str, tmp_path: Path) -> None:
    """A manifest that is wrong is refused with a line that says where and what."""
    path = tmp_path / "exercises.toml"
    path.write_text(MANIFEST.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    with pytest.raises(GraderError, match=complaint):
        read_manifest(path)


def test_all_that_is_wrong_with_a_manifest_is_told_at_once(tmp_path: Path) -> None:
    """A manifest with several faults gives a line for each, with the key that is wrong."""
    path = tmp_path / "exercises.toml"
    text = MANIFEST.read_text(encoding="utf-8")
    for change in (
        ('version = "', 'vision = "'),
        ("points = 3", 'points = "three"'),
        ("minutes = 10", "minutes = true"),
        ('symbols = ["gradient"]', "symbols = []"),
        ('id = "gradient"', 'id = "derivative"'),
        ('rests_on = ["engine.py"]', 'rests_on = ["later.py"]'),
        ("points = 2", "points = -2"),
        ('needs = ["add", "mul"]', 'needs = ["cube", 7]'),
    ):
        assert change[0] in text
        text = text.replace(*change, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GraderError) as caught:
        read_manifest(path)
    neg_sub = [*read_kit().manifest.by_id].index("neg-sub") + 1
    assert str(caught.value).splitlines() == [
        f"{path}: {fault}"
        for fault in (
            "version is missing.",
            "vision is not known.",
            "chapters[4].rests_on names 'later.py', which is the file of no earlier chapter.",
            "exercises[1] (derivative).minutes must be a whole number.",
            "exercises[1] (derivative).points must be a number.",
            "exercises[2] (derivative).points must be a finite number that is not negative.",
            "exercises[2] (derivative) stands there twice.",
            "exercises[2] (derivative).symbols is empty.",
            f"exercises[{neg_sub}] (neg-sub).needs must hold texts only.",
            f"exercises[{neg_sub}] (neg-sub).needs names 'cube', which no earlier exercise is called.",
        )
    ]


@pytest.mark.parametrize("operation", ["tanh", ".tanh", "tanh()", ".tahn()", ".tanh( )", "+", " % ", " "])
def test_an_operation_that_is_none(operation: str, tmp_path: Path) -> None:
    """How an operation stands in an expression has few forms: graph and the search for a wrong one know no other."""
    path = tmp_path / "exercises.toml"
    text = MANIFEST.read_text(encoding="utf-8")
    path.write_text(text.replace('operation = ".tanh()"', f'operation = "{operation}"'), encoding="utf-8")
    with pytest.raises(GraderError) as caught:
        read_manifest(path)
    (line,) = str(caught.value).splitlines()
    assert f"(tanh).operation is {operation!r}. It can be" in line
    assert '".NAME()"' in line


@pytest.mark.parametrize("name", ["chapters", "exercises"])
def test_rows_of_a_manifest_that_are_no_tables(name: str, tmp_path: Path) -> None:
    """A list of anything but tables is named, too."""
    path = tmp_path / "exercises.toml"
    lists = "".join(f"{one} = {[3] if one == name else []}\n" for one in ("chapters", "exercises"))
    path.write_text(f'format = 1\nname = "kit"\nversion = "1"\n{lists}')
    with pytest.raises(GraderError) as caught:
        read_manifest(path)
    assert str(caught.value) == f"{path}: {name} must be a list of tables."


def test_every_gap_is_one_exercise() -> None:
    """Every exercise has a gap of its own in its file, but for the one that shares another's."""
    rows = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["exercises"]
    for row in rows:
        stub = (ROOT / "exercises" / row["file"]).read_text(encoding="utf-8")
        assert f'raise NotImplementedError("{row.get("gap", row["id"])}")' in stub
    assert [row["id"] for row in rows if "gap" in row] == ["deep-graph"]


def test_filling_one_gap_after_the_other(stubs: Path) -> None:
    """On the way from stubs to solutions every exercise turns green when its gap is filled, and stays green."""
    manifest = read_kit().manifest
    green: set[str] = set()
    for exercise in manifest.exercises:
        if exercise.bonus:
            continue
        _fill(stubs / exercise.file, exercise.id)
        if exercise.id not in ("relu", "backward", "parameters", "adamw", "trace", "two-layer-backward"):
            continue  # each grading takes a third of a second: the milestones will do
        green = {e.id for e in manifest.exercises[: manifest.exercises.index(exercise) + 1]}
        report = grade(read_submission(stubs, manifest), read_kit())
        for result in report.results:
            if result.id in green:
                assert result.status is Status.PASSED, (exercise.id, result)
            elif not result.bonus:
                assert result.status is Status.NOT_STARTED, (exercise.id, result)
    assert green == set(manifest.by_id)


def _fill(path: Path, exercise_id: str) -> None:
    """Put the solution's lines into every gap of an exercise."""
    solution = (ROOT / "solutions" / path.name).read_text(encoding="utf-8").splitlines()
    answers: list[list[str]] = []
    inside = False
    for line in solution:
        if line.strip() == f"# exercise: {exercise_id}":
            inside = True
            answers.append([])
        elif line.strip() == "# end":
            inside = False
        elif inside:
            answers[-1].append(line)
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        lines += answers.pop(0) if line.strip() == f'raise NotImplementedError("{exercise_id}")' else [line]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
