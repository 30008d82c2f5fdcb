"""The answer of a cluster's worker: how a grading is told as plain data, and how that is checked where it arrives.

Nothing here trusts what it reads. An answer is one strict JSON object of the expected keys; the report in it is of the
submission that was asked for, of this kit, and such as this grader writes; anything else is Nonsense, and never another
exception.
"""

from __future__ import annotations

import functools
import json
import math
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any, Union, get_args, get_origin, get_type_hints

from grader import PYTHON, __version__
from grader.base.errors import LearnerFault, OutputError
from grader.base.report import Confinement, Report, Versions, WrongGraph
from grader.base.text import short_path
from grader.classes.batch import Job, kit_print, settings_print
from grader.classes.outcome import Grading, Outcome
from grader.kit import Kit
from grader.kit.asking import DEFAULT_SEED
from grader.reports.forms import json as json_form
from grader.sandbox.confine import LEVELS
from grader.sandbox.protocol import parse_reply

MIB = 1024 * 1024
MAX_ANSWER = 128 * MIB  # bytes: a submission has at most 16 MiB of text, which can be six times as long in JSON
MAX_DOCUMENT = 4 * MIB  # characters: a report has at most 300 KB in any form
MAX_COMMENT = 100_000  # characters
UNCHANGED: dict[str, Any] = {"unchanged": True}
KEYS = {"status", "comment", "content", "document", "sources", "tracebacks"}
_BEGIN = f'{{"format": {json_form.FORMAT}, '
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which no database takes
_PRINT = re.compile(r"(?:[0-9a-f]{64})?")


class Nonsense(Exception):
    """No worker of mg-grade answers that; the text says what is wrong with it."""


def told(grading: Grading | None) -> bytes:
    """A grading as an answer; None where nothing has changed since the last one."""
    if grading is None:
        return json.dumps(UNCHANGED).encode()
    data = {name: getattr(grading, name) for name in KEYS}
    return json.dumps({**data, "sources": dict(grading.sources)}).encode()


def taken(answer: object, job: Job, kit: Kit) -> Grading | None:
    """The grading that an answer tells, of the job that was asked for, with this kit. Nonsense where it is none."""
    if type(answer) is not bytes:
        raise Nonsense("something else than bytes")
    if len(answer) > MAX_ANSWER:
        raise Nonsense("an answer that is too long")
    try:
        data = parse_reply(answer)
    except LearnerFault as error:
        raise Nonsense("no strict JSON object") from error
    if data == UNCHANGED and job.known is not None:
        return None
    if set(data) != KEYS:
        raise Nonsense("other keys than expected")
    status = data["status"]
    if status not in (Outcome.GRADED, Outcome.REFUSED, Outcome.ERROR):
        raise Nonsense("another status")
    comment, content, sources, tracebacks = (data[key] for key in ("comment", "content", "sources", "tracebacks"))
    if type(comment) is not str or len(comment) > MAX_COMMENT or _SURROGATE.search(comment):
        raise Nonsense("something else in place of a comment")
    if type(content) is not str or not _PRINT.fullmatch(content):
        raise Nonsense("something else in place of a fingerprint")
    if type(sources) is not dict or not all(type(text) is str for text in sources.values()):
        raise Nonsense("something else in place of the sources")
    if type(tracebacks) is not list or not all(type(text) is str for text in tracebacks):
        raise Nonsense("something else in place of tracebacks")
    report = None if data["document"] is None else _report(data["document"], job, kit)
    if (report is None) is (status == Outcome.GRADED) or (
        report and bool(report.grader_faults) is not (status == Outcome.ERROR)
    ):
        raise Nonsense("a report that does not go with its status")
    if report and not content:
        raise Nonsense("a report without a fingerprint")
    return Grading(
        student=job.entry.student,
        attempt=job.entry.number,
        shown=job.entry.shown,
        submitted=job.entry.submitted,
        is_late=job.entry.is_late,
        status=Outcome(status),
        comment=comment,
        content=content,
        kit=kit_print(kit),
        settings=settings_print(job.policy),
        document=data["document"],
        sources=sources,
        tracebacks=tuple(tracebacks),
    )


def _report(document: object, job: Job, kit: Kit) -> Report:
    """The report that a document holds. What can be derived from the rest of it nobody reads."""
    if type(document) is not str or len(document) > MAX_DOCUMENT or not document.isascii():
        raise Nonsense("something else in place of a report")
    try:
        report = json_form.read(document)
    except (OutputError, *json_form.UNREADABLE) as error:
        raise Nonsense("no report") from error
    if not document.startswith(_BEGIN):
        raise Nonsense("a report in an older form")
    if not _fits(Report)(report):
        raise Nonsense("a report with values of other types")
    _check(report, job, kit.with_points(job.policy.points))
    return report


def _check(report: Report, job: Job, kit: Kit) -> None:
    """That a report is of what was asked for, and that every sum and drawing can be made of it."""
    level = next(level for level in LEVELS if level.name == job.level)
    seed = DEFAULT_SEED if job.policy.seed is None else job.policy.seed
    versions = Versions(kit.manifest.name, kit.manifest.version, __version__, PYTHON)
    if (report.versions, report.seed, report.confinement) != (
        versions,
        seed,
        Confinement(level.name, level.is_sandbox),
    ):
        raise Nonsense("a report that was made in another way")
    if (report.name, report.path) != (job.entry.student.name, short_path(job.entry.shown)):
        raise Nonsense("a report on somebody else")
    if report.adjustments or report.comments or any(result.excused for result in report.results):
        raise Nonsense("what only an instructor adds")
    exercises = kit.manifest.exercises
    asked = job.policy.exercises or tuple(kit.manifest.by_id)
    expected = [
        (e.id, e.title, e.file, e.chapter, e.points, e.bonus, e.minutes, e.gap, e.id in asked) for e in exercises
    ]
    found = [
        (r.id, r.title, r.file, r.chapter, r.max_points, r.bonus, r.minutes, r.gap, r.counts) for r in report.results
    ]
    if found != expected or not all(0 <= r.points <= r.max_points for r in report.results):
        raise Nonsense("other exercises or points than the kit has")
    if any(r.excerpt and not 0 <= r.excerpt.marked < len(r.excerpt.lines) for r in report.results):
        raise Nonsense("an excerpt without the line that it marks")
    if report.wrong_graph and not _is_in_order(report.wrong_graph):
        raise Nonsense("a graph that goes round")


def _is_in_order(graph: WrongGraph) -> bool:
    """Whether every node comes before those that it is made of."""
    names = [node.name for node in graph.nodes]
    number = {name: at for at, name in enumerate(names)}
    return len(number) == len(names) and all(
        number[child] > number[node.name] for node in graph.nodes for child in node.children
    )


Fits = Callable[[Any], bool]


@functools.cache
def _fits(kind: Any) -> Fits:
    """What says whether a value is of a type that is declared, and so is all that is in it. It is made once for each
    type: a report holds thousands of values."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        some = tuple(map(_fits, args))
        return lambda value: any(fits(value) for fits in some)
    if origin is tuple:  # all of them are of any length
        of_one = _fits(args[0])
        return lambda value: type(value) is tuple and all(map(of_one, value))
    if origin is not None and issubclass(origin, Mapping):
        of_name, of_one = map(_fits, args)
        return lambda value: type(value) is dict and all(map(of_name, value)) and all(map(of_one, value.values()))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        values = attrgetter(*(field.name for field in fields(kind)))
        of_each = tuple(_fits(hints[field.name]) for field in fields(kind))
        return lambda value: type(value) is kind and all(map(_call, of_each, values(value)))
    if kind is float:
        return lambda value: type(value) in (int, float) and math.isfinite(value)
    return lambda value: type(value) is kind


def _call(fits: Fits, value: Any) -> bool:
    return fits(value)
