"""A question without the statements that it does not need. Pure."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

Statement = tuple[int, str]  # the line that it begins on, and its text


def shorter(script: str, read: str, asks_the_same: Callable[[str], bool]) -> Iterator[str]:
    """Shorter scripts for the same read, the shortest first: without all that can go, without what nothing uses.

    asks_the_same: whether what is left of the script has the same answer.
    """
    statements = [(node.lineno, ast.get_source_segment(script, node) or "") for node in ast.parse(script).body]
    found = []
    for is_candidate in (_is_any, _is_unused):
        left = statements
        for statement in reversed(statements):
            others = [other for other in left if other is not statement]
            if is_candidate(statement, others, read) and asks_the_same(_joined(others)):
                left = others
        if left != statements and left not in found:
            found.append(left)
            yield _joined(left)


def _is_any(_statement: Statement, _others: list[Statement], _read: str) -> bool:
    return True


def _is_unused(statement: Statement, others: list[Statement], read: str) -> bool:
    """Whether a statement does nothing but give a name to something, and nothing asks for that name."""
    (node,) = ast.parse(statement[1]).body
    targets = node.targets if isinstance(node, ast.Assign) else []
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    rest = ast.parse(f"{_joined(others)}\n{read}")
    used = {name.id for name in ast.walk(rest) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)}
    return bool(names) and len(names) == len(targets) and not names & used


def _joined(statements: list[Statement]) -> str:
    """The statements as lines; those that began on one line share it again."""
    lines: dict[int, list[str]] = {}
    for line, text in statements:
        lines.setdefault(line, []).append(text)
    return "\n".join("; ".join(texts) for texts in lines.values())
