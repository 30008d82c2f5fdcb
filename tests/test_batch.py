"""Grading a class: everything is graded, nothing is lost, and what comes out is what went in."""

from __future__ import annotations

import concurrent.futures
import csv
import dataclasses
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import BONUS, MOST, ROOT, Run, every
from test_intake import EDITION, ONE_NAMESPACE
from test_mistakes import MISTAKES, make

from grader.base.errors import OutputError
from grader.base.model import Student
from grader.base.points import exactly
from grader.base.report import Confinement, ExerciseResult, Mistake, Report, Status, Versions
from grader.classes import batch, gradebook
from grader.classes.batch import Job, grade_all, grade_one
from grader.classes.gradebook import MIGRATIONS, Gradebook
from grader.classes.grades import grades
from grader.classes.item_analysis import facts
from grader.classes.outcome import Grading, Outcome
from grader.classes.policy import Policy
from grader.classes.roster import read_roster
from grader.grading.pipeline import grade
from grader.intake.layouts import Entry, read_class
from grader.intake.submission import read_submission
from grader.kit import KIT_FOLDER, read_kit
from grader.reports.forms import json as json_form
from grader.sandbox.confine import choose

COMMAND = [sys.executable, "-m", "grader"]
LEVEL = choose().level.name


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A class of a few: solutions, stubs, a mistake, a notebook, an archive, a hostile one, and nothing at all."""
    folder = tmp_path / "class"
    shutil.copytree(ROOT / "solutions", folder / "ada")
    shutil.copytree(ROOT / "exercises", folder / "bob")
    shutil.copytree(ROOT / "solutions", folder / "Eve Ünal_9001_assignsubmission_file_")
    make(folder / "Eve Ünal_9001_assignsubmission_file_", MISTAKES["mul-assigned"])
    (folder / "fay_LATE_77_1_micrograd.ipynb").write_text(EDITION)
    with zipfile.ZipFile(folder / "gus.zip", "w") as archive:
        archive.writestr("mine/work.ipynb", ONE_NAMESPACE)
    shutil.copytree(ROOT / "tests" / "hostile" / "exits" / "submission", folder / "hal")
    (folder / "ida").mkdir()
    (folder / "ida" / "essay.pdf").write_bytes(b"%PDF")
    return folder


def run_batch(mg_grade: Run, submissions: Path, out: Path, *options: object) -> subprocess.CompletedProcess[str]:
    return mg_grade("batch", submissions, "--out", out, "--sandbox", LEVEL, *options)


def table(out: Path) -> dict[str, dict[str, str]]:
    """grades.csv by student."""
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_a_class(few: Path, tmp_path: Path, mg_grade: Run) -> None:
    """Everybody is graded as alone, whatever the form; who handed in nothing is told, and is no zero."""
    out = tmp_path / "out"
    done = run_batch(mg_grade, few, out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 graded, 1 with nothing to grade, 0 unchanged, 0 that the grader failed on.")
    assert "ida: ida holds no Python files, only essay.pdf." in done.stderr
    rows = table(out)
    assert set(rows) == {"ada", "bob", "Eve Ünal", "fay", "gus", "hal", "ida"}
    assert (rows["ida"]["status"], rows["ida"]["points"], rows["ida"]["mul"]) == ("refused", "", "")
    for entry in read_class(few)[0]:
        report = out / "reports" / f"{entry.student.key}.json"
        if entry.student.name == "ida":
            assert not report.exists()
            continue
        alone = few / entry.shown if (few / entry.shown).exists() else few / "fay_LATE_77_1_micrograd.ipynb"
        expected = grade(read_submission(alone, read_kit().manifest), read_kit())
        assert float(rows[entry.student.name]["points"]) == expected.points + expected.bonus_points
        data = json.loads(report.read_text(encoding="utf-8"))
        assert data["points"] == expected.points
        assert [row["status"] for row in data["exercises"]] == [str(result.status) for result in expected.results]
        feedback = report.with_suffix(".md").read_text(encoding="utf-8")
        assert f"{float(expected.points):g} / {MOST:g}" in feedback
    assert "well\\-known mistake" in (out / "reports" / "Eve Ünal-9001.md").read_text(encoding="utf-8")
    assert (rows["Eve Ünal"]["id"], rows["Eve Ünal"]["mul"]) == ("9001", "3")


def test_a_dry_run(few: Path, tmp_path: Path, mg_grade: Run) -> None:
    """Who is who and what would be read is shown, and nothing is graded or written."""
    (few / "ada" / "notes.pdf").write_text("")
    before = sorted(tmp_path.rglob("*"))
    done = mg_grade("batch", few, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert sorted(tmp_path.rglob("*")) == before
    assert "Eve Ünal (9001), attempt 1" in done.stdout
    assert "fay (77), attempt 1, late: fay_77" in done.stdout
    assert "not read: notes.pdf" in done.stdout
    assert "nothing to grade: ida holds no Python files" in done.stdout
    assert done.stdout.endswith("7 students, 6 with something to grade. Nothing was graded.\n")
    assert mg_grade("batch", few).returncode == 2


def test_parts_of_one_are_told(tmp_path: Path, mg_grade: Run) -> None:
    """Loose files that seem to be one person's are graded as they are called, and that is said."""
    for name in ("Jane Doe - engine.py", "Jane Doe - nn.py", "Bob Roe - engine.py", "ada_derivatives.py"):
        (tmp_path / name).write_text("x = 1\n")
    done = mg_grade("batch", tmp_path, "--dry-run")
    assert "Jane Doe - engine.py, Jane Doe - nn.py are taken for the work of 2 students" in done.stderr
    assert "Bob" not in done.stderr


def test_a_roster(tmp_path: Path, mg_grade: Run) -> None:
    """Submissions are put under the names of the roster, one person's together; who is missing is no zero."""
    folder, out, roster = tmp_path / "class", tmp_path / "out", tmp_path / "roster.csv"
    for name in ("jd0e", "Eve Poe_77_assignsubmission_file", "Team A_102_assignsubmission_file"):
        shutil.copytree(ROOT / "tests" / "samples" / "ada", folder / name)
    shutil.copy(ROOT / "solutions" / "engine.py", folder / "doejane_101_9_engine.py")
    text = "\ufeffName;ID;GitHub;Section\r\n"
    text += "Jane Doe;101;jd0e;1\r\nPoe, Eve;7;;1\r\nRoe, Bob;8;;1\r\nZoë Ünal;102;;2\r\n;;;\r\n"
    roster.write_bytes(text.encode())
    done = run_batch(mg_grade, folder, out, "--roster", roster, "--attempt", "best")
    assert done.returncode == 0, done.stderr
    assert "Team A is not on the roster: Zoë Ünal has the same number there and another name" in done.stderr
    assert "2 of the roster handed in nothing: Roe, Bob, Zoë Ünal." in done.stderr
    rows = table(out)
    assert {name: (row["id"], row["status"]) for name, row in rows.items()} == {
        "Jane Doe": ("101", "graded"),
        "Poe, Eve": ("77", "graded"),
        "Team A": ("102", "graded"),
        "Roe, Bob": ("8", "missing"),
        "Zoë Ünal": ("102", "missing"),
    }
    assert rows["Zoë Ünal"]["points"] == ""
    assert [rows[name]["section"] for name in ("Jane Doe", "Team A", "Zoë Ünal")] == ["1", "", "2"]
    assert (out / "grades.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    shown = mg_grade("gradebook", out).stdout
    assert "2 of the roster who handed in nothing" in shown
    assert "Zoë Ünal: handed in nothing" in shown
    shown = mg_grade("gradebook", out, "--section", "2", "--ranking").stdout
    assert (shown.count("Zoë Ünal"), "Jane" in shown) == (1, False)
    done = mg_grade("gradebook", out, "--section", "3")
    assert (done.returncode, "The sections are 1, 2." in done.stderr) == (2, True)
    worksheet = tmp_path / "worksheet.csv"
    worksheet.write_text("Identifier,Full name,Grade,Last modified (grade)\nParticipant 77,Eve Poe,,-\n")
    done = mg_grade("export", out, "--to", "moodle", "--into", worksheet, "--output", tmp_path / "filled.csv")
    assert "1 grades are filled in" in done.stdout
    assert "Zoë" not in done.stderr
    roster.write_text("Points\n3\n")
    done = run_batch(mg_grade, folder, out, "--roster", roster)
    assert (done.returncode, "is no roster" in done.stderr) == (2, True)
    roster.write_text("Name\tID\nEve Poe\t77\n")  # as a spreadsheet writes "text"
    assert [person.student.id for person in read_roster(roster)] == ["77"]


def test_again(few: Path, tmp_path: Path, mg_grade: Run) -> None:
    """A second time only what has changed is graded, and it is said whose score moved, by how much and why."""
    out = tmp_path / "out"
    for path in few.iterdir():
        if path.name not in ("ada", "bob", "ida"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert run_batch(mg_grade, few, out).returncode == 0
    done = run_batch(mg_grade, few, out)
    assert done.stdout == "0 graded, 1 with nothing to grade, 2 unchanged, 0 that the grader failed on.\n"
    make(few / "ada", MISTAKES["exp-self-data"])
    done = run_batch(mg_grade, few, out)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("1 graded, 1 with nothing to grade, 1 unchanged")
    assert lines[1:] == [f"ada: {MOST + BONUS:g} -> {MOST:g}, as the submission is another (exp -3)"]
    done = run_batch(mg_grade, few, out, "--regrade")
    assert done.stdout == "2 graded, 1 with nothing to grade, 0 unchanged, 0 that the grader failed on.\n"
    policy = tmp_path / "mg-grade.toml"
    policy.write_text("format = 1\n[points]\nmul = 10\n")
    done = run_batch(mg_grade, few, out, "--policy", policy)
    assert f"ada: {MOST:g} -> {MOST + 6:g}, as the policy is another (mul +6)" in done.stdout.splitlines()
    assert table(out)["ada"]["max_points"] == f"{MOST + 6:g}"
    with sqlite3.connect(out / "gradebook.sqlite") as connection:
        ((kept,),) = connection.execute("SELECT count(*) FROM gradings WHERE student = 'ada'")
    assert kept == 4


def test_another_kit_grades_again(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kit is another, a grading that was kept counts no longer."""
    (entry,) = [entry for entry in read_class(few)[0] if entry.student.name == "ada"]
    job = Job(entry, KIT_FOLDER, LEVEL, Policy(), None)
    first = grade_one(job)
    assert first is not None
    known = dataclasses.replace(job, known=(first.content, first.kit, first.settings))
    assert grade_one(known) is None
    monkeypatch.setattr("grader.classes.batch.kit_print", lambda _: "another")
    again = grade_one(known)
    assert again is not None
    assert again.report is not None


def test_attempts(tmp_path: Path, mg_grade: Run) -> None:
    """Which of several attempts counts is chosen: the latest, the best or the first."""
    folder = tmp_path / "class"
    shutil.copytree(ROOT / "exercises", folder / "ada" / "attempt_1")
    shutil.copytree(ROOT / "solutions", folder / "ada" / "attempt_2")
    shutil.copytree(ROOT / "tests" / "samples" / "ada", folder / "ada" / "attempt_3")
    for attempt, points in (("latest", "6"), ("first", "0"), ("best", f"{MOST + BONUS:g}")):
        assert run_batch(mg_grade, folder, tmp_path / "out", "--attempt", attempt).returncode == 0
        assert table(tmp_path / "out")["ada"]["points"] == points


def test_lateness(few: Path, tmp_path: Path, mg_grade: Run) -> None:
    """Where the platform says that it was late and not by how much, one day's penalty is taken, and is told."""
    policy = tmp_path / "mg-grade.toml"
    policy.write_text("format = 1\n[deadline]\nat = 2026-01-01T00:00:00Z\npenalty_per_day = 20\n")
    for path in few.iterdir():
        if not path.name.startswith("fay"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert mg_grade("batch", few, "--out", tmp_path / "o", "--sandbox", LEVEL, cwd=tmp_path).returncode == 0  # finds it
    assert table(tmp_path / "o")["fay"]["points"] == f"{(MOST + BONUS) * 0.8:g}"
    with Gradebook(tmp_path / "o") as kept:
        (its,) = grades(kept, "latest", None)
    assert "Marked as late" in its.comment


def test_a_policy_that_is_wrong(few: Path, tmp_path: Path, mg_grade: Run) -> None:
    """A policy with a mistake ends it with 2 and the line, before anything is graded."""
    policy = tmp_path / "mg-grade.toml"
    policy.write_text("format = 1\n\n[points]\nmull = 3\n")
    done = run_batch(mg_grade, few, tmp_path / "out", "--policy", policy)
    assert done.returncode == 2
    assert "points.mull: there is no exercise" in done.stderr
    assert not (tmp_path / "out").exists()


def test_no_sandbox_is_refused(few: Path, tmp_path: Path, mg_grade: Run) -> None:
    """Without a sandbox nobody else's code is run, unless the instructor takes the risk."""
    env = {**os.environ, "PATH": "/nowhere"}
    done = mg_grade("batch", few, "--out", tmp_path / "out", "--sandbox", "bubblewrap", env=env)
    assert done.returncode == 2
    assert "--unsafe-no-sandbox" in done.stderr
    shutil.rmtree(few / "hal")
    assert mg_grade("batch", few, "--out", tmp_path / "out", "--unsafe-no-sandbox").returncode == 0


# Whatever ends a process.


def many(folder: Path, n: int) -> Path:
    """A class of n in which all hand in something else."""
    for i in range(n):
        shutil.copytree(ROOT / "solutions", folder / f"s{i:03}")
        with (folder / f"s{i:03}" / "engine.py").open("a") as file:
            file.write(f"\n# {i}\n")
    return folder


def graded(out: Path) -> int:
    """How many gradings the gradebook holds."""
    if not (out / "gradebook.sqlite").exists():
        return 0
    with sqlite3.connect(out / "gradebook.sqlite") as connection:
        try:
            ((number,),) = connection.execute("SELECT count(*) FROM gradings")
        except sqlite3.OperationalError:  # it is just being made
            return 0
        return int(number)


def children(process: int) -> set[int]:
    """The processes that a process has started, and theirs."""
    found: set[int] = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == process:
            found |= {int(path.parent.name), *children(int(path.parent.name))}
    return found


def wait_for(condition: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.world  # test_batch_killed.py kills whole batches
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
def test_a_killed_process_costs_nothing(tmp_path: Path) -> None:
    """Processes that are killed at random moments cost a retry: everybody is graded, and the totals are right."""
    folder, out = many(tmp_path / "class", 24), tmp_path / "out"
    process = subprocess.Popen(
        [*COMMAND, "batch", str(folder), "--out", str(out), "--sandbox", LEVEL, "-j", "2"], cwd=ROOT
    )
    draw = random.Random(7)
    for enough in (2, 7, 12):
        wait_for(lambda enough=enough: graded(out) >= enough or process.poll() is not None)
        workers = [child for child in children(process.pid) if "spawn_main" in _command(child)]
        if workers:
            os.kill(draw.choice(workers), signal.SIGKILL)
    assert process.wait(120) == 0
    rows = table(out)
    assert len(rows) == 24
    assert {(row["points"], row["status"]) for row in rows.values()} == {(f"{MOST + BONUS:g}", "graded")}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
@pytest.mark.parametrize("name", every(3, ["SIGINT", "SIGKILL", "SIGTERM"]))
def test_a_batch_that_is_ended(tmp_path: Path, name: str) -> None:
    """However a batch ends, what was graded is kept, no process is left, and the next run goes on from there."""
    folder, out, number = many(tmp_path / "class", 16), tmp_path / "out", signal.Signals[name]
    command = [*COMMAND, "batch", str(folder), "--out", str(out), "--sandbox", LEVEL, "-j", "2"]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits it ignored
    try:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    wait_for(lambda: graded(out) >= 4)
    started = children(process.pid)
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    if number != signal.SIGKILL:
        assert (process.returncode, err.strip().splitlines()[-1]) == (130, "stopped.")
        assert len(table(out)) >= 4
    kept = graded(out)
    assert 4 <= kept < 16
    wait_for(lambda: not [child for child in started if _command(child)], 10)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"{16 - kept} graded, 0 with nothing to grade, {kept} unchanged" in done.stdout
    assert {row["points"] for row in table(out).values()} == {f"{MOST + BONUS:g}"}
    assert len(table(out)) == 16


ENDED_IN_THE_MIDDLE = '''
from concurrent.futures import BrokenExecutor
from grader.classes import batch

HALF = """
import os, struct, sys
replies = sys._getframe(2).f_locals["replies"]
os.write(replies.fileno(), struct.pack("<Q", 1000) + b"half")
os._exit(1)
"""
if __name__ == "__main__":
    executor = batch.processes(1)
    assert isinstance(executor.submit(exec, HALF).exception(), BrokenExecutor)
    assert executor.submit(int, "2").result() == 2
    batch._stop(executor)
'''


def test_a_process_that_is_ended_while_it_answers(tmp_path: Path) -> None:
    """A batch that is ended ends, also where half of a result is on its way."""
    program = tmp_path / "ended.py"
    program.write_text(ENDED_IN_THE_MIDDLE)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, str(program)], env=environment, check=True, timeout=20)


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def dies(job: Job) -> Grading | None:
    """In place of grade_one: one submission ends the process."""
    if job.entry.student.name == "deadly":
        os._exit(9)
    return grade_one(job)


@pytest.mark.world  # three processes one after the other
def test_what_always_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission that ends every process is the grader's fault, told as that; all others are graded."""
    monkeypatch.setattr(batch, "grade_one", dies)
    folder = tmp_path / "class"
    for name in ("ada", "bob", "deadly", "eve", "fay"):
        shutil.copytree(ROOT / "tests" / "samples" / "ada", folder / name)
    jobs = [Job(entry, KIT_FOLDER, LEVEL, Policy(), None) for entry in read_class(folder)[0]]
    found = {job.entry.student.name: grading for job, grading in grade_all(jobs, batch.processes, 2)}
    assert {name: grading.status if grading else "" for name, grading in found.items()} == {
        "ada": "graded",
        "bob": "graded",
        "deadly": "error",
        "eve": "graded",
        "fay": "graded",
    }
    deadly = found["deadly"]
    assert deadly is not None
    assert "3 times" in deadly.comment


class Here(concurrent.futures.Executor):
    """An executor of another kind: it does everything at once, where it is asked."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> concurrent.futures.Future[Any]:
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)
        return future


def test_any_executor(few: Path) -> None:
    """Any concurrent.futures.Executor will do."""
    jobs = [Job(entry, KIT_FOLDER, LEVEL, Policy(), None) for entry in read_class(few)[0]]
    found = {job.entry.student.name: grading for job, grading in grade_all(jobs, lambda _: Here(), 1)}
    assert {name: grading and grading.status for name, grading in found.items()} == {
        **dict.fromkeys(["ada", "bob", "Eve Ünal", "fay", "gus", "hal"], "graded"),
        "ida": "refused",
    }


# The gradebook.


MUL = ExerciseResult(
    id="mul", title="a * b", file="engine.py", chapter="The engine", points=Fraction(),
    max_points=Fraction(4), counts=True, bonus=False, minutes=1, learnt="", gap="mul", status=Status.FAILED,
)  # fmt: skip


def grading(name: str, points: float = 3.0, status: Outcome = Outcome.GRADED, attempt: int = 1) -> Grading:
    mistakes = () if points else (Mistake("mul-x", "A title", "Why."),)
    passed = Status.PASSED if points == 4 else Status.FAILED
    mul = dataclasses.replace(MUL, points=exactly(points), status=passed, mistakes=mistakes)
    add = dataclasses.replace(MUL, id="add", points=2 * exactly(points), max_points=Fraction(8), status=passed)
    versions, confinement = Versions("kit", "1", "1", "3"), Confinement("limits", is_sandbox=False)
    report = Report(versions, 1, confinement, name, name, (mul, add))
    student = Student(name, name.title(), "", "")
    document = json_form.compact(report)
    return Grading(student, attempt, name, None, False, status, "why", "c", "k", "s", document, {"engine.py": "x"})


def test_every_grading_is_kept(tmp_path: Path) -> None:
    """A new grading of an attempt is the one that counts; those before it stay; what is read is what was written."""
    with Gradebook(tmp_path, is_new=True) as book:
        book.add(grading("ada", 1.0))
        book.add(grading("ada", 4.0))
        book.add(grading("bob", 2.0))
    with Gradebook(tmp_path) as book:
        assert list(book.latest(with_sources=True)) == [grading("ada", 4.0), grading("bob", 2.0)]
        assert [its.points for its in grades(book)] == [12.0, 6.0]
        assert book.fingerprints() == {("ada", 1): ("c", "k", "s"), ("bob", 1): ("c", "k", "s")}
    with sqlite3.connect(tmp_path / "gradebook.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM gradings").fetchone() == (3,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_old_gradebook_is_brought_up_to_date(tmp_path: Path) -> None:
    """A gradebook of the first version keeps what is in it, and can be used like a new one."""
    with sqlite3.connect(tmp_path / "gradebook.sqlite") as connection:
        connection.executescript(MIGRATIONS[0] + "PRAGMA user_version = 1;")
        connection.execute("INSERT INTO students VALUES ('ada', 'Ada', '', '')")
    with Gradebook(tmp_path) as book:
        book.keep_setting("attempt", "best")
        assert book.setting("attempt") == "best"
        book.add(grading("ada"))
        assert [its.student.name for its in grades(book)] == ["Ada"]


def test_gradebooks_that_cannot_be_used(tmp_path: Path, mg_grade: Run) -> None:
    """One that is newer, none at all and something else in its place are a line each."""
    with sqlite3.connect(tmp_path / "gradebook.sqlite") as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(OutputError, match="newer"):
        Gradebook(tmp_path)
    (tmp_path / "gradebook.sqlite").write_bytes(b"something else, and long enough to be looked at" * 9)
    done = mg_grade("gradebook", tmp_path)
    assert (done.returncode, done.stderr.count("\n"), "cannot be used" in done.stderr) == (2, 1, True)
    done = mg_grade("gradebook", tmp_path / "nowhere")
    assert (done.returncode, "holds no gradebook" in done.stderr) == (2, True)
    assert gradebook.FILE == "gradebook.sqlite"


def test_what_a_class_tells_of_an_exercise() -> None:
    """Pass rate, mean, discrimination and commonest mistakes are what they are defined to be."""
    reports = [found for i, p in enumerate([4, 4, 2, 0, 0]) if (found := grading(str(i), p).report)]
    mul, add = facts(reports)
    assert (mul.id, mul.pass_rate, mul.mean) == ("mul", 0.4, 0.5)
    assert mul.discrimination == pytest.approx(1.0)
    assert (mul.misconceptions, add.misconceptions) == ((("A title", 2),), ())
    (alone, _) = facts(reports[:1])
    assert alone.discrimination is None


# What goes out.


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gradebook of three: one with all the points, one with a mistake, and one whose name is a formula."""
    folder = tmp_path_factory.mktemp("class")
    for name in ("doejane_101_1_a.zip", "roebob_102_2_a.zip", "=cmd|calc_103_3_a.zip"):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for path in (ROOT / "solutions").glob("*.py"):
                text = path.read_text()
                if "bob" in name:
                    text = text.replace("other.grad += self.data * out.grad", "other.grad = self.data * out.grad")
                archive.writestr(path.name, text)
        (folder / "in").mkdir(exist_ok=True)
        (folder / "in" / name).write_bytes(made.getvalue())
    done = subprocess.run(
        [*COMMAND, "batch", str(folder / "in"), "--out", str(folder / "out"), "--sandbox", LEVEL], cwd=ROOT, check=False
    )
    assert done.returncode == 0
    return folder / "out"


def test_the_page_of_a_class(out: Path, mg_grade: Run) -> None:
    """The distribution and the exercises are shown; who has how many points only where that is asked for."""
    shown = mg_grade("gradebook", out).stdout
    assert "3 graded" in shown
    assert "The gradient of the second factor is assigned" in shown
    assert "doejane" not in shown
    ranked = mg_grade("gradebook", out, "--ranking").stdout
    assert ranked.index("doejane") < ranked.index("roebob")


def test_spreadsheets_run_no_formula(out: Path) -> None:
    """A name that a spreadsheet would run is text in grades.csv."""
    text = (out / "grades.csv").read_text(encoding="utf-8-sig")
    assert "'=cmd" in text
    for row in csv.reader(io.StringIO(text)):
        assert not any(cell[:1] in ("=", "+", "-", "@") for cell in row)


def test_export_to_gradescope_and_junit(out: Path, tmp_path: Path, mg_grade: Run) -> None:
    """There is a file for each student, in the form that Gradescope and CI systems read."""
    for form in ("gradescope", "junit", "csv"):
        assert mg_grade("export", out, "--to", form, "--output", tmp_path / form).returncode == 0
    results = json.loads((tmp_path / "gradescope" / "roebob-102.json").read_text())
    assert results["score"] == MOST + BONUS - 1
    assert results["stdout_visibility"] == "hidden"
    mul = next(test for test in results["tests"] if test["name"].startswith("mul"))
    assert (mul["score"], mul["max_score"], mul["status"], mul["visibility"]) == (3.0, 4.0, "failed", "visible")
    assert "well-known mistake" in mul["output"]
    assert (mul["output_format"], "<pre" in mul["output"]) == ("html", True)
    assert sum(test["score"] for test in results["tests"]) == results["score"]
    allowed = {"score", "max_score", "status", "name", "number", "output", "output_format", "tags", "visibility"}
    assert all(set(test) <= allowed for test in results["tests"])
    suites = ElementTree.parse(tmp_path / "junit" / "roebob-102.xml").getroot()
    failed = [suite.get("name") for suite in suites if suite.get("failures") != "0"]
    assert failed == ["mul"]
    table = (out / "grades.csv").read_text()
    assert (tmp_path / "csv").read_text() == table
    (out / "grades.csv").write_text("the batch's own")
    assert f"{out / 'export.csv'}" in mg_grade("export", out, "--to", "csv").stdout
    assert ((out / "export.csv").read_text(), (out / "grades.csv").read_text()) == (table, "the batch's own")
    (out / "grades.csv").write_text(table)


CANVAS = (
    "Student,ID,SIS Login ID,Section,Micrograd (55),Final Score\r\n"
    f"    Points Possible,,,,{MOST / 2:g},(read only)\r\n"
    '"Doe, Jane",101,jdoe,1,,\r\n'
    '"Roe, Bob",102,broe,1,12,\r\n'
    '"Poe, Eve",104,epoe,1,7,\r\n'
)


def test_export_to_canvas(out: Path, tmp_path: Path, mg_grade: Run) -> None:
    """A copy of the gradebook is filled in, scaled to its points; who is not in it is named; the original stays."""
    original = tmp_path / "grades.csv"
    original.write_bytes(CANVAS.encode())
    done = mg_grade("export", out, "--to", "canvas", "--into", original, "--output", tmp_path / "filled.csv")
    assert done.returncode == 1
    assert "=cmd|calc" in done.stderr
    assert "2 grades are filled in" in done.stdout
    assert original.read_bytes() == CANVAS.encode()
    rows = list(csv.DictReader(io.StringIO((tmp_path / "filled.csv").read_bytes().decode(), newline="")))
    halves = {"101": f"{(MOST + BONUS) / 2:g}", "102": f"{(MOST + BONUS - 1) / 2:g}", "104": "7"}
    assert {row["ID"]: row["Micrograd (55)"] for row in rows if row["ID"]} == halves
    for arguments in (("--output", original), ("--assignment", "Another")):
        done = mg_grade("export", out, "--to", "canvas", "--into", original, *arguments)
        assert done.returncode == 2
        assert str(original) in done.stderr
        assert original.read_bytes() == CANVAS.encode()
    assert mg_grade("export", out, "--to", "canvas").returncode == 2


def test_similar(tmp_path: Path, mg_grade: Run) -> None:
    """Two who have the same code of their own are listed, however the names in it differ; others are not."""
    styles = ("package", "contexts", "kahn", "label_second", "slotted_dispatch", "local_slopes", "dataclass_node")
    folder = tmp_path / "class"
    for style in styles:
        shutil.copytree(ROOT / "tests" / "styles" / style, folder / style)
    shutil.copytree(ROOT / "tests" / "styles" / "contexts", folder / "copy")
    for path in (folder / "copy").rglob("*.py"):
        path.write_text("# my own work\n" + path.read_text().replace("other", "rhs"))
    assert run_batch(mg_grade, folder, tmp_path / "out").returncode == 0
    done = mg_grade("similar", tmp_path / "out", "--json")
    (pair,) = json.loads(done.stdout)
    assert {pair["first"], pair["second"]} == {"contexts", "copy"}
    assert pair["share"] > 0.9
    assert "reason to look" in mg_grade("similar", tmp_path / "out").stdout


def test_two_entries_have_two_keys(few: Path) -> None:
    """No two attempts are taken for one."""
    entries: list[Entry] = read_class(few)[0]
    assert len({(entry.student.key, entry.number) for entry in entries}) == len(entries)


@pytest.mark.world  # several batches
def test_names_that_differ_in_case_over_time(tmp_path: Path, mg_grade: Run) -> None:
    """Who is BOB this week is not the bob of last week, and has files of another name; one number is one person."""
    out, moodle = tmp_path / "out", "_7_assignsubmission_file"
    for week, names in enumerate((("bob", f"Doe{moodle}"), ("BOB", f"DOE{moodle}"), ("bob",))):
        for name in names:
            (tmp_path / str(week) / name).mkdir(parents=True)
            (tmp_path / str(week) / name / "essay.txt").write_text("")
        done = run_batch(mg_grade, tmp_path / str(week), out)
        assert ("BOB: somebody" in done.stderr) == (week == 1)
    keys = [grade.student.key for grade in grades(Gradebook(out))]
    assert [key.partition("~")[0] for key in keys] == ["bob", "BOB", "Doe-7"]
    assert len({path.name.casefold() for path in (out / "reports").glob("*.md")}) == 3


def test_an_attempt_that_is_gone_counts_no_longer(tmp_path: Path, mg_grade: Run) -> None:
    """What was graded of an attempt that is no longer in the class does not overrule what is."""
    folder, out = tmp_path / "class", tmp_path / "out"
    shutil.copytree(ROOT / "solutions", folder / "ada" / "attempt_1")
    shutil.copytree(ROOT / "tests" / "samples" / "ada", folder / "ada" / "attempt_2")
    assert run_batch(mg_grade, folder, out).returncode == 0
    assert table(out)["ada"]["points"] == "6"
    shutil.rmtree(folder / "ada" / "attempt_2")
    assert run_batch(mg_grade, folder, out).returncode == 0
    assert table(out)["ada"]["points"] == f"{MOST + BONUS:g}"


def test_an_empty_attempt_hides_nothing(tmp_path: Path, mg_grade: Run) -> None:
    """A last attempt in which there is nothing does not take the place of one that can be graded; reports follow."""
    folder, out = tmp_path / "class", tmp_path / "out"
    shutil.copytree(ROOT / "tests" / "samples" / "ada", folder / "ada" / "attempt_1")
    (folder / "ada" / "attempt_2").mkdir()
    (folder / "ada" / "attempt_2" / "x.txt").write_text("")
    assert run_batch(mg_grade, folder, out).returncode == 0
    assert table(out)["ada"]["points"] == "6"
    shutil.rmtree(folder / "ada" / "attempt_1")
    assert run_batch(mg_grade, folder, out).returncode == 0
    assert table(out)["ada"]["status"] == "refused"
    assert not (out / "reports" / "ada.json").exists()
    assert "holds no Python files" in (out / "reports" / "ada.md").read_text().replace("\\", "")


def test_where_a_batch_will_not_write(few: Path, tmp_path: Path, mg_grade: Run) -> None:
    """Not among the submissions, not beside another batch, and not over a file: a line says so."""
    done = run_batch(mg_grade, few, few / "out")
    assert (done.returncode, "is inside" in done.stderr) == (2, True)
    out = tmp_path / "out"
    process = subprocess.Popen(
        [*COMMAND, "batch", str(few), "--out", str(out), "--sandbox", LEVEL], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    wait_for(lambda: (out / "gradebook.sqlite").exists())
    done = run_batch(mg_grade, few, out)
    assert (done.returncode, "another batch" in done.stderr) == (2, True)
    assert process.wait(60) == 0
    shutil.rmtree(out)
    out.mkdir()
    (out / "reports").write_text("")
    done = run_batch(mg_grade, few, out)
    assert (done.returncode, "reports cannot be written" in done.stderr) == (2, True)


def test_no_escape_reaches_the_terminal(tmp_path: Path, mg_grade: Run) -> None:
    """Whatever a name holds, the instructor's terminal is shown it as text."""
    folder = tmp_path / "class" / "\x1b[31mred"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "\x1b]0;x\x07.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("\x1b[31m\r.py", "#" + " " * 3_000_000)
    done = run_batch(mg_grade, tmp_path / "class", tmp_path / "out")
    shown = done.stdout + done.stderr + mg_grade("gradebook", tmp_path / "out").stdout
    assert "\x1b" not in shown
    assert "\r" not in shown


def test_nothing_to_grade_on_gradescope(tmp_path: Path, mg_grade: Run) -> None:
    """Gradescope is told why there was nothing to grade; where there is no sandbox it is told nothing, and no zero."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "essay.pdf").write_text("")
    results = tmp_path / "results.json"
    assert mg_grade(tmp_path / "work", "--gradescope", results).returncode == 2
    assert "holds no Python files" in json.loads(results.read_text())["output"]
    results.unlink()
    env = {**os.environ, "PATH": "/nowhere"}
    assert mg_grade("solutions", "--gradescope", results, "--sandbox", "bubblewrap", env=env).returncode == 2
    assert not results.exists()
