"""mg_check, for a cell of a notebook: grades what has been run in it so far, and shows the feedback below the cell."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence
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

_DEFINITION = re.compile(r"^(?:def|class)\s+\w+", re.MULTILINE)
_MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


class Checked:
    """The feedback on some exercises, as HTML where a notebook shows it and as text elsewhere."""

    def __init__(self, ids: Sequence[str], report: Report) -> None:
        self._ids = ids
        self._report = report

    def _repr_html_(self) -> str:
        return fragment.render(self._report, self._ids)

    def __repr__(self) -> str:
        shown = [result for result in self._report.results if result.id in self._ids]
        parts = [terminal.one(self._report, result.id) for result in shown if result.status is not Status.NOT_STARTED]
        todo = next((result for result in shown if result.status is Status.NOT_STARTED), None)
        if todo is not None:
            parts.append(terminal.paragraph(messages.CHECK_NEXT.format(id=todo.id, minutes=todo.minutes, gap=todo.gap)))
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
        missing = {exercise.id: _not_run(exercise, kit.manifest, cells) for exercise in exercises}
        if any(missing.values()):
            told = ((i, messages.LAST_OF_LIST.join(names)) for i, names in missing.items() if names)
            return Problem("\n".join(messages.CHECK_NOT_RUN.format(id=i, names=names) for i, names in told))
        tree = {PurePosixPath(NOTEBOOK): Cells(tuple((text, "") for text in cells))}
        submission = gather(tree, kit.manifest, "notebook", NOTEBOOK)
        report = grade(submission, kit, only=ids, level=choose().level)
    except (MgGradeError, Refused) as error:
        return Problem(messages.ERROR.format(text=error))
    unfinished = [result.id for result in report.results if result.status is not Status.PASSED]
    return Checked(ids or unfinished[:1] or list(kit.manifest.by_id)[-1:], report)


def run_so_far() -> list[str]:
    """What was run in this notebook, in order, so that the number of each is that in Jupyter's In[..]. Only the last of
    several runs of a cell counts, and of the learner's own cells, where there are some of the kit, those that define
    something; in the place of all others there is nothing."""
    history = _history()
    last = {_what(text): number for number, text in enumerate(history)}
    counts = [
        number == last[_what(text)] and not text.startswith(f"{MARK}{ASIDE}") for number, text in enumerate(history)
    ]
    from_kit = any(text.startswith(MARK) for text, count in zip(history, counts, strict=True) if count)
    return [
        text if count and (not from_kit or text.startswith(MARK) or _defines(text)) else ""
        for text, count in zip(history, counts, strict=True)
    ]


def _not_run(exercise: Exercise, manifest: Manifest, cells: Sequence[str]) -> list[str]:
    """The names that an exercise needs and the notebook does not know: what it defines, and of earlier chapters what
    its own cells speak of. What is in a cell that cannot be read is none of them: that is another thing to say."""
    known = _known()
    if known is None:
        return []
    earlier = [file.removesuffix(".py") for file in manifest.rests_on[exercise.file]]
    own = "\n".join(text for text in cells if text.startswith(f"{MARK}{exercise.file}"))
    names = [symbol.partition(".")[0] for symbol in exercise.symbols]
    names += [name for name, home in manifest.homes.items() if home in earlier and re.search(rf"\b{name}\b", own)]
    unread = "\n".join(text for text in cells if not _can_be_read(text))
    return [name for name in dict.fromkeys(names) if name not in known and not re.search(rf"\b{name}\b", unread)]


def _can_be_read(text: str) -> bool:
    try:
        ast.parse(_MAGIC.sub("", text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _what(text: str) -> str:
    """What a cell is, so that it can be told when it is run again: what it is of and the first thing it defines."""
    mark = text.partition("\n")[0] if text.startswith(MARK) else ""
    name = _DEFINITION.search(text)
    return f"{mark}\n{name[0]}" if name else text


def _defines(text: str) -> bool:
    """Whether a cell of the learner's own makes something that others may use: a function, a class, an import, or a
    name for what takes no call to make. What else stands there tries things out, or trains for a minute."""
    try:
        module = ast.parse(_MAGIC.sub("", text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _DEFINITION.search(text) is not None
    if any(isinstance(statement, _DEFINING) for statement in module.body):
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


def _known() -> Collection[str] | None:
    """The names that this session knows; None where there is no session."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    shell = get_ipython()
    return set(shell.user_ns) if shell else None
