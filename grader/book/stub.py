"""What an exercise of the book shows of its file: where its gap is, and the code around it."""

from __future__ import annotations

import ast
import textwrap

from grader.kit import Kit
from grader.kit.gaps import UNFILLED, Gap, gaps
from grader.kit.model import Exercise


def line_of(kit: Kit, exercise: Exercise) -> int:
    """The line of its first gap, from 1, as a learner gets the file."""
    before, _, _ = kit.stub(exercise.file).partition(f'{UNFILLED}"{exercise.gap}")')
    return before.count("\n") + 1


def code(kit: Kit, exercise: Exercise) -> str:
    """The definitions that its gaps are in, as a learner gets them: a function or a method from its `def`, or a class
    that has no gap of another exercise."""
    text = kit.stub(exercise.file)
    tree, found, lines = ast.parse(text), gaps(text), text.split("\n")
    pieces: dict[int, tuple[str, str]] = {}  # first line -> the first of the class that it is in, and the code
    for gap in found:
        if gap.exercise == exercise.gap:
            start, end, owner = _around(tree, gap, found)
            pieces[start] = (lines[owner - 1] if owner else "", textwrap.dedent("\n".join(lines[start - 1 : end])))
    is_told = len({owner for owner, _ in pieces.values()}) > 1  # whose method it is, where there are several
    shown = (
        f"{owner}\n    ...\n\n{textwrap.indent(piece, '    ')}" if owner and is_told else piece
        for owner, piece in pieces.values()
    )
    return "\n\n".join(shown) + "\n"


def _around(tree: ast.AST, gap: Gap, all_gaps: list[Gap], owner: int = 0) -> tuple[int, int, int]:
    """The first and the last line of the outermost definition around a gap that is a function, or holds no gap of
    another exercise; and the first line of the class that it is in, or 0."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.end_lineno is None:
            continue
        # The lower mark is a comment: Python does not take it for a part of the definition.
        inside = [other for other in all_gaps if node.lineno <= other.start <= node.end_lineno]
        if gap not in inside:
            continue
        if isinstance(node, ast.FunctionDef) or {other.exercise for other in inside} == {gap.exercise}:
            return node.lineno, max(node.end_lineno, *(other.end + 1 for other in inside)), owner
        return _around(node, gap, all_gaps, node.lineno)
    return gap.start, gap.end + 1, owner
