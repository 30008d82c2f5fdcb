"""mg_check, for a cell of a notebook: grades what has been run in it so far, and shows the feedback below the cell."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import click

from grader.base import messages
from grader.base.errors import MgGradeError
from grader.base.pasteable import without_imports
from grader.base.report import Report, Status
from grader.grading.pipeline import grade
from grader.intake.notebook import ASIDE, MARK
from grader.intake.submission import gather
from grader.intake.tree import Cells, Refused
from grader.kit import NOTEBOOK, read_kit
from grader.kit.model import Exercise, Manifest
from grader.kit.naming import exercise_of
from grader.reports import fragment
from grader.reports.forms import terminal
from grader.sandbox.confine import choose

# What a cell makes at its left edge: functions and classes, what it puts into a class, and other names.
_DEFINITION = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_CLASS = re.compile(r"^class +(\w+)", re.MULTILINE)
_PUT = re.compile(r"^(\w+)\.(\w+) *=(?!=)|^setattr\( *(\w+), *[\"'](\w+)", re.MULTILINE)
_NAMED = re.compile(r"^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


class Checked:
    """The feedback on some exercises, as HTML where a notebook shows it and as text elsewhere."""

    def __init__(self, ids: Sequence[str], report: Report, also: Sequence[str] = ()) -> None:
        self._ids = ids
        self._report = report
        self._also = also

    def _repr_html_(self) -> str:
        return fragment.render(self._report, self._ids, self._also)

    def __repr__(self) -> str:
        shown = [result for result in self._report.results if result.id in self._ids]
        parts = [terminal.one(self._report, result.id) for result in shown if result.status is not Status.NOT_STARTED]
        todo = next((result for result in shown if result.status is Status.NOT_STARTED), None)
        if todo is not None:
            parts.append(terminal.paragraph(messages.CHECK_NEXT.format(id=todo.id, minutes=todo.minutes, gap=todo.gap)))
        parts += map(terminal.paragraph, self._also)
        modules = dict.fromkeys(result.file.removesuffix(".py") for result in self._report.results)
        return without_imports(click.unstyle("\n".join(parts)), modules)


class Problem:
    """A line that says why nothing was graded."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def mg_check(*ids: str) -> Checked | Problem:
    """Grade these exercises as they have been run in this notebook: mg_check("mul"). Without ids: the first one that
    is not finished. Nothing is raised: what is wrong is shown."""
    try:
        kit = read_kit()
        exercises = [exercise_of(kit.manifest, str(exercise_id)) for exercise_id in ids]
        cells = run_so_far()
        if not any(cells):
            return Problem(messages.CHECK_NOTHING)
        known = _known()
        missing = {exercise.id: _not_run(exercise, kit.manifest, cells, known) for exercise in exercises}
        if any(missing.values()):
            told = ((i, messages.LAST_OF_LIST.join(names)) for i, names in missing.items() if names)
            return Problem("\n".join(messages.CHECK_NOT_RUN.format(id=i, names=names) for i, names in told))
        order = _classes_first(cells)
        numbers = tuple(place + 1 for place in order)
        tree = {PurePosixPath(NOTEBOOK): Cells(tuple((cells[place], "") for place in order), numbers)}
        submission = gather(tree, kit.manifest, "notebook", NOTEBOOK)
        report = grade(submission, kit, only=ids, level=choose().level)
    except (MgGradeError, Refused) as error:
        return Problem(messages.ERROR.format(text=error))
    unfinished = [result.id for result in report.results if result.status is not Status.PASSED]
    symbols = dict.fromkeys(symbol for exercise in exercises for symbol in _own(exercise, kit.manifest))
    gone = [symbol for symbol in symbols if _is_known(symbol.partition(".")[0], known) > _is_known(symbol, known)]
    also = [messages.CHECK_ANEW.format(names=", ".join(gone))] if gone else []
    return Checked(ids or unfinished[:1] or list(kit.manifest.by_id)[-1:], report, also)


def run_so_far() -> list[str]:
    """What was run in this notebook, in order, so that the number of each is that in Jupyter's In[..]. Only the last of
    several runs of a cell counts, and of the learner's own cells, where there are some of the kit, those that define
    something; in the place of all others there is nothing."""
    history = _history()
    counts = [
        not text.startswith(f"{MARK}{ASIDE}") and not any(_stands_for(later, text) for later in history[number:])
        for number, text in enumerate(history, 1)
    ]
    from_kit = any(text.startswith(MARK) for text, count in zip(history, counts, strict=True) if count)
    return [
        text if count and (not from_kit or text.startswith(MARK) or _defines(text)) else ""
        for text, count in zip(history, counts, strict=True)
    ]


def _stands_for(later: str, text: str) -> bool:
    """Whether a cell that was run later is the same one, run again: of the same file, and makes what that one made; or
    for what is put into a class, puts the same into it, whatever the function is called now."""
    if later == text:
        return True
    if _mark(later) != _mark(text):
        return False
    puts = _puts(text)
    return puts <= _puts(later) if puts else bool(_makes(text)) and _makes(text) <= _makes(later)


def _mark(text: str) -> str:
    return text.partition("\n")[0].rstrip() if text.startswith(MARK) else ""


@functools.lru_cache(2_000)
def _puts(text: str) -> frozenset[tuple[str, str]]:
    """What a cell puts into classes: (class, name)."""
    return frozenset((one or other, name or its_name) for one, name, other, its_name in _PUT.findall(text))


@functools.lru_cache(2_000)
def _makes(text: str) -> frozenset[str]:
    """The names that a cell makes at its left edge."""
    return frozenset(_DEFINITION.findall(text) + _NAMED.findall(text))


def _classes_first(cells: Sequence[str]) -> list[int]:
    """The places of the cells in the order in which they are graded: as they were run, but a class before what is put
    into it, in whatever order and however often their cells were run."""
    order = list(range(len(cells)))
    for place, text in enumerate(cells):
        names = set(_CLASS.findall(text))
        before = order[: order.index(place)]
        first = next((other for other in before if names & {name for name, _ in _puts(cells[other])}), None)
        if first is not None:
            order.remove(place)
            order.insert(order.index(first), place)
    return order


def _not_run(
    exercise: Exercise, manifest: Manifest, cells: Sequence[str], known: Mapping[str, object] | None
) -> list[str]:
    """The names that an exercise needs and the notebook does not know: what it defines, and of earlier chapters what
    its own cells speak of. What is in a cell that cannot be read is none of them: that is another thing to say."""
    if known is None:
        return []
    earlier = [file.removesuffix(".py") for file in manifest.rests_on[exercise.file]]
    own = "\n".join(text for text in cells if text.startswith(f"{MARK}{exercise.file}"))
    names = [_to_run(symbol, cells, known) for symbol in _own(exercise, manifest)]
    names += [name for name, home in manifest.homes.items() if home in earlier and re.search(rf"\b{name}\b", own)]
    unread = "\n".join(text for text in cells if not _can_be_read(text))
    return [
        name
        for name in dict.fromkeys(names)
        if not _is_known(name, known) and not re.search(rf"\b{name.rpartition('.')[2]}\b", unread)
    ]


def _own(exercise: Exercise, manifest: Manifest) -> list[str]:
    """The symbols of an exercise that no other one is about in the first place."""
    others = {other.symbols[0] for other in manifest.exercises if other.gap != exercise.gap}
    return [symbol for symbol in exercise.symbols if symbol not in others]


def _to_run(symbol: str, cells: Sequence[str], known: Mapping[str, object]) -> str:
    """What there is to run for a symbol: the class, or where that is there and the method in no cell, the method."""
    name, _, method = symbol.partition(".")
    written = re.compile(rf"\bdef +{method}\b|\.{method} *=|[\"']{method}[\"']")
    return symbol if name in known and not any(map(written.search, cells)) else name


def _is_known(symbol: str, known: Mapping[str, object] | None) -> bool:
    """Whether a session knows a name, or the method of a class."""
    name, _, method = symbol.partition(".")
    return known is None or (name in known and (not method or hasattr(known[name], method)))


def _can_be_read(text: str) -> bool:
    try:
        ast.parse(_MAGIC.sub("", text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _defines(text: str) -> bool:
    """Whether a cell of the learner's own makes something that others may use: a function, a class, an import, or a
    name for what takes no call to make. What else stands there tries things out, or trains for a minute."""
    try:
        module = ast.parse(_MAGIC.sub("", text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _DEFINITION.search(text) is not None
    if any(isinstance(statement, _DEFINING) for statement in module.body) or _puts(text):
        return True
    calls = any(isinstance(part, ast.Call) for part in ast.walk(module))
    return not calls and any(isinstance(statement, ast.Assign | ast.AnnAssign) for statement in module.body)


def _history() -> list[str]:
    """Every cell that was run in this session, as it was typed, In[1] first."""
    try:
        from IPython import get_ipython
    except ImportError:
        return []
    shell = get_ipython()
    return [str(text) for text in shell.history_manager.input_hist_raw[1:]] if shell else []


def _known() -> Mapping[str, object] | None:
    """What this session knows by which names; None where there is no session."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    shell = get_ipython()
    return dict(shell.user_ns) if shell else None
