"""The text of a probe as a learner sees it: it can be pasted into an interactive interpreter as it is."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping

WIDTH = 74  # characters
COMPOUND = re.compile(r"\s|(for|def|class|if|while)\b")


def pasteable(script: str, read: str, homes: Mapping[str, str]) -> str:
    """The script with its imports before it and the read after it, on one line where it can be.

    homes: name -> the module that it is imported from.
    """
    script, read = (re.sub(r"\+ -(?=\d)", "- ", re.sub(r"- -(?=\d)", "+ ", code)) for code in (script, read))
    names: dict[str, list[str]] = {}
    words = set(re.findall(r"\w+", f"{script}\n{read}"))
    for name, home in homes.items():
        if name in words:
            names.setdefault(home, []).append(name)
    imports = "; ".join(f"from {home} import {', '.join(found)}" for home, found in names.items())
    lines = [line.rstrip(";") for line in [imports, *script.splitlines(), read] if line]
    joined = "; ".join(lines)
    if len(joined) <= WIDTH and not any(COMPOUND.match(line) for line in lines):
        return joined
    shown: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        shown += _folded(line)
        if COMPOUND.match(line) and not line.startswith("class") and following[:1].strip():
            shown.append("")  # an interactive interpreter ends a block at an empty line
    return "\n".join(shown)


def without_imports(text: str, modules: Iterable[str]) -> str:
    """The text of a probe, or one with it inside, for a place where the kit's names are there already: a notebook."""
    homes = "|".join(modules)
    text = re.sub(rf"^ *from (?:{homes}) import [\w, ]+\n", "", text, flags=re.MULTILINE)
    return re.sub(rf"^( *)(?:from (?:{homes}) import [\w, ]+(?:; |$\n?))+", r"\1", text, flags=re.MULTILINE)


def _folded(line: str) -> Iterator[str]:
    """A line of code in lines that fit where it can be: statement by statement, or else broken behind commas inside
    brackets, the outer ones first."""
    statements = line.split("; ") if len(line) > WIDTH and not COMPOUND.match(line) else []
    if len(statements) > 1 and all(map(_is_whole, statements)):
        together = statements[0]
        for statement in statements[1:]:
            if len(f"{together}; {statement}") > WIDTH:
                yield from _folded(together)
                together = statement
            else:
                together = f"{together}; {statement}"
        yield from _folded(together)
        return
    if len(line) <= WIDTH:
        yield line
        return
    commas, begin = _commas(line), 0
    indent = ""
    while len(indent) + len(line) - begin > WIDTH:
        fitting = [(depth, -end) for end, depth in commas if begin < end <= begin + WIDTH - len(indent)]
        if not fitting:
            break
        end = -min(fitting)[1]
        yield indent + line[begin:end]
        begin = end + 1
        indent = " " * (len(line) - len(line.lstrip()) + 4)
    yield indent + line[begin:]


def _is_whole(statement: str) -> bool:
    try:
        return bool(ast.parse(statement).body)
    except SyntaxError:
        return False


def _commas(line: str) -> list[tuple[int, int]]:
    """Every comma of a line that stands inside brackets, with a space behind it: where it ends, and how deep it is."""
    found, depth = [], 0
    before = len(line) - len(line.lstrip())
    with contextlib.suppress(tokenize.TokenError):  # it goes on in the next line
        for token in tokenize.generate_tokens(io.StringIO(line.lstrip()).readline):
            depth += (token.string in "([{") - (token.string in ")]}") if token.type == tokenize.OP else 0
            end = before + token.end[1]
            if token.string == "," and depth and line[end : end + 1] == " ":
                found.append((end, depth))
    return found
