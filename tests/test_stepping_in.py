"""An instructor steps in: adjustments.toml, a kit that stays, a person who is forgotten, files that are kept fresh."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner, Result
from conftest import MANUALS, ROOT
from test_batch import LEVEL, grading

from grader import cli
from grader.base.errors import OutputError, PolicyError
from grader.base.model import Student
from grader.base.points import number, shown
from grader.base.report import Adjustment, Comment
from grader.classes.adjustments import FILE, Kind, read_adjustments
from grader.classes.gradebook import COPY, Gradebook
from grader.classes.gradebook import FILE as GRADEBOOK
from grader.classes.grades import Grade, grades, keep_sections, keep_settings, settings, written_reports
from grader.classes.outcome import Outcome
from grader.classes.policy import Deadline
from grader.classes.review import ACCEPTED
from grader.cli.written import write_all
from grader.reports.forms import FORMS, form, written
from grader.reports.forms import json as json_form

AT = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
DEADLINE = Deadline(AT, Fraction(10), Fraction(50))


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.commands, [str(argument) for argument in arguments])


def _adjust(out: Path, text: str) -> None:
    (out / FILE).write_text(f"format = 1\n{text}")


def _grades(out: Path) -> dict[str, Grade]:
    with Gradebook(out) as book:
        attempt, deadline = settings(book)
        return {grade.student.key: grade for grade in grades(book, attempt, deadline)}


def _cells(text: str, key: str, column: str) -> dict[str, str]:
    return {row[key]: row[column] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A class of three who have 9, 9 and 6 of 12 points, and a deadline that cy missed by two days."""
    folder = tmp_path / "out"
    with Gradebook(folder, is_new=True) as book:
        for name, points, hours in (("ada", 3, -1), ("bob", 3, -1), ("cy", 2, 25)):
            submitted = AT + timedelta(hours=hours)
            book.add(dataclasses.replace(grading(name, points), submitted=submitted, is_late=hours > 0))
        keep_settings(book, "latest", DEADLINE)
    return folder


# What the file may say.


def test_every_kind_of_entry(out: Path) -> None:
    """Points, comments, an extension, what is excused: each changes what it says, and a class without the file is as it
    was."""
    before = _grades(out)
    assert {name: shown(grade.points) for name, grade in before.items()} == {"ada": "9", "bob": "9", "cy": "4.8"}
    _adjust(
        out,
        """
        [[points]]
        student = "Ada"
        exercise = "mul"
        points = -0.5
        comment = "Copied."
        [[points]]
        student = "ada"
        points = 2
        comment = "The bonus talk."
        [[comment]]
        student = "ada"
        comment = "Nicely\\ndone."
        [[excused]]
        student = "bob"
        exercise = "add"
        comment = "Ill."
        [[extension]]
        student = "cy"
        days = 1
        comment = "Ill, too."
        """,
    )
    found = _grades(out)
    ada, bob, cy = (found[name] for name in ("ada", "bob", "cy"))
    assert [float(ada.points), float(ada.max_points)] == [10.5, 12]
    assert ada.adjustments == (
        Adjustment(Fraction(-1, 2), "Copied", "mul"),
        Adjustment(Fraction(2), "The bonus talk"),
    )
    assert ada.comments == (Comment("Nicely done."),)
    assert ada.comment == "10.5 of 12 points. mul: Copied: -0.5. The bonus talk: +2. Nicely done."
    assert [float(bob.points), float(bob.max_points), float(bob.percent)] == [3, 4, 75]
    assert bob.exercises == {"mul": Fraction(3)}
    assert bob.comments == (Comment("excused: Ill.", "add"),)
    assert cy.points == Fraction(6) * 9 / 10  # one day later than the day that was given
    assert cy.comments == (Comment("The deadline was extended until 2026-11-21 23:00 UTC: Ill, too."),)
    (out / FILE).unlink()
    assert _grades(out) == before


@pytest.mark.parametrize(
    ("until", "points"),
    [
        ("until = 2026-11-22T00:00:00Z", 6),
        ("until = 2026-11-21T23:59:00", 5.4),  # in the time zone of the deadline
        ("until = 2026-11-21", 5.4),
        ("until = 2026-11-22", 6),
        ("hours = 25", 6),
        ("days = 1\nhours = 1", 6),
        ("days = 0.5", 5.4),
        ("days = 3650", 6),
    ],
)
def test_extensions(out: Path, until: str, points: float) -> None:
    """No lateness before an extension ends; what is later is so by days from there."""
    _adjust(out, f'[[extension]]\nstudent = "cy"\n{until}\ncomment = "Ill."')
    assert float(_grades(out)["cy"].points) == points


def test_who_was_late_by_nobody_knows_how_much(out: Path) -> None:
    """Where a platform says only that somebody was late, more time may have been enough: nothing is taken off."""
    with Gradebook(out) as book:
        book.add(dataclasses.replace(grading("cy", 2.0), is_late=True))
    assert float(_grades(out)["cy"].points) == 5.4
    _adjust(out, '[[extension]]\nstudent = "cy"\ndays = 1\ncomment = "Ill."')
    assert _grades(out)["cy"].points == 6


def test_who_is_excused_has_no_points(out: Path) -> None:
    """An excused student has a status of their own, in the place of points; so has who is excused from all there is,
    exercise by exercise, and who handed in nothing."""
    with Gradebook(out) as book:
        book.keep_missing([Student("dee", "Dee"), Student("eve", "Eve")])
    entries = [('student = "ada"', "Ill."), ('student = "Dee"', "Abroad.")]
    entries += [(f'student = "bob"\nexercise = "{exercise}"', "Has it.") for exercise in ("mul", "add")]
    text = "".join(f'[[excused]]\n{of}\ncomment = "{why}"\n' for of, why in entries)
    _adjust(out, text + '[[comment]]\nstudent = "Eve"\ncomment = "Write to me."\n')
    found = _grades(out)
    assert {name: (grade.status, grade.comment) for name, grade in found.items() if name != "cy"} == {
        "ada": (Outcome.EXCUSED, "excused: Ill."),
        "bob": (Outcome.EXCUSED, "excused: Has it."),
        "dee": (Outcome.EXCUSED, "excused: Abroad."),
        "eve": (Outcome.MISSING, "handed in nothing (Write to me.)"),
    }
    done = _run("gradebook", out)
    assert "1 graded, 0 with nothing to grade, 0 that the grader failed on, 1 of the roster who" in done.output
    assert ", 3 excused" in done.output
    assert "  Dee: excused: Abroad." in done.output
    assert (out / "reports" / "ada.md").read_text() == "# Ada\n\nexcused: Ill\\.\n"
    assert not (out / "reports" / "ada.json").exists()
    canvas, moodle = out / "c.csv", out / "m.csv"
    canvas.write_text(
        "Student,SIS Login ID,ID,HW (42)\n    Points Possible,,,12\nAda,,1,\nBob,,2,5\nCy,,3,\nDee,,4,EX\n"
    )
    done = _run("export", out, "--to", "canvas", "--into", canvas, "-o", out / "canvas")
    assert (done.exit_code, "1 grades" in done.output) == (0, True)
    assert _cells((out / "canvas").read_text(), "Student", "HW (42)") == {
        "    Points Possible": "12", "Ada": "EX", "Bob": "EX", "Cy": "4.8", "Dee": "EX"
    }  # fmt: skip
    assert "Ada: excused: Ill." in done.output
    assert "Bob: 5 was replaced with EX" in done.output
    assert "Dee: EX" not in done.output
    head = "Identifier,Full name,Grade,Maximum Grade,Last modified (grade)\n"
    moodle.write_text(f"{head}Participant 1,Ada,,12,-\nParticipant 2,Bob,7,12,-\nParticipant 3,Cy,,12,-\n")
    done = _run("export", out, "--to", "moodle", "--into", moodle, "-o", out / "moodle")
    assert _cells((out / "moodle").read_text(), "Full name", "Grade") == {"Ada": "", "Bob": "7", "Cy": "4.8"}
    assert "Bob: 7 stands there already, and stays" in done.output
    assert _run("export", out, "--to", "json").exit_code == 0
    assert [path.name for path in (out / "json").iterdir()] == ["cy.json"]


FITS_NOBODY = """
[[points]]
student = "Adda"
points = 1
comment = "x"
[[points]]
student = "ada"
exercise = "mull"
points = 1
comment = "x"
[[points]]
student = "ada"
points = 1
comment = "This one holds."
[[points]]
student = "Twin"
points = 1
comment = "x"
[[points]]
student = "bob"
exercise = "mul"
points = 1
comment = "x"
[[comment]]
student = "Fay"
exercise = "mul"
comment = "x"
[[extension]]
student = "cy"
until = 2026-11-01
comment = "x"
[[excused]]
student = "bob"
exercise = "mul"
comment = "x"
[[excused]]
student = "t1"
comment = "x"
[[attempt]]
student = "ada"
attempt = 1
comment = "This one, too."
[[attempt]]
student = "ada"
attempt = 2
comment = "x"
[[attempt]]
student = "bob"
attempt = 3
comment = "x"
[[attempt]]
student = "t1"
attempt = 1
comment = "x"
"""


def test_an_entry_that_fits_nobody_is_named(out: Path) -> None:
    """By its key path, with what is wrong and who may be meant; the others hold, and nothing else is lost."""
    with Gradebook(out) as book:
        for key in ("t1", "t2"):
            book.add(dataclasses.replace(grading(key), student=Student(key, "Twin")))
        book.keep_missing([Student("fay", "Fay")])
    _adjust(out, FITS_NOBODY)
    done = _run("gradebook", out)
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "adjustments.toml: points[1].student: nobody is called 'Adda'. Did you mean 'Ada'?",
        "adjustments.toml: points[2]: there is no exercise 'mull'. Did you mean 'mul'?",
        "adjustments.toml: points[4].student: several are called 'Twin'. Give one of: t1, t2.",
        "adjustments.toml: points[5]: it changes nothing, as mul is excused.",
        "adjustments.toml: comment[1]: it changes nothing, as nothing was handed in.",
        "adjustments.toml: extension[1]: it changes nothing, as it is no later than the deadline.",
        "adjustments.toml: attempt[2]: it changes nothing, as attempt[1] says which attempt counts.",
        "adjustments.toml: attempt[3]: attempt 3 is not graded, but: 1. A batch grades it, where it is there.",
        "adjustments.toml: attempt[4]: it changes nothing, as the student is excused.",
    ]
    found = _grades(out)
    assert [shown(found[name].points) for name in ("ada", "bob")] == ["10", "6"]
    assert _cells((out / "grades.csv").read_text("utf-8-sig"), "student", "comments")["Ada"] == (
        "Attempt 1 counts: This one, too."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[point]]", "point: there is no key 'point'. Did you mean 'points'?"),
        ("[points]", "points: write each entry under a line of its own, [[points]]"),
        ("points = [1]", "points: write each entry under a line of its own, [[points]]"),
        ('[[comment]]\ncomment = "x"', "comment[1].student: a name, id, address or key of a student is asked for"),
        ('[[comment]]\nstudent = 7\ncomment = "x"', "comment[1].student: a name, id, address or key"),
        ('[[excused]]\nstudent = "ada"', "excused[1].comment: the reason, or what else you have to say"),
        ('[[excused]]\nstudent = "ada"\nreason = "x"', "excused[1].reason: there is no key 'reason'. An entry of this"),
        ('[[points]]\nstudent = "ada"\ncomment = "x"', "points[1].points: a finite number is asked for"),
        ('[[points]]\nstudent = "ada"\ncomment = "x"\npoints = nan', "points[1].points: a finite number is asked for"),
        ('[[points]]\nstudent = "ada"\ncomment = "x"\npoints = true', "points[1].points: a finite number is asked for"),
        ('[[points]]\nstudent = "ada"\ncomment = "x"\npoints = -1e300', "points[1].points: at most a million points"),
        ('[[attempt]]\nstudent = "ada"\ncomment = "x"\nattempt = 0', "attempt[1].attempt: the number of an attempt"),
        ('[[extension]]\nstudent = "ada"\ncomment = "x"', "extension[1]: `until` with a date, or else"),
        ('[[extension]]\nstudent = "ada"\ncomment = "x"\nuntil = "soon"', "extension[1].until: a date without quotes"),
        ('[[extension]]\nstudent = "ada"\ncomment = "x"\ndays = 1\nuntil = 2026-11-21', "extension[1]: `until` with a"),
        ('[[extension]]\nstudent = "ada"\ncomment = "x"\nuntil = 9999-12-31', "extension[1].until: a date without"),
        ('[[extension]]\nstudent = "ada"\ncomment = "x"\ndays = 1e300', "extension[1].days: at most ten years"),
        ("[[points", "this is not TOML"),
    ],
)
def test_a_wrong_file_is_refused(out: Path, text: str, said: str) -> None:
    """Before anything is written, whatever the command; the key path stands in the line."""
    _adjust(out, text)
    with pytest.raises(PolicyError) as error:
        read_adjustments(out)
    assert str(error.value).startswith(f"{out / FILE}: {said}")
    if text == "[[point]]":
        before = {path: path.read_bytes() for path in out.iterdir()}
        (out.parent / "class" / "ada").mkdir(parents=True)
        for command in (
            ("batch", out.parent / "class", "--out", out, "--sandbox", LEVEL),
            ("gradebook", out),
            ("export", out, "--to", "csv"),
        ):
            assert isinstance(_run(*command).exception, PolicyError)
        assert {path: path.read_bytes() for path in out.iterdir() if "-" not in path.name} == before


def test_the_format_comes_first(out: Path) -> None:
    """A file of another format is refused; what is no file at all, too."""
    (out / FILE).write_text('[[points]]\nstudent = "ada"')
    with pytest.raises(PolicyError, match="format: the file needs the line `format = 1`"):
        read_adjustments(out)
    (out / FILE).unlink()
    (out / FILE).symlink_to(out / "nowhere")
    with pytest.raises(PolicyError, match="cannot be read: No such file"):
        read_adjustments(out)


# One number everywhere.


def _points_of(report_points: tuple[Fraction, Fraction], days: int, own: dict[str, object]) -> Fraction | None:
    """By plain arithmetic: the grade of one student, None where there is none."""
    if own.get("excused") == "":
        return None
    parts = dict(zip(("mul", "add"), report_points, strict=True))
    parts.pop(str(own.get("excused")), None)
    earned = sum(parts.values(), Fraction())
    late = Fraction() if "extension" in own else min(Fraction(days, 10), Fraction(1, 2))
    more = own.get("points", Fraction())
    assert isinstance(more, Fraction)
    return max(Fraction(), earned - late * earned + more)


def test_the_same_number_everywhere(tmp_path: Path) -> None:
    """A class of 400, with entries of every kind, and a regrade: terminal, CSV, JSON, Markdown, the page of the class
    and every export have the number that plain arithmetic gives, or none where somebody is excused."""
    dice = random.Random(16)
    expected: dict[str, Fraction | None] = {}
    entries = []
    out = tmp_path / "out"
    with Gradebook(out, is_new=True) as book:
        for i in range(400):
            name, days = f"s{i:03}", dice.choice([0, 0, 0, 1, 2, 9])
            attempts = [Fraction(dice.randrange(49), 12) for _ in range(3)]
            for attempt, points in enumerate(attempts, 1):
                its = grading(name, float(round(points, 3)), attempt=attempt)
                book.add(dataclasses.replace(its, submitted=AT + timedelta(days=days)))
            own: dict[str, object] = {}
            counts = 3
            for kind in dice.sample(list(Kind), dice.choice([0, 0, 1, 1, 2, 5])):
                lines = {
                    Kind.POINTS: [f"points = {dice.randrange(-30, 20) / 8}", *dice.choice([[], ['exercise = "mul"']])],
                    Kind.COMMENT: dice.choice([[], ['exercise = "add"']]),
                    Kind.EXTENSION: ["days = 9"],
                    Kind.EXCUSED: dice.choice([[], ['exercise = "add"']]),
                    Kind.ATTEMPT: [f"attempt = {dice.choice([1, 2])}"],
                }[kind]
                if kind is Kind.POINTS and any("exercise" in line for line in lines) and "excused" in own:
                    continue
                entries.append("\n".join([f"[[{kind}]]", f'student = "{name.title()}"', 'comment = "Why."', *lines]))
                own[kind] = ""
                if kind is Kind.POINTS:
                    own[kind] = Fraction(lines[0].partition("= ")[2])
                elif kind is Kind.ATTEMPT:
                    counts = int(lines[0][-1])
                elif kind is Kind.EXCUSED and lines:
                    own[kind] = "add"
            mul = Fraction(str(float(round(attempts[counts - 1], 3))))
            expected[name.title()] = _points_of((mul, 2 * mul), days, {str(kind): value for kind, value in own.items()})
        keep_settings(book, "latest", DEADLINE)
    _adjust(out, "\n".join(entries))
    with Gradebook(out) as book:
        write_all(book, out)
    _same_everywhere(out, expected)
    with Gradebook(out) as book:  # what a regrade does: another grading of the same
        for its in list(book.latest()):
            book.add(dataclasses.replace(its, kit="another"))
        write_all(book, out)
    assert _cells((out / "grades.csv").read_text("utf-8-sig"), "student", "points") == {
        name: "" if points is None else shown(points) for name, points in expected.items()
    }


def _same_everywhere(out: Path, expected: dict[str, Fraction | None]) -> None:
    names = {name: "" if points is None else shown(points) for name, points in expected.items()}
    assert 20 < sum(points is None for points in expected.values()) < 100
    assert _run("export", out, "--to", "csv", "-o", out / "again.csv").exit_code == 0
    for file in ("grades.csv", "again.csv"):
        assert _cells((out / file).read_text("utf-8-sig"), "student", "points") == names
    ranking = _run("gradebook", out, "--ranking").output
    given = {name: points for name, points in names.items() if points}
    assert {name: points for points, name in re.findall(r"^ +([\d.]+)  (S\d+)$", ranking, re.M)} == given
    canvas, moodle = out / "c.csv", out / "m.csv"
    most = {grade.student.name: grade.max_points for grade in _grades(out).values()}
    canvas.write_text("Student,SIS Login ID,ID,HW (42)\n" + "".join(f"{name},,,\n" for name in names))
    assert _run("export", out, "--to", "canvas", "--into", canvas, "-o", out / "canvas").exit_code == 0
    assert _cells((out / "canvas").read_text(), "Student", "HW (42)") == {n: p or "EX" for n, p in names.items()}
    head = "Identifier,Full name,Grade,Maximum Grade,Last modified (grade)\n"
    moodle.write_text(head + "".join(f"Participant 1{i},{n},,{shown(most[n])},-\n" for i, n in enumerate(names)))
    assert _run("export", out, "--to", "moodle", "--into", moodle, "-o", out / "moodle").exit_code == 0
    capped = {name: shown(min(points, most[name])) if points is not None else "" for name, points in expected.items()}
    assert _cells((out / "moodle").read_text(), "Full name", "Grade") == capped
    assert _run("export", out, "--to", "json").exit_code == 0
    assert {path.stem.title() for path in (out / "json").iterdir()} == set(given)
    with Gradebook(out) as book:
        reports = {grading.student.name: report for grading, report in written_reports(book)}
    read: dict[str, Callable[[str], str]] = {
        "json": lambda text: f"{json.loads(text)['grade']:g}",
        "gradescope": lambda text: f"{json.loads(text)['score']:g}",
        "pytest-json": lambda text: str(json.loads(text)["environment"]["grade"]).partition(" / ")[0],
        "junit": lambda text: next(
            of.get("value", "") for of in ElementTree.fromstring(text).iterfind("*[@name='grade']/*/*[@name='points']")
        ),
        "markdown": lambda text: re.findall(r"^(?:Total|Grade): \*\*([\d.]+) / ", text, re.M)[-1],
        "html": lambda text: re.findall(r"<strong>([\d.]+)</strong> of ", text)[0],
    }
    assert set(read) == set(written())
    page = (out / "index.html").read_text()
    rows = dict(re.findall(r'<th scope="row" class="name">(?:<a [^>]*>)?(\w+).*?<td class="number">(.*?)<', page))
    assert {name: rows[name] for name in names} == {name: given.get(name, "") for name in names}
    for place, (name, points) in enumerate(given.items()):
        key = name.lower()
        assert read["json"]((out / "json" / f"{key}.json").read_text()) == points
        assert read["json"]((out / "reports" / f"{key}.json").read_text()) == points
        assert read["markdown"]((out / "reports" / f"{key}.md").read_text()) == points
        report = reports[name]
        assert report is not None
        if place % 8:  # they are the same reports, and this takes its time
            continue
        for to, its in read.items():
            assert its(form(to).render(report)) == points, (name, to)
        terminal = click.unstyle(form("terminal").render(report))
        assert re.findall(r"^(?:Total|Grade) +([\d.]+) / ", terminal, re.M)[-1] == points
        assert number(report.given) == float(points)


@pytest.mark.parametrize("name", [name for name in FORMS if name != "html"])
def test_every_form_shows_what_was_said(out: Path, name: str) -> None:
    """The reasons, the comments and that an exercise is excused; and a report that is read again has them."""
    _adjust(
        out,
        '[[points]]\nstudent = "ada"\nexercise = "mul"\npoints = 1\ncomment = "A <half> right_idea"\n'
        '[[comment]]\nstudent = "ada"\ncomment = "Come & see me"\n'
        '[[excused]]\nstudent = "ada"\nexercise = "add"\ncomment = "Ill |1|"\n',
    )
    with Gradebook(out) as book:
        report = next(report for grading, report in written_reports(book) if grading.student.key == "ada")
    assert report is not None
    assert json_form.read(json_form.render(report)) == report
    plain = click.unstyle(form(name).render(report)).replace("\\", "").replace("&lt;", "<").replace("&gt;", ">")
    plain = " ".join(plain.replace("&amp;", "&").split())
    for text in ("A <half> right_idea", "Come & see me", "Ill |1|"):
        assert text in plain
    if name in ("terminal", "markdown"):
        assert re.search(r"add \|? ?a \* b \|? ?excused", plain)


def test_the_example_in_the_manual(tmp_path: Path) -> None:
    """It has an entry of every kind, and is read."""
    (example,) = (
        text for text in re.findall(r"```toml\n(.*?)```", MANUALS["grader/classes/README.md"], re.S) if "[[" in text
    )
    (tmp_path / FILE).write_text(example)
    assert [entry.kind for entry in read_adjustments(tmp_path)] == list(Kind)


# An attempt that counts, and a kit that stays.


@pytest.fixture
def class_(tmp_path: Path) -> Path:
    """A class of one with two attempts, the second one empty of points, and a policy that asks for little."""
    (tmp_path / "policy.toml").write_text('format = 1\nexercises = ["derivative"]\n')
    for attempt, kind in (("attempt_1", "solutions"), ("attempt_2", "exercises")):
        (tmp_path / "class" / "ada" / attempt).mkdir(parents=True)
        shutil.copy(ROOT / kind / "derivatives.py", tmp_path / "class" / "ada" / attempt)
    return tmp_path


def _batch(folder: Path, *options: str) -> Result:
    command = ("batch", folder / "class", "--out", folder / "out", "--policy", folder / "policy.toml")
    return _run(*command, "--sandbox", LEVEL, "-j", 1, *options)


def _points(folder: Path) -> str:
    return _cells((folder / "out" / "grades.csv").read_text("utf-8-sig"), "student", "percent")["ada"]


def test_the_attempt_that_the_instructor_says(class_: Path) -> None:
    """It is graded for that, and counts, also where a later one is there and the file was there before the class."""
    assert _batch(class_).exit_code == 0
    assert _points(class_) == "0"
    _adjust(class_ / "out", '[[attempt]]\nstudent = "ada"\nattempt = 1\ncomment = "The second was empty."')
    done = _batch(class_)
    assert "1 graded, 0 with nothing to grade, 1 unchanged" in done.output
    assert _points(class_) == "100"
    assert "Attempt 1 counts: The second was empty" in (class_ / "out" / "reports" / "ada.md").read_text()
    (class_ / "out" / FILE).unlink()
    assert _run("gradebook", class_ / "out").exit_code == 0
    assert _points(class_) == "0"


def test_a_class_stays_on_its_kit(class_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another kit grades nobody until it is asked for, and then is the one of the class; nothing is lost."""
    out = class_ / "out"
    assert _batch(class_).exit_code == 0
    assert _batch(class_).exit_code == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    monkeypatch.setattr("grader.classes.kit_of_class.kit_print", lambda _: "another0")
    done = _batch(class_)
    assert isinstance(done.exception, OutputError)
    line = str(done.exception)
    assert "\n" not in line
    for text in (f"the class in {out} was graded with micrograd ", "fingerprint another0", "give --regrade"):
        assert text in line
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert "1 graded, 0 with nothing to grade, 0 unchanged" in _batch(class_, "--regrade").output
    assert _batch(class_).exit_code == 0
    monkeypatch.undo()
    assert isinstance(_batch(class_).exception, OutputError)


def test_an_older_gradebook_knows_its_kit(class_: Path) -> None:
    """What was graded before the kit was kept says what it was graded with."""
    with Gradebook(class_ / "out", is_new=True) as book:
        book.add(grading("ada"))
    done = _batch(class_)
    assert isinstance(done.exception, OutputError)
    assert "was graded with another kit or grader, and this is micrograd" in str(done.exception)


# Forgotten.

OWN_CODE = "".join(f"def own_{i}(a, b):\n    return a * {i} + b ** {i} - a / (b + {i % 7})\n" for i in range(40))


def test_forgetting_a_person(out: Path) -> None:
    """No byte of what they are called is left below the folder, but in the instructor's own files, which are named;
    everybody else is there as before."""
    who = Student("Zoë Quux-77", "Zoë Quux", "7700077", "quux@uni.example")
    with Gradebook(out) as book:
        for points in (1.0, 4.0):
            its = dataclasses.replace(grading("quux", points), student=who, shown="Zoë Quux_77", comment="Zoë Quux")
            book.add(dataclasses.replace(its, sources={"engine.py": "# by Zoë Quux\n" * 999 + OWN_CODE}))
        book.add(dataclasses.replace(grading("dee"), sources={"engine.py": OWN_CODE}))
        keep_sections(book, [dataclasses.replace(who, section="A"), Student("ada", "Ada", section="B")])
        book.keep_missing([who, Student("fay", "Fay")])
        book.keep_attempts({who.key: 1, "ada": 1})
        book.keep_setting(ACCEPTED, {who.key: ["Zoë Quux"]})
    with Gradebook(out) as book:
        write_all(book, out)
    assert "Quux" in (out / "pairs" / "1.html").read_text()
    for form_ in ("json", "html", "feedback"):
        assert _run("export", out, "--to", form_).exit_code == 0
    (out / "errors").mkdir()
    (out / "errors" / f"{who.key}.txt").write_text("Zoë Quux failed")
    (out / "mine.csv").write_text("Zoë Quux,3\n")
    (out / "canvas.csv").write_text('Student,ID\n"Quux, Zoë",7\n')
    done = _run("gradebook", out, "--forget", "Zoe Quux")
    assert "nobody is called 'Zoe Quux'. Did you mean 'Zoë Quux'?" in done.output
    _adjust(out, f'[[comment]]\nstudent = "{who.key}"\ncomment = "x"\n[[comment]]\nstudent = "ada"\ncomment = "y"')
    others = {key: (grade.points, grade.student) for key, grade in _grades(out).items() if "Quux" not in key}
    done = _run("gradebook", out, "--forget", "QUUX@uni.example")
    assert done.exit_code == 0, done.output
    assert "Zoë Quux is forgotten" in done.output
    assert "adjustments.toml names Zoë Quux, and is yours to edit: comment[1]." in done.output
    assert f"{out / 'feedback.zip'} had everybody's pages in it and is removed" in done.output
    assert not (out / "feedback.zip").exists()
    for own in ("mine.csv", "canvas.csv"):
        assert f"{out / own} still has what Zoë Quux is called in it" in done.output
        (out / own).unlink()
    (out / FILE).unlink()
    left = [path for path in out.rglob("*") if path.is_file()]
    assert {out / GRADEBOOK, out / COPY, out / "grades.csv"} <= set(left)
    for path in left:
        for text in ("Quux", "quux", "7700077", "Zo\\u00eb"):
            assert text.encode() not in path.read_bytes(), path
            assert text not in path.name
    assert {key: (grade.points, grade.student) for key, grade in _grades(out).items()} == others


@pytest.mark.parametrize("name", ["at", "most", "print", "name", "key", "of"])
def test_forgetting_somebody_who_is_called_like_a_setting(tmp_path: Path, name: str) -> None:
    """Only what is theirs goes: not the deadline, nor who else is missing."""
    with Gradebook(tmp_path, is_new=True) as book:
        keep_settings(book, "latest", DEADLINE)
        book.keep_missing([Student("bob", "Bob", "7"), Student(name, "Somebody", "8")])
        before = settings(book)
        book.forget(name)
        assert settings(book) == before
        assert book.missing() == [Student("bob", "Bob", "7")]


def test_forgetting_while_somebody_reads(out: Path) -> None:
    """Then a line says that traces are left, and until when."""
    reader = sqlite3.connect(out / GRADEBOOK, isolation_level=None)
    with Gradebook(out) as book:  # so that there is something in the journal
        book.keep_setting("x", "y")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM students").fetchall()
        book._connection.execute("PRAGMA busy_timeout = 10")
        assert not book.forget("ada")
        reader.close()
    assert _run("gradebook", out).exit_code == 0
    for path in out.iterdir():
        assert b"Ada" not in path.read_bytes()


# Kept fresh.


def test_the_files_are_kept_fresh(out: Path) -> None:
    """What another process grades, and what the instructor adjusts, stands in the files within moments; a file that is
    wrong for the moment is a line; Ctrl-C ends it, and all is well."""
    table = out / "grades.csv"
    command = [sys.executable, "-m", "grader", "gradebook", str(out), "--watch"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_for(text: str) -> None:
        end = time.monotonic() + 30
        while not (table.exists() and text in table.read_text("utf-8-sig")):
            assert process.poll() is None and time.monotonic() < end, text
            time.sleep(0.02)

    try:
        wait_for("Ada,,9,12")
        with Gradebook(out) as book:
            book.add(grading("dee", 4.0))
        wait_for("Dee,,12,12")
        _adjust(out, "[[point]]")
        time.sleep(1.2)
        _adjust(out, '[[points]]\nstudent = "ada"\npoints = 1\ncomment = "x"\n' * 2)
        wait_for("Ada,,11,12")
        done = _run("gradebook", out, "--forget", "ada")
        assert "--watch` is at work. End it" in str(done.exception)
        process.send_signal(signal.SIGINT)
        told, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert told.splitlines()[0].startswith("3 graded")
    assert errors.startswith("Keeping what is written in ") and errors.count("\n") == 1
    assert told.count("there is no key 'point'") == 1
