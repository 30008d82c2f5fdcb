"""What the exports share: CSV that comes back as it was, numbers as cells, cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.model import Student
from grader.base.points import shown
from grader.classes.grades import Grade

_NUMBER = re.compile(r"-?[0-9][0-9.,]{0,20}")


@dataclass(frozen=True)
class Filled:
    """A file with grades filled in, as text.

    filled: how many grades were written. refused: a line for each student whose grade was not, by name, with the
    reason. notes: what else the instructor should know.
    """

    text: str
    filled: int
    refused: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A CSV file: its rows, the header first, and how it was written."""

    rows: list[list[str]]
    delimiter: str
    line_end: str
    start: str  # a byte order mark or nothing
    end: str  # the last line end, if there is one


def read(text: str) -> Table:
    """The table that an instructor exported. OutputError where it is empty or no CSV.

    The text must be decoded without changes: with its byte order mark, and line ends as they are.
    """
    body = text.removeprefix("\ufeff")
    first = re.match(r'(?:"[^"]*"|[^",;\r\n])*+([,;])', body) or re.match(r'(?:"[^"]*"|[^"\t\r\n])*+(\t)', body)
    delimiter = first[1] if first else ","
    line_end = re.search(r"\r\n|\n|\r", body)
    try:
        rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise OutputError(messages.EXPORT_NOT_CSV.format(why=error)) from error
    if not any(rows):
        raise OutputError(messages.EXPORT_EMPTY)
    return Table(
        rows=rows,
        delimiter=delimiter,
        line_end=line_end[0] if line_end else "\n",
        start=text[: len(text) - len(body)],
        end=line_end[0] if line_end and body.endswith(("\n", "\r")) else "",
    )


def write(table: Table) -> str:
    """The table as text: what read reads as the same rows."""
    return table.start + table.line_end.join(line(row, table.delimiter) for row in table.rows) + table.end


def line(row: Sequence[str], delimiter: str = ",") -> str:
    """The row as CSV, without a line end."""
    out = io.StringIO()
    # Some versions of csv quote only the line end that they write themselves: so both, whatever the file has.
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(row)
    return out.getvalue()[:-2]


def columns(header: Sequence[str]) -> dict[str, int]:
    """Column name -> its place; the first, where a name is there twice."""
    return {name.strip(): i for i, name in reversed(list(enumerate(header)))}


def cell(row: Sequence[str], column: int | None) -> str:
    """What stands there, without spaces around it; "" where the row is shorter or there is no such column."""
    return row[column].strip() if column is not None and column < len(row) else ""


def put(row: list[str], column: int, text: str) -> None:
    """Write a cell, and make a shorter row long enough for it."""
    row += [""] * (column + 1 - len(row))
    row[column] = text


def number(text: str) -> Fraction | None:
    """The number that a cell holds, with a decimal point or comma; None where it holds none.

    As Canvas reads it: of several points and commas the last is the decimal one.
    """
    if not _NUMBER.fullmatch(text.strip()):
        return None
    *whole, last = re.split("[.,]", text.strip())
    return Fraction(f"{''.join(whole)}.{last}" if whole else last)


def decimal(points: Fraction, like: str = "") -> str:
    """The points as they are shown; with a decimal comma where the cell like has one."""
    text = shown(points)
    return text.replace(".", ",") if re.search(r",[0-9]*$", like.strip()) else text


def scaled(grade: Grade, possible: Fraction | None) -> Fraction:
    """The points out of what is possible where the file is used; as they are where that is not known."""
    if possible is None or not grade.max_points:
        return grade.points
    return grade.points * possible / grade.max_points


def line_about(student: Student, text: str) -> str:
    """A line for the instructor that names the student."""
    return messages.EXPORT_LINE.format(name=student.name or student.key, text=text)


def what_excused(grade: Grade, old: str, new: str = "") -> list[str]:
    """What is to be noted about somebody who is excused: why, and what is replaced, or stays where it is not."""
    notes = [line_about(grade.student, " ".join(grade.comment.split()))]
    if old not in ("", "-", new):
        text = messages.EXPORT_REPLACED.format(old=old, new=new) if new else messages.EXPORT_STAYS.format(old=old)
        notes.append(line_about(grade.student, text))
    return notes


def what_changes(grade: Grade, possible: Fraction | None, old: str, new: str) -> list[str]:
    """What is to be noted about a grade that is written: that it is scaled, and what it replaces."""
    notes = []
    if possible is not None and possible != grade.max_points:
        points, out_of = shown(grade.max_points), shown(possible)
        notes.append(messages.EXPORT_SCALED.format(points=points, possible=out_of))
    if old not in ("", "-") and number(old) != number(new):
        notes.append(line_about(grade.student, messages.EXPORT_REPLACED.format(old=old, new=new)))
    return notes
