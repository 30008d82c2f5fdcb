"""The reference solution, in process: it answers the same probes as a session does."""

from __future__ import annotations

import functools
import marshal
import re
import sys
import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.base.blame import blamed
from grader.base.errors import GraderError
from grader.base.model import SourceFile
from grader.grading import taking_apart
from grader.kit import Kit
from grader.sandbox.inside import probes
from grader.sandbox.inside.modules import prepared
from grader.sandbox.process import compiled


def source(kit: Kit, file: str) -> SourceFile:
    """One file of the solutions, as a session would load it."""
    return SourceFile(Path(file).stem, file, kit.solution(file))


@functools.cache
def code(file: SourceFile) -> str:
    """A file of the solutions, compiled as a worker takes it (inside/worker.py, know)."""
    return marshal.dumps(prepared(file.text, file.path, [])).hex()


class Reference:
    """An implementation of all exercises made from the text of solutions/, with edits in that text."""

    def __init__(self, kit: Kit, edits: Mapping[str, Iterable[tuple[str, str]]] | None = None) -> None:
        """edits: file -> (a text that stands in it once, what is to stand there instead)."""
        texts = dict(_solutions(kit))
        for file, changes in (edits or {}).items():
            texts[file] = edited(file, texts[file], changes)
        modules = _load(texts)
        self.namespace = {  # name -> what it stands for; what the solutions do not define is None
            name: getattr(modules[home], name, None) for name, home in kit.manifest.homes.items()
        }
        self._answers: dict[tuple[str, tuple[str, ...]], list[Any]] = {}

    def ask(self, script: str, reads: tuple[str, ...]) -> list[Any]:
        """The right answers to a probe, in the form of inside/probes.py. The same probe is run once."""
        key = script, reads
        if key not in self._answers:
            if len(self._answers) > 5_000:  # a process that grades with many seeds
                self._answers.clear()
            made: list[dict[str, Any]] = []
            try:
                self._answers[key] = probes.answer(self.namespace, compiled(script, reads), made)
            finally:
                if taking_apart.IS_NEEDED:
                    taking_apart.take_apart(value for scope in made for value in scope.values())
        return self._answers[key]


@functools.cache
def _solutions(kit: Kit) -> dict[str, str]:
    return {file: kit.solution(file) for file in kit.manifest.files}


@functools.cache
def reference(kit: Kit, activation: str = "tanh", is_last_linear: bool = True) -> Reference:
    """The reference, with another activation ("relu", "none") in its neurons, and one in the last layer as well, where
    that is asked for."""
    edits = []
    if activation != "tanh":
        edits.append(("total.tanh()", "total" if activation == "none" else f"total.{activation}()"))
    if not is_last_linear:
        edits.append(("nonlin=i != last", "nonlin=True"))
    return Reference(kit, {"nn.py": edits} if edits else None)


def faults(kit: Kit) -> list[str]:
    """What keeps the solutions from being Python that runs, a line each, with the file and the line."""
    wrong = []
    for file in kit.manifest.files:
        try:
            _compiled(file, kit.solution(file))
        except (SyntaxError, ValueError, OSError) as error:
            wrong.append(blamed(error, f"solutions/{file}" if isinstance(error, OSError) else "solutions"))
    if wrong:
        return wrong
    try:
        Reference(kit)
    except Exception as error:  # noqa: BLE001 - whatever is wrong in a file that somebody is writing
        wrong.append(blamed(error, "solutions"))
    return wrong


def edited(file: str, text: str, edits: Iterable[tuple[str, str]]) -> str:
    """The text with the edits in it, each at what it really changes: so two of one line can be made together.

    GraderError where one does not fit, or changes what another does.
    """
    changes = []
    for old, new in edits:
        if text.count(old) != 1:
            raise GraderError(messages.EDIT_DOES_NOT_FIT.format(text=old, file=file))
        same_head = _common(old, new)
        same_tail = _common(old[same_head:][::-1], new[same_head:][::-1])
        start = text.index(old)
        changes.append((start + same_head, start + len(old) - same_tail, new[same_head : len(new) - same_tail]))
    end = len(text)
    for start, stop, new in sorted(changes, reverse=True):
        if stop > end:
            raise GraderError(messages.EDIT_DOES_NOT_FIT.format(text=new, file=file))
        text = text[:start] + new + text[stop:]
        end = start
    return text


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@functools.lru_cache(1_000)  # of variants of one file, all the others, and most of its parts, are as they were
def _compiled(file: str, text: str) -> types.CodeType:
    return compile(text, f"solutions/{file}", "exec", dont_inherit=True)


def _compiled_in_parts(file: str, text: str) -> list[types.CodeType]:
    """A file cut before each class and function at its top level: an edit leaves most parts as they were."""
    starts = [0, *(match.start() for match in re.finditer(r"^(?:@.*\n)*(?:class|def) ", text, re.MULTILINE))]
    ends = [*starts[1:], len(text)]
    try:  # the empty lines before a part keep its lines where they are in the file
        return [_compiled(file, "\n" * text.count("\n", 0, i) + text[i:j]) for i, j in zip(starts, ends, strict=True)]
    except SyntaxError:  # a text of several lines was cut
        return [_compiled(file, text)]


def _load(texts: Mapping[str, str]) -> dict[str, types.ModuleType]:
    """Run the texts as modules that import each other, and leave sys.modules as it was."""
    modules = {name: types.ModuleType(name) for name in (file.removesuffix(".py") for file in texts)}
    before = {name: sys.modules.get(name) for name in modules}
    try:
        for file, text in texts.items():
            name = file.removesuffix(".py")
            sys.modules[name] = modules[name]
            for part in _compiled_in_parts(file, text):
                exec(part, vars(modules[name]))
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
    return modules
