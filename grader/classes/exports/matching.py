"""Which row of a file is whose: no grade goes to a row that may be somebody else's."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from grader.base import messages
from grader.base.model import Student
from grader.classes.grades import Grade
from grader.classes.outcome import Outcome
from grader.classes.who import parts

# What a student or a row can be known by: for each rule, the first the best, a set of texts. The last rule is names.
Keys = Sequence[frozenset[str]]


def find_rows(
    grades: Sequence[Grade], rows: Mapping[int, Keys], called: Mapping[int, str], keys: Callable[[Student], Keys]
) -> list[int | str]:
    """For each grade the number of the row that it goes to, or why it goes nowhere. called: the name in each row.

    The first rule by which any row matches decides; a number decides for no row with another name. Grades that are not
    to be filled in take part all the same: a row that may be theirs is nobody else's.
    """
    index: list[defaultdict[str, set[int]]] = []
    for row, of_row in rows.items():
        index += [defaultdict(set) for _ in of_row[len(index) :]]
        for known, texts in zip(index, of_row, strict=True):
            for text in texts:
                known[text].add(row)
    found = [_find_row(grade.student, keys(grade.student), index) for grade in grades]
    claims = Counter(place for place in found if isinstance(place, int))
    rows_or_why: list[int | str] = []
    for grade, place in zip(grades, found, strict=True):
        why = _why_not(grade)
        if not why and isinstance(place, int):
            why = _why_anothers(grade.student, called[place]) or (
                messages.EXPORT_CONTESTED if claims[place] > 1 else ""
            )
        rows_or_why.append(why or place)
    return rows_or_why


def _why_anothers(student: Student, name: str) -> str:
    """Why a row with this name is not the student's though it matches; "" where it may be.

    A platform may number groups as it numbers people. An address is one person's; and who is known by a login or a
    number only has no name to compare.
    """
    has_name = not ids(student.name) <= ids(student.id)
    if not name or not student.id or student.email or not has_name or are_alike(student.name, name):
        return ""
    return messages.EXPORT_OTHERS_NUMBER.format(id=student.id, name=name)


def are_alike(first: str, second: str) -> bool:
    """Whether two names can be one person's: the same letters, or all the words of one in the other."""
    few, many = sorted((_words(first), _words(second)), key=len)
    return "".join(few) == "".join(many) or (len("".join(few)) > 1 and set(few) <= set(many))


def _words(name: str) -> list[str]:
    """The words of a name, without case, accents and whatever stands between them."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


def _find_row(student: Student, of_student: Keys, index: Sequence[Mapping[str, set[int]]]) -> int | str:
    by_rule = [
        {place for text in texts for place in known.get(text, ())}
        for texts, known in zip(of_student, index, strict=False)
    ]
    rule = next((i for i, places in enumerate(by_rule) if places), None)
    if rule is None:
        return messages.EXPORT_NO_ROW
    if len(by_rule[rule]) > 1:
        return messages.EXPORT_SEVERAL_ROWS
    if by_rule[-1] and not by_rule[rule] & by_rule[-1]:
        return messages.EXPORT_OTHER_NAME.format(id=student.id or student.email)
    if (
        rule == len(by_rule) - 1
        and student.id.isdecimal()
        and any(t.isdecimal() for known in index[:-1] for t in known)
    ):
        return messages.EXPORT_OTHER_ID.format(id=student.id)
    return next(iter(by_rule[rule]))


def _why_not(grade: Grade) -> str:
    """Why this grade is for no file at all; "" where it is, and where it is excused."""
    if grade.status is Outcome.EXCUSED:
        return ""
    if grade.status is not Outcome.GRADED:
        return " ".join(grade.comment.split()) or messages.EXPORT_NOT_GRADED
    if grade.review:
        return messages.EXPORT_REVIEW.format(why=" ".join(grade.review))
    return "" if grade.max_points > 0 else messages.EXPORT_NO_POINTS


def ids(*texts: str) -> frozenset[str]:
    """Ids, logins or addresses as keys: without case, and nothing for an empty one."""
    return frozenset(text.strip().casefold() for text in texts) - {""}


def download_names(name: str) -> frozenset[str]:
    """What files downloaded from Canvas call "Doe, Jane": "doejane". For rows only: of two names it may be one."""
    return frozenset({"".join(c for c in "".join(parts(name)) if c.isalnum())}) - {""}
