"""What is missing in the kit or does not fit together, a line each, with the file and the line, key or id: for whoever
has just written it."""

from __future__ import annotations

import ast
import re
import runpy
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.base import messages
from grader.base.blame import blamed
from grader.base.errors import GraderError
from grader.book.faults import faults as book_faults
from grader.grading.hidden_run import collected
from grader.grading.reference import Reference, edited
from grader.kit import Kit
from grader.kit.model import Misconception
from grader.upkeep import release

HINTS = 4  # for each exercise: exercises/README.md says so
HIDDEN = "grader/kit/hidden"
MISCONCEPTIONS = "grader/kit/misconceptions"
ID = r"[a-z0-9]+(-[a-z0-9]+)*"


def missing(kit: Kit) -> Iterator[str]:
    """All of it, as far as one thing can be looked at without another."""
    try:
        release.files(kit)
    except GraderError as error:
        yield from str(error).splitlines()
        return
    wrong = list(_of_test_files(kit))
    try:
        tests = {} if wrong else collected(kit)
    except GraderError as error:
        wrong += _of_test_modules(kit) or [str(error)]
    if wrong:
        yield from wrong
        return
    try:
        misconceptions = kit.misconceptions
    except Exception as error:  # noqa: BLE001 - whatever is wrong in a module that somebody is writing
        yield blamed(error, MISCONCEPTIONS, but=("__init__.py", "entries.py"))
        return
    yield from _of_tests(kit, tests)
    namespace = Reference(kit).namespace
    for exercise in kit.manifest.exercises:
        if exercise.id not in tests.values():
            yield messages.NO_TEST_FOR.format(id=exercise.id)
        for symbol in exercise.symbols:
            name, _, attribute = symbol.partition(".")
            defined = namespace[name]
            if defined is None or (attribute and not hasattr(defined, attribute)):
                yield messages.NO_SYMBOL.format(id=exercise.id, symbol=symbol, file=exercise.file)
        if len(exercise.hints) != HINTS:
            yield messages.OTHER_HINTS.format(id=exercise.id, number=len(exercise.hints), promised=HINTS)
        first = exercise.solved_first_as
        others = [e.id for e in kit.manifest.exercises if e.file == exercise.file and e is not exercise]
        if first and first not in {row.id for other in others for row in misconceptions.get(other, ())}:
            yield messages.NO_FIRST_SOLUTION.format(id=exercise.id, name=first, file=exercise.file)
        if not misconceptions.get(exercise.id):
            yield messages.NO_MISCONCEPTION_FOR.format(id=exercise.id)
    yield from book_faults(kit)
    yield from _of_misconceptions(kit, [row for rows in misconceptions.values() for row in rows])


def _test_files(kit: Kit) -> list[Path]:
    return sorted(kit.hidden_tests.glob("test_*.py"))


def _of_test_files(kit: Kit) -> Iterator[str]:
    """Where the files of the hidden tests are no Python."""
    for path in _test_files(kit):
        try:
            ast.parse(path.read_bytes(), path.name)
        except (SyntaxError, ValueError) as error:
            yield blamed(error, HIDDEN)


def _of_test_modules(kit: Kit) -> list[str]:
    """Where the files of the hidden tests fail when they are imported."""
    found = []
    for path in _test_files(kit):
        try:
            runpy.run_path(str(path), run_name=path.stem)
        except Exception as error:  # noqa: BLE001 - whatever is wrong in a module that somebody is writing
            found.append(blamed(error, HIDDEN))
    return found


def _of_tests(kit: Kit, tests: dict[str, str | None]) -> Iterator[str]:
    for node, exercise_id in tests.items():
        if exercise_id is None:
            yield messages.TEST_OF_NONE.format(test=node)
        elif exercise_id not in kit.manifest.by_id:
            yield messages.TEST_OF_UNKNOWN.format(test=node, id=exercise_id)
    for path in _test_files(kit):
        for found in ast.parse(path.read_bytes()).body:
            if isinstance(found, ast.FunctionDef) and found.name.startswith("test") and not ast.get_docstring(found):
                yield messages.TEST_STATES_NOTHING.format(file=path.name, line=found.lineno, test=found.name)


def _of_misconceptions(kit: Kit, rows: Iterable[Misconception]) -> Iterator[str]:
    from grader.kit.misconceptions import CHAPTERS

    files = {id(row): Path(str(module.__file__)).name for module in CHAPTERS for row in module.MISCONCEPTIONS}
    times: Counter[str] = Counter()
    for row in rows:
        file = f"{MISCONCEPTIONS}/{files[id(row)]}" if id(row) in files else MISCONCEPTIONS
        times[row.id] += 1
        if times[row.id] == 2:
            yield messages.MISCONCEPTION.format(file=file, id=row.id, why=messages.MISCONCEPTION_TWICE)
        for why in _faults(kit, row):
            yield messages.MISCONCEPTION.format(file=file, id=row.id, why=why)


def _faults(kit: Kit, row: Misconception) -> Iterator[str]:
    """What is wrong with one misconception, or how it does not fit to the solutions."""
    if not re.fullmatch(ID, row.id):
        yield messages.MISCONCEPTION_ID
    texts = {"title": row.title, "explanation": row.explanation}
    no_text = next((name for name, text in texts.items() if not (isinstance(text, str) and text)), None)
    if no_text:
        yield messages.MISCONCEPTION_TEXT.format(name=no_text)
        return
    exercise = kit.manifest.by_id.get(row.exercise)
    if exercise is None:
        yield messages.MISCONCEPTION_OF_UNKNOWN.format(exercise=row.exercise)
    if not row.edits:
        yield messages.MISCONCEPTION_WITHOUT_EDIT
    elif not all(map(_is_edit, row.edits)):
        yield messages.MISCONCEPTION_EDIT
    elif exercise is not None:
        try:
            edited(exercise.file, kit.solution(exercise.file), row.edits)
        except GraderError as error:
            yield f"{error}."
            return
        try:
            Reference(kit, {exercise.file: row.edits})
        except Exception as error:  # noqa: BLE001 - whatever the edited file does
            yield messages.MISCONCEPTION_IS_NO_PYTHON.format(why=blamed(error, "solutions"))


def _is_edit(edit: object) -> bool:
    return isinstance(edit, tuple) and len(edit) == 2 and all(isinstance(text, str) for text in edit)
