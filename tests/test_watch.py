"""Watching: a learner goes from the first exercise to the last in a real terminal."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from conftest import EXERCISES, MOST, ROOT, Run, every
from terminals import Terminal, terminal

from grader.base.report import Status
from grader.cli.keyboard import pressed
from grader.kit import read_kit
from grader.kit.gaps import refilled
from grader.kit.misconceptions import catalogue
from grader.sandbox.confine import choose
from grader.study.changes import Changes
from grader.study.graded import study, touched
from grader.study.progress import read_progress

MANIFEST = read_kit().manifest
SOLUTIONS = {file: (ROOT / "solutions" / file).read_text(encoding="utf-8") for file in MANIFEST.files}
WATCH = (sys.executable, "-m", "grader", "watch")
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def own(tmp_path: Path, mg_grade: Run) -> Path:
    """A folder of a learner's own, with a space and Chinese in its path."""
    folder = tmp_path / "my 练习"
    assert mg_grade("init", folder).returncode == 0
    return folder


def fill(folder: Path, exercise: str, text: str | None = None) -> None:
    """Fill in the gap of one exercise, from the solutions or from another text of its file."""
    its = MANIFEST.by_id[exercise]
    path = folder / its.file
    path.write_text(refilled(path.read_text(), its.gap, text or SOLUTIONS[its.file], its.file))


def passed_on(screen: str) -> int:
    """How many exercises the screen says pass."""
    line = next(line for line in screen.splitlines() if f"of {EXERCISES} exercises" in line)
    return int(line.lstrip("█░#- ").split()[0])


@pytest.mark.world  # all exercises, one after the other
def test_from_the_first_exercise_to_the_last(own: Path) -> None:
    """Gap after gap turns green and nothing else red; hints are counted; killed anywhere, it goes on where it was."""
    order = [exercise for exercise in MANIFEST.exercises if not exercise.bonus]
    level = choose().level
    passed: set[str] = set()
    hints = 0

    def go(watching: Terminal, begin: int, end: int) -> None:
        nonlocal hints
        watching.wait_for(f"of {EXERCISES} exercises")
        assert passed_on(watching.screen()) == len(passed)
        for exercise in order[begin:end]:
            watching.wait_for(f"{exercise.id} ", "q quit")
            assert len(watching.screen().splitlines()) <= 24
            if exercise.id == "mul":
                for _ in range(2):
                    hints += 1
                    watching.press("h")
                    watching.wait_for(f"Hint {hints} of 4")
            fill(own, exercise.id)
            screen = watching.wait_for(f"{exercise.id}: ", "It passes now.")
            assert "Learnt: " in screen
            now = {r.id: r.status for r in study(own, read_kit(), level).report.results}
            green = {found for found, status in now.items() if status is Status.PASSED}
            assert green >= {*passed, exercise.id}
            assert set(now.values()) <= {Status.PASSED, Status.NOT_STARTED, Status.BLOCKED}
            passed.update(green)
            watching.wait_for(f"{len(passed)} of {EXERCISES}")
            assert set(read_progress(own).passed) == passed
            assert read_progress(own).hints == ({"mul": hints} if hints else {})

    cuts = [0, 3, 8, 20, len(order)]
    for begin, end in itertools.pairwise(cuts):
        with terminal(*WATCH, own, environment=ENVIRONMENT, cwd=own) as watching:
            go(watching, begin, end)
            if end < len(order):
                os.kill(watching.process, signal.SIGKILL)
            else:
                watching.wait_for("Everything passes", f"{EXERCISES} of {EXERCISES}")
                watching.press("q")
    assert passed == set(MANIFEST.by_id)


def test_keys(own: Path) -> None:
    """Every key does what the last line says; what takes something away asks for the key twice."""
    fill(own, "derivative")
    with terminal(*WATCH, environment=ENVIRONMENT, cwd=own) as watching:
        watching.wait_for("gradient ", f"1 of {EXERCISES}")
        watching.press("p")
        watching.wait_for("ok  derivative")
        watching.press("s")
        watching.wait_for("return (f(x + h) - f(x)) / h")
        watching.press("r")
        watching.wait_for("Press r again")
        assert "(f(x + h) - f(x)) / h" in (own / "derivatives.py").read_text()
        watching.press("r")
        watching.wait_for("is as it came", f"0 of {EXERCISES}")
        assert (own / "derivatives.py").read_text() == (ROOT / "exercises" / "derivatives.py").read_text()
        watching.press("n")
        watching.wait_for("--  gradient ")
        watching.press("n")
        watching.wait_for("vector-product ")
        watching.press("s")
        watching.wait_for("Press s again to give up")
        assert read_progress(own).given_up == ()
        watching.press("s")
        watching.wait_for("loss = sum(")
        assert read_progress(own).given_up == ("vector-product",)
        watching.press("l")
        watching.wait_for("> --  vector-product", "24 more below")
        watching.press("q")
        watching.wait_for("status 0")


def test_what_is_no_key_does_nothing(own: Path) -> None:
    """Keys that send several characters, and text that is pasted, are no commands; another key takes a first r back."""
    fill(own, "derivative")
    before = (own / "derivatives.py").read_text()
    with terminal(*WATCH, cwd=own, environment=ENVIRONMENT) as watching:
        watching.wait_for("gradient ", f"1 of {EXERCISES}")
        for key in ("Home", "F1", "F2", "F3", "F3", "F4", "F4", "Up", "End", "class error", "q quit"):
            watching.press(key) if len(key) < 5 else watching.tmux("send-keys", "-t", "test", "-l", key)
            time.sleep(0.05)
        time.sleep(0.5)  # text that is read together with the next key would take that for pasted as well
        watching.press("p")
        watching.wait_for("ok  derivative")
        watching.press("r")
        watching.wait_for("Press r again")
        watching.press("Escape")
        watching.wait_for("q quit", gone="Press r again")
        watching.press("r")
        watching.wait_for("Press r again")
        watching.press("q")
        watching.wait_for("status 0")
    assert read_progress(own).hints == {}
    assert read_progress(own).given_up == ()
    assert (own / "derivatives.py").read_text() == before


def test_keys_while_it_grades(own: Path) -> None:
    """What is pressed while something is graded is not taken for an answer to what is shown afterwards."""
    hangs = SOLUTIONS["derivatives.py"].replace("return (f(x + h) - f(x)) / h", "while True: pass")
    with terminal(*WATCH, cwd=own, environment=ENVIRONMENT) as watching:
        watching.wait_for("derivative ", f"0 of {EXERCISES}")
        fill(own, "derivative", hangs)
        watching.wait_for("grading ...")
        for key in "rrhss":
            watching.press(key)
        screen = watching.wait_for("it was still running", "q quit")
        assert "as always where a function ends without return" not in " ".join(screen.split())
        fill(own, "derivative")
        watching.wait_for(f"1 of {EXERCISES}")
        watching.press("q")
        watching.wait_for("status 0")
    assert read_progress(own).hints == {}
    assert "return (f(x + h) - f(x)) / h" in (own / "derivatives.py").read_text()


@pytest.mark.world  # until an endless loop is given up
def test_keys_while_it_grades_the_rest(own: Path) -> None:
    """What is pressed when the next exercise is shown already, and the rest is still graded, is meant for that one."""
    fill(own, "gradient", SOLUTIONS["derivatives.py"].replace("slopes = []", "while True: pass"))
    with terminal(*WATCH, cwd=own, environment=ENVIRONMENT) as watching:
        watching.wait_for("!!  gradient", f"0 of {EXERCISES}")
        fill(own, "derivative")
        watching.wait_for("derivative: ", "It passes now.")
        watching.press("h")
        watching.wait_for("!!  gradient", "Hint 1 of 4")
        watching.press("q")
        watching.wait_for("status 0")
    assert read_progress(own).hints == {"gradient": 1}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("h", ["h"]),
        ("nnn", ["n"] * 3),
        ("qq", ["q"] * 2),
        ("rr", ["rr"]),
        ("sss", ["sss"]),
        ("\x1b[A", ["up"]),
        ("\x1bOB" * 2, ["down"] * 2),
        (" ", ["space"]),
    ],
)
def test_keys_in_one_piece(text: str, keys: list[str]) -> None:
    """A key that is pressed several times is not lost; where it takes something away, the question is read first."""
    assert pressed(text) == keys


@pytest.fixture
def filled(own: Path, mg_grade: Run) -> Path:
    """A folder of a learner's own in which everything is filled in, and passing is no news."""
    for file, text in SOLUTIONS.items():
        (own / file).write_text(text)
    assert "Everything passes" in mg_grade("next", own).stdout
    return own


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_what_passes_no_more_is_shown(filled: Path) -> None:
    """A change outside of the gaps that breaks what passed before leads there, with its feedback."""
    with terminal(*WATCH, cwd=filled, environment=ENVIRONMENT) as watching:
        watching.wait_for("ok  ", f"{EXERCISES} of {EXERCISES}")
        edit(filled / "engine.py", "self.grad = 0.0\n        self._prev", "self.grad = 1.0\n        self._prev")
        watching.wait_for("!!  add", "add, mul and 6 more had passed before this save.", "your grad", "q quit")
        watching.press("l")
        watching.wait_for("> !!  add", "ok  derivative", "more below", gone="your grad")
        edit(filled / "engine.py", "self.grad = 1.0\n        self._prev", "self.grad = 0.0\n        self._prev")
        watching.wait_for("ok  add", f"{EXERCISES} of {EXERCISES}", gone="!!")
        watching.press("q")


def test_long_feedback_and_another_size(filled: Path) -> None:
    """In 24 lines the head of long feedback stays, and what is left out of the code is told; another size is drawn."""
    edit(filled / "train.py", "        optimiser.zero_grad()\n", "")
    with terminal(*WATCH, cwd=filled, environment=ENVIRONMENT) as watching:
        screen = watching.wait_for("!!  training-loop", "lines more: space shows all", "yours", "q quit")
        assert screen.startswith("  !!  training-loop")
        watching.tmux("resize-window", "-t", "test", "-x", "80", "-y", "50")
        screen = watching.wait_for("from train import train", gone="lines more")
        assert screen.count("q quit") == 1
        watching.tmux("resize-window", "-t", "test", "-x", "50", "-y", "12")
        watching.tmux("resize-window", "-t", "test", "-x", "80", "-y", "24")
        screen = watching.wait_for("  !!  training-loop", "lines more: space shows all", "q quit")
        assert screen.count("q quit") == 1
        watching.press("q")
        watching.wait_for("status 0")


@pytest.mark.parametrize("size", every(3, ["60x24", "80x24", "120x40", "200x50"]))
def test_sizes(filled: Path, size: str) -> None:
    """In every size all that watch shows fits: nothing scrolls away, no line of ours is broken by the terminal."""
    columns, lines = map(int, size.split("x"))
    edit(filled / "engine.py", "self.grad += other.data * out.grad", "self.grad = other.data * out.grad")
    with terminal(*WATCH, cwd=filled, environment=ENVIRONMENT, lines=lines, columns=columns) as watching:

        def check(first: str, *texts: str) -> str:
            screen = watching.wait_for(*texts, "q quit")
            rows = screen.splitlines()
            assert rows[0].startswith(first), screen
            assert all(len(row) < columns for row in rows), screen
            assert sum("exercises, " in row for row in rows) == 1
            return screen

        check("  !!  mul", "your grad", "This looks like a well-known mistake")
        watching.press("h")
        check("", "Hint 1 of 4")
        watching.press("c")
        if "page 1 of" in check("What leads to mul in the book", "3. The engine"):
            watching.press("Space")
            check("", "page 2 of")
            watching.press("b")
            check("What leads to mul in the book", "page 1 of")
        watching.press("l")
        check("", "> !!  mul")
        for _ in range(3):
            watching.press("Down")
        watching.wait_for("> ok  log")
        for _ in range(20):
            watching.press("j")
        check("  " if lines > 40 else "      ... ", "> ok  adamw")
        watching.press("Up", "Enter")
        watching.wait_for("  ok  rmsprop", gone=">")
        watching.press("q")


def test_what_can_be_read_again(own: Path) -> None:
    """Hints that were seen, and what the chapter says, are there to be read again."""
    with terminal(*WATCH, cwd=own, environment=ENVIRONMENT, lines=40) as watching:
        watching.wait_for("--  derivative")
        watching.press("e")
        watching.wait_for("You have seen no hint for derivative yet")
        for number in (1, 2):
            watching.press("h")
            watching.wait_for(f"Hint {number} of 4")
        watching.press("e")
        watching.wait_for("Hint 1 of 4", "Hint 2 of 4", gone="Hint 3 of 4")
        watching.press("c")
        watching.wait_for("What leads to derivative in the book", "1. Derivatives")
        watching.press("Escape")
        watching.wait_for("--  derivative", gone="1. Derivatives")
        watching.press("q")
        watching.wait_for("status 0")
    assert read_progress(own).hints == {"derivative": 2}


def test_what_had_passed_before(filled: Path) -> None:
    """A change that breaks what is worked on says so, and that it passes again; what is no Python comes first."""
    with terminal(*WATCH, cwd=filled, environment=ENVIRONMENT) as watching:
        watching.wait_for(f"{EXERCISES} of {EXERCISES}")
        edit(filled / "optim.py", "p.data -= self.lr * self.v[i]", "p.data += self.lr * self.v[i]")
        watching.wait_for("momentum had passed before this save.", "!!  momentum")
        edit(filled / "optim.py", "p.data += self.lr * self.v[i]", "p.data -= self.lr * self.v[i]")
        watching.wait_for("momentum passes again.", f"{EXERCISES} of {EXERCISES}")
        edit(filled / "optim.py", "p.data -= self.lr * self.v[i]", "p.data -= (self.lr * self.v[i]")
        screen = watching.wait_for("cannot be read as Python", "nothing in optim.py can be graded", "more had passed")
        assert screen.count("cannot be read as Python") == 1
        watching.press("q")


def test_only_the_bonus_is_left(filled: Path) -> None:
    """Who gets all points is told so; that a chain of 10,000 nodes is too deep is no mistake."""
    edit(filled / "engine.py", *next(m.edits[0] for m in catalogue()["deep-graph"]))
    with terminal(*WATCH, cwd=filled, environment=ENVIRONMENT) as watching:
        watching.wait_for(
            "Everything passes that counts",
            "Only deep-graph is left",
            f"{EXERCISES - 1} of {EXERCISES}",
            f"{MOST:g} / {MOST:g} points",
        )
        watching.press("q")
        watching.wait_for("status 0")


def test_many_at_once_and_a_file_that_is_gone(own: Path) -> None:
    """Of many that pass at once the last are told, news goes at the next save, and a file that is gone is missed."""
    with terminal(*WATCH, cwd=own, environment=ENVIRONMENT, lines=40) as watching:
        watching.wait_for("derivative ", f"0 of {EXERCISES}")
        (own / "derivatives.py").write_text(SOLUTIONS["derivatives.py"])
        watching.wait_for("These pass now as well: derivative.", f"3 of {EXERCISES}")
        (own / "engine.py").rename(own / "motor.py")
        screen = watching.wait_for("micrograd.ipynb/engine.py was taken for engine.py")
        assert "pass now" not in screen
        watching.press("q")


def test_stopped_and_continued(own: Path) -> None:
    """After Ctrl-Z and fg the keys are read one by one as before."""
    with terminal("bash", "--norc", "-i", environment=ENVIRONMENT, cwd=own) as shell:
        shell.press(f"{sys.executable} -m grader watch", "Enter")
        shell.wait_for("q quit")
        shell.press("C-z")
        shell.wait_for("Stopped")
        shell.press("fg", "Enter")
        shell.wait_for("q quit", gone="Stopped")  # the shell has put it in front, and it has drawn itself
        shell.press("n")
        shell.wait_for("gradient ")
        shell.press("C-c")
        shell.wait_for("stopped.")
        shell.press("echo $?", "Enter")
        shell.wait_for("130")


def test_a_mistake_is_shown_and_mended(own: Path) -> None:
    """Feedback comes on saving, and goes when the mistake is mended; another exercise that is edited is shown."""
    wrong = SOLUTIONS["engine.py"].replace("self.grad += other.data * out.grad", "self.grad = other.data * out.grad")
    odd = SOLUTIONS["engine.py"].replace("self.grad += out.grad\n", "self.grad += 3.3 * out.grad - 0.7\n")
    with terminal(*WATCH, environment=ENVIRONMENT, cwd=own, lines=40) as watching:
        watching.wait_for("derivative ")
        fill(own, "mul", wrong)
        watching.wait_for("!!  mul", "yours", "expected")
        watching.press("h")
        watching.wait_for("Hint 1 of 4")
        fill(own, "add", odd)
        watching.wait_for("!!  add", "Look at: ", "q quit")
        watching.press("h")
        watching.wait_for("Hint 2 of 4")  # the feedback ends with the first
        fill(own, "add", SOLUTIONS["engine.py"])
        watching.wait_for("add: a + b. It passes now.", f"1 of {EXERCISES}")
        fill(own, "mul")
        watching.wait_for("mul: a * b. It passes now.", f"2 of {EXERCISES}")
        (own / "engine.py").write_text((own / "engine.py").read_text() + "# exercise: my own\nx = 1\n# end\n")
        watching.wait_for(f"2 of {EXERCISES}", "q quit")
        (own / "engine.py").write_text("def broken(:\n")
        watching.wait_for(f"0 of {EXERCISES}", "q quit")
        watching.press("q")


@pytest.mark.parametrize(
    ("name", "value", "plain"), [("NO_COLOR", "1", False), ("TERM", "dumb", True), ("LC_ALL", "C", False)]
)
def test_plain_terminals(own: Path, name: str, value: str, plain: bool) -> None:
    """Without colour, on a dumb terminal and in a locale without UTF-8 it is the same in plainer characters."""
    coded = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"} if name == "LC_ALL" else {}
    with terminal(*WATCH, environment={**ENVIRONMENT, name: value, **coded}, cwd=own) as watching:
        watching.wait_for(f"0 of {EXERCISES}", "q quit")
        fill(own, "derivative")
        watching.wait_for(f"1 of {EXERCISES}", "Learnt: ")
        screen = watching.tmux("capture-pane", "-p", "-e", "-t", "test")
        assert ("\x1b[" in screen) == (name == "LC_ALL")
        assert ("-" * 40 in screen) == plain
        if name == "LC_ALL":
            assert "#" not in screen  # one exercise fills no block yet
            assert "--------" in screen
        watching.press("q")
        watching.wait_for("status 0")


def test_without_a_terminal(own: Path, mg_grade: Run) -> None:
    """Where there are no keys to read, a line says so."""
    done = mg_grade("watch", own, stdin=-3)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: watch needs a terminal to read keys from. Without one: mg-grade next\n"


def test_a_folder_that_holds_nothing(tmp_path: Path) -> None:
    """There is nothing to watch where there is nothing of the kit."""
    with terminal(*WATCH, environment=ENVIRONMENT, cwd=tmp_path) as watching:
        watching.wait_for("losses.py, optim.py", "status 2")


def test_what_a_change_touches() -> None:
    """The exercises of a changed file and of the files that rest on it, and no others."""
    assert touched(MANIFEST, ["graph.py"]) == ["trace"]
    assert touched(MANIFEST, ["./derivatives.py"]) == [e.id for e in MANIFEST.exercises if e.file == "derivatives.py"]
    after_engine = set(touched(MANIFEST, ["engine.py"]))
    assert {"add", "neuron", "mse", "trace"} <= after_engine
    assert not after_engine & {"derivative", "nudge"}
    assert touched(MANIFEST, ["helpers.py"]) == list(MANIFEST.by_id)


@pytest.mark.parametrize("events", [True, False], ids=["events", "looking"])
def test_changes(tmp_path: Path, events: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way of writing a file is noticed, with and without events of the system; other files are not."""
    if not events:
        monkeypatch.setitem(sys.modules, "watchfiles", None)
    file = tmp_path / "engine.py"
    file.write_text("a = 1\n")
    changes = Changes(tmp_path)
    never, _ = os.pipe()
    try:
        file.write_text("a = 2\n")
        assert changes.wait([never]) == {"engine.py"}
        (tmp_path / "new").write_text("a = 3\n")
        (tmp_path / "new").replace(file)  # as most editors do
        assert changes.wait([never]) == {"engine.py"}
        file.unlink()
        assert changes.wait([never]) == {"engine.py"}
        (tmp_path / "nn.py").touch()
        assert changes.wait([never]) == {"nn.py"}
        (tmp_path / "old.py").symlink_to("nowhere")
        assert changes.wait([never]) == {"old.py"}
        (tmp_path / "nn.py").write_text("a = 5\n")
        assert changes.wait([never]) == {"nn.py"}
        (tmp_path / "notes.txt").write_text("no exercise")
        ready, wake = os.pipe()
        os.write(wake, b"x")
        assert changes.wait([ready]) == set()
    finally:
        changes.close()


def test_results_of_before_are_kept(own: Path) -> None:
    """Grading a part leaves the results of the rest as they were."""
    level = choose().level
    fill(own, "derivative")
    fill(own, "add")
    whole = study(own, read_kit(), level)
    fill(own, "gradient")
    part = study(own, read_kit(), level, ["gradient"]).after(whole)
    again = study(own, read_kit(), level)
    rows = ([(r.id, r.status, r.points) for r in report.results] for report in (part.report, again.report))
    assert next(rows) == next(rows)
    assert part.report.points == again.report.points
