"""Self-paced study: one gap after the other, with hints, and nothing lost on the way."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from conftest import EXERCISES, ROOT, Run
from terminals import terminal

from grader.base.whole_files import write_whole
from grader.cli import commands
from grader.grading.pipeline import grade
from grader.kit import read_kit
from grader.kit.gaps import content, gaps, refilled
from grader.sandbox.confine import choose
from grader.study import graded
from grader.study.folder import next_hint
from grader.study.graded import study
from grader.study.progress import FILE, Progress, read_progress, write_progress

MANIFEST = read_kit().manifest
SOLUTIONS = {file: (ROOT / "solutions" / file).read_text(encoding="utf-8") for file in MANIFEST.files}


@pytest.fixture
def own(tmp_path: Path, mg_grade: Run) -> Path:
    """A folder of a learner's own, as init makes it, with a space and Chinese in its path."""
    folder = tmp_path / "my 练习"
    assert mg_grade("init", folder).returncode == 0
    return folder


def fill(folder: Path, exercise: str) -> None:
    """Fill in the gap of one exercise from the solutions."""
    its = MANIFEST.by_id[exercise]
    path = folder / its.file
    path.write_text(refilled(path.read_text(), its.gap, SOLUTIONS[its.file], its.file))


def test_init(own: Path, mg_grade: Run) -> None:
    """init copies the files, the notebook and the data, and never over somebody's work."""
    assert {path.name for path in own.glob("*.py")} == set(MANIFEST.files)
    assert (own / "micrograd.ipynb").exists()
    assert (own / "datasets" / "three_regions.csv").read_bytes() == (
        ROOT / "datasets" / "three_regions.csv"
    ).read_bytes()
    fill(own, "add")
    before = (own / "engine.py").read_text()
    done = mg_grade("init", own)
    assert (done.returncode, "Nothing was changed" in done.stderr) == (2, True)
    assert (own / "engine.py").read_text() == before


@pytest.mark.world  # all exercises, one after the other
def test_from_the_first_gap_to_the_last(own: Path, mg_grade: Run) -> None:
    """Gap by gap, what was filled in turns green, the next one is shown, and at the end everything passes."""
    order = [e for e in MANIFEST.exercises if not e.bonus] + [e for e in MANIFEST.exercises if e.bonus]
    passed: set[str] = set()
    chapters_end = {max(i for i, e in enumerate(order) if e.file == file) for file in MANIFEST.files}
    for i, exercise in enumerate(order):
        if exercise.id not in passed:
            fill(own, exercise.id)
        if i not in chapters_end and i != 4:  # each chapter's end, and once in the middle of one
            continue
        done = mg_grade("next", own)
        assert done.returncode == 0, done.stderr
        passed = set(read_progress(own).passed)
        assert {e.id for e in order[: i + 1]} <= passed
        following = next((e for e in order if e.id not in passed), None)
        assert (f"mg-grade hint {following.id}" if following else "Everything passes") in done.stdout
    assert passed == set(MANIFEST.by_id)
    assert f"{EXERCISES} of {EXERCISES}" in mg_grade("list", own).stdout


def test_next_is_what_is_worked_on(own: Path, mg_grade: Run) -> None:
    """What was begun comes before what is untouched, in the order of the kit; a bonus, and what is blocked, do not."""
    engine = own / "engine.py"
    fill(own, "derivative")
    for exercise in ("pow", "mul"):
        text = engine.read_text()
        engine.write_text(text.replace(f'raise NotImplementedError("{exercise}")', "self.grad = out.grad"))
    assert "!!  mul" in mg_grade("next", own).stdout
    assert "Next: mul in engine.py:" in mg_grade(own).stdout
    fill(own, "mul")
    assert "!!  pow" in mg_grade("next", own).stdout
    fill(own, "pow")
    assert "--  gradient" in mg_grade("next", own).stdout


def test_hints_go_up_one_rung_at_a_time(own: Path, mg_grade: Run) -> None:
    """Each call shows one hint more, the last one stays, they are counted, and cost nothing."""
    exercise = MANIFEST.by_id["mul"]
    for number in (1, 2, 3, 4, 4):
        shown = mg_grade("hint", "mul", cwd=own).stdout
        assert shown.startswith(f"Hint {number} of 4")
        assert exercise.hints[number - 1] in " ".join(shown.split())
    assert read_progress(own).hints == {"mul": 4}
    assert "mul 4" in mg_grade("list", own).stdout
    assert json.loads(mg_grade(own, "--json", "-").stdout)["points"] == 0


def test_reset_takes_one_gap_and_keeps_a_copy(own: Path, mg_grade: Run) -> None:
    """Only that gap is as it was; the others, and what stood there, are kept."""
    fill(own, "add")
    fill(own, "mul")
    path = own / "engine.py"
    path.write_text(path.read_text() + "\n# my own notes\n")
    before = path.read_text()
    done = mg_grade("reset", "mul", own, "--yes")
    assert done.returncode == 0, done.stderr
    after = path.read_text()
    assert content(after, "mul") == [['            raise NotImplementedError("mul")']]
    assert content(after, "add") == content(before, "add")
    assert after.endswith("# my own notes\n")
    assert (own / ".mg-grade-backup" / "engine.py.1").read_text() == before
    assert mg_grade("reset", "mul", own).returncode == 0
    assert (own / ".mg-grade-backup" / "engine.py.2").read_text() == after


def test_reset_asks_before_it_takes_passing_work(own: Path, mg_grade: Run) -> None:
    """Where the exercise passes nothing is taken without a yes: on the terminal, or as an option."""
    fill(own, "mul")
    path = own / "engine.py"
    before = path.read_text()
    done = mg_grade("reset", "mul", own, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stderr.count("\n"), path.read_text()) == (2, 1, before)
    assert "mg-grade reset mul --yes" in done.stderr
    command = [sys.executable, "-m", "grader", "reset", "mul"]
    for answer, is_left in (("n", True), ("y", False)):
        with terminal(*command, environment={}, cwd=own) as asking:
            asking.wait_for("mul passes now.", "[y/N]")
            asking.press(answer, "Enter")
            asking.wait_for("Nothing was changed." if is_left else "is as it came", "status 0")
            assert (path.read_text() == before) is is_left
    assert 'NotImplementedError("mul")' in path.read_text()
    assert mg_grade("reset", "mul", own, stdin=subprocess.DEVNULL).returncode == 0  # there is nothing to lose


def test_a_solution_is_for_who_has_passed(own: Path, mg_grade: Run) -> None:
    """It is shown after the exercise passes, or to who gives up, which is noted."""
    line = "self.grad += other.data * out.grad"
    done = mg_grade("solution", "mul", own)
    assert (done.returncode, line in done.stdout) == (2, False)
    assert "--give-up" in done.stderr
    assert line in mg_grade("solution", "mul", own, "--give-up").stdout
    assert read_progress(own).given_up == ("mul",)
    fill(own, "add")
    assert "out.grad" in mg_grade("solution", "add", own).stdout
    assert read_progress(own).given_up == ("mul",)


def test_what_is_solved_first_in_a_simpler_way(own: Path, mg_grade: Run) -> None:
    """The sort is shown as a function that calls itself, which passes; the bonus has the one with a stack."""
    first, later = (mg_grade("solution", name, own, "--give-up").stdout for name in ("topological-sort", "deep-graph"))
    assert ("visit(child)" in first, "stack" in first) == (True, False)
    assert ("visit(child)" in later, "stack" in later) == (False, True)
    for exercise in ("add", "mul", "backward"):
        fill(own, exercise)
    stub = '    raise NotImplementedError("topological-sort")\n'
    (own / "engine.py").write_text((own / "engine.py").read_text().replace(stub, first))
    done = mg_grade(own, *("-e", "topological-sort", "-e", "backward", "-e", "deep-graph"))
    assert [line.split()[0] for line in done.stdout.splitlines()[1:4]] == ["ok", "ok", "!!"]


def test_progress_moves_with_the_folder(own: Path, tmp_path: Path, mg_grade: Run) -> None:
    """On another machine, in another folder, everything goes on as it was."""
    fill(own, "derivative")
    assert "derivative" in mg_grade("next", own).stdout
    moved = tmp_path / "elsewhere"
    shutil.copytree(own, moved)
    shutil.rmtree(own)
    done = mg_grade("next", moved)
    assert "gradient" in done.stdout
    assert "derivative: " not in done.stdout  # it is no news any more


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"format": 1}',
        '{"format": 1, "hints": 3, "passed": {}, "given_up": []}',
        "\0",
        '{"format": 1, "hints": {"add": Infinity}, "passed": {}, "given_up": []}',
        '{"format": 0, "hints": {}, "passed": {}, "given_up": []}',
        '{"format": "1", "hints": {}, "passed": {}, "given_up": []}',
        '{"format": 1, "hints": {}, "passed": {}, "given_up": "add"}',
    ],
)
def test_progress_that_is_broken(own: Path, text: str, mg_grade: Run) -> None:
    """A file of progress that cannot be understood is told of in a line, and not written over."""
    (own / FILE).write_text(text)
    done = mg_grade("hint", "mul", own)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert (own / FILE).read_text() == text


def test_progress_with_odd_numbers(own: Path, mg_grade: Run) -> None:
    """Numbers that no hint has do no harm."""
    (own / FILE).write_text('{"format": 1, "hints": {"mul": -5, "add": 10000}, "passed": {}, "given_up": []}')
    assert mg_grade("hint", "mul", own).stdout.startswith("Hint 1 of 4")
    assert mg_grade("hint", "add", own).stdout.startswith("Hint 4 of 4")


def test_hints_in_many_terminals_at_once(own: Path) -> None:
    """Processes that write the progress at the same time lose nothing of each other's."""
    ids = list(MANIFEST.by_id)[:8]
    command = [sys.executable, "-m", "grader", "hint"]
    started = [subprocess.Popen([*command, i, str(own)], cwd=ROOT, stdout=subprocess.DEVNULL) for i in ids]
    assert [process.wait(60) for process in started] == [0] * len(ids)
    assert read_progress(own).hints == dict.fromkeys(ids, 1)


def test_a_folder_that_cannot_be_written(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there is graded and shown, with a note that it could not be kept."""
    fill(own, "derivative")

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("grader.study.progress.write_below", refuse)
    done = CliRunner().invoke(commands, ["next", str(own)])
    assert done.exit_code == 0
    assert "derivative: " in done.output
    assert ".mg-grade.json cannot be written: Read-only file system" in " ".join(done.output.split())
    assert "(f(x + h) - f(x)) / h" in CliRunner().invoke(commands, ["solution", "derivative", str(own)]).output


def test_what_is_worked_on_is_what_is_graded(own: Path, mg_grade: Run) -> None:
    """In a learner's folder the file at its top counts once it is begun, whatever is in the notebook or a copy."""
    path = own / "derivatives.py"
    stub = path.read_text()
    (own / "old").mkdir()
    (own / "old" / "derivatives.py").write_text(SOLUTIONS["derivatives.py"])
    assert str(EXERCISES) in mg_grade("list", own).stdout
    assert read_progress(own).passed == {}
    notebook = json.loads((own / "micrograd.ipynb").read_text())
    for cell in notebook["cells"]:
        text = "".join(cell["source"]).replace('raise NotImplementedError("derivative")', "return 'nonsense'")
        cell["source"] = text.splitlines(keepends=True)
    (own / "micrograd.ipynb").write_text(json.dumps(notebook))
    assert "!!  derivative" in mg_grade("next", own).stdout  # only the notebook was begun
    path.write_text(refilled(stub, "gradient", SOLUTIONS["derivatives.py"], "derivatives.py"))
    assert "--  derivative" in mg_grade("next", own).stdout
    assert list(read_progress(own).passed) == ["gradient"]


def test_reset_takes_nothing_that_is_right(own: Path, mg_grade: Run) -> None:
    """Where a line elsewhere keeps a file from being read, that line is named, and the gap stays as it is."""
    path = own / "engine.py"
    fill(own, "add")
    stub = 'raise NotImplementedError("mul")'
    for broken in ("self.grad +=", "print((1)", "self.grad += (other.data"):
        path.write_text(path.read_text().replace(stub, broken))
        before = path.read_text()
        done = mg_grade("reset", "add", own)
        assert (done.returncode, done.stderr.count("\n"), path.read_text()) == (2, 1, before)
        assert "cannot be read as Python" in done.stderr
        assert mg_grade("reset", "mul", own).returncode == 0
        assert stub in path.read_text()
        assert "self.grad += out.grad" in path.read_text()


def test_files_that_cannot_be_reset(own: Path, tmp_path: Path, mg_grade: Run) -> None:
    """What is no plain file of UTF-8, or leaves no place for a backup, is told of in a line and stays as it is."""
    path = own / "engine.py"
    text = path.read_text()
    (own / ".mg-grade-backup").write_text("mine")
    assert ".mg-grade-backup is no folder" in mg_grade("reset", "mul", own).stderr
    (own / ".mg-grade-backup").unlink()
    path.write_bytes(text.encode("utf-16"))
    assert "is not encoded in UTF-8" in mg_grade("reset", "mul", own).stderr
    path.rename(tmp_path / "engine.py")
    path.symlink_to(tmp_path / "engine.py")
    assert "is a link" in mg_grade("reset", "mul", own).stderr
    assert (tmp_path / "engine.py").read_bytes() == text.encode("utf-16")


def test_progress_of_a_newer_kit(own: Path, mg_grade: Run) -> None:
    """A newer kit's progress is left alone."""
    write_progress(own, Progress(hints={"mul": 2}))
    data = json.loads((own / FILE).read_text())
    (own / FILE).write_text(json.dumps({**data, "format": 2}))
    assert "newer" in mg_grade("hint", "mul", own).stderr


def test_marks_that_are_gone(own: Path, mg_grade: Run) -> None:
    """Without its marks a gap cannot be found: that is said, and the file stays as it is."""
    path = own / "engine.py"
    path.write_text(path.read_text().replace("# exercise: mul", ""))
    before = path.read_text()
    done = mg_grade("reset", "mul", own, "--yes")
    assert (done.returncode, "# exercise: mul" in done.stderr) == (2, True)
    assert path.read_text() == before


def test_ids_that_do_not_exist(own: Path, mg_grade: Run) -> None:
    """A wrong id is told of with the one that is meant, or else with those that there are."""
    for command in (("hint", "bakward"), ("reset", "Backward"), ("solution", "bakward"), (".", "-e", "bakward")):
        done = mg_grade(*command, cwd=own)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "Did you mean backward?" in done.stderr
    assert "The exercises are derivative, gradient" in mg_grade("hint", "xyz", cwd=own).stderr


def test_gaps_of_the_solutions_are_those_of_the_manifest() -> None:
    """Every gap is found, and putting a gap into a text where it is already changes nothing."""
    for file, text in SOLUTIONS.items():
        ids = {gap.exercise for gap in gaps(text)}
        assert ids == {e.gap for e in MANIFEST.exercises if e.file == file}
        for exercise in ids:
            assert refilled(text, exercise, text, file) == text


def test_completion_of_ids() -> None:
    """The shell completes the ids of exercises."""
    complete = ShellComplete(commands, {}, "mg-grade", "_MG_GRADE_COMPLETE")
    for command in ("hint", "reset", "solution"):
        assert [item.value for item in complete.get_completions([command], "to")] == ["topological-sort"]
    for before in (["grade", ".", "-e"], [".", "--exercise"]):
        assert [item.value for item in complete.get_completions(before, "to")] == ["topological-sort"]
    found = [(item.type, item.value) for item in complete.get_completions([], "ne")]
    assert found == [("plain", "next"), ("file", "ne")]  # mg-grade PATH grades
    assert [item.type for item in complete.get_completions(["graph", "a*b", "--svg"], "x")] == ["file"]
    assert [item.type for item in complete.get_completions(["init"], "x")] == ["dir"]


def test_completion_in_bash(own: Path) -> None:
    """A real bash completes commands, exercises, and files beside them; a folder ends in a slash."""
    (own / "exercises of mine").mkdir()
    environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PS1": "> "}
    with terminal("bash", "--norc", "-i", environment=environment, cwd=own) as shell:
        shell.press('eval "$(_MG_GRADE_COMPLETE=bash_source mg-grade)"; clear', "Enter")
        shell.wait_for(">", gone="eval")
        for typed, whole in (
            ("mg-grade wa", "mg-grade watch "),
            ("mg-grade hint topo", "mg-grade hint topological-sort "),
            ("mg-grade . -e topo", "mg-grade . -e topological-sort "),
            ("mg-grade eng", "mg-grade engine.py "),
            ("mg-grade exe", "mg-grade exercises\\ of\\ mine/"),
            ("mg-grade watch data", "mg-grade watch datasets/"),
        ):
            shell.press(typed, "Tab")
            shell.press("#")  # shows where the line ends
            shell.wait_for(f"> {whole}#")
            shell.press("C-u")
            shell.wait_for(">", gone="mg-grade")
        shell.press("mg-grade ex", "Tab", "Tab")
        shell.wait_for("export", "exercises of mine/")


def test_reset_leaves_everything_else_byte_for_byte(own: Path, mg_grade: Run) -> None:
    """Line ends, tabs, odd separators and the end of the file are as they were."""
    path = own / "engine.py"
    fill(own, "mul")
    text = path.read_text()
    odd = text.replace("    def __neg__", '    odd = "\u2028 \x0c \x85"\n\n    def __neg__').rstrip("\n")
    for form in (odd, odd.replace("\n", "\r\n"), odd.replace("    ", "\t")):
        path.write_bytes(form.encode())
        assert mg_grade("reset", "mul", own, "--yes").returncode == 0
        after = path.read_bytes().decode()
        (lines,) = content(after, "mul")
        assert [line.strip() for line in lines] == ['raise NotImplementedError("mul")']
        assert after.count("\r\n") in (0, after.count("\n"))
        (was,) = content(form, "mul")
        assert after == form.replace("\n".join(was), "\n".join(lines))
        assert json.loads(mg_grade(own, "-e", "add", "--json", "-").stdout)["warnings"][1:] == []


BETWEEN = "\n        out._backward = _backward\n        return out\n\n    def __mul__"
FIRST_LINE = "            self.grad += out.grad\n            other"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((f"            # end\n{BETWEEN}", "# exercise: mul"), (BETWEEN, "# exercise: times")),
        ((FIRST_LINE,), (FIRST_LINE.replace("\n", "\n            # end\n"),)),
    ],
    ids=["marks between two gaps", "an end too many"],
)
def test_reset_where_marks_are_damaged(own: Path, old: tuple[str, ...], new: tuple[str, ...], mg_grade: Run) -> None:
    """Where it is not certain what belongs to a gap, nothing is taken away."""
    fill(own, "add")
    path = own / "engine.py"
    text = path.read_text()
    for was, now in zip(old, new):
        assert text.count(was) == 1
        text = text.replace(was, now)
    path.write_text(text)
    done = mg_grade("reset", "add", own, "--yes")
    assert (done.returncode, "the marks of add" in done.stderr) == (2, True)
    assert path.read_text() == text


def test_a_hint_that_is_taken_while_it_grades(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was noted meanwhile is not lost."""
    fill(own, "derivative")

    def slow(*arguments: Any, **options: Any) -> Any:
        next_hint(own, read_kit(), MANIFEST.by_id["mul"])
        return grade(*arguments, **options)

    monkeypatch.setattr(graded, "grade", slow)
    assert [e.id for e in study(own, read_kit(), choose().level).new] == ["derivative"]
    assert read_progress(own).hints == {"mul": 1}
    assert list(read_progress(own).passed) == ["derivative"]


def test_wrong_places(own: Path, tmp_path: Path, mg_grade: Run) -> None:
    """A folder without exercises gets no progress, a file is no folder, and a command that is none is asked after."""
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "mg-grade init" in mg_grade("hint", "add", empty).stderr
    assert list(empty.iterdir()) == []
    for command in (("next",), ("hint", "add"), ("list",), ("upgrade",)):
        done = mg_grade(*command, own / "engine.py")
        assert (done.returncode, done.stderr.count("\n"), "is a file" in done.stderr) == (2, 1, True)
    assert mg_grade("soluton", "add").stderr == "error: there is no command or file 'soluton'. Is solution meant?\n"


def test_files_are_written_whole(tmp_path: Path) -> None:
    """A file keeps its rights, a link still leads to it, a pipe is written to, and what fails leaves nothing behind."""
    path = tmp_path / "a"
    write_whole(path, b"1")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"1", 0o644)
    path.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(path)
    write_whole(link, b"2")
    assert (path.read_bytes(), path.stat().st_mode & 0o777, link.is_symlink()) == (b"2", 0o600, True)
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", b"3")
    assert os.read(reader, 9) == b"3"
    os.close(reader)
    with pytest.raises(OSError, match="No such file"):
        write_whole(tmp_path / "nowhere" / "b", b"4")
    assert sorted(found.name for found in tmp_path.iterdir()) == ["a", "link", "pipe"]
