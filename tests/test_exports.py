"""Grades in files of other systems: only the right cells change, and nobody gets another's grade."""

from __future__ import annotations

import contextlib
import csv
import io
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.base.errors import OutputError
from grader.base.model import Student
from grader.base.points import exactly
from grader.classes.exports import canvas, grades_csv, moodle, tables
from grader.classes.grades import Grade
from grader.classes.outcome import Outcome

FORMULA = tuple("=+-@\t\r＝＋－＠")  # noqa: RUF001 (full-width on purpose)
Cells = list[list[str]]


def _grade(name: str, points: float, id: str = "", email: str = "", **more: Any) -> Grade:  # noqa: A002
    student = Student(name.replace(" ", "_"), name, id, email)
    return _given(student, points, more.get("status", Outcome.GRADED), {"add": points}, more.get("comment", ""))


def _given(student: Student, points: float, status: Outcome, rows: dict[str, float], comment: str = "") -> Grade:
    exercises = {exercise: exactly(its) for exercise, its in rows.items()}
    return Grade(student, exactly(points), Fraction(20), status, exercises, comment)


def _rows(text: str, delimiter: str = ",") -> Cells:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def _changes(before: Cells, after: Cells) -> dict[tuple[int, int], str]:
    """{(row, column): new cell} of all cells that differ; the shape must be the same."""
    assert [len(row) for row in before] == [len(row) for row in after]
    return {
        (i, j): new
        for i, (old_row, new_row) in enumerate(zip(before, after))
        for j, (old, new) in enumerate(zip(old_row, new_row))
        if old != new
    }


CANVAS = [
    ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Notes", "Essay (7)", "Micrograd (42)", "Final Score"],
    ["", "", "", "", "", "", "", "Manual Posting", ""],
    ["    Points Possible", "", "", "", "", "", "5.00", "10.00", "(read only)"],
    ["Doe, Jane", "101", "s-1", "jdoe", "A, B", 'says "hi"', "", "", "3.10"],
    ["Muster, Max", "102", "s-2", "max@uni.example", "A", "", "EX", "-", ""],
    ["O'Brien, Zoë", "103", "S-3", "zoe", "A", "two\nlines", "", "4.00", ""],
    ["Ex, Cused", "104", "s-4", "ex", "A", "", "", "EX", ""],
    ["Twin, Same", "105", "s-5", "t1", "A", "", "", "", ""],
    ["Twin, Same", "106", "s-6", "t2", "B", "", "", "", ""],
    ["Elsewhere, Eve", "107", "s-7", "eve", "B", "", "", "N/A", ""],
    ["Student, Test", "999", "", "", "A", "", "", "", ""],
]
MOODLE = [
    [
        "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed",
        "Last modified (submission)", "Last modified (grade)", "Feedback comments",
    ],
    ["Participant 201", "Jane Doe", "jane@uni.example", "Submitted", "", "10.00", "Yes", "-", "-", ""],
    ["Participant 202", "Max Muster", "max@uni.example", "Submitted", "3.00", "10.00", "Yes", "-", "Mon, 1 May", "Hm"],
    ["Participant 203", "Zoë O'Brien", "zoe@uni.example", "Submitted", "5,00", "10,00", "Yes", "-", "-", ""],
    ["Participant 204", "Lo Cked", "lo@uni.example", "Submitted", "", "10.00", "No", "-", "-", ""],
    ["Participant 205", "Bo Nus", "bo@uni.example", "Submitted", "", "10.00", "Yes", "-", "-", ""],
    ["Participant 206", "No Maximum", "no@uni.example", "Submitted", "", "-", "Yes", "-", "-", ""],
    ["Participant 207", "Ne Gative", "ne@uni.example", "Submitted", "", "-5", "Yes", "-", "-", ""],
]  # fmt: skip


def _csv(rows: Cells, delimiter: str = ",", line_end: str = "\n", bom: str = "") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return bom + out.getvalue()


def _fill_canvas(*grades: Grade, rows: Cells = CANVAS, assignment: str = "42") -> tuple[Cells, tables.Filled]:
    filled = canvas.fill(_csv(rows), grades, assignment)
    return _rows(filled.text), filled


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_canvas_round_trip(delimiter: str, line_end: str, bom: str) -> None:
    """Canvas finds the scaled grades by its own rules, and every other byte is as it was exported."""
    grades = [_grade("jane doe", 17.0), _grade("Max", 20.0, email="MAX@uni.example"), _grade("Zoe", 5.0, id="s-3")]
    before = _csv(CANVAS, delimiter, line_end, bom)
    filled = canvas.fill(before, grades, "Micrograd (42)")
    assert (filled.filled, filled.refused) == (3, ())
    expected = [[*row] for row in CANVAS]
    for row, points in ((3, "8.5"), (4, "10"), (5, "2.5")):
        expected[row][7] = points
    assert filled.text == _csv(expected, delimiter, line_end, bom)
    # As the import reads it: students by ID, the assignment by the id in its title.
    rows = _rows(filled.text, delimiter)
    column = next(i for i, title in enumerate(rows[0]) if title.endswith("(42)"))
    by_id = {row[1]: row[column] for row in rows[1:] if row[1]}
    assert [float(by_id[i]) for i in ("101", "102", "103")] == [g.points / 20 * 10 for g in grades]
    assert filled.notes == ("Points are scaled from 20 to 10.", "Zoe: 4.00 was replaced with 2.5")


@pytest.mark.parametrize(
    ("student", "row"),
    [
        (Student("k", "doejane", "101"), 3),
        (Student("k", "Max M. Muster", "S-2"), 4),
        (Student("k", "jdoe", "JDOE"), 3),
        (Student("k", "Anybody", "", "Max@uni.example"), 4),
        (Student("k", "  doe,  JANE "), 3),
        (Student("k", "Jane Doe"), 3),
        (Student("k", "obrienzoë"), 5),
        (Student("k", "Zoe\u0308 O'Brien", "octocat"), 5),
    ],
)
def test_canvas_students(student: Student, row: int) -> None:
    """A student is found by ID, SIS id, login, address or name, however it is written."""
    after, filled = _fill_canvas(_given(student, 20.0, Outcome.GRADED, {}))
    assert _changes(CANVAS, after) == {(row, 7): "10"}, filled.refused


def test_canvas_first_rule_counts() -> None:
    """A number that is one student's ID and another's SIS id is the ID."""
    rows = [[*row] for row in CANVAS]
    rows[4][2] = "101"
    after, _ = _fill_canvas(_grade("Jane Doe", 20, id="101"), rows=rows)
    assert _changes(rows, after) == {(3, 7): "10"}


@pytest.mark.parametrize(
    ("grades", "why"),
    [
        ([_grade("Same Twin", 5)], "several rows"),
        ([_grade("Nobody Known", 5)], "no row"),
        ([_grade("Cused Ex", 5, id="104")], "excused"),
        ([_grade("Eve Elsewhere", 5)], "N/A"),
        ([_grade("Test Student", 5)], "no row"),
        ([_grade("Points Possible", 5)], "no row"),
        ([_grade("Student, Test", 5, id="999")], "no row"),
        ([_grade("Jane Doe", 5, id="555")], "not their number 555"),
        ([_grade("Jane Doe", 5, id="102")], "another row"),
        ([_grade("Jane Doe", 0, id="101", status=Outcome.REFUSED, comment="no\nPython")], "no Python"),
        ([_grade("Jane Doe", 0, id="101", status=Outcome.ERROR)], "not graded"),
        ([_grade("Jane Doe", 5), _grade("Doe, Jane", 6)], "another's"),
        ([_grade("Jane Doe", 5), _grade("doejane", 6, id="101")], "another's"),
        ([_grade("Team A", 5, id="101")], "101 is the number of Doe, Jane"),
        ([Grade(Student("k", "Jane Doe"), Fraction(), Fraction(), Outcome.GRADED, {})], "no points"),
    ],
)
def test_canvas_refuses(grades: list[Grade], why: str) -> None:
    """Whoever is not filled in is named with the reason, and the file is as it was."""
    after, filled = _fill_canvas(*grades)
    assert after == CANVAS
    assert (filled.filled, len(filled.refused)) == (0, len(grades))
    for grade, line in zip(grades, filled.refused):
        assert line.startswith(f"{grade.student.name}: ")
        assert why in line


def test_names_alike_but_for_the_comma() -> None:
    """A student whose name has the same letters is another student."""
    rows = [[*CANVAS[0]], ["Lia, Ng", "1", "", "", "A", "", "", "", ""]]
    after, filled = _fill_canvas(_grade("Li, Ang", 5), _grade("Ang Li", 5), rows=rows)
    assert after == rows
    assert len(filled.refused) == 2


def test_who_was_not_graded_claims_a_row() -> None:
    """Of two with the same name and one row, neither is filled in, even where one was not graded."""
    after, filled = _fill_canvas(_grade("Jane Doe", 5), _grade("Jane Doe", 0, status=Outcome.REFUSED, comment="empty"))
    assert after == CANVAS
    assert filled.refused[1] == "Jane Doe: empty"


@pytest.mark.parametrize(
    ("assignment", "column"), [("42", 7), ("Micrograd (42)", 7), ("Micrograd", 7), ("7", 6), ("Essay", 6), ("Notes", 5)]
)
def test_canvas_assignment(assignment: str, column: int) -> None:
    """An assignment goes by title and id, by id or by title."""
    after, _ = _fill_canvas(_grade("Jane Doe", 20), assignment=assignment)
    assert set(_changes(CANVAS, after)) == {(3, column)}


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("", r"Name one of: Essay \(7\), Micrograd \(42\)"),
        ("Quiz", r"no assignment 'Quiz'. There are: Essay \(7\), Micrograd \(42\)"),
        ("Final Score", "cannot be filled"),
        ("ID", "no assignment 'ID'"),
        ("Student", "no assignment 'Student'"),
    ],
)
def test_canvas_wrong_assignment(assignment: str, message: str) -> None:
    """Where it is not clear which column is meant, or it is none of an assignment, the message lists those."""
    with pytest.raises(OutputError, match=message):
        _fill_canvas(assignment=assignment)


def test_canvas_only_assignment() -> None:
    """Without a name the only assignment is meant; one that is read only does not count."""
    rows = [[*row] for row in CANVAS]
    rows[2][6] = "(read only)"
    after, _ = _fill_canvas(_grade("Jane Doe", 20), rows=rows, assignment="")
    assert _changes(rows, after) == {(3, 7): "10"}
    with pytest.raises(OutputError, match="cannot be filled"):
        _fill_canvas(rows=rows, assignment="7")
    rows[2][7] = "(read only)"
    with pytest.raises(OutputError, match="no assignment that can be filled"):
        _fill_canvas(rows=rows, assignment="")


def test_canvas_two_name_columns() -> None:
    """A gradebook with LastName and FirstName, without a row of possible points and with short rows, is filled too."""
    rows = [["LastName", "FirstName", "ID", "SIS Login ID", "Section", "Lab (1)"], ["Doe", "Jane", "1", "j", "A"]]
    after, filled = _fill_canvas(_grade("Jane Doe", 12.5), rows=rows, assignment="")
    assert after == [rows[0], [*rows[1], "12.5"]]
    assert filled.notes == ("The file does not say how many points are possible: they are filled in as they are.",)


def test_decimal_commas() -> None:
    """A file with decimal commas gets decimal commas."""
    rows = [[*row] for row in CANVAS]
    rows[2][7] = "10,00"
    filled = canvas.fill(_csv(rows, ";"), [_grade("Jane Doe", 17)], "42")
    assert _changes(rows, _rows(filled.text, ";")) == {(3, 7): "8,5"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((-0.001, "0"), (100.0, "100"), (0.12345, "0.12"), (1e-9, "0"), (2.5, "2.5"), (1e22, f"1{'0' * 22}")),
        *((0.125, "0.13"), (-0.125, "-0.13"), (2.675, "2.68"), (1.005, "1.01"), (9.995, "10"), ("2/3", "0.67")),
    ],
)
def test_how_points_are_shown(value: float | str, text: str) -> None:
    """Rounded to two decimals, a half up, as it is written and not as a float has it; no exponents, no zeros at the
    end, no sign of nothing."""
    assert tables.decimal(exactly(value)) == text
    assert tables.decimal(exactly(value), like="1,0") == text.replace(".", ",")


@pytest.mark.parametrize(
    ("text", "value"),
    [("8,50", 8.5), ("8.5", 8.5), (" 1.000,50 ", 1000.5), ("-5", -5.0), ("", None), ("-", None), ("1e5", None)],
)
def test_number(text: str, value: float | None) -> None:
    """Points and commas are read as Canvas reads them: the last is the decimal one."""
    assert tables.number(text) == value


def _fill_moodle(*grades: Grade, rows: Cells = MOODLE) -> tuple[Cells, tables.Filled]:
    filled = moodle.fill(_csv(rows), grades)
    return _rows(filled.text), filled


def test_moodle_round_trip() -> None:
    """Moodle reads the scaled grades and comments from the worksheet, and all else as it was downloaded."""
    grades = [
        _grade("Doe Jane", 17, id="201", comment="=1+1"),
        _grade("Other", 20, email="Max@Uni.example", comment="fine"),
        _grade("Bo Nus", 25),
    ]
    after, filled = _fill_moodle(*grades)
    assert _changes(MOODLE, after) == {(1, 4): "8.5", (1, 9): "'=1+1", (2, 4): "10", (5, 4): "10"}
    assert (filled.filled, filled.refused) == (3, ())
    assert filled.notes == (
        "Points are scaled from 20 to 10.",
        "Other: 3.00 was replaced with 10",
        "Bo Nus: cut to the maximum of 10.00, as Moodle takes no more",
    )
    # As the import reads it: the number at the end of the identifier, and a grade from 0 to the maximum.
    read = {int(row[0].split()[-1]): float(row[4]) for row in after[1:] if row[4] and "," not in row[4]}
    assert read == {201: 8.5, 202: 10.0, 205: 10.0}
    assert all(0 <= points <= 10 for points in read.values())


def test_moodle_unchanged() -> None:
    """A grade that is there already, with a decimal comma, stays as it is written and is noted."""
    after, filled = _fill_moodle(_grade("Zoë O'Brien", 10, id="203"))
    assert after == MOODLE
    assert (filled.filled, filled.refused, filled.notes) == (0, (), ("Zoë O'Brien: already has this grade",))
    after, filled = _fill_moodle(_grade("Zoë O'Brien", 11, id="203"))
    assert _changes(MOODLE, after) == {(3, 4): "5,5"}


@pytest.mark.parametrize(
    ("grades", "why"),
    [
        ([_grade("Lo Cked", 5, comment="c")], "locked"),
        ([_grade("No Maximum", 5)], "maximum"),
        ([_grade("Ne Gative", 5)], "maximum"),
        ([_grade("Nobody", 5)], "no row"),
        ([_grade("Jane Doe", 5, id="555")], "not their number 555"),
        ([_grade("Jane Doe", 5, id="202")], "another row"),
        ([_grade("Team A", 5, id="201")], "201 is the number of Jane Doe"),
        ([_grade("Jane Doe", 5), _grade("Who", 6, email="jane@uni.example")], "another's"),
        ([_grade("Jane Doe", 0, id="201", status=Outcome.ERROR, comment="our fault")], "our fault"),
    ],
)
def test_moodle_refuses(grades: list[Grade], why: str) -> None:
    """Whoever Moodle would skip, or may be somebody else, is named with the reason; the worksheet is as it was."""
    after, filled = _fill_moodle(*grades)
    assert after == MOODLE
    assert len(filled.refused) == len(grades)
    assert all(line.startswith(f"{g.student.name}: ") and why in line for g, line in zip(grades, filled.refused))


def test_moodle_duplicate_names() -> None:
    """Two participants with one name are told apart by number or address, and else not at all."""
    rows = [*MOODLE, ["Participant 208", "Jane Doe", "jd@uni.example", "", "", "10.00", "Yes", "-", "-", ""]]
    after, filled = _fill_moodle(
        _grade("Jane Doe", 2, id="208"), _grade("Jane Doe", 4, email="jane@uni.example"), rows=rows
    )
    assert _changes(rows, after) == {(8, 4): "1", (1, 4): "2"}
    after, filled = _fill_moodle(_grade("Jane Doe", 2), rows=rows)
    assert after == rows
    assert "several rows" in filled.refused[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ('a,"b', "not CSV"),
        ("Identifier,Grade\n", r"no column Last modified \(grade\)"),
        ("Identifier,Grade,Scale,Last modified (grade)\n", "scale"),
    ],
)
def test_not_a_worksheet(text: str, message: str) -> None:
    """What is no worksheet with points is refused as a whole, with what is wrong."""
    with pytest.raises(OutputError, match=message):
        moodle.fill(text, [])


def test_no_line_end_at_the_end() -> None:
    """A file whose last line has no end gets none."""
    text = "Student,ID,Lab (1)\nJane,1,"
    assert canvas.fill(text, []).text == text


def test_not_a_gradebook() -> None:
    """What is no gradebook is refused as a whole."""
    with pytest.raises(OutputError, match="no gradebook of Canvas"):
        canvas.fill("Name,Points\nJane,3\n", [])


def test_grades_csv() -> None:
    """A row for each student; who was not graded has empty cells and no zeros."""
    grades = [
        _grade("Doe, Jane", 1 / 3, id="101"),
        _grade("=HYPERLINK(1)", 20.0, id="@SUM(A1)"),
        _grade("-2+3", 0.0, status=Outcome.REFUSED, comment="no Python"),
        _grade("  ＝1", 1e-7),  # noqa: RUF001
    ]
    assert grades_csv.render(grades, ["add", "mul"]) == (
        "\ufeffstudent,id,points,max_points,percent,status,review,adjustments,comments,add,mul\n"
        '"Doe, Jane",101,0.33,20,1.67,graded,,,,0.33,\n'
        "'=HYPERLINK(1),'@SUM(A1),20,20,100,graded,,,,20,\n"
        "'-2+3,,,20,,refused,,,,,\n"
        "'  ＝1,,0,20,0,graded,,,,0,\n"  # noqa: RUF001
    )


@given(st.lists(st.tuples(st.text(), st.text(), st.sampled_from(Outcome), st.floats(0, 1e30)), max_size=5), st.text())
@example([("\t=1", " \x00=1", Outcome.GRADED, 1e22)], "@SUM")
def test_no_formula_in_grades_csv(cells: list[tuple[str, str, Outcome, float]], exercise: str) -> None:
    """Whatever students are called, no cell of grades.csv begins as a formula, and every cell reads back."""
    grades = [_given(Student("k", n, i), p, s, {exercise: p}) for n, i, s, p in cells]
    rows = _rows(grades_csv.render(grades, [exercise]))
    assert len(rows) == len(grades) + 1
    for row in rows:
        assert len(row) == 10
        for text in row:
            assert not text.startswith(FORMULA)
            assert not text.lstrip().startswith(FORMULA)
    assert [row[1].replace("'", "") for row in rows[1:]] == [g.student.id.replace("'", "") for g in grades]


TEXTS = st.one_of(
    st.text(st.sampled_from('ab1,;"\r\n .-\ufeff='), max_size=12),
    st.sampled_from(["Doe, Jane", "Jane Doe", "101", "10,00", "EX", "(read only)", "-", "Participant 101", "é"]),
)
HEADERS = [["Student", "ID", "Lab (1)"], MOODLE[0], ["LastName", "FirstName", "ID", "SIS Login ID", "A", "B (2)"]]
GRADES = [_grade("Doe, Jane", 7, id="101", comment="=c"), _grade("Jane Doe", 8), _grade("a", 9), _grade("b", 1, "1")]

WRITTEN = ("1)", "2)", "Grade", "Feedback comments")  # how the columns that may change end


def _check_any(text: str) -> None:
    for fill in (canvas.fill, moodle.fill):
        with contextlib.suppress(OutputError):
            filled = fill(text, GRADES)
            before, after = tables.read(text).rows, tables.read(filled.text).rows
            width = max(len(row) for row in after)
            changes = _changes(*([row + [""] * (width - len(row)) for row in rows] for rows in (before, after)))
            assert len(changes) <= 2 * len(GRADES)
            assert all(before[0][j].strip().endswith(WRITTEN) for _, j in changes)
            assert filled.filled + len(filled.refused) <= len(GRADES)


@given(
    st.sampled_from(HEADERS),
    st.lists(st.lists(TEXTS, max_size=10), max_size=6),
    st.sampled_from(",;"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_any_rows(header: list[str], rows: Cells, delimiter: str, line_end: str, bom: str) -> None:
    """Under a header that fits, any rows are filled or refused, and only cells of grades and comments change."""
    _check_any(_csv([header, *rows], delimiter, line_end, bom))


@given(st.text() | st.text(st.sampled_from('Student,ID;"\r\n(1)\ufeff')))
@example("Student,ID,A (1)\n\x00,\ud800,\n")
@example("Student,ID,A (1)\n" + "x" * 200_000)
def test_any_text(text: str) -> None:
    """Any text at all is filled or refused with an OutputError."""
    _check_any(text)
